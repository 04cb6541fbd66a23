"""How active somebody is: ECOG's six grades, Karnofsky's eleven, and four published ways from one to the other.

The grades are the tables ``ecog`` and ``karnofsky``, the ways the table ``kps-to-ecog-disagree``. No way is chosen
here: whoever needs one grade from the other sees what each source gives.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..evidence import table
from .errors import ClinicError
from .inputs import truth, whole

SOURCE = "tables ecog and karnofsky, hemonc_ps"
MAPPINGS = "table kps-to-ecog-disagree"


@dataclass(frozen=True)
class Position:
    """The ECOG grades that one source sets beside a Karnofsky status.

    Attributes:
        who: the source in short words.
        grades: one grade, or two where the source does not part them.
        basis: what the source rests on.
        source: key in ``sources.bib``.
    """

    who: str
    grades: tuple[int, ...]
    basis: str
    source: str


@dataclass(frozen=True)
class Conversion:
    """What the sources give for one Karnofsky status."""

    karnofsky: int
    positions: tuple[Position, ...]

    @property
    def shared(self) -> tuple[int, ...]:
        """The grades that every source allows; empty where they part."""
        return tuple(grade for grade in range(5) if all(grade in position.grades for position in self.positions))

    @property
    def disputed(self) -> bool:
        """Whether the sources part: no grade suits them all."""
        return not self.shared


def ecog(grade: int) -> str:
    """What an ECOG grade means, 0 (no restriction) to 5 (dead).

    Raises:
        ClinicError: no such grade.
    """
    return str(_ecog(grade)["means"])


def karnofsky(status: int) -> str:
    """What a Karnofsky status means, 100 (no complaints) to 0 (dead), in tens.

    Raises:
        ClinicError: no such status.
    """
    known = {row["kps"]: str(row["means"]) for row in table("karnofsky").rows}
    return known[whole("status", status, "a number in tens, 0 to 100", SOURCE, lambda n: n in known)]


def ecog_from_karnofsky(status: int) -> Conversion:
    """The ECOG grades that each published source sets beside a Karnofsky status, and whether they part.

    Raises:
        ClinicError: no number in tens from 10 to 100, which is as far as the sources go.
    """
    found = table("kps-to-ecog-disagree")
    rows = {row["karnofsky"]: row for row in found.rows}
    row = rows[whole("status", status, "a number in tens, 10 to 100", MAPPINGS, lambda n: n in rows)]
    positions = []
    for way in found.extra["mappings"]:
        given = row[way["column"]]
        grades = tuple(given) if isinstance(given, list) else (given,)
        positions.append(Position(way["column"], grades, way["basis"], way["source"]))
    return Conversion(row["karnofsky"], tuple(positions))


def karnofsky_from_ecog(grade: int) -> dict[str, tuple[int, ...]]:
    """The Karnofsky statuses for which each source allows an ECOG grade, by source, highest first.

    Raises:
        ClinicError: no grade from 0 to 4.
    """
    wanted = whole("grade", grade, "a whole number, 0 to 4", MAPPINGS, lambda n: n in range(5))
    ways: dict[str, list[int]] = {}
    for row in table("kps-to-ecog-disagree").rows:
        for position in ecog_from_karnofsky(row["karnofsky"]).positions:
            ways.setdefault(position.who, []).extend([row["karnofsky"]] if wanted in position.grades else [])
    return {who: tuple(statuses) for who, statuses in ways.items()}


def with_walking(grade: int, walks: bool) -> int:
    """The ECOG grade, if its words allow that the person walks, or does not.

    Grades 0 to 2 speak of people who walk, grade 4 of people confined to bed or chair, grade 3 leaves it open.

    Raises:
        ClinicError: the grade and ``walks`` exclude each other; the message names both.
    """
    walking = _ecog(grade)["walking"]
    if truth("walks", walks, SOURCE) and walking == "impossible":
        raise ClinicError("walks", walks, f"False, since ecog is {grade}: {ecog(grade)}", SOURCE)
    if not walks and walking == "certain":
        raise ClinicError("walks", walks, f"True, since ecog is {grade}: {ecog(grade)}", SOURCE)
    return grade


def _ecog(grade: int) -> dict[str, object]:
    known = {row["grade"]: row for row in table("ecog").rows}
    return known[whole("grade", grade, "a whole number, 0 to 5", SOURCE, lambda n: n in known)]
