"""Accuracy from counts, spectrum bias and verification bias: cases solved by hand, and what must always hold."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spinemets.clinic.accuracy import Detected, Study, begg_greenes, partly_verified, spectrum
from spinemets.clinic.diagnostics import Test, post_test, post_test_range
from spinemets.clinic.errors import ClinicError
from spinemets.clinic.intervals import combined, difference, log_interval, odds_ratio, proportion, ratio, wilson

STUDY = Study(90, 20, 10, 80)
cells = st.integers(1, 500)
studies = st.builds(Study, cells, cells, cells, cells)
inside = st.floats(0.01, 0.99)


def test_a_study_by_hand():
    """90 of 100 found, 80 of 100 cleared: ratios 0.9/0.2 and 0.1/0.8; variance of the log 1/90-1/100+1/20-1/100."""
    assert STUDY.sensitivity() == (0.9, wilson(90, 100), "Wilson")
    assert STUDY.specificity() == (0.8, wilson(80, 100), "Wilson")
    up = STUDY.likelihood_ratio(True)
    assert up.value == pytest.approx(4.5)
    reach = math.exp(1.959964 * math.sqrt(1 / 90 - 1 / 100 + 1 / 20 - 1 / 100))
    assert up.interval == pytest.approx((4.5 / reach, 4.5 * reach))
    assert up.method == "log (Katz)"
    assert STUDY.likelihood_ratio(False).value == pytest.approx(0.125)
    assert STUDY.predictive_value(True).value == pytest.approx(90 / 110)
    assert STUDY.predictive_value(False).value == pytest.approx(80 / 90)
    assert STUDY.test() == Test(0.9, 0.8)


@given(studies, inside)
def test_counts_and_bayes_agree(study, before):
    for positive in (True, False):
        found = study.likelihood_ratio(positive)
        assert found.value == pytest.approx(study.test().likelihood_ratio(positive))
        after = post_test_range(before, found)
        assert after.value == pytest.approx(post_test(before, [(study.test(), positive)]))
        assert 0 <= after.interval.low <= after.value <= after.interval.high <= 1
    share = study.diseased / (study.diseased + study.healthy)
    assert study.predictive_value(True).value == pytest.approx(post_test(share, [(study.test(), True)]))


@given(studies)
def test_a_ratio_inverts_and_narrows(study):
    there = study.likelihood_ratio(True)
    back = ratio(study.false_positives, study.healthy, study.true_positives, study.diseased)
    assert there.value == pytest.approx(1 / back.value)
    assert there.interval.low == pytest.approx(1 / back.interval.high)
    narrow = study.likelihood_ratio(True, level=0.8).interval
    assert there.interval.low <= narrow.low <= narrow.high <= there.interval.high


def test_newcombe_is_the_combination_of_two_wilson_intervals():
    found = difference(56, 70, 48, 80)
    assert found.method == "Newcombe"
    assert found[:2] == combined((1, -1), (proportion(56, 70), proportion(48, 80)))[:2]


# Spectrum ------------------------------------------------------------------------------------------------------------

DEGREES = {"mild": Detected(50, 100), "advanced": Detected(90, 100)}


@pytest.mark.parametrize(("mild", "sensitivity"), [(0, 0.9), (0.5, 0.7), (0.9, 0.54), (1, 0.5)])
def test_sensitivity_falls_with_the_share_of_mild_disease(mild, sensitivity):
    found = spectrum(DEGREES, {"mild": mild, "advanced": 1 - mild})
    assert found.value == pytest.approx(sensitivity)
    assert found.method == "MOVER from Wilson"


def test_one_degree_alone_keeps_its_own_interval():
    assert spectrum(DEGREES, {"mild": 1, "advanced": 0}).interval == pytest.approx(wilson(50, 100))


@given(inside, st.integers(0, 50), st.integers(0, 50))
def test_a_mix_lies_between_its_degrees(mild, few, many):
    degrees = {"mild": Detected(few, 50), "advanced": Detected(many, 50)}
    found = spectrum(degrees, {"mild": mild, "advanced": 1 - mild})
    assert min(few, many) / 50 - 1e-9 <= found.value <= max(few, many) / 50 + 1e-9
    assert -1e-9 <= found.interval.low <= found.value <= found.interval.high <= 1 + 1e-9


# Verification --------------------------------------------------------------------------------------------------------


def test_verification_by_hand():
    """Of 200 ill 140 test positive, of 800 others 80; all 220 positives and 78 of 780 negatives are verified."""
    apparent = partly_verified(Test(0.7, 0.9), 1, 0.1)
    assert apparent.sensitivity == pytest.approx(140 / 146)
    assert apparent.specificity == pytest.approx(72 / 152)
    corrected = begg_greenes(Study(140, 80, 6, 72), 220, 780)
    assert corrected.sensitivity.value == pytest.approx(0.7)
    assert corrected.specificity.value == pytest.approx(0.9)
    assert corrected.sensitivity.method == "delta method on the logit"


def test_only_positives_verified_seems_perfect_and_useless():
    assert partly_verified(Test(0.7, 0.9), 1, 0) == Test(1, 0)


@given(inside, inside, inside, inside)
def test_verifying_positives_more_raises_sensitivity_and_lowers_specificity(sensitivity, specificity, up, down):
    true = Test(sensitivity, specificity)
    apparent = partly_verified(true, up, down)
    if up >= down:
        assert apparent.sensitivity >= sensitivity - 1e-9 and apparent.specificity <= specificity + 1e-9
    same = partly_verified(true, up, up)
    assert (same.sensitivity, same.specificity) == pytest.approx((sensitivity, specificity))


@given(studies)
def test_with_all_verified_nothing_is_corrected(study):
    found = begg_greenes(
        study, study.true_positives + study.false_positives, study.false_negatives + study.true_negatives
    )
    assert found.sensitivity.value == pytest.approx(study.sensitivity().value)
    assert found.specificity.value == pytest.approx(study.specificity().value)
    # Then the interval is the logit's own: variance 1/a + 1/b of the odds.
    a, b = study.true_positives, study.false_negatives
    low = found.sensitivity.interval.low
    expected = math.log(a / b) - 1.959964 * math.sqrt(1 / a + 1 / b)
    assert math.log(low / (1 - low)) == pytest.approx(expected, abs=1e-6)


@given(studies, st.integers(0, 2000), st.integers(0, 2000))
def test_a_corrected_value_stays_in_its_interval(study, more, others):
    found = begg_greenes(
        study,
        study.true_positives + study.false_positives + more,
        study.false_negatives + study.true_negatives + others,
    )
    for value, (low, high), _ in found:
        assert 0 < low < value < high < 1


@pytest.mark.parametrize(
    "call",
    [
        lambda: Study(-1, 1, 1, 1),
        lambda: Study(1.5, 1, 1, 1),
        lambda: Study("1", 1, 1, 1),
        lambda: Study(0, 1, 0, 1).sensitivity(),
        lambda: Study(1, 0, 1, 0).specificity(),
        lambda: Study(0, 0, 1, 1).predictive_value(True),
        lambda: Study(0, 1, 5, 1).likelihood_ratio(True),
        lambda: STUDY.likelihood_ratio("yes"),
        lambda: STUDY.predictive_value(None),
        lambda: STUDY.sensitivity(level=95),
        lambda: spectrum({}, {}),
        lambda: spectrum(DEGREES, {"mild": 1}),
        lambda: spectrum(DEGREES, {"mild": 0.5, "advanced": 0.4}),
        lambda: spectrum(DEGREES, {"mild": math.nan, "advanced": 0.5}),
        lambda: spectrum({"mild": Detected(5, 4)}, {"mild": 1}),
        lambda: spectrum(None, {"mild": 1}),
        lambda: spectrum(DEGREES, None),
        lambda: spectrum({"mild": None}, {"mild": 1}),
        lambda: partly_verified(None, 1, 0.1),
        lambda: begg_greenes(None, 110, 90),
        lambda: partly_verified(Test(0.7, 0.9), 0, 0),
        lambda: partly_verified(Test(0.7, 0.9), 1.2, 0),
        lambda: begg_greenes(Study(0, 1, 1, 1), 5, 5),
        lambda: begg_greenes(STUDY, 109, 90),
        lambda: begg_greenes(STUDY, 110, 89.5),
        lambda: combined((1,), ()),
        lambda: combined((math.nan,), (proportion(1, 2),)),
        lambda: combined((1,), None),
        lambda: combined(None, ()),
        lambda: combined((1,), (0.5,)),
        lambda: ratio(0, 5, 1, 5),
        lambda: log_interval(0, 0.5, "log"),
        lambda: log_interval("2", 0.5, "log"),
        lambda: log_interval(2, -0.1, "log"),
        lambda: log_interval(2, math.nan, "log"),
        lambda: log_interval(2, 1e6, "log"),
        lambda: log_interval(2, 0.5, "log", 95),
    ],
)
def test_what_is_not_covered_is_refused(call):
    with pytest.raises(ClinicError, match="is not covered; expected"):
        call()


@pytest.mark.parametrize("compare", [difference, odds_ratio, ratio])
@pytest.mark.parametrize(
    ("counts", "argument"),
    [
        ((6, 5, 1, 5), "events"),
        ((1, 0, 1, 5), "n"),
        ((1, 5, 6, 5), "other_events"),
        ((1, 5, None, 5), "other_events"),
        ((1, 5, 1, 0), "other_n"),
    ],
)
def test_each_of_two_groups_counts_is_refused_by_its_name(compare, counts, argument):
    with pytest.raises(ClinicError, match=f"{argument} at least 1|{argument} <= |<= {argument} ") as caught:
        compare(*counts)
    assert caught.value.argument == argument


def test_weights_may_be_an_array():
    parts = (proportion(1, 2), proportion(1, 4))
    assert combined(np.array([1, -1]), parts) == combined((1, -1), parts)
