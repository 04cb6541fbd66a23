"""From a test's accuracy to a probability, and from counts to an interval.

Probabilities are between 0 and 1. Methods carry their usual names: Bayes' theorem in odds form, Wilson's score
interval for one proportion, Newcombe's hybrid score interval for a difference, Woolf's interval for an odds ratio.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import NamedTuple

from .errors import ClinicError


class Interval(NamedTuple):
    """Two bounds, both included."""

    low: float
    high: float


class Estimated(NamedTuple):
    """An estimate with its interval."""

    value: float
    interval: Interval


@dataclass(frozen=True)
class Test:
    """A test with two results.

    Attributes:
        sensitivity: share of those with the disease who test positive.
        specificity: share of those without it who test negative.
    """

    __test__ = False  # so that pytest does not collect it

    sensitivity: float
    specificity: float

    def __post_init__(self) -> None:
        _probability("sensitivity", self.sensitivity)
        _probability("specificity", self.specificity)

    def likelihood_ratio(self, positive: bool) -> float:
        """How many times more often this result comes in the diseased than in the others; may be infinite.

        Raises:
            ClinicError: the result never comes, neither in the one nor in the other.
        """
        diseased, healthy = self._shares(positive)
        if diseased == healthy == 0:
            raise ClinicError("positive", positive, "a result that can occur with this test", "Bayes' theorem")
        return diseased / healthy if healthy else math.inf

    def _shares(self, positive: bool) -> tuple[float, float]:
        """Share with this result among the diseased and among the others."""
        if positive:
            return self.sensitivity, 1 - self.specificity
        return 1 - self.sensitivity, self.specificity


Result = tuple[Test, bool]
"""A test and whether it was positive."""


def post_test(before: float, results: Sequence[Result]) -> float:
    """The probability of disease after some results, one after the other.

    Tests are taken to be independent once it is known whether the disease is there. Real tests often err on the same
    people (two scans that both miss marrow), so that the second moves the probability less than this says.

    Args:
        before: the probability before the first test.

    Raises:
        ClinicError: no probability, or results that cannot occur together at this probability.
    """
    diseased, healthy = _joint(before, results)
    if diseased + healthy == 0:
        raise ClinicError("results", results, "results that can occur together", "Bayes' theorem")
    return diseased / (diseased + healthy)


def steps(before: float, results: Sequence[Result]) -> list[float]:
    """The probability before the first test and after each result; see :func:`post_test`."""
    return [post_test(before, results[:i]) for i in range(len(results) + 1)]


def either(tests: Sequence[Test]) -> Test:
    """Tests done together, positive if any one is; independence as in :func:`post_test`."""
    _some(tests)
    return Test(1 - math.prod(1 - t.sensitivity for t in tests), math.prod(t.specificity for t in tests))


def both(tests: Sequence[Test]) -> Test:
    """Tests done together, positive only if all are; independence as in :func:`post_test`."""
    _some(tests)
    return Test(math.prod(t.sensitivity for t in tests), 1 - math.prod(1 - t.specificity for t in tests))


class People(NamedTuple):
    """Whole people who add up to the total.

    ``diseased`` and ``healthy`` had all the results; the others had another result somewhere on the way.
    """

    diseased: int
    healthy: int
    other_diseased: int
    other_healthy: int

    @property
    def matching(self) -> int:
        """All who had the results."""
        return self.diseased + self.healthy


def people(before: float, results: Sequence[Result], total: int = 1000) -> People:
    """What to expect among ``total`` people, in whole people: natural frequencies.

    The diseased are rounded first, then those with the results within the diseased and within the others, so that the
    counts of one test's positive and negative result agree. For one positive test these are true positives, false
    positives, false negatives and true negatives.

    Raises:
        ClinicError: no probability, or a total below 1.
    """
    if total < 1:
        raise ClinicError("total", total, "at least 1 person", "a count")
    _probability("before", before)
    diseased, healthy = _joint(1, results)[0], _joint(0, results)[1]
    ill = _half_up(before * total)
    had, had_healthy = _half_up(ill * diseased), _half_up((total - ill) * healthy)
    return People(had, had_healthy, ill - had, total - ill - had_healthy)


def wilson(events: int, n: int, level: float = 0.95) -> Interval:
    """Wilson's score interval for a proportion.

    Raises:
        ClinicError: not 0 <= events <= n with n at least 1, or a level outside 0 to 1.
    """
    _counts(events, n)
    z = normal_quantile(level)
    share = events / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # At 0 and n the bound is exact; arithmetic would leave it a rounding error off.
    return Interval(0.0 if events == 0 else middle - half, 1.0 if events == n else middle + half)


def difference(events: int, n: int, other_events: int, other_n: int, level: float = 0.95) -> Estimated:
    """The first proportion minus the second, with Newcombe's hybrid score interval.

    Raises:
        ClinicError: as in :func:`wilson`.
    """
    first, second = wilson(events, n, level), wilson(other_events, other_n, level)
    p, q = events / n, other_events / other_n
    low = p - q - math.hypot(p - first.low, second.high - q)
    high = p - q + math.hypot(first.high - p, q - second.low)
    return Estimated(p - q, Interval(low, high))


def odds_ratio(events: int, n: int, other_events: int, other_n: int, level: float = 0.95) -> Estimated:
    """The odds in the first group over those in the second, with Woolf's (logit) interval.

    Raises:
        ClinicError: as in :func:`wilson`; or a cell is 0, where ratio or interval is not defined.
    """
    _counts(events, n)
    _counts(other_events, other_n)
    cells = (events, n - events, other_events, other_n - other_events)
    if 0 in cells:
        raise ClinicError("counts", cells, "four counts above 0", "Woolf's interval")
    ratio = cells[0] * cells[3] / (cells[1] * cells[2])
    half = normal_quantile(level) * math.sqrt(sum(1 / cell for cell in cells))
    return Estimated(ratio, Interval(ratio * math.exp(-half), ratio * math.exp(half)))


def normal_quantile(level: float) -> float:
    """How many standard deviations a normal interval of this level reaches to each side: 1.96 for 0.95.

    Raises:
        ClinicError: a level outside 0 to 1.
    """
    if not 0 < level < 1:
        raise ClinicError("level", level, "a level between 0 and 1, such as 0.95", "confidence interval")
    return NormalDist().inv_cdf((1 + level) / 2)


def _joint(before: float, results: Sequence[Result]) -> tuple[float, float]:
    """Share of all who are diseased and have the results, and who are healthy and have them."""
    diseased, healthy = before, 1 - _probability("before", before)
    for test, positive in results:
        in_diseased, in_healthy = test._shares(positive)
        diseased, healthy = diseased * in_diseased, healthy * in_healthy
    return diseased, healthy


def _half_up(number: float) -> int:
    # The small addition takes 0.3 * 5 for the 1.5 that it means.
    return math.floor(number + 0.5 + 1e-9)


def _probability(argument: str, value: float) -> float:
    if not 0 <= value <= 1:
        raise ClinicError(argument, value, "a probability from 0 to 1", "probability")
    return value


def _counts(events: int, n: int) -> None:
    if n < 1 or not 0 <= events <= n:
        raise ClinicError("events", f"{events} of {n}", "0 <= events <= n with n at least 1", "a proportion")


def _some(tests: Sequence[Test]) -> None:
    if not tests:
        raise ClinicError("tests", tests, "at least one test", "combined tests")
