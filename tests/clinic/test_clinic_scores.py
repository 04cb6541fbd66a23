"""The prognostic scores over all their combinations."""

import itertools
import math
import time
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spinemets.clinic import points, scores
from spinemets.clinic.errors import ClinicError
from spinemets.evidence import span, table

YES_NO = (True, False)
GROWTH = ("slow", "moderate", "rapid")
PRIMARIES = ("breast", "kidney", "lymphoma", "multiple myeloma", "lung", "other")
TOKUHASHI = ((10, 40, 50, 70, 80, 100), range(4), range(1, 4), ("none", "removable", "unremovable"), "ABCDE")
SPACES = {
    "tokuhashi-2005": (
        scores.tokuhashi,
        (*TOKUHASHI, ("lung", "liver", "others", "kidney", "rectum", "breast")),
    ),
    "tokuhashi-1990": (scores.tokuhashi_1990, (*TOKUHASHI, ("lung", "liver", "breast"))),
    "tomita-2001": (scores.tomita, (GROWTH, ("none", "treatable", "untreatable"), range(1, 4))),
    "bauer-modified": (scores.bauer, (YES_NO, range(1, 4), PRIMARIES)),
    "bauer-original": (scores.bauer_original, (YES_NO, range(1, 4), YES_NO, PRIMARIES)),
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
    "rades-short-survival": (
        lambda ecog_walks, *rest: scores.rades_short(
            ecog_walks[0], *rest[:2], rest[2], ecog_walks[1], rest[3], rest[4]
        ),
        (
            ((2, True), (3, True), (3, False), (4, False)),
            YES_NO,
            YES_NO,
            (0, 15, 15.1, 40),
            (0, 7, 7.5, 30),
            ("breast", "prostate", "myeloma", "lymphoma", "lung", "other"),
        ),
    ),
}
WRONG = (None, math.nan, math.inf, -math.inf, -1, "7", [], np.array(["none", "slow"]), pd.NA, 10**400)


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
        assert result.total in span(result.band["score"])
        totals.add(result.total)
        used |= {(item, part.option, part.points) for item, part in result.parts.items()}
    low, high = table(id).extra["total_range"]
    assert (min(totals), max(totals)) == (low, high)
    assert used == {(row["item"], str(row["option"]), row["points"]) for row in table(id).rows}


@pytest.mark.parametrize("id", ["tokuhashi-2005", "tokuhashi-1990", "tomita-2001", "katagiri-2014"])
def test_the_number_of_combinations_for_each_total(id):
    """One representative of each option: multiplying out the options' points as polynomials gives the same counts."""
    function, space = {
        "tokuhashi-2005": (
            scores.tokuhashi,
            ((40, 70, 100), (0, 2, 3), (1, 2, 3), TOKUHASHI[3], "ACE", SPACES["tokuhashi-2005"][1][-1]),
        ),
        "tokuhashi-1990": (
            scores.tokuhashi_1990,
            ((40, 70, 100), (0, 2, 3), (1, 2, 3), TOKUHASHI[3], "ACE", SPACES["tokuhashi-1990"][1][-1]),
        ),
        "tomita-2001": (scores.tomita, (*SPACES["tomita-2001"][1][:2], (1, 2))),
        "katagiri-2014": (scores.katagiri, (*SPACES["katagiri-2014"][1][:3], (1, 3), YES_NO, (1, 2))),
    }[id]
    polynomial = Counter({0: 1})
    for parts in points.options(id).values():
        polynomial = sum(
            (Counter({total + part.points: n for total, n in polynomial.items()}) for part in parts), Counter()
        )
    assert Counter(function(*answers).total for answers in itertools.product(*space)) == polynomial


@pytest.mark.parametrize("id", SPACES)
def test_bands_cover_the_range_without_overlap(id):
    low, high = table(id).extra["total_range"]
    for total in range(low, high + 1):
        assert sum(total in span(band["score"]) for band in table(id).extra["bands"]) == 1


@pytest.mark.parametrize("id", SPACES)
def test_more_disease_never_counts_for_the_better(id):
    """Karnofsky, number of metastases and spread, each moved alone."""
    organs = ("none", "removable", "unremovable", "unremovable")
    better = {
        "tokuhashi-2005": lambda k, n: scores.tokuhashi(k, n, 1 + n, organs[n], "C"),
        "tokuhashi-1990": lambda k, n: scores.tokuhashi_1990(k, n, 1 + n, organs[n], "C"),
        "tomita-2001": lambda k, n: scores.tomita("slow", ("none", "treatable", "untreatable")[min(n, 2)], 1 + n),
        "bauer-modified": lambda k, n: scores.bauer(n > 0, 1 + n),
        "bauer-original": lambda k, n: scores.bauer_original(n > 0, 1 + n, n > 1),
        "katagiri-2014": lambda k, n: scores.katagiri(
            "slow", ("none", "nodular", "disseminated")[min(n, 2)], "normal", 4 if k < 50 else 1, n > 2, 1 + n
        ),
        "vanderlinden-2005": lambda k, n: scores.van_der_linden(k, n > 0),
        "rades-short-survival": lambda k, n: scores.rades_short(3, n > 0, n > 1, 20, k > 50, 9 - 4 * (n > 2)),
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
    found = scores.tokuhashi(80, 2, 1, "removable", "C", primary="others")
    assert [part.points for part in found.parts.values()] == [2, 1, 2, 1, 2, 1]
    assert found.total == worked["total"]
    example = table("tomita-goals").extra["example"]
    tomita = scores.tomita("moderate", "treatable", 2)
    assert tomita.total == example["total"]
    assert tomita.band["strategy"] == example["strategy"]


def test_the_two_bauer_scores_part_in_two_patterns_that_point_opposite_ways():
    """Published by the open calculator that the table names: two of all patterns of totals, once each way."""
    apart = set()
    for visceral, bones, fracture, primary in itertools.product(YES_NO, (1, 2), YES_NO, PRIMARIES):
        first = scores.bauer_original(visceral, bones, fracture, primary)
        modified = scores.bauer(visceral, bones, primary)
        assert first.total == modified.total + (not fracture)
        if first.band["survival"] != modified.band["survival"]:
            apart.add((fracture, modified.total, first.band["survival"], modified.band["survival"]))
    assert apart == {(False, 1, "> 6 months", "< 6 months"), (True, 3, "> 6 months", "> 12 months")}


def test_the_two_tokuhashi_scores_never_share_their_bands():
    for answers in itertools.product((80,), (0, 3), (1, 3), ("none",), "CE", ("breast",)):
        first, revised = scores.tokuhashi_1990(*answers), scores.tokuhashi(*answers)
        assert first.band in table("tokuhashi-1990").extra["bands"]
        assert revised.band in table("tokuhashi-2005").extra["bands"]
        assert revised.total == first.total + 3
    assert scores.tokuhashi_1990(80, 0, 1, "none", "E").total == 12


def test_a_primary_whose_points_the_copies_give_differently_is_refused_with_the_reason():
    for primary in ("others", "unidentified"):
        with pytest.raises(ClinicError, match="2 points, a copy on the web 1"):
            scores.tokuhashi_1990(80, 0, 1, "none", "E", primary)
        assert scores.tokuhashi(80, 0, 1, "none", "E", primary).total


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: scores.tokuhashi(40, 2, 3, "none", "B"), [0, 1, 0, 2, 5, 0]),
        (lambda: scores.tokuhashi(50, 3, 2, "removable", "D", "prostate"), [1, 0, 1, 1, 5, 1]),
        (lambda: scores.tokuhashi(80, 0, 1, "unremovable", "E", "kidney"), [2, 2, 2, 0, 3, 2]),
        (lambda: scores.tokuhashi_1990(70, 1, 2, "removable", "A", "uterus"), [1, 1, 1, 1, 1, 0]),
        (lambda: scores.tokuhashi_1990(80, 3, 1, "unremovable", "C"), [2, 0, 2, 0, 2, 1]),
        (lambda: scores.tomita("rapid", "treatable", 1), [4, 2, 1]),
        (lambda: scores.bauer(True, 2, "lung"), [0, 0, 0, 0]),
        (lambda: scores.bauer(False, 1, "kidney"), [1, 1, 1, 1]),
        (lambda: scores.bauer_original(False, 2, True, "other"), [1, 1, 0, 0, 0]),
        (lambda: scores.katagiri("moderate", "nodular", "critical", 2, True, 1), [2, 1, 2, 0, 1, 0]),
        (lambda: scores.katagiri("slow", "disseminated", "abnormal", 3, False, 2), [0, 2, 1, 1, 0, 1]),
        (lambda: scores.van_der_linden(70, True, "prostate"), [1, 2, 0]),
        (lambda: scores.van_der_linden(80, False), [2, 3, 1]),
        (lambda: scores.rades_short(2, False, False, 15.01, True, 7.01), [0, 1, 1, 1, 1, 1, 1]),
        (lambda: scores.rades_short(3, True, True, 15, False, 7, "lung"), [4, 3, 3, 4, 3, 4, 4]),
        (lambda: scores.rades_short(4, True, False, 16, False, 8, "prostate"), [4, 2, 3, 1, 1, 4, 1]),
    ],
)
def test_points_item_by_item_at_the_boundaries(call, expected):
    assert [part.points for part in call().parts.values()] == expected


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_any_finite_time_has_its_points(months, days):
    parts = scores.rades_short(3, False, False, months, True, days).parts
    assert parts["Months from the cancer to the compression"].points == (3 if months <= 15 else 1)
    assert parts["Days over which the weakness came"].points == (4 if days <= 7 else 1)


@given(st.integers(-20, 120))
def test_any_karnofsky_has_points_or_is_refused(status):
    if status in range(10, 101, 10):
        assert scores.tokuhashi(status, 0, 1, "none", "E").total == 13 + (status >= 50) + (status >= 80)
    else:
        with pytest.raises(ClinicError) as caught:
            scores.tokuhashi(status, 0, 1, "none", "E")
        assert caught.value.argument == "karnofsky"


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: scores.tokuhashi(0, 0, 1, "none", "E"), "karnofsky"),
        (lambda: scores.tokuhashi(75, 0, 1, "none", "E"), "karnofsky"),
        (lambda: scores.tokuhashi(80, -1, 1, "none", "E"), "extraspinal_foci"),
        (lambda: scores.tokuhashi(80, 0, 0, "none", "E"), "vertebrae"),
        (lambda: scores.tokuhashi(80, 0, 1, "some", "E"), "organs"),
        (lambda: scores.tokuhashi(80, 0, 1, "none", "F"), "frankel"),
        (lambda: scores.tokuhashi(80, 0, 1, "none", "AB"), "frankel"),
        (lambda: scores.tokuhashi(80, 0, 1, "none", "E", "melanoma"), "primary"),
        (lambda: scores.tokuhashi(True, 0, 1, "none", "E"), "karnofsky"),
        (lambda: scores.tokuhashi(80, False, 1, "none", "E"), "extraspinal_foci"),
        (lambda: scores.tomita("fast", "none", 1), "growth"),
        (lambda: scores.tomita("slow growth", "none", 1), "growth"),
        (lambda: scores.tomita("slow", "", 1), "visceral"),
        (lambda: scores.tomita("slow", "none", 0), "bone_metastases"),
        (lambda: scores.tomita("slow", "none", True), "bone_metastases"),
        (lambda: scores.bauer(False, 0), "bone_metastases"),
        (lambda: scores.bauer(0, 1), "visceral"),
        (lambda: scores.bauer(False, 1, ""), "primary"),
        (lambda: scores.bauer_original(False, 1, "no"), "fracture"),
        (lambda: scores.katagiri("slow", "none", "normal", 5, False, 1), "ecog"),
        (lambda: scores.katagiri("slow", "some", "normal", 1, False, 1), "spread"),
        (lambda: scores.katagiri("slow", "none", "bad", 1, False, 1), "laboratory"),
        (lambda: scores.katagiri("slow", "none", "normal", 1, 1, 1), "chemotherapy"),
        (lambda: scores.van_der_linden(10, False), "karnofsky"),
        (lambda: scores.van_der_linden(80, "absent"), "visceral"),
        (lambda: scores.van_der_linden(80, False, "thyroid"), "primary"),
        (lambda: scores.rades_short(1, False, False, 20, True, 9), "ecog"),
        (lambda: scores.rades_short(3, None, False, 20, True, 9), "other_bone"),
        (lambda: scores.rades_short(3, False, False, -1, True, 9), "months"),
        (lambda: scores.rades_short(3, False, False, 20, True, math.nan), "days"),
        (lambda: scores.rades_short(4, False, False, 20, True, 9), "walks"),
        (lambda: scores.rades_short(2, False, False, 20, False, 9), "walks"),
    ],
)
def test_what_the_definition_does_not_cover_is_refused(call, argument):
    with pytest.raises(ClinicError, match=r"is not covered; expected .* \(definition: tables? ") as caught:
        call()
    assert caught.value.argument == argument


GOOD = {
    "tokuhashi-2005": (scores.tokuhashi, (80, 0, 1, "none", "E", "breast")),
    "tokuhashi-1990": (scores.tokuhashi_1990, (80, 0, 1, "none", "E", "breast")),
    "tomita-2001": (scores.tomita, ("slow", "none", 1)),
    "bauer-modified": (scores.bauer, (False, 1, "breast")),
    "bauer-original": (scores.bauer_original, (False, 1, False, "breast")),
    "katagiri-2014": (scores.katagiri, ("slow", "none", "normal", 1, False, 1)),
    "vanderlinden-2005": (scores.van_der_linden, (80, False, "breast")),
    "rades-short-survival": (scores.rades_short, (3, False, False, 20, True, 9, "breast")),
}


@pytest.mark.parametrize("id", GOOD)
@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_every_argument_refuses_what_is_missing_not_finite_or_of_the_wrong_kind(id, wrong):
    function, good = GOOD[id]
    function(*good)
    names = function.__code__.co_varnames
    for place in range(len(good)):
        with pytest.raises(ClinicError) as caught:
            function(*good[:place], wrong, *good[place + 1 :])
        assert caught.value.argument == names[place]
        assert names[place] in str(caught.value) and "table" in caught.value.source


def test_a_karnofsky_status_of_0_is_not_among_what_the_scores_allow():
    for score in (lambda: scores.tokuhashi(0, 0, 1, "none", "E"), lambda: scores.van_der_linden(0, False)):
        with pytest.raises(ClinicError, match="a number in tens, 10 to 100"):
            score()


def test_a_table_with_other_items_than_the_rules_is_refused():
    rules = {"Primary tumour": points.word("growth", "slow")}
    with pytest.raises(ClinicError, match=r"the items \['Primary tumour'\] .*table tomita-2001") as caught:
        points.added("tomita-2001", rules)
    assert caught.value.argument == "table"


@pytest.mark.parametrize(
    ("call", "meant"),
    [
        (lambda: scores.tokuhashi(80, 0, 1, "none", "E", "brest"), "breast"),
        (lambda: scores.tokuhashi(80, 0, 1, "non", "E"), "none"),
        (lambda: scores.tokuhashi(80, 0, 1, "none", "e"), "E"),
        (lambda: scores.tomita("Slow", "none", 1), "slow"),
        (lambda: scores.bauer(False, 1, "myeloma multiple "), None),
        (lambda: scores.bauer(False, 1, "multiple myelom"), "multiple myeloma"),
        (lambda: scores.van_der_linden(80, False, "prostrate"), "prostate"),
    ],
)
def test_a_misspelt_word_is_asked_back(call, meant):
    with pytest.raises(ClinicError) as caught:
        call()
    if meant:
        assert str(caught.value).endswith(f"Did you mean {meant!r}?")
    else:
        assert "Did you mean" not in str(caught.value)


def test_a_score_is_quick():
    for function, good in GOOD.values():
        function(*good)
        start = time.perf_counter()
        for _ in range(20):
            function(*good)
        assert (time.perf_counter() - start) / 20 < 0.005
