"""Sleeping cells: the cases solved by hand, the published shares, and what a steady rate says in between."""

import math
import timeit

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spinemets.clinic.dormancy import (
    ASSUMPTIONS,
    END,
    EQUATIONS,
    NODES,
    SIZES,
    START,
    any_wakes,
    course,
    published,
    rate,
    recurred,
)
from spinemets.clinic.errors import ClinicError
from spinemets.evidence import finding
from spinemets.mathml import mathml

STAGES = [(size, nodes) for size in SIZES for nodes in NODES]
years = st.floats(0, 50)
rates = st.floats(0, 2)
shares = st.floats(0, 1)


def test_nobody_wakes_without_waking():
    assert not recurred(np.arange(20), 0).any()
    assert not recurred(np.arange(20), 0, 0.5, 0.1).any()
    assert recurred(0, 1) == recurred(10, 1, carriers=0) == 0


def test_a_constant_rate_by_hand():
    assert recurred(15, 0.02) == pytest.approx(1 - math.exp(-0.3))
    assert recurred(math.log(2) / 0.02, 0.02) == pytest.approx(0.5)
    assert recurred(100, 2, carriers=0.3) == pytest.approx(0.3), "all carriers have woken"


def test_other_events_take_their_part_by_hand():
    """Equal rates: half of the carriers meet each event first."""
    assert recurred(100, 1, others=1) == pytest.approx(0.5)
    assert recurred(10, 0.03, 0.8, 0.01) == pytest.approx(0.8 * 0.75 * (1 - math.exp(-0.4)))


@given(years, rates, shares, rates)
def test_other_events_never_raise_the_share(t, waking, carriers, others):
    with_others, without = recurred(t, waking, carriers, others), recurred(t, waking, carriers)
    assert 0 <= with_others <= without + 1e-12
    assert without <= carriers + 1e-12


@given(st.lists(years, min_size=2, max_size=20), rates, shares)
def test_the_share_only_rises(times, waking, carriers):
    assert (np.diff(recurred(sorted(times), waking, carriers)) >= 0).all()


@given(st.floats(0.01, 0.9), st.floats(0.5, 50), st.floats(0.01, 1))
def test_the_rate_gives_back_the_share_it_was_made_from(share, time, more):
    carriers = share + more * (1 - share)
    assert recurred(time, rate(share, time, carriers), carriers) == pytest.approx(share)


def test_the_rate_by_hand():
    assert rate(1 - math.exp(-0.3), 15) == pytest.approx(0.02)
    assert rate(0, 15) == 0
    assert rate(0.13, 15) == pytest.approx(0.00928, abs=1e-5)


@pytest.mark.parametrize(("size", "nodes"), STAGES)
def test_each_course_starts_at_0_and_meets_the_published_share_at_year_20(size, nodes):
    share = finding("late-recurrence")[size + nodes].value / 100
    for carriers in (1, 0.5):
        found = course(size, nodes, carriers)
        assert found.published == published(size, nodes) == share
        assert (found.years[0], found.years[-1], len(found.years)) == (START, END, 16)
        assert found.share[0] == 0 and found.share[-1] == pytest.approx(share)


def test_more_nodes_and_a_larger_tumour_wake_faster():
    waking = {(size, nodes): course(size, nodes).waking for size, nodes in STAGES}
    for size in SIZES:
        assert waking[size, "N0"] < waking[size, "N1-3"] < waking[size, "N4-9"]
    assert all(waking["T1", nodes] < waking["T2", nodes] for nodes in NODES)


@pytest.mark.parametrize(("size", "nodes"), STAGES)
def test_a_steady_rate_puts_somewhat_more_than_half_before_the_middle(size, nodes):
    """Steady means about the same number each year: the curve is nearly straight, and bends with fewer carriers."""

    def early(carriers):
        found = course(size, nodes, carriers)
        return float(np.interp(12.5, found.years, found.share)) / found.published

    assert 0.5 < early(1) < 0.57
    assert early(1) < early((1 + published(size, nodes)) / 2) < early(published(size, nodes) + 0.01)


def test_many_cells_that_seldom_wake_are_one_steady_rate():
    t = np.arange(16.0)
    assert any_wakes(t, 1e-8, 1e6) == pytest.approx(recurred(t, 0.01), abs=1e-6)


def test_cells_by_hand():
    assert any_wakes(5, 0.1, 0) == any_wakes(5, 0, 10) == any_wakes(0, 0.1, 10) == 0
    assert any_wakes(100, 2, 3) == pytest.approx(1 - math.exp(-3)), "some women carry none"
    assert any_wakes(math.log(2), 1, 2) == pytest.approx(1 - math.exp(-1)), "half of two cells on average have woken"


@given(years, rates, st.floats(0, 1000))
def test_more_cells_never_make_a_recurrence_less_likely(t, waking, cells):
    assert 0 <= any_wakes(t, waking, cells) <= any_wakes(t, waking, cells * 2) <= 1


def test_the_model_can_be_shown():
    for equation in EQUATIONS:
        assert "<math" in mathml(equation.tex, block=True) and equation.says.endswith(".")
    assert len(ASSUMPTIONS) >= 3


@pytest.mark.parametrize(
    ("call", "argument", "source"),
    [
        (lambda: published("T3", "N0"), "size", "late-recurrence"),
        (lambda: published("T1", "N2"), "nodes", "late-recurrence"),
        (lambda: course("t1", "N0"), "size", "late-recurrence"),
        (lambda: course("T2", "N4-9", 0.41), "carriers", "model of this course"),
        (lambda: course("T2", "N4-9", 1.1), "carriers", "model of this course"),
        (lambda: recurred(-1, 0.1), "years", "model of this course"),
        (lambda: recurred([1, math.nan], 0.1), "years", "model of this course"),
        (lambda: recurred([], 0.1), "years", "model of this course"),
        (lambda: recurred("ten", 0.1), "years", "model of this course"),
        (lambda: recurred([[1], [1, 2]], 0.1), "years", "model of this course"),
        (lambda: recurred(1, -0.1), "waking", "model of this course"),
        (lambda: recurred(1, math.inf), "waking", "model of this course"),
        (lambda: recurred(1, 0.1, 2), "carriers", "model of this course"),
        (lambda: recurred(1, 0.1, 1, -1), "others", "model of this course"),
        (lambda: rate(1, 15), "carriers", "model of this course"),
        (lambda: rate(0.5, 0), "years", "model of this course"),
        (lambda: rate(None, 15), "share", "model of this course"),
        (lambda: any_wakes(1, 0.1, -1), "cells", "model of this course"),
    ],
)
def test_what_is_not_covered_is_refused(call, argument, source):
    with pytest.raises(ClinicError, match=rf"^{argument}: .* is not covered; expected .*{source}"):
        call()


def test_a_course_is_quick():
    course("T1", "N0")
    assert min(timeit.repeat(lambda: course("T1", "N0"), number=1, repeat=20)) < 0.005
