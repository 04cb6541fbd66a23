"""Times until an event, and what can be said of them: curves, medians, means, rates, a comparison.

Computed with NumPy, in one pass and without the random jitter that some libraries add to ties; tests compare with
lifelines. All times are in years. Figures on death are sensitive: a chapter shows them only when a reader asks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .errors import ClinicError
from .inputs import instance, number, whole
from .intervals import Estimated, Interval, log_interval, normal_quantile

SOURCE = "survival analysis"
DAYS_PER_YEAR = 365.25
Floats = NDArray[np.float64]


class Outcome(NamedTuple):
    """Years at risk, and what ended them: 1 the event, 2 a competing event, 0 neither yet (censored).

    ``entry`` is the year from which somebody is watched, if that is not the clock's start (delayed entry, or left
    truncation): who had the event before could not have been seen, so nobody is at risk before the own entry.
    """

    years: Floats
    event: NDArray[np.int64]
    entry: Floats | None = None


@dataclass(frozen=True, eq=False)
class Curve:
    """A step curve with its 95 % interval, from time 0; it keeps ``values[i]`` from ``times[i]`` (years) on."""

    times: Floats
    values: Floats
    low: Floats
    high: Floats
    method: str

    def at(self, time: float) -> Estimated:
        """The curve's value at a time, with its interval.

        Raises:
            ClinicError: before 0 or after the last person's follow-up, where the curve is not defined.
        """
        end = self.times[-1]
        allowed = f"0 to {end:.1f} years, the time observed"
        time = number("time", time, allowed, SOURCE, lambda t: 0 <= t <= end)
        i = int(np.searchsorted(self.times, time, side="right")) - 1
        return Estimated(float(self.values[i]), Interval(float(self.low[i]), float(self.high[i])), self.method)


def in_years(days: ArrayLike, event: ArrayLike) -> Outcome:
    """An outcome from days and from whether the event came; a year has 365.25 days.

    Raises:
        ClinicError: nobody, days that are negative or missing, or an event that is none of 0, 1 and 2.
    """
    try:
        outcome = Outcome(np.asarray(days, float) / DAYS_PER_YEAR, np.asarray(event, float))
    except (TypeError, ValueError, OverflowError):
        raise ClinicError("days, event", "what is no number", "numbers", SOURCE) from None
    check(outcome)
    return outcome._replace(event=outcome.event.astype(np.int64))


def kaplan_meier(outcome: Outcome) -> Curve:
    """Share still without event 1, as if whoever had event 2 were merely censored.

    With delayed entry few may be at risk at first, and the curve then falls in large steps.

    Raises:
        ClinicError: an outcome of nobody, or with impossible times or events.
    """
    return _survival(*_counted(outcome)[:3])


def _survival(times: Floats, at_risk: Floats, events: Floats) -> Curve:
    with np.errstate(divide="ignore", invalid="ignore"):
        survival = np.cumprod(np.where(at_risk > 0, 1 - events / at_risk, 1))
        variance = np.cumsum(np.where(at_risk > 0, events / (at_risk * (at_risk - events)), 0))
        spread = np.sqrt(variance) / np.log(survival)
    return _curve(times, survival, spread, start=1.0, method="Greenwood on the log(-log) scale")


def cumulative_incidence(outcome: Outcome, cause: int = 1) -> Curve:
    """Share who have had the event, with the other event competing (Aalen and Johansen's estimator).

    One minus Kaplan-Meier is higher, since it supposes that those who died would still meet the event. The interval
    uses the delta method's variance on the log(-log) scale.

    Raises:
        ClinicError: ``cause`` is neither 1 nor 2; or as in :func:`kaplan_meier`.
    """
    allowed = "1 (the event) or 2 (death without it)"
    cause = whole("cause", cause, allowed, "competing risks", lambda event: event in (1, 2))
    times, at_risk, first, second = _counted(outcome)
    events, both = (first, second)[cause - 1], first + second
    with np.errstate(divide="ignore", invalid="ignore"):
        before = np.concatenate([[1.0], np.cumprod(np.where(at_risk > 0, 1 - both / at_risk, 1))[:-1]])
        at_risk = np.where(at_risk > 0, at_risk, np.inf)  # nobody at risk, no event
        incidence = np.cumsum(before * events / at_risk)
        lost = np.where(at_risk > both, both / (at_risk * (at_risk - both)), 0.0)
        shared = before * events / at_risk**2
        variance = (
            np.cumsum(before**2 * events * np.where(events > 0, at_risk - events, 0) / at_risk**3)
            + incidence**2 * np.cumsum(lost)
            - 2 * incidence * np.cumsum(incidence * lost + shared)
            + np.cumsum(incidence**2 * lost + 2 * incidence * shared)
        )
        spread = np.sqrt(np.clip(variance, 0, None)) / (incidence * np.log(incidence))
    return _curve(times, incidence, spread, start=0.0, method="delta method on the log(-log) scale")


def time_until(curve: Curve, left: float = 0.5) -> Estimated:
    """The years after which at most this share is left; with 0.5 the median.

    The interval holds the times at which the curve's own bounds pass the share (Brookmeyer and Crowley). A time that
    the curve or a bound does not reach is infinite: not reached.

    Raises:
        ClinicError: no share between 0 and 1, no curve, or one that rises.
    """
    left = number("left", left, "a share between 0 and 1", "quantile of a survival curve", lambda p: 0 < p < 1)
    if instance("curve", curve, Curve, SOURCE).values[-1] > curve.values[0]:
        raise ClinicError("curve", "a rising curve", "a survival curve, which falls", "quantile of a survival curve")

    def passed(values: Floats) -> float:
        reached = values <= left + 1e-12
        return float(curve.times[np.argmax(reached)]) if reached.any() else math.inf

    interval = Interval(passed(curve.low), passed(curve.high))
    return Estimated(passed(curve.values), interval, f"where the bounds pass it; {curve.method}")


def median(curve: Curve) -> Estimated:
    """The years after which half are left; see :func:`time_until`."""
    return time_until(curve, 0.5)


class Mean(NamedTuple):
    """A mean time in years with its standard error."""

    value: float
    interval: Interval
    method: str
    standard_error: float


def restricted_mean(outcome: Outcome, until: float) -> Mean:
    """The mean years without event 1 within the first ``until`` years: the area under Kaplan-Meier's curve.

    It needs no assumption on the shape, and says of all, also of those who live longest, what a median cannot.

    Raises:
        ClinicError: ``until`` is not above 0, or after the last follow-up; or as in :func:`kaplan_meier`.
    """
    times, at_risk, events, _ = _counted(outcome)
    curve = _survival(times, at_risk, events)
    end = curve.times[-1]
    allowed = f"above 0 and at most {end:.2f} years, the time observed"
    until = number("until", until, allowed, "restricted mean", lambda t: 0 < t <= end)
    inside = curve.times < until
    edges = np.append(curve.times[inside], until)
    pieces = curve.values[inside] * np.diff(edges)
    area_after = np.cumsum(pieces[::-1])[::-1]
    # Greenwood's terms, each weighted with the area that an event at its time takes away from.
    kept = times < until
    area_after = area_after[len(area_after) - int(kept.sum()) :]
    at_risk, events = at_risk[kept], events[kept]
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(at_risk > events, area_after**2 * events / (at_risk * (at_risk - events)), 0.0)
    mean, error = float(pieces.sum()), math.sqrt(terms.sum())
    half = normal_quantile(0.95) * error
    return Mean(mean, Interval(mean - half, mean + half), "normal, with Greenwood's variance", error)


def landmark(outcome: Outcome, start: float) -> Outcome:
    """Those still at risk after ``start`` years, with the clock put back to 0 there.

    A group is then formed by what is known at the landmark, so nobody has to live on to be counted in it.

    Raises:
        ClinicError: a start below 0, or nobody left.
    """
    check(outcome)
    start = number("start", start, "0 years or later", "landmark analysis", lambda t: t >= 0)
    kept = outcome.years > start
    if outcome.entry is not None:
        kept &= outcome.entry <= start
    if not kept.any():
        raise ClinicError("start", start, "a time at which somebody is at risk", "landmark analysis")
    return Outcome(outcome.years[kept] - start, outcome.event[kept])


class Compared(NamedTuple):
    """A log-rank test of two groups: events seen and events expected if both had one hazard."""

    chi_square: float
    p: float
    observed: tuple[int, int]
    expected: tuple[float, float]


def log_rank(first: Outcome, second: Outcome) -> Compared:
    """The log-rank test for event 1 (one degree of freedom).

    Raises:
        ClinicError: no event at all, or as in :func:`kaplan_meier`.
    """
    counted = [_counted(outcome) for outcome in (first, second)]
    times = np.unique(np.concatenate([c[0][c[2] > 0] for c in counted]))
    if len(times) == 0:
        raise ClinicError("outcome", "no event", "at least one event", "log-rank test")
    risk = [_at_risk(outcome, times) for outcome in (first, second)]
    events = []
    for own_times, _, own, _ in counted:
        here = np.zeros(len(times))
        here[np.searchsorted(times, own_times[own > 0])] = own[own > 0]
        events.append(here)
    n, d = risk[0] + risk[1], events[0] + events[1]
    share = risk[0] / n
    expected = float((d * share).sum())
    variance = float((d * share * (1 - share) * (n - d) / np.maximum(n - 1, 1)).sum())
    if variance == 0:
        raise ClinicError("outcome", "groups never at risk together", "groups at risk together", "log-rank test")
    seen = (int(events[0].sum()), int(events[1].sum()))
    chi_square = (seen[0] - expected) ** 2 / variance
    return Compared(chi_square, math.erfc(math.sqrt(chi_square / 2)), seen, (expected, float(d.sum()) - expected))


def rate(outcome: Outcome, start: float, end: float) -> Estimated:
    """Events 1 for each 100 person-years between two times, with an interval on the log scale.

    Raises:
        ClinicError: no rising period, or no event in it.
    """
    check(outcome)
    period(start, end)
    years, event, entry = outcome
    begin = start if entry is None else np.maximum(entry, start)
    inside = (event == 1) & (years > begin) & (years <= end)
    observed = np.clip(np.minimum(years, end) - begin, 0, None).sum()
    events = int(inside.sum())
    if events == 0:
        raise ClinicError("period", f"{start:g} to {end:g} years", "a period with at least one event", SOURCE)
    method = "log, from the number of events"
    return log_interval(100 * events / float(observed), 1 / math.sqrt(events), method)


def period(start: float, end: float) -> None:
    """Check that two times are a period; its end may be infinite.

    Raises:
        ClinicError: not 0 <= start < end.
    """
    allowed = "numbers of years with 0 <= start < end"
    number("start", start, allowed, SOURCE, lambda t: t >= 0)
    if not (isinstance(end, float) and end == math.inf):
        number("end", end, allowed, SOURCE, lambda t: t > start)


def check(outcome: Outcome) -> None:
    """Check that an outcome is one.

    Raises:
        ClinicError: no arrays, nobody, impossible times or entries, or an event that is none of 0, 1 and 2.
    """
    years, event, entry = instance("outcome", outcome, Outcome, SOURCE)
    columns = {"years": years, "event": event} | ({} if entry is None else {"entry": entry})
    for name, column in columns.items():
        if not (isinstance(column, np.ndarray) and column.ndim == 1 and column.dtype.kind in "biuf"):
            raise ClinicError(name, type(column).__name__, "a NumPy array with one number for each person", SOURCE)
    if len(years) == 0 or len(years) != len(event):
        given = "nobody" if len(years) == 0 else f"{len(years)} times and {len(event)} events"
        raise ClinicError("outcome", given, "at least one person, each with a time and an event", SOURCE)
    # NaN fails these comparisons too.
    if not (np.min(years) >= 0 and np.max(years) < math.inf):
        raise ClinicError("years", "a missing, negative or infinite time", "finite times of 0 years or more", SOURCE)
    if not np.isin(event, (0, 1, 2)).all():
        raise ClinicError("event", "another event", "0 (censored), 1 (the event) or 2 (a competing one)", SOURCE)
    if entry is not None and not (len(entry) == len(years) and np.min(entry) >= 0 and np.all(entry <= years)):
        raise ClinicError("entry", "another entry", "for each person a time from 0 to the own exit", SOURCE)


def _at_risk(outcome: Outcome, times: Floats) -> Floats:
    """How many are at risk at each of some times: entered before it, and not out before it."""
    years, _, entry = outcome
    at_risk = len(years) - np.searchsorted(np.sort(years), times, side="left")
    if entry is not None:
        at_risk = at_risk - (len(years) - np.searchsorted(np.sort(entry), times, side="left"))
    return at_risk.astype(float)


def _counted(outcome: Outcome) -> tuple[Floats, Floats, Floats, Floats]:
    """Distinct times, how many are at risk at each, and how many have event 1 and event 2."""
    check(outcome)
    if outcome.entry is not None:  # who leaves on entering was never at risk
        seen = outcome.entry < outcome.years
        if not seen.any():
            raise ClinicError("outcome", "nobody", "at least one person who stays after entry", SOURCE)
        outcome = Outcome(outcome.years[seen], outcome.event[seen], outcome.entry[seen])
    times, place = np.unique(outcome.years, return_inverse=True)
    first = np.bincount(place, weights=outcome.event == 1, minlength=len(times))
    second = np.bincount(place, weights=outcome.event == 2, minlength=len(times))
    return times, _at_risk(outcome, times), first, second


def _curve(times: Floats, values: Floats, spread: ArrayLike, start: float, method: str) -> Curve:
    """The curve from time 0; where there is no event yet, or nobody left, the interval is the value itself."""
    z = normal_quantile(0.95)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        bounds = np.array([values ** np.exp(z * np.asarray(spread)), values ** np.exp(-z * np.asarray(spread))])
    bounds = np.where(np.isfinite(bounds) & (values > 0) & (values < 1), bounds, values)

    def whole(series: Floats) -> Floats:
        return np.concatenate([[start], series]) if times[0] > 0 else series

    at = np.concatenate([[0.0], times]) if times[0] > 0 else times
    return Curve(at, whole(values), whole(bounds.min(axis=0)), whole(bounds.max(axis=0)), method)
