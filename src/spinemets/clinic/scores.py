"""Scores that sort people with spinal metastases by prognosis, from the evidence tables of their names.

Only scores that the evidence holds whole are offered, and only whole: a missing item gives no total. Their bands speak
of survival or of treatment goals, so that a chapter shows them only when a reader asks, for synthetic people, with
the record that the score has. A score is not a forecast for a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ..evidence import table
from .errors import ClinicError

Visceral = Literal["none", "treatable", "untreatable"]
Growth = Literal["slow", "moderate", "rapid"]
NAMES = {
    "tokuhashi-2005": "Tokuhashi, revised",
    "tomita-2001": "Tomita",
    "bauer-modified": "Bauer, modified",
    "katagiri-2014": "Katagiri",
    "vanderlinden-2005": "van der Linden",
}
"""Evidence id of each score, and its name."""


class Part(NamedTuple):
    """One item: the option that applies, in the table's words, and its points."""

    option: str
    points: int


@dataclass(frozen=True)
class Result:
    """A whole score.

    Attributes:
        id: evidence id of the score.
        parts: what each item gave.
        range: the least and the greatest total there is.
        higher_is_better: whether a high total is the favourable end.
        band: the table's row on this total: its range under ``score``, and what it predicts or proposes.
    """

    id: str
    parts: Mapping[str, Part]
    total: int
    range: tuple[int, int]
    higher_is_better: bool
    band: Mapping[str, object]


def tokuhashi(
    karnofsky: int,
    extraspinal_foci: int,
    vertebrae: int,
    organs: Literal["none", "removable", "unremovable"],
    frankel: Literal["A", "B", "C", "D", "E"],
    primary: str = "breast",
) -> Result:
    """The revised Tokuhashi score, 0 to 15, higher is better (source tokuhashi2005).

    Args:
        karnofsky: 10 to 100 in tens.
        extraspinal_foci: bone metastases outside the spine.
        vertebrae: vertebral bodies with a metastasis, 1 or more.
        organs: metastases to major internal organs.
        frankel: A and B complete, C and D incomplete, E no palsy.
        primary: site; one that the table does not name counts as "others".

    Raises:
        ClinicError: a value that the definition does not cover.
    """
    id = "tokuhashi-2005"
    named = any(_lists(str(row["option"]), primary) for row in table(id).rows if row["item"] == "Primary site")
    return _result(
        id,
        {
            "General condition (Karnofsky)": _range("karnofsky", _ten(karnofsky, id)),
            "Extraspinal bone metastases (foci)": _range("extraspinal_foci", extraspinal_foci),
            "Metastases in the vertebral body (number of vertebrae)": _range("vertebrae", vertebrae),
            "Metastases to major internal organs": _word("organs", organs),
            "Primary site": ("primary", primary, lambda option: _lists(option, primary if named else "others")),
            "Palsy (Frankel)": (
                "frankel",
                frankel,
                lambda option: frankel in re.findall(r"\b[A-E]\b", option),
            ),
        },
    )


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
    return _result(
        id,
        {
            "Primary tumour": _word("growth", growth),
            "Visceral metastases": _word("visceral", visceral),
            "Bone metastases (spine included)": (
                "bone_metastases",
                bone_metastases,
                _word_of("solitary" if _bones(bone_metastases, id) == 1 else "multiple"),
            ),
        },
    )


def bauer(visceral: bool, bone_metastases: int, primary: str = "breast") -> Result:
    """The modified Bauer score, 0 to 4, higher is better (source leithner2008).

    Args:
        visceral: whether there are metastases to organs.
        bone_metastases: all of them, spine included, 1 or more.
        primary: site, such as breast, kidney or lung.

    Raises:
        ClinicError: a value that the definition does not cover.
    """
    id = "bauer-modified"
    favourable = "Primary is breast, kidney, lymphoma or multiple myeloma"
    if not primary:
        raise ClinicError("primary", primary, "a site, such as 'breast'", _source(id))
    return _result(
        id,
        {
            "No visceral metastases": _yes("visceral", not visceral),
            "Primary is not lung cancer": _yes("primary", primary != "lung"),
            favourable: _yes("primary", primary in re.split(r", | or ", favourable.removeprefix("Primary is "))),
            "One solitary skeletal metastasis": _yes("bone_metastases", _bones(bone_metastases, id) == 1),
        },
    )


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
    if ecog not in range(5):
        raise ClinicError("ecog", ecog, "0 to 4", _source(id))
    return _result(
        id,
        {
            "Primary site": _word("growth", growth),
            "Visceral or cerebral metastases": _word("spread", spread),
            "Laboratory data": _word("laboratory", laboratory),
            "ECOG performance status 3 or 4": _yes("ecog", ecog >= 3),
            "Previous chemotherapy": _yes("chemotherapy", chemotherapy),
            "Multiple skeletal metastases": _yes("bone_metastases", _bones(bone_metastases, id) > 1),
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
    return _result(
        id,
        {
            "Karnofsky": _range("karnofsky", _ten(karnofsky, id)),
            "Primary": ("primary", primary, lambda option: option == primary),
            "Visceral metastases": ("visceral", visceral, _word_of("present" if visceral else "absent")),
        },
    )


Rule = tuple[str, object, Callable[[str], bool]]
"""Argument, its value, and whether an option of the table applies to it."""


def _result(id: str, rules: Mapping[str, Rule]) -> Result:
    found = table(id)
    listed: dict[str, list[tuple[str, int]]] = {}
    for row in found.rows:
        listed.setdefault(row["item"], []).append((str(row["option"]), row["points"]))
    if set(listed) != set(rules):
        raise ClinicError("table", sorted(listed), f"the items {sorted(rules)}", _source(id))
    parts = {}
    for item, (argument, value, applies) in rules.items():
        options = listed[item]
        chosen = [Part(option, points) for option, points in options if applies(option)]
        if len(chosen) != 1:
            raise ClinicError(argument, value, "one of: " + "; ".join(option for option, _ in options), _source(id))
        parts[item] = chosen[0]
    total = sum(part.points for part in parts.values())
    low, high = found.extra["total_range"]
    band = next(band for band in found.extra["bands"] if _within(str(band["score"]), total))
    return Result(id, parts, total, (low, high), found.extra["direction"] == "higher is better", band)


def _range(argument: str, value: int) -> Rule:
    """An option such as "50-70 (moderate)", "2" or "3 or more"."""

    def applies(option: str) -> bool:
        if least := re.match(r"(\d+) or more", option):
            return value >= int(least[1])
        return _within(option.split(" (")[0], value)

    return argument, value, applies


def _word(argument: str, value: str) -> Rule:
    """An option that begins with the value."""
    return argument, value, _word_of(value)


def _word_of(word: str) -> Callable[[str], bool]:
    return lambda option: bool(word) and re.match(rf"{re.escape(word)}\b", option) is not None


def _yes(argument: str, answer: bool) -> Rule:
    return argument, answer, lambda option: option == ("yes" if answer else "no")


def _lists(option: str, word: str) -> bool:
    return word in option.split(", ")


def _within(words: str, value: int) -> bool:
    """Whether a value lies in "4-5" or equals "6"."""
    low, _, high = words.partition("-")
    return int(low) <= value <= int(high or low)


def _ten(karnofsky: int, id: str) -> int:
    if karnofsky % 10:
        raise ClinicError("karnofsky", karnofsky, "a number in tens", _source(id))
    return karnofsky


def _bones(count: int, id: str) -> int:
    if count < 1:
        raise ClinicError("bone_metastases", count, "1 or more, the spine's included", _source(id))
    return count


def _source(id: str) -> str:
    return f"table {id}"
