"""Item statistics against published worked examples, and against numpy and pandas by other ways."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spinemets.teach import statistics
from spinemets.teach.statistics import Estimate, Moments


def lsat() -> np.ndarray:
    """1,000 people, five items; see the file for its source."""
    table = pd.read_csv(Path(__file__).with_name("lsat6.csv"), comment="#", dtype={"pattern": str})
    return np.array([list(map(int, pattern)) for pattern in table.pattern]).repeat(table.people, axis=0)


# --- published examples ---------------------------------------------------------------------------------------------


def test_the_law_school_test_gives_what_r_prints():
    """R's ``ltm::descript(LSAT)`` (Rizopoulos, J Stat Softw 2006;17(5)), printed at rstudio-pubs 668925."""
    scores = lsat()
    assert scores.shape == (1000, 5)
    assert np.bincount(scores.sum(axis=1)).tolist() == [3, 20, 85, 237, 357, 298]
    moments = Moments.of(scores)
    items = statistics.items(moments)
    assert moments.binary
    assert [round(item.difficulty.value, 3) for item in items] == [0.924, 0.709, 0.553, 0.763, 0.870]
    assert [round(item.with_total.value, 4) for item in items] == [0.3620, 0.5668, 0.6184, 0.5344, 0.4354]
    assert [round(item.with_rest.value, 4) for item in items] == [0.1128, 0.1532, 0.1728, 0.1444, 0.1216]
    assert round(statistics.reliability(moments).value, 4) == 0.2950
    assert [round(item.alpha_without, 4) for item in items] == [0.2754, 0.2376, 0.2168, 0.2459, 0.2663]
    # R's mirt::itemstats(expand.table(LSAT6)), printed in mirt's reference for LSAT6.
    assert (round(moments.total_mean, 3), round(moments.total_sd, 3)) == (3.819, 1.035)
    assert [round(item.sd, 3) for item in items] == [0.265, 0.454, 0.497, 0.425, 0.336]


def test_a_textbook_test_of_ten_people_gives_what_spss_prints():
    """Denis, Applied Univariate, Bivariate, and Multivariate Statistics, read at livelib.biz and librs.net (928329)."""
    points = np.array(
        [[10, 12, 15, 11, 12], [12, 18, 12, 12, 1], [8, 16, 14, 14, 4], [6, 8, 16, 8, 6], [4, 7, 8, 7, 5],
         [6, 6, 3, 7, 3], [3, 4, 6, 5, 8], [7, 3, 7, 9, 9], [8, 9, 4, 10, 10], [9, 5, 6, 11, 12]]
    )  # fmt: skip
    most = 18
    moments = Moments.of(points / most)
    items = statistics.items(moments)
    assert not moments.binary
    assert round(statistics.reliability(moments).value, 3) == 0.633
    assert [round(item.difficulty.value * most, 4) for item in items] == [7.3, 8.8, 9.1, 9.4, 7.0]
    assert [round(item.sd * most, 5) for item in items] == [2.71006, 5.05085, 4.74810, 2.71621, 3.80058]
    assert round(items[0].with_rest.value, 3) == 0.712
    assert round(moments.rest_square[0] * most**2 / 9, 3) == 108.9


def test_feldts_interval_is_that_of_the_cbu():
    """MRC Cognition and Brain Sciences Unit, imaging.mrc-cbu.cam.ac.uk/statswiki/FAQ/cafun."""
    assert statistics.feldt(0.913, n=873, k=20) == pytest.approx((0.9044024, 0.9211588), abs=5e-8)


def test_feldts_interval_is_close_to_that_of_statpsych():
    """statpsych's ``ci.cronbach(.05, .85, 7, 89)``: n (k - 1) degrees of freedom in place of Feldt's (n - 1)(k - 1)."""
    assert statistics.feldt(0.85, n=89, k=7) == pytest.approx((0.7971254, 0.8931436), abs=1e-4)


# --- by other ways --------------------------------------------------------------------------------------------------


def graded(people: int, items: int, seed: int) -> np.ndarray:
    """Scores with partial credit and with an ability that items share."""
    draw = np.random.default_rng(seed)
    ability = draw.random((people, 1))
    return np.round((ability + draw.random((people, items))) * 2) / 4


def test_partial_credit_agrees_with_pandas():
    scores = graded(200, 7, seed=1)
    frame = pd.DataFrame(scores)
    total = frame.sum(axis=1)
    for i, item in enumerate(statistics.items(Moments.of(scores))):
        others = frame.drop(columns=i)
        k = len(others.columns)
        assert item.with_total.value == pytest.approx(frame[i].corr(total))
        assert item.with_rest.value == pytest.approx(frame[i].corr(others.sum(axis=1)))
        covariances = others.cov().to_numpy()
        alpha = k / (k - 1) * (1 - covariances.trace() / covariances.sum())
        assert item.alpha_without == pytest.approx(alpha)
        assert item.sd == pytest.approx(frame[i].std())


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 60), st.integers(2, 6), st.lists(st.integers(1, 59), max_size=4), st.integers(0, 1000))
def test_chunks_change_nothing(people, items, cuts, seed):
    scores = graded(people, items, seed)
    parts = [part for part in np.split(scores, sorted(cut for cut in set(cuts) if cut < people)) if len(part)]
    first, *others = map(Moments.of, parts)
    together = sum(others, first)
    whole = Moments.of(scores)
    for name in ("n", "mean", "square", "product", "total_square", "binary"):
        assert getattr(together, name) == pytest.approx(getattr(whole, name), abs=1e-9), name


def test_kr20_is_alpha_for_scores_of_0_and_1():
    """KR-20 by its own formula, with p (1 - p) and variances over n."""
    scores = (graded(80, 12, seed=3) > 0.5).astype(float)
    p, k = scores.mean(axis=0), scores.shape[1]
    kr20 = k / (k - 1) * (1 - (p * (1 - p)).sum() / scores.sum(axis=1).var())
    assert statistics.reliability(Moments.of(scores)).value == pytest.approx(kr20)


def test_the_interval_of_a_correlation_holds_the_truth_as_often_as_it_says():
    draw = np.random.default_rng(7)
    truth, held, runs, n = 0.4, 0, 2000, 40
    for _ in range(runs):
        x, noise = draw.standard_normal((2, n))
        y = truth * x + np.sqrt(1 - truth**2) * noise
        x, y = x - x.mean(), y - y.mean()
        found = statistics.correlation(x @ y, x @ x, y @ y, n)
        held += found.low <= truth <= found.high
    assert held / runs == pytest.approx(0.95, abs=0.015)


def test_wilsons_interval_is_the_published_one():
    """Newcombe, Stat Med 1998;17:857-872, table I, method 3: 81 of 263 and 0 of 20."""
    assert statistics.wilson(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert statistics.wilson(0, 20) == pytest.approx((0, 0.1611), abs=5e-5)


# --- where nothing can be said --------------------------------------------------------------------------------------


def test_no_correlation_is_a_plain_zero():
    found = statistics.correlation(-1e-17, 3.0, 2.0, 12)
    assert str(found.value) == "0.0" and found.low == -found.high


def test_what_does_not_vary_has_no_correlation():
    scores = np.column_stack([np.ones(50), graded(50, 3, seed=5)])
    first, second, *_ = statistics.items(Moments.of(scores))
    assert first.with_rest == first.with_total == Estimate(None)
    assert first.sd == 0 and second.with_rest.value is not None


@pytest.mark.parametrize("value", [0.0, 1.0, 1 / 3])
def test_equal_totals_have_no_alpha(value):
    equal = Moments.of(np.full((30_000, 5), value))
    assert statistics.reliability(equal + equal) == Estimate(None)
    assert all(item.with_rest.value is None and item.alpha_without is None for item in statistics.items(equal))


@pytest.mark.parametrize(("people", "bounded"), [(1, False), (2, False), (3, False), (4, True)])
def test_few_people_are_no_error(people, bounded):
    moments = Moments.of(np.array([[0, 0, 1], [1, 0, 1], [0, 1, 0], [1, 1, 1]])[:people])
    found = statistics.items(moments)[0]
    assert (found.with_rest.low is not None) == bounded
    assert found.difficulty.low < found.difficulty.value or found.difficulty.value == 0
    assert (found.sd is None) == (people == 1)


def test_one_item_has_a_difficulty_and_no_alpha():
    moments = Moments.of([[0], [1], [1]])
    assert statistics.reliability(moments) == Estimate(None)
    assert statistics.items(moments)[0].with_rest == Estimate(None)


@pytest.mark.parametrize("scores", [[], [[]], [1, 0], [[1, float("nan")]]])
def test_what_is_no_table_is_refused(scores):
    with pytest.raises(ValueError, match="a row for each hand-in"):
        Moments.of(scores)


def test_impossible_numbers_are_refused():
    with pytest.raises(ValueError, match="alpha of at most 1"):
        statistics.feldt(1.2, 30, 5)
    with pytest.raises(ValueError, match="two people"):
        statistics.feldt(0.8, 1, 5)
    with pytest.raises(ValueError, match="share from 0 to 1"):
        statistics.wilson(1.5, 10)


def test_quantiles_of_a_histogram():
    counts = np.bincount([3, 3, 4, 9, 9])
    assert [statistics.quantile(counts, share) for share in (0.1, 0.4, 0.5, 0.9, 1)] == [3, 3, 4, 9, 9]
    assert statistics.quantile([0, 0], 0.5) is None
