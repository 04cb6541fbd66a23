"""Random histories as a learner and their clocks might write them; some entries are no answers at all."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

from spinemets.quiz.answered import Question

TODAY = date(2026, 11, 23)
KINDS = ("choice", "number", "order", "short", "case")
QUESTIONS = [
    Question(f"q{chapter}-{n}", f"0{chapter}-sample", n % 5 + 1 if n < 10 else None, KINDS[n % len(KINDS)])
    for chapter in range(1, 5)
    for n in range(12)
]


def attempt(at: str, score: float = 1, **parts: Any) -> dict[str, Any]:
    """An answer as it is stored."""
    return {"answer": 0, "score": score, "hints": 0, "at": at} | parts


def on(day: str, score: float = 1, **parts: Any) -> dict[str, Any]:
    """An answer of noon of a day."""
    return attempt(f"{day}T12:00:00.000Z", score, **parts)


def entry(item: str, *history: Any, hash: str = "000000000000") -> dict[str, Any]:
    """A line of an export."""
    return {"item": item, "hash": hash, "saved": "", "record": {"type": "choice", "history": list(history), "at": ""}}


def history(chance: random.Random) -> list[Any]:
    """Up to 14 entries, now and then several a day, out of order, twice the same, of the future, or no answer."""
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(300 * 1440))
    if chance.random() < 0.02:
        moment = moment.replace(year=1970)
    found: list[Any] = []
    for _ in range(chance.randint(1, 14)):
        at = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        parts: dict[str, Any] = {"score": chance.choice([0, 0.25, 0.4999, 0.5, 2 / 3, 0.75, 1, 1, 1.0])}
        if chance.random() < 0.7:
            parts["sure"] = chance.choice(["guess", "fairly sure", "sure", "sure", "certain", 7])
        if chance.random() < 0.05:
            parts["before"] = True
        if chance.random() < 0.3:
            parts["hints"] = chance.choice([1, 1, 1, 2, 3, 4, -1, "1", None, True])
        found.append(attempt(at, **parts))
        if chance.random() < 0.03:
            found.append(chance.choice(_ODD)(at))
        moment += timedelta(minutes=chance.choice([1, 90, 700, 1440, 2880, 7200, 28800, 100000]))
    if chance.random() < 0.2:
        chance.shuffle(found)
    return found


_ODD = [
    lambda at: None,
    lambda at: "answer",
    lambda at: attempt(at, score=True),
    lambda at: attempt(at, score=2),
    lambda at: attempt(at, score=None),
    lambda at: attempt(at, score="1"),
    lambda at: attempt(at),
    lambda at: attempt("2026-02-30T12:00:00.000Z"),
    lambda at: attempt("2026-03-01T23:59:59.999+00:00"),
    lambda at: attempt("2026-03-01 12:00"),
    lambda at: attempt("2026-03-01T12:00:00.000Z\n"),
    lambda at: attempt("0001-01-01T00:00:00Z"),
    lambda at: attempt("2026-1-1T00:00:00Z"),
    lambda at: attempt("٢٠٢٦-01-01T00:00:00Z"),
    lambda at: attempt("1970-01-01T00:00:00.000Z", 0),
    lambda at: attempt("2099-12-31T23:59:59.999Z"),
    lambda at: {"at": at},
    lambda at: {"score": 1, "at": 5},
]


def learner(chance: random.Random) -> list[dict[str, Any]]:
    """The records of one learner over :data:`QUESTIONS`, some of them to items that were edited in between."""
    chosen = chance.sample(QUESTIONS, chance.randint(0, len(QUESTIONS)))
    found = [entry(question.id, *history(chance)) for question in chosen]
    found += [entry(question.id, *history(chance), hash="111111111111") for question in chosen[:3]]
    found.append({"item": "q1-0", "hash": "2", "saved": "", "record": {"type": "prediction", "at": "2026-01-01"}})
    found.append({"item": "q1-1", "hash": "3", "saved": "", "record": {"history": "none"}})
    return found
