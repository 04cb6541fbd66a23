"""The painted lesions: real scans unchanged where nothing is painted, and each image by its stated rule."""

import io
import itertools
import re

import numpy as np
import pytest
from PIL import Image

from spinemets.explore.view import asset_bytes
from spinemets.figures import scans

KINDS = ("marrow", "lytic", "sclerotic", "mixed")
SIZES = ("small", "medium", "whole")
PLACES = ("inside", "under", "through")
TECHNIQUES = tuple(scans.RULES)
LESIONS = [scans.Lesion(*parts) for parts in itertools.product(KINDS, SIZES, PLACES) if not scans.impossible(*parts)]


def rasters(markup: str) -> list[str]:
    return re.findall(r"asset:([0-9a-f]{16}\.webp)", markup)


def changes(kind: str, size: str, place: str) -> dict[str, float]:
    lesion = scans.Lesion(kind, size, place)
    return {technique: scans.panel(lesion, technique).change for technique in TECHNIQUES}


def test_every_lesion_that_can_be_painted_has_its_images() -> None:
    assert len(LESIONS) == 26
    for lesion, technique in itertools.product(LESIONS, TECHNIQUES):
        panel = scans.panel(lesion, technique)
        assert len(rasters(panel.before)) == 1
        assert panel.after.startswith(panel.before)
        assert len(rasters(panel.after)) == (2 if panel.change > 0 else 1)
        assert "<path" in scans.truth(lesion, technique)


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        (("marrow", "small", "through"), "cortex whole"),
        (("lytic", "whole", "inside"), "reaches the cortex"),
        (("lytic", "whole", "under"), "back wall"),
    ],
)
def test_a_contradictory_lesion_says_why(parts: tuple[str, str, str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        scans.Lesion(*parts)


def test_the_rasters_of_all_states_are_small() -> None:
    names = {
        name
        for lesion, technique in itertools.product(LESIONS, TECHNIQUES)
        for name in rasters(scans.panel(lesion, technique).after)
    }
    assert sum(len(asset_bytes(name)) for name in names) < 300_000
    for name in names:
        assert Image.open(io.BytesIO(asset_bytes(name))).format == "WEBP"


def test_without_a_lesion_ct_and_t2_are_the_scan() -> None:
    middle = scans._middle("ct")
    shown = scans._ct(None)
    assert np.allclose(shown, (scans._scans()["ct"][middle].astype(float).mean(0) + 150) / 650)
    assert np.corrcoef(scans._t2(None).ravel(), scans._scans()["mr"][scans._middle("mr")].mean(0).ravel())[0, 1] > 0.95


def test_a_lesion_changes_nothing_outside_the_body() -> None:
    lesion = scans.Lesion("sclerotic", "whole", "through")
    changed = scans._hounsfield(lesion) != scans._hounsfield(None)
    assert changed.any()
    assert not (changed & ~scans._body("ct")).any()


def test_marrow_tumour_shows_on_mri_only() -> None:
    for size, place in (("small", "inside"), ("medium", "under"), ("whole", "under")):
        seen = changes("marrow", size, place)
        assert seen["radiograph"] == seen["ct"] == seen["bonescan"] == 0
        assert seen["marrow"] > seen["t2"] > 8


def test_the_bone_scan_answers_to_cortex_as_measured_in_patients() -> None:
    inside, under, through = (changes("lytic", "medium", place)["bonescan"] for place in PLACES)
    assert inside == 0 < under < through


def test_a_radiograph_needs_more_destruction_than_ct_and_mri() -> None:
    medium, whole = changes("lytic", "medium", "through"), changes("lytic", "whole", "through")
    assert medium["radiograph"] < medium["ct"] < medium["marrow"]
    assert medium["radiograph"] < 8 < whole["radiograph"]


def test_mineral_is_lost_where_bone_is_destroyed_and_added_where_it_is_made() -> None:
    losses = [scans.panel(scans.Lesion("lytic", *where), "radiograph").mineral_loss for where in
              (("small", "inside"), ("medium", "inside"), ("whole", "through"))]  # fmt: skip
    assert 0 < losses[0] < losses[1] < losses[2] < 100
    assert scans.panel(scans.Lesion("sclerotic", "medium", "inside"), "radiograph").mineral_loss < 0
    assert scans.panel(scans.Lesion("marrow", "medium", "inside"), "radiograph").mineral_loss == 0
    assert scans.panel(scans.Lesion("lytic", "medium", "inside"), "ct").mineral_loss is None


@pytest.mark.parametrize(("size", "diameter"), scans.DIAMETER_MM.items())
def test_a_lesion_has_the_size_that_it_is_said_to_have(size: str, diameter: float) -> None:
    mask = scans._shape("ct", scans.Lesion("lytic", size, "inside"))[0]
    volume = mask.sum() * scans.MM**3
    assert 2 * (volume * 3 / (4 * np.pi)) ** (1 / 3) == pytest.approx(diameter, rel=0.12)


def test_the_same_lesion_gives_the_same_bytes() -> None:
    lesion = scans.Lesion("mixed", "medium", "through")
    first = scans.panel(lesion, "bonescan").after
    for cached in (scans._grey, scans._shape, scans._picture, scans._scans):
        cached.cache_clear()
    assert scans.panel(lesion, "bonescan").after == first


def test_front_is_left_from_the_side_and_left_is_left_from_behind() -> None:
    """The cord and the arch lie behind the body; RAS arrays grow towards the front and the right."""
    regions = scans._scans()["mr_regions"]
    frame = scans._frame("t2")
    canal = frame.cut((regions == 61).any(0).astype(float))
    body = frame.cut((regions == 49).any(0).astype(float))
    columns = np.arange(canal.shape[1])
    assert (canal.sum(0) @ columns) / canal.sum() > (body.sum(0) @ columns) / body.sum()
    behind = scans._frame("bonescan")
    plane = np.zeros((73, 47))
    plane[behind.start[0]] = 1
    assert behind.cut(plane)[:, 0].all()
