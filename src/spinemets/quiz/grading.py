"""Grading: one pure function for each type of item, and :func:`grade` over all.

``front/grading.mjs`` follows exactly these rules in the browser; ``tests/quiz/grading_cases.json`` holds both to one
table. A score is between 0 (wrong) and 1 (right). An answer is plain JSON and may come from anybody's file, so each
function checks it and raises ``ValueError`` with words that name what was expected.

========== =======================================================================================
type       answer
========== =======================================================================================
choice     the option's place, counted from 0
hotspot    the same
choices    a list of places
number     a number
order      the places of the shown steps, in the order that the learner gave them
match      for each text the place of a shown match, or null
short      a text
calculated ``{"variant": which one, "value": a number}``
case       the places of the decisions, in their order
========== =======================================================================================
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from itertools import combinations
from typing import Any

from .cases import BEST_POINTS, Case, Step
from .items import (
    Calculated,
    ChoiceParts,
    Choices,
    GradedItem,
    Hotspot,
    Match,
    Number,
    NumberParts,
    Order,
    Short,
    TextSlip,
    words,
)
from .parts import Slip

ROUNDING = 1e-9
"""Slack, relative to the answer, so that 0.4 is within 0.1 of 0.3 although binary fractions say otherwise."""
HINT_COST = 0.25
"""What each hint that was opened takes from a score."""
LONGEST_TEXT = 200
"""Letters of a short answer; more is no short answer."""


def grade(item: GradedItem, answer: object) -> float:
    """The score of an answer, hints not counted.

    Raises:
        ValueError: the answer is not of the form that this type of item has.
    """
    return _GRADERS[item.type](item, answer)


def credit(score: float, hints: int) -> float:
    """The score that is left after some hints were opened."""
    return max(0.0, score * (1 - HINT_COST * hints))


def choice(item: ChoiceParts | Hotspot, picked: object) -> float:
    """1 if the right option or place (counted from 0) was picked, otherwise 0.

    Raises:
        ValueError: there is no such option.
    """
    return float(item.options[_place(picked, len(item.options))].correct)


def choices(item: Choices, picked: Collection[object]) -> float:
    """Right picks minus wrong picks, divided by the number of right options, never below 0.

    Picking everything is thus never better than picking what one knows.

    Raises:
        ValueError: there is no such option, or no list was given.
    """
    picks = {_place(pick, len(item.options)) for pick in _list(picked, most=len(item.options) ** 2)}
    right = sum(item.options[pick].correct for pick in picks)
    return max(0.0, (right - (len(picks) - right)) / sum(option.correct for option in item.options))


def number(answer: float, tolerance: float, given: object) -> float:
    """1 if the given number is within the tolerance of the answer (both ends included), otherwise 0.

    Raises:
        ValueError: no number was given.
    """
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise ValueError(f"expected a number, not {_shown(given)}")
    return float(_within(given, answer, tolerance))


def slip(item: NumberParts, given: float) -> Slip | None:
    """The first understood slip that leads to this wrong number, if any."""
    for known in item.slips:
        if _within(given, known.value, known.tolerance):
            return known
    return None


def order(item: Order, given: Sequence[object]) -> float:
    """Pairs of steps in the right order minus pairs in the wrong one, divided by all pairs, never below 0.

    A random order scores 0 on average before the floor; one step out of place costs little.

    Raises:
        ValueError: the answer does not hold every step once.
    """
    places = [_place(place, len(item.steps)) for place in _list(given, most=len(item.steps))]
    if sorted(places) != list(range(len(item.steps))):
        raise ValueError(f"expected each of the {len(item.steps)} steps once, not {_shown(given)}")
    key = item.key
    ranks = [key.index(place) for place in places]
    signs = [1 if first < second else -1 for first, second in combinations(ranks, 2)]
    return max(0.0, sum(signs) / len(signs))


def match(item: Match, given: Sequence[object]) -> float:
    """Right matches divided by all texts.

    Raises:
        ValueError: not one match, or null, for each text.
    """
    picks = _list(given, most=len(item.pairs))
    if len(picks) != len(item.pairs):
        raise ValueError(f"expected {len(item.pairs)} matches, not {len(picks)}")
    count = len(item.shown)
    chosen = [None if pick is None else _place(pick, count) for pick in picks]
    return sum(pick == key for pick, key in zip(chosen, item.key, strict=True)) / len(item.pairs)


def short(item: Short, given: object) -> float:
    """1 if the words are one of the accepted forms, compared by :func:`spinemets.quiz.items.words`, otherwise 0.

    Raises:
        ValueError: no text was given, or a very long one.
    """
    if not isinstance(given, str) or len(given) > LONGEST_TEXT:
        raise ValueError(f"expected a text of at most {LONGEST_TEXT} letters, not {_shown(given)}")
    return float(words(given) in item.forms)


def text_slip(item: Short, given: str) -> TextSlip | None:
    """The understood mistake that this wrong answer is, if any."""
    said = words(given)
    return next((known for known in item.slips if said in map(words, known.texts)), None)


def calculated(item: Calculated, given: object) -> float:
    """As :func:`number`, for the variant that the answer names.

    Raises:
        ValueError: no variant and value were given, or there is no such variant.
    """
    if not isinstance(given, dict) or given.keys() != {"variant", "value"}:
        raise ValueError(f'expected {{"variant": ..., "value": ...}}, not {_shown(given)}')
    asked = item.drawn()[_place(given["variant"], item.variants)]
    return _number(asked, given["value"])


def case(item: Case, path: Sequence[object]) -> float:
    """Points of the decisions (options counted from 0, in order), divided by the best points of the same steps.

    Raises:
        ValueError: a decision that does not exist, or a path that does not reach the end.
    """
    steps = walked(item, list(_list(path, most=len(item.steps))))
    points = sum(step.options[_place(pick, len(step.options))].points for step, pick in zip(steps, path, strict=True))
    return points / (BEST_POINTS * len(steps))


def walked(item: Case, path: Sequence[object]) -> list[Step]:
    """The steps that a whole path of decisions goes through.

    Raises:
        ValueError: as for :func:`case`.
    """
    by_id = {step.id: step for step in item.steps}
    steps: list[Step] = []
    following: Step | None = item.steps[0]
    for pick in path:
        if following is None:
            raise ValueError(f"case {item.id}: decisions after the end: {list(path)}")
        steps.append(following)
        following = by_id.get(following.options[_place(pick, len(following.options))].next)
    if following is not None:
        raise ValueError(f"case {item.id}: the decisions {list(path)} stop at step {following.id!r}, before the end")
    return steps


RULES = {
    "choices": "Score: right picks minus wrong picks, divided by the number of right options, never below 0.",
    "order": "Score: pairs of steps in the right order minus wrong pairs, divided by all pairs, never below 0.",
    "match": "Score: right matches divided by all matches.",
    "case": f"Score: the points of your decisions divided by the best points ({BEST_POINTS} for each step).",
}
"""How partial credit works, as the learner is told, for the types that give any."""


def _number(item: Number, given: object) -> float:
    answer = item.answer if isinstance(item.answer, float) else item.answer.resolve()
    return number(answer, item.tolerance, given)


_GRADERS: dict[str, Any] = {
    "choice": choice,
    "choices": choices,
    "number": _number,
    "order": order,
    "match": match,
    "hotspot": choice,
    "short": short,
    "calculated": calculated,
    "case": case,
}


def _within(given: float, answer: float, tolerance: float) -> bool:
    slack = ROUNDING * max(1.0, abs(answer))
    return math.isfinite(given) and abs(given - answer) <= tolerance + slack


def _place(pick: object, count: int) -> int:
    if isinstance(pick, bool) or not isinstance(pick, int):
        raise ValueError(f"expected the place of an option, 0 to {count - 1}, not {_shown(pick)}")
    if not 0 <= pick < count:
        raise ValueError(f"there is no option {pick}; expected 0 to {count - 1}")
    return pick


def _list(given: object, most: int) -> Collection[object]:
    if isinstance(given, str | bytes | dict) or not isinstance(given, Collection) or len(given) > most:
        raise ValueError(f"expected a list of at most {most} places, not {_shown(given)}")
    return given


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
