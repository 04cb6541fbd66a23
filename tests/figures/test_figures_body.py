"""The body outline: it is symmetric, holds the spine and its organs, and draws smooth paths through its points."""

from __future__ import annotations

import re

import pytest

from spinemets.figures import body, spine
from spinemets.figures.svg import Point


def as_it_is(point: Point) -> Point:
    return point


def numbers(d: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", d)]


def ends(d: str) -> list[Point]:
    """The points that the curve passes through."""
    first, *curves = d.rstrip("Z").split("C")
    x, y = numbers(first)
    return [(x, y), *((c[4], c[5]) for c in map(numbers, curves))]


def test_the_body_is_symmetric() -> None:
    points = {(round(x), round(y)) for x, y in ends(body.outline(as_it_is))}
    assert {(-x, y) for x, y in points} == points


def test_the_spine_lies_inside_the_body() -> None:
    outline = ends(body.outline(as_it_is))
    front = spine.place("front", height=100)
    for level in front.levels:
        for point in spine._outlines()["vertebrae"][level]["front"]:
            assert inside(point, outline), f"{level} at {point} lies outside"


@pytest.mark.parametrize("name", body.ORGANS)
def test_organs_lie_inside_the_body(name: str) -> None:
    outline = ends(body.outline(as_it_is))
    assert all(inside(point, outline) for point in ends(body.organ(name, as_it_is)))


@pytest.mark.parametrize("breast", body.BREASTS)
def test_breasts_lie_inside_the_body(breast: Point) -> None:
    assert inside(breast, ends(body.outline(as_it_is)))


def test_place_moves_and_scales() -> None:
    plain = numbers(body.organ("heart", as_it_is))
    moved = numbers(body.organ("heart", lambda p: (2 * p[0] + 100, 2 * p[1])))
    assert moved[0] == pytest.approx(2 * plain[0] + 100)
    assert moved[1] == pytest.approx(2 * plain[1])


def test_a_curve_passes_through_its_points() -> None:
    points = [(0, 0), (10, 20), (30, 5)]
    assert ends(body.through(points)) == points
    assert ends(body.through(points, closed=True)) == [*points, points[0]]
    assert body.through(points, closed=True).endswith("Z")


def test_two_points_make_a_straight_line() -> None:
    xs = numbers(body.through([(0, 0), (30, 0)]))[1::2]
    assert set(xs) == {0}


def test_one_point_is_no_curve() -> None:
    with pytest.raises(ValueError, match="two points"):
        body.through([(0, 0)])


def test_an_unknown_organ_names_those_there_are() -> None:
    with pytest.raises(KeyError, match="heart"):
        body.organ("spleen", as_it_is)


def inside(point: Point, polygon: list[Point]) -> bool:
    """Whether a point lies inside, by counting the edges to its right."""
    x, y = point
    odd = False
    for (ax, ay), (bx, by) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
            odd = not odd
    return odd
