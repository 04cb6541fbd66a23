"""Estimates with their intervals, as a forest of points. What has no interval says so."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..explore.view import Markup, Svg
from .svg import SMALL, WIDTH, circle, line, paragraph, path, polyline, svg, text, text_width

LEFT, RIGHT = 14, WIDTH - 14
NO_INTERVAL = "interval not given"
NO_VALUE = "not reported"


@dataclass(frozen=True)
class Estimate:
    """One row.

    Attributes:
        label: what was estimated, in whom.
        value: the estimate, or ``None`` for a gap: the row then says "not reported".
        interval: its bounds, or ``None`` where the source gives none: the row then says "interval not given".
        note: small print below, such as "42 of 50 people".
        colour: a colour of the palette.
    """

    label: str
    value: float | None
    interval: tuple[float, float] | None = None
    note: str = ""
    colour: str = "blue"


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float
    log: bool

    def __post_init__(self) -> None:
        if self.high <= self.low or (self.log and self.low <= 0):
            raise ValueError(
                f"axis from {self.low:g} to {self.high:g}: expected a rising range"
                + (", above 0 on a log scale" if self.log else "")
            )

    def __call__(self, value: float) -> float:
        place = math.log if self.log else float
        share = (place(min(max(value, self.low), self.high)) - place(self.low)) / (place(self.high) - place(self.low))
        return LEFT + share * (RIGHT - LEFT)


def forest(
    rows: Sequence[Estimate],
    *,
    low: float,
    high: float,
    ticks: Sequence[float],
    unit: str = "",
    axis: str = "",
    log: bool = False,
    null: float | None = None,
    number: str = "g",
    label: str = "Estimates with intervals",
) -> Svg:
    """Points with their intervals on a common axis, the words of each above its line.

    Args:
        low, high: ends of the axis. An interval that runs past them ends in an arrow.
        ticks: numbers under the axis.
        unit: written after numbers, such as "%".
        axis: what the axis measures.
        log: a log axis, for ratios.
        null: where there is no difference (1 for a ratio, 0 for a difference); drawn as a line.
        number: format of the numbers, such as ".2f".
        label: what the figure is, for a screen reader.

    Raises:
        ValueError: no rising range, or a log axis at or below 0.
    """
    scale = _Scale(low, high, log)
    drawn: list[Markup] = []
    middles: list[float] = []
    y = 4.0
    for row in rows:
        words = _words(row, unit, number)
        room = RIGHT - LEFT - text_width(words, bold=True) - 8
        if text_width(row.label) <= room:
            drawn += [text(LEFT, y + 12, row.label), text(RIGHT, y + 12, words, anchor="end", bold=True)]
            y += 12
        else:
            above, y = paragraph(LEFT, y + 12, row.label, RIGHT - LEFT)
            drawn += [above, text(LEFT, y, words, bold=True)]
        y += 13
        middles.append(y)
        drawn += _point(row, y, scale)
        y += 11
        if row.note:
            below, y = paragraph(LEFT, y + 8, row.note, RIGHT - LEFT, size=SMALL, fill="muted")
            drawn.append(below)
            y -= 8
        y += 5
    below, bottom = _axis(y, scale, ticks, unit, axis)
    return svg(bottom, [*_grid(middles, scale, ticks, null), *drawn, *below], label)


def _grid(middles: Sequence[float], scale: _Scale, ticks: Sequence[float], null: float | None) -> list[Markup]:
    """Lines at the ticks, only beside the marks, so that none runs through words."""

    def upright(at: float) -> str:
        return "".join(polyline([(scale(at), y - 10), (scale(at), y + 10)]) for y in middles)

    lines = [path("".join(upright(tick) for tick in ticks), stroke="line")]
    if null is not None:
        lines.append(path(upright(null), stroke="muted", width=2))
    return lines


def _axis(y: float, scale: _Scale, ticks: Sequence[float], unit: str, axis: str) -> tuple[list[Markup], float]:
    below = [line((LEFT, y), (RIGHT, y), stroke="muted")]
    for tick in ticks:
        at = scale(tick)
        anchor = "start" if at < LEFT + 12 else "end" if at > RIGHT - 12 else "middle"
        x = at if anchor == "middle" else LEFT - 4 if anchor == "start" else RIGHT + 4
        below.append(text(x, y + 14, _with_unit(f"{tick:g}", unit), size=SMALL, anchor=anchor))
    y += 20
    if axis:
        words, y = paragraph(WIDTH / 2, y + 10, axis, RIGHT - LEFT, size=SMALL, anchor="middle", fill="muted")
        below.append(words)
        y -= 8
    return below, y + 2


def _words(row: Estimate, unit: str, number: str) -> str:
    if row.value is None:
        return NO_VALUE
    value = _with_unit(f"{row.value:{number}}", unit)
    if row.interval is None:
        return f"{value}, {NO_INTERVAL}"
    return f"{value} ({row.interval[0]:{number}} to {row.interval[1]:{number}})"


def _with_unit(number: str, unit: str) -> str:
    return f"{number}{unit}" if unit in ("", "%") else f"{number} {unit}"


def _point(row: Estimate, y: float, scale: _Scale) -> list[Markup]:
    if row.value is None:
        return []
    if row.interval is None:
        return [circle((scale(row.value), y), 5, fill="paper", stroke=row.colour, width=2)]
    return [_whisker(row.interval, y, scale, row.colour), circle((scale(row.value), y), 5, fill=row.colour)]


def _whisker(interval: tuple[float, float], y: float, scale: _Scale, stroke: str) -> Markup:
    """The interval with its ends: a stop inside the axis, an arrow where it runs past."""
    start, end = (scale(bound) for bound in interval)
    ends = []
    for at, bound, inwards in ((start, interval[0], 6), (end, interval[1], -6)):
        if scale.low <= bound <= scale.high:
            ends.append(polyline([(at, y - 5), (at, y + 5)]))
        else:
            ends.append(polyline([(at + inwards, y - 5), (at, y), (at + inwards, y + 5)]))
    return path(polyline([(start, y), (end, y)]) + "".join(ends), stroke=stroke, width=2)
