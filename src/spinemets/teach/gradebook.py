"""The gradebook: a database of every hand-in with its answers, and the table that an instructor opens.

The database is SQLite unless another SQLAlchemy URL is given. Its tables::

    hand_in(id, file, release, student, name, finished, status, reason, score, possible)
    answer(hand_in, item, score, answer, seconds, problem)
    item(release, position, item, type, hash)

``status`` is one of :data:`STATUSES`. A refused file has neither student nor score, and no answers; every other one has
an ``answer`` for each item of the release: its ``answer`` is JSON, or NULL if nothing was answered, and ``problem``
says why an answer was not graded ("" if it was).
"""

from __future__ import annotations

import csv
import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import sqlalchemy as sa
from sqlalchemy import Column, Connection, Engine, Integer, String, Table, Text, delete, insert, select

from spinemets.course import CourseError

from .releases import Release

COUNTS, SUPERSEDED, LATE, REFUSED = STATUSES = ("counts", "superseded", "late", "refused")
DIGITS = 4
"""Of scores in tables, after the point."""
BATCH = 500
"""Hand-ins that are read or written at once."""

_TABLES = sa.MetaData()
HAND_INS = Table(
    "hand_in",
    _TABLES,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("file", Text, nullable=False),
    Column("release", String(200), nullable=False),
    Column("student", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("finished", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("score", sa.Double),
    Column("possible", Integer),
)
ANSWERS = Table(
    "answer",
    _TABLES,
    Column("hand_in", Integer, primary_key=True, autoincrement=False),
    Column("item", String(200), primary_key=True),
    Column("score", sa.Double, nullable=False),
    Column("answer", Text),
    Column("seconds", sa.Double),
    Column("problem", Text, nullable=False),
    # The answers of one hand-in lie side by side, and no index doubles the file.
    sqlite_with_rowid=False,
)
ITEMS = Table(
    "item",
    _TABLES,
    Column("release", String(200), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("item", String(200), nullable=False),
    Column("type", Text, nullable=False),
    Column("hash", Text, nullable=False),
)


class GradebookError(CourseError):
    """Hand-ins cannot be graded, or a gradebook not be read or written; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What one hand-in got for one item."""

    item: str
    score: float
    answer: str | None
    """JSON."""
    seconds: float | None
    problem: str


@dataclass(frozen=True, slots=True)
class Filed:
    """One file of the folder, as the gradebook keeps it."""

    file: str
    student: str
    name: str
    finished: str
    status: str
    reason: str
    score: float | None
    possible: int | None
    answers: tuple[Scored, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One student's line: the hand-in that counts, or the last late one."""

    id: int
    student: str
    name: str
    file: str
    finished: str
    status: str
    reason: str
    score: float
    possible: int
    answers: Mapping[str, Scored]

    @property
    def percent(self) -> float | None:
        """Of the possible points; None if no item could be graded."""
        return 100 * self.score / self.possible if self.possible else None


def beside(out: Path) -> Path:
    """The SQLite file that goes with a CSV file: ``gradebook.sqlite`` for ``gradebook.csv``."""
    return out.with_suffix(".sqlite")


@contextmanager
def writing(out: Path, url: str | None) -> Iterator[tuple[Connection, TextIO]]:
    """A connection and a CSV file to write to, which take the place of what was there only at the end.

    An exception, Ctrl-C too, leaves the old gradebook as it was. With a URL the database keeps other releases.

    Raises:
        GradebookError: the folder or the database cannot be written to.
    """
    if beside(out) == out:
        raise GradebookError(f"{out}: the table is a CSV file. Example: --out gradebook.csv")
    try:
        with _draft(out) as table, table.open("w", encoding="utf-8-sig", newline="") as stream:
            if url is not None:
                with _engine(url) as engine, engine.begin() as connection:
                    _TABLES.create_all(connection)
                    yield connection, stream
                return
            with _draft(beside(out)) as file, _engine(_sqlite(file)) as engine, engine.connect() as connection:
                # A draft that is thrown away after a crash needs no journal.
                connection.exec_driver_sql("PRAGMA journal_mode = OFF")
                connection.exec_driver_sql("PRAGMA synchronous = OFF")
                _TABLES.create_all(connection)
                yield connection, stream
                connection.commit()
    except OSError as error:
        raise GradebookError(
            f"{out}: {error.strerror or error}. Name a file in a folder that you can write to."
        ) from error


@contextmanager
def reading(gradebook: str | Path) -> Iterator[Connection]:
    """A connection to a gradebook: a SQLite file, the CSV file beside it, or a SQLAlchemy URL.

    Raises:
        GradebookError: there is none, or it has no gradebook's tables.
    """
    url: str | sa.URL = str(gradebook)
    if "://" not in str(gradebook):
        file = beside(Path(gradebook))
        if not file.is_file():
            raise GradebookError(f"{file}: no such gradebook. Make one: spinemets grade FOLDER --out {file.stem}.csv")
        url = _sqlite(file)
    elif (file := _file_of(str(gradebook))) and not file.is_file():  # SQLite would begin an empty one
        raise GradebookError(f"{file}: no such gradebook. Make one: spinemets grade FOLDER --db {gradebook}")
    with _engine(url) as engine, engine.connect() as connection:
        missing = [name for name in _TABLES.tables if not sa.inspect(connection).has_table(name)]
        if missing:
            raise GradebookError(
                f"{gradebook}: no gradebook: it has no table {missing[0]!r}. Expected what `grade` made."
            )
        yield connection


def begin(connection: Connection, release: Release, types: Mapping[str, str]) -> int:
    """Take out what an earlier run said of this release, note its items, and give the first free id of a hand-in.

    Args:
        connection: of :func:`writing`.
        release: what was handed out.
        types: the type of each item of the release, "" if it is not known any more.
    """
    of_release = select(HAND_INS.c.id).where(HAND_INS.c.release == release.id)
    connection.execute(delete(ANSWERS).where(ANSWERS.c.hand_in.in_(of_release)))
    connection.execute(delete(HAND_INS).where(HAND_INS.c.release == release.id))
    connection.execute(delete(ITEMS).where(ITEMS.c.release == release.id))
    items = [
        {"release": release.id, "position": position, "item": item, "type": types[item], "hash": hash}
        for position, (item, hash) in enumerate(release.items)
    ]
    connection.execute(insert(ITEMS), items)
    last = connection.execute(select(sa.func.max(HAND_INS.c.id))).scalar()
    return 1 if last is None else last + 1


def add(connection: Connection, release: str, first: int, files: Sequence[Filed]) -> None:
    """Write files, numbered from ``first``."""
    connection.execute(
        insert(HAND_INS),
        [
            {
                "id": id, "file": filed.file, "release": release, "student": filed.student, "name": filed.name,
                "finished": filed.finished, "status": filed.status, "reason": filed.reason, "score": filed.score,
                "possible": filed.possible,
            }
            for id, filed in enumerate(files, start=first)
        ],
    )  # fmt: skip
    answers = [
        {
            "hand_in": id, "item": one.item, "score": one.score, "answer": one.answer, "seconds": one.seconds,
            "problem": one.problem,
        }
        for id, filed in enumerate(files, start=first)
        for one in filed.answers
    ]  # fmt: skip
    if answers:
        connection.execute(insert(ANSWERS), answers)


def releases(connection: Connection) -> list[str]:
    """The ids of the releases that the gradebook knows, sorted."""
    return sorted(connection.execute(select(ITEMS.c.release).distinct()).scalars())


def the_release(connection: Connection, wanted: str | None) -> str:
    """The release that is wanted, or the only one.

    Raises:
        GradebookError: there is no such release, or several to choose from.
    """
    known = releases(connection)
    if wanted is None and len(known) == 1:
        return known[0]
    if wanted is None or wanted not in known:
        raise GradebookError(
            f"{'which release?' if wanted is None else f'no release {wanted!r}.'} "
            f"The gradebook has: {', '.join(known) or 'none'}. Example: --release {known[0] if known else 'ID'}"
        )
    return wanted


def items(connection: Connection, release: str) -> list[tuple[str, str, str]]:
    """Id, type and hash of each item of a release, in its order."""
    found = select(ITEMS.c.item, ITEMS.c.type, ITEMS.c.hash).where(ITEMS.c.release == release)
    return [(row.item, row.type, row.hash) for row in connection.execute(found.order_by(ITEMS.c.position))]


def shown_ids(connection: Connection, release: str) -> list[int]:
    """For each student the hand-in that counts, or the last late one; sorted by the student's id."""
    chosen: dict[str, tuple[bool, str, int]] = {}
    columns = (HAND_INS.c.student, HAND_INS.c.status, HAND_INS.c.finished, HAND_INS.c.id)
    found = select(*columns).where(HAND_INS.c.release == release).where(HAND_INS.c.status.in_([COUNTS, LATE]))
    for student, status, finished, id in connection.execute(found):
        place = (status == COUNTS, finished, id)
        chosen[student] = max(chosen.get(student, place), place)
    # Python sorts, since every database has its own idea of the alphabet.
    return [chosen[student][-1] for student in sorted(chosen)]


def students(connection: Connection, release: str) -> Iterator[Row]:
    """A row for each student who handed in, sorted by id; few are in memory at a time."""
    for batch in batches(shown_ids(connection, release), BATCH):
        found = {row.id: row for row in connection.execute(select(HAND_INS).where(HAND_INS.c.id.in_(batch)))}
        given = answers(connection, batch)
        for id in batch:
            row = found[id]
            yield Row(
                id, row.student, row.name, row.file, row.finished, row.status, row.reason, row.score, row.possible,
                {one.item: one for one in given[id]},
            )  # fmt: skip


def answers(connection: Connection, ids: Iterable[int]) -> dict[int, list[Scored]]:
    """The answers of some hand-ins."""
    found: dict[int, list[Scored]] = {id: [] for id in ids}
    for hand_in, *parts in connection.execute(select(ANSWERS).where(ANSWERS.c.hand_in.in_(list(found)))):
        found[hand_in].append(Scored(*parts))
    return found


def refused(connection: Connection, release: str) -> Iterator[tuple[str, str]]:
    """File and reason of what was refused, in the order of the files."""
    found = select(HAND_INS.c.file, HAND_INS.c.reason).where(HAND_INS.c.release == release)
    for row in connection.execute(found.where(HAND_INS.c.status == REFUSED).order_by(HAND_INS.c.id)):
        yield row.file, row.reason


def write_table(connection: Connection, release: str, uncounted: Iterable[str], stream: TextIO) -> None:
    """Write the gradebook as CSV: a row for each student, then one for each refused file.

    UTF-8 with a byte order mark, since Excel takes a CSV file without one for an older encoding and spoils names;
    pandas and LibreOffice take both. A hand-in that does not count shows no score.

    Args:
        connection: of the gradebook.
        release: its id.
        uncounted: items that could not be graded for anybody; their cells are empty.
        stream: opened with ``newline=""``.
    """
    uncounted = set(uncounted)
    columns = [item for item, _, _ in items(connection, release)]
    sheet = csv.writer(stream)
    sheet.writerow([*_COLUMNS, *map(defused, columns)])
    for row in students(connection, release):
        counts = row.status == COUNTS
        problems = [row.reason] if row.reason else []
        problems += [f"{item}: {row.answers[item].problem}" for item in columns if _told(row.answers[item], uncounted)]
        scores = [decimal(row.answers[item].score) if counts and item not in uncounted else "" for item in columns]
        sheet.writerow(
            [
                defused(row.student),
                defused(row.name),
                decimal(row.score) if counts else "",
                row.possible,
                decimal(row.percent, 2) if counts and row.percent is not None else "",
                row.status,
                defused(row.file),
                row.finished,
                defused("; ".join(problems)),
                *scores,
            ]
        )
    for file, reason in refused(connection, release):
        sheet.writerow(["", "", "", "", "", REFUSED, defused(file), "", defused(reason), *[""] * len(columns)])


def problems(connection: Connection, release: str, uncounted: Iterable[str]) -> Iterator[str]:
    """A line for each file that does not count or says something odd, and for each answer that was not graded."""
    uncounted = set(uncounted)
    positions = {item: position for position, (item, _, _) in enumerate(items(connection, release))}
    columns = (HAND_INS.c.id, HAND_INS.c.file, HAND_INS.c.status, HAND_INS.c.reason)
    files = connection.execute(select(*columns).where(HAND_INS.c.release == release).order_by(HAND_INS.c.id)).all()
    for batch in batches(files, BATCH):
        ids = [row.id for row in batch]
        found = select(ANSWERS.c.hand_in, ANSWERS.c.item, ANSWERS.c.problem)
        found = found.where(ANSWERS.c.hand_in.in_(ids)).where(ANSWERS.c.problem != "")
        of_file: dict[int, list[tuple[int, str]]] = {}
        for id, item, problem in connection.execute(found):
            if item not in uncounted:
                of_file.setdefault(id, []).append((positions[item], f"{item}: {problem}"))
        for row in batch:
            if row.status != COUNTS or row.reason:
                yield f"{row.file}: {': '.join(part for part in (row.status, row.reason) if part)}"
            for _, line in sorted(of_file.get(row.id, ())):
                yield f"{row.file}: {line}"


def batches(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """The rows in lists of at most ``size``."""
    rest = iter(rows)
    while batch := list(islice(rest, size)):
        yield batch


_COLUMNS = ("student", "name", "score", "possible", "percent", "status", "file", "finished", "problems")
_SIGN = "[\\s\ufeff\u200b]*[=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212]"
_FIRST = re.compile(f"{_SIGN}|[\t\r\n\0]")
_LATER = re.compile(f'(?<=[;,|\t\r\n"])(?={_SIGN})')


def defused(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before a first ``=``, ``+``, ``-`` or ``@``.

    Their full-width and small forms count, and a first tab or line break; and what follows a separator, since a
    spreadsheet set to another separator begins a new cell there. Sources: OWASP Application Security Verification
    Standard 5.0, requirement 1.2.10; CWE-1236.
    """
    later = _LATER.sub("'", text)
    return f"'{later}" if _FIRST.match(later) else later


def decimal(value: float, digits: int = DIGITS) -> str:
    """A number for a table: a point, no exponent, no zeros at the end."""
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_ENCODER = json.JSONEncoder(separators=(",", ":"))


def _told(scored: Scored, uncounted: set[str]) -> bool:
    return bool(scored.problem) and scored.item not in uncounted


def as_json(answer: Any) -> str | None:
    """An answer as the database keeps it: ASCII, so that no database stumbles over a letter."""
    return None if answer is None else _ENCODER.encode(answer)


@contextmanager
def _draft(path: Path) -> Iterator[Path]:
    """A new file beside ``path`` that takes its place if nothing goes wrong."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    os.close(handle)
    part = Path(name)
    try:
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _file_of(url: str) -> Path | None:
    """The file of a SQLite URL."""
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:  # said where the URL is used
        return None
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def _sqlite(file: Path) -> sa.URL:
    return sa.URL.create("sqlite", database=str(file))


@contextmanager
def _engine(url: str | sa.URL) -> Iterator[Engine]:
    """An engine that is closed at the end; errors name neither password nor students.

    Raises:
        GradebookError: the URL or the database does not work.
    """
    try:
        engine = sa.create_engine(url, hide_parameters=True)
    except (sa.exc.ArgumentError, ImportError) as error:
        raise GradebookError(
            f"this is no database that can be reached: {error}. Expected a SQLAlchemy URL whose driver is installed. "
            "Example: --db sqlite:///grades.sqlite"
        ) from None
    try:
        yield engine
    except sa.exc.SQLAlchemyError as error:
        where = engine.url.render_as_string(hide_password=True)
        raise GradebookError(f"{where}: {getattr(error, 'orig', None) or error}. Nothing was changed there.") from error
    finally:
        engine.dispose()
