"""The cohorts of real women that the course carries or that lifelines brings, and their times until an event.

Each file is checked against its published checksum. Tables keep the unit of their file, outcomes
(``survival.Outcome``) are in years from the clock's start. Every call gives a fresh copy, so that an exercise can
change it. Figures on death are sensitive: a chapter shows them only when a reader asks.

``survival`` has the methods; the two curves are named here too, since chapters ask for them beside a cohort.
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Literal

import numpy as np
import pandas as pd

from ..data import read, read_installed
from .errors import ClinicError
from .inputs import number, one_of, truth
from .intervals import Estimated
from .survival import Outcome, cumulative_incidence, in_years, kaplan_meier, period, rate

__all__ = [
    "ER_POSITIVE",
    "Receptor",
    "after_metastasis",
    "after_metastasis_from_diagnosis",
    "after_recurrence",
    "cumulative_incidence",
    "gbsg2",
    "hazard_ratio",
    "kaplan_meier",
    "lymph_node",
    "rate",
    "rotterdam",
    "to_death",
    "to_metastasis",
    "to_recurrence_or_death",
    "women",
]

SOURCE = "data/rotterdam/README.md"
LIFELINES_SOURCE = "data/lifelines/README.md"
ER_POSITIVE = 10
"""Receptors in fmol per mg protein from which the cohort's analyses call a tumour ER-positive."""
Receptor = Literal["all", "positive", "negative"]

# Rotterdam -----------------------------------------------------------------------------------------------------------


def rotterdam() -> pd.DataFrame:
    """The 2,982 women of the Rotterdam tumour bank, one row each; ``data/rotterdam/README.md`` explains the columns."""
    return _table().copy()


def women(receptor: Receptor = "all", er_from: float = ER_POSITIVE) -> pd.DataFrame:
    """Those of Rotterdam with an ER-positive or ER-negative tumour, or all.

    Args:
        er_from: receptors (fmol per mg protein) from which a tumour counts as positive.

    Raises:
        ClinicError: an unknown group, or a cut-off that is no number of 0 or more.
    """
    one_of("receptor", receptor, ("all", "positive", "negative"), SOURCE)
    _cut_off(er_from)
    table = _table()
    if receptor == "all":
        return table.copy()
    return table[(table["er"] >= er_from) == (receptor == "positive")].copy()


def to_metastasis(table: pd.DataFrame) -> Outcome:
    """Rotterdam: years from diagnosis to distant metastasis; death without one is the competing event."""
    _columns(table, "tom", "tod", "tox")
    met, dead = table["tom"].notna(), table["tod"].notna()
    years = table["tom"].where(met, table["tox"])
    return Outcome(years.to_numpy(float), np.select([met, dead], [1, 2], 0))


def to_recurrence_or_death(table: pd.DataFrame) -> Outcome:
    """Rotterdam: years from diagnosis to the first of relapse, metastasis and death. Sensitive."""
    _columns(table, "tor", "tom", "tod", "tox")
    first = table[["tor", "tom"]].min(axis=1)
    event = first.notna() | table["tod"].notna()
    return Outcome(first.fillna(table["tox"]).to_numpy(float), event.to_numpy(np.int64))


def to_death(table: pd.DataFrame) -> Outcome:
    """Rotterdam: years from diagnosis to death. Sensitive."""
    _columns(table, "tod", "tox")
    return Outcome(table["tox"].to_numpy(float), table["tod"].notna().to_numpy(np.int64))


def after_metastasis(table: pd.DataFrame) -> Outcome:
    """Rotterdam: years from metastasis to death (event 1), for those who had one. Sensitive."""
    _columns(table, "tom", "tod", "tox")
    had = table[table["tom"].notna()]
    return Outcome((had["tox"] - had["tom"]).to_numpy(float), had["tod"].notna().to_numpy(np.int64))


def after_metastasis_from_diagnosis(table: pd.DataFrame, delayed: bool = True) -> Outcome:
    """Rotterdam: the women and deaths of :func:`after_metastasis`, by the clock that starts at diagnosis. Sensitive.

    Args:
        delayed: whether a woman counts as at risk only from her metastasis on (delayed entry). The curve then speaks
            of somebody who lives with a metastasis from the first day, and rests on few women at first; it serves to
            compare hazards at one time since diagnosis. Without it each woman is given the years before as well, in
            which she could not have died and still be in this group: immortal time, to be seen through.

    Raises:
        ClinicError: another table, or ``delayed`` is neither True nor False.
    """
    _columns(table, "tom", "tod", "tox")
    had = table[table["tom"].notna()]
    entry = had["tom"].to_numpy(float) if truth("delayed", delayed, SOURCE) else None
    return Outcome(had["tox"].to_numpy(float), had["tod"].notna().to_numpy(np.int64), entry)


def hazard_ratio(start: float = 0, end: float = np.inf, er_from: float = ER_POSITIVE) -> Estimated:
    """Rotterdam: rate of metastasis in ER-positive over ER-negative disease between two times (Cox's model).

    Only who is at risk at ``start`` counts, and no event after ``end``. A fit takes a tenth of a second; it is kept.

    Raises:
        ClinicError: no rising period, or a cut-off that leaves one group without events.
    """
    period(start, end)
    _cut_off(er_from)
    return _hazard_ratio(start, end, er_from)


@lru_cache(maxsize=64)
def _hazard_ratio(start: float, end: float, er_from: float) -> Estimated:
    from .cox import cox

    table = _table()
    years, event, _ = to_metastasis(table)
    kept = years > start
    ended = np.minimum(years, end)[kept] - start
    events = ((event == 1) & (years <= end))[kept].astype(np.int64)
    positive = (table["er"] >= er_from).to_numpy(int)[kept]
    if not (events[positive == 1].any() and events[positive == 0].any()):
        raise ClinicError("er_from", er_from, "a cut-off with metastases in both groups in this period", SOURCE)
    return cox(Outcome(ended, events), pd.DataFrame({"positive": positive}))["positive"].ratio


# From lifelines ------------------------------------------------------------------------------------------------------


def gbsg2() -> pd.DataFrame:
    """The 686 women of the German trial GBSG2, one row each; ``data/lifelines/README.md`` explains the columns.

    ``survival.in_years(table["days"], table["recurrence_or_death"])`` is its outcome.

    Raises:
        DataError: lifelines is missing, or brings another file than the one the numbers come from.
    """
    return _gbsg2().copy()


def lymph_node() -> pd.DataFrame:
    """The same 686 women with recurrence and death apart; ``data/lifelines/README.md`` explains the columns.

    Raises:
        DataError: lifelines is missing, or brings another file than the one the numbers come from.
    """
    return _lymph_node().copy()


def after_recurrence(table: pd.DataFrame) -> Outcome:
    """Of :func:`lymph_node`: years from recurrence to death, for those who had one. Sensitive."""
    _columns(table, "recurrence_days", "recurrence", "death_days", "death", source=LIFELINES_SOURCE)
    had = table[table["recurrence"]]
    return in_years(had["death_days"] - had["recurrence_days"], had["death"])


@lru_cache(maxsize=1)
def _table() -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(read("rotterdam/rotterdam_metastasis.csv")))


@lru_cache(maxsize=1)
def _gbsg2() -> pd.DataFrame:
    raw = pd.read_csv(io.BytesIO(read_installed("lifelines", "datasets/gbsg2.csv")))
    return pd.DataFrame(
        {
            "age": raw["age"],
            "postmenopausal": raw["menostat"] == "Post",
            "hormone_therapy": raw["horTh"] == "yes",
            "size_mm": raw["tsize"],
            "grade": raw["tgrade"].map({"I": 1, "II": 2, "III": 3}),
            "nodes": raw["pnodes"],
            "pr": raw["progrec"],
            "er": raw["estrec"],
            "days": raw["time"],
            "recurrence_or_death": raw["cens"] == 1,
        }
    )


@lru_cache(maxsize=1)
def _lymph_node() -> pd.DataFrame:
    raw = pd.read_csv(io.BytesIO(read_installed("lifelines", "datasets/lymph_node.csv")))
    return pd.DataFrame(
        {
            "id": raw["id"],
            "diagnosed": pd.to_datetime(raw["diagdateb"], format="%d-%m-%Y"),
            "age": raw["age"],
            "postmenopausal": raw["menopause"] == 2,
            "hormone_therapy": raw["hormone"] == 2,
            "size_mm": raw["size"],
            "grade": raw["grade"],
            "nodes": raw["nodes"],
            "pr": raw["prog_recp"],
            "er": raw["estrg_recp"],
            "recurrence_days": raw["rectime"],
            "recurrence": raw["censrec"] == 1,
            "death_days": raw["survtime"],
            "death": raw["censdead"] == 1,
        }
    )


def _cut_off(er_from: float) -> None:
    number("er_from", er_from, "receptors in fmol per mg protein, 0 or more", SOURCE, lambda x: x >= 0)


def _columns(table: pd.DataFrame, *names: str, source: str = SOURCE) -> None:
    if not isinstance(table, pd.DataFrame) or not set(names) <= set(table.columns):
        raise ClinicError("table", type(table).__name__, f"a table with the columns {', '.join(names)}", source)
