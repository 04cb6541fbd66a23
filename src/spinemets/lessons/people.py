"""The named synthetic people of the course with their findings.

None of them exists or existed. They are here so that a score or a framework is worked for somebody whose findings
are written down, and so that no reader needs to enter a person of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class SinsFindings:
    """The six SINS items of one vertebra, in the words of the table ``sins``."""

    location: Literal["junctional", "mobile", "semirigid", "rigid"]
    pain: Literal["mechanical", "occasional", "painless"]
    lesion: Literal["lytic", "mixed", "blastic"]
    alignment: Literal["subluxation", "deformity", "normal"]
    collapse: Literal["over half", "under half", "no collapse, over half involved", "none"]
    posterolateral: Literal["bilateral", "unilateral", "none"]


@dataclass(frozen=True)
class Person:
    """A synthetic person on the day on which treatment is discussed."""

    key: str
    name: str
    age: int
    story: str
    """One sentence in plain words."""
    vertebra: str
    """The vertebra in question."""
    sins: SinsFindings
    escc: Literal["0", "1a", "1b", "1c", "2", "3"]
    spine: Literal["stable", "pain on load", "gross instability"]
    """The mechanical answer in the words of NOMS."""
    fit: bool
    """Could go through an operation, and is expected to live long enough to gain from it."""
    hormone_dependent: bool
    karnofsky: int
    ecog: int
    frankel: Literal["A", "B", "C", "D", "E"]
    extraspinal_bone: int
    """Number of bone metastases outside the spine."""
    vertebrae: int
    """Number of vertebral bodies with a metastasis."""
    organs: Literal["none", "removable", "unremovable"]
    """Metastases to major internal organs; "removable" is also taken as treatable (Tomita)."""
    organ_spread: Literal["none", "nodular", "disseminated"]
    """The same organs in Katagiri's words; disseminated is pleural, peritoneal or leptomeningeal."""
    laboratory: Literal["normal", "abnormal", "critical"]
    """Katagiri's classes of blood tests."""
    chemotherapy: bool
    """Has had chemotherapy before."""

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    @property
    def tumour(self) -> Literal["radiosensitive"]:
        """All of them have breast cancer, which counts as radiosensitive in NOMS (finding ``noms-breast-class``)."""
        return "radiosensitive"

    @property
    def bone_metastases(self) -> int:
        return self.extraspinal_bone + self.vertebrae


MARIA = Person(
    key="maria",
    name="Maria Lindqvist",
    age=57,
    story="Back pain on every movement, eased by lying down; T11 has collapsed by over half; her legs are normal.",
    vertebra="T11",
    sins=SinsFindings("junctional", "mechanical", "lytic", "deformity", "over half", "unilateral"),
    escc="1b",
    spine="gross instability",
    fit=True,
    hormone_dependent=True,
    karnofsky=70,
    ecog=2,
    frankel="E",
    extraspinal_bone=0,
    vertebrae=2,
    organs="none",
    organ_spread="none",
    laboratory="normal",
    chemotherapy=False,
)

INGRID = Person(
    key="ingrid",
    name="Ingrid Halvorsen",
    age=66,
    story="Stopped walking 20 hours ago; the tumour of T6 presses on the cord; one level only, the spine is stable.",
    vertebra="T6",
    sins=SinsFindings("semirigid", "occasional", "mixed", "normal", "no collapse, over half involved", "unilateral"),
    escc="3",
    spine="stable",
    fit=True,
    hormone_dependent=True,
    karnofsky=40,
    ecog=3,
    frankel="C",
    extraspinal_bone=1,
    vertebrae=1,
    organs="none",
    organ_spread="none",
    laboratory="abnormal",
    chemotherapy=True,
)

ROSA = Person(
    key="rosa",
    name="Rosa Benítez",
    age=71,
    story="Several organs are involved and she is frail; her back aches; T8 is stable and the cord is free.",
    vertebra="T8",
    sins=SinsFindings("semirigid", "occasional", "mixed", "normal", "no collapse, over half involved", "none"),
    escc="1a",
    spine="stable",
    fit=False,
    hormone_dependent=True,
    karnofsky=50,
    ecog=3,
    frankel="E",
    extraspinal_bone=4,
    vertebrae=4,
    organs="unremovable",
    organ_spread="nodular",
    laboratory="abnormal",
    chemotherapy=True,
)

AMINA = Person(
    key="amina",
    name="Amina Yusuf",
    age=44,
    story="Well; one stable lesion of L3 found on a scan; HER2-positive, hormone receptors negative.",
    vertebra="L3",
    sins=SinsFindings("mobile", "painless", "mixed", "normal", "none", "none"),
    escc="0",
    spine="stable",
    fit=True,
    hormone_dependent=False,
    karnofsky=90,
    ecog=0,
    frankel="E",
    extraspinal_bone=0,
    vertebrae=1,
    organs="none",
    organ_spread="none",
    laboratory="normal",
    chemotherapy=True,
)

PEOPLE: tuple[Person, ...] = (MARIA, INGRID, ROSA, AMINA)


def person(key: str) -> Person:
    """The person with this key, such as ``"maria"``.

    Raises:
        KeyError: nobody has this key; the message lists those there are.
    """
    for someone in PEOPLE:
        if someone.key == key:
            return someone
    raise KeyError(f"no synthetic person {key!r}; there are {', '.join(p.key for p in PEOPLE)}")
