"""What a learner has mastered, and how often "sure" was right.

The rule, as the learner is told it: an objective is mastered when the newest answer to each of its questions is wholly
right, without a hint and not called a guess, and when its questions were answered on at least two days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from .answered import SURE, Attempt, Question, Record, counted, histories
from .grading import credit
from .parts import MOST_HINTS

MASTERY_DAYS = 2
"""Days on which an objective's questions were answered, at least, before it counts as mastered."""


@dataclass(frozen=True)
class Mastery:
    """How far one objective is."""

    questions: int
    answered: int
    held: int
    """Questions whose newest answer is wholly right, without a hint and not called a guess."""
    days: int
    """Days on which any of its questions was answered."""

    @property
    def mastered(self) -> bool:
        return self.held == self.questions and self.days >= MASTERY_DAYS


@dataclass(frozen=True)
class Tally:
    """How often something was said, and how often the answer was right then (hints or not)."""

    said: int
    right: int


Calibration = dict[str, dict[str, Tally]]
"""For each chapter or month: what was said ("guess" | "fairly sure" | "sure") -> how often, and how often right."""


def mastery(records: Iterable[Record], questions: Sequence[Question], today: date) -> dict[tuple[str, int], Mastery]:
    """How far each objective (chapter, number) with questions is, in the order of the course.

    Questions that repeat an earlier chapter belong to no objective of their own chapter.
    """
    known = histories(records)
    groups: dict[tuple[str, int], list[Question]] = {}
    for one in questions:
        if one.objective is not None:
            groups.setdefault((one.chapter, one.objective), []).append(one)
    order = list(dict.fromkeys(one.chapter for one in questions))
    found = {}
    for key in sorted(groups, key=lambda key: (order.index(key[0]), key[1])):
        answers = [counted(known.get(one.id, ()), today) for one in groups[key]]
        found[key] = Mastery(
            questions=len(answers),
            answered=sum(bool(given) for given in answers),
            held=sum(bool(given) and holds(given[-1][1]) for given in answers),
            days=len({when for given in answers for when, _ in given}),
        )
    return found


def holds(attempt: Attempt) -> bool:
    """Whether an answer speaks for mastery: wholly right (a hint would have cost credit) and not called a guess."""
    return bool(attempt["score"] == 1 and attempt.get("sure") != "guess")


def was_right(attempt: Attempt) -> bool:
    """Whether the answer itself was right, whatever the hints cost."""
    hints = attempt.get("hints")
    known = isinstance(hints, int) and not isinstance(hints, bool) and 0 <= hints <= MOST_HINTS
    return bool(known and attempt["score"] == credit(1, hints))


def by_chapter(records: Iterable[Record], questions: Sequence[Question], today: date) -> Calibration:
    """How often each degree of certainty was right, by chapter."""
    return _calibration(records, questions, today, lambda question, _: question.chapter)


def by_month(records: Iterable[Record], questions: Sequence[Question], today: date) -> Calibration:
    """How often each degree of certainty was right, by month (such as ``2026-11``), oldest first."""
    found = _calibration(records, questions, today, lambda _, when: f"{when:%Y-%m}")
    return dict(sorted(found.items()))


def _calibration(
    records: Iterable[Record], questions: Sequence[Question], today: date, group: Callable[[Question, date], str]
) -> Calibration:
    known = histories(records)
    said: Counter[tuple[str, str]] = Counter()
    right: Counter[tuple[str, str]] = Counter()
    for question in questions:
        for when, attempt in counted(known.get(question.id, ()), today):
            sure = attempt.get("sure")
            if sure in SURE:
                said[group(question, when), sure] += 1
                right[group(question, when), sure] += was_right(attempt)
    groups = dict.fromkeys(name for name, _ in said)
    return {name: {sure: Tally(said[name, sure], right[name, sure]) for sure in SURE} for name in groups}
