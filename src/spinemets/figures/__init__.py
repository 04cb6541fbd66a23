"""Drawing: one matplotlib style, and SVG figures built from data."""
