"""``check("id", answer)``: a "try it" exercise answered in code.

Four outcomes: right, wrong (with a hint), not attempted (the answer is still ``...``), crashed (the answer could not be
computed). Not attempted also shows the exercise's form, so that the published page has something to fill in.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

from . import bank, grading, render
from .items import TryChoice, TryNumber
from .widget import Quiz, exercise

Outcome = Literal["right", "wrong", "not attempted", "crashed"]
_MARKS: dict[Outcome, str] = {
    "right": "✓ Right.",
    "wrong": "✗ Not right.",
    "crashed": "⚠ The answer could not be used.",
}
_LETTERS = "ABCDEFGHIJ"


@dataclass(frozen=True)
class Checked:
    """What became of an answer; shows itself as text or, in a notebook, as HTML."""

    id: str
    outcome: Outcome
    feedback: str
    """Markdown."""
    hint: str = ""
    """Markdown; empty when right."""
    form: Quiz | None = None
    """The exercise's form, if it was not attempted."""

    def __repr__(self) -> str:
        mark = _MARKS.get(self.outcome, "Not attempted yet.")
        return " ".join(
            part for part in (f"{self.id}: {mark}", self.feedback, self.hint and f"Hint: {self.hint}") if part
        )

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        if self.form is not None:
            bundle, metadata = self.form._repr_mimebundle_(**kwargs) or ({}, {})
            return {**bundle, "text/plain": repr(self)}, metadata
        hint = f"<p><strong>Hint:</strong> {render.html(self.hint)}</p>" if self.hint else ""
        body = f"<p><strong>{escape(_MARKS[self.outcome])}</strong> {render.html(self.feedback)}</p>{hint}"
        return {"text/plain": repr(self), "text/html": body}


def check(id: str, answer: object) -> Checked:
    """Grade an answer to a "try it" exercise.

    Args:
        id: the exercise.
        answer: a number; for a choice the letter ``"A"``, ``"B"`` ... of the option; ``...`` or ``None`` while there is
            none; or a function without arguments that computes it.

    Raises:
        QuizError: no chapter has such an exercise.
    """
    _, item = bank.exercise(id)
    if callable(answer):
        answer = _called(answer)
    if answer is ... or answer is None:
        lead = f'Put your answer in place of the dots of <code>check("{escape(id)}", ...)</code>, or answer here.'
        how = "Put your answer in place of the dots and run the cell again."
        return Checked(id, "not attempted", how, form=exercise(id, lead))
    if isinstance(answer, BaseException):
        text = f"Computing it raised {type(answer).__name__}: {answer}. Repair this first; the answer was not graded."
        return Checked(id, "crashed", text, item.hints[0])
    return _choice(item, answer) if isinstance(item, TryChoice) else _number(item, answer)


def _called(compute: Callable[[], object]) -> object:
    try:
        return compute()
    except Exception as error:  # whatever the learner's code raises is the outcome
        return error


def _number(item: TryNumber, answer: object) -> Checked:
    try:
        given = float(answer)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        text = f"{answer!r} is no number. Expected one number{_unit(item)}, such as 12.5."
        return Checked(item.id, "crashed", text, item.hints[0])
    if not math.isfinite(given):
        text = f"The answer is {given}: a step before it has no value. Expected one number{_unit(item)}."
        return Checked(item.id, "crashed", text, item.hints[0])
    if grading.number(_answer(item), item.tolerance, given):
        return Checked(item.id, "right", item.feedback.right)
    known = grading.slip(item, given)
    return Checked(item.id, "wrong", known.feedback if known else item.feedback.wrong, item.hints[0])


def _choice(item: TryChoice, answer: object) -> Checked:
    letters = _LETTERS[: len(item.options)]
    letter = str(answer).strip().upper()
    if letter not in letters or len(letter) != 1:
        text = f'{answer!r} is no option. Expected the letter of one, such as "{letters[0]}" (of {", ".join(letters)}).'
        return Checked(item.id, "crashed", text, item.hints[0])
    picked = letters.index(letter)
    feedback = item.options[picked].feedback
    if grading.choice(item, picked):
        return Checked(item.id, "right", feedback)
    return Checked(item.id, "wrong", feedback, item.hints[0])


def _answer(item: TryNumber) -> float:
    return item.answer if isinstance(item.answer, float) else item.answer.resolve()


def _unit(item: TryNumber) -> str:
    return f" ({item.unit})" if item.unit else ""
