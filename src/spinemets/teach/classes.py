"""Synthetic classes: made-up students who answer made-up questions, some of which have a planted flaw.

Nobody wrote these answers. They show what item analysis can and cannot find in a class of a given size, since here the
truth is known. The model is the three-parameter logistic one (Birnbaum, in Lord and Novick 1968, chapters 17-20): a
student of ability t, a standard normal number, answers a question rightly with the chance
c + (1 - c) / (1 + exp(-a (t - b))). Here a is how well the question tells students apart, b how hard it is, and c = 1/4
the chance to guess one of four options. Who is wrong picks the first wrong option more often than the last.

The same seed makes the same class, and a larger class begins with the students of a smaller one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, ndtri
from sqlalchemy import Connection, create_engine

from spinemets.course import COURSE_ID

from . import gradebook
from .analysis import Analysis, analyse
from .questions import Question
from .releases import Release

RELEASE = "synthetic"
OPTIONS = ("North", "East", "South", "West")
GUESS = 1 / len(OPTIONS)
LEFT_OUT = 0.02
"""The chance that a student leaves a question out."""
LEAKED = 0.85
"""The share of students who saw the leaked question beforehand."""
_CHUNK = 1000


@dataclass(frozen=True)
class Made:
    """A made-up question, as the model has it."""

    id: str
    a: float
    """How well it tells students apart."""
    b: float
    """How hard it is, in standard deviations of ability."""
    seconds: float
    """The median time that students take."""
    truth: int
    """The place of the option that is right."""
    key: int
    """The place of the option that counts as right."""
    wrong: tuple[float, ...]
    """How students who do not know share out over the other options."""
    leaked: float = 0.0
    """The share of students who knew it beforehand; they take a sixth of the time."""
    flaw: str = ""
    """What was planted, in words; "" if nothing."""


def wrong_key(made: Made) -> Made:
    """The same question, with a wrong option marked as right."""
    key = (made.truth + 1) % len(OPTIONS)
    return replace(made, a=1.8, b=-0.3, key=key, flaw=f"the key says {OPTIONS[key]}, right is {OPTIONS[made.truth]}")


def idle_option(made: Made) -> Made:
    """The same question, with an option that nobody takes for right."""
    idle = next(place for place in reversed(range(len(OPTIONS))) if place != made.truth)
    return replace(made, b=0.3, wrong=(0.6, 0.4, 0.0), flaw=f"nobody believes {OPTIONS[idle]}")


def no_discrimination(made: Made) -> Made:
    """The same question, so that knowing the subject does not help."""
    return replace(made, a=0.0, b=0.0, flaw="knowing the subject does not help")


def leaked(made: Made) -> Made:
    """The same question, known to most students beforehand."""
    return replace(made, leaked=LEAKED, flaw=f"{LEAKED:.0%} of the students had seen it".replace("%", " %"))


FLAWS: tuple[Callable[[Made], Made], ...] = (wrong_key, idle_option, no_discrimination, leaked)


def made(items: int = 12) -> list[Made]:
    """Made-up questions from easy to hard; one in the middle of each fifth has a flaw, if there are ten or more.

    Raises:
        ValueError: fewer than two questions.
    """
    if items < 2:
        raise ValueError(f"expected two questions or more, not {items}. Example: made(12)")
    found = []
    for i in range(items):
        place = i / (items - 1)
        truth = (3 * i + 1) % len(OPTIONS)
        id = f"synthetic-{i + 1:0{len(str(items))}}"
        found.append(
            Made(id, 1.3 + 0.5 * ((i * 7) % 5) / 4, 2.6 * place - 1.6, 30 + 40 * place, truth, truth, (0.5, 0.3, 0.2))
        )
    if items >= 10:
        for number, flaw in enumerate(FLAWS):
            place = (number + 1) * items // 5
            found[place] = flaw(found[place])
    return found


def questions(made: Sequence[Made]) -> dict[str, Question]:
    """The made-up questions, by id, as the analysis wants them."""
    return {
        one.id: Question(
            id=one.id,
            type="choice",
            text=f"Synthetic question {one.id.rpartition('-')[2]}",
            hash=RELEASE,
            options=OPTIONS,
            key=frozenset({one.key}),
        )
        for one in made
    }


@dataclass(frozen=True)
class Answers:
    """What some synthetic students answered: a row for each student, a column for each question."""

    picked: NDArray[np.int64]
    """The place of the option, or -1 if the question was left out."""
    seconds: NDArray[np.float64]


def answers(made: Sequence[Made], students: int, seed: int, chunk: int = _CHUNK) -> Iterator[Answers]:
    """The answers of synthetic students, in chunks; the size of a chunk changes nothing."""
    draw = np.random.default_rng(seed)
    a, b, pace, known = (np.array([getattr(one, name) for one in made]) for name in ("a", "b", "seconds", "leaked"))
    others = np.array([[place for place in range(len(OPTIONS)) if place != one.truth] for one in made])
    shares = np.cumsum([one.wrong for one in made], axis=1)
    truth = np.array([one.truth for one in made])
    for start in range(0, students, chunk):
        count = min(chunk, students - start)
        # A row for each student, so that a chunk of any size draws the same numbers for them.
        drawn = draw.random((count, 1 + 5 * len(made)))
        ability = ndtri(drawn[:, :1])
        knows, which, left, saw, haste = np.split(drawn[:, 1:], 5, axis=1)
        seen = saw < known
        right = (knows < GUESS + (1 - GUESS) * expit(a * (ability - b))) | seen
        wrong = others[np.arange(len(made)), (which[..., None] >= shares[:, :-1]).sum(axis=2)]
        picked = np.where(left < LEFT_OUT, -1, np.where(right, truth, wrong))
        yield Answers(picked, np.maximum(1, np.rint(pace * np.exp(0.5 * ndtri(haste)) * np.where(seen, 1 / 6, 1))))


def write(connection: Connection, made: Sequence[Made], students: int, seed: int) -> None:
    """Write a synthetic class into a gradebook, as if its hand-ins had been graded."""
    gradebook.HAND_INS.metadata.create_all(connection)
    items = tuple((one.id, RELEASE) for one in made)
    release = Release(RELEASE, "A synthetic class", COURSE_ID, (), None, items)
    first = gradebook.begin(connection, release, {one.id: "choice" for one in made})
    for some in answers(made, students, seed):
        gradebook.add(connection, RELEASE, first, _filed(first, made, some))
        first += len(some.picked)


def analysed(students: int, seed: int, items: int = 12) -> tuple[Analysis, list[Made]]:
    """The analysis of a synthetic class, and its questions with what was planted in them."""
    planted = made(items)
    with create_engine("sqlite://").connect() as connection:
        write(connection, planted, students, seed)
        return analyse(connection, questions(planted)), planted


def _filed(first: int, made: Sequence[Made], some: Answers) -> list[gradebook.Filed]:
    score = some.picked == np.array([one.key for one in made])
    names = [one.id for one in made]
    return [
        gradebook.Filed(
            file=f"synthetic-{id}.json",
            student=f"synthetic-{id}",
            name=f"Synthetic student {id}",
            finished="2026-01-31T12:00:00.000Z",
            status=gradebook.COUNTS,
            reason="",
            score=float(sum(rights)),
            possible=len(made),
            answers=tuple(
                gradebook.Scored(item, float(right), None if pick < 0 else str(pick), seconds, "")
                for item, pick, seconds, right in zip(names, picks, times, rights, strict=True)
            ),
        )
        for id, (picks, times, rights) in enumerate(
            zip(some.picked.tolist(), some.seconds.tolist(), score.tolist(), strict=True), start=first
        )
    ]
