"""What a learner has answered: the graded questions of the course, and the answers that count.

An answer counts for review, mastery and calibration if it was the first to its question on a day (days begin at
midnight UTC), since later ones may repeat what was just read. Answers given before a chapter (``before``) do not count,
nor do answers dated after today, which a wrong clock wrote. ``front/schedule.mjs`` follows the same rules on the page.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from spinemets import course, progress

from . import bank

Attempt = Mapping[str, Any]
"""One answer as it is stored: ``{answer, score, hints, at, sure?, seconds?, before?}``."""
Record = Mapping[str, Any]
"""One line of an export: ``{item, hash, saved, record}``."""
SURE = ("guess", "fairly sure", "sure")
_MOMENT = re.compile(r"((?:19|20)\d\d-\d\d-\d\d)T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)", re.ASCII)


@dataclass(frozen=True)
class Question:
    """A graded question of the course, as far as its place and kind go."""

    id: str
    chapter: str
    """The stem of its chapter."""
    objective: int | None
    """The number of a learning objective of its chapter; ``None`` if it repeats an earlier chapter."""
    type: str


def questions() -> list[Question]:
    """All graded questions of the chapters in ``_toc.yml``, in the order of the course.

    Raises:
        CourseError: the table of contents or a quiz is missing or malformed.
    """
    known = bank.stems()
    return [
        Question(item.id, chapter.stem, None if item.from_ else item.objective, item.type)
        for chapter in course.chapters()
        if chapter.stem in known
        for item in bank.load(chapter.stem).items
        if item.type != "prediction"
    ]


def records() -> list[Record]:
    """What this learner has stored; nothing while a book is built, so that no author's answers stand in it.

    Raises:
        ProgressError: the file cannot be read.
    """
    return [] if os.environ.get("SPINEMETS_BAKE") else list(progress.all())


def histories(records: Iterable[Record]) -> dict[str, list[Attempt]]:
    """All answers by item, oldest first; those given before an item was edited belong to it too.

    What is no answer (a file may hold anything) is left out.
    """
    found: dict[str, dict[str, Attempt]] = {}
    for entry in records:
        record = entry.get("record")
        history = record.get("history") if isinstance(record, Mapping) else None
        for attempt in history if isinstance(history, list) else []:
            if day(attempt) is not None:
                found.setdefault(entry["item"], {}).setdefault(attempt["at"], attempt)
    return {item: [by_moment[at] for at in sorted(by_moment)] for item, by_moment in found.items()}


def counted(history: Iterable[Attempt], today: date) -> list[tuple[date, Attempt]]:
    """The answers of a history that count by ``today``, oldest first, each with its day."""
    first: dict[date, Attempt] = {}
    for attempt in sorted((one for one in history if day(one) is not None), key=lambda one: str(one["at"])):
        when = day(attempt)
        if when is not None and when <= today and attempt.get("before") is not True:
            first.setdefault(when, attempt)
    return list(first.items())


def day(attempt: object) -> date | None:
    """The day (UTC) of an answer; ``None`` if this is no answer that can count."""
    if not isinstance(attempt, Mapping):
        return None
    score, at = attempt.get("score"), attempt.get("at")
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 1:
        return None
    moment = _MOMENT.fullmatch(at) if isinstance(at, str) else None
    try:
        return date.fromisoformat(moment[1]) if moment else None
    except ValueError:
        return None
