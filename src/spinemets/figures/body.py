"""A human body seen from the front, in the millimetres of the spine's front outline (x to the body's left, y up).

Drawn by hand for this course: a plain outline and a few organs for orientation, not anatomy to measure on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .svg import Point, number

Place = Callable[[Point], Point]
"""From millimetres (x to the body's left, y up) to the picture's units, such as ``spine.place("front", ...).at``."""

# The left half from the crown to the thigh; the body ends at the upper arm and the hip, as a tailor's dummy does.
_HALF: tuple[Point, ...] = (
    (0, 290), (40, 284), (68, 256), (77, 212), (74, 168), (60, 122), (42, 94), (38, 66), (48, 40), (90, 22), (138, 8),
    (172, -16), (190, -58), (198, -110), (204, -166), (196, -186), (178, -186), (168, -164), (160, -112), (153, -118),
    (149, -160), (140, -212), (132, -264), (130, -316), (142, -376), (158, -432), (168, -500), (167, -566),
    (150, -588), (40, -592), (16, -580), (0, -556),
)  # fmt: skip

ORGANS: dict[str, tuple[Point, ...]] = {
    "brain": (
        (0, 272), (36, 264), (58, 236), (54, 204), (24, 192),
        (0, 196), (-24, 192), (-54, 204), (-58, 236), (-36, 264),
    ),
    "right lung": (
        (-30, -2), (-58, -12), (-88, -60), (-108, -130), (-112, -196),
        (-76, -186), (-34, -180), (-26, -110), (-22, -50),
    ),
    "left lung": (
        (30, -2), (58, -12), (88, -60), (108, -130), (112, -196),
        (82, -186), (68, -166), (54, -120), (26, -96), (22, -50),
    ),
    "heart": ((-22, -84), (18, -80), (46, -106), (64, -150), (54, -174), (20, -172), (-18, -158), (-32, -122)),
    "liver": (
        (-112, -204), (-70, -192), (-10, -194), (44, -204), (30, -226),
        (-20, -246), (-70, -286), (-106, -282), (-116, -244),
    ),
}  # fmt: skip
"""Organs for orientation; the body's left is on the viewer's right."""

BREASTS: tuple[Point, Point] = ((-88, -130), (88, -130))
"""Middle of the right and of the left breast; a circle of some 46 mm marks each."""


def through(points: Sequence[Point], *, closed: bool = False) -> str:
    """The ``d`` of a smooth curve through the points (Catmull-Rom, written as cubic Béziers), in the picture's units.

    Raises:
        ValueError: fewer than two points.
    """
    if len(points) < 2:
        raise ValueError(f"a curve needs two points or more, not {len(points)}")
    count = len(points)

    def at(i: int) -> Point:
        return points[i % count] if closed else points[min(max(i, 0), count - 1)]

    parts = [f"M{number(points[0][0])} {number(points[0][1])}"]
    for i in range(count if closed else count - 1):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = at(i - 1), at(i), at(i + 1), at(i + 2)
        corners = (bx + (cx - ax) / 6, by + (cy - ay) / 6, cx - (dx - bx) / 6, cy - (dy - by) / 6, cx, cy)
        parts.append("C" + " ".join(number(corner) for corner in corners))
    return "".join(parts) + ("Z" if closed else "")


def outline(place: Place) -> str:
    """The ``d`` of the body from the crown of the head to the hips."""
    mirrored = [(-x, y) for x, y in reversed(_HALF[1:-1])]
    return through([place(point) for point in (*_HALF, *mirrored)], closed=True)


def organ(name: str, place: Place) -> str:
    """The ``d`` of one of :data:`ORGANS`.

    Raises:
        KeyError: no such organ is drawn; the message lists those that are.
    """
    if name not in ORGANS:
        raise KeyError(f"no organ {name!r} is drawn; there are {', '.join(ORGANS)}")
    return through([place(point) for point in ORGANS[name]], closed=True)
