"""Scores that sort people with spinal metastases by prognosis, from the evidence tables of their names.

Only scores that the evidence holds whole are offered, and only whole: a missing item gives no total; table
``partial-scores`` names the others and what they lack. Their bands speak of survival or of treatment goals, so that a
chapter shows them only when a reader asks, for synthetic people, with the record that the score has
(:mod:`spinemets.clinic.record`). A score is not a forecast for a person.
"""

from __future__ import annotations

from typing import Literal

from ..evidence import table
from . import points
from .errors import ClinicError
from .frankel import Grade as Frankel
from .inputs import among, truth, whole
from .performance import with_walking
from .points import Result

Visceral = Literal["none", "treatable", "untreatable"]
Growth = Literal["slow", "moderate", "rapid"]
Organs = Literal["none", "removable", "unremovable"]
NAMES = {
    "tokuhashi-2005": "Tokuhashi, revised",
    "tomita-2001": "Tomita",
    "bauer-modified": "Bauer, modified",
    "katagiri-2014": "Katagiri",
    "vanderlinden-2005": "van der Linden",
    "tokuhashi-1990": "Tokuhashi, first",
    "bauer-original": "Bauer, first",
    "rades-short-survival": "Rades, short survival",
}
"""Evidence id of each score, and its name."""
_FAVOURABLE = ("breast", "kidney", "lymphoma", "multiple myeloma")


def tokuhashi(
    karnofsky: int, extraspinal_foci: int, vertebrae: int, organs: Organs, frankel: Frankel, primary: str = "breast"
) -> Result:
    """The revised Tokuhashi score, 0 to 15, higher is better (source tokuhashi2005).

    Args:
        karnofsky: 10 to 100 in tens.
        extraspinal_foci: bone metastases outside the spine.
        vertebrae: vertebral bodies with a metastasis, 1 or more.
        organs: metastases to major internal organs.
        frankel: A and B complete, C and D incomplete, E no palsy.
        primary: a site that the table names, or "others".

    Raises:
        ClinicError: a value that the definition does not cover.
    """
    return _tokuhashi("tokuhashi-2005", karnofsky, extraspinal_foci, vertebrae, organs, frankel, primary)


def tokuhashi_1990(
    karnofsky: int, extraspinal_foci: int, vertebrae: int, organs: Organs, frankel: Frankel, primary: str = "breast"
) -> Result:
    """The first Tokuhashi score, 0 to 12, higher is better (source tokuhashi1990); its bands are its own.

    The arguments are those of :func:`tokuhashi`. Primaries that the table does not name are left open, since two
    copies of the definition give them different points.

    Raises:
        ClinicError: a value that the definition does not cover, or leaves open.
    """
    id = "tokuhashi-1990"
    left = table(id).extra["open"]
    if among(primary, left["words"]):
        raise ClinicError("primary", primary, f"a site that has points: {left['why']}", points.source(id))
    return _tokuhashi(id, karnofsky, extraspinal_foci, vertebrae, organs, frankel, primary)


def tomita(growth: Growth, visceral: Visceral, bone_metastases: int) -> Result:
    """The Tomita score, 2 to 10, lower is better (source tomita2001).

    Args:
        growth: of the primary; breast, thyroid and prostate are slow.
        visceral: metastases to organs.
        bone_metastases: all of them, spine included, 1 or more.

    Raises:
        ClinicError: a value that the definition does not cover.
    """
    id = "tomita-2001"
    return points.added(
        id,
        {
            "Primary tumour": points.word("growth", growth),
            "Visceral metastases": points.word("visceral", visceral),
            "Bone metastases (spine included)": points.word(
                "bone_metastases", "solitary" if _bones(bone_metastases, id) == 1 else "multiple"
            ),
        },
    )


def bauer(visceral: bool, bone_metastases: int, primary: str = "breast") -> Result:
    """The modified Bauer score, 0 to 4, higher is better (source leithner2008).

    Args:
        visceral: whether there are metastases to organs.
        bone_metastases: all of them, spine included, 1 or more.
        primary: breast, kidney, lymphoma, multiple myeloma, lung or other.

    Raises:
        ClinicError: a value that the definition does not cover.
    """
    id = "bauer-modified"
    return points.added(id, _bauer(id, visceral, bone_metastases, primary))


def bauer_original(visceral: bool, bone_metastases: int, fracture: bool, primary: str = "breast") -> Result:
    """The first Bauer score, 0 to 5, higher is better (source bauer1995); its bands are its own.

    Args:
        visceral: whether there are metastases to organs.
        bone_metastases: all of them, spine included, 1 or more.
        fracture: whether a metastasis has broken a bone.
        primary: breast, kidney, lymphoma, multiple myeloma, lung or other.

    Raises:
        ClinicError: a value that the definition does not cover.
    """
    id = "bauer-original"
    rules = _bauer(id, visceral, bone_metastases, primary)
    return points.added(id, rules | {"No pathological fracture": points.yes("fracture", fracture, id, means=False)})


def katagiri(
    growth: Growth,
    spread: Literal["none", "nodular", "disseminated"],
    laboratory: Literal["normal", "abnormal", "critical"],
    ecog: int,
    chemotherapy: bool,
    bone_metastases: int,
) -> Result:
    """The Katagiri score of 2014, 0 to 10, lower is better (source katagiri2014).

    Args:
        growth: of the primary; hormone-dependent breast cancer is slow, hormone-independent moderate.
        spread: visceral or cerebral metastases; disseminated is pleural, peritoneal or leptomeningeal.
        laboratory: the worst class that any of the blood tests reaches.
        ecog: performance status, 0 to 4.
        chemotherapy: whether there was any before.
        bone_metastases: all of them, 1 or more.

    Raises:
        ClinicError: a value that the definition does not cover.
    """
    id = "katagiri-2014"
    grade = whole("ecog", ecog, "a whole number, 0 to 4", points.source(id), lambda n: n in range(5))
    return points.added(
        id,
        {
            "Primary site": points.word("growth", growth),
            "Visceral or cerebral metastases": points.word("spread", spread),
            "Laboratory data": points.word("laboratory", laboratory),
            "ECOG performance status 3 or 4": points.yes("ecog", grade >= 3, id),
            "Previous chemotherapy": points.yes("chemotherapy", chemotherapy, id),
            "Multiple skeletal metastases": points.yes("bone_metastases", _bones(bone_metastases, id) > 1, id),
        },
    )


def van_der_linden(karnofsky: int, visceral: bool, primary: str = "breast") -> Result:
    """The van der Linden score, 0 to 6, higher is better (source vdlinden2005).

    Args:
        karnofsky: 20 to 100 in tens.
        visceral: whether there are metastases to organs.
        primary: breast, prostate, lung or other.

    Raises:
        ClinicError: a value that the definition does not cover.
    """
    id = "vanderlinden-2005"
    present = truth("visceral", visceral, points.source(id))
    return points.added(
        id,
        {
            "Karnofsky": points.karnofsky(karnofsky, id),
            "Primary": points.listed("primary", primary),
            "Visceral metastases": points.word("visceral", "present" if present else "absent"),
        },
    )


def rades_short(
    ecog: int, other_bone: bool, visceral: bool, months: float, walks: bool, days: float, primary: str = "breast"
) -> Result:
    """The Rades score for death within two months of a cord compression, 6 to 25, lower is better (rades_short).

    Args:
        ecog: performance status, 2 to 4; nobody with 0 or 1 was among the people it was made from.
        other_bone: whether there are bone metastases elsewhere.
        visceral: whether there are metastases to organs.
        months: from the diagnosis of the cancer to the compression.
        walks: whether the person walks before treatment.
        days: over which the weakness came.
        primary: breast, prostate, myeloma, lymphoma, lung or other.

    Raises:
        ClinicError: a value that the definition does not cover, or an ECOG grade that excludes what ``walks`` says.
    """
    id = "rades-short-survival"
    allowed = "a whole number, 2 to 4; nobody with 0 or 1 was among those it was made from"
    grade = whole("ecog", ecog, allowed, points.source(id), lambda n: 2 <= n <= 4)
    return points.added(
        id,
        {
            "ECOG performance status": points.counted("ecog", with_walking(grade, walks), id),
            "Primary": points.listed("primary", primary),
            "Other bone metastases": points.yes("other_bone", other_bone, id),
            "Visceral metastases": points.yes("visceral", visceral, id),
            "Months from the cancer to the compression": points.measured("months", months, "months", id),
            "Walks before treatment": points.yes("walks", walks, id),
            "Days over which the weakness came": points.measured("days", days, "days", id),
        },
    )


def _tokuhashi(
    id: str, karnofsky: int, extraspinal_foci: int, vertebrae: int, organs: str, frankel: str, primary: str
) -> Result:
    """Both versions have the same items; points, primaries and bands are those of the table."""
    return points.added(
        id,
        {
            "General condition (Karnofsky)": points.karnofsky(karnofsky, id),
            "Extraspinal bone metastases (foci)": points.counted("extraspinal_foci", extraspinal_foci, id),
            "Metastases in the vertebral body (number of vertebrae)": points.counted("vertebrae", vertebrae, id, 1),
            "Metastases to major internal organs": points.word("organs", organs),
            "Primary site": points.listed("primary", primary),
            "Palsy (Frankel)": points.letter("frankel", frankel),
        },
    )


def _bauer(id: str, visceral: bool, bone_metastases: int, primary: str) -> dict[str, points.Rule]:
    known = (*_FAVOURABLE, "lung", "other")
    return {
        "No visceral metastases": points.yes("visceral", visceral, id, means=False),
        "Primary is not lung cancer": points.one("primary", primary, known, (*_FAVOURABLE, "other"), id),
        "Primary is breast, kidney, lymphoma or multiple myeloma": points.one(
            "primary", primary, known, _FAVOURABLE, id
        ),
        "One solitary skeletal metastasis": points.yes("bone_metastases", _bones(bone_metastases, id) == 1, id),
    }


def _bones(count: int, id: str) -> int:
    return whole("bone_metastases", count, "1 or more, the spine's included", points.source(id), lambda n: n >= 1)
