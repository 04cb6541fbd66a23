"""Remarks on how a quiz is written: nothing is broken, yet a reader could guess the key from its form."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from .items import Choice, ChoiceParts, Choices, QuizFile
from .parts import Common

_CATCH_ALL = re.compile(r"\b(all|none|both|neither) of (the|these|those)( above| options| answers)?\b", re.I)
_NEGATIVE = re.compile(  # capitals count only where they shout, so no re.I
    r"\b(?:NOT|EXCEPT)\b|\bexcept\b[^.?]*\?"
    r"|\b[Ww]hich\b(?: \w+){0,4} (?:is|are|does|do|was|were) (?:not|never|false|incorrect)\b"
)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_FEW = 4
"""Fewer choices than this say nothing about a pattern of keys."""


def remarks(quiz: QuizFile) -> list[str]:
    """All remarks on a quiz, each with the id that it is about."""
    items = (*quiz.items, *quiz.exercises)
    return [*key_positions(items), *option_lengths(items), *catch_alls(items), *negatives(items)]


def key_positions(items: Sequence[Common]) -> list[str]:
    """Keys that stand at one place in more than half of the choices."""
    keys = [_key(item) for item in items if isinstance(item, ChoiceParts)]
    if len(keys) < _FEW:
        return []
    place, count = Counter(keys).most_common(1)[0]
    if count * 2 <= len(keys):
        return []
    return [f"the key is option {place + 1} in {count} of {len(keys)} choices; move some keys"]


def option_lengths(items: Sequence[Common]) -> list[str]:
    """Keys much longer than every other option, and options more than three times as long as another."""
    found: list[str] = []
    for item in items:
        if not isinstance(item, ChoiceParts):
            continue
        lengths = [_length(option.text) for option in item.options]
        others = [length for i, length in enumerate(lengths) if i != _key(item)]
        if lengths[_key(item)] > 1.5 * max(others) + 8:
            found.append(f"{item.id}: the key is much longer than the other options")
        elif max(lengths) > 3 * min(lengths) + 20:
            found.append(f"{item.id}: the options differ much in length ({min(lengths)} to {max(lengths)} letters)")
    return found


def catch_alls(items: Sequence[Common]) -> list[str]:
    """Options such as "all of the above", which are answered without knowing them."""
    return [
        f"{item.id}: the option {option.text!r} refers to the others; name what is meant"
        for item in items
        if isinstance(item, ChoiceParts | Choices)
        for option in item.options
        if _CATCH_ALL.search(option.text)
    ]


def negatives(items: Sequence[Common]) -> list[str]:
    """Questions that ask for what is not true, which readers miss."""
    return [
        f"{item.id}: the question asks for what does not hold; ask for what does"
        for item in items
        if isinstance(item, ChoiceParts | Choices) and _NEGATIVE.search(item.question)
    ]


def _key(item: ChoiceParts | Choice) -> int:
    return next(i for i, option in enumerate(item.options) if option.correct)


def _length(markdown: str) -> int:
    return len(_LINK.sub(r"\1", markdown))
