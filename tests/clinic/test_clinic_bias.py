"""Clocks that deceive: what follows by hand, and the same from many synthetic people."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spinemets.clinic import bias
from spinemets.clinic.bias import immortal_time, lead_time
from spinemets.clinic.errors import ClinicError
from spinemets.clinic.survival import kaplan_meier, median, restricted_mean
from spinemets.evidence.bank import bank


@pytest.mark.parametrize("id", [*bias.LEAD_TIME_EXAMPLES, *bias.IMMORTAL_TIME_EXAMPLES])
def test_each_example_is_in_the_evidence(id):
    assert id in bank().chapter_of


@given(st.integers(2, 200), st.floats(0, 36), st.floats(0, 12), st.floats(1, 60), st.integers(0, 10**6))
@settings(max_examples=50)
def test_a_lead_lengthens_survival_from_diagnosis_by_exactly_itself(people, earlier, later, months, seed):
    found = lead_time(people, earlier, later, months, seed)
    gained = 12 * (found.by_scan().years - found.by_symptoms().years)
    assert gained == pytest.approx(np.full(people, earlier + later), abs=1e-9)
    assert found.gain_from_diagnosis == earlier + later
    assert found.death_if_earlier - found.death == pytest.approx(np.full(people, later), abs=1e-9)


def test_six_months_of_lead_move_no_death():
    found = lead_time(500, 6, 0, 24, 1)
    assert np.array_equal(found.death_if_earlier, found.death)
    symptoms, scan = (kaplan_meier(outcome) for outcome in (found.by_symptoms(), found.by_scan()))
    assert median(scan).value - median(symptoms).value == pytest.approx(0.5)
    assert scan.at(0.49).value == 1


def test_the_seed_fixes_the_people():
    assert np.array_equal(lead_time(20, 6, 0, 24, 3).death, lead_time(20, 6, 0, 24, 3).death)
    assert not np.array_equal(lead_time(20, 6, 0, 24, 3).death, lead_time(20, 6, 0, 24, 4).death)
    assert immortal_time(500, 24, 0.3, 12, 1, 3).analyses == immortal_time(500, 24, 0.3, 12, 1, 3).analyses


def test_the_synthetic_median_is_the_one_asked_for():
    assert median(kaplan_meier(lead_time(50_000, 0, 0, 24, 1).by_symptoms())).value == pytest.approx(2, rel=0.02)


def test_without_any_effect_only_the_analysis_by_time_finds_none():
    found = immortal_time(50_000, 24, 0.3, 12, 1, 1)
    naive, waiting, by_time = (found.analyses[name] for name in ("ever treated", "waiting left out", "by time"))
    assert naive.interval.high < 0.9
    assert by_time.interval.low < 1 < by_time.interval.high
    assert naive.value < waiting.value < by_time.value
    after = found.landmark(12)
    assert after.interval.low < 1 < after.interval.high


def test_the_naive_ratio_by_hand():
    """Everyone planned, start evenly in 0 to w, deaths at the rate r: the rates follow from two integrals."""
    months, w = 24.0, 12.0
    r = math.log(2) / months
    alive = (1 - math.exp(-r * w)) / (r * w)  # share alive at the start
    waited = (1 - (1 + r * w) * math.exp(-r * w)) / (r**2 * w)  # mean of start, of those alive then
    treated = alive / (waited + alive / r)
    untreated = (1 - alive) / (1 / r - waited - alive / r)
    found = immortal_time(100_000, months, 1, w, 1, 2)
    assert found.analyses["ever treated"].value == pytest.approx(treated / untreated, rel=0.03)
    assert found.treated.mean() == pytest.approx(alive, abs=0.005)


@pytest.mark.parametrize("ratio", [0.5, 0.7, 1, 1.5])
def test_the_analysis_by_time_finds_the_true_ratio(ratio):
    found = immortal_time(100_000, 24, 0.3, 12, ratio, 7)
    assert found.analyses["by time"].value == pytest.approx(ratio, rel=0.03)
    assert found.analyses["ever treated"].value < ratio


def test_no_wait_no_bias():
    found = immortal_time(100_000, 24, 0.5, 1e-6, 0.7, 5)
    for analysis in found.analyses.values():
        assert analysis.value == pytest.approx(0.7, rel=0.03)


def test_nobody_treated_died_before_the_start():
    found = immortal_time(2_000, 24, 0.4, 12, 0.8, 1)
    assert (found.death[found.treated] > found.start[found.treated]).all()
    assert restricted_mean(found.outcome(), 1).value <= 1


GOOD_LEAD = {"people": 20, "earlier": 6, "later": 0, "median": 24, "seed": 1}
GOOD_IMMORTAL = {"people": 500, "median": 24, "planned": 0.3, "wait": 12, "ratio": 1, "seed": 1}
BAD = {
    "people": [0, -1, 2.5, 100_001, "20", None, math.nan],
    "earlier": [-1, math.inf, math.nan, "6"],
    "later": [-0.1, math.nan, None],
    "median": [0, -3, math.inf, "24"],
    "planned": [0, 1.1, math.nan],
    "wait": [0, -1, math.inf],
    "ratio": [0, -1, math.nan],
    "seed": [-1, 0.5, None, True],
}


@pytest.mark.parametrize(
    ("simulate", "good"), [(lead_time, GOOD_LEAD), (immortal_time, GOOD_IMMORTAL)], ids=["lead", "immortal"]
)
def test_each_argument_is_checked_by_name(simulate, good):
    for argument in good:
        for value in BAD[argument]:
            with pytest.raises(ClinicError) as caught:
                simulate(**good | {argument: value})
            assert caught.value.argument == argument


def test_groups_that_would_be_empty_are_refused():
    with pytest.raises(ClinicError, match="some are treated and some not"):
        immortal_time(1, 24, 0.3, 12, 1, 1)
    for month in (0, -1, 10_000, math.nan):
        with pytest.raises(ClinicError, match="month"):
            immortal_time(500, 24, 0.3, 12, 1, 1).landmark(month)
