"""Cox's model with its table, and the check of its assumption, by lifelines.

A fit takes a tenth of a second and lifelines a second to import: too slow for a control that moves. Explorers take
results that were fitted beforehand (``cohorts.hazard_ratio`` keeps its own); notebooks may fit what they like.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from .errors import ClinicError
from .intervals import Estimated, Interval
from .survival import Outcome, check

SOURCE = "Cox's model"


class Effect(NamedTuple):
    """One covariate: its hazard ratio (for a number, of one unit more), and the P value of Wald's test."""

    name: str
    ratio: Estimated
    p: float


@dataclass(frozen=True)
class Cox:
    """A fitted model.

    Attributes:
        effects: one for each covariate; a category has one for each level but its first.
        people: how many were in the fit.
        events: how many of them had event 1.
        concordance: of pairs of people whose order is known, the share that the model orders rightly.
        proportional: for each effect the P value of the test on Schoenfeld residuals against ranked times. A small
            one says that the ratio changes with time, so that one number does not hold throughout. Not a number with
            delayed entry, for which lifelines has no such test.
    """

    effects: tuple[Effect, ...]
    people: int
    events: int
    concordance: float
    proportional: Mapping[str, float]

    def __getitem__(self, name: str) -> Effect:
        for effect in self.effects:
            if effect.name == name:
                return effect
        raise ClinicError("name", name, ", ".join(effect.name for effect in self.effects), SOURCE)

    def frame(self) -> pd.DataFrame:
        """The table: hazard ratio, interval, P, and the check of proportional hazards."""
        rows = [
            (e.name, e.ratio.value, e.ratio.interval.low, e.ratio.interval.high, e.p, self.proportional[e.name])
            for e in self.effects
        ]
        columns = ["covariate", "hazard ratio", "from", "to", "P", "P of proportional hazards"]
        return pd.DataFrame(rows, columns=columns).set_index("covariate")


def cox(outcome: Outcome, covariates: pd.DataFrame) -> Cox:
    """Fit Cox's model for event 1 (event 2 counts as censored), with delayed entry if the outcome has it.

    Args:
        covariates: one row for each person, in the outcome's order: numbers, truth values, or categories (an ordered
            category compares with its first level).

    Raises:
        ClinicError: other rows than people, missing or non-numeric values, two columns of one name, a covariate that
            never varies, or a fit that does not converge.
    """
    from lifelines import CoxPHFitter
    from lifelines.exceptions import ConvergenceError, ConvergenceWarning
    from lifelines.statistics import proportional_hazard_test

    check(outcome)
    data = _numbers(covariates, len(outcome.years))
    names = list(data.columns)
    times = {"years": np.asarray(outcome.years, float), "event": np.asarray(outcome.event) == 1}
    if not times["event"].any():
        raise ClinicError("outcome", "no event", "at least one event", SOURCE)
    if outcome.entry is not None:
        times["entry"] = np.asarray(outcome.entry, float)
    data = data.assign(**times)
    if outcome.entry is not None:
        data = data[data["entry"] < data["years"]]
    fitter = CoxPHFitter()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ConvergenceWarning)
            fitter.fit(data, "years", "event", entry_col="entry" if outcome.entry is not None else None)
            if outcome.entry is None:
                test = proportional_hazard_test(fitter, data, time_transform="rank").summary["p"]
            else:  # lifelines has no residuals then
                test = dict.fromkeys(names, math.nan)
    except (ConvergenceError, ConvergenceWarning):
        allowed = "covariates of which none decides who has the event, nor repeats the others"
        raise ClinicError("covariates", ", ".join(names), allowed, SOURCE) from None
    table = fitter.summary
    bounds = ("exp(coef) lower 95%", "exp(coef) upper 95%")
    effects = tuple(
        Effect(
            name,
            Estimated(
                float(table.loc[name, "exp(coef)"]),
                Interval(*(float(table.loc[name, bound]) for bound in bounds)),
                "Cox, Wald",
            ),
            float(table.loc[name, "p"]),
        )
        for name in names
    )
    proportional = {name: float(test[name]) for name in names}
    return Cox(effects, len(data), int(data["event"].sum()), float(fitter.concordance_index_), proportional)


def _numbers(covariates: pd.DataFrame, people: int) -> pd.DataFrame:
    """The covariates as numbers, a category as one column for each level but its first."""
    if not isinstance(covariates, pd.DataFrame) or len(covariates) != people or covariates.shape[1] == 0:
        raise ClinicError("covariates", type(covariates).__name__, f"a table with {people} rows", SOURCE)
    if reserved := {"years", "event", "entry"} & set(covariates.columns):
        raise ClinicError("covariates", sorted(reserved)[0], "another name for this column", SOURCE)
    if missing := [str(name) for name, gaps in covariates.isna().any().items() if gaps]:
        raise ClinicError("covariates", missing[0], "columns without missing values", SOURCE)
    wide = pd.get_dummies(covariates.reset_index(drop=True), drop_first=True)
    if not wide.columns.is_unique:  # the levels of a category are columns too
        name = wide.columns[wide.columns.duplicated()][0]
        raise ClinicError("covariates", name, "another name for one of these columns", SOURCE)
    try:
        wide = wide.astype(float)
    except (TypeError, ValueError):
        raise ClinicError("covariates", "what is no number", "numbers, truth values or categories", SOURCE) from None
    for name in wide:
        if not np.isfinite(wide[name]).all() or wide[name].nunique() < 2:
            raise ClinicError("covariates", name, "finite columns that vary", SOURCE)
    return wide
