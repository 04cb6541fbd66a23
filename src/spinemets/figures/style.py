"""The one look of the matplotlib figures.

Figures are made with ``matplotlib.figure.Figure``, never through pyplot, which is not safe beside a running cell.
Margins are fixed in inches, since a layout engine costs more than all the drawing. Every colour is set here and comes
from the palette, so that a baked frame can follow the theme.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from ..explore.palette import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 4.2
"""Inches; with text of 10 points a phone of 360 px shows it at 9 px or more."""
SIZE = 10.0
"""Points."""


def figure(
    rows: int = 1,
    *,
    height: float = 2.9,
    left: float = 0.62,
    right: float = 0.15,
    top: float = 0.3,
    bottom: float = 0.55,
    grid: str = "y",
) -> tuple[Figure, list[Axes]]:
    """A figure with panels one below the other, styled and empty.

    Args:
        rows: number of panels.
        height: height of one panel with its margins, in inches.
        left, right, top, bottom: margins of a panel, in inches.
        grid: "x", "y", "both" or "" for the light lines behind the data.
    """
    drawn = Figure(figsize=(WIDTH, rows * height), facecolor=colour("paper"))
    panels = []
    for row in range(rows):
        below = (rows - 1 - row) * height + bottom
        box = (
            left / WIDTH,
            below / (rows * height),
            (WIDTH - left - right) / WIDTH,
            (height - top - bottom) / (rows * height),
        )
        panels.append(styled(drawn.add_axes(box), grid))
    return drawn, panels


def styled(ax: Axes, grid: str = "y") -> Axes:
    """Give an axes the course's look: two light spines, palette colours, a light grid."""
    ax.set_facecolor(colour("paper"))
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_color(colour("muted"))
        ax.spines[side].set_linewidth(0.8)
    ax.tick_params(labelsize=SIZE, color=colour("muted"), labelcolor=colour("ink"), length=3)
    for axis in (ax.xaxis, ax.yaxis):
        axis.label.set_color(colour("ink"))
        axis.label.set_size(SIZE)
    if grid:
        ax.grid(axis=grid, color=colour("line"), linewidth=0.6)
        ax.set_axisbelow(True)
    return ax


def title(ax: Axes, words: str) -> None:
    """A panel's heading, set left, where reading starts."""
    ax.set_title(words, loc="left", fontsize=SIZE, fontweight="bold", color=colour("ink"))


def label(ax: Axes, x: float, y: float, words: str, name: str = "ink", *, ha: str = "left", va: str = "center") -> None:
    """Words beside the data in the data's colour; they stand in place of a legend."""
    ax.text(x, y, words, color=colour(name), fontsize=SIZE, ha=ha, va=va)


def step_band(
    ax: Axes,
    times: Sequence[float],
    values: Sequence[float],
    low: Sequence[float] | None = None,
    high: Sequence[float] | None = None,
    *,
    name: str = "blue",
    until: float | None = None,
    points: int = 100,
    dashed: bool = False,
) -> None:
    """A step curve (survival, cumulative incidence) with its interval as a band.

    The curve is read off at ``points`` equally spaced times from 0 to ``until``, since a thousand steps are no clearer
    and weigh a hundred kilobytes.

    Args:
        times: where the curve steps, rising; the curve takes ``values[i]`` from ``times[i]`` on.
        low, high: bounds of the interval, or neither.
        name: colour of the palette.
        until: last time shown; ``times[-1]`` unless given.
        dashed: for a curve that is a comparison.

    Raises:
        ValueError: only one of the two bounds is given.
    """
    if (low is None) != (high is None):
        raise ValueError("step_band: expected both bounds of the interval, or neither")
    steps = np.asarray(times, dtype=float)
    at = np.linspace(0, steps[-1] if until is None else until, points)
    index = np.clip(np.searchsorted(steps, at, side="right") - 1, 0, None)
    if low is not None and high is not None:
        bounds = np.asarray(low, dtype=float)[index], np.asarray(high, dtype=float)[index]
        ax.fill_between(at, *bounds, step="post", color=colour(name), alpha=0.18, linewidth=0)
    style = (0, (4, 2)) if dashed else "solid"
    ax.step(
        at, np.asarray(values, dtype=float)[index], where="post", color=colour(name), linewidth=1.8, linestyle=style
    )
