"""A test's accuracy from the counts of a study, and two ways in which the choice of people bends it.

**Spectrum**: sensitivity is a mean over those who have the disease, so it changes with how many of them are mild.
**Verification**: if the reference standard is done mainly in those who test positive, the missed cases stay unseen.
Both are worked here in whole; numbers put in by hand are synthetic and are to be called so where they are shown.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import NamedTuple

from .diagnostics import Test
from .errors import ClinicError
from .inputs import instance, probability, truth, whole
from .intervals import Estimated, Interval, combined, log_interval, proportion, ratio


@dataclass(frozen=True)
class Study:
    """Whom a study counted: by result of the test, and by disease as the reference standard shows it.

    Attributes:
        true_positives: diseased, test positive.
        false_positives: not diseased, test positive.
        false_negatives: diseased, test negative.
        true_negatives: not diseased, test negative.

    Raises:
        ClinicError: a count that is no whole number, 0 or more.
    """

    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int

    def __post_init__(self) -> None:
        for field in fields(self):
            whole(field.name, getattr(self, field.name), "a count, 0 or more", "a fourfold table", lambda n: n >= 0)

    @property
    def diseased(self) -> int:
        """How many have the disease."""
        return self.true_positives + self.false_negatives

    @property
    def healthy(self) -> int:
        """How many do not have it."""
        return self.false_positives + self.true_negatives

    def sensitivity(self, level: float = 0.95) -> Estimated:
        """Share of the diseased who test positive, with Wilson's interval.

        Raises:
            ClinicError: nobody is diseased.
        """
        return proportion(self.true_positives, self.diseased, level)

    def specificity(self, level: float = 0.95) -> Estimated:
        """Share of the others who test negative, with Wilson's interval.

        Raises:
            ClinicError: nobody is free of the disease.
        """
        return proportion(self.true_negatives, self.healthy, level)

    def predictive_value(self, positive: bool, level: float = 0.95) -> Estimated:
        """Share of those with this result whom it tells right, with Wilson's interval; it holds for this mix alone.

        Raises:
            ClinicError: nobody has this result.
        """
        truth("positive", positive, "a test with two results")
        right, wrong = (
            (self.true_positives, self.false_positives) if positive else (self.true_negatives, self.false_negatives)
        )
        return proportion(right, right + wrong, level)

    def likelihood_ratio(self, positive: bool, level: float = 0.95) -> Estimated:
        """How many times more often this result comes in the diseased, with an interval on the logarithm's scale.

        Raises:
            ClinicError: the result is missing among the diseased or among the others: no interval is defined.
        """
        if truth("positive", positive, "a test with two results"):
            return ratio(self.true_positives, self.diseased, self.false_positives, self.healthy, level)
        return ratio(self.false_negatives, self.diseased, self.true_negatives, self.healthy, level)

    def test(self) -> Test:
        """The test as ``diagnostics`` takes it, without its uncertainty."""
        return Test(self.sensitivity().value, self.specificity().value)


class Detected(NamedTuple):
    """Of so many people with one degree of a disease, how many the test found."""

    found: int
    people: int


def spectrum(degrees: Mapping[str, Detected], mix: Mapping[str, float], level: float = 0.95) -> Estimated:
    """The sensitivity that a test has among people with another mix of mild and advanced disease.

    The test is taken to find the same share within each degree wherever it is done; only the mix changes. Specificity
    bends in the same way with the mix of other conditions among those without the disease: give those groups instead.

    Args:
        degrees: what was found within each degree, such as ``{"mild": Detected(10, 40), ...}``.
        mix: share of each degree among the diseased to whom the sensitivity shall apply; together 1.

    Returns:
        The weighted mean, its interval by MOVER from Wilson's.

    Raises:
        ClinicError: impossible counts, other degrees in the mix, or shares that do not add up to 1.
    """
    for argument, value in (("degrees", degrees), ("mix", mix)):
        instance(argument, value, Mapping, "spectrum")
    if not degrees or set(degrees) != set(mix):
        raise ClinicError("mix", dict(mix), f"a share for each of {', '.join(degrees) or 'some degrees'}", "spectrum")
    shares = [probability("mix", mix[name]) for name in degrees]
    if not math.isclose(sum(shares), 1, abs_tol=1e-9):
        raise ClinicError("mix", dict(mix), "shares that add up to 1", "spectrum")
    found = [instance("degrees", one, Detected, "spectrum") for one in degrees.values()]
    return combined(shares, [proportion(*one, level) for one in found])


def partly_verified(test: Test, after_positive: float, after_negative: float) -> Test:
    """What a study seems to find if it verifies only some of the people, and drops the others.

    Whether somebody is verified depends on the test's result alone. With equal shares nothing is bent.

    Args:
        test: the true accuracy.
        after_positive: share of those with a positive result who have the reference standard.
        after_negative: the same for a negative result.

    Raises:
        ClinicError: no test, no shares, or nobody with (or without) the disease is verified.
    """
    instance("test", test, Test, "verification bias")
    up, down = probability("after_positive", after_positive), probability("after_negative", after_negative)
    found, missed = test.sensitivity * up, (1 - test.sensitivity) * down
    cleared, alarmed = test.specificity * down, (1 - test.specificity) * up
    if found + missed == 0 or cleared + alarmed == 0:
        given = f"{after_positive:g} and {after_negative:g}"
        raise ClinicError("after_positive, after_negative", given, "shares that leave both groups", "verification bias")
    return Test(found / (found + missed), cleared / (cleared + alarmed))


class Corrected(NamedTuple):
    """Accuracy with verification bias taken out."""

    sensitivity: Estimated
    specificity: Estimated


def begg_greenes(verified: Study, positives: int, negatives: int, level: float = 0.95) -> Corrected:
    """Sensitivity and specificity corrected for partial verification (Begg and Greenes).

    How often disease is found among the verified with a result is carried over to all with that result. This holds
    only if those verified are like the others with the same result; it does not if doctors picked them by symptoms.

    Args:
        verified: the people who had the reference standard.
        positives: all who tested positive, verified or not.
        negatives: all who tested negative.

    Returns:
        Both with an interval by the delta method on the logit's scale.

    Raises:
        ClinicError: no study, more verified than tested, or one of the four counts is 0, where the logit is not
            defined.
    """
    instance("verified", verified, Study, "Begg and Greenes")
    counts = (verified.true_positives, verified.false_positives, verified.false_negatives, verified.true_negatives)
    if 0 in counts:
        raise ClinicError("verified", counts, "four counts above 0", "Begg and Greenes")
    among = (counts[0] + counts[1], counts[2] + counts[3])
    tested = tuple(
        whole(name, value, f"at least the {least} verified", "Begg and Greenes", lambda n, least=least: n >= least)
        for name, value, least in zip(("positives", "negatives"), (positives, negatives), among, strict=True)
    )
    share_ill = (counts[0] / among[0], counts[2] / among[1])
    tested_positive = tested[0] / sum(tested)
    of_result = 1 / (sum(tested) * tested_positive * (1 - tested_positive))

    def corrected(shares: tuple[float, float], positive: bool) -> Estimated:
        """Of those in whom these shares of each result lie, how many had the result."""
        parts = (tested[0] * shares[0], tested[1] * shares[1])
        odds = parts[0] / parts[1] if positive else parts[1] / parts[0]
        spread = math.sqrt(of_result + sum((1 - p) / (n * p) for p, n in zip(shares, among, strict=True)))
        method = "delta method on the logit"
        _, (low, high), _ = log_interval(odds, spread, method, level)
        return Estimated(odds / (1 + odds), Interval(low / (1 + low), high / (1 + high)), method)

    healthy = (1 - share_ill[0], 1 - share_ill[1])
    return Corrected(corrected(share_ill, positive=True), corrected(healthy, positive=False))
