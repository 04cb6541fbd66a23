"""What the bands of a score predict, and how well the score did: the places in the evidence where it stands.

Nothing is typed here: bands are those of the score's table, figures those of the findings that the table
``score-record`` names. All of them speak of survival, so that a chapter shows them only when a reader asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..evidence import Value, finding, span, table
from .inputs import one_of, truth
from .scores import NAMES

SOURCE = "tables of the scores"
_SURVIVAL = ("predicted", "survival", "survival_pct", "median_months", "two_year_pct")


@dataclass(frozen=True)
class Band:
    """What a range of totals predicts.

    Attributes:
        low, high: the totals, both included.
        survival: what the source says of survival, by the table's names; empty where that was not read.
        sources: keys in ``sources.bib``.
        sensitive: a figure on survival; always true.
    """

    low: int
    high: int
    survival: Mapping[str, object]
    sources: tuple[str, ...]
    sensitive: bool = True


@dataclass(frozen=True)
class Evidence:
    """One figure on how well a score did.

    Attributes:
        finding: evidence id.
        value: the figure with its name, unit, interval and n.
        breast: whether it is of people with breast cancer.
    """

    finding: str
    value: Value
    breast: bool


def bands(id: str) -> tuple[Band, ...]:
    """What each band of a score predicts, with its sources, from the lowest total.

    Raises:
        ClinicError: no such score.
    """
    one_of("id", id, NAMES, SOURCE)
    found = []
    for row in table(id).extra["bands"]:
        totals = span(row["score"])
        survival = {name: row[name] for name in _SURVIVAL if name in row}
        found.append(Band(totals[0], totals[-1], survival, tuple(row["source"])))
    return tuple(found)


def record(id: str, breast: bool = False) -> tuple[Evidence, ...]:
    """How well a score did in people other than those it was made from.

    Args:
        id: evidence id of the score.
        breast: only what was found in people with breast cancer; empty where nothing was read.

    Raises:
        ClinicError: no such score, or ``breast`` is neither True nor False.
    """
    one_of("id", id, NAMES, SOURCE)
    truth("breast", breast, SOURCE)
    rows = (row for row in table("score-record").rows if row["score"] == id)
    entries = (
        Evidence(row["finding"], finding(row["finding"])[row["value"]], row["people"] == "breast cancer")
        for row in rows
    )
    return tuple(entry for entry in entries if entry.breast or not breast)
