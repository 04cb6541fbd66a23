"""From a test's accuracy to a probability: Bayes' theorem, one test or several, and natural frequencies.

Probabilities are between 0 and 1. Where accuracy comes from, and how a study's choice of people bends it, is in
``accuracy``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from .errors import ClinicError
from .inputs import instance, number, one_of, probability, truth, whole
from .intervals import Estimated, Interval, difference, odds_ratio, wilson

__all__ = [
    "Estimated",
    "Interval",
    "People",
    "Result",
    "Test",
    "after",
    "both",
    "difference",
    "either",
    "odds_ratio",
    "people",
    "post_test",
    "post_test_range",
    "steps",
    "wilson",
]


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
        probability("sensitivity", self.sensitivity)
        probability("specificity", self.specificity)

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
        if truth("positive", positive, "a test with two results"):
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


def after(before: float, sensitivity: float, specificity: float, result: Literal["positive", "negative"]) -> float:
    """The probability of disease after one result of one test, from plain numbers; see :func:`post_test`.

    Args:
        before: the probability before the test, 0 to 1.
        sensitivity: share of those with the disease who test positive, 0 to 1.
        specificity: share of those without it who test negative, 0 to 1.

    Raises:
        ClinicError: no probability, another result, or one that cannot come at this probability.
    """
    positive = one_of("result", result, ("positive", "negative"), "a test with two results") == "positive"
    return post_test(before, [(Test(sensitivity, specificity), positive)])


def post_test_range(before: float, ratio: Estimated) -> Estimated:
    """The probability of disease after a result whose likelihood ratio was estimated, with the interval that follows.

    The probability before is taken as known; only the ratio's interval is carried over, through the odds.

    Args:
        ratio: from ``accuracy.Study.likelihood_ratio``, its interval's method included.

    Raises:
        ClinicError: no probability, no estimate, or a ratio that is negative or not finite.
    """
    probability("before", before)
    instance("ratio", ratio, Estimated, "Bayes' theorem")
    if before == 1 and ratio.interval.low == 0:
        raise ClinicError("ratio", ratio, "a ratio above 0 where disease is certain", "Bayes' theorem")

    def after(one: float) -> float:
        allowed = "a finite likelihood ratio of 0 or more"
        odds = before * number("ratio", one, allowed, "Bayes' theorem", lambda r: r >= 0)
        return odds / (odds + 1 - before)

    interval = Interval(after(ratio.interval.low), after(ratio.interval.high))
    return Estimated(after(ratio.value), interval, f"likelihood ratio's interval ({ratio.method}) through Bayes")


def steps(before: float, results: Sequence[Result]) -> list[float]:
    """The probability before the first test and after each result; see :func:`post_test`."""
    return [post_test(before, results[:i]) for i in range(len(_checked(results)) + 1)]


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
    total = whole("total", total, "a whole number of people, at least 1", "a count", lambda n: n >= 1)
    probability("before", before)
    diseased, healthy = _joint(1, results)[0], _joint(0, results)[1]
    ill = _half_up(before * total)
    had, had_healthy = _half_up(ill * diseased), _half_up((total - ill) * healthy)
    return People(had, had_healthy, ill - had, total - ill - had_healthy)


def _joint(before: float, results: Sequence[Result]) -> tuple[float, float]:
    """Share of all who are diseased and have the results, and who are healthy and have them."""
    diseased, healthy = before, 1 - probability("before", before)
    for test, positive in _checked(results):
        in_diseased, in_healthy = test._shares(positive)
        diseased, healthy = diseased * in_diseased, healthy * in_healthy
    return diseased, healthy


def _half_up(number: float) -> int:
    # The small addition takes 0.3 * 5 for the 1.5 that it means.
    return math.floor(number + 0.5 + 1e-9)


def _checked(results: Sequence[Result]) -> Sequence[Result]:
    def is_result(one: object) -> bool:
        return isinstance(one, tuple) and len(one) == 2 and isinstance(one[0], Test)

    if not isinstance(results, Sequence) or not all(map(is_result, results)):
        raise ClinicError("results", results, "pairs (Test, whether it was positive)", "Bayes' theorem")
    return results


def _some(tests: Sequence[Test]) -> None:
    if not isinstance(tests, Sequence) or not tests or not all(isinstance(test, Test) for test in tests):
        raise ClinicError("tests", tests, "at least one test, each a Test", "combined tests")
