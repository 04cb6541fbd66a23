"""The course's colours, each with a light and a dark value.

Figures are drawn in the light values. When a frame is baked each light value becomes a CSS variable, so that the
same frame follows the theme of the page or of JupyterLab. The light values are therefore distinct, and no figure
uses a colour outside this list. The hues follow Okabe and Ito's set for colour-blind readers, darkened or
lightened until text and thin lines reach a contrast of 4.5:1 on their background.
"""

from __future__ import annotations

import re

PALETTE: dict[str, tuple[str, str]] = {
    "paper": ("#fffffe", "#14181d"),
    "ink": ("#1b2027", "#e8ebef"),
    "muted": ("#56606b", "#a9b3bf"),
    "line": ("#c3cad2", "#47515c"),
    "wash": ("#eef1f4", "#232a32"),
    "blue": ("#0067a5", "#6cb8ee"),
    "blue-wash": ("#cfe5f5", "#12395a"),
    "orange": ("#a34a00", "#f2a45c"),
    "orange-wash": ("#fbe3cd", "#56300d"),
    "green": ("#00704f", "#4fc79d"),
    "green-wash": ("#cdebdf", "#0c4433"),
    "purple": ("#8a3d72", "#e39fcb"),
    "purple-wash": ("#f3dcec", "#4d2240"),
    "red": ("#b3261e", "#ff9d94"),
    "red-wash": ("#f9d9d6", "#5c1a16"),
    "bone": ("#e9dfc7", "#6e654f"),
    "bone-edge": ("#8b7d5c", "#c7ba98"),
}


_COLOUR = re.compile("#[0-9a-f]{6}")
_VARIABLE = {light: f"var(--sm-{name})" for name, (light, _) in PALETTE.items()}


def colour(name: str) -> str:
    """The light value of a palette colour, for matplotlib and for SVG templates.

    Raises:
        KeyError: the palette has no such colour.
    """
    return PALETTE[name][0]


def css_variables(theme: str) -> str:
    """CSS declarations ``--sm-NAME: value`` of the ``light`` or the ``dark`` theme."""
    column = {"light": 0, "dark": 1}[theme]
    return " ".join(f"--sm-{name}: {values[column]};" for name, values in PALETTE.items())


def themed(markup: str) -> str:
    """The markup with each palette colour replaced by its CSS variable (``var(--sm-ink)``)."""
    return _COLOUR.sub(lambda match: _VARIABLE.get(match[0], match[0]), markup)
