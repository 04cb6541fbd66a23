"""Pictures with places to point at, for questions: a vertebra, the spine, the body.

Each place is one group with its shape and a numbered badge, large enough for a thumb where the picture is 330 px wide.
Vertebra and body are schematic and drawn by hand; bones of the spine come from :mod:`spinemets.figures.spine`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..explore.palette import themed
from ..explore.view import Markup, render
from . import body as human
from . import spine as column
from .svg import WIDTH, Point, circle, line, path, polyline, rounded, svg, text

BADGE = 17.0
"""Radius of a badge: 34 units are 28 px where the picture is 330 px wide, and 24 px beside a page's margins."""


WORDS = 12.5
"""Size of words; within the frame of a quiz a phone shows the picture 300 px wide, and 9 px is the least to be read."""


@dataclass(frozen=True)
class Places:
    """A picture with places."""

    picture: str
    """SVG in which each place is an element with ``data-place``."""
    names: Mapping[str, str]
    """For each place what a reader who does not see the picture is told."""
    label: str
    """What the picture shows."""


@dataclass(frozen=True)
class _Place:
    """One place: its shapes, where its badge stands, and where a line from the badge leads if it stands apart."""

    id: str
    name: str
    shapes: Sequence[Markup]
    badge: Point
    leader: Point | None = None


def _picture(height: float, label: str, places: Sequence[_Place], behind: Sequence[Markup]) -> Places:
    """The places, numbered and drawn in their order, and what lies behind them."""
    groups = [_group(place, number) for number, place in enumerate(places, 1)]
    names = {place.id: f"{number} {place.name}" for number, place in enumerate(places, 1)}
    return Places(themed(svg(height, [*behind, *groups], label)), names, label)


def _group(place: _Place, number: int) -> Markup:
    x, y = place.badge
    leader = (
        [line(place.leader, place.badge, stroke="ink"), circle(place.leader, 2.5, fill="ink")] if place.leader else []
    )
    badge = [
        circle(place.badge, BADGE, fill="paper", stroke="blue"),
        text(x, y + 4.7, str(number), size=13, anchor="middle", bold=True),
    ]
    return render(
        '<g data-place="{id}">{parts}</g>',
        id=place.id,
        parts=[Markup(part) for part in (*place.shapes, *leader, *badge)],
    )


# A vertebra from above ------------------------------------------------------------------------------------------------

_MIDDLE = WIDTH / 2
_BODY = (26.0, 166.0)
"""Front and back of the vertebral body."""
_BONE = {"fill": "bone", "stroke": "bone-edge", "width": 1.5}


def vertebra() -> Places:
    """A thoracic vertebra with its ribs, seen from above (schematic)."""
    front, middle, back = _slabs()
    pedicle = [(240, 142), (276, 136), (284, 206), (258, 214), (240, 196)]
    rib = [(280, 126), (294, 112), (312, 118), (346, 158), (374, 212), (388, 262), (372, 272), (356, 222), (330, 174)]
    rib += [(302, 144), (286, 142)]
    transverse = [(256, 208), (282, 200), (328, 204), (352, 220), (350, 242), (326, 250), (262, 244)]
    lamina = [(244, 214), (276, 206), (274, 242), (240, 270), (200, 288), (200, 254), (228, 244)]
    spinous = [(184, 276), (200, 268), (216, 276), (212, 320), (207, 346), (200, 352), (193, 346), (188, 320)]
    canal = [
        path(_oval((_MIDDLE, 208), 50, 49), fill="blue-wash", stroke="bone-edge", width=1.5),
        path(_oval((_MIDDLE, 191), 27, 17), fill="purple-wash", stroke="purple", width=1.5),
    ]
    places = [
        _Place("front", "front of the vertebral body", front, (_MIDDLE, 52)),
        _Place("middle", "middle of the vertebral body", middle, (_MIDDLE, 96)),
        _Place("back", "back of the vertebral body, at the canal", back, (_MIDDLE, 139)),
        _Place("rib", "rib and its joint with the body", _pair(rib, 9), (374, 130), (322, 144)),
        _Place("pedicle", "pedicle, from body to arch", _pair(pedicle, 6), (264, 176)),
        _Place("canal", "spinal canal with the cord", canal, (_MIDDLE, 230)),
        _Place("transverse", "transverse process, to the side", _pair(transverse, 9), (318, 227)),
        _Place("lamina", "lamina, roof of the canal", _pair(lamina, 5), (296, 296), (250, 250)),
        _Place("spinous", "spinous process, at the back", [path(rounded(spinous, 5), **_BONE)], (_MIDDLE, 314)),
    ]
    notes = [
        text(8, 18, "front", size=WORDS, fill="muted"),
        text(8, 356, "back", size=WORDS, fill="muted"),
        text(392, 356, "schematic, not to scale", size=WORDS, fill="muted", anchor="end"),
    ]
    label = "A chest vertebra with its ribs seen from above, a schematic picture with numbered places"
    return _picture(364, label, places, notes)


def _slabs() -> list[list[Markup]]:
    """Front, middle and back third of the vertebral body: an oval, a little squared."""
    front, back = _BODY
    middle, third = (front + back) / 2, (back - front) / 3
    turns = [math.tau * i / 60 for i in range(60)]
    outline = [
        (_MIDDLE + 96 * _squared(math.cos(turn)), middle + (back - front) / 2 * _squared(math.sin(turn)))
        for turn in turns
    ]
    first, rest = _cut(outline, front + third)
    return [[path(polyline(part, closed=True), **_BONE)] for part in (first, *_cut(rest, back - third))]


def _squared(share: float) -> float:
    return math.copysign(abs(share) ** 0.72, share)


def _oval(centre: Point, wide: float, high: float) -> str:
    x, y = centre
    turns = [math.tau * i / 10 for i in range(10)]
    points = [(x + wide * math.sin(turn), y - high * math.cos(turn)) for turn in turns]
    return human.through(points, closed=True)


def _pair(points: Sequence[Point], radius: float) -> list[Markup]:
    """A shape on the right and on the left."""
    return [path(rounded(points, radius) + rounded(_mirrored(points), radius), **_BONE)]


def _mirrored(points: Sequence[Point]) -> list[Point]:
    return [(2 * _MIDDLE - x, y) for x, y in points]


# The spine from the side ----------------------------------------------------------------------------------------------

_PARTS = {
    "occiput-c2": ("C1", "C2", "occiput to C2", "below the skull"),
    "c3-c6": ("C3", "C6", "C3 to C6", "in the neck"),
    "c7-t2": ("C7", "T2", "C7 to T2", "where neck and chest meet"),
    "t3-t10": ("T3", "T10", "T3 to T10", "in the chest"),
    "t11-l1": ("T11", "L1", "T11 to L1", "where chest and lower back meet"),
    "l2-l4": ("L2", "L4", "L2 to L4", "in the lower back"),
    "l5-s1": ("L5", "L5", "L5 to S1", "where lower back and sacrum meet"),
    "s2-s5": ("sacrum", "sacrum", "S2 to S5", "in the sacrum"),
}
"""First and last bone drawn, the levels, and where they are, of each part that the table ``sins-terms`` tells apart."""
_BRACKET, _BADGES, _APART = 232.0, 278.0, 37.0
_S1 = 0.3
"""Share of the sacrum's height that is counted as S1 in the picture."""


def spine() -> Places:
    """The spine from the side, in the parts that are told apart by how much they move."""
    drawn = column.place("side", x=120, y=52, height=460)
    sacrum = drawn.outline("sacrum")
    top, bottom = min(y for _, y in sacrum), max(y for _, y in sacrum)
    cut = top + _S1 * (bottom - top)
    s1, below = _cut(sacrum, cut)
    tops = [52.0, *(drawn.body(first)[1][1] for first, *_ in list(_PARTS.values())[1:-1]), cut, bottom]
    places, badge = [], 0.0
    for i, (id, (first, last, levels, where)) in enumerate(_PARTS.items()):
        outlines = [below] if id == "s2-s5" else [drawn.outline(level) for level in column.between(first, last)]
        outlines += [s1] if id == "l5-s1" else []
        start, end = tops[i] + 2, tops[i + 1] - 2
        middle = (start + end) / 2
        badge = max(middle, badge + _APART)
        shapes = [
            path("".join(polyline(outline, closed=True) for outline in outlines), **{**_BONE, "width": 0.8}),
            path(
                polyline([(_BRACKET - 5, start), (_BRACKET, start), (_BRACKET, end), (_BRACKET - 5, end)]), stroke="ink"
            ),
            text(_BADGES + BADGE + 6, badge + 4.5, levels),
        ]
        places.append(_Place(id, f"{levels}, {where}", shapes, (_BADGES, badge), (_BRACKET, middle)))
    moving = column.between("C3", "L5")
    bodies = [drawn.body(level) for level in moving]
    discs = [(a[3], a[2], b[1], b[0]) for a, b in pairwise(bodies)]
    notes = [
        path("M140 8C138 30 158 46 182 45C206 48 232 40 238 24L238 8Z", fill="wash", stroke="line"),
        text(189, 28, "skull", size=WORDS, fill="muted", anchor="middle"),
        text(8, 18, "back", size=WORDS, fill="muted"),
        text(392, 18, "front", size=WORDS, fill="muted", anchor="end"),
        path("".join(polyline(disc, closed=True) for disc in discs), fill="blue-wash", stroke="bone-edge", width=0.5),
    ]
    return _picture(522, "The spine from the side, with numbered parts", places, notes)


def _cut(outline: Sequence[Point], height: float) -> tuple[list[Point], list[Point]]:
    """The parts of an outline above and below a height."""
    above: list[Point] = []
    below: list[Point] = []
    for start, end in zip(outline, [*outline[1:], outline[0]], strict=True):
        (above if start[1] <= height else below).append(start)
        if (start[1] <= height) != (end[1] <= height):
            share = (height - start[1]) / (end[1] - start[1])
            crossing = (start[0] + (end[0] - start[0]) * share, height)
            above.append(crossing)
            below.append(crossing)
    return above, below


# The body from the front ----------------------------------------------------------------------------------------------

# In the millimetres of the body's outline; x to the body's left, which is on the viewer's right.
_SKULL: tuple[Point, ...] = ((0, 282), (40, 275), (64, 248), (70, 212), (62, 182), (34, 160), (0, 154))
_PELVIS: tuple[Point, ...] = (
    (22, -408), (62, -388), (112, -374), (130, -396), (118, -440), (88, -470),
    (84, -500), (56, -536), (10, -540), (8, -524), (40, -508), (52, -480), (36, -446),
)  # fmt: skip
_THIGH: tuple[Point, ...] = (
    (96, -462),
    (112, -466),
    (146, -484),
    (150, -510),
    (136, -578),
    (112, -578),
    (118, -508),
    (94, -486),
)
_UPPER_ARM: tuple[Point, ...] = (
    (150, -26),
    (170, -22),
    (180, -46),
    (192, -120),
    (194, -178),
    (174, -178),
    (176, -120),
    (160, -60),
    (146, -44),
)
_RIBS: tuple[tuple[Point, ...], ...] = tuple(
    ((14, y), (70, y + 8), (112, y - 30), (118, y - 64), (80, y - 80), (40, y - 70)) for y in (-45, -95, -145)
)
_NODES: tuple[Point, ...] = ((144, -84), (128, -52), (132, -112))


def body() -> Places:
    """The body from the front, with places where breast cancer begins or may settle (schematic)."""
    drawn = column.place("front", x=176, y=99, height=325)
    at = drawn.at

    def both(shape: Sequence[Point]) -> str:
        mirrored = [(-x, y) for x, y in reversed(shape)]
        return "".join(human.through([at(point) for point in half], closed=True) for half in (shape, mirrored))

    def bone(d: str) -> list[Markup]:
        return [path(d, **{**_BONE, "width": 1})]

    def soft(d: str, colour: str) -> list[Markup]:
        return [path(d, fill=f"{colour}-wash", stroke=colour, opacity=0.55)]

    lungs = human.organ("right lung", at) + human.organ("left lung", at)
    ribs = "".join(human.through([at((x * side, y)) for x, y in rib]) for rib in _RIBS for side in (-1, 1))
    skull = human.through([at(p) for p in (*_SKULL, *((-x, y) for x, y in _SKULL[-2:0:-1]))], closed=True)
    vertebrae = "".join(polyline(_coarser(drawn.outline(level)), closed=True) for level in drawn.levels)
    places = [
        _Place("skull", "skull", bone(skull), (40, 40), at((-30, 170))),
        _Place("upper-arm", "upper arm bone", bone(both(_UPPER_ARM)), (40, 140), at((-172, -60))),
        _Place(
            "ribs",
            "ribs",
            [path(ribs, stroke="bone-edge", width=4, round=True), path(ribs, stroke="bone", width=2.4, round=True)],
            (40, 220),
            at((-110, -72)),
        ),
        _Place("liver", "liver", soft(human.organ("liver", at), "orange"), (40, 296), at((-92, -266))),
        _Place("pelvis", "pelvis", bone(both(_PELVIS)), (40, 370), at((-96, -400))),
        _Place("brain", "brain", soft(human.organ("brain", at), "purple"), (360, 40), at((30, 236))),
        _Place("lung", "lung", soft(lungs, "blue"), (360, 124), at((62, -56))),
        _Place(
            "armpit",
            "lymph nodes of the armpit",
            [circle(at(node), 5, fill="green", stroke="paper") for node in _NODES],
            (360, 184),
            at(_NODES[0]),
        ),
        _Place(
            "breast",
            "breast",
            [circle(at(b), 46 * drawn.scale, fill="none", stroke="red") for b in human.BREASTS],
            (360, 240),
            at((131, -147)),
        ),
        _Place("spine", "spine", bone(vertebrae), (360, 330), at((10, -330))),
        _Place("thigh", "thigh bone", bone(both(_THIGH)), (360, 420), at((130, -540))),
    ]
    notes = [
        path(human.outline(at), fill="wash", stroke="line"),
        text(8, 484, "schematic, seen from the front", size=WORDS, fill="muted"),
    ]
    return _picture(492, "The body from the front, a schematic picture with numbered places", places, notes)


def _coarser(outline: Sequence[Point]) -> list[Point]:
    """The outline without points that lie too close to the one before to be seen."""
    kept = [outline[0]]
    for point in outline[1:]:
        if math.dist(point, kept[-1]) >= 2.4:
            kept.append(point)
    return kept


PICTURES: dict[str, Callable[[], Places]] = {"vertebra": vertebra, "spine": spine, "body": body}
"""The pictures by name."""
