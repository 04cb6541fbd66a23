"""The prognostic scores over all their combinations."""

import itertools
import time

import pytest

from spinemets.clinic import scores
from spinemets.clinic.errors import ClinicError
from spinemets.evidence import table

YES_NO = (True, False)
GROWTH = ("slow", "moderate", "rapid")
SPACES = {
    "tokuhashi-2005": (
        scores.tokuhashi,
        (
            (10, 40, 50, 70, 80, 100),
            range(4),
            range(1, 4),
            ("none", "removable", "unremovable"),
            "ABCDE",
            ("lung", "liver", "melanoma", "kidney", "rectum", "breast"),
        ),
    ),
    "tomita-2001": (scores.tomita, (GROWTH, ("none", "treatable", "untreatable"), range(1, 4))),
    "bauer-modified": (scores.bauer, (YES_NO, range(1, 4), ("breast", "kidney", "multiple myeloma", "lung", "rectum"))),
    "katagiri-2014": (
        scores.katagiri,
        (
            GROWTH,
            ("none", "nodular", "disseminated"),
            ("normal", "abnormal", "critical"),
            range(5),
            YES_NO,
            range(1, 4),
        ),
    ),
    "vanderlinden-2005": (
        scores.van_der_linden,
        (range(20, 101, 10), YES_NO, ("breast", "prostate", "lung", "other")),
    ),
}


def test_all_scores_of_the_evidence_are_offered():
    assert set(SPACES) == set(scores.NAMES)
    assert all(table(id).rows for id in scores.NAMES)


@pytest.mark.parametrize("id", SPACES)
def test_the_whole_space_has_a_total_and_a_band_and_every_total_and_row_occurs(id):
    function, space = SPACES[id]
    totals, used = set(), set()
    for answers in itertools.product(*space):
        result = function(*answers)
        assert result.id == id
        assert result.total == sum(part.points for part in result.parts.values())
        assert scores._within(str(result.band["score"]), result.total)
        totals.add(result.total)
        used |= {(item, part.option, part.points) for item, part in result.parts.items()}
    low, high = table(id).extra["total_range"]
    assert (min(totals), max(totals)) == (low, high)
    assert used == {(row["item"], str(row["option"]), row["points"]) for row in table(id).rows}


@pytest.mark.parametrize("id", SPACES)
def test_bands_cover_the_range_without_overlap(id):
    low, high = table(id).extra["total_range"]
    for total in range(low, high + 1):
        assert sum(scores._within(str(band["score"]), total) for band in table(id).extra["bands"]) == 1


@pytest.mark.parametrize("id", SPACES)
def test_more_disease_never_counts_for_the_better(id):
    """Karnofsky, number of metastases and spread, each moved alone."""
    better = {
        "tokuhashi-2005": lambda k, n: scores.tokuhashi(
            k, n, 1 + n, ("none", "removable", "unremovable")[min(n, 2)], "C"
        ),
        "tomita-2001": lambda k, n: scores.tomita("slow", ("none", "treatable", "untreatable")[min(n, 2)], 1 + n),
        "bauer-modified": lambda k, n: scores.bauer(n > 0, 1 + n),
        "katagiri-2014": lambda k, n: scores.katagiri(
            "slow", ("none", "nodular", "disseminated")[min(n, 2)], "normal", 4 if k < 50 else 1, n > 2, 1 + n
        ),
        "vanderlinden-2005": lambda k, n: scores.van_der_linden(k, n > 0),
    }[id]
    sign = 1 if better(90, 0).higher_is_better else -1
    for karnofsky in (90, 60, 30):
        totals = [sign * better(karnofsky, n).total for n in range(4)]
        assert totals == sorted(totals, reverse=True)
    for n in range(4):
        totals = [sign * better(karnofsky, n).total for karnofsky in (90, 60, 30)]
        assert totals == sorted(totals, reverse=True)


def test_published_worked_examples():
    worked = table("tokuhashi-worked").rows[0]
    found = scores.tokuhashi(80, 2, 1, "removable", "C", primary="melanoma")
    assert [part.points for part in found.parts.values()] == [2, 1, 2, 1, 2, 1]
    assert found.total == worked["total"]
    example = table("tomita-goals").extra["example"]
    tomita = scores.tomita("moderate", "treatable", 2)
    assert tomita.total == example["total"]
    assert tomita.band["strategy"] == example["strategy"]


@pytest.mark.parametrize(
    ("call", "points"),
    [
        (lambda: scores.tokuhashi(40, 2, 3, "none", "B"), [0, 1, 0, 2, 5, 0]),
        (lambda: scores.tokuhashi(50, 3, 2, "removable", "D", "prostate"), [1, 0, 1, 1, 5, 1]),
        (lambda: scores.tokuhashi(80, 0, 1, "unremovable", "E", "kidney"), [2, 2, 2, 0, 3, 2]),
        (lambda: scores.tomita("rapid", "treatable", 1), [4, 2, 1]),
        (lambda: scores.bauer(True, 2, "lung"), [0, 0, 0, 0]),
        (lambda: scores.bauer(False, 1, "kidney"), [1, 1, 1, 1]),
        (lambda: scores.katagiri("moderate", "nodular", "critical", 2, True, 1), [2, 1, 2, 0, 1, 0]),
        (lambda: scores.katagiri("slow", "disseminated", "abnormal", 3, False, 2), [0, 2, 1, 1, 0, 1]),
        (lambda: scores.van_der_linden(70, True, "prostate"), [1, 2, 0]),
        (lambda: scores.van_der_linden(80, False), [2, 3, 1]),
    ],
)
def test_points_item_by_item_at_the_boundaries(call, points):
    assert [part.points for part in call().parts.values()] == points


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: scores.tokuhashi(0, 0, 1, "none", "E"), "karnofsky"),
        (lambda: scores.tokuhashi(75, 0, 1, "none", "E"), "karnofsky"),
        (lambda: scores.tokuhashi(80, -1, 1, "none", "E"), "extraspinal_foci"),
        (lambda: scores.tokuhashi(80, 0, 0, "none", "E"), "vertebrae"),
        (lambda: scores.tokuhashi(80, 0, 1, "some", "E"), "organs"),
        (lambda: scores.tokuhashi(80, 0, 1, "none", "F"), "frankel"),
        (lambda: scores.tomita("fast", "none", 1), "growth"),
        (lambda: scores.tomita("slow", "", 1), "visceral"),
        (lambda: scores.tomita("slow", "none", 0), "bone_metastases"),
        (lambda: scores.bauer(False, 0), "bone_metastases"),
        (lambda: scores.bauer(False, 1, ""), "primary"),
        (lambda: scores.katagiri("slow", "none", "normal", 5, False, 1), "ecog"),
        (lambda: scores.katagiri("slow", "some", "normal", 1, False, 1), "spread"),
        (lambda: scores.katagiri("slow", "none", "bad", 1, False, 1), "laboratory"),
        (lambda: scores.van_der_linden(10, False), "karnofsky"),
        (lambda: scores.van_der_linden(80, False, "thyroid"), "primary"),
    ],
)
def test_what_the_definition_does_not_cover_is_refused(call, argument):
    with pytest.raises(ClinicError, match=r"is not covered; expected .* \(definition: table ") as caught:
        call()
    assert caught.value.argument == argument


def test_a_score_is_quick():
    scores.tokuhashi(80, 0, 1, "none", "E")
    start = time.perf_counter()
    for _ in range(20):
        scores.tokuhashi(80, 0, 1, "none", "E")
    assert (time.perf_counter() - start) / 20 < 0.005
