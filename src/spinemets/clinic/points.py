"""Scores that add up points: a table of items, options and points, and a rule that picks one option of each item.

The table (``evidence/10-surgery.yml``) holds the definition; the rules say only which option fits what is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..evidence import span, table
from .errors import ClinicError
from .inputs import among, number, one_of, truth, whole


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
        band: the table's row on this total: its range under ``score``, what it predicts or proposes, and the sources.
    """

    id: str
    parts: Mapping[str, Part]
    total: int
    range: tuple[int, int]
    higher_is_better: bool
    band: Mapping[str, object]


class Rule(NamedTuple):
    """Which option of an item fits: the argument's name, its value, a test for an option, the words an option has."""

    argument: str
    value: object
    fits: Callable[[str], bool]
    words: Callable[[str], Sequence[str]] | None = None


def added(id: str, rules: Mapping[str, Rule]) -> Result:
    """The score of this table, if each rule fits exactly one option of its item.

    Raises:
        ClinicError: a value that fits no option.
    """
    found = table(id)
    items = options(id)
    if set(items) != set(rules):
        raise ClinicError("table", sorted(items), f"the items {sorted(rules)}", source(id))
    parts = {}
    for item, rule in rules.items():
        chosen = [part for part in items[item] if rule.fits(part.option)]
        if len(chosen) != 1:
            raise ClinicError(rule.argument, rule.value, _allowed(rule, items[item]), source(id))
        parts[item] = chosen[0]
    total = sum(part.points for part in parts.values())
    low, high = found.extra["total_range"]
    band = next(band for band in found.extra["bands"] if total in span(band["score"]))
    return Result(id, parts, total, (low, high), found.extra["direction"] == "higher is better", band)


def options(id: str) -> dict[str, list[Part]]:
    """The options of each item of a score, as the table orders them."""
    items: dict[str, list[Part]] = {}
    for row in table(id).rows:
        items.setdefault(row["item"], []).append(Part(str(row["option"]), row["points"]))
    return items


def counted(argument: str, value: object, id: str, least: int = 0) -> Rule:
    """An option such as "0", "1-2" or "3 or more" for a number of things.

    Raises:
        ClinicError: no whole number, or fewer than ``least``.
    """
    count = whole(argument, value, f"a whole number, {least} or more", source(id), lambda n: n >= least)
    return Rule(argument, value, lambda option: count in span(option))


def karnofsky(value: object, id: str) -> Rule:
    """An option such as "50-70 (moderate)" for a Karnofsky status in tens.

    Raises:
        ClinicError: no number in tens from 10 to 100.
    """
    allowed = "a number in tens, 10 to 100"
    status = whole("karnofsky", value, allowed, source(id), lambda n: 10 <= n <= 100 and n % 10 == 0)
    return Rule("karnofsky", value, lambda option: status in span(option.split(" (")[0]))


def measured(argument: str, value: object, unit: str, id: str) -> Rule:
    """An option such as "15 or less" or "more than 15" for a measured time.

    Raises:
        ClinicError: not finite, or negative.
    """
    amount = number(argument, value, f"{unit}, 0 or more", source(id), lambda x: x >= 0)

    def fits(option: str) -> bool:
        bound = float(re.sub(r"[^\d.]", "", option))
        return amount <= bound if option.endswith("or less") else amount > bound

    return Rule(argument, value, fits)


def word(argument: str, value: object) -> Rule:
    """The option that begins with this word, such as "slow" for "slow growth (breast, ...)"."""
    return _named(argument, value, lambda option: re.findall(r"\w+", option)[:1])


def listed(argument: str, value: object) -> Rule:
    """The option that lists this word, such as "breast" in "thyroid, breast, prostate"."""
    return _named(argument, value, lambda option: option.split(", "))


def letter(argument: str, value: object) -> Rule:
    """The option that names this grade, such as "C" in "incomplete (C, D)"."""
    return _named(argument, value, lambda option: re.findall(r"\b[A-E]\b", option))


def yes(argument: str, value: object, id: str, means: bool = True) -> Rule:
    """The option "yes" if the value is ``means``, else "no".

    Raises:
        ClinicError: neither True nor False.
    """
    answer = "yes" if truth(argument, value, source(id)) is means else "no"
    return Rule(argument, value, lambda option: option == answer)


def one(argument: str, value: object, known: Sequence[str], favourable: Sequence[str], id: str) -> Rule:
    """The option "yes" if the word is among the favourable ones, else "no".

    Raises:
        ClinicError: no known word.
    """
    answer = "yes" if one_of(argument, value, known, source(id)) in favourable else "no"
    return Rule(argument, value, lambda option: option == answer)


def source(id: str) -> str:
    """Where a score is defined, for messages."""
    return f"table {id}, {table(id).sources[0]}"


def _named(argument: str, value: object, words: Callable[[str], Sequence[str]]) -> Rule:
    return Rule(argument, value, lambda option: among(value, words(option)), words)


def _allowed(rule: Rule, parts: Sequence[Part]) -> str:
    if rule.words is None:
        return "one of: " + "; ".join(part.option for part in parts)
    return "one of " + ", ".join(repr(word) for part in parts for word in rule.words(part.option))
