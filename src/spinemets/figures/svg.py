"""Small pieces of SVG that the figures are put together from.

A figure is 400 units wide, so that it fills a phone: 330 px there, with text of 11 units at 9 px. Colours are names of
the palette; text is escaped; coordinates are rounded to 0.1.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from functools import lru_cache

from ..explore.palette import colour
from ..explore.view import Markup, Svg, render

WIDTH = 400
"""Width of every figure in its own units."""
SMALL = 11.0
"""The smallest text; below it a phone shows less than 9 px."""
TEXT = 12.0
Point = tuple[float, float]

_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{label}" '
    'font-family="DejaVu Sans, Verdana, sans-serif">{parts}</svg>'
)


@lru_cache(maxsize=8192)
def number(value: float) -> str:
    """A coordinate rounded to 0.1, without a needless zero."""
    return f"{value:.1f}".removesuffix(".0") if abs(value) >= 0.05 else "0"


def svg(height: float, parts: Iterable[str], label: str, width: float = WIDTH) -> Svg:
    """The whole figure from its parts.

    Args:
        label: what the figure is, in a few words, for a screen reader; the view's summary says what is seen.
    """
    return Svg(render(_SVG, width=width, height=round(height, 1), label=label, parts=[Markup(part) for part in parts]))


@lru_cache(maxsize=4096, typed=True)  # frames share most of their words; typed, since Markup is not escaped
def text(
    x: float,
    y: float,
    words: str,
    *,
    size: float = TEXT,
    fill: str = "ink",
    anchor: str = "start",
    bold: bool = False,
) -> Markup:
    """One line of text with its baseline at ``y``; ``anchor`` is start, middle or end."""
    return render(
        '<text x="{x}" y="{y}" font-size="{size:g}" fill="{fill}"{anchor}{bold}>{words}</text>',
        x=number(x),
        y=number(y),
        size=size,
        fill=colour(fill),
        anchor=Markup("" if anchor == "start" else f' text-anchor="{anchor}"'),
        bold=Markup(' font-weight="bold"' if bold else ""),
        words=words,
    )


def text_width(words: str, size: float = TEXT, bold: bool = False) -> float:
    """About how wide a text is: DejaVu Sans takes some 0.58 of its size a letter, bold 0.66."""
    return len(words) * size * (0.66 if bold else 0.58)


@lru_cache(maxsize=4096, typed=True)
def paragraph(
    x: float,
    y: float,
    words: str,
    width: float,
    *,
    size: float = TEXT,
    fill: str = "ink",
    anchor: str = "start",
    bold: bool = False,
) -> tuple[Markup, float]:
    """Text broken into lines of at most ``width``; also the baseline that the next line would take."""
    lines = textwrap.wrap(words, max(6, int(width / text_width("x", size, bold)))) or [""]
    step = size * 1.25
    drawn = [
        text(x, y + i * step, line, size=size, fill=fill, anchor=anchor, bold=bold) for i, line in enumerate(lines)
    ]
    return Markup("".join(drawn)), y + len(lines) * step


def line(start: Point, end: Point, *, stroke: str = "line", width: float = 1, dash: str = "") -> Markup:
    """A straight line."""
    return path(f"M{_pair(start)}L{_pair(end)}", stroke=stroke, width=width, dash=dash)


def rect(
    x: float, y: float, width: float, height: float, *, fill: str = "wash", stroke: str = "", radius: float = 0
) -> Markup:
    """A rectangle; ``fill`` may be "none"."""
    edge = f' stroke="{colour(stroke)}"' if stroke else ""
    round_ = f' rx="{number(radius)}"' if radius else ""
    return Markup(
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"{round_} '
        f'fill="{_paint(fill)}"{edge}/>'
    )


def circle(centre: Point, radius: float, *, fill: str = "blue", stroke: str = "", width: float = 1.5) -> Markup:
    """A circle; ``fill`` may be "none"."""
    edge = f' stroke="{colour(stroke)}" stroke-width="{number(width)}"' if stroke else ""
    return Markup(
        f'<circle cx="{number(centre[0])}" cy="{number(centre[1])}" r="{number(radius)}" fill="{_paint(fill)}"{edge}/>'
    )


def path(
    d: str,
    *,
    fill: str = "none",
    stroke: str = "",
    width: float = 1,
    dash: str = "",
    opacity: float = 1,
    round: bool = False,
) -> Markup:
    """A path from its ``d``; ``round`` gives round ends and corners."""
    parts = [f'<path d="{d}" fill="{_paint(fill)}"']
    if stroke:
        parts.append(f' stroke="{colour(stroke)}" stroke-width="{number(width)}"')
    if dash:
        parts.append(f' stroke-dasharray="{dash}"')
    if opacity != 1:
        parts.append(f' opacity="{opacity:g}"')
    if round:
        parts.append(' stroke-linecap="round" stroke-linejoin="round"')
    return Markup("".join(parts) + "/>")


def rounded(points: Sequence[Point], radius: float) -> str:
    """The ``d`` of a closed outline whose corners are rounded by at most ``radius``."""
    d = []
    for i, corner in enumerate(points):
        before, after = points[i - 1], points[(i + 1) % len(points)]
        start, end = _towards(corner, before, radius), _towards(corner, after, radius)
        d.append(f"{'L' if d else 'M'}{_pair(start)}Q{_pair(corner)} {_pair(end)}")
    return "".join(d) + "Z"


def _towards(start: Point, end: Point, distance: float) -> Point:
    """The point that lies ``distance`` from start towards end, at most half of the way."""
    share = min(0.5, distance / (math.dist(start, end) or 1.0))
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def polyline(points: Sequence[Point], closed: bool = False) -> str:
    """The ``d`` of straight lines through the points."""
    return "M" + "L".join(_pair(point) for point in points) + ("Z" if closed else "")


def _pair(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"


def _paint(name: str) -> str:
    return "none" if name == "none" else colour(name)
