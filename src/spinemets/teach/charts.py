"""Pictures of an item analysis as SVG, coloured by the page's CSS classes, each with words that say the same."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from .statistics import Estimate

WIDTH, HEIGHT = 340, 230
"""Of the two large pictures; text of 11 in this box is 11 pixels on a phone."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 10, 24, 34
_ROOM = 8
"""A question's number is left out of the scatter if it had less room, unless the question is flagged."""
MOST_BARS = 8
"""Options in a small picture; of more the most chosen ones are drawn."""


@dataclass(frozen=True)
class Dot:
    """One question in the scatter."""

    number: int
    difficulty: float
    rest: Estimate
    flagged: bool


@dataclass(frozen=True)
class Bar:
    """One option in a small picture: shares of the lower and of the upper group."""

    label: str
    lower: float
    upper: float
    right: bool


def histogram(counts: Sequence[int], width: int, most: int, mean: float, words: str) -> str:
    """How many hand-ins reached which total.

    Args:
        counts: see ``Analysis.totals``.
        width: points of a bar.
        most: the points that could be reached.
        mean: the mean total.
        words: what the picture shows, for those who do not see it.
    """
    span = len(counts) * width
    top = max(counts)
    parts = [_axes("points", "hand-ins")]
    for place, count in enumerate(counts):
        if count:
            left, right = _x(place * width / span), _x((place + 1) * width / span)
            high = _y(count / top)
            parts.append(_rect(left + 0.5, high, right - left - 1, _y(0) - high, "bar"))
    for tick in _ticks(most):
        parts.append(_text(_x((tick // width + 0.5) * width / span), HEIGHT - 20, f"{tick}", "middle"))
    parts.append(_text(_LEFT - 4, _y(1) + 4, f"{top:,}", "end"))
    parts.append(_text(_LEFT - 4, _y(0) + 1, "0", "end"))
    at = _x(min(1.0, (mean / width + 0.5) * width / span))
    parts.append(_line(at, _y(0), at, _y(1), "mean"))
    side = "end" if at > WIDTH / 2 else "start"
    parts.append(_text(at, _y(1) - 4, f"mean {mean:.1f}", side))  # above the bars, which may be as dark
    return _svg(WIDTH, HEIGHT, words, parts)


def scatter(dots: Sequence[Dot], limits: tuple[float, float, float], words: str) -> str:
    """Each question by difficulty and discrimination, with its number and the interval of its discrimination.

    Args:
        dots: questions without a discrimination are left out.
        limits: the mean score below which a question is hard and that above which it is easy; the discrimination below
            which it is low.
        words: what the picture shows, for those who do not see it.
    """
    drawn = [dot for dot in dots if dot.rest.value is not None]
    ends = [end for dot in drawn for end in (dot.rest.value, dot.rest.low, dot.rest.high) if end is not None]
    floor = max(-1.0, min(-0.25, math.floor(4 * min(ends, default=0)) / 4))
    ceiling = min(1.0, max(0.5, math.ceil(4 * max(ends, default=0)) / 4))

    def up(value: float) -> float:
        return _y((value - floor) / (ceiling - floor))

    parts = [_axes("mean score", "discrimination")]
    for share in (0, 0.5, 1):
        parts.append(_text(_x(share), HEIGHT - 20, f"{100 * share:.0f} %", "end" if share == 1 else "middle"))
    for value in sorted({floor, 0, 0.5, ceiling}):
        parts.append(_text(_LEFT - 4, up(value) + 4, f"{value:g}".replace("-", "−"), "end"))
    hard, easy, low = limits
    parts.append(_line(_x(0), up(0), _x(1), up(0), "grid"))
    parts.append(_line(_x(0), up(low), _x(1), up(low), "limit"))
    parts += [_line(_x(share), up(floor), _x(share), up(ceiling), "limit") for share in (hard, easy)]
    parts += [
        _line(_x(dot.difficulty), up(dot.rest.low), _x(dot.difficulty), up(dot.rest.high), "whisker")
        for dot in drawn
        if dot.rest.low is not None and dot.rest.high is not None
    ]
    taken = [(_x(dot.difficulty), up(dot.rest.value or 0)) for dot in drawn]
    for dot, (x, y) in zip(drawn, list(taken), strict=True):
        if dot.flagged:
            parts.append(f'<path class="flagged" d="M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5 -5z"/>')
        else:
            parts.append(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3"/>')
        place, room = _free(x, y, taken)
        if room < _ROOM and not dot.flagged:
            continue
        taken.append(place)
        parts.append(_text(place[0], place[1] + 4, f"{dot.number}", "middle", "strong" if dot.flagged else ""))
    return _svg(WIDTH, HEIGHT, words, parts)


def interval(estimate: Estimate, low: float, high: float, marks: Sequence[float], words: str) -> str:
    """A value and its interval on a line from ``low`` to ``high``, with a mark at each limit."""
    width, height = 88, 18

    def x(value: float) -> float:
        return 4 + (width - 8) * (max(low, min(high, value)) - low) / (high - low)

    parts = [_line(x(low), 9, x(high), 9, "grid")]
    parts += [_line(x(mark), 3, x(mark), 15, "limit") for mark in marks]
    if estimate.low is not None and estimate.high is not None:
        parts.append(_line(x(estimate.low), 9, x(estimate.high), 9, "span"))
    if estimate.value is not None:
        parts.append(f'<circle class="dot" cx="{x(estimate.value):.1f}" cy="9" r="3.5"/>')
    return _svg(width, height, words, parts, "small")


def bars(options: Sequence[Bar], words: str) -> str:
    """What the lower group (light) and the upper group (dark) chose; a tick stands under what is right."""
    pair, height, base = 17, 36, 24
    width = pair * len(options) + 2
    parts = [_line(0, base, width, base, "grid")]
    for place, option in enumerate(options):
        left = 2 + place * pair
        kind = "key" if option.right else "bar"
        parts.append(_rect(left, base - 22 * option.lower, 7, 22 * option.lower, f"{kind} lower"))
        parts.append(_rect(left + 7, base - 22 * option.upper, 7, 22 * option.upper, kind))
        parts.append(_text(left + 7, height - 2, option.label, "middle", "strong" if option.right else ""))
    return _svg(width, height, words, parts, "small")


def _x(share: float) -> float:
    return _LEFT + share * (WIDTH - _LEFT - _RIGHT)


def _y(share: float) -> float:
    return HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM)


def _axes(below: str, beside: str) -> str:
    return (
        _line(_x(0), _y(0), _x(1), _y(0), "axis")
        + _text((_x(0) + _x(1)) / 2, HEIGHT - 4, below, "middle", "muted")
        + _text(2, 10, beside, "start", "muted")
    )


def _ticks(most: int) -> list[int]:
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 1000) if most / step <= 6 or step == 1000)
    return [*range(0, most - step // 2, step), most] if most else [0]


def _free(x: float, y: float, taken: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], float]:
    """The place around a point that is farthest from what is already drawn, and how far that is."""
    around = [(x + 10, y), (x - 10, y), (x, y - 11), (x, y + 11), (x + 9, y - 9), (x - 9, y + 9)]
    inside = [(u, v) for u, v in around if _LEFT < u < WIDTH - 6 and _TOP < v < HEIGHT - _BOTTOM] or around

    def room(place: tuple[float, float]) -> float:
        # What is farther away than the point itself makes no place better.
        return min(10.0, min(math.dist(place, other) for other in taken))

    best = max(inside, key=room)
    return best, room(best)


def _rect(x: float, y: float, width: float, height: float, kind: str) -> str:
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'


def _line(x: float, y: float, x2: float, y2: float, kind: str) -> str:
    return f'<path class="{kind}" d="M{x:.1f} {y:.1f}L{x2:.1f} {y2:.1f}"/>'


def _text(x: float, y: float, words: str, anchor: str, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _svg(width: float, height: float, words: str, parts: Sequence[str], kind: str = "large") -> str:
    return (
        f'<svg class="{kind}" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" role="img" '
        f'aria-label="{escape(words, quote=True)}">{"".join(parts)}</svg>'
    )
