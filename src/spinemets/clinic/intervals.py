"""From counts to an estimate with an interval whose method is named in the result.

Wilson's score interval for one proportion, Newcombe's hybrid score interval for a difference, Woolf's for an odds
ratio, the logarithm's for a ratio of two proportions (Katz). The first two stay within what is possible and hold for
small counts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from statistics import NormalDist
from typing import NamedTuple

from .errors import ClinicError
from .inputs import instance, number, several, whole


class Interval(NamedTuple):
    """Two bounds, both included."""

    low: float
    high: float


class Estimated(NamedTuple):
    """An estimate with its interval, and the name of the method that made the interval."""

    value: float
    interval: Interval
    method: str


def wilson(events: int, n: int, level: float = 0.95) -> Interval:
    """Wilson's score interval for a proportion.

    Raises:
        ClinicError: not 0 <= events <= n with n at least 1, or a level outside 0 to 1.
    """
    events, n = _counts(events, n)
    z = normal_quantile(level)
    share = events / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # At 0 and n the bound is exact; arithmetic would leave it a rounding error off.
    return Interval(0.0 if events == 0 else middle - half, 1.0 if events == n else middle + half)


def proportion(events: int, n: int, level: float = 0.95) -> Estimated:
    """The share ``events / n`` with Wilson's interval; errors as in :func:`wilson`."""
    interval = wilson(events, n, level)
    return Estimated(events / n, interval, "Wilson")


def difference(events: int, n: int, other_events: int, other_n: int, level: float = 0.95) -> Estimated:
    """The first proportion minus the second, with Newcombe's hybrid score interval.

    Raises:
        ClinicError: as in :func:`wilson`.
    """
    groups = (proportion(events, n, level), proportion(*_counts(other_events, other_n, "other_"), level))
    return combined((1, -1), groups)._replace(method="Newcombe")


def combined(weights: Sequence[float], parts: Sequence[Estimated]) -> Estimated:
    """A weighted sum of independent estimates, its interval recovered from theirs (MOVER).

    With the weights 1 and -1 and Wilson's intervals this is Newcombe's interval for a difference.

    Raises:
        ClinicError: not as many finite weights as parts, or none, or parts that are no estimates.
    """
    weights, parts = several("weights", weights, "MOVER"), several("parts", parts, "MOVER")
    if not parts or len(weights) != len(parts):
        raise ClinicError("weights", weights, f"{len(parts) or 'some'} weights, one for each part", "MOVER")
    value = below = above = 0.0
    for weight, one in zip(weights, parts, strict=True):
        number("weights", weight, "finite weights", "MOVER")
        part, (low, high), _ = instance("parts", one, Estimated, "MOVER")
        ends = sorted((weight * low, weight * high))
        value += weight * part
        below += (weight * part - ends[0]) ** 2
        above += (ends[1] - weight * part) ** 2
    method = f"MOVER from {', '.join(sorted({part.method for part in parts}))}"
    return Estimated(value, Interval(value - math.sqrt(below), value + math.sqrt(above)), method)


def odds_ratio(events: int, n: int, other_events: int, other_n: int, level: float = 0.95) -> Estimated:
    """The odds in the first group over those in the second, with Woolf's (logit) interval.

    Raises:
        ClinicError: as in :func:`wilson`; or a cell is 0, where ratio or interval is not defined.
    """
    events, n = _counts(events, n)
    other_events, other_n = _counts(other_events, other_n, "other_")
    cells = (events, n - events, other_events, other_n - other_events)
    if 0 in cells:
        raise ClinicError("counts", cells, "four counts above 0", "Woolf's interval")
    ratio = cells[0] * cells[3] / (cells[1] * cells[2])
    return log_interval(ratio, math.sqrt(sum(1 / cell for cell in cells)), "Woolf", level)


def ratio(events: int, n: int, other_events: int, other_n: int, level: float = 0.95) -> Estimated:
    """The first proportion over the second, with an interval on the logarithm's scale (Katz).

    Raises:
        ClinicError: as in :func:`wilson`; or a count of events is 0, where ratio or interval is not defined.
    """
    events, n = _counts(events, n)
    other_events, other_n = _counts(other_events, other_n, "other_")
    if 0 in (events, other_events):
        raise ClinicError("counts", (events, other_events), "two counts of events above 0", "Katz's interval")
    spread = math.sqrt(1 / events - 1 / n + 1 / other_events - 1 / other_n)
    return log_interval(events * other_n / (n * other_events), spread, "log (Katz)", level)


def log_interval(value: float, spread: float, method: str, level: float = 0.95) -> Estimated:
    """A positive estimate with a normal interval for its logarithm, whose standard error is ``spread``.

    Raises:
        ClinicError: an estimate that is not above 0, a standard error outside 0 to 50, or a level outside 0 to 1.
    """
    source = "interval on the logarithm's scale"
    number("value", value, "an estimate above 0", source, lambda x: x > 0)
    # Above this the factor could be more than a float can hold.
    number("spread", spread, "a standard error from 0 to 50", source, lambda x: 0 <= x <= 50)
    factor = math.exp(normal_quantile(level) * spread)
    return Estimated(value, Interval(value / factor, value * factor), method)


@lru_cache(maxsize=8)
def _quantile(level: float) -> float:
    # From the lower tail, which stays above 0 where (1 + level) / 2 would round to 1.
    return -NormalDist().inv_cdf((1 - level) / 2)


def normal_quantile(level: float) -> float:
    """How many standard deviations a normal interval of this level reaches to each side: 1.96 for 0.95.

    Raises:
        ClinicError: a level outside 0 to 1.
    """
    allowed = "a level between 0 and 1, such as 0.95"
    return _quantile(number("level", level, allowed, "confidence interval", lambda p: 0 < p < 1))


def _counts(events: object, n: object, group: str = "") -> tuple[int, int]:
    """Both counts, if they make a proportion; ``group`` is what their arguments' names begin with."""
    allowed = f"whole numbers with 0 <= {group}events <= {group}n and {group}n at least 1"
    total = whole(f"{group}n", n, allowed, "a proportion", lambda k: k >= 1)
    return whole(f"{group}events", events, allowed, "a proportion", lambda k: 0 <= k <= total), total
