"""Two clones: what can be solved by hand, what may never happen, and when pauses gain."""

import math
import timeit

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spinemets.clinic import resistance
from spinemets.clinic.errors import ClinicError
from spinemets.clinic.resistance import (
    ASSUMPTIONS,
    EQUATIONS,
    LIMIT,
    PLANS,
    Tumour,
    any_resistant,
    expected_resistant,
    regrowth,
    simulate,
)
from spinemets.mathml import mathml

FREE = math.inf
DAY = 1 / 30
SHARES = (1e-4, 1e-2)
COSTS = (0, 0.3)
plans = st.sampled_from(PLANS)
tumours = st.builds(
    Tumour,
    share=st.floats(0, 1),
    cost=st.floats(0, 1),
    doubling=st.floats(1, 60),
    kill=st.floats(0, 2),
    capacity=st.one_of(st.floats(1.5, 100), st.just(FREE)),
)


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("cost", COSTS)
def test_regrowth_without_competition_is_the_doubling_time_times_the_doublings(share, cost):
    course = simulate("continuous", Tumour(share=share, cost=cost, capacity=FREE))
    by_hand = regrowth(share, 2, cost)
    assert by_hand == pytest.approx(2 / (1 - cost) * math.log2(LIMIT / share))
    assert by_hand - 3 * DAY < course.stopped <= by_hand + DAY


def test_seven_doublings_by_hand():
    """From 1 in 100 to 1.28 are seven doublings, so to 1.2 a little less."""
    assert 6.9 < regrowth(0.01, 1) < 7
    assert regrowth(0.01, 3) == pytest.approx(3 * regrowth(0.01, 1))
    assert regrowth(0.005, 3) == pytest.approx(3 + regrowth(0.01, 3))
    assert regrowth(1, 2) == pytest.approx(2 * math.log2(LIMIT))


def test_both_clones_follow_their_exponentials_without_competition():
    tumour = Tumour(share=0.01, cost=0.2, doubling=3, kill=0.9, capacity=FREE)
    course = simulate("continuous", tumour)
    growth, t = math.log(2) / 3, course.months
    assert course.sensitive == pytest.approx(0.99 * np.exp((growth - 0.9) * t))
    assert course.resistant == pytest.approx(
        0.0099 * np.exp(0.8 * growth * t) + 0.0001 * np.exp(0.8 * growth * t), rel=1e-9
    )
    assert course.burden[-1] == pytest.approx(LIMIT, rel=1e-3)


@pytest.mark.parametrize("plan", ["continuous", "combined"])
def test_only_resistant_cells_grow_along_the_logistic_curve(plan):
    course = simulate(plan, Tumour(share=1, capacity=2, doubling=2))
    grown = np.exp(math.log(2) / 2 * course.months) / (2 - 1)
    assert course.burden == pytest.approx(2 * grown / (1 + grown), rel=1e-6)
    assert course.stopped == pytest.approx(2 * math.log2(1.2 / 0.8), abs=DAY)


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("capacity", [2, FREE])
def test_without_resistant_cells_treatment_goes_on_working(plan, capacity):
    course = simulate(plan, Tumour(share=0, capacity=capacity))
    assert course.stopped is None and course.progressions == ()
    assert not course.resistant.any() and course.months[-1] == 120


def test_a_drug_that_removes_nothing_stops_working_when_the_tumour_has_grown():
    course = simulate("continuous", Tumour(share=0, kill=0, capacity=FREE))
    assert course.stopped == pytest.approx(2 * math.log2(LIMIT), abs=DAY)
    assert simulate("in sequence", Tumour(share=0, kill=0)).progressions[1] == pytest.approx(
        simulate("in sequence", Tumour(share=0, kill=0)).progressions[0], abs=DAY
    )


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("cost", COSTS)
def test_pauses_gain_nothing_without_competition_with_or_without_a_cost(share, cost):
    tumour = Tumour(share=share, cost=cost, capacity=FREE)
    continuous, adaptive = simulate("continuous", tumour), simulate("adaptive", tumour)
    assert adaptive.stopped <= continuous.stopped + DAY
    assert adaptive.drug_share < continuous.drug_share == 1


@pytest.mark.parametrize("share", SHARES)
def test_pauses_gain_with_competition_also_without_a_cost_and_more_with_one(share):
    gains = []
    for cost in COSTS:
        tumour = Tumour(share=share, cost=cost, capacity=2)
        gains.append(simulate("adaptive", tumour).stopped - simulate("continuous", tumour).stopped)
    assert 1 < gains[0] < gains[1]


def test_the_gain_of_pauses_fades_with_the_room_to_grow():
    def gain(capacity):
        tumour = Tumour(capacity=capacity)
        return simulate("adaptive", tumour).stopped / simulate("continuous", tumour).stopped

    gains = [gain(capacity) for capacity in (1.5, 2, 5, 20, 1000)]
    assert gains == sorted(gains, reverse=True)
    assert gains[-1] == pytest.approx(1, abs=0.02)


def test_pauses_can_lose_where_the_drug_removes_little():
    """A plan is no winner by construction: sensitive cells left over count in the burden too."""
    tumour = Tumour(share=0.3, kill=0.4, doubling=2, capacity=FREE)
    assert simulate("adaptive", tumour).stopped <= simulate("continuous", tumour).stopped


@pytest.mark.parametrize("capacity", [2, FREE])
def test_the_adaptive_plan_keeps_to_its_rule(capacity):
    course = simulate("adaptive", Tumour(share=1e-4, capacity=capacity))
    changes = np.flatnonzero(np.diff(course.first.astype(int))) + 1
    assert len(changes) > 4 and course.first[0] and not course.second.any()
    for i in changes:
        level = resistance.RESUME if course.first[i] else resistance.PAUSE
        assert course.burden[i] == pytest.approx(level, rel=1e-5)
    paused = ~course.first
    assert (course.burden[paused] < resistance.RESUME * 1.002).all()
    assert (course.burden >= resistance.PAUSE * 0.998).all()


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("cost", COSTS)
def test_two_drugs_at_once_delay_the_first_progression_and_without_competition_not_the_last(share, cost):
    tumour = Tumour(share=share, cost=cost, capacity=FREE)
    continuous, sequence, combined = (simulate(plan, tumour) for plan in ("continuous", "in sequence", "combined"))
    assert sequence.progressions[0] == continuous.stopped
    assert combined.stopped > sequence.progressions[0] + 6
    assert combined.stopped == pytest.approx(regrowth(share**2, 2, cost), abs=3 * DAY)
    assert sequence.stopped == pytest.approx(combined.stopped, abs=3 * DAY)
    assert combined.burden.min() < sequence.burden.min()


def test_the_second_drug_takes_the_place_of_the_first():
    course = simulate("in sequence")
    assert (course.first ^ course.second).all()
    assert course.months[course.second][0] == course.progressions[0]
    assert simulate("combined").first.all() and simulate("combined").second.all()


@settings(max_examples=80, deadline=None)
@given(plans, tumours, st.integers(1, 120))
def test_amounts_stay_amounts(plan, tumour, months):
    course = simulate(plan, tumour, months)
    for clone in (course.sensitive, course.resistant):
        assert np.isfinite(clone).all() and (clone >= 0).all()
    assert (course.burden <= LIMIT * 1.05).all()
    assert (np.diff(course.months) >= 0).all() and course.months[-1] <= months
    assert 0 <= course.drug_share <= 1
    assert course.stopped is None or course.stopped == course.progressions[-1] == course.months[-1]
    assert len(course.progressions) <= (2 if plan == "in sequence" else 1)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([plan for plan in PLANS if plan != "adaptive"]), st.floats(1e-6, 0.5), st.floats(1, 2))
def test_more_resistant_cells_never_help(plan, share, factor):
    few, many = (simulate(plan, Tumour(share=amount)).stopped for amount in (share, share * factor))
    assert (many or 120) <= (few or 120) + DAY


@settings(max_examples=40, deadline=None)
@given(st.floats(1e-6, 0.5), st.floats(0, 0.4), st.floats(0, 0.4))
def test_a_higher_cost_never_hurts_the_continuous_plan(share, one, other):
    low, high = (simulate("continuous", Tumour(share=share, cost=cost)).stopped for cost in sorted((one, other)))
    assert (high or 120) >= (low or 120) - DAY


@pytest.mark.parametrize("plan", PLANS)
def test_the_steps_are_small_enough(plan, monkeypatch):
    cases = [
        Tumour(share=share, cost=cost, capacity=capacity)
        for share in SHARES
        for cost in COSTS
        for capacity in (1.5, 2, FREE)
    ]
    coarse = [simulate(plan, tumour).progressions for tumour in cases]
    monkeypatch.setattr(resistance, "STEP", resistance.STEP / 2)
    for before, tumour in zip(coarse, cases, strict=True):
        assert simulate(plan, tumour).progressions == pytest.approx(before, abs=DAY)


def test_the_same_call_gives_the_same_numbers():
    one, other = simulate("adaptive"), simulate("adaptive")
    assert (one.burden == other.burden).all() and one.progressions == other.progressions


def test_a_resistant_cell_before_treatment():
    """Goldie and Coldman: with 10^9 cells and a mutation in 10^9 divisions, 1 - 1/e; with 10^7, 1 in 100."""
    assert any_resistant(10**9, 1e-9) == pytest.approx(1 - 1 / math.e)
    assert any_resistant(10**7, 1e-9) == pytest.approx(0.01, rel=0.01)
    assert any_resistant(2, 0.3) == pytest.approx(0.3)
    assert any_resistant(1, 0.5) == any_resistant(10**9, 0) == any_resistant(1, 1) == 0
    assert any_resistant(2, 1) == 1


def test_resistant_cells_expected_before_treatment():
    assert expected_resistant(10**9, 0) == expected_resistant(1, 0.5) == 0
    assert expected_resistant(10**6, 1) == pytest.approx(10**6 - 1)
    assert expected_resistant(10**9, 1e-9) == pytest.approx(math.log(1e9), rel=1e-6)
    assert expected_resistant(10**4, 0.5) == pytest.approx(10**4 - 100)


@given(st.integers(1, 10**12), st.floats(0, 1), st.floats(1, 1.5))
def test_larger_tumours_and_more_mutation_mean_more_resistance(cells, mutation, factor):
    assert 0 <= any_resistant(cells, mutation) <= any_resistant(2 * cells, mutation) <= 1
    assert any_resistant(cells, mutation) <= any_resistant(cells, min(1, mutation * factor))
    assert any_resistant(cells, mutation) <= expected_resistant(cells, mutation) * (1 + 1e-9) + 1e-9 or cells < 10
    assert 0 <= expected_resistant(cells, mutation) <= cells


def test_the_system_can_be_shown():
    shown = "".join(equation.tex for equation in EQUATIONS)
    for equation in EQUATIONS:
        assert "<math" in mathml(equation.tex, block=True) and equation.says.endswith(".")
    for one in Tumour.parameters():
        assert one.symbol in shown or one.name == "share"
        assert one.origin == "assumed" and one.unit
    assert len(ASSUMPTIONS) >= 5


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: simulate("sequential"), "plan"),
        (lambda: simulate("continuous", months=0), "months"),
        (lambda: simulate("continuous", months=121), "months"),
        (lambda: simulate("continuous", False), "tumour"),
        (lambda: simulate("continuous", ""), "tumour"),
        (lambda: simulate("continuous", 0.01), "tumour"),
        (lambda: Tumour(share=-0.1), "share"),
        (lambda: Tumour(share=math.nan), "share"),
        (lambda: Tumour(cost=1.1), "cost"),
        (lambda: Tumour(doubling=0), "doubling"),
        (lambda: Tumour(kill=None), "kill"),
        (lambda: Tumour(capacity=1.2), "capacity"),
        (lambda: Tumour(capacity=math.nan), "capacity"),
        (lambda: regrowth(0, 2), "share"),
        (lambda: regrowth(0.01, 2, 1), "cost"),
        (lambda: regrowth(0.01, math.inf), "doubling"),
        (lambda: any_resistant(0, 0.1), "cells"),
        (lambda: any_resistant(1.5, 0.1), "cells"),
        (lambda: any_resistant(10, -0.1), "mutation"),
        (lambda: expected_resistant(True, 0.1), "cells"),
    ],
)
def test_what_is_not_covered_is_refused(call, argument):
    with pytest.raises(ClinicError, match=rf"^{argument}: .* is not covered; expected .*model of this course"):
        call()


@pytest.mark.parametrize("plan", PLANS)
def test_a_run_is_quick(plan):
    tumour = Tumour(share=0)
    assert min(timeit.repeat(lambda: simulate(plan, tumour), number=1, repeat=20)) < 0.005
