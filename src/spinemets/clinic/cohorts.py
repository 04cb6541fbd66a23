"""Time to metastasis and to death in the Rotterdam cohort (``data/rotterdam``).

The curves are computed here with NumPy, in one pass and without the random jitter that some libraries add to ties;
tests compare them with lifelines. Figures on death are sensitive: a chapter shows them only when a reader asks.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ..data import read
from .diagnostics import Estimated, Interval, normal_quantile
from .errors import ClinicError

SOURCE = "data/rotterdam/README.md"
ER_POSITIVE = 10
"""Receptors in fmol per mg protein from which the cohort's analyses call a tumour ER-positive."""
Receptor = Literal["all", "positive", "negative"]
Floats = NDArray[np.float64]


class Outcome(NamedTuple):
    """Years at risk, and what ended them: 1 the event, 2 death without it, 0 neither yet (censored)."""

    years: Floats
    event: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Curve:
    """A step curve with its 95 % interval, from time 0; it keeps ``values[i]`` from ``times[i]`` on."""

    times: Floats
    values: Floats
    low: Floats
    high: Floats

    def at(self, time: float) -> Estimated:
        """The curve's value at a time, with its interval.

        Raises:
            ClinicError: before 0 or after the last person's follow-up, where the curve is not defined.
        """
        if not 0 <= time <= self.times[-1]:
            raise ClinicError("time", time, f"0 to {self.times[-1]:.1f} years, the time observed", SOURCE)
        i = int(np.searchsorted(self.times, time, side="right")) - 1
        return Estimated(float(self.values[i]), Interval(float(self.low[i]), float(self.high[i])))


def rotterdam() -> pd.DataFrame:
    """The 2,982 women, one row each; the columns are explained in ``data/rotterdam/README.md``.

    Every call gives a fresh copy, so that an exercise can change it.
    """
    return _table().copy()


def women(receptor: Receptor = "all", er_from: float = ER_POSITIVE) -> pd.DataFrame:
    """Those with an ER-positive or ER-negative tumour, or all.

    Args:
        er_from: receptors (fmol per mg protein) from which a tumour counts as positive.

    Raises:
        ClinicError: an unknown group.
    """
    table = _table()
    if receptor == "all":
        return table.copy()
    if receptor not in ("positive", "negative"):
        raise ClinicError("receptor", receptor, "'all', 'positive' or 'negative'", SOURCE)
    return table[(table["er"] >= er_from) == (receptor == "positive")].copy()


def to_metastasis(table: pd.DataFrame) -> Outcome:
    """Years from diagnosis to distant metastasis; death without one is the competing event."""
    met, dead = table["tom"].notna(), table["tod"].notna()
    years = table["tom"].where(met, table["tox"])
    return Outcome(years.to_numpy(float), np.select([met, dead], [1, 2], 0))


def after_metastasis(table: pd.DataFrame) -> Outcome:
    """Years from metastasis to death (event 1), for those who had one. Sensitive."""
    had = table[table["tom"].notna()]
    return Outcome((had["tox"] - had["tom"]).to_numpy(float), had["tod"].notna().to_numpy(np.int64))


def kaplan_meier(outcome: Outcome) -> Curve:
    """Share still without event 1, as if whoever had event 2 were merely censored.

    The interval is Greenwood's on the log(-log) scale.
    """
    times, at_risk, events, _ = _counted(outcome)
    with np.errstate(divide="ignore", invalid="ignore"):
        survival = np.cumprod(1 - events / at_risk)
        variance = np.cumsum(events / (at_risk * (at_risk - events)))
        spread = np.sqrt(variance) / np.log(survival)
    return _curve(times, survival, spread, start=1.0)


def cumulative_incidence(outcome: Outcome, cause: int = 1) -> Curve:
    """Share who have had the event, with the other event competing (Aalen and Johansen's estimator).

    One minus Kaplan-Meier is higher, since it supposes that those who died would still meet the event. The interval
    uses the delta method's variance on the log(-log) scale.

    Raises:
        ClinicError: ``cause`` is neither 1 nor 2.
    """
    if cause not in (1, 2):
        raise ClinicError("cause", cause, "1 (the event) or 2 (death without it)", "competing risks")
    times, at_risk, first, second = _counted(outcome)
    events, both = (first, second)[cause - 1], first + second
    before = np.concatenate([[1.0], np.cumprod(1 - both / at_risk)[:-1]])
    incidence = np.cumsum(before * events / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        lost = np.where(at_risk > both, both / (at_risk * (at_risk - both)), 0.0)
        shared = before * events / at_risk**2
        variance = (
            np.cumsum(before**2 * events * (at_risk - events) / at_risk**3)
            + incidence**2 * np.cumsum(lost)
            - 2 * incidence * np.cumsum(incidence * lost + shared)
            + np.cumsum(incidence**2 * lost + 2 * incidence * shared)
        )
        spread = np.sqrt(np.clip(variance, 0, None)) / (incidence * np.log(incidence))
    return _curve(times, incidence, spread, start=0.0)


def rate(outcome: Outcome, start: float, end: float) -> Estimated:
    """Events 1 for each 100 person-years between two times, with an interval on the log scale.

    Raises:
        ClinicError: no rising period, or no event in it.
    """
    _period(start, end)
    years, event = outcome
    inside = (event == 1) & (years > start) & (years <= end)
    observed = np.clip(np.minimum(years, end) - start, 0, None).sum()
    events = int(inside.sum())
    if events == 0:
        raise ClinicError("period", f"{start:g} to {end:g} years", "a period with at least one event", SOURCE)
    value = 100 * events / float(observed)
    factor = np.exp(normal_quantile(0.95) / np.sqrt(events))
    return Estimated(value, Interval(value / factor, value * factor))


@lru_cache(maxsize=64)
def hazard_ratio(start: float = 0, end: float = np.inf, er_from: float = ER_POSITIVE) -> Estimated:
    """Rate of metastasis in ER-positive over ER-negative disease between two times (Cox's model, from lifelines).

    Only who is at risk at ``start`` counts, and no event after ``end``. A fit takes a tenth of a second; it is kept.

    Raises:
        ClinicError: no rising period, or a cut-off that leaves one group without events.
    """
    from lifelines import CoxPHFitter  # a second to import, needed only here

    _period(start, end)
    table = _table()
    years, event = to_metastasis(table)
    data = pd.DataFrame(
        {
            "years": np.minimum(years, end) - start,
            "event": (event == 1) & (years <= end),
            "positive": (table["er"] >= er_from).to_numpy(int),
        }
    )[years > start]
    if data.groupby("positive")["event"].sum().reindex([0, 1], fill_value=0).min() == 0:
        raise ClinicError("er_from", er_from, "a cut-off with metastases in both groups in this period", SOURCE)
    row = CoxPHFitter().fit(data, "years", "event").summary.loc["positive"]
    return Estimated(
        float(row["exp(coef)"]), Interval(float(row["exp(coef) lower 95%"]), float(row["exp(coef) upper 95%"]))
    )


@lru_cache(maxsize=1)
def _table() -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(read("rotterdam/rotterdam_metastasis.csv")))


def _counted(outcome: Outcome) -> tuple[Floats, Floats, Floats, Floats]:
    """Distinct times, how many are at risk at each, and how many have event 1 and event 2."""
    years, event = outcome
    if len(years) == 0:
        raise ClinicError("outcome", "nobody", "at least one person", SOURCE)
    times, place = np.unique(years, return_inverse=True)
    leaving = np.bincount(place, minlength=len(times))
    at_risk = len(years) - np.concatenate([[0], np.cumsum(leaving)[:-1]])
    first = np.bincount(place, weights=event == 1, minlength=len(times))
    second = np.bincount(place, weights=event == 2, minlength=len(times))
    return times, at_risk.astype(float), first, second


def _curve(times: Floats, values: Floats, spread: ArrayLike, start: float) -> Curve:
    """The curve from time 0; where there is no event yet, or nobody left, the interval is the value itself."""
    z = normal_quantile(0.95)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        bounds = np.array([values ** np.exp(z * np.asarray(spread)), values ** np.exp(-z * np.asarray(spread))])
    bounds = np.where(np.isfinite(bounds) & (values > 0) & (values < 1), bounds, values)

    def whole(series: Floats) -> Floats:
        return np.concatenate([[start], series]) if times[0] > 0 else series

    at = np.concatenate([[0.0], times]) if times[0] > 0 else times
    return Curve(at, whole(values), whole(bounds.min(axis=0)), whole(bounds.max(axis=0)))


def _period(start: float, end: float) -> None:
    if not 0 <= start < end:
        raise ClinicError("period", f"{start:g} to {end:g} years", "0 <= start < end", SOURCE)
