"""What a reader scores who knows nothing and picks an option by its form.

Each strategy picks among the options of a choice, or of a step of a case that has one best decision; where it cannot
decide it picks at random among what is left. A bank is sound if no strategy does better than chance.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .cases import BEST_POINTS, Case
from .items import ChoiceParts
from .parts import Common

HEDGES = frozenset(
    [
        "about", "almost", "appears", "can", "could", "generally", "largely", "likely", "mainly",
        "may", "might", "mostly", "nearly", "often", "partly", "perhaps", "possibly", "probably",
        "rather", "roughly", "seems", "several", "some", "sometimes", "suggest", "suggests", "tend",
        "tends", "usually",
    ]
)  # fmt: skip
"""Words that qualify a statement; test-wise readers look for them."""
ABSOLUTES = frozenset(
    ["always", "cannot", "every", "everybody", "everyone", "must", "never", "nobody", "none", "nothing", "only"]
)  # fmt: skip
"""Words that allow no exception; test-wise readers avoid them."""
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_LONG = 4
"""Letters from which a word counts as one that stem and option share."""


def plain(markdown: str) -> str:
    """The text as it is read, links replaced by their words."""
    return _LINK.sub(r"\1", markdown)


def said(markdown: str) -> list[str]:
    """The words of a text in small letters."""
    return _WORD.findall(plain(markdown).lower())


@dataclass(frozen=True)
class Guessable:
    """One best option among several."""

    question: str
    options: tuple[str, ...]
    key: int
    """Place of the best option."""


def guessables(items: Sequence[Common]) -> list[Guessable]:
    """What can be guessed: choices, and steps of cases."""
    found = [
        Guessable(item.question, tuple(option.text for option in item.options), key(item))
        for item in items
        if isinstance(item, ChoiceParts)
    ]
    for step in (step for item in items if isinstance(item, Case) for step in item.steps):
        best = [i for i, option in enumerate(step.options) if option.points == BEST_POINTS]
        if len(best) == 1:
            found.append(Guessable(step.question, tuple(option.text for option in step.options), best[0]))
    return found


def longest(item: Guessable) -> list[int]:
    """The longest option."""
    return _most([len(plain(text)) for text in item.options])


def most_qualified(item: Guessable) -> list[int]:
    """The option with the most hedging words."""
    return _most([sum(word in HEDGES for word in said(text)) for text in item.options])


def least_absolute(item: Guessable) -> list[int]:
    """The options with the fewest words that allow no exception."""
    return _most([-sum(word in ABSOLUTES for word in said(text)) for text in item.options])


def echoing(item: Guessable) -> list[int]:
    """The option that repeats the most words of the question."""
    asked = {word for word in said(item.question) if len(word) >= _LONG}
    return _most([len(asked & set(said(text))) for text in item.options])


def at(place: int) -> Callable[[Guessable], list[int]]:
    """The option at one place, counted from 0; at random where there are fewer."""

    def pick(item: Guessable) -> list[int]:
        return [place] if place < len(item.options) else list(range(len(item.options)))

    return pick


STRATEGIES: dict[str, Callable[[Guessable], list[int]]] = {
    "the first option": at(0),
    "the second option": at(1),
    "the third option": at(2),
    "the fourth option": at(3),
    "the longest option": longest,
    "the most qualified option": most_qualified,
    "the option without absolute words": least_absolute,
    "the option that repeats the question": echoing,
}


@dataclass(frozen=True)
class Guessed:
    """How a strategy does on a bank."""

    strategy: str
    score: float
    """Expected right answers; a choice among several counts in part."""
    chance: float
    """Expected right answers of picking at random."""
    luck: float
    """Probability that picking at random does as well or better."""
    items: int


def guessed(items: Sequence[Common]) -> list[Guessed]:
    """Every strategy on all that can be guessed."""
    choices = guessables(items)
    found = []
    for name, pick in STRATEGIES.items():
        scores = [_hit(item, pick(item)) for item in choices]
        chances = [1 / len(item.options) for item in choices]
        score = sum(scores)
        found.append(Guessed(name, score, sum(chances), _at_least(chances, score), len(choices)))
    return found


def key(item: ChoiceParts) -> int:
    """Place of the right option."""
    return next(i for i, option in enumerate(item.options) if option.correct)


def _hit(item: Guessable, picks: Sequence[int]) -> float:
    return (item.key in picks) / len(picks)


def _most(values: Sequence[float]) -> list[int]:
    return [i for i, value in enumerate(values) if value == max(values)]


def _at_least(chances: Sequence[float], score: float) -> float:
    """Probability of as many right answers or more (Poisson binomial; a part of an answer counts as none)."""
    exactly = [1.0]
    for chance in chances:
        right = [0.0, *(probability * chance for probability in exactly)]
        wrong = [*(probability * (1 - chance) for probability in exactly), 0.0]
        exactly = [a + b for a, b in zip(right, wrong, strict=True)]
    return sum(exactly[int(score + 1e-9) :])
