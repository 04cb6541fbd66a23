"""Grades a folder of hand-ins against the instructor's bank.

The rule for several files of one student (the same id, see :func:`spinemets.quiz.handin.student_id`): the one that was
finished last, in time, counts; of files finished at the same moment the one whose name comes last. The others are
"superseded". A file finished after the due date is "late" and does not count, unless late ones are accepted; then it is
taken as if it were in time. When a file was finished is what it says itself, by the clock of the learner's computer;
nobody can check it here, as nobody can check who wrote it.

What is graded is what the release asked. If only the key of an item was mended since, the new key grades everybody. If
its text was changed, or the item is gone, old answers cannot be told from new ones: the item is not counted for
anybody, and the report begins with it. An answer that does not fit its item gets 0 for this item, and the report says
why.

Equal files give an equal table, byte by byte, whatever the order of the folder, the number of processes or the machine.
"""

from __future__ import annotations

import math
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass, fields, replace
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

import sqlalchemy as sa

from spinemets.quiz import bank, grading
from spinemets.quiz.asked import NotAskedError, asked_hash
from spinemets.quiz.handin import variant_of
from spinemets.quiz.items import Calculated, GradedItem
from spinemets.quiz.parts import FindingValue

from . import gradebook, releases
from .counting import counted
from .gradebook import COUNTS, HAND_INS, LATE, REFUSED, SUPERSEDED, Filed, GradebookError, Scored, as_json
from .reading import Answer, HandIn, Refused, read, shown
from .releases import Release

CHUNK = 250
"""Files that a process grades at a time."""
ALONE = 4
"""Chunks that are graded before other processes would have started."""
MOST_WORKERS = 61
"""Windows waits for no more."""
NAMED = 5
"""Unknown items of one file, and names of one student, that are named; the rest is counted."""
LONGEST_PROBLEM = 300
LARGEST_ANSWER = 2_000
"""Letters of an answer as JSON, beyond which it is graded but not kept; the longest that fits a question has 1,300."""


@dataclass(frozen=True)
class Key:
    """What a release is graded with; plain enough to be sent to other processes."""

    release: Release
    titles: Mapping[str, str]
    """Of all releases of the course, by id."""
    items: Mapping[str, GradedItem]
    """Those that can be graded, with numbers in place of what names them."""
    uncounted: Mapping[str, str]
    """The others, each with the reason."""
    late: bool
    """Whether late hand-ins count."""


@dataclass(frozen=True)
class Summary:
    """What a run did: how many files there were of each status, and how many students."""

    files: int
    students: int
    counts: int
    superseded: int
    late: int
    refused: int

    def __str__(self) -> str:
        return (
            f"{self.files:,} files: {self.counts:,} count, {self.superseded:,} superseded, {self.late:,} late, "
            f"{self.refused:,} refused; {self.students:,} students"
        )


def grade(
    folder: Path,
    out: Path,
    *,
    url: str | None = None,
    release: str | None = None,
    late: bool = False,
    workers: int | None = None,
    say: Callable[[str], object] = print,
) -> Summary:
    """Grade every file of a folder; write the table to ``out`` and the gradebook beside it or to ``url``.

    Args:
        folder: of hand-ins, side by side.
        out: a CSV file, see :func:`spinemets.teach.gradebook.write_table`.
        url: a SQLAlchemy URL; a SQLite file beside ``out`` if None.
        release: its id; needed if the course has several.
        late: whether hand-ins count that were finished after the due date.
        workers: processes; as many as processors if None.
        say: called with each line of the report at the end.

    Raises:
        GradebookError: there is no such folder or release, or the gradebook cannot be written. The old one stays.
        QuizError, ReleaseError: the bank or a release is malformed.
    """
    names = listed(folder, out)
    key = key_of(chosen(release), late)
    of_release = key.release.id
    with gradebook.writing(out, url) as (connection, stream):
        types = {item: key.items[item].type if item in key.items else "" for item, _ in key.release.items}
        first = gradebook.begin(connection, key.release, types)
        graded = filed(key, folder, names, workers or os.cpu_count() or 1)
        with counted(len(names), "graded") as advance, closing(graded):
            for files in graded:
                gradebook.add(connection, of_release, first, files)
                first += len(files)
                advance(len(files))
        _settle(connection, of_release)
        gradebook.write_table(connection, of_release, key.uncounted, stream)
        summary = _summary(connection, of_release)
    for item, why in key.uncounted.items():
        say(f"not counted for anybody: {item}: {why}")
    with gradebook.reading(url or out) as connection:
        for line in gradebook.problems(connection, of_release, key.uncounted):
            say(line)
    return summary


def listed(folder: Path, out: Path) -> list[str]:
    """Names of everything in the folder, sorted.

    Raises:
        GradebookError: there is no such folder, it is empty, or the gradebook would lie in it.
    """
    if not folder.is_dir():
        raise GradebookError(f"{folder}: no such folder. Expected the folder with the students' files.")
    if out.resolve().is_relative_to(folder.resolve()):
        raise GradebookError(f"{out}: the gradebook must not lie among the hand-ins. Example: --out gradebook.csv")
    try:
        names = sorted(entry.name for entry in folder.iterdir())
    except OSError as error:
        raise GradebookError(f"{folder}: {error.strerror}. Expected a folder that you can read.") from error
    if not names:
        raise GradebookError(f"{folder}: the folder is empty. Put the students' files there.")
    return names


def chosen(release: str | None) -> Release:
    """The release with this id, or the only one of the course.

    Raises:
        GradebookError: there is none, or there are several to choose from.
    """
    known = releases.every()
    if release is None and len(known) == 1:
        return next(iter(known.values()))
    if release in known:
        return known[release]
    if not known:
        raise GradebookError("The course has released nothing yet. Example: spinemets release --graded STEM --out DIR")
    listing = "; ".join(f"{id} ({one.title})" for id, one in known.items())
    asked = "Which release?" if release is None else f"There is no release {release!r}."
    raise GradebookError(f"{asked} The course has: {listing}. Example: --release {next(iter(known))}")


def key_of(release: Release, late: bool = False) -> Key:
    """What to grade a release with.

    Raises:
        QuizError: a quiz of the release is malformed.
    """
    in_bank = {item.id: item for stem in release.stems for item in bank.load(stem).items}
    items: dict[str, GradedItem] = {}
    uncounted: dict[str, str] = {}
    for id, hash in release.items:
        item = in_bank.get(id)
        try:
            if item is None:
                uncounted[id] = f"it is not in quizzes/{', '.join(release.stems)} any more; put it back to grade it"
            elif asked_hash(item) != hash:
                uncounted[id] = "its text was changed since the release; change it back to grade it"
            else:
                items[id] = _resolved(item)
        except NotAskedError as error:
            uncounted[id] = str(error)
    titles = {id: one.title for id, one in releases.every().items()}
    return Key(release, titles, items, uncounted, late)


def _resolved(item: GradedItem) -> GradedItem:
    """The item without names of findings, so that a process that grades need not read the evidence."""
    if isinstance(item, Calculated):
        item.drawn()  # kept in the item
    answer = getattr(item, "answer", None)
    return item.model_copy(update={"answer": answer.resolve()}) if isinstance(answer, FindingValue) else item


def filed(key: Key, folder: Path, names: Sequence[str], workers: int) -> Iterator[list[Filed]]:
    """What the gradebook keeps of each file, in the order of the names, some at a time."""
    chunks = list(gradebook.batches(names, CHUNK))
    if workers == 1 or len(chunks) <= ALONE:
        _ready(key, folder)
        yield from map(_work, chunks)
        return
    with ProcessPoolExecutor(
        min(workers, len(chunks), MOST_WORKERS),
        mp_context=get_context("spawn"),
        initializer=_begin,
        initargs=(key, folder),
    ) as pool:
        waiting: deque[Future[list[Filed]]] = deque()
        try:
            # Never more under way than the processes need, or finished chunks would fill the memory.
            for chunk in chunks:
                waiting.append(pool.submit(_work, chunk))
                if len(waiting) > 2 * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool as error:
            raise GradebookError("A process that graded was ended from outside; grade again.") from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


_here: tuple[Key, Path]


def _begin(key: Key, folder: Path) -> None:
    # Ctrl-C is for the process that writes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _ready(key, folder)


def _ready(key: Key, folder: Path) -> None:
    global _here
    _here = key, folder


def _work(names: Sequence[str]) -> list[Filed]:
    key, folder = _here
    return [file(key, folder / name) for name in names]


def file(key: Key, path: Path) -> Filed:
    """What the gradebook keeps of one file."""
    try:
        found = read(path, key.titles)
        if isinstance(found, HandIn):
            return marked(key, found)
    except Exception as error:  # one file's oddity must never cost the others their grades
        found = Refused(
            shown(path.name, most=None), f"could not be graded: {type(error).__name__}. Please report this."
        )
    return _refused(found.file, found.reason)


def _refused(file: str, reason: str) -> Filed:
    return Filed(file, "", "", "", REFUSED, reason, None, None, ())


def marked(key: Key, hand_in: HandIn) -> Filed:
    """A hand-in with a score for each item of the release."""
    if hand_in.release != key.release.id:
        title = key.titles[hand_in.release]
        return _refused(hand_in.file, f"of another release: {hand_in.release} ({title})")
    given: dict[str, list[Answer]] = {item: [] for item, _ in key.release.items}
    unknown: list[str] = []
    for answer in hand_in.answers:
        given.get(answer.item, unknown).append(answer if answer.item in given else answer.item)
    scored = tuple(_scored(key, hand_in.student, item, hash, given[item]) for item, hash in key.release.items)
    due = key.release.due
    late = due is not None and hand_in.finished > due
    reasons = [f"finished {hand_in.finished}, after {due}" + (", accepted" if key.late else "")] if late else []
    reasons += [f"unknown items, not graded: {_some(unknown)}"] if unknown else []
    return Filed(
        file=hand_in.file,
        student=hand_in.student,
        name=hand_in.name,
        finished=hand_in.finished,
        status=LATE if late and not key.late else COUNTS,
        reason="; ".join(reasons),
        score=math.fsum(one.score for one in scored),  # the same on every version of Python
        possible=len(key.items),
        answers=scored,
    )


def _some(texts: Sequence[str]) -> str:
    named = ", ".join(map(shown, texts[:NAMED]))
    return f"{named} and {len(texts) - NAMED:,} more" if len(texts) > NAMED else named


def _scored(key: Key, student: str, id: str, hash: str, given: Sequence[Answer]) -> Scored:
    if id in key.uncounted:
        return Scored(id, 0, _kept(given), None, key.uncounted[id])
    if not given:
        return Scored(id, 0, None, None, "")
    if len(given) > 1:
        return Scored(id, 0, None, None, f"answered {len(given)} times in one file")
    answer = given[0]
    score, problem = 0.0, ""
    if answer.hash != hash:
        problem = f"another version of the question was answered ({shown(answer.hash, 20)})"
    elif answer.answer is not None:
        try:
            score = _graded(key.items[id], student, answer.answer)
        except ValueError as error:
            problem = shown(str(error), LONGEST_PROBLEM)
    return Scored(id, score, _kept(given), answer.seconds, problem)


def _kept(given: Sequence[Answer]) -> str | None:
    return _bounded(as_json(given[0].answer)) if len(given) == 1 else None


def _bounded(encoded: str | None) -> str | None:
    """An answer to keep; one that is larger than any that fits a question would only fill memory and disk."""
    return encoded if encoded is None or len(encoded) <= LARGEST_ANSWER else None


def _graded(item: GradedItem, student: str, answer: object) -> float:
    score = grading.grade(item, answer)
    if isinstance(item, Calculated) and isinstance(answer, dict):
        asked = variant_of(student, item.id, item.variants)
        if answer["variant"] != asked:
            raise ValueError(f"variant {answer['variant']} was answered; this student was asked variant {asked}")
    return score


@dataclass(frozen=True)
class Standing:
    """What decides which of a student's files counts."""

    id: int
    """In the order of the files' names."""
    file: str
    name: str
    finished: str
    status: str
    reason: str


def settled(files: Sequence[Standing]) -> list[Standing]:
    """All files of one student, of which at most one counts."""
    in_time = [one for one in files if one.status == COUNTS]
    last = max(in_time, key=lambda one: (one.finished, one.id), default=None)
    names = {one.name.casefold(): one.name for one in reversed(files)}
    found = []
    for one in files:
        reasons = [one.reason] if one.reason else []
        if len(names) > 1:
            reasons.append(f"one id, several names: {_some(sorted(names.values()))}")
        if one.status == COUNTS and one is not last and last is not None:
            reasons.append(f"{last.file} counts")
            one = replace(one, status=SUPERSEDED)
        found.append(replace(one, reason="; ".join(reasons)))
    return found


def _settle(connection: sa.Connection, release: str) -> None:
    files: dict[str, list[int]] = {}
    of_release = (HAND_INS.c.release == release, HAND_INS.c.status != REFUSED)
    found = sa.select(HAND_INS.c.id, HAND_INS.c.student).where(*of_release).order_by(HAND_INS.c.id)
    for id, student in connection.execute(found):
        files.setdefault(student, []).append(id)
    several = [ids for ids in files.values() if len(ids) > 1]
    columns = [HAND_INS.c[field.name] for field in fields(Standing)]
    change = sa.update(HAND_INS).where(HAND_INS.c.id == sa.bindparam("of"))
    for some in gradebook.batches(several, gradebook.BATCH // 2):
        standing = {
            row.id: Standing(*row)
            for ids in gradebook.batches(chain.from_iterable(some), gradebook.BATCH)
            for row in connection.execute(sa.select(*columns).where(HAND_INS.c.id.in_(ids)))
        }
        changes = [one for ids in some for one in settled([standing[id] for id in ids]) if one != standing[one.id]]
        if changes:
            connection.execute(change, [{"of": one.id, "status": one.status, "reason": one.reason} for one in changes])


def _summary(connection: sa.Connection, release: str) -> Summary:
    of_release = HAND_INS.c.release == release
    found = sa.select(HAND_INS.c.status, sa.func.count()).where(of_release).group_by(HAND_INS.c.status)
    of_status = dict(map(tuple, connection.execute(found)))
    return Summary(
        files=sum(of_status.values()),
        students=len(gradebook.shown_ids(connection, release)),
        **{status: of_status.get(status, 0) for status in gradebook.STATUSES},
    )
