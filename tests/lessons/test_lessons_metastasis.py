"""Every state of the explorers of chapter 05: it draws, stays within the limits, and says what the evidence says."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import matplotlib
import nbformat
import pytest
from PIL import ImageFont

from spinemets import course
from spinemets.clinic import cohorts
from spinemets.clinic.cascade import at_least_one, simulate
from spinemets.evidence import entry, finding, table
from spinemets.evidence.wording import agrees
from spinemets.explore import Table, View
from spinemets.explore.palette import PALETTE
from spinemets.explore.spec import Explorer, Indices
from spinemets.lessons import metastasis, roads
from spinemets.quiz import bank

EXPLORERS: list[Explorer] = [metastasis.roads, metastasis.cascade, metastasis.sites, metastasis.levels]
LIGHT = {light for light, _ in PALETTE.values()}
MOST_NODES, MOST_BYTES = 300, 30_000
FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
FACES = {None: "DejaVuSans.ttf", "bold": "DejaVuSans-Bold.ttf"}
"""The font that the page carries, for how wide a text is."""


def states() -> list:
    return [
        pytest.param(explorer, indices, id=f"{explorer.id}-{'-'.join(explorer.keys(indices).values())}")
        for explorer in EXPLORERS
        for indices in explorer.grid()
    ]


def drawn(explorer: Explorer, indices: Indices) -> View:
    return explorer.function(**explorer.values(indices))


@pytest.mark.parametrize(("explorer", "indices"), states())
def test_each_state_is_whole(explorer: Explorer, indices: Indices) -> None:
    view = drawn(explorer, indices)
    assert 60 < len(view.summary) < 320
    assert isinstance(view.table, Table)
    assert view.table.rows
    assert len(view.picture.encode()) <= MOST_BYTES

    root = ElementTree.fromstring(view.picture)
    elements = list(root.iter())
    assert len(elements) <= MOST_NODES
    _, _, width, height = map(float, root.get("viewBox").split())
    assert width <= 400
    for element in elements:
        for attribute in ("fill", "stroke"):
            colour = element.get(attribute)
            assert colour in LIGHT | {None, "none"}
        if element.tag.endswith("text"):
            inside(element, width, height)


def inside(element: ElementTree.Element, width: float, height: float) -> None:
    """A text is large enough and does not run out of the figure."""
    size, words = float(element.get("font-size")), element.text
    assert size >= 11
    long = font(FACES[element.get("font-weight")], size).getlength(words)
    shift = {"start": 0, "middle": long / 2, "end": long}[element.get("text-anchor", "start")]
    left = float(element.get("x")) - shift
    assert left >= 0, words
    assert left + long <= width, words
    assert 0 < float(element.get("y")) <= height, words


@lru_cache
def font(face: str, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / face, size)


@pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda explorer: explorer.id)
def test_the_sentence_changes_with_the_state(explorer: Explorer) -> None:
    summaries = {drawn(explorer, indices).summary for indices in explorer.grid()}
    assert len(summaries) >= len(next(iter(explorer.controls.values())).options)


@pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda explorer: explorer.id)
def test_frames_of_one_explorer_keep_their_height(explorer: Explorer) -> None:
    """A page that jumps while a control moves is hard to read."""
    heights = [
        float(ElementTree.fromstring(drawn(explorer, i).picture).get("viewBox").split()[3]) for i in explorer.grid()
    ]
    assert max(heights) - min(heights) <= 45


class TestRoads:
    def test_steps_belong_to_the_path(self) -> None:
        with pytest.raises(ValueError, match="path"):
            metastasis.roads.indices(layer="who was studied", step=3)

    def test_five_steps_as_in_the_model(self) -> None:
        assert len(roads.STEPS) == len(table("cascade-steps").rows)

    def test_studies_carry_the_numbers_of_their_cards(self) -> None:
        for road in roads.ROADS:
            for study in roads._studies(road):
                who = study.who.removesuffix(", 1940")  # the year of the source, not a number of the finding
                assert agrees(who, entry(study.evidence)) is None

    def test_reviews_disagree_as_their_card_says(self) -> None:
        older, newer = (finding("routes-review")[name].value for name in ("PMC3265280", "Medscape"))
        assert (older, newer) == ("Batson veins", "arterial")
        assert [name for name, road in roads.ROADS.items() if road.older == "main road"] == ["vertebral veins"]
        assert [name for name, road in roads.ROADS.items() if road.newer == "main road"] == ["artery"]

    def test_direct_growth_skips_the_vessels(self) -> None:
        for step in (2, 3, 4):
            assert "skips" in metastasis.roads(road="direct growth", step=step).summary

    def test_a_gap_is_shown_as_a_gap(self) -> None:
        view = metastasis.roads(road="direct growth", layer="who was studied")
        assert "Nobody" in view.picture
        assert "gap" in view.summary


class TestCascade:
    def test_the_cells_are_those_of_the_model(self) -> None:
        rate = 1 / finding("inefficiency-model")["cells shed per metastasis"].value
        for shed, seed in itertools.product(metastasis.SHED.values(), range(1, 6)):
            rows = metastasis.cascade(shed=shed, seed=seed).table.rows
            assert tuple(left for _, left in rows) == simulate(shed, rate, seed)

    def test_clusters_are_as_much_better_as_in_mice(self) -> None:
        low, high = finding("ctc-clusters")["fold"].value
        assert f"{low} times" in metastasis.cascade(travelling="clusters, low estimate").picture
        assert f"{high} times" in metastasis.cascade(travelling="clusters, high estimate").picture

    def test_measured_and_assumed_are_told_apart_in_every_state(self) -> None:
        for indices in metastasis.cascade.grid():
            picture = drawn(metastasis.cascade, indices).picture
            assert "Measured as a whole" in picture
            assert "Assumed" in picture

    def test_the_prediction_is_the_models_own(self) -> None:
        cells = finding("inefficiency-model")["cells shed per metastasis"].value
        share = round(100 * at_least_one(cells, 1 / cells))
        assert metastasis.cascade.predict.answer == f"about {share}"
        assert f"about {100 - share} of 100" in metastasis.cascade.predict.model_answer


class TestSites:
    def test_relapsed_women_are_those_of_the_table(self) -> None:
        for row in table("sites-by-subtype-kaplan-ci").rows:
            subtype = {"HER2-overexpressing": "HER2-positive"}.get(row["subtype"], row["subtype"])
            view = metastasis.sites(subtype=subtype, count="women with a relapse")
            cells = {name: (percent, interval) for name, percent, interval, _ in view.table.rows}
            percent, interval = cells[row["site"]]
            assert percent == row["pct"]
            assert [float(bound) for bound in interval.split(" to ")] == list(row["ci95"])
            assert f"{row['n']} women" in view.picture.replace("\n", " ")

    def test_shares_of_sites_are_those_of_the_table(self) -> None:
        for subtype, row in zip(metastasis.SUBTYPES, table("sites-by-subtype-wu").rows, strict=True):
            view = metastasis.sites(subtype=subtype, count="share of sites")
            cells = {name: percent for name, percent, _, _ in view.table.rows}
            for site in metastasis.SITES:
                assert cells[site] == ("not reported" if row[site] is None else row[site])

    @pytest.mark.parametrize("subtype", metastasis.SUBTYPES)
    @pytest.mark.parametrize("count", metastasis.COUNTS)
    def test_the_whole_is_on_screen_and_agrees_with_its_card(self, subtype: str, count: str) -> None:
        card = {
            "at first diagnosis": "sites-at-diagnosis",
            "women with a relapse": "sites-by-subtype-kaplan-ci",
            "share of sites": "sites-by-subtype-wu",
            "whole course": "sites-course",
        }[count]
        view = metastasis.sites(subtype=subtype, count=count)
        whole = view.table.caption.split("percent of ", 1)[1]
        assert agrees(re.sub(r"HR[+-]|HER2[+-]?", "", whole), entry(card)) is None
        assert "The whole" in view.picture

    def test_a_bar_without_interval_says_so(self) -> None:
        for indices in metastasis.sites.grid():
            view = drawn(metastasis.sites, indices)
            if any(interval == "not given" for _, _, interval, _ in view.table.rows):
                assert "interval not given" in view.picture

    def test_close_sites_are_called_close(self) -> None:
        assert "too close to call" in metastasis.sites(subtype="HER2-positive").summary
        assert "too close to call" not in metastasis.sites(subtype="luminal A").summary

    def test_natural_frequencies(self) -> None:
        assert metastasis._of(3.28) == "33 of 1,000"
        assert metastasis._of(24.5) == "25 of 100"


class TestLevels:
    CARDS = dict(
        zip(
            metastasis.LEVEL_COUNTS,
            ("levels-lesions-mri", "spine-levels-breast", "levels-symptomatic", "levels-symptomatic"),
            strict=True,
        )
    )

    @pytest.mark.parametrize("count", metastasis.LEVEL_COUNTS)
    def test_shares_are_those_of_the_card(self, count: str) -> None:
        view = metastasis.levels(count=count)
        for _, percent, interval, counted in view.table.rows:
            card = entry(self.CARDS[count])
            assert agrees(f"{percent}%", card) is None
            for words in (interval, counted):
                if words != "not given":
                    assert agrees(words, card) is None

    @pytest.mark.parametrize("count", metastasis.LEVEL_COUNTS)
    def test_the_whole_agrees_with_its_card(self, count: str) -> None:
        assert agrees(metastasis._level_count(count).whole, entry(self.CARDS[count])) is None

    def test_the_thoracic_share_is_larger_among_compressions(self) -> None:
        def thoracic(count: str) -> float:
            return next(row[1] for row in metastasis.levels(count=count).table.rows if row[0] == "thoracic")

        assert thoracic("cord compression") > 1.3 * thoracic("lesions on MRI")
        assert metastasis.levels.predict.answer == "larger"


def cells(*ids: str) -> dict[str, Any]:
    """What the named code cells of the chapter define."""
    notebook = nbformat.read(course.root() / "notebooks" / "05-metastasis.ipynb", as_version=4)
    sources = {cell.id: cell.source for cell in notebook.cells}
    defined: dict[str, Any] = {}
    for id in ids:
        exec(sources[id], defined)  # the code of the chapter itself
    return defined


class TestNotebook:
    """The functions that a student can change, as they are committed."""

    def test_the_corners_of_the_curves(self) -> None:
        chapter = cells("imports", "curves-code")
        for cut, age, method in itertools.product((1, 100), chapter["AGES"], chapter["METHODS"]):
            view = chapter["incidence_by_receptor"](cut, age, method)
            assert len(view.table.rows) == 2
            assert "Kaplan-Meier adds" in view.summary

    def test_the_gap_is_widest_in_old_age(self) -> None:
        """What the quiz item km-by-age and the task say."""
        chapter = cells("imports", "curves-code")
        gaps = {}
        for age in chapter["AGES"]:
            rows = chapter["incidence_by_receptor"](10, age, "both").table.rows
            gaps[age] = max(naive - right for _, _, right, naive in rows)
        assert gaps["under 50"] < gaps["50 to 69"] < gaps["70 and over"]

    def test_the_corners_of_the_ratios(self) -> None:
        chapter = cells("imports", "hazard-explorer-code")
        for cut, first, second in itertools.product((1, 10, 100), (1, 3), (4, 7)):
            assert len(chapter["ratio_by_period"](cut, first, second).table.rows) == 4

    def test_the_prose_says_what_the_data_say(self) -> None:
        outcome = cohorts.to_metastasis(cohorts.women())
        right, wrong = cohorts.cumulative_incidence(outcome), cohorts.kaplan_meier(outcome)
        text = (course.root() / "notebooks" / "05-metastasis.ipynb").read_text(encoding="utf-8")
        assert f"the incidence is {right.at(15).value:.3f}" in text
        assert f"One minus Kaplan-Meier says {1 - wrong.at(15).value:.3f}" in text
        for span, words in (
            ((0, 2), "in the first two years"),
            ((2, 5), "up to the fifth"),
            ((5, float("inf")), "after it"),
        ):
            assert f"{cohorts.hazard_ratio(*span).value:.2f} {words}" in text
        _, exercise = bank.exercise("km-bias")
        assert exercise.answer == pytest.approx(1000 * (1 - wrong.at(15).value - right.at(15).value), abs=0.05)
        ten = bank.item("05-metastasis", "km-ten-years")
        assert ten.answer == pytest.approx(1000 * (1 - wrong.at(10).value - right.at(10).value), abs=ten.tolerance)
