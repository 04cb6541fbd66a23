"""Grading: one pure function for each type of item.

``quiz.mjs`` follows exactly these rules in the browser; ``tests/quiz/grading_cases.json`` holds both to one table.
A score is between 0 (wrong) and 1 (right).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from .items import BEST_POINTS, Case, ChoiceParts, Choices, Hint, NumberParts, Step

ROUNDING = 1e-9
"""Slack, relative to the answer, so that 0.4 is within 0.1 of 0.3 although binary fractions say otherwise."""


def choice(item: ChoiceParts, picked: int) -> float:
    """1 if the right option (counted from 0) was picked, otherwise 0.

    Raises:
        ValueError: there is no such option.
    """
    return float(item.options[_checked(picked, len(item.options))].correct)


def choices(item: Choices, picked: Collection[int]) -> float:
    """Right picks minus wrong picks, divided by the number of right options, never below 0.

    Picking everything is thus never better than picking what one knows.

    Raises:
        ValueError: there is no such option.
    """
    picks = {_checked(pick, len(item.options)) for pick in picked}
    right = sum(item.options[pick].correct for pick in picks)
    return max(0.0, (right - (len(picks) - right)) / sum(option.correct for option in item.options))


def number(answer: float, tolerance: float, given: float) -> float:
    """1 if the given number is within the tolerance of the answer (both ends included), otherwise 0."""
    return float(_within(given, answer, tolerance))


def hint(item: NumberParts, given: float) -> Hint | None:
    """The first understood slip that leads to this wrong number, if any."""
    for known in item.hints:
        if _within(given, known.value, known.tolerance):
            return known
    return None


def case(item: Case, path: Sequence[int]) -> float:
    """Points of the decisions (options counted from 0, in order), divided by the best points of the same steps.

    Raises:
        ValueError: a decision that does not exist, or a path that does not reach the end.
    """
    steps = walked(item, path)
    points = sum(step.options[pick].points for step, pick in zip(steps, path, strict=True))
    return points / (BEST_POINTS * len(steps))


def walked(item: Case, path: Sequence[int]) -> list[Step]:
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
        following = by_id.get(following.options[_checked(pick, len(following.options))].next)
    if following is not None:
        raise ValueError(f"case {item.id}: the decisions {list(path)} stop at step {following.id!r}, before the end")
    return steps


def _within(given: float, answer: float, tolerance: float) -> bool:
    slack = ROUNDING * max(1.0, abs(answer))
    return math.isfinite(given) and abs(given - answer) <= tolerance + slack


def _checked(pick: int, count: int) -> int:
    if not 0 <= pick < count:
        raise ValueError(f"there is no option {pick}; expected 0 to {count - 1}")
    return pick
