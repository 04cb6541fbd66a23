"""What to review, and when: FSRS (``fsrs``) over the answers that count.

``front/schedule.mjs`` computes the same days in the browser with ``ts-fsrs``; ``tests/browser/test_browser_review.py``
holds both to each other. A case is not reviewed, since it is a walk, not a question; it counts for mastery.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from fsrs import Card, Rating, Scheduler

from .answered import Attempt, Question, Record, counted, histories

NEW_A_DAY = 10
"""Questions never answered before that are suggested a day."""
DAYS_AHEAD = 14
LONGEST = 365
"""Days after which a question comes back at the latest."""
_SCHEDULER = Scheduler(enable_fuzzing=False, learning_steps=(), relearning_steps=(), maximum_interval=LONGEST)


@dataclass(frozen=True)
class Memory:
    """What FSRS says of one question."""

    last: date
    """The day of the newest answer that counts."""
    due: date
    stability: float
    """Days after which nine of ten such answers are still right."""
    difficulty: float
    """From 1 (easy) to 10."""

    def recall(self, today: date) -> float:
        """How likely the answer is still known, from 0 to 1."""
        card = Card(card_id=0, stability=self.stability, last_review=_noon(self.last))
        return float(_SCHEDULER.get_card_retrievability(card, _noon(today)))


@dataclass(frozen=True)
class Plan:
    """The questions of a day, and how many come in the next ones."""

    due: tuple[str, ...]
    """Ids, the most forgotten first."""
    new: tuple[str, ...]
    """Ids of questions never answered, of chapters that were begun."""
    ahead: tuple[int, ...]
    """How many fall due tomorrow, the day after, and so on."""


def rating(attempt: Attempt) -> Rating:
    """What FSRS is told of an answer.

    Again below half a score; hard if partly right or a guess; easy if right and sure; else good.
    """
    if attempt["score"] < 0.5:
        return Rating.Again
    if attempt["score"] < 1 or attempt.get("sure") == "guess":
        return Rating.Hard
    return Rating.Easy if attempt.get("sure") == "sure" else Rating.Good


def schedule(history: Iterable[Attempt], today: date) -> Memory | None:
    """What is left in memory of a question after its history; ``None`` if no answer counts."""
    card = Card(card_id=0)
    for when, attempt in counted(history, today):
        card, _ = _SCHEDULER.review_card(card, rating(attempt), _noon(when))
    if card.last_review is None or card.stability is None or card.difficulty is None:
        return None
    return Memory(card.last_review.date(), card.due.date(), card.stability, card.difficulty)


def plan(records: Iterable[Record], questions: Sequence[Question], today: date) -> Plan:
    """What to review on a day (UTC).

    Args:
        records: the learner's records, as an export has them.
        questions: those of the course, in its order.
        today: the day.
    """
    known = histories(records)
    asked = [one for one in questions if one.type != "case"]
    memories = {one.id: memory for one in asked if (memory := schedule(known.get(one.id, ()), today))}
    due = [id for id, memory in memories.items() if memory.due <= today]
    due.sort(key=lambda id: (memories[id].recall(today), id))
    begun = {one.chapter for one in questions if known.get(one.id)}
    unseen = [one.id for one in asked if one.id not in memories and one.chapter in begun]
    room = max(0, NEW_A_DAY - sum(_first_day(known[id], today) == today for id in memories))
    days = [(memory.due - today).days for memory in memories.values()]
    return Plan(tuple(due), tuple(unseen[:room]), tuple(days.count(ahead) for ahead in range(1, DAYS_AHEAD + 1)))


def listed(plan: Plan, questions: Sequence[Question], titles: Mapping[str, str]) -> str:
    """A plan in plain text: one line for each question, under the title of its chapter.

    Args:
        plan: what to review.
        questions: those of the course.
        titles: titles of the chapters by stem.
    """
    if not plan.due and not plan.new:
        return "Nothing is due today."
    chapter = {one.id: one.chapter for one in questions}
    lines = []
    for heading, ids in (("Due today", plan.due), ("New", plan.new)):
        lines += [f"{heading}: {len(ids)}"] + [f"  {id} ({titles[chapter[id]]})" for id in ids]
    return "\n".join(lines)


def today() -> date:
    """The present day, UTC."""
    return datetime.now(UTC).date()


def _first_day(history: Iterable[Attempt], today: date) -> date | None:
    return next((when for when, _ in counted(history, today)), None)


def _noon(when: date) -> datetime:
    return datetime.combine(when, time(12), UTC)
