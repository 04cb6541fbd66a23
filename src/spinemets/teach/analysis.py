"""Item analysis of a gradebook: what each question did, who chose which option, and which questions to look at again.

The gradebook is read once, in chunks of hand-ins that count, and what is kept of it does not grow with their number. An
item that was not answered counts 0. The groups of who did best and least well are 27 % each, with all who tie at their
edge (Kelley, J Educ Psychol 1939;30:17-24).

A question is flagged only if its whole interval lies beyond a limit, so that chance alone rarely flags one, and not at
all below :data:`FEWEST` hand-ins.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Row, select

from spinemets.course import CourseError

from . import gradebook, statistics
from .counting import counted
from .gradebook import ANSWERS, COUNTS, HAND_INS
from .questions import ONE_PICK, Question, as_asked
from .statistics import Estimate, Floats, ItemStatistics, Moments

CHUNK = 1000
"""Hand-ins in memory at a time."""
FEWEST = 30
"""Hand-ins below which no question is flagged."""
FEW = 100
"""Hand-ins below which a warning says that intervals are wide."""
GROUP = 0.27
"""The share of hand-ins in the group that did best, and in the one that did least well."""
HARD, EASY = 0.3, 0.9
"""A mean score below, or above, asks for a look."""
LOW = 0.2
"""A corrected discrimination below is low."""
IDLE = 0.05
"""An option is idle if fewer of those who missed the question chose it."""
QUICK = 1 / 3
"""A median time below this share of the usual one is quick."""
LONGEST = 3600
"""Seconds; longer times count as an hour."""
SHOWN = 5
"""The commonest wrong answers of an open question that are shown."""
KEPT = 1000
"""Different answers of an open question that are counted at a time; rarer ones may be missed."""

MOST_BARS = 20
"""Of the histogram of totals, without the one for the full total."""


class AnalysisError(CourseError):
    """There is nothing to analyse; the message says why and what to do."""


@dataclass(frozen=True)
class Use:
    """Who chose one option, or gave one answer."""

    words: str
    right: bool
    n: int
    rest: float | None
    """Mean total without this item, in points, of those who chose it; None if nobody did."""
    lower: int
    """How many of the group that did least well chose it."""
    upper: int
    """How many of the group that did best chose it."""


@dataclass(frozen=True)
class Seconds:
    """How long an item took, from those hand-ins that say so."""

    n: int
    median: int
    low: int
    """A quarter took this long or less."""
    high: int
    """A quarter took this long or longer."""


@dataclass(frozen=True)
class Flag:
    """A reason to look at a question again."""

    kind: str
    """hard | easy | negative | low | key | idle | quick"""
    words: str


@dataclass(frozen=True)
class ItemAnalysis:
    """One question."""

    question: Question
    statistics: ItemStatistics
    answered: int
    uses: tuple[Use, ...]
    """Each option; of an open question the commonest wrong answers that two or more gave."""
    seconds: Seconds | None
    flags: tuple[Flag, ...]


@dataclass(frozen=True)
class Groups:
    """The hand-ins that did least well and best."""

    lower: int
    upper: int
    low: float
    """The highest total of the lower group."""
    high: float
    """The lowest total of the upper group."""


@dataclass(frozen=True)
class Analysis:
    """A release and its items."""

    release: str
    n: int
    mean: float
    """Of the totals, in points."""
    sd: float | None
    reliability: Estimate
    coefficient: str
    """KR-20 if every score is 0 or 1, otherwise Cronbach's alpha."""
    totals: tuple[int, ...]
    """Hand-ins with a total of 0 to below 1 width, 1 to below 2 widths ... ; the last holds the full total alone."""
    width: int
    """Points."""
    groups: Groups | None
    """None if the totals do not part a better from a worse group."""
    items: tuple[ItemAnalysis, ...]
    ungraded: tuple[str, ...]
    """Questions that could not be graded for anybody, and so stand nowhere else."""
    warnings: tuple[str, ...]


def analyse(
    connection: Connection,
    questions: Mapping[str, Question],
    release: str | None = None,
    *,
    chunk: int = CHUNK,
    progress: bool = False,
) -> Analysis:
    """Analyse the hand-ins that count.

    Args:
        connection: to a gradebook, see :func:`spinemets.teach.gradebook.reading`.
        questions: by id, such as :func:`spinemets.teach.questions.bank_questions`.
        release: its id; may be left out if the gradebook has one.
        chunk: hand-ins in memory at a time.
        progress: whether to show how far it is, on standard error.

    Raises:
        GradebookError: the gradebook has no such release.
        AnalysisError: no hand-in of the release counts, or none of its questions could be graded.
    """
    release = gradebook.the_release(connection, release)
    items = gradebook.items(connection, release)
    graded = [one for one in items if one[1]]
    totals = _totals(connection, release)
    if not graded:
        raise AnalysisError(
            f"no question of the release {release} could be graded for anybody, so there is nothing to analyse. "
            "Look at what `spinemets grade` says of them, and grade again"
        )
    if not totals:
        raise AnalysisError(
            f"no hand-in of the release {release} counts, so there is nothing to analyse. Grade hand-ins first, and "
            "look at what was late or refused. Example: spinemets grade FOLDER --out gradebook.csv"
        )
    gathered = _Gathered(as_asked(graded, questions), totals)
    with counted(gathered.n, "analysed") if progress else nullcontext() as advance:
        for ids, rows in _chunks(connection, release, chunk, [id for id, _, _ in graded]):
            gathered.add(ids, rows)
            if advance is not None:
                advance(len(ids))
    return gathered.analysis(release, ungraded=tuple(id for id, type_, _ in items if not type_))


def _totals(connection: Connection, release: str) -> Counter[float]:
    """How many hand-ins have which total."""
    scores = connection.execute(select(HAND_INS.c.score).where(*_counting(release)).execution_options(yield_per=10_000))
    return Counter(round(score, 3) for score in scores.scalars())


def _counting(release: str) -> tuple[ColumnElement[bool], ...]:
    return HAND_INS.c.release == release, HAND_INS.c.status == COUNTS


def _chunks(
    connection: Connection, release: str, size: int, items: list[str]
) -> Iterator[tuple[list[int], Sequence[Row[Any]]]]:
    """The ids of some hand-ins, rising, with all rows of their answers to these items."""
    last = -1
    while True:
        page = (
            select(HAND_INS.c.id).where(*_counting(release), HAND_INS.c.id > last).order_by(HAND_INS.c.id).limit(size)
        )
        ids = list(connection.execute(page).scalars())
        if not ids:
            return
        last = ids[-1]
        answers = (
            select(ANSWERS.c.hand_in, ANSWERS.c.item, ANSWERS.c.score, ANSWERS.c.answer, ANSWERS.c.seconds)
            .join(HAND_INS, HAND_INS.c.id == ANSWERS.c.hand_in)
            .where(*_counting(release), HAND_INS.c.id.between(ids[0], last), ANSWERS.c.item.in_(items))
        )
        yield ids, connection.execute(answers).all()


class _Gathered:
    """What is kept of the hand-ins read so far."""

    def __init__(self, questions: list[Question], totals: Counter[float]) -> None:
        self.questions = questions
        self.n = totals.total()
        self._counts = totals
        self._groups = _groups(totals)
        self._place = {question.id: place for place, question in enumerate(questions)}
        self._moments: Moments | None = None
        self._uses: list[dict[int | str, Floats]] = [{} for _ in questions]
        self._answered = [0] * len(questions)
        self._seconds = np.zeros((len(questions), LONGEST + 1), dtype=np.int64)

    def add(self, ids: list[int], rows: Sequence[Row[Any]]) -> None:
        """Count some hand-ins and all their answers."""
        columns = map(list, zip(*rows, strict=True)) if rows else ([] for _ in range(5))
        hand_in, item, score, answer, seconds = columns
        row = np.searchsorted(ids, hand_in)
        column = np.array([self._place[one] for one in item], dtype=np.intp)
        table = np.zeros((len(ids), len(self.questions)))
        table[row, column] = score
        moments = Moments.of(table)
        self._moments = moments if self._moments is None else self._moments + moments
        self._time(column, np.array(seconds, dtype=float))
        total = table.sum(axis=1)
        sums = [
            np.ones(len(rows)),
            (total[row] - table[row, column]),
            *self._in_groups(total)[:, row],
            table[row, column],
        ]
        self._use(column.tolist(), answer, sums)

    def _time(self, column: NDArray[np.intp], seconds: Floats) -> None:
        said = np.isfinite(seconds) & (seconds >= 0)
        whole = np.minimum(np.rint(seconds[said]), LONGEST).astype(np.intp)
        flat = np.bincount(column[said] * (LONGEST + 1) + whole, minlength=self._seconds.size)
        self._seconds += flat.reshape(self._seconds.shape)

    def _in_groups(self, total: Floats) -> Floats:
        """1 for each hand-in in the lower group, and for each in the upper."""
        if self._groups is None:
            return np.zeros((2, len(total)))
        slack = 1e-3  # as _totals rounds
        return np.array([total <= self._groups.low + slack, total >= self._groups.high - slack], dtype=float)

    def _use(self, column: list[int], answer: list[str | None], sums: list[Floats]) -> None:
        """Add up who chose what. ``sums`` are, for each answer, 1, rest, in the lower group, in the upper, score."""
        # Thousands of answers are few different ones; each of these is read once.
        codes: dict[tuple[int, str | None], int] = {}
        code = [codes.setdefault(pair, len(codes)) for pair in zip(column, answer, strict=True)]
        added = np.array([np.bincount(code, weights=one, minlength=len(codes)) for one in sums]).T
        for (place, text), numbers in zip(codes, added, strict=True):
            if text is None:
                continue
            question, uses = self.questions[place], self._uses[place]
            self._answered[place] += int(numbers[0])
            for pick in _picks(question, text, right=numbers[4] > numbers[0] - 1e-9):
                uses[pick] = uses.get(pick, 0) + numbers[:4]
            if not question.options and len(uses) > 2 * KEPT:
                self._uses[place] = dict(sorted(uses.items(), key=lambda use: (use[0] != RIGHT, -use[1][0]))[:KEPT])

    def analysis(self, release: str, ungraded: tuple[str, ...]) -> Analysis:
        """What was gathered, once all is read."""
        moments = self._moments
        assert moments is not None
        usual = self._usual()
        found = enumerate(statistics.items(moments))
        width = math.ceil(moments.items / MOST_BARS)
        reliability = statistics.reliability(moments)
        return Analysis(
            release=release,
            n=self.n,
            mean=moments.total_mean,
            sd=moments.total_sd,
            reliability=reliability,
            coefficient="KR-20" if moments.binary else "Cronbach's alpha",
            totals=_histogram(self._counts, moments.items, width),
            width=width,
            groups=self._groups,
            items=tuple(self._item(place, one, usual) for place, one in found),
            ungraded=ungraded,
            warnings=_warnings(self.n, reliability),
        )

    def _usual(self) -> float | None:
        """The middle of the items' median times."""
        medians = [middle for counts in self._seconds if (middle := statistics.quantile(counts, 0.5)) is not None]
        return float(np.median(medians)) if medians else None

    def _item(self, place: int, found: ItemStatistics, usual: float | None) -> ItemAnalysis:
        question, counted = self.questions[place], self._uses[place]
        uses = _options(question, counted) if question.options else _answers(counted)
        seconds = _seconds(self._seconds[place])
        flags = _flags(question, found, uses, self._answered[place], seconds, usual) if self.n >= FEWEST else ()
        return ItemAnalysis(question, found, self._answered[place], uses, seconds, flags)


RIGHT = "the right answer"
"""All right answers of an open question together."""


def _picks(question: Question, text: str, right: bool) -> tuple[int | str, ...]:
    if not question.known:
        return ()
    if right and not question.options:
        return (RIGHT,)
    try:
        return question.picks(json.loads(text))
    except ValueError:
        return ()


def _groups(totals: Counter[float]) -> Groups | None:
    wanted = math.ceil(GROUP * totals.total())
    rising = sorted(totals.items())
    low, lower = _reached(rising, wanted)
    high, upper = _reached(rising[::-1], wanted)
    return Groups(lower, upper, low, high) if low < high else None


def _reached(totals: list[tuple[float, int]], wanted: int) -> tuple[float, int]:
    """The total with which so many hand-ins are reached, and how many are reached with it."""
    count = 0
    for total, more in totals:
        count += more
        if count >= wanted:
            return total, count
    raise ValueError(f"{wanted} of {count} hand-ins wanted")


def _histogram(totals: Counter[float], items: int, width: int) -> tuple[int, ...]:
    bars = [0] * (math.ceil(items / width) + 1)
    for total, count in totals.items():
        full = total >= items - 1e-3
        bars[-1 if full else int((total + 1e-9) // width)] += count
    return tuple(bars)


def _options(question: Question, counted: Mapping[int | str, Floats]) -> tuple[Use, ...]:
    return tuple(
        _made(words, place in question.key, counted.get(place, np.zeros(4)))
        for place, words in enumerate(question.options)
    )


def _answers(counted: Mapping[int | str, Floats]) -> tuple[Use, ...]:
    wrong = [(str(words), numbers) for words, numbers in counted.items() if words != RIGHT and numbers[0] > 1]
    wrong.sort(key=lambda use: (-use[1][0], use[0]))
    right = [(RIGHT, counted[RIGHT])] if RIGHT in counted else []
    return tuple(_made(words, words == RIGHT, numbers) for words, numbers in [*right, *wrong[:SHOWN]])


def _made(words: str, right: bool, numbers: Floats) -> Use:
    n, rest, lower, upper = numbers.tolist()
    return Use(words, right, int(n), rest / n if n else None, int(lower), int(upper))


def _seconds(counts: NDArray[np.int64]) -> Seconds | None:
    low, middle, high = (statistics.quantile(counts, share) for share in (0.25, 0.5, 0.75))
    if low is None or middle is None or high is None:
        return None
    return Seconds(int(counts.sum()), middle, low, high)


# --- which questions to look at again -------------------------------------------------------------------------------


def _flags(
    question: Question,
    found: ItemStatistics,
    uses: tuple[Use, ...],
    answered: int,
    seconds: Seconds | None,
    usual: float | None,
) -> tuple[Flag, ...]:
    level, rest = found.difficulty, found.with_rest
    flags = []
    if level.high < HARD:
        flags.append(
            Flag("hard", f"Hard: {percent(level.value)} of its points were reached. Was it taught, is it clear?")
        )
    if level.low > EASY:
        flags.append(Flag("easy", f"Easy: {percent(level.value)} of its points were reached. It tells few apart."))
    if rest.high is not None and rest.high < 0:
        flags.append(
            Flag("negative", "Who did well on the rest did worse here. Is the key right, is the wording clear?")
        )
    elif rest.high is not None and rest.high < LOW and level.low <= EASY:
        flags.append(Flag("low", "Doing well on the rest hardly helped here. Does it ask about something else?"))
    flags += [_wrong_key(key, other) for key, other in _preferred(question, uses)]
    flags += [
        Flag("idle", f"Hardly anybody chose “{use.words}”. A likelier wrong option would tell more apart.")
        for use in _idle(question, uses, answered)
    ]
    if seconds is not None and usual is not None and seconds.n >= FEWEST and seconds.median < QUICK * usual:
        flags.append(
            Flag("quick", f"Answered in {seconds.median} s, where {usual:.0f} s is usual. Was it known beforehand?")
        )
    return tuple(flags)


def _preferred(question: Question, uses: tuple[Use, ...]) -> Iterator[tuple[Use, Use]]:
    """Right and wrong options, of those between which one must choose, if most of the upper group chose the wrong one.

    Most beyond chance: of those who chose either, so many more than half that a sign test gives less than 0.05.
    """
    for row in _rows(question, uses):
        rights, wrongs = [use for use in row if use.right], [use for use in row if not use.right]
        if rights and wrongs:
            key, other = rights[0], max(wrongs, key=lambda use: use.upper)
            if other.upper - key.upper > 1.96 * math.sqrt(other.upper + key.upper):
                yield key, other


def _rows(question: Question, uses: tuple[Use, ...]) -> list[tuple[Use, ...]]:
    """The options between which one must choose: all, or those of each text of a match."""
    if question.type == "choices":
        return []
    width = len(uses) // len(question.key) if question.type == "match" and question.known else len(uses)
    return [uses[start : start + width] for start in range(0, len(uses), width)] if width else []


def _wrong_key(key: Use, other: Use) -> Flag:
    return Flag(
        "key",
        f"Of those who did best {other.upper} chose “{other.words}” and {key.upper} {_named(key)}. Is the key right?",
    )


def _named(key: Use) -> str:
    return f"gave {key.words}" if key.words == RIGHT else f"the key, “{key.words}”"


def _idle(question: Question, uses: tuple[Use, ...], answered: int) -> Iterator[Use]:
    if question.type in ONE_PICK:
        missed = sum(use.n for use in uses if not use.right)
    elif question.type == "choices":
        missed = answered
    else:
        return
    for use in uses:
        if not use.right and missed and statistics.wilson(use.n / missed, missed)[1] < IDLE:
            yield use


def _warnings(n: int, reliability: Estimate) -> tuple[str, ...]:
    found = []
    if n < FEWEST:
        found.append(
            f"Only {_people(n)}. Below {FEWEST} no question is flagged, since chance alone makes good questions look "
            "bad; read the intervals, not the values."
        )
    elif n < FEW:
        found.append(
            f"{_people(n)}: intervals are wide, so only what is very clear is flagged. Below {FEW} a question without "
            "a flag is not a question without a flaw."
        )
    if reliability.value is None:
        found.append("The totals are all equal, or there is one question, so there is no reliability.")
    elif reliability.value < 0:
        found.append("The reliability is negative: the questions pull against each other. Look for a wrong key first.")
    return tuple(found)


def _people(n: int) -> str:
    return f"{n} hand-in{'' if n == 1 else 's'}"


def percent(share: float | None) -> str:
    """A share in words: 0.27 as "27 %"."""
    return f"{100 * (share or 0):.0f} %"
