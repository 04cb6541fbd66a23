"""Which tumours count as radiosensitive to conventional fractions, and for whom: table ``radiosensitivity``.

Three sources are set side by side: a surgical reference, a published program of NOMS, and a trial of radiosurgery that
named its radioresistant tumours and called every other radiosensitive. Where they part, nothing is chosen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..evidence import table
from .inputs import one_of

SOURCE = "table radiosensitivity"
Class = Literal["radiosensitive", "radioresistant", "not said"]
NOMS = "spinehub"
"""The source whose classes NOMS uses, as far as it was read: a program that cites Laufer 2013."""
_REST = "every other"


@dataclass(frozen=True)
class Classes:
    """The class of one tumour by each source, by its key in ``sources.bib``."""

    histology: str
    by_source: dict[str, Class]

    @property
    def disputed(self) -> bool:
        """Whether one source calls it radiosensitive and another radioresistant."""
        return {"radiosensitive", "radioresistant"} <= set(self.by_source.values())

    @property
    def noms(self) -> Class:
        """The class that NOMS uses."""
        return self.by_source[NOMS]


def histologies() -> tuple[str, ...]:
    """The tumours that a source names."""
    return tuple(dict.fromkeys(row["histology"] for row in table("radiosensitivity").rows if row["histology"] != _REST))


def classes(histology: str) -> Classes:
    """What each source calls a tumour, such as "breast"; "not said" where a source does not name it.

    Raises:
        ClinicError: a tumour that no source names.
    """
    one_of("histology", histology, histologies(), SOURCE)
    by_source: dict[str, dict[str, Class]] = {}
    for row in table("radiosensitivity").rows:
        by_source.setdefault(row["source"], {})[row["histology"]] = row["group"]
    return Classes(
        histology,
        {source: named.get(histology, named.get(_REST, "not said")) for source, named in by_source.items()},
    )
