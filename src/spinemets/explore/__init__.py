"""One Python function, alive in JupyterLab and on a page without a kernel."""

from typing import Any

from .controls import Choice, Control, Slider, Toggle
from .palette import colour
from .spec import Explorer, Predict, explorer
from .view import Html, Markup, Svg, Table, View, asset, render

__all__ = [
    "Choice", "Control", "Explorer", "Html", "Markup", "Predict", "Slider", "Svg", "Table", "Toggle", "View",
    "asset", "colour", "explore", "explorer", "render",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """``explore`` when it is asked for: baking needs no widgets, whose packages take long to import."""
    if name != "explore":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .widget import explore

    return explore
