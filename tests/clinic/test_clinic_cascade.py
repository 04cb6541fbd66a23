"""The thinning of cells: what can be solved by hand, and what chance must respect."""

import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spinemets.clinic.cascade import STEPS, at_least_one, clustered, expected, share_per_step, simulate
from spinemets.clinic.errors import ClinicError

RATE = 1 / 60_000_000
cells = st.integers(0, 10**9)
rates = st.floats(1e-12, 1)
seeds = st.integers(0, 2**32)


def test_as_many_cells_as_the_model_says_found_one_metastasis_on_average():
    assert expected(60_000_000, RATE)[-1] == pytest.approx(1)
    assert at_least_one(60_000_000, RATE) == pytest.approx(1 - 1 / math.e)


def test_the_steps_multiply_to_the_measured_rate_and_are_alike():
    assert share_per_step(RATE) ** len(STEPS) == pytest.approx(RATE)
    counts = expected(1000, 1 / 1000)
    assert counts == pytest.approx((1000, 100, 10, 1))


@given(cells, rates, seeds)
def test_a_run_only_loses_cells_and_repeats(shed, rate, seed):
    run = simulate(shed, rate, seed)
    assert run[0] == shed
    assert len(run) == len(STEPS) + 1
    assert all(before >= after >= 0 for before, after in zip(run, run[1:], strict=False))
    assert simulate(shed, rate, seed) == run


@given(cells, seeds)
def test_the_limits(shed, seed):
    assert simulate(shed, 1, seed) == (shed,) * 4
    assert simulate(0, RATE, seed) == (0, 0, 0, 0)


def test_runs_scatter_around_the_expected_and_none_is_as_frequent_as_computed():
    ends = [simulate(60_000_000, RATE, seed)[-1] for seed in range(2000)]
    assert sum(ends) / 2000 == pytest.approx(1, abs=0.1)
    assert ends.count(0) / 2000 == pytest.approx(1 / math.e, abs=0.04)


@given(st.integers(0, 10**9), rates)
def test_more_cells_never_make_a_metastasis_less_likely(shed, rate):
    assert 0 <= at_least_one(shed, rate) <= at_least_one(shed + 1000, rate) <= 1
    assert at_least_one(1, rate) == pytest.approx(rate)


def test_clusters_raise_the_rate_by_their_factor():
    assert expected(60_000_000, clustered(RATE, 23))[-1] == pytest.approx(23)


@pytest.mark.parametrize(
    "call",
    [
        lambda: simulate(-1, RATE, 1),
        lambda: simulate(10**16, RATE, 1),
        lambda: expected(1, 0),
        lambda: share_per_step(2),
        lambda: clustered(0.5, 3),
        lambda: clustered(RATE, 0),
    ],
)
def test_what_is_not_covered_is_refused(call):
    with pytest.raises(ClinicError, match="is not covered"):
        call()


def test_a_run_is_quick():
    times = []
    for seed in range(20):
        start = time.perf_counter()
        simulate(10**9, RATE, seed)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.005
