"""Flaws of a quiz's items: nothing is broken, yet a reader could guess the key from its form, or learns too little."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from .cases import Case
from .guessing import ABSOLUTES, guessables, guessed, key, plain, said
from .items import (
    AnyItem,
    Calculated,
    ChoiceParts,
    Choices,
    Hotspot,
    Match,
    Number,
    Prediction,
    QuizFile,
    Short,
    TryNumber,
    words,
)
from .parts import Ask, Option, RightWrong

LUCK = 0.05
"""A strategy that does so well by luck in fewer banks than this share is a flaw of the bank."""
SHORT_FEEDBACK = 3
"""Words; a feedback of fewer gives no reason."""
TO_WRITE = "WRITE"
"""What :mod:`spinemets.quiz.scaffold` puts where words are wanted."""
ALIKE = 0.85
"""Share of common words from which two questions are one."""

_CATCH_ALL = re.compile(r"\b(all|none|both|neither) of (the|these|those)( above| options| answers)?\b", re.I)
_NEGATIVE = re.compile(  # capitals count only where they shout, so no re.I
    r"\b(?:NOT|EXCEPT)\b|\bexcept\b[^.?]*\?"
    r"|\b[Ww](?:hich|hat|here|ho)\b(?: \w+){0,4} (?:is|are|does|do|was|were) (?:not|never|false|incorrect)\b"
)
_NUMBER = r"(\d+(?:[.,]\d+)*)"
_RANGE = re.compile(rf"{_NUMBER}\s*(?:to|-|–)\s*{_NUMBER}")
_FROM = re.compile(rf"\b(?:more than|over|above|at least) {_NUMBER}", re.I)
_UP_TO = re.compile(rf"\b(?:less than|fewer than|under|below|at most|up to) {_NUMBER}", re.I)
_BARE = re.compile(r"[\d.,\s]+")
_RATIO = re.compile(r"\bratio|\bhow many times\b", re.I)


@dataclass(frozen=True)
class Flaw:
    """One remark, and the item that it is about ("" for the whole bank)."""

    item: str
    words: str

    def __str__(self) -> str:
        return f"{self.item}: {self.words}" if self.item else self.words


def flaws(quiz: QuizFile) -> list[Flaw]:
    """The flaws of one quiz; what is asked in two of them is found by :func:`twice`."""
    items = (*quiz.items, *quiz.exercises)
    own = [Flaw(item.id, text) for item in items for rule in RULES for text in rule(item)]
    return [*own, *(Flaw("", text) for text in guessable(items))]


def guessable(items: Sequence[AnyItem]) -> list[str]:
    """Strategies that need no knowledge and do better than chance."""
    return [
        f"picking {one.strategy} is right in {one.score:g} of {one.items} choices, by chance in {one.chance:.1f}; "
        "move or reword some keys"
        for one in guessed(items)
        if one.luck < LUCK
    ]


def twice(items: Sequence[AnyItem]) -> list[Flaw]:
    """Questions that are asked twice."""
    asked = [(item, set(words(item.question).split())) for item in items if isinstance(item, Ask)]
    return [
        Flaw(other.id, f"asks what {one.id} asks; ask for another thing or take one out")
        for (one, first), (other, second) in combinations(asked, 2)
        if len(first & second) >= ALIKE * len(first | second)
    ]


def lengths(item: AnyItem) -> Iterator[str]:
    """A key much longer than every other option, and options more than three times as long as another."""
    for one in guessables([item]):
        sizes = [len(plain(text)) for text in one.options]
        others = [size for i, size in enumerate(sizes) if i != one.key]
        if sizes[one.key] > 1.5 * max(others) + 8:
            yield "the key is much longer than the other options"
        elif max(sizes) > 3 * min(sizes) + 20:
            yield f"the options differ much in length ({min(sizes)} to {max(sizes)} letters)"


def absolutes(item: AnyItem) -> Iterator[str]:
    """Words such as "always" in wrong options alone, which give them away; a decision may well be to do nothing."""
    for one in guessables([item]) if not isinstance(item, Case) else ():
        found = {word for i, text in enumerate(one.options) if i != one.key for word in said(text)} & ABSOLUTES
        if found and not set(said(one.options[one.key])) & ABSOLUTES:
            named = ", ".join(map(repr, sorted(found)))
            yield f"{named} in wrong options alone: a reader may rule them out by the word"


def catch_alls(item: AnyItem) -> Iterator[str]:
    """Options such as "all of the above", which are answered without knowing them."""
    options = [option for step in item.steps for option in step.options] if isinstance(item, Case) else _options(item)
    for option in options:
        if _CATCH_ALL.search(option.text):
            yield f"the option {option.text!r} refers to the others; name what is meant"


def negatives(item: AnyItem) -> Iterator[str]:
    """Questions that ask for what is not true, which readers miss."""
    questions = [item.question] if isinstance(item, ChoiceParts | Choices | Hotspot) else []
    if isinstance(item, Case):
        questions = [step.question for step in item.steps]
    if any(_NEGATIVE.search(question) for question in questions):
        yield "the question asks for what does not hold; ask for what does"


def overlaps(item: AnyItem) -> Iterator[str]:
    """Options of which one includes another, so that two may be right."""
    for asked in guessables([item]):
        for one, other in combinations(asked.options, 2):
            first, second = words(one), words(other)
            inside = f" {first} " in f" {second} " or f" {second} " in f" {first} "
            if inside or _meet(one, other):
                yield f"the options {one!r} and {other!r} overlap"


def feedback(item: AnyItem) -> Iterator[str]:
    """Feedback that says no more than right or wrong."""
    told = [option.feedback for option in _options(item)]
    if isinstance(item, Match):
        told = [pair.feedback for pair in item.pairs]
    if isinstance(item, Hotspot):
        told = [option.feedback for option in item.options]
    if isinstance(getattr(item, "feedback", None), RightWrong):
        told = [item.feedback.wrong]  # type: ignore[union-attr]
    for text in told:
        if len(text.split()) < SHORT_FEEDBACK:
            yield f"the feedback {text!r} gives no reason"


def credit(item: AnyItem) -> Iterator[str]:
    """Partial credit and slips that nobody can get."""
    if isinstance(item, Choices):
        right = sum(option.correct for option in item.options)
        if right == 1:
            yield "one option is right, so partial credit is out of reach; make it a choice, or add a right option"
        if right == len(item.options):
            yield "every option is right: picking all needs no knowledge"
    if isinstance(item, Number | TryNumber):
        for i, slip in enumerate(item.slips):
            for earlier in item.slips[:i]:
                if abs(slip.value - earlier.value) + slip.tolerance <= earlier.tolerance:
                    yield f"the slip {slip.value:g} can never show: the slip {earlier.value:g} before it is as wide"


def units(item: AnyItem) -> Iterator[str]:
    """Numbers without a unit."""
    number = isinstance(item, Number | TryNumber | Calculated) or (isinstance(item, Prediction) and not item.options)
    if number and not getattr(item, "unit", "") and not _RATIO.search(item.question):  # type: ignore[union-attr]
        yield 'the number has no unit, such as unit: "%" or unit: people'
    options = _options(item)
    if options and all(_BARE.fullmatch(plain(option.text)) for option in options):
        yield "the options are bare numbers; give each its unit"


def hints(item: AnyItem) -> Iterator[str]:
    """Hints that tell the answer."""
    if isinstance(item, ChoiceParts):
        answers = [words(plain(item.options[key(item)].text))]
    elif isinstance(item, Short):
        answers = sorted(item.forms)
    else:
        return
    for hint in item.hints:
        if any(f" {answer} " in f" {words(plain(hint))} " for answer in answers):
            yield f"the hint {hint!r} tells the answer"


def unfinished(item: AnyItem) -> Iterator[str]:
    """Places of a new question that nobody has filled in."""
    if any(TO_WRITE in text for text in item.texts()):
        yield f"{TO_WRITE} still stands where words are wanted"


RULES = (unfinished, lengths, absolutes, catch_alls, negatives, overlaps, feedback, credit, units, hints)
"""What is looked for in each item."""


def _options(item: AnyItem) -> tuple[Option, ...]:
    return item.options if isinstance(item, ChoiceParts | Choices) else ()


def _meet(one: str, other: str) -> bool:
    """Whether both texts are ranges that share more than an end."""
    (low, high), (from_, to) = _span(plain(one)), _span(plain(other))
    return max(low, from_) < min(high, to)


def _span(text: str) -> tuple[float, float]:
    """The range that a text names, such as "2 to 5 points" or "more than 20"; an empty one if it names none."""
    both, low, high = (
        [float(end.replace(",", "")) for end in found.groups()] if (found := pattern.search(text)) else []
        for pattern in (_RANGE, _FROM, _UP_TO)
    )
    if both:
        return both[0], both[1]
    if low or high:
        return max(low, default=-math.inf), max(high, default=math.inf)
    return math.inf, -math.inf
