"""Questions as item analysis sees them: what could be picked, what is right, and what a stored answer picked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from spinemets.quiz.asked import asked_hash, can_be_asked
from spinemets.quiz.bank import load, stems
from spinemets.quiz.guessing import plain
from spinemets.quiz.items import AnyItem, Calculated, Choice, Choices, Hotspot, Match, Order, places, words

ONE_PICK = ("choice", "hotspot")
"""Types whose answer is one of the options, so that options compete."""
CHANGED = "(changed since it was handed out, so its options are not shown)"
GONE = "(no longer in the course, so its options are not shown)"


@dataclass(frozen=True)
class Question:
    """A question with its options, if it has any."""

    id: str
    type: str
    text: str
    hash: str
    """What was asked: :func:`spinemets.quiz.asked.asked_hash`."""
    options: tuple[str, ...] = ()
    """What can be picked, in words; for a match each text with each of its matches. None for open questions."""
    key: frozenset[int] = field(default_factory=frozenset)
    """The places of the right options."""
    order: tuple[int, ...] = ()
    """The right order of the shown steps."""
    known: bool = True
    """False if the bank has the question no more as it was asked."""

    def picks(self, answer: Any) -> tuple[int | str, ...]:
        """What an answer picked: places of options, or the answer itself in words if the question is open.

        Raises:
            ValueError: the answer is not of the form of :mod:`spinemets.quiz.grading`.
        """
        try:
            found = self._picks(answer)
        except (KeyError, IndexError, TypeError, AttributeError) as error:
            raise ValueError(f"{self.id}: {answer!r} is not the answer of a {self.type}") from error
        for pick in found:
            if not isinstance(pick, str) and (type(pick) is not int or not 0 <= pick < len(self.options)):
                raise ValueError(f"{self.id}: there is no option {answer!r}")
        return found

    def _picks(self, answer: Any) -> tuple[int | str, ...]:
        if self.type in ONE_PICK:
            return (answer,)
        if self.type == "choices":
            return tuple(sorted(set(answer)))
        if self.type == "match":
            width = len(self.options) // len(self.key)
            return tuple(row * width + pick for row, pick in enumerate(answer) if pick is not None)
        if self.type == "order":
            return (f"steps in the order {', '.join(str(self.order.index(place) + 1) for place in answer)}",)
        if self.type == "calculated":
            return (f"{answer['value']:.6g} (variant {answer['variant'] + 1})",)
        return (words(answer) if self.type == "short" else f"{answer:.6g}",)


def question(item: AnyItem) -> Question:
    """An item of the bank as a question.

    Raises:
        NotAskedError: the item is a case, a prediction or an exercise, which are not handed in.
    """
    hash = asked_hash(item)
    options: list[str] = []
    key: list[int] = []
    order: list[int] = []
    text = item.question
    if isinstance(item, Choice | Choices):
        options = [option.text for option in item.options]
        key = [place for place, option in enumerate(item.options) if option.correct]
    elif isinstance(item, Hotspot):
        names = places(item.picture).names
        options = [names[option.place] for option in item.options]
        key = [place for place, option in enumerate(item.options) if option.correct]
    elif isinstance(item, Match):
        options = [f"{pair.text} → {match}" for pair in item.pairs for match in item.shown]
        key = [row * len(item.shown) + right for row, right in enumerate(item.key)]
    elif isinstance(item, Order):
        order = item.key
    elif isinstance(item, Calculated):
        text = item.drawn()[0].question
    return Question(item.id, item.type, plain(text), hash, tuple(map(plain, options)), frozenset(key), tuple(order))


def bank_questions() -> dict[str, Question]:
    """The questions of all chapters that can be handed in, by id.

    Raises:
        QuizError: a quiz file is malformed.
    """
    items = [item for stem in stems() for item in load(stem).items]
    return {item.id: question(item) for item in items if can_be_asked(item)}


def as_asked(asked: Iterable[tuple[str, str, str]], known: Mapping[str, Question]) -> list[Question]:
    """The questions of a release, in its order; those that the bank has no more as they were asked are not known.

    Args:
        asked: id, type and hash of each item of the release.
        known: questions by id, such as :func:`bank_questions`.
    """
    found = []
    for id, type_, hash in asked:
        same = known.get(id)
        if same is not None and same.hash == hash:
            found.append(same)
        else:
            found.append(Question(id, type_, GONE if same is None else CHANGED, hash, known=False))
    return found
