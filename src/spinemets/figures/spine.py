"""The spine from the side and from the front, drawn from real outlines (``data/anatomy``).

The bones are simplified silhouettes of generic bones, in millimetres. Discs, canal and cord are schematic: the cord is
a band behind the vertebral bodies that ends at the first lumbar vertebra, the nerve roots run on below it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ..data import read
from ..explore.view import Markup
from .svg import Point, path, polyline, rounded

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

    def draw(self, cord: bool = True) -> Markup:
        """Bones, discs and, seen from the side, the schematic cord."""
        order: Iterable[str] = self.levels if self.view == "side" else reversed(self.levels)
        width = min(1.0, self.scale)
        bones = [path(_bone(self, level), fill="bone", stroke="bone-edge", width=width, round=True) for level in order]
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
