"""Methods for times until an event: by hand, against lifelines, and on the cohorts' published numbers."""

import math
import time
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.statistics import logrank_test
from lifelines.utils import median_survival_times, restricted_mean_survival_time

from spinemets.clinic import cohorts, survival
from spinemets.clinic.cox import cox
from spinemets.clinic.errors import ClinicError
from spinemets.clinic.published import Published, published
from spinemets.clinic.survival import (
    Outcome,
    cumulative_incidence,
    in_years,
    kaplan_meier,
    landmark,
    log_rank,
    median,
    rate,
    restricted_mean,
    time_until,
)
from spinemets.evidence import finding, table

outcomes = st.lists(st.tuples(st.integers(0, 60), st.sampled_from([0, 1, 2])), min_size=1, max_size=30).map(
    lambda rows: Outcome(np.array([float(t) for t, _ in rows]), np.array([e for _, e in rows]))
)


def trial(hormone):
    table = cohorts.gbsg2()
    table = table[table["hormone_therapy"] == hormone]
    return in_years(table["days"], table["recurrence_or_death"])


# Curves --------------------------------------------------------------------------------------------------------------


@given(outcomes)
def test_a_curve_falls_within_its_bounds_and_shares_add_up(outcome):
    curve = kaplan_meier(outcome)
    assert np.all(np.diff(curve.values) <= 1e-12)
    assert np.all(curve.low <= curve.values + 1e-12) and np.all(curve.values <= curve.high + 1e-12)
    first, second = cumulative_incidence(outcome, 1), cumulative_incidence(outcome, 2)
    either = kaplan_meier(Outcome(outcome.years, (outcome.event > 0).astype(int)))
    assert np.allclose(first.values + second.values + either.values, 1)
    assert np.all(first.values <= 1 - curve.values + 1e-12)


def test_delayed_entry_by_hand():
    """At 2 one of two at risk dies (the third enters at 2, so not yet), at 3 one of two, at 5 the last."""
    outcome = Outcome(np.array([2.0, 3.0, 5.0]), np.array([1, 1, 1]), np.array([0.0, 1.0, 2.0]))
    assert kaplan_meier(outcome).values == pytest.approx([1, 1 / 2, 1 / 4, 0])
    # Person-years: 2 + (3 - 1) + (5 - 2); within the first three years 2 + 2 + 1.
    assert rate(outcome, 0, math.inf).value == pytest.approx(100 * 3 / 7)
    assert rate(outcome, 0, 3).value == pytest.approx(100 * 2 / 5)


def test_delayed_entry_equals_lifelines():
    rng = np.random.default_rng(5)
    entry = rng.uniform(0, 2, 300)
    years, event = entry + rng.exponential(3, 300), rng.integers(0, 2, 300)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = KaplanMeierFitter().fit(years, event, entry=entry)
    ours = kaplan_meier(Outcome(years, event, entry))
    for t in (1, 2, 4, 6):
        assert ours.at(t).value == pytest.approx(theirs.predict(t))


def test_who_leaves_on_entering_is_never_at_risk():
    with_one = Outcome(np.array([1.0, 2, 3]), np.array([1, 1, 0]), np.array([1.0, 0, 0]))
    without = Outcome(np.array([2.0, 3]), np.array([1, 0]), np.array([0.0, 0]))
    assert kaplan_meier(with_one).values == pytest.approx(kaplan_meier(without).values)
    assert log_rank(with_one, trial(True)).observed == (1, 94)


def test_the_clock_that_starts_too_early_guarantees_years():
    """Women whose metastasis came after five years have lived five years; the landmark takes the guarantee out."""
    late = cohorts.women()
    late = late[late["tom"] > 5]
    early_clock = kaplan_meier(cohorts.after_metastasis_from_diagnosis(late, delayed=False))
    assert early_clock.at(5).value == 1
    own_clock = kaplan_meier(cohorts.after_metastasis(late))
    assert own_clock.at(5).value < 0.25
    assert median(early_clock).value > 5 + median(own_clock).value


# Median, mean, landmark ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hormone", "n", "events", "days"), [(False, 440, 205, 1528), (True, 246, 94, 2018)])
def test_gbsg2_by_hormone_therapy(hormone, n, events, days):
    outcome = trial(hormone)
    assert (len(outcome.years), outcome.event.sum()) == (n, events)
    assert median(kaplan_meier(outcome)).value * survival.DAYS_PER_YEAR == pytest.approx(days)


def test_gbsg2_as_published():
    whole = cohorts.gbsg2()
    outcome = in_years(whole["days"], whole["recurrence_or_death"])
    assert round(median(kaplan_meier(outcome)).value, 1) == 4.9
    assert ((outcome.event == 1) & (outcome.years < 5)).sum() == 285
    assert ((outcome.event == 0) & (outcome.years < 5)).sum() == 280


def test_the_log_rank_test_of_gbsg2():
    found = log_rank(trial(False), trial(True))
    assert found.chi_square == pytest.approx(8.565, abs=5e-4)
    assert found.p == pytest.approx(0.0034, abs=5e-5)
    assert found.observed == (205, 94) and sum(found.expected) == pytest.approx(299)


def test_the_log_rank_test_equals_lifelines_on_ties():
    a, b = (cohorts.after_metastasis(cohorts.women(group)) for group in ("positive", "negative"))
    theirs = logrank_test(a.years, b.years, a.event, b.event)
    ours = log_rank(a, b)
    assert ours.chi_square == pytest.approx(theirs.test_statistic)
    assert ours.p == pytest.approx(theirs.p_value)
    assert round(ours.chi_square, 1) == 108.8
    assert log_rank(b, a).chi_square == pytest.approx(ours.chi_square)


def test_a_log_rank_test_by_hand():
    """At 1: one of 2 + 2, expected 1/2, variance 1/4; at 2: one of 1 + 2, expected 1/3, variance 2/9."""
    found = log_rank(Outcome(np.array([1.0, 2.0]), np.array([1, 1])), Outcome(np.array([3.0, 3.0]), np.array([0, 0])))
    assert found.expected[0] == pytest.approx(5 / 6)
    assert found.chi_square == pytest.approx((2 - 5 / 6) ** 2 / (1 / 4 + 2 / 9))


@pytest.mark.parametrize(("receptor", "months"), [("all", 21.6), ("positive", 25.2), ("negative", 11.0)])
def test_medians_after_metastasis(receptor, months):
    curve = kaplan_meier(cohorts.after_metastasis(cohorts.women(receptor)))
    found = median(curve)
    assert 12 * found.value == pytest.approx(months, abs=0.06)
    assert found.interval.low < found.value < found.interval.high


def test_a_median_has_lifelines_interval():
    outcome = cohorts.after_metastasis(cohorts.women())
    theirs = median_survival_times(KaplanMeierFitter().fit(*outcome[:2]).confidence_interval_)
    assert median(kaplan_meier(outcome)).interval == pytest.approx(tuple(theirs.iloc[0]))


@given(outcomes, st.floats(0.01, 0.99))
def test_a_quantile_is_where_the_curve_passes_it(outcome, left):
    curve = kaplan_meier(outcome)
    found = time_until(curve, left).value
    if math.isinf(found):
        assert curve.values[-1] > left
    else:
        assert curve.at(found).value <= left + 1e-9
        assert all(value > left for value in curve.values[curve.times < found])


def test_a_median_that_is_not_reached_is_infinite():
    found = median(kaplan_meier(Outcome(np.array([1.0, 2.0, 3.0]), np.array([1, 0, 0]))))
    assert found.value == math.inf


def test_a_restricted_mean_without_censoring_is_the_mean():
    """And its standard error that of the mean, with n in place of n - 1."""
    years = np.array([1.0, 2.0, 4.0, 9.0])
    found = restricted_mean(Outcome(years, np.ones(4, dtype=int)), 6)
    capped = np.minimum(years, 6)
    assert found.value == pytest.approx(capped.mean())
    assert found.standard_error == pytest.approx(capped.std() / 2)
    half = (found.interval.high - found.interval.low) / 2
    assert half == pytest.approx(1.959964 * found.standard_error)


@given(st.lists(st.floats(0.1, 20), min_size=2, max_size=25, unique=True), st.floats(0.2, 1))
def test_a_restricted_mean_without_censoring_is_the_mean_for_any_times(years, part):
    years = np.array(years)
    until = part * years.max()
    assume(until > 0.05)
    found = restricted_mean(Outcome(years, np.ones(len(years), dtype=int)), until)
    capped = np.minimum(years, until)
    assert found.value == pytest.approx(capped.mean())
    assert found.standard_error == pytest.approx(capped.std() / math.sqrt(len(years)), abs=1e-9)


@pytest.mark.parametrize("until", [1, 5, 10])
def test_a_restricted_mean_equals_lifelines(until):
    outcome = cohorts.after_metastasis(cohorts.women())
    fitted = KaplanMeierFitter().fit(*outcome[:2])
    assert restricted_mean(outcome, until).value == pytest.approx(
        restricted_mean_survival_time(fitted, until), rel=1e-5
    )


def test_the_error_of_a_restricted_mean_is_that_of_resampling():
    outcome = trial(True)
    rng = np.random.default_rng(2)
    means = []
    for _ in range(200):
        drawn = rng.integers(0, len(outcome.years), len(outcome.years))
        means.append(restricted_mean(Outcome(outcome.years[drawn], outcome.event[drawn]), 5).value)
    assert restricted_mean(outcome, 5).standard_error == pytest.approx(np.std(means), rel=0.12)


def test_a_landmark_gives_conditional_survival():
    outcome = cohorts.to_death(cohorts.rotterdam())
    whole = kaplan_meier(outcome)
    later = kaplan_meier(landmark(outcome, 5))
    assert later.at(5).value == pytest.approx(whole.at(10).value / whole.at(5).value)
    assert landmark(outcome, 0).years.size == (outcome.years > 0).sum()


def test_a_landmark_keeps_only_who_is_watched_by_then():
    outcome = Outcome(np.array([4.0, 6.0, 7.0]), np.array([1, 1, 0]), np.array([0.0, 1.0, 5.0]))
    found = landmark(outcome, 3)
    assert list(found.years) == [1, 3] and found.entry is None


# Cox -----------------------------------------------------------------------------------------------------------------


def test_cox_on_gbsg2():
    table = cohorts.gbsg2()
    outcome = in_years(table["days"], table["recurrence_or_death"])
    one = cox(outcome, table[["hormone_therapy"]])["hormone_therapy"].ratio
    assert (one.value, *one.interval) == pytest.approx((0.695, 0.544, 0.888), abs=5e-4)
    assert one.method == "Cox, Wald"
    names = ["hormone_therapy", "age", "postmenopausal", "size_mm", "nodes", "pr", "er"]
    model = cox(outcome, table[names].assign(grade=table["grade"].astype("category")))
    assert (model.people, model.events) == (686, 299)
    expected = {"hormone_therapy": 0.707, "size_mm": 1.008, "grade_2": 1.889, "grade_3": 2.181, "nodes": 1.050}
    for name, ratio in expected.items():
        assert model[name].ratio.value == pytest.approx(ratio, abs=5e-4)
    assert model.concordance == pytest.approx(0.692, abs=5e-4)
    frame = model.frame()
    assert list(frame.index) == [effect.name for effect in model.effects]
    assert frame.loc["nodes", "hazard ratio"] == model["nodes"].ratio.value


def test_the_check_of_proportional_hazards_finds_the_crossing_curves():
    table = cohorts.rotterdam()
    model = cox(cohorts.to_metastasis(table), pd.DataFrame({"positive": table["er"] >= 10}))
    assert (round(model["positive"].ratio.value, 3), model.events) == (0.854, 1281)
    assert model.proportional["positive"] < 1e-15
    assert cox(trial(True), cohorts.gbsg2()[lambda t: t["hormone_therapy"]][["nodes"]]).proportional["nodes"] > 0.05


def test_cox_with_delayed_entry_equals_lifelines():
    table = cohorts.rotterdam()
    table = table[table["tom"].notna()]
    outcome = cohorts.after_metastasis_from_diagnosis(table)
    positive = (table["er"] >= 10).to_numpy(float)
    frame = pd.DataFrame({"t": outcome.years, "e": outcome.event, "in": outcome.entry, "positive": positive})
    theirs = CoxPHFitter().fit(frame[frame["in"] < frame["t"]], "t", "e", entry_col="in").hazard_ratios_["positive"]
    assert cox(outcome, pd.DataFrame({"positive": positive}))["positive"].ratio.value == pytest.approx(theirs)


# Published points ----------------------------------------------------------------------------------------------------


def test_every_curve_of_the_two_clocks_is_redrawn_from_its_rows():
    rows = table("wolf-series").rows
    for group, clock in {(row["group"], row["clock"]) for row in rows}:
        curve = published("wolf-series", group=group, clock=clock)
        own = [row for row in rows if (row["group"], row["clock"]) == (group, clock)]
        assert (curve.months[0], curve.shares[0]) == (0, 1)
        assert list(curve.months[1:]) == [row["months"] for row in own]
        for row in own:
            found = curve.at(row["months"])
            assert found.value == row["alive_pct"] / 100 and found.method == "printed"


def test_the_exercise_on_two_clocks():
    first = published("wolf-series", group="stable spine", clock="overall survival").at(24).value
    second = published("wolf-series", group="stable spine", clock="from the first bone metastasis").at(24).value
    values = [value.value for value in finding("stat-timezero").values]
    assert [100 * first, 100 * second] == pytest.approx(values)


def test_trials_quantiles_are_a_curve():
    curve = published("kiely", months="mean_months")
    assert curve.time_until(0.5) == (21.7, 21.7)
    assert curve.at(55.8).value == pytest.approx(0.10)


points = st.lists(st.integers(0, 100), min_size=1, max_size=6).map(
    lambda drawn: Published(
        "x",
        "x",
        tuple(6.0 * i for i in range(len(drawn) + 1)),
        (1.0, *(p / 100 for p in sorted(drawn, reverse=True))),
    )
)


@given(points, st.floats(0, 1))
def test_between_points_the_curve_stays_between_them_and_never_beyond(curve, part):
    at = part * curve.months[-1]
    found = curve.at(at)
    assert found.interval.low - 1e-12 <= found.value <= found.interval.high + 1e-12
    before = max(i for i, month in enumerate(curve.months) if month <= at)
    assert found.interval.high <= curve.shares[before]
    with pytest.raises(ClinicError, match="the times printed"):
        curve.at(curve.months[-1] + 1e-6)


@given(points, st.floats(0.01, 0.99))
def test_the_place_of_a_median_holds_the_share(curve, left):
    if left < curve.shares[-1]:
        with pytest.raises(ClinicError):
            curve.time_until(left)
    else:
        low, high = curve.time_until(left)
        assert curve.at(high).value <= left <= curve.at(low).value


def test_conditional_survival_of_printed_times():
    curve = Published("x", "x", (0, 12, 24, 60), (1, 0.6, 0.3, 0.0))
    assert curve.given(12, 24) == pytest.approx(0.5)
    assert curve.given(0, 60) == 0
    for reached, months in ((60, 60), (24, 12), (12, 13), (13, 24)):
        with pytest.raises(ClinicError):
            curve.given(reached, months)


# What is refused -----------------------------------------------------------------------------------------------------


def bad(years=(1.0, 2.0), event=(1, 0), entry=None):
    return Outcome(np.array(years), np.array(event), None if entry is None else np.array(entry))


SOUND = bad()


@pytest.mark.parametrize(
    "outcome",
    [
        bad((), ()),
        bad((1.0,), (1, 0)),
        bad((math.nan, 1)),
        bad((math.inf, 1)),
        bad((-1, 1)),
        bad(event=(1, 3)),
        bad(event=(math.nan, 1)),
        bad(entry=(0.5,)),
        bad(entry=(0.5, 3)),
        bad(entry=(math.nan, 0)),
        Outcome([1.0, 2.0], [1, 0]),
        Outcome(SOUND.years, [1, 0]),
        Outcome(SOUND.years, SOUND.event, [0.0, 0.0]),
        Outcome(None, None),
        Outcome("ab", "10"),
        bad(years=("1", "2")),
        bad(event=("1", "0")),
        bad(entry=("0", "0")),
        bad(years=((1.0, 2.0), (3.0, 4.0)), event=((1, 0), (1, 0))),
        bad(years=1.0, event=1),
        (np.array([1.0]), np.array([1])),
        None,
    ],
)
@pytest.mark.parametrize(
    "method",
    [
        kaplan_meier,
        cumulative_incidence,
        lambda o: rate(o, 0, 1),
        lambda o: landmark(o, 0),
        lambda o: restricted_mean(o, 1),
        lambda o: log_rank(o, SOUND),
        lambda o: cox(o, pd.DataFrame({"x": [0, 1]})),
    ],
)
def test_an_impossible_outcome_is_refused_by_each_method(outcome, method):
    with pytest.raises(ClinicError, match="is not covered; expected"):
        method(outcome)


@pytest.mark.parametrize(
    "call",
    [
        lambda: in_years([1, "x"], [1, 0]),
        lambda: in_years([1, None], [1, 0]),
        lambda: in_years([1], [2.5, 1]),
        lambda: in_years([100, 200, 300], [0.5, 1.9, 1]),
        lambda: in_years([1, 10**400], [1, 0]),
        lambda: in_years([1, 2], [1, math.nan]),
        lambda: in_years(None, None),
        lambda: cumulative_incidence(SOUND, True),
        lambda: cumulative_incidence(SOUND, np.array([1, 2])),
        lambda: cumulative_incidence(SOUND, None),
        lambda: time_until(None),
        lambda: median("curve"),
        lambda: time_until(kaplan_meier(SOUND), 0),
        lambda: time_until(kaplan_meier(SOUND), 50),
        lambda: time_until(cumulative_incidence(SOUND), 0.5),
        lambda: restricted_mean(SOUND, 0),
        lambda: restricted_mean(SOUND, 2.1),
        lambda: restricted_mean(SOUND, math.nan),
        lambda: landmark(SOUND, 2),
        lambda: landmark(SOUND, "1"),
        lambda: log_rank(bad(event=(0, 0)), bad(event=(0, 0))),
        lambda: kaplan_meier(SOUND).at("1"),
        lambda: kaplan_meier(SOUND).at(math.nan),
        lambda: rate(SOUND, 0, math.nan),
        lambda: rate(SOUND, True, 2),
        lambda: rate(SOUND, 0, np.array([1, 2])),
        lambda: rate(SOUND, 0, pd.NA),
        lambda: cox(SOUND, pd.DataFrame({"x": [0]})),
        lambda: cox(SOUND, pd.DataFrame({"x": [0, 0]})),
        lambda: cox(SOUND, pd.DataFrame({"x": [0, None]})),
        lambda: cox(SOUND, pd.DataFrame({"years": [0, 1]})),
        lambda: cox(SOUND, pd.DataFrame({"x": [0, math.inf]})),
        lambda: cox(SOUND, [0, 1]),
        lambda: cox(SOUND, pd.DataFrame([[0, 1], [1, 0]], columns=["x", "x"])),
        lambda: cox(SOUND, pd.DataFrame([["a", 1], ["b", 0]], columns=["x", "x_b"])),
        lambda: cox(bad(event=(0, 0)), pd.DataFrame({"x": [0, 1]})),
        lambda: cox(trial(True), cohorts.gbsg2()[lambda t: t["hormone_therapy"]][["er"]])["pr"],
        lambda: published("wolf-series"),
        lambda: published("wolf-series", group="stable spine"),
        lambda: published("wolf-series", group="stabel spine", clock="overall survival"),
        lambda: published("wolf-series", months="days"),
        lambda: published("immortal-time", months="hr", percent="bias"),
    ],
)
def test_what_is_not_covered_is_refused(call):
    with pytest.raises(ClinicError, match="is not covered; expected"):
        call()


def test_a_cause_may_be_written_as_a_float():
    assert np.array_equal(cumulative_incidence(SOUND, 2.0).values, cumulative_incidence(SOUND, 2).values)


def test_events_in_years_are_whole_numbers():
    assert in_years([1, 2, 3], [False, 1.0, 2]).event.dtype == np.int64


def test_a_covariate_that_decides_everything_is_refused():
    years = np.arange(1.0, 41)  # 20 die first, those with the covariate
    outcome = Outcome(years, (years <= 20).astype(int))
    with pytest.raises(ClinicError, match="decides who has the event"):
        cox(outcome, pd.DataFrame({"x": (years <= 20).astype(int), "same": (years <= 20).astype(int)}))


@pytest.mark.parametrize("method", [kaplan_meier, lambda o: restricted_mean(o, 10), lambda o: median(kaplan_meier(o))])
def test_methods_are_quick_enough_to_draw_while_a_control_moves(method):
    outcome = cohorts.to_metastasis(cohorts.rotterdam())
    times = []
    for _ in range(20):
        start = time.perf_counter()
        method(outcome)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.005
