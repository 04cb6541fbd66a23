"""The SVG figures: small, in the palette, readable on a phone, safe."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from spinemets.explore.palette import PALETTE
from spinemets.figures import spine, svg
from spinemets.figures.intervals import Estimate, forest
from spinemets.figures.people import Group, compare, people
from spinemets.figures.spine import LEVELS, between, region

NAMESPACE = "{http://www.w3.org/2000/svg}"
TICKS = [0, 25, 50, 75, 100]
ROWS = [
    Estimate("with an interval", 84, (71.5, 91.7), "42 of 50"),
    Estimate("a label that is much too long to stand beside its number in one line of a phone", 56.9, (43.3, 69.5)),
    Estimate("no interval", 98, None),
    Estimate("a gap", None),
]


def alone(view, levels=("C1", "sacrum")):
    """The spine with nothing but a heading."""
    bones = spine.place(view, levels, x=40, y=30, height=460, width=300)
    return svg.svg(bones.bottom + 4, [svg.text(10, 20, "Spine", bold=True), bones.draw()], "The spine")


FIGURES = {
    "people-1000": people([Group("one", 28, "orange"), Group("the rest", 972, "line")], title="1,000 women"),
    "people-100": people([Group("one", 84, "blue"), Group("two", 16, "line")], total=100, note="small print"),
    "compare": compare([("A", [Group("x", 10, "blue"), Group("y", 6, "line")]), ("B", [Group("z", 16, "line")])]),
    "forest": forest(ROWS, low=0, high=100, ticks=TICKS, unit="%", axis="able to walk"),
    "forest-log": forest([Estimate("ratio", 6.2, (2, 19.8))], low=0.5, high=16, ticks=[1, 4, 16], log=True, null=1),
    "side": alone("side"),
    "zoom": alone("side", ("T9", "L2")),
    "front": alone("front"),
}


@pytest.fixture(params=FIGURES, ids=str)
def figure(request):
    return FIGURES[request.param]


def test_a_figure_is_xml_of_few_nodes_and_light(figure):
    nodes = list(ElementTree.fromstring(figure).iter())
    assert len(nodes) <= 300
    assert len(figure.encode()) <= 30_000


def test_every_colour_is_in_the_palette(figure):
    used = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", figure))
    assert used
    assert used <= {light for light, _ in PALETTE.values()}
    painted = {node.get(key) for node in ElementTree.fromstring(figure).iter() for key in ("fill", "stroke")}
    assert all(paint is None or paint == "none" or paint.startswith("#") for paint in painted)


def test_text_is_at_least_nine_pixels_on_a_phone(figure):
    root = ElementTree.fromstring(figure)
    width = float(root.get("viewBox").split()[2])
    assert width <= 400
    sizes = [float(node.get("font-size")) for node in root.iter(f"{NAMESPACE}text")]
    assert min(sizes) * 330 / width >= 9


def test_text_stays_inside_the_figure(figure):
    root = ElementTree.fromstring(figure)
    _, _, width, height = (float(part) for part in root.get("viewBox").split())
    for node in root.iter(f"{NAMESPACE}text"):
        wide = svg.text_width(node.text, float(node.get("font-size")))
        x, y = float(node.get("x")), float(node.get("y"))
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[node.get("text-anchor", "start")]
        assert left >= -6, node.text
        assert left + wide <= width + 6, node.text
        assert float(node.get("font-size")) * 0.7 <= y <= height, node.text


def test_words_from_outside_are_escaped():
    nasty = '<script>alert("x")</script> & more'
    for drawn in (
        people([Group(nasty, 1000, "blue")], title=nasty, note=nasty),
        forest([Estimate(nasty, 1, None, nasty)], low=0, high=2, ticks=[0, 2], axis=nasty, unit=nasty, label=nasty),
        svg.svg(20, [svg.text(0, 12, nasty)], nasty),
    ):
        assert "<script" not in drawn
        words = "".join(node.text or "" for node in ElementTree.fromstring(drawn).iter())
        assert "alert(" in words


def test_people_are_counted_exactly():
    drawn = people([Group("one", 28, "orange"), Group("rest", 972, "line")])
    paths = [node.get("d") for node in ElementTree.fromstring(drawn).iter(f"{NAMESPACE}path")]
    assert [d.count("M") for d in paths] == [28, 972]


@pytest.mark.parametrize("counts", [(28, 971), (-1, 1001), ()])
def test_people_refuses_counts_that_are_not_the_whole(counts):
    with pytest.raises(ValueError, match="add up to 1,000"):
        people([Group("x", count, "blue") for count in counts])


def test_a_missing_interval_is_said_and_drawn_hollow():
    drawn = forest([Estimate("a", 50)], low=0, high=100, ticks=TICKS)
    assert "interval not given" in drawn
    assert f'fill="{PALETTE["blue"][0]}"' not in drawn
    assert f'stroke="{PALETTE["blue"][0]}"' in drawn
    gap = forest([Estimate("a", None)], low=0, high=100, ticks=TICKS)
    assert "not reported" in gap
    assert "<circle" not in gap


def test_an_interval_past_the_axis_ends_in_an_arrow():
    inside = forest([Estimate("a", 2, (1, 4))], low=0, high=5, ticks=[0, 5])
    outside = forest([Estimate("a", 2, (1, 9))], low=0, high=5, ticks=[0, 5])
    assert inside.count("L") < outside.count("L")
    with pytest.raises(ValueError, match="above 0 on a log scale"):
        forest([Estimate("a", 2)], low=0, high=5, ticks=[], log=True)


def test_levels_and_regions():
    assert len(LEVELS) == 25
    assert between("T9", "L2") == ("T9", "T10", "T11", "T12", "L1", "L2")
    assert [region(level) for level in ("C7", "T1", "L5", "sacrum")] == ["cervical", "thoracic", "lumbar", "sacral"]
    wrong = (lambda: region("T13"), lambda: between("L2", "T9"), lambda: spine.place("side", ("X1", "L2"), height=9))
    for attempt in wrong:
        with pytest.raises(ValueError):
            attempt()
    with pytest.raises(ValueError, match="a height or a width"):
        spine.place("side")
    with pytest.raises(ValueError, match="'side' or 'front'"):
        spine.place("back", height=9)


def test_bodies_lie_one_below_the_other_with_the_canal_behind():
    side = spine.place("side", height=460)
    bodies = [side.body(level) for level in LEVELS[2:-1]]
    for upper, lower in zip(bodies, bodies[1:], strict=False):
        assert upper[0][1] < lower[0][1]
    for level, back in zip(LEVELS[2:-1], (body[0] for body in bodies), strict=True):
        body = side.body(level)
        assert body[1][0] > back[0] and body[2][0] > body[3][0], "the front is on the right"
        assert body[0][1] < body[3][1] and body[1][1] < body[2][1]
    canal = side.canal()
    assert [y for _, y in canal] == sorted(y for _, y in canal)
    assert all(x < body[3][0] for (x, _), body in zip(canal[1:], bodies, strict=False))
    with pytest.raises(ValueError, match="C3 to L5"):
        side.body("C1")


def test_the_cord_can_be_left_out_and_is_never_drawn_from_the_front():
    purple = f'"{PALETTE["purple"][0]}"'
    side, front = spine.place("side", height=460), spine.place("front", height=460)
    assert purple in side.draw()
    assert purple not in side.draw(cord=False)
    assert purple not in front.draw()


def test_the_outlines_are_closed_shapes_of_the_published_data():
    outlines = spine._outlines()
    assert len(outlines["vertebrae"]) == 25 and len(outlines["discs"]) == 23
    assert all(len(shape["side"]) >= 8 for shape in outlines["vertebrae"].values())
