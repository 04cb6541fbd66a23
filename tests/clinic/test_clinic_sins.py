"""SINS over all its 1,296 combinations."""

import itertools
import time
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spinemets.clinic import sins
from spinemets.clinic.errors import ClinicError
from spinemets.evidence import table

ALL = list(itertools.product(*([option.key for option in item.options] for item in sins.items())))
MARIA = ("junctional", "mechanical", "lytic", "deformity", "over half", "unilateral")


def test_there_are_as_many_combinations_as_the_items_make():
    assert [len(item.options) for item in sins.items()] == [4, 3, 3, 3, 4, 3]
    assert len(set(ALL)) == 4 * 3 * 3 * 3 * 4 * 3 == 1296


def test_every_row_of_the_table_is_one_option():
    options = [(option.words, option.points) for item in sins.items() for option in item.options]
    assert options == [(row["level"], row["points"]) for row in table("sins").rows]


def test_the_number_of_combinations_for_each_total():
    """Multiplying out the items' points as polynomials gives the same counts."""
    polynomial = Counter({0: 1})
    for points in ([3, 2, 1, 0], [3, 1, 0], [2, 1, 0], [4, 2, 0], [3, 2, 1, 0], [3, 1, 0]):
        polynomial = sum((Counter({t + p: n for t, n in polynomial.items()}) for p in points), Counter())
    found = Counter(sins.score(*choice).total for choice in ALL)
    assert found == polynomial
    assert (min(found), max(found)) == (0, 18)
    assert found[0] == found[18] == 1


def test_a_worse_answer_never_lowers_the_score():
    for item in range(6):
        options = sorted(sins.items()[item].options, key=lambda option: option.points)
        for choice in ALL[::7]:
            totals = [sins.score(*choice[:item], option.key, *choice[item + 1 :]).total for option in options]
            assert totals == sorted(totals)
            assert len(set(totals)) == len(totals)


def test_the_total_is_the_sum_and_the_category_follows_from_it():
    for choice in ALL:
        result = sins.score(*choice)
        assert result.total == sum(result.points.values())
        expected = "stable" if result.total <= 6 else "indeterminate" if result.total <= 12 else "unstable"
        assert result.category == expected == sins.category(result.total)


@pytest.mark.parametrize(
    ("total", "category"),
    [(0, "stable"), (6, "stable"), (7, "indeterminate"), (12, "indeterminate"), (13, "unstable"), (18, "unstable")],
)
def test_boundaries(total, category):
    assert sins.category(total) == category


@pytest.mark.parametrize("total", [-1, 19, 6.5, True, None, "7", float("nan"), float("inf")])
def test_totals_that_cannot_be(total):
    with pytest.raises(ClinicError, match="0 to 18"):
        sins.category(total)


def test_the_published_worked_cases():
    by_points = {item.key: {option.points: option.key for option in item.options} for item in sins.items()}
    for row in table("sins-worked").rows:
        choice = {key: by_points[key][points] for key, points in zip(by_points, row["points"], strict=True)}
        result = sins.score(**choice)
        assert (result.total, result.category) == (row["total"], row["category"])


def test_the_synthetic_patient():
    result = sins.score(*MARIA)
    assert list(result.points.values()) == [3, 3, 2, 2, 3, 1]
    assert (result.total, result.category) == (14, "unstable")


@pytest.mark.parametrize("item", range(6))
@pytest.mark.parametrize("wrong", ["", "moderate", None, 2, True, float("nan"), [], np.array(["none", "lytic"]), pd.NA])
def test_a_missing_or_unknown_item_gives_no_total(item, wrong):
    with pytest.raises(ClinicError, match=r"without it there is no total .*table sins, fisher2010") as caught:
        sins.score(*MARIA[:item], wrong, *MARIA[item + 1 :])
    assert caught.value.argument == sins.items()[item].key


def test_a_misspelt_option_is_asked_back():
    with pytest.raises(ClinicError, match=r"Did you mean 'mechanical'\?"):
        sins.score(MARIA[0], "mecanical", *MARIA[2:])


def test_the_location_of_every_level():
    expected = {
        "junctional": ["occiput", "C1", "C2", "C7", "T1", "T2", "T11", "T12", "L1", "L5"],
        "mobile": ["C3", "C4", "C5", "C6", "L2", "L3", "L4"],
        "semirigid": [f"T{i}" for i in range(3, 11)],
        "rigid": ["S2", "S3", "S4", "S5"],
    }
    for location, levels in expected.items():
        assert [level for level in sins.LEVELS if level != "S1" and sins.location_of(level) == location] == levels


def test_s1_alone_is_left_open_by_the_definition():
    with pytest.raises(ClinicError, match="S2-S5 as rigid, and leaves S1 alone open"):
        sins.location_of("S1")


@pytest.mark.parametrize("level", ["", "T13", "C8", "L6", "sacrum", "t11", None, 5, [], np.array(["T5", "T6"]), pd.NA])
def test_unknown_levels(level):
    with pytest.raises(ClinicError, match="'occiput' or 'C1' or .* or 'S5'") as caught:
        sins.location_of(level)
    assert caught.value.argument == "level"


def test_a_misspelt_level_is_asked_back():
    with pytest.raises(ClinicError, match=r"Did you mean 'T5'\?"):
        sins.location_of("t5")


@given(st.floats(0, 100), st.floats(0, 100))
def test_collapse_of_any_share(percent, involved):
    if percent == 50:
        with pytest.raises(ClinicError):
            sins.collapse_of(percent, involved)
        return
    found = sins.collapse_of(percent, involved)
    if percent > 50:
        assert found == "over half"
    elif percent > 0:
        assert found == "under half"
    else:
        assert found == ("no collapse, over half involved" if involved > 50 else "none")


def test_exactly_half_is_left_open_by_the_definition():
    with pytest.raises(ClinicError, match="exactly 50 is left open"):
        sins.collapse_of(50)
    for outside in (-1, 101, True, None, "40", float("nan"), float("inf")):
        with pytest.raises(ClinicError, match="0 to 100"):
            sins.collapse_of(outside)
        with pytest.raises(ClinicError, match="0 to 100"):
            sins.collapse_of(0, outside)


def test_a_score_is_quick():
    sins.score(*MARIA)
    start = time.perf_counter()
    for _ in range(20):
        sins.score(*MARIA)
    assert (time.perf_counter() - start) / 20 < 0.005
