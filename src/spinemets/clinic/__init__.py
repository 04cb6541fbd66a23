"""The medicine as pure functions: no drawing, no widgets, no state."""
