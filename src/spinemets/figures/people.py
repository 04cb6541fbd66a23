"""Natural frequencies drawn as people: so many of 100 or of 1,000, each a figure or a dot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..explore.view import Markup, Svg
from .svg import SMALL, TEXT, WIDTH, number, paragraph, path, rect, svg, text

EDGE = 10
"""Margin at the left and right."""


@dataclass(frozen=True)
class Group:
    """People who have something in common.

    Attributes:
        label: words that follow the count, such as "could walk after treatment".
        count: how many of the total.
        colour: a colour of the palette; "line" suits those whom nothing happened to.
    """

    label: str
    count: int
    colour: str


def people(groups: Sequence[Group], total: int = 1000, title: str = "", note: str = "") -> Svg:
    """The total of people, group after group, with the counts in words below.

    Up to 100 are drawn as persons, more as dots. Each group is one path, so that 1,000 dots are a handful of nodes.

    Args:
        total: whom the counts are of. People in no group are not drawn, so give the rest a group of its own.
        title: the whole, such as "1,000 women at this clinic".
        note: a line in small print, such as "interval not given".

    Raises:
        ValueError: a negative count, or counts that do not add up to ``total``.
    """
    parts, height = array(groups, total, title, note, 0)
    return svg(height, parts, title or f"{total:,} people")


def compare(arrays: Sequence[tuple[str, Sequence[Group]]], total: int | None = None, note: str = "") -> Svg:
    """Several wholes, one below the other, each a title with its groups.

    Args:
        total: the size of every whole; without it each is as large as its groups.

    Raises:
        ValueError: see :func:`people`.
    """
    drawn: list[Markup] = []
    y = 0.0
    for title, groups in arrays:
        parts, y = array(groups, total or sum(group.count for group in groups), title, "", y)
        drawn += parts
        y += 6
    if note:
        words, y = paragraph(EDGE, y + 10, note, WIDTH - 2 * EDGE, size=SMALL, fill="muted")
        drawn.append(words)
    return svg(y, drawn, " and ".join(title for title, _ in arrays))


def array(groups: Sequence[Group], total: int, title: str, note: str, top: float) -> tuple[list[Markup], float]:
    """The parts of :func:`people` from ``top`` downwards, for a larger picture; also where they end."""
    counts = [group.count for group in groups]
    if min(counts, default=0) < 0 or sum(counts) != total:
        raise ValueError(
            f"people: expected counts that add up to {total:,}, not {counts}, which sum to {sum(counts):,}"
        )
    parts: list[Markup] = []
    y = top + 8
    if title:
        words, y = paragraph(EDGE, y + TEXT, title, WIDTH - 2 * EDGE, bold=True)
        parts.append(words)
        y -= 6
    persons = total <= 100
    columns = (20 if total > 20 else total) if persons else 50
    pitch = min((WIDTH - 2 * EDGE) / columns, 24) if persons else (WIDTH - 2 * EDGE) / columns
    rise = pitch * 1.45 if persons else pitch
    marks = _marks(total, columns, pitch, rise, y)
    first = 0
    for group in groups:
        d = "".join(marks[first : first + group.count])
        first += group.count
        if d and persons:
            parts.append(path(d, fill=group.colour))
        elif d:
            parts.append(path(d, stroke=group.colour, width=pitch * 0.78, round=True))
    y += -(-total // columns) * rise + 6
    for group in groups:
        count = f"{group.count:,}"
        indent = EDGE + 16
        parts.append(rect(EDGE, y + 3, 10, 10, fill=group.colour, radius=5 if not persons else 2))
        parts.append(text(indent, y + 12.5, count, bold=True))
        after = indent + len(count) * TEXT * 0.7 + 6
        words, y = paragraph(after, y + 12.5, group.label, WIDTH - EDGE - after)
        parts.append(words)
        y -= 9.5
    y += 6
    if note:
        words, y = paragraph(EDGE, y + 10, note, WIDTH - 2 * EDGE, size=SMALL, fill="muted")
        parts.append(words)
    return parts, y + 2


@lru_cache(maxsize=64)
def _marks(total: int, columns: int, pitch: float, rise: float, top: float) -> tuple[str, ...]:
    """The ``d`` of each person or, beyond 100, dot, row by row; each group takes its run of them."""
    places = [(EDGE + (i % columns + 0.5) * pitch, top + (i // columns + 0.5) * rise) for i in range(total)]
    if total <= 100:
        return tuple(_person(x, y, pitch) for x, y in places)
    return tuple(f"M{number(x)} {number(y)}h.01" for x, y in places)


def _person(x: float, y: float, pitch: float) -> str:
    """A head and a rounded body around (x, y)."""
    head = pitch * 0.19
    half = pitch * 0.31
    top = y - pitch * 0.2
    tall = pitch * 0.78
    return (
        f"M{number(x - head)} {number(y - pitch * 0.43)}a{number(head)} {number(head)} 0 1 0 {number(2 * head)} 0"
        f"a{number(head)} {number(head)} 0 1 0 {number(-2 * head)} 0"
        f"M{number(x - half)} {number(top + half)}a{number(half)} {number(half)} 0 0 1 {number(2 * half)} 0"
        f"v{number(tall - half)}h{number(-2 * half)}z"
    )
