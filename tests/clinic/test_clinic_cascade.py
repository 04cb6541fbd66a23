"""The thinning of cells and the clones of those left: what can be solved by hand, and what chance must respect."""

import math
import time
import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spinemets.clinic.cascade import (
    ASSUMPTIONS,
    EQUATIONS,
    STEPS,
    at_least_one,
    clone_sizes,
    clustered,
    dies_out,
    expected,
    expected_size,
    extinction,
    founds,
    share_per_step,
    simulate,
)
from spinemets.clinic.errors import ClinicError
from spinemets.mathml import mathml

RATE = 1 / 60_000_000
cells = st.integers(0, 10**9)
rates = st.floats(1e-12, 1)
seeds = st.integers(0, 2**32)
per_month = st.floats(0, 10)
spans = st.floats(0, 60)


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
        lambda: clustered(RATE, math.nan),
        lambda: clustered(0, 1),
        lambda: simulate(1.5, RATE, 1),
        lambda: at_least_one(None, RATE),
        lambda: at_least_one(1, "often"),
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


def test_a_clone_dies_out_with_the_ratio_of_death_to_birth():
    assert dies_out(2, 1) == 0.5
    assert dies_out(1, 0) == 0
    assert dies_out(1, 2) == dies_out(0, 1) == 1


def test_equal_rates_end_every_clone_though_none_shrinks_on_average():
    """The critical process: by time t it has died out with probability bt / (1 + bt)."""
    assert dies_out(1, 1) == 1
    assert dies_out(1, 1, 3) == pytest.approx(0.75)
    assert expected_size(1, 1, 50) == 1
    assert dies_out(1, 1 + 1e-9, 3) == pytest.approx(0.75) == dies_out(1 + 1e-9, 1, 3)


def test_pure_death_and_pure_birth():
    assert dies_out(0, 0.2, 5) == pytest.approx(1 - math.exp(-1))
    assert expected_size(0, 0.2, 5) == pytest.approx(math.exp(-1))
    assert dies_out(0.2, 0, 60) == dies_out(0, 0) == 0
    assert expected_size(math.log(2), 0, 10) == pytest.approx(1024)


@given(per_month, per_month, spans, spans)
def test_clones_die_out_more_and_more_and_never_more_than_ever(birth, death, one, other):
    early, late = sorted((one, other))
    assert 0 <= dies_out(birth, death, early) <= dies_out(birth, death, late) + 1e-12
    assert dies_out(birth, death, late) <= dies_out(birth, death) + 1e-12


@given(st.floats(0.01, 10), st.floats(0.01, 10))
def test_after_a_long_time_what_ever_dies_out_has_died_out(birth, death):
    later = dies_out(birth, death, 10**7)
    assert later == pytest.approx(dies_out(birth, death), rel=1e-4)


@given(st.floats(0.01, 10), st.floats(0, 10))
def test_the_generations_agree_with_the_rates(birth, death):
    """Each cell ends by dividing, with probability birth / (birth + death), or by dying."""
    end = birth + death
    assert extinction((death / end, 0, birth / end)) == pytest.approx(dies_out(birth, death), rel=1e-5)


@pytest.mark.parametrize(
    ("offspring", "by_hand"),
    [
        ((0.25, 0.5, 0.25), 1),
        ((0.25, 0.25, 0.5), 0.5),
        ((0, 0.5, 0.5), 0),
        ((0, 1), 0),
        ((1,), 1),
        ((0.5, 0.5), 1),
        ((0.25, 0, 0, 0.75), (math.sqrt(7 / 3) - 1) / 2),
    ],
)
def test_extinction_by_hand(offspring, by_hand):
    """The last: q = 1/4 + 3/4 q^3 has the factor q - 1, which leaves 3 q^2 + 3 q - 1 = 0."""
    assert extinction(offspring) == pytest.approx(by_hand)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8).filter(lambda weights: sum(weights) > 0.01))
def test_extinction_solves_its_equation(weights):
    offspring = [weight / sum(weights) for weight in weights]
    q = extinction(offspring)
    assert 0 <= q <= 1
    assert sum(chance * q**count for count, chance in enumerate(offspring)) == pytest.approx(q, abs=1e-9)


def test_a_metastasis_is_founded_unless_all_clones_die_out():
    assert founds(3, 2, 1) == pytest.approx(1 - 0.5**3)
    assert founds(0, 2, 1) == founds(0, 1, 0) == 0
    assert founds(1, 1, 0) == 1
    assert founds(10**9, 1, 1) == 0, "a process that is critical founds none, however many cells there are"


@given(st.integers(0, 10**9), per_month, per_month)
def test_more_settled_cells_never_make_a_metastasis_less_likely(settled, birth, death):
    assert 0 <= founds(settled, birth, death) <= founds(settled + 1, birth, death) <= 1


def test_clones_scatter_as_computed():
    sizes = clone_sizes(10_000, 1.0, 0.5, 3, seed=1)
    assert sizes.count(0) / 10_000 == pytest.approx(dies_out(1.0, 0.5, 3), abs=0.02)
    assert sum(sizes) / 10_000 == pytest.approx(expected_size(1.0, 0.5, 3), rel=0.05)
    assert sizes == clone_sizes(10_000, 1.0, 0.5, 3, seed=1) != clone_sizes(10_000, 1.0, 0.5, 3, seed=2)


@given(st.integers(0, 100), st.floats(0, 1), st.floats(0, 1), st.floats(0, 20), seeds)
def test_the_limits_of_clones(count, birth, death, months, seed):
    assert clone_sizes(count, birth, death, 0, seed) == (1,) * count
    assert clone_sizes(count, 0, 0, months, seed) == (1,) * count
    sizes = clone_sizes(count, birth, death, months, seed)
    assert len(sizes) == count and all(size >= 0 for size in sizes)
    assert all(size >= 1 for size in clone_sizes(count, birth, 0, months, seed))
    assert all(size <= 1 for size in clone_sizes(count, 0, death, months, seed))


def test_the_branching_process_can_be_shown():
    for equation in EQUATIONS:
        assert "<math" in mathml(equation.tex, block=True) and equation.says.endswith(".")
    assert len(ASSUMPTIONS) >= 3


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: extinction(()), "offspring"),
        (lambda: extinction((0.5, 0.4)), "offspring"),
        (lambda: extinction((1.5, -0.5)), "offspring"),
        (lambda: extinction((math.nan, 1)), "offspring"),
        (lambda: extinction(None), "offspring"),
        (lambda: extinction("all"), "offspring"),
        (lambda: founds(-1, 1, 1), "cells"),
        (lambda: founds(-1, 1, 0), "cells"),
        (lambda: dies_out(-1, 1), "birth"),
        (lambda: dies_out(1, 11), "death"),
        (lambda: dies_out(1, 1, -1), "months"),
        (lambda: dies_out(1, math.nan), "death"),
        (lambda: expected_size(1, 1, 61), "months"),
        (lambda: clone_sizes(10_001, 1, 1, 1, 1), "cells"),
        (lambda: clone_sizes(1, 10, 0, 60, 1), "months"),
    ],
)
def test_what_the_branching_process_does_not_cover_is_refused(call, argument):
    with pytest.raises(ClinicError, match=rf"^{argument}: .* is not covered; expected .*model of this course"):
        call()


@pytest.mark.parametrize("wrong", [None, -1, 0.5, True, "x"])
@pytest.mark.parametrize("call", [lambda seed: simulate(10, 0.5, seed), lambda seed: clone_sizes(10, 1, 0.5, 3, seed)])
def test_a_run_without_a_seed_is_refused(call, wrong):
    with pytest.raises(ClinicError, match="whole number, 0 or more") as caught:
        call(wrong)
    assert caught.value.argument == "seed"


@pytest.mark.parametrize("call", [expected, at_least_one, lambda shed, rate: simulate(shed, rate, 1)])
@pytest.mark.parametrize("rate", [0.5, 1])
def test_a_number_of_cells_shed_is_refused_by_its_name(call, rate):
    for wrong in (-1, 1.5, None, 10**16):
        with pytest.raises(ClinicError, match="whole number") as caught:
            call(wrong, rate)
        assert caught.value.argument == "shed"


def test_clones_are_quick():
    assert min(timeit.repeat(lambda: clone_sizes(1000, 1, 0.9, 24, 1), number=1, repeat=20)) < 0.005
