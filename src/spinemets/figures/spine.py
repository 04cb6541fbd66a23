"""The spine from the side and from the front, drawn from real outlines (``data/anatomy``).

The bones are simplified silhouettes of generic bones, in millimetres. Discs, canal and cord are schematic: the cord is
a band behind the vertebral bodies that ends at the first lumbar vertebra, the nerve roots run on below it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ..data import read
from ..explore.view import Markup, Svg
from .svg import SMALL, TEXT, WIDTH, Point, paragraph, path, polyline, rounded, svg, text

LEVELS = (
    *(f"C{i}" for i in range(1, 8)),
    *(f"T{i}" for i in range(1, 13)),
    *(f"L{i}" for i in range(1, 6)),
    "sacrum",
)
"""From the neck down."""
REGIONS = {"C": "cervical", "T": "thoracic", "L": "lumbar", "s": "sacral"}
View = Literal["side", "front"]
_OUTLINE = {"side": "lateral", "front": "anterior"}
_CORD_ENDS = "L1"
_LAST_DISC = 23
_BEHIND = 7.0
"""How far behind the vertebral body the middle of the canal is drawn, in mm."""


def region(level: str) -> str:
    """The region of a level: cervical, thoracic, lumbar or sacral.

    Raises:
        ValueError: no such level.
    """
    return REGIONS[_known(level)[0]]


def between(first: str, last: str) -> tuple[str, ...]:
    """The levels from ``first`` to ``last``, such as T9 to L2.

    Raises:
        ValueError: no such level, or ``last`` lies above ``first``.
    """
    start, stop = LEVELS.index(_known(first)), LEVELS.index(_known(last))
    if stop < start:
        raise ValueError(f"levels from {first} to {last}: expected the upper level first, such as T9 to L2")
    return LEVELS[start : stop + 1]


@dataclass(frozen=True)
class Spine:
    """Some levels of the spine, placed in a figure; :func:`place` makes it.

    Attributes:
        levels: the levels drawn, from above.
        scale: units a millimetre.
        shift: where the origin of the outlines lies.
        width, height, bottom: the room taken, and its lower end.
    """

    view: View
    levels: tuple[str, ...]
    scale: float
    shift: Point
    width: float
    height: float
    bottom: float

    def at(self, point: Point) -> Point:
        """A point of the outlines (mm) in the figure."""
        return point[0] * self.scale + self.shift[0], self.shift[1] - point[1] * self.scale

    def outline(self, level: str) -> list[Point]:
        """The silhouette of a vertebra in the figure."""
        return list(_outline(self, _known(level)))

    def body(self, level: str) -> tuple[Point, Point, Point, Point]:
        """Corners of a vertebral body seen from the side: upper back, upper front, lower front, lower back.

        They are those of the neighbouring discs.

        Raises:
            ValueError: C1, C2 and the sacrum have no such body, and the front view shows none.
        """
        if self.view != "side" or level in ("C1", "C2", "sacrum"):
            raise ValueError(f"body of {level} in the {self.view} view: expected C3 to L5 seen from the side")
        i = LEVELS.index(_known(level))
        above, below = _disc(i - 1), _disc(i)
        return self.at(above[3]), self.at(above[2]), self.at(below[1]), self.at(below[0])

    def centre(self, level: str) -> Point:
        """Middle of the vertebral body, or of the outline where the body has no corners."""
        corners: Sequence[Point]
        if self.view == "side" and level not in ("C1", "C2", "sacrum"):
            corners = self.body(level)
        else:
            outline = self.outline(level)
            xs, ys = [x for x, _ in outline], [y for _, y in outline]
            corners = [(min(xs), min(ys)), (max(xs), max(ys))]
        return sum(x for x, _ in corners) / len(corners), sum(y for _, y in corners) / len(corners)

    def edge(self, level: str, side: Literal["left", "right"]) -> float:
        """How far a vertebra reaches to the left or right in the figure; the back is left, the front right."""
        xs = [x for x, _ in self.outline(level)]
        return min(xs) if side == "left" else max(xs)

    def canal(self) -> list[Point]:
        """The middle of the spinal canal from above, seen from the side (schematic)."""
        return [point for _, point in self._canal()]

    def _canal(self) -> list[tuple[int, Point]]:
        """A point of the canal behind each disc at and between the levels, with the disc's number."""
        points = []
        first, last = LEVELS.index(self.levels[0]), LEVELS.index(self.levels[-1])
        for i in range(max(1, first - 1), min(last, _LAST_DISC) + 1):
            upper, front, _, lower = _disc(i)
            share = _BEHIND / math.dist(upper, front)
            x = (upper[0] + lower[0]) / 2 + (upper[0] - front[0]) * share
            y = (upper[1] + lower[1]) / 2 + (upper[1] - front[1]) * share
            points.append((i, self.at((x, y))))
        return points

    def draw(self, fills: Mapping[str, str] | None = None, cord: bool = True) -> Markup:
        """Bones, discs and, seen from the side, the schematic cord.

        Args:
            fills: a palette colour for some levels; the others are bone.
        """
        fills = fills or {}
        for level in fills:
            _known(level)
        order: Iterable[str] = self.levels if self.view == "side" else reversed(self.levels)
        bones = [
            path(
                _bone(self, level),
                fill=fills.get(level, "bone"),
                stroke="bone-edge",
                width=min(1.0, self.scale),
                round=True,
            )
            for level in order
        ]
        inner = [i for i in range(1, len(LEVELS) - 1) if LEVELS[i] in self.levels and LEVELS[i + 1] in self.levels]
        discs = "".join(polyline([self.at(p) for p in _disc(i, self.view)], closed=True) for i in inner)
        parts = [path(discs, fill="blue-wash", stroke="bone-edge", width=0.5)] if discs else []
        if cord and self.view == "side":
            parts += self._cord()
        return Markup("".join([*bones, *parts]))

    def _cord(self) -> list[Markup]:
        end = LEVELS.index(_CORD_ENDS)
        above = [point for i, point in self._canal() if i <= end]
        below = [point for i, point in self._canal() if i >= end]
        drawn = []
        if len(below) > 1:
            roots = "".join(polyline([(x + shift * self.scale, y) for x, y in below]) for shift in (-1.6, 0.0, 1.6))
            drawn.append(path(roots, stroke="purple", width=max(0.6, 0.8 * self.scale), opacity=0.55, round=True))
        if len(above) > 1:
            drawn.append(path(polyline(above), stroke="purple", width=6 * self.scale, opacity=0.55, round=True))
        return drawn


@lru_cache(maxsize=1024)
def _outline(spine: Spine, level: str) -> tuple[Point, ...]:
    return tuple(spine.at(point) for point in _outlines()["vertebrae"][level][spine.view])


@lru_cache(maxsize=1024)
def _bone(spine: Spine, level: str) -> str:
    """The outline's ``d``; rounded only where it is large enough for that to be seen."""
    radius = 2.5 * spine.scale
    outline = _outline(spine, level)
    return rounded(outline, radius) if radius > 2.5 else polyline(outline, closed=True)


@lru_cache(maxsize=64)
def _extent(view: View, levels: tuple[str, ...]) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of some outlines, in mm."""
    points = [point for level in levels for point in _outlines()["vertebrae"][level][view]]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), max(xs), min(ys), max(ys)


def place(
    view: View = "side",
    levels: tuple[str, str] = ("C1", "sacrum"),
    *,
    x: float = 0,
    y: float = 0,
    height: float | None = None,
    width: float | None = None,
) -> Spine:
    """Put some levels of the spine into a box whose upper left corner is (x, y).

    Args:
        levels: first and last.
        height, width: the drawing is made as large as these allow; give one or both.

    Raises:
        ValueError: no such level, or neither height nor width.
    """
    if view not in _OUTLINE:
        raise ValueError(f"view {view!r}: expected 'side' or 'front'")
    shown = between(*levels)
    left, right, bottom, top = _extent(view, shown)
    limits = [room / size for room, size in ((height, top - bottom), (width, right - left)) if room is not None]
    if not limits:
        raise ValueError("place: expected a height or a width")
    scale = min(limits)
    shift = (x - left * scale, y + top * scale)
    return Spine(view, shown, scale, shift, (right - left) * scale, (top - bottom) * scale, y + (top - bottom) * scale)


def side_view(
    fills: Mapping[str, str] | None = None,
    *,
    levels: tuple[str, str] = ("C1", "sacrum"),
    labels: Mapping[str, str] | Sequence[str] = (),
    regions: Mapping[str, str] | bool = False,
    cord: bool = True,
    title: str = "",
    note: str = "",
    height: float = 460,
    extra: Sequence[Markup] = (),
    label: str = "The spine seen from the side",
) -> Svg:
    """A whole figure: the spine from the side, the front of the body to the right.

    Args:
        fills: a palette colour for some levels.
        levels: first and last level shown, such as ("T9", "L2") for a closer look.
        labels: levels to be named at the right, or what to write there, ``{"T11": "T11: lytic"}``.
        regions: name the regions at the left; or what to write there, ``{"thoracic": "Thoracic: 96 of 203"}``.
        cord: draw cord and nerve roots, with words that say that they are schematic.
        note: small print at the bottom.
        extra: further drawing on top, at points that :func:`placed` gives.

    Raises:
        ValueError: no such level or region.
    """
    return _whole("side", fills, levels, labels, regions, cord, title, note, height, extra, label)


def front_view(
    fills: Mapping[str, str] | None = None,
    *,
    levels: tuple[str, str] = ("C1", "sacrum"),
    labels: Mapping[str, str] | Sequence[str] = (),
    regions: Mapping[str, str] | bool = False,
    title: str = "",
    note: str = "",
    height: float = 460,
    extra: Sequence[Markup] = (),
    label: str = "The spine seen from the front",
) -> Svg:
    """A whole figure: the spine from the front. Arguments as in :func:`side_view`."""
    return _whole("front", fills, levels, labels, regions, False, title, note, height, extra, label)


def placed(view: View, levels: tuple[str, str] = ("C1", "sacrum"), title: str = "", height: float = 460) -> Spine:
    """Where :func:`side_view` and :func:`front_view` put the spine, for drawing on top of it (``extra``)."""
    top = 8 if not title else 32
    room = 190.0
    spine = place(view, levels, x=0, y=top, height=height, width=room)
    return place(view, levels, x=118 + (room - spine.width) / 2, y=top, height=height, width=room)


def _whole(
    view: View,
    fills: Mapping[str, str] | None,
    levels: tuple[str, str],
    labels: Mapping[str, str] | Sequence[str],
    regions: Mapping[str, str] | bool,
    cord: bool,
    title: str,
    note: str,
    height: float,
    extra: Sequence[Markup],
    label: str,
) -> Svg:
    spine = placed(view, levels, title, height)
    parts = [text(10, 20, title, bold=True)] if title else []
    parts += _region_names(spine, regions)
    parts.append(spine.draw(fills, cord))
    parts += extra
    names = dict(labels) if isinstance(labels, Mapping) else {level: level for level in labels}
    words, lowest = _level_names(spine, names)
    parts += words
    y = max(spine.bottom, lowest) + 6
    if view == "side":
        parts += [text(10, y + 12, "back", size=SMALL, fill="muted")]
        parts += [text(WIDTH - 10, y + 12, "front", size=SMALL, fill="muted", anchor="end")]
        y += 14
    said = "Cord and roots (purple) are schematic." if view == "side" and cord else ""
    if note or said:
        small, y = paragraph(10, y + 14, f"{said} {note}".strip(), WIDTH - 20, size=SMALL, fill="muted")
        parts.append(small)
        y -= 8
    return svg(y + 4, parts, label)


def _region_names(spine: Spine, regions: Mapping[str, str] | bool) -> list[Markup]:
    """Brackets with words at the left, one for each region that is shown."""
    if regions is False:
        return []
    shown: dict[str, list[str]] = {}
    for level in spine.levels:
        shown.setdefault(region(level), []).append(level)
    words = {name: name.capitalize() for name in shown} if regions is True else dict(regions)
    unknown = sorted(set(words) - set(REGIONS.values()))
    if unknown:
        raise ValueError(f"region {unknown[0]!r}: expected one of {', '.join(REGIONS.values())}")
    parts = []
    for name, levels in shown.items():
        if name not in words:
            continue
        above, below = _upper_end(spine, levels[0]) + 2, _lower_end(spine, levels[-1]) - 2
        parts.append(path(polyline([(108, above), (102, above), (102, below), (108, below)]), stroke="muted"))
        drawn, end = paragraph(0, 0, words[name], 88)
        lines = round(end / (TEXT * 1.25))
        drawn, _ = paragraph(96, (above + below) / 2 + 4 - (lines - 1) * TEXT * 0.62, words[name], 88, anchor="end")
        parts.append(drawn)
    return parts


def _upper_end(spine: Spine, level: str) -> float:
    """Where a level begins: at the disc above it, or at the top of what is drawn."""
    i = LEVELS.index(level)
    if level == spine.levels[0] or level == "sacrum":
        return min(y for _, y in spine.outline(level))
    return spine.at(_disc(i - 1, spine.view)[0])[1]


def _lower_end(spine: Spine, level: str) -> float:
    """Where a level ends: at the disc below it, or at the bottom of what is drawn."""
    if level == spine.levels[-1]:
        return spine.bottom
    return spine.at(_disc(LEVELS.index(level), spine.view)[0])[1]


def _level_names(spine: Spine, names: Mapping[str, str]) -> tuple[list[Markup], float]:
    """Words at the right with leaders, pushed apart where levels lie close; also the lowest end."""
    missing = sorted(set(names) - set(spine.levels))
    if missing:
        raise ValueError(f"label for {missing[0]}: this figure shows {spine.levels[0]} to {spine.levels[-1]}")
    x = 318.0
    shown = [level for level in spine.levels if level in names]
    heights = [paragraph(x, 0, names[level], WIDTH - x - 6)[1] for level in shown]
    tops = spread([spine.centre(level)[1] + 4 for level in shown], heights)
    parts = []
    for level, y in zip(shown, tops, strict=True):
        start = (spine.edge(level, "right") + 2, spine.centre(level)[1])
        parts.append(path(polyline([start, (x - 14, y - 4), (x - 4, y - 4)]), stroke="muted", width=0.8))
        parts.append(paragraph(x, y, names[level], WIDTH - x - 6)[0])
    return parts, max((y + room for y, room in zip(tops, heights, strict=True)), default=0) - TEXT


def spread(wanted: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Places as near as can be to those wanted, in their order, each with the room it needs below it.

    Neighbours that are too close form a block, which stands where its members want it on average.
    """
    offsets = [sum(heights[:i]) for i in range(len(heights))]
    blocks: list[tuple[float, int]] = []
    for place_, offset in zip(wanted, offsets, strict=True):
        blocks.append((place_ - offset, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (b, m), (a, n) = blocks.pop(), blocks.pop()
            blocks.append(((a * n + b * m) / (n + m), n + m))
    starts = [mean for mean, count in blocks for _ in range(count)]
    return [max(start, TEXT + 3) + offset for start, offset in zip(starts, offsets, strict=True)]


def _known(level: str) -> str:
    if level not in LEVELS:
        raise ValueError(f"level {level!r}: expected C1 to C7, T1 to T12, L1 to L5 or 'sacrum'")
    return level


def _disc(i: int, view: View = "side") -> list[Point]:
    """The disc below ``LEVELS[i]``; seen from the side: upper back, upper front, lower front, lower back."""
    return _outlines()["discs"][f"D{i}"][view]


@lru_cache(maxsize=1)
def _outlines() -> dict[str, dict[str, dict[View, list[Point]]]]:
    data = json.loads(read("anatomy/spine_outlines.json"))
    vertebrae: dict[str, dict[View, list[Point]]] = {
        name: {"side": _simplified(shape["lateral"], 0.5), "front": _simplified(shape["anterior"], 0.9)}
        for name, shape in data["vertebrae"].items()
    }
    discs: dict[str, dict[View, list[Point]]] = {
        name: {"side": _corners(shape["lateral"]), "front": shape["anterior"]} for name, shape in data["discs"].items()
    }
    return {"vertebrae": vertebrae, "discs": discs}


def _corners(points: list[Point]) -> list[Point]:
    """The four corners of a disc in the order upper back, upper front, lower front, lower back."""
    return [max(points, key=lambda p: p[0] * x + p[1] * y) for x, y in ((-1, 1), (1, 1), (1, -1), (-1, -1))]


def _simplified(points: list[Point], tolerance: float) -> list[Point]:
    """Leave out each point that lies within ``tolerance`` mm of the line between its neighbours."""
    kept = [points[0]]
    for i in range(1, len(points) - 1):
        if _distance(points[i], kept[-1], points[i + 1]) > tolerance:
            kept.append(points[i])
    return [*kept, points[-1]]


def _distance(point: Point, start: Point, end: Point) -> float:
    length = math.dist(start, end) or 1.0
    return abs((end[0] - start[0]) * (start[1] - point[1]) - (start[0] - point[0]) * (end[1] - start[1])) / length
