"""The Spinal Instability Neoplastic Score, from the evidence table ``sins`` (source fisher2010).

It rates the stability of one vertebra; it is not summed over vertebrae and says nothing of the cord.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from ..evidence import span, table
from .errors import ClinicError
from .inputs import among, number, one_of, whole

SOURCE = "table sins, fisher2010"
LEVELS = (
    "occiput",
    *(f"C{i}" for i in range(1, 8)),
    *(f"T{i}" for i in range(1, 13)),
    *(f"L{i}" for i in range(1, 6)),
    *(f"S{i}" for i in range(1, 6)),
)

# Our short keys, and how the row of the table that each stands for begins.
_KEYS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "location": (
        "location",
        {"junctional": "junctional", "mobile": "mobile", "semirigid": "semirigid", "rigid": "rigid"},
    ),
    "pain": ("pain", {"mechanical": "mechanical", "occasional": "occasional", "painless": "painless"}),
    "lesion": ("bone lesion", {"lytic": "lytic", "mixed": "mixed", "blastic": "blastic"}),
    "alignment": (
        "alignment",
        {"subluxation": "subluxation", "deformity": "new deformity", "normal": "normal"},
    ),
    "collapse": (
        "vertebral body collapse",
        {
            "over half": "over 50%",
            "under half": "under 50%",
            "no collapse, over half involved": "no collapse",
            "none": "none of these",
        },
    ),
    "posterolateral": (
        "posterolateral involvement",
        {"bilateral": "bilateral", "unilateral": "unilateral", "none": "none"},
    ),
}


class Option(NamedTuple):
    """A level of an item: our key, the table's words, its points."""

    key: str
    words: str
    points: int


@dataclass(frozen=True)
class Item:
    """One of the six items, its options as the table orders them."""

    key: str
    words: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Score:
    """A whole score: the points of each item, their total, and what the total means."""

    points: Mapping[str, int]
    total: int
    category: str
    """"stable", "indeterminate" or "unstable"."""
    meaning: str
    """The category in the table's words."""


@lru_cache(maxsize=1)
def items() -> tuple[Item, ...]:
    """The six items with their options."""
    rows = table("sins").rows
    built = []
    for key, (begins, options) in _KEYS.items():
        own = [row for row in rows if row["item"].startswith(begins)]
        built.append(Item(key, own[0]["item"], tuple(_option(key, own, *pair) for pair in options.items())))
    return tuple(built)


def score(location: str, pain: str, lesion: str, alignment: str, collapse: str, posterolateral: str) -> Score:
    """The score of one vertebra; all six items are needed, a missing one is not zero points.

    Args:
        location: junctional, mobile, semirigid or rigid; :func:`location_of` finds it for a level.
        pain: mechanical, occasional or painless.
        lesion: lytic, mixed or blastic.
        alignment: subluxation, deformity (new) or normal.
        collapse: "over half", "under half", "no collapse, over half involved" or "none"; see :func:`collapse_of`.
        posterolateral: bilateral, unilateral or none.

    Raises:
        ClinicError: a value that is no option of its item.
    """
    given = (location, pain, lesion, alignment, collapse, posterolateral)
    points = {}
    for item, key in zip(items(), given, strict=True):
        known = {option.key: option.points for option in item.options}
        if not among(key, known):
            allowed = f"one of {', '.join(map(repr, known))}; without it there is no total"
            raise ClinicError(item.key, key, allowed, SOURCE)
        points[item.key] = known[key]
    total = sum(points.values())
    category, meaning = _category(total)
    return Score(points, total, category, meaning)


def category(total: int) -> str:
    """What a total means: "stable", "indeterminate" or "unstable".

    Raises:
        ClinicError: a total that no combination of items can have.
    """
    return _category(total)[0]


def location_of(level: str) -> str:
    """The location item of a vertebral level, occiput or C1 to S5.

    Raises:
        ClinicError: an unknown level; or S1, which the definition leaves open (finding ``sins-s1-and-50``).
    """
    if one_of("level", level, LEVELS, SOURCE) == "S1":
        raise ClinicError(
            "level",
            level,
            "a level that the definition assigns; it lists L5-S1 as junctional and S2-S5 as rigid, and leaves S1 alone "
            "open, so choose 'junctional' or 'rigid' and say so",
            f"{SOURCE}; finding sins-s1-and-50",
        )
    return _locations()[level]


def collapse_of(percent: float, involved: float = 0) -> str:
    """The collapse item from how much of the body's height is lost.

    Args:
        percent: loss of height, 0 to 100.
        involved: share of the body that is tumour, 0 to 100; counts only without collapse.

    Raises:
        ClinicError: outside 0 to 100; or exactly 50, which the definition leaves open (finding ``sins-s1-and-50``).
    """
    for argument, value in (("percent", percent), ("involved", involved)):
        number(argument, value, "a number, 0 to 100", SOURCE, lambda share: 0 <= share <= 100)
    if percent == 50:
        raise ClinicError(
            "percent",
            percent,
            "less or more than 50; the bounds are printed as under and over 50%, so exactly 50 is left open",
            f"{SOURCE}; finding sins-s1-and-50",
        )
    if percent > 0:
        return "over half" if percent > 50 else "under half"
    return "no collapse, over half involved" if involved > 50 else "none"


def _option(item: str, rows: list[Mapping[str, object]], key: str, begins: str) -> Option:
    found = [row for row in rows if str(row["level"]).startswith(begins)]
    if len(found) != 1:
        raise ClinicError(item, key, f"one row of the table that begins with {begins!r}, found {len(found)}", SOURCE)
    return Option(key, str(found[0]["level"]), int(str(found[0]["points"])))


def _category(total: int) -> tuple[str, str]:
    whole("total", total, "a whole number, 0 to 18", SOURCE, lambda n: 0 <= n <= 18)
    meaning = next(row["meaning"] for row in table("sins").extra["bands"] if total in span(row["score"]))
    return meaning.split(":")[0], meaning


@lru_cache(maxsize=1)
def _locations() -> dict[str, str]:
    """Each level's location, from ranges such as "C7-T2" in the table's words. S1 ends a range; alone it is open."""
    places = {}
    for option in items()[0].options:
        for part in option.words.split(":")[1].split(","):
            first, last = part.strip().split("-")
            for level in LEVELS[LEVELS.index(first) : LEVELS.index(last) + 1]:
                places[level] = option.key
    return places
