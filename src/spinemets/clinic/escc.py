"""The epidural spinal cord compression scale, from the evidence table ``escc`` (source bilsky2010).

Read on the T2-weighted axial MRI at the worst level. Sources agree on the grades and disagree on where low grade ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..evidence import table
from .errors import ClinicError
from .inputs import one_of, truth

SOURCE = "table escc, bilsky2010"
Grade = Literal["0", "1a", "1b", "1c", "2", "3"]
GRADES: tuple[Grade, ...] = ("0", "1a", "1b", "1c", "2", "3")
Group = Literal["normal", "low", "high"]


@dataclass(frozen=True)
class Grouping:
    """A published way to call grades low and high."""

    key: str
    who: str
    groups: dict[str, Group]
    finding: str
    """Evidence id."""


def groupings() -> tuple[Grouping, ...]:
    """The published ways to call grades low and high, from the table ``escc-groupings``."""
    return tuple(
        Grouping(row["key"], row["who"], {grade: row[grade] for grade in GRADES}, row["evidence"])
        for row in table("escc-groupings").rows
    )


def meaning(grade: str) -> str:
    """What is seen at a grade, in the table's words.

    Raises:
        ClinicError: no such grade.
    """
    one_of("grade", grade, GRADES, SOURCE)
    return next(str(row["meaning"]) for row in table("escc").rows if str(row["grade"]) == grade)


def grade(
    epidural_tumour: bool,
    sac_deformed: bool = False,
    cord_touched: bool = False,
    cord_compressed: bool = False,
    fluid_visible: bool | None = None,
) -> Grade:
    """The grade from a description of the scan.

    Args:
        epidural_tumour: tumour has left the bone into the epidural space.
        sac_deformed: the thecal sac is deformed.
        cord_touched: tumour touches the cord.
        cord_compressed: the cord is compressed.
        fluid_visible: cerebrospinal fluid is still seen around the cord; needed if the cord is compressed.

    Raises:
        ClinicError: parts of the description contradict one another, or the fluid is not described.
    """
    chain = {
        "epidural_tumour": epidural_tumour,
        "sac_deformed": sac_deformed,
        "cord_touched": cord_touched,
        "cord_compressed": cord_compressed,
    }
    for argument, value in chain.items():
        truth(argument, value, SOURCE)
    if fluid_visible is not None:
        truth("fluid_visible", fluid_visible, SOURCE)
    names = list(chain)
    for weaker, stronger in zip(names, names[1:], strict=False):
        if chain[stronger] and not chain[weaker]:
            raise ClinicError(weaker, False, f"True, since {stronger} is: each grade includes the one before", SOURCE)
    if cord_compressed:
        if fluid_visible is None:
            raise ClinicError(
                "fluid_visible", None, "True or False: with the cord compressed it tells 2 from 3", SOURCE
            )
        return "2" if fluid_visible else "3"
    if fluid_visible is False:
        raise ClinicError("fluid_visible", False, "True, since the cord is not compressed", SOURCE)
    return GRADES[sum((epidural_tumour, sac_deformed, cord_touched))]


def group(grade: str, grouping: str = "noms") -> Group:
    """Low or high, as one tradition uses the words; better name the grade.

    Raises:
        ClinicError: no such grade or grouping.
    """
    one_of("grade", grade, GRADES, SOURCE)
    published = {way.key: way.groups for way in groupings()}
    return published[one_of("grouping", grouping, published, "table escc-groupings")][grade]


def disputed(grade: str) -> bool:
    """Whether one source calls this grade high and another does not.

    Raises:
        ClinicError: no such grade.
    """
    one_of("grade", grade, GRADES, SOURCE)
    return len({way.groups[grade] == "high" for way in groupings()}) > 1
