"""Results that other tests leave loose, computed once more by a slower way or by hand."""

import math

import numpy as np
import pytest

from spinemets.clinic import bone_cycle, cascade, resistance, sins
from spinemets.clinic.accuracy import Study, begg_greenes
from spinemets.clinic.diagnostics import people
from spinemets.clinic.errors import ClinicError
from spinemets.clinic.survival import Outcome, cumulative_incidence, kaplan_meier, landmark, rate, time_until

Z = 1.959963984540054


def test_the_interval_of_a_rate_follows_from_the_number_of_events():
    outcome = Outcome(np.array([1.0, 2, 4, 5]), np.array([1, 1, 0, 1]))
    found, reach = rate(outcome, 0, math.inf), math.exp(Z / math.sqrt(3))
    assert found.interval == pytest.approx((100 * 3 / 12 / reach, 100 * 3 / 12 * reach))


def test_an_event_at_the_start_of_a_period_belongs_to_the_period_before():
    outcome = Outcome(np.array([1.0, 2, 3]), np.array([1, 1, 1]))
    assert rate(outcome, 0, 1).value == pytest.approx(100 / 3)
    assert rate(outcome, 1, 3).value == pytest.approx(100 * 2 / 3)


def test_the_interval_of_a_cumulative_incidence_term_by_term():
    rng = np.random.default_rng(5)
    times = rng.permutation(np.arange(1.0, 61))
    outcome = Outcome(times, rng.integers(0, 3, 60))
    curve = cumulative_incidence(outcome)
    for year in (10, 25, 40, 50):
        left, share, steps = 1.0, 0.0, []
        for time in sorted(times[times <= year]):
            at_risk, event = int((times >= time).sum()), int(outcome.event[times == time][0])
            before, own, any_event = left, event == 1, event > 0
            share += before * own / at_risk
            left *= 1 - any_event / at_risk
            steps.append((at_risk, own, any_event, before, share))
        variance = sum(
            (share - then) ** 2 * any_event / (n * (n - any_event))
            + before**2 * own * (n - own) / n**3
            - 2 * (share - then) * before * own / n**2
            for n, own, any_event, before, then in steps
        )
        reach = math.exp(Z * math.sqrt(variance) / abs(share * math.log(share)))
        assert curve.at(year).value == pytest.approx(share)
        assert curve.at(year).interval == pytest.approx((share**reach, share ** (1 / reach)))


def test_who_enters_at_the_landmark_is_in_it():
    outcome = Outcome(np.array([3.0, 4, 5]), np.array([1, 0, 1]), np.array([0.0, 2, 2.5]))
    after = landmark(outcome, 2)
    assert list(after.years) == [1, 2] and list(after.event) == [1, 0]


@pytest.mark.parametrize("people", [10, 14, 22, 38, 90])
def test_a_median_is_reached_when_exactly_half_are_left(people):
    """The product of (n - 1) / n may miss 0.5 by a rounding error."""
    outcome = Outcome(np.arange(1.0, people + 1), np.ones(people, dtype=int))
    assert time_until(kaplan_meier(outcome)).value == people / 2


def test_half_a_person_is_rounded_up_though_the_product_falls_short():
    assert 0.29 * 50 < 14.5
    assert people(0.29, [], total=50).diseased == 15


@pytest.mark.parametrize("empty", range(4))
def test_begg_and_greenes_need_all_four_counts(empty):
    counts = [5, 5, 5, 5]
    counts[empty] = 0
    with pytest.raises(ClinicError, match="four counts above 0"):
        begg_greenes(Study(*counts), 20, 20)


def test_clones_that_would_be_too_large_are_refused():
    with pytest.raises(ClinicError, match="months"):
        cascade.clone_sizes(1, 1, 0, 30, seed=1)  # e^30, some 10^13


def test_without_tgf_beta_osteoclasts_follow_the_tumour_alone():
    """Then R = T, and C is the tumour's own curve smoothed with the rate of turnover."""
    course = bone_cycle.simulate("TGF-beta", 1, months=24, start=0)
    fine = np.linspace(0, 24, 24_001)
    weighted = np.exp(fine - 24) * bone_cycle.alone(fine)
    expected = float(((weighted[1:] + weighted[:-1]) / 2 * np.diff(fine)).sum())
    assert course.osteoclast[-1] == pytest.approx(expected, rel=1e-4)


def test_the_share_of_time_under_a_drug_counts_each_step_by_its_start():
    course = resistance.simulate("adaptive")
    spans = zip(course.months, course.months[1:], course.first, strict=False)
    given = sum(end - start for start, end, drug in spans if drug)
    assert 0 < course.drug_share < 1
    assert course.drug_share == pytest.approx(given / course.months[-1])


def test_half_of_a_body_is_not_more_than_half():
    assert sins.collapse_of(0, involved=50) == "none"
    assert sins.collapse_of(0, involved=50.1) == "no collapse, over half involved"
