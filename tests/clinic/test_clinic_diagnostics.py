"""Bayes, natural frequencies and intervals, against published counts and against each other."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spinemets.clinic.diagnostics import (
    Estimated,
    Interval,
    Test,
    after,
    both,
    difference,
    either,
    odds_ratio,
    people,
    post_test,
    post_test_range,
    steps,
    wilson,
)
from spinemets.clinic.errors import ClinicError

CT = Test(0.70, 0.74)
MRI = Test(0.93, 0.85)
inside = st.floats(0.01, 0.99)
tests = st.builds(Test, inside, inside)
counts = st.integers(1, 20_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("events", "n", "low", "high"),
    [
        (479, 16977, 2.6, 3.1),
        (87, 479, 15.0, 21.9),
        (22, 39, 41.0, 70.7),
        (548, 3256, 15.6, 18.2),
        (42, 50, 71.5, 91.7),
        (29, 51, 43.3, 69.5),
        (10, 16, 38.6, 81.5),
        (3, 16, 6.6, 43.0),
    ],
)
def test_wilson_gives_the_dossiers_intervals(events, n, low, high):
    interval = wilson(events, n)
    assert (round(100 * interval.low, 1), round(100 * interval.high, 1)) == (low, high)


def test_the_trial_of_2005_from_its_counts():
    walked = difference(42, 50, 29, 51)
    assert round(100 * walked.value) == 27
    assert round(100 * walked.interval.low) in (9, 10)
    assert round(100 * walked.interval.high) in (43, 44)
    odds = odds_ratio(42, 50, 29, 51)
    assert round(odds.value, 2) == 3.98
    assert odds.interval.low < odds.value < odds.interval.high


def test_newcombes_own_example():
    """Newcombe 1998, method 10: 56/70 against 48/80 gives 0.0524 to 0.3339."""
    found = difference(56, 70, 48, 80)
    assert found.value == pytest.approx(0.2)
    assert found.interval == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_an_interval_of_almost_every_level_is_almost_everything():
    low, high = wilson(3, 10, 0.9999999999999999)
    assert 0 < low < wilson(3, 10, 0.9999).low and wilson(3, 10, 0.9999).high < high < 1


@given(counts)
def test_wilson_holds_the_share_and_mirrors(pair):
    events, n = pair
    interval = wilson(events, n)
    assert 0 <= interval.low <= events / n <= interval.high <= 1
    mirrored = wilson(n - events, n)
    assert mirrored.low == pytest.approx(1 - interval.high, abs=1e-12)


@given(counts, counts)
def test_a_difference_turns_its_sign_with_the_order(first, second):
    there, back = difference(*first, *second), difference(*second, *first)
    assert there.value == pytest.approx(-back.value)
    assert there.interval.low == pytest.approx(-back.interval.high, abs=1e-12)
    assert -1 - 1e-12 <= there.interval.low <= there.value <= there.interval.high <= 1 + 1e-12


@given(counts, counts)
def test_an_odds_ratio_inverts_with_the_order_or_is_refused(first, second):
    cells = (first[0], first[1] - first[0], second[0], second[1] - second[0])
    if 0 in cells:
        with pytest.raises(ClinicError, match="above 0"):
            odds_ratio(*first, *second)
    else:
        there, back = odds_ratio(*first, *second), odds_ratio(*second, *first)
        assert there.value == pytest.approx(1 / back.value)
        assert there.interval.low == pytest.approx(1 / back.interval.high)


def test_the_brief_at_a_cancer_clinic():
    """25 % before, CT negative: 75 of 630 have metastases, 12 %; with MRI's accuracy 3 %."""
    found = people(0.25, [(CT, False)])
    assert (found.diseased, found.healthy, found.matching) == (75, 555, 630)
    assert round(100 * post_test(0.25, [(CT, False)])) == 12
    assert round(100 * post_test(0.25, [(MRI, False)])) == 3


def test_plain_numbers_give_the_same_as_a_test():
    assert after(0.25, 0.70, 0.74, "negative") == post_test(0.25, [(CT, False)])
    assert after(0.25, 0.70, 0.74, "positive") == post_test(0.25, [(CT, True)])
    # 43 true and 143 false alarms in 1,000
    assert after(0.046, 0.93, 0.85, "positive") == pytest.approx(0.046 * 0.93 / (0.046 * 0.93 + 0.954 * 0.15))


@given(inside, tests)
def test_bayes_in_odds_form(before, test):
    for positive in (True, False):
        after = post_test(before, [(test, positive)])
        odds = before / (1 - before) * test.likelihood_ratio(positive)
        assert after == pytest.approx(odds / (1 + odds))


@given(inside, tests)
def test_the_results_together_give_back_the_probability_before(before, test):
    share = before * test.sensitivity + (1 - before) * (1 - test.specificity)
    mean = share * post_test(before, [(test, True)]) + (1 - share) * post_test(before, [(test, False)])
    assert mean == pytest.approx(before)


@given(inside, tests, tests, st.booleans(), st.booleans())
def test_the_order_of_two_tests_does_not_matter(before, one, two, first, second):
    there, back = [(one, first), (two, second)], [(two, second), (one, first)]
    assert post_test(before, there) == pytest.approx(post_test(before, back))
    after_one = post_test(before, there[:1])
    assert steps(before, there) == pytest.approx([before, after_one, post_test(after_one, there[1:])])


@given(tests, tests)
def test_tests_done_together(one, two):
    any_, all_ = either([one, two]), both([one, two])
    assert any_.sensitivity >= max(one.sensitivity, two.sensitivity) >= all_.sensitivity
    assert any_.specificity <= min(one.specificity, two.specificity) <= all_.specificity


@given(st.floats(0, 1), st.lists(st.tuples(tests, st.booleans()), max_size=3), st.integers(1, 10_000))
def test_people_are_whole_and_add_up(before, results, total):
    found = people(before, results, total)
    assert sum(found) == total
    assert min(found) >= 0
    assert all(isinstance(part, int) for part in found)
    assert found.diseased + found.other_diseased == pytest.approx(before * total, abs=0.51)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_probabilities_stay_probabilities_even_at_the_ends(before, sensitivity, specificity):
    test = Test(sensitivity, specificity)
    for positive in (True, False):
        try:
            assert 0 <= post_test(before, [(test, positive)]) <= 1
        except ClinicError as error:
            assert error.argument == "results"


def test_perfect_and_impossible_results():
    perfect = Test(1, 1)
    assert perfect.likelihood_ratio(True) == math.inf
    assert perfect.likelihood_ratio(False) == 0
    assert post_test(0.3, [(perfect, True)]) == 1
    with pytest.raises(ClinicError, match="can occur together"):
        post_test(0.3, [(perfect, True), (perfect, False)])
    with pytest.raises(ClinicError, match="can occur with this test"):
        Test(0, 1).likelihood_ratio(True)


@pytest.mark.parametrize(
    "call",
    [
        lambda: Test(1.1, 0.5),
        lambda: Test(0.5, -0.1),
        lambda: Test(math.nan, 0.5),
        lambda: post_test(25, []),
        lambda: people(0.5, [], total=0),
        lambda: wilson(1, 0),
        lambda: wilson(-1, 5),
        lambda: wilson(6, 5),
        lambda: wilson(1, 5, level=1),
        lambda: either([]),
        lambda: both([]),
        lambda: Test("0.9", 0.5),
        lambda: Test(True, 0.5),
        lambda: CT.likelihood_ratio("positive"),
        lambda: post_test(math.nan, []),
        lambda: post_test(0.5, [CT]),
        lambda: post_test(0.5, [(CT, "positive")]),
        lambda: post_test(0.5, None),
        lambda: after(0.5, 0.7, 0.74, "unclear"),
        lambda: after(0.5, 70, 0.74, "positive"),
        lambda: after(0, 1, 1, "positive"),
        lambda: people(0.5, [], total=10.5),
        lambda: wilson(1.5, 5),
        lambda: wilson("1", 5),
        lambda: wilson(1, 5, level=math.nan),
        lambda: either([0.9]),
        lambda: steps(0.5, None),
        lambda: steps(0.5, 3),
        lambda: wilson(3, 10**400),
        lambda: post_test_range(0.5, None),
        lambda: post_test_range(0.5, 4.5),
        lambda: post_test_range(1.5, Estimated(2, Interval(1, 4), "log")),
        lambda: post_test_range(0.5, Estimated(math.inf, Interval(1, math.inf), "log")),
        lambda: post_test_range(0.5, Estimated(-1, Interval(-2, 0), "log")),
        lambda: post_test_range(1, Estimated(0.1, Interval(0, 1), "log")),
    ],
)
def test_what_is_not_covered_is_refused(call):
    with pytest.raises(ClinicError, match="is not covered; expected"):
        call()
