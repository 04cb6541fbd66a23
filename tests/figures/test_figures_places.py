"""Pictures with places: each place can be pointed at, is numbered as it is named, and follows the theme."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from spinemets.explore.palette import css_variables
from spinemets.figures import places
from spinemets.figures.places import PICTURES, Places

SVG = "{http://www.w3.org/2000/svg}"
PHONE = 290
"""Width in pixels of a picture on a phone of 330 px, within the margins of page and question."""

every_picture = pytest.mark.parametrize("name", PICTURES)


def root(picture: Places) -> ElementTree.Element:
    return ElementTree.fromstring(picture.picture)


def groups(picture: Places) -> dict[str, ElementTree.Element]:
    found = [element for element in root(picture).iter() if "data-place" in element.attrib]
    assert len({element.attrib["data-place"] for element in found}) == len(found), "a place is drawn twice"
    return {element.attrib["data-place"]: element for element in found}


def badge(group: ElementTree.Element) -> ElementTree.Element:
    """The largest circle in the group that is filled with paper."""
    circles = [one for one in group.iter(f"{SVG}circle") if one.attrib["fill"] == "var(--sm-paper)"]
    return max(circles, key=lambda one: float(one.attrib["r"]))


@every_picture
def test_each_name_has_one_element(name: str) -> None:
    picture = PICTURES[name]()
    assert set(groups(picture)) == set(picture.names)
    assert len(picture.names) >= 8
    assert len(set(picture.names.values())) == len(picture.names)


@every_picture
def test_numbers_and_order_in_the_picture_are_those_of_the_names(name: str) -> None:
    picture = PICTURES[name]()
    drawn = groups(picture)
    assert [*drawn] == [*picture.names]
    for number, (place, words) in enumerate(picture.names.items(), 1):
        bold = [one.text for one in drawn[place].iter(f"{SVG}text") if one.get("font-weight") == "bold"]
        assert bold == [str(number)]
        assert words.startswith(f"{number} ")


@every_picture
def test_a_thumb_can_hit_each_place_on_a_phone(name: str) -> None:
    picture = PICTURES[name]()
    width = float(root(picture).attrib["viewBox"].split()[2])
    for place, group in groups(picture).items():
        assert 2 * float(badge(group).attrib["r"]) * PHONE / width >= 24, place


@every_picture
def test_badges_lie_apart_and_within_the_picture(name: str) -> None:
    picture = PICTURES[name]()
    _, _, width, height = map(float, root(picture).attrib["viewBox"].split())
    circles = [badge(group).attrib for group in groups(picture).values()]
    centres = [complex(float(one["cx"]), float(one["cy"])) for one in circles]
    reach = float(circles[0]["r"])
    for i, centre in enumerate(centres):
        assert reach <= centre.real <= width - reach
        assert reach <= centre.imag <= height - reach
        assert all(abs(centre - other) >= 2 * reach for other in centres[:i])


@every_picture
def test_colours_follow_the_theme(name: str) -> None:
    markup = PICTURES[name]().picture
    assert not re.findall("#[0-9a-f]{3,8}", markup)
    used = set(re.findall(r"var\((--sm-[a-z-]+)\)", markup))
    assert used
    for theme in ("light", "dark"):
        assert all(f"{variable}:" in css_variables(theme) for variable in used)


@every_picture
def test_a_picture_is_light_and_readable(name: str) -> None:
    markup = PICTURES[name]().picture
    assert len(markup.encode()) <= 20_000
    assert len(re.findall("<[a-zA-Z]", markup)) <= 300
    assert min(float(size) for size in re.findall('font-size="([^"]+)"', markup)) >= 11


@every_picture
def test_a_screen_reader_is_told_what_it_is(name: str) -> None:
    picture = PICTURES[name]()
    assert root(picture).attrib["role"] == "img"
    assert root(picture).attrib["aria-label"] == picture.label


@every_picture
def test_pictures_can_stand_twice_on_a_page(name: str) -> None:
    assert ' id="' not in PICTURES[name]().picture


def test_the_spine_names_every_level_of_the_score_once() -> None:
    names = " ".join(PICTURES["spine"]().names.values())
    bounds = ["occiput", "C2", "C3", "C6", "C7", "T2", "T3", "T10", "T11", "L1", "L2", "L4", "L5", "S1", "S2", "S5"]
    assert [word.strip(",") for word in names.split() if word.strip(",") in bounds] == bounds


def test_parts_of_the_vertebral_body_lie_in_their_order() -> None:
    drawn = groups(PICTURES["vertebra"]())
    heights = [float(badge(drawn[place]).attrib["cy"]) for place in ("front", "middle", "back", "canal", "spinous")]
    assert heights == sorted(heights)


def test_a_cut_outline_keeps_its_corners_on_their_sides() -> None:
    above, below = places._cut([(0, 0), (10, 0), (10, 10), (0, 10)], 4)
    assert sorted(above) == [(0, 0), (0, 4), (10, 0), (10, 4)]
    assert sorted(below) == [(0, 4), (0, 10), (10, 4), (10, 10)]
