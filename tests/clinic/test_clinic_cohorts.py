"""The Rotterdam cohort: pinned counts, and curves that agree with lifelines."""

import time
import warnings

import numpy as np
import pandas as pd
import pytest
from lifelines import AalenJohansenFitter, KaplanMeierFitter

from spinemets.clinic import cohorts
from spinemets.clinic.cohorts import (
    after_metastasis,
    after_metastasis_from_diagnosis,
    after_recurrence,
    cumulative_incidence,
    gbsg2,
    hazard_ratio,
    kaplan_meier,
    lymph_node,
    rate,
    rotterdam,
    to_death,
    to_metastasis,
    to_recurrence_or_death,
    women,
)
from spinemets.clinic.errors import ClinicError
from spinemets.clinic.survival import Outcome, in_years, median


def test_the_counts_of_the_file():
    table = rotterdam()
    met, dead, relapse = (table[column].notna() for column in ("tom", "tod", "tor"))
    assert table.shape == (2982, 17)
    assert (met.sum(), dead.sum(), relapse.sum()) == (1281, 1272, 474)
    assert ((met | relapse).sum(), (met & relapse).sum()) == (1518, 237)
    assert (met & dead).sum() == 1047
    assert (dead & ~met & ~relapse).sum() == 195
    assert table["pid"].is_unique


def test_a_students_change_stays_with_the_student():
    rotterdam()["tom"] = 0
    assert rotterdam()["tom"].notna().sum() == 1281


def test_receptor_groups():
    assert len(women("positive")) == 2278
    assert len(women("negative")) == 704
    assert women("positive")["tom"].notna().sum() == 964
    assert women("negative")["tom"].notna().sum() == 317
    assert len(women()) == 2982
    with pytest.raises(ClinicError, match="'positive' or 'negative'"):
        women("ER+")


@pytest.mark.parametrize(("years", "incidence", "naive"), [(5, 0.335, 0.341), (10, 0.453, 0.469), (15, 0.518, 0.546)])
def test_incidence_with_death_competing_and_the_error_of_leaving_it_out(years, incidence, naive):
    outcome = to_metastasis(rotterdam())
    assert cumulative_incidence(outcome).at(years).value == pytest.approx(incidence, abs=5e-4)
    assert 1 - kaplan_meier(outcome).at(years).value == pytest.approx(naive, abs=5e-4)


def test_metastasis_free_share_with_interval():
    curve = kaplan_meier(to_metastasis(rotterdam()))
    assert curve.at(2).value == pytest.approx(0.825, abs=5e-4)
    assert curve.at(5).interval == pytest.approx((0.642, 0.676), abs=6e-4)
    assert curve.at(10).interval == pytest.approx((0.511, 0.551), abs=6e-4)


@pytest.mark.parametrize(
    ("receptor", "shares"),
    [("positive", (0.854, 0.677, 0.530, 0.435)), ("negative", (0.733, 0.601, 0.535, 0.493))],
)
def test_the_curves_cross_near_ten_years(receptor, shares):
    curve = kaplan_meier(to_metastasis(women(receptor)))
    assert [curve.at(y).value for y in (2, 5, 10, 15)] == pytest.approx(shares, abs=6e-4)


@pytest.mark.parametrize(
    ("start", "end", "ratio", "low", "high"),
    [
        (0, np.inf, 0.854, 0.752, 0.969),
        (0, 2, 0.50, 0.42, 0.60),
        (2, 5, 1.15, 0.91, 1.44),
        (5, np.inf, 1.87, 1.34, 2.61),
    ],
)
def test_hazard_ratio_by_period(start, end, ratio, low, high):
    found = hazard_ratio(start, end)
    assert (found.value, *found.interval) == pytest.approx((ratio, low, high), abs=5.1e-3)


@pytest.mark.parametrize(
    ("start", "end", "positive", "negative"),
    [(0, 1, 5.4, 12.5), (1, 2, 10.3, 18.6), (2, 3, 9.1, 10.5), (3, 5, 7.1, 4.8), (5, 10, 4.9, 2.6)],
)
def test_rates_for_100_woman_years(start, end, positive, negative):
    for receptor, expected in (("positive", positive), ("negative", negative)):
        found = rate(to_metastasis(women(receptor)), start, end)
        assert round(found.value, 1) == expected
        assert found.interval.low < found.value < found.interval.high


def test_life_after_metastasis():
    curve = kaplan_meier(after_metastasis(rotterdam()))
    assert [curve.at(y).value for y in (1, 2, 5)] == pytest.approx((0.692, 0.451, 0.126), abs=6e-4)
    median = curve.times[np.argmax(curve.values <= 0.5)]
    assert 12 * median == pytest.approx(21.6, abs=0.06)


@pytest.mark.parametrize("receptor", ["all", "positive", "negative"])
def test_kaplan_meier_equals_lifelines(receptor):
    outcome = to_metastasis(women(receptor))
    theirs = KaplanMeierFitter().fit(outcome.years, outcome.event == 1)
    ours = kaplan_meier(outcome)
    table = theirs.survival_function_.join(theirs.confidence_interval_)
    assert np.allclose(ours.times, table.index)
    assert np.allclose(ours.values, table.iloc[:, 0])
    events = np.diff(ours.values, prepend=1) < 0
    assert np.allclose(ours.low[events], table.iloc[:, 1].to_numpy()[events], atol=1e-6)
    assert np.allclose(ours.high[events], table.iloc[:, 2].to_numpy()[events], atol=1e-6)


def test_cumulative_incidence_equals_lifelines_but_for_its_jitter():
    outcome = to_metastasis(rotterdam())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = AalenJohansenFitter(seed=1).fit(outcome.years, outcome.event, event_of_interest=1)
    ours = cumulative_incidence(outcome)
    for years in (1, 3, 5, 8, 10, 12, 15):
        density = theirs.cumulative_density_
        index = density.index.searchsorted(years, side="right") - 1
        assert ours.at(years).value == pytest.approx(density.iloc[index, 0], abs=5e-4)
        theirs_low, theirs_high = theirs.confidence_interval_.iloc[index]
        assert ours.at(years).interval == pytest.approx((theirs_low, theirs_high), abs=2e-3)


def test_the_interval_of_an_incidence_without_competing_deaths_is_greenwoods():
    rng = np.random.default_rng(3)
    outcome = Outcome(rng.exponential(5, 400).round(2), rng.integers(0, 2, 400))
    incidence, survival = cumulative_incidence(outcome), kaplan_meier(outcome)
    assert np.allclose(incidence.values, 1 - survival.values)
    middle = (incidence.values > 0.1) & (incidence.values < 0.9)
    # The scales of the two intervals differ (log(-log) of I and of 1 - I), their widths hardly.
    assert np.allclose((incidence.high - incidence.low)[middle], (survival.high - survival.low)[middle], rtol=0.1)


def test_shares_of_all_outcomes_add_up():
    outcome = to_metastasis(rotterdam())
    first, second = cumulative_incidence(outcome, 1), cumulative_incidence(outcome, 2)
    either = kaplan_meier(Outcome(outcome.years, (outcome.event > 0).astype(int)))
    assert np.allclose(first.values + second.values + either.values, 1)


def test_three_women_solved_by_hand():
    """At 1 a metastasis, at 2 a death, at 3 a metastasis: incidence 1/3 and 2/3; naively 1/3 and then all."""
    outcome = Outcome(np.array([1.0, 2, 3]), np.array([1, 2, 1]))
    curve = cumulative_incidence(outcome)
    assert list(curve.times) == [0, 1, 2, 3]
    assert curve.values == pytest.approx([0, 1 / 3, 1 / 3, 2 / 3])
    assert kaplan_meier(outcome).values == pytest.approx([1, 2 / 3, 2 / 3, 0])
    assert np.all(curve.low <= curve.values) and np.all(curve.values <= curve.high)


@pytest.mark.parametrize(
    "call",
    [
        lambda: cumulative_incidence(to_metastasis(rotterdam()), cause=3),
        lambda: kaplan_meier(to_metastasis(rotterdam())).at(40),
        lambda: kaplan_meier(to_metastasis(rotterdam())).at(-1),
        lambda: kaplan_meier(Outcome(np.array([]), np.array([]))),
        lambda: rate(to_metastasis(rotterdam()), 5, 5),
        lambda: rate(Outcome(np.array([1.0]), np.array([0])), 0, 1),
        lambda: hazard_ratio(3, 2),
        lambda: hazard_ratio([]),
        lambda: hazard_ratio(0, []),
        lambda: hazard_ratio(er_from=1e9),
    ],
)
def test_what_is_not_covered_is_refused(call):
    with pytest.raises(ClinicError):
        call()


@pytest.mark.parametrize(
    ("outcome", "events", "years", "shares"),
    [(to_death, 1272, 11.0, (0.744, 0.552)), (to_recurrence_or_death, 1713, 6.7, None)],
)
def test_death_and_recurrence_in_rotterdam(outcome, events, years, shares):
    found = outcome(rotterdam())
    curve = kaplan_meier(found)
    assert found.event.sum() == events
    assert round(median(curve).value, 1) == years
    if shares:
        assert (curve.at(5).value, curve.at(10).value) == pytest.approx(shares, abs=6e-4)


def test_a_hazard_ratio_is_kept():
    assert hazard_ratio(0, 2) is hazard_ratio(start=0, end=2)


def test_two_clocks_have_the_same_women_and_deaths():
    own, first = after_metastasis(rotterdam()), after_metastasis_from_diagnosis(rotterdam())
    assert len(own.years) == len(first.years) == 1281
    assert own.event.sum() == first.event.sum() == 1047
    assert np.allclose(first.years - first.entry, own.years)


def test_gbsg2_has_the_words_of_the_field():
    table = gbsg2()
    assert table.shape == (686, 10)
    assert table["recurrence_or_death"].sum() == 299
    assert table["hormone_therapy"].sum() == 246
    assert table["postmenopausal"].sum() == 396
    assert set(table["grade"]) == {1, 2, 3}
    assert not table.isna().any().any()
    assert {str(kind) for kind in table.dtypes} == {"int64", "bool"}


def test_lymph_node_is_the_same_trial_with_recurrence_and_death_apart():
    table = lymph_node()
    assert table.shape == (686, 14) and table["id"].is_unique
    assert (table["recurrence"].sum(), table["death"].sum()) == (299, 171)
    assert (table["death"] & ~table["recurrence"]).sum() == 0
    assert (table["recurrence_days"] <= table["death_days"]).all()
    assert (table["diagnosed"].min().year, table["diagnosed"].max().year) == (1984, 1989)
    shared = ["age", "postmenopausal", "hormone_therapy", "size_mm", "grade", "nodes", "pr", "er"]
    ours = table.rename(columns={"recurrence_days": "days", "recurrence": "recurrence_or_death"})
    columns = [*shared, "days", "recurrence_or_death"]
    one, other = (t[columns].sort_values(columns).reset_index(drop=True) for t in (ours, gbsg2()))
    pd.testing.assert_frame_equal(one, other)


def test_life_after_recurrence():
    outcome = after_recurrence(lymph_node())
    curve = kaplan_meier(outcome)
    assert (len(outcome.years), outcome.event.sum()) == (299, 171)
    assert 12 * median(curve).value == pytest.approx(17.9, abs=0.05)
    assert (curve.at(1).value, curve.at(2).value) == pytest.approx((0.594, 0.399), abs=6e-4)


def test_a_fresh_copy_of_each_table():
    for load in (rotterdam, gbsg2, lymph_node):
        load()["age"] = 0
        assert load()["age"].min() > 0


def test_days_become_years():
    assert in_years([365.25, 0], [True, False]).years == pytest.approx([1, 0])


@pytest.mark.parametrize(
    "call",
    [
        lambda: to_death(gbsg2()),
        lambda: to_metastasis(None),
        lambda: to_recurrence_or_death([1]),
        lambda: after_recurrence(rotterdam()),
        lambda: women("positive", er_from=np.nan),
        lambda: women("positive", er_from="10"),
        lambda: women(["all"]),
        lambda: hazard_ratio(er_from=-1),
        lambda: after_metastasis_from_diagnosis(rotterdam(), "no"),
        lambda: after_metastasis_from_diagnosis(rotterdam(), None),
        lambda: hazard_ratio(er_from=[]),
    ],
)
def test_a_table_of_another_cohort_or_a_bad_cut_off_is_refused(call):
    with pytest.raises(ClinicError, match="is not covered; expected .* data/(rotterdam|lifelines)/README.md"):
        call()


def test_a_curve_is_quick_enough_to_draw_while_a_control_moves():
    cohorts._table()
    times = []
    for _ in range(20):
        start = time.perf_counter()
        cumulative_incidence(to_metastasis(rotterdam()))
        times.append(time.perf_counter() - start)
    assert min(times) < 0.005


def test_the_copy_has_numbers_where_numbers_belong():
    table = rotterdam()
    assert all(pd.api.types.is_numeric_dtype(table[column]) for column in ("er", "tom", "tod", "tox", "nodes"))
