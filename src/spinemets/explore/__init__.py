"""One Python function, alive in JupyterLab and on a page without a kernel."""

from .controls import Choice, Control, Slider, Toggle
from .palette import colour
from .spec import Explorer, Predict, explorer
from .view import Html, Markup, Svg, Table, View, asset, render
from .widget import explore

__all__ = [
    "Choice", "Control", "Explorer", "Html", "Markup", "Predict", "Slider", "Svg", "Table", "Toggle", "View",
    "asset", "colour", "explore", "explorer", "render",
]  # fmt: skip
