"""The learner's progress on this computer: one SQLite file, shared by all kernels.

A record is what the learner did with one item: ``(course, item id, item hash) -> record``, JSON of the front ends; what
is read of it and how two are merged is in :mod:`spinemets.records`. Answers to an item that was edited since (another
hash) stay in the file but are not loaded. Every call opens the file, does one transaction and closes it, so that
kernels can write at once (SQLite waits and locks) and a kill in the middle leaves either the old or the new state. A
row that cannot be read is passed over and stays.

``SPINEMETS_PROGRESS`` names another file. An export, here as on the published page, is ``{"format":
"spinemets-progress", "version": 2, "course": ..., "exported": ..., "records": [{"item", "hash", "saved", "record"},
...]}``. Version 1, whose records kept only the first and the newest attempt, is imported too.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from platformdirs import user_data_dir

from spinemets import records
from spinemets.course import COURSE_ID

FORMAT = "spinemets-progress"
EXPORT_VERSION = 2
LARGEST_IMPORT = 20_000_000
"""Characters of JSON; ten years of learning with this course take about a tenth."""

BUSY_SECONDS = 10
"""How long a write waits for another kernel's write."""

MIGRATIONS = (
    """
    CREATE TABLE record (
        course TEXT NOT NULL,
        item TEXT NOT NULL,
        hash TEXT NOT NULL,
        saved TEXT NOT NULL,
        record TEXT NOT NULL,
        PRIMARY KEY (course, item, hash)
    );
    """,
    "UPDATE record SET record = upgraded(record), saved = replace(saved, '+00:00', 'Z');",
)
"""Step ``i`` leads from schema version ``i`` to ``i + 1``; the file's ``user_version`` says where it is."""

Json = dict[str, Any]
T = TypeVar("T")
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_notices: list[str] = []


class ProgressError(Exception):
    """Progress could not be read or stored; the message says why and what to do."""


def path() -> Path:
    """The file that holds the progress: ``SPINEMETS_PROGRESS`` or ``progress.sqlite`` in the user's data folder."""
    named = os.environ.get("SPINEMETS_PROGRESS")
    return Path(named).expanduser() if named else Path(user_data_dir("spinemets", appauthor=False)) / "progress.sqlite"


def notice() -> str:
    """What a learner should know about the file since this kernel started (such as a damaged file set aside), or ""."""
    return " ".join(_notices)


def load(items: Iterable[str] | Mapping[str, str]) -> dict[str, Json]:
    """Stored records of these items.

    Args:
        items: ``{item id: item hash}``, which leaves out records under another hash; or item ids only, which takes the
            newest record of each.

    Returns:
        ``{item id: {"hash": ..., "record": ...}}`` for the items that have one.

    Raises:
        ProgressError: the file cannot be read.
    """
    wanted = dict(items) if isinstance(items, Mapping) else dict.fromkeys(items)
    return {
        entry["item"]: {"hash": entry["hash"], "record": entry["record"]}
        for entry in _all(wanted)  # oldest first, so that the newest stays
        if wanted[entry["item"]] in (None, entry["hash"])
    }


def all() -> list[Json]:
    """Every stored record, older versions of items included: ``[{"item", "hash", "saved", "record"}, ...]``.

    Raises:
        ProgressError: the file cannot be read.
    """
    return _all()


def save(item: str, hash: str, record: Json) -> Json:
    """Store a record, in place of an earlier one of the same item and hash, whose attempts are kept.

    Returns:
        The record as it is stored now: with attempts that another kernel stored meanwhile.

    Raises:
        ProgressError: it could not be stored (the disk is full, the file is read-only, it is no record ...).
    """
    new = records.entry(item, hash, _now(), record)
    if new is None:
        raise ProgressError(f"Not stored: the answer to {item!r} does not fit. Run the cell again.")

    def continue_(db: sqlite3.Connection) -> Json:
        stored = _stored(db, item, hash)
        entry = records.continued(stored, new) if stored else new
        _write(db, entry)
        return entry["record"]

    return _do(continue_)


def export() -> Json:
    """All records, to move them elsewhere; see the module for the format.

    Raises:
        ProgressError: the file cannot be read.
    """
    return _export(all())


def import_(data: object) -> dict[str, int]:
    """Merge an export into what is stored: all attempts of both stay, see :func:`spinemets.records.merged`.

    If stored records would change, all are exported beside the file first.

    Returns:
        How many items were ``added``, being new here; ``merged``, with attempts of both; ``replaced`` by a later record
        (those without attempts, such as predictions); ``kept`` as they were here.

    Raises:
        ProgressError: ``data`` is no export of this course, or the file cannot be written. Then nothing is changed.
    """
    incoming = _checked(data)

    def merge(db: sqlite3.Connection) -> dict[str, int]:
        here = {(entry["item"], entry["hash"]): entry for entry in _read(db)}
        counts = {"added": 0, "merged": 0, "replaced": 0, "kept": 0}
        news: dict[tuple[str, str], Json] = {}
        for entry in incoming:
            key = (entry["item"], entry["hash"])
            known = here.get(key)
            new = records.merged(known, entry) if known else entry
            changed = "merged" if "history" in new["record"] else "replaced"
            fate = "added" if known is None else "kept" if new == known else changed
            counts[fate] += 1
            if fate != "kept":
                here[key] = news[key] = new
        if counts["merged"] or counts["replaced"]:
            _backup(_read(db))
        for entry in news.values():
            _write(db, entry)
        return counts

    return _do(merge)


def reset() -> Path | None:
    """Delete all records of the course, after writing them to an export beside the file.

    Returns:
        The export, which :func:`import_` takes back, or ``None`` if there was nothing to delete.

    Raises:
        ProgressError: the export could not be written or the records not be deleted. Then nothing is changed.
    """

    def clear(db: sqlite3.Connection) -> Path | None:
        stored = _read(db)
        if not stored:
            return None
        kept = _backup(stored)
        keys = [(COURSE_ID, entry["item"], entry["hash"]) for entry in stored]
        db.executemany("DELETE FROM record WHERE course = ? AND item = ? AND hash = ?", keys)
        return kept

    return _do(clear) if path().exists() else None


def _all(items: Collection[str] | None = None) -> list[Json]:
    return _do(lambda db: _read(db, items)) if path().exists() else []


def _read(db: sqlite3.Connection, items: Collection[str] | None = None) -> list[Json]:
    """All entries, or those of some items; what cannot be read is left out."""
    some = "" if items is None else f" AND item IN ({', '.join('?' * len(items))})"
    rows = db.execute(
        f"SELECT item, hash, saved, record FROM record WHERE course = ?{some}", (COURSE_ID, *(items or ()))
    )
    entries = [records.entry(item, hash, saved, _json(text)) for item, hash, saved, text in rows]
    return sorted(filter(None, entries), key=lambda entry: (entry["item"], entry["saved"], entry["hash"]))


def _stored(db: sqlite3.Connection, item: str, hash: str) -> Json | None:
    return next((entry for entry in _read(db, [item]) if entry["hash"] == hash), None)


def _write(db: sqlite3.Connection, entry: Json) -> None:
    key = (entry["item"], entry["hash"])
    if _stored(db, *key) is None:  # a row that cannot be read steps aside under a hash that no item has
        aside = "UPDATE record SET hash = hash || ':' || ? WHERE course = ? AND item = ? AND hash = ?"
        db.execute(aside, (_now(), COURSE_ID, *key))
    db.execute(
        "INSERT OR REPLACE INTO record (course, item, hash, saved, record) VALUES (?, ?, ?, ?, ?)",
        (COURSE_ID, *key, entry["saved"], json.dumps(entry["record"])),
    )


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return None


def _upgraded(text: str) -> str:
    """A stored record in its present form; what cannot be read stays as it is."""
    entry = records.entry("item", "hash", None, _json(text))
    return json.dumps(entry["record"]) if entry else text


def _do(work: Callable[[sqlite3.Connection], T]) -> T:
    """Run ``work`` in one transaction; a damaged file is set aside once and a new one begun."""
    for last_try in (False, True):
        seen = _identity()
        try:
            with _opened() as db:
                return work(db)
        except sqlite3.DatabaseError as error:
            if last_try or getattr(error, "sqlite_errorcode", 0) & 0xFF not in _DAMAGED:
                raise ProgressError(_plain(error)) from error
            _set_aside(seen)
        except OSError as error:
            raise ProgressError(_plain(error)) from error
    raise AssertionError("the second try returns or raises")


@contextmanager
def _opened() -> Iterator[sqlite3.Connection]:
    file = path()
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None)) as db:
        _write_ahead(db)
        db.execute("PRAGMA synchronous = FULL")
        if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise _damage()
        _migrate(db, file)
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
        except BaseException:
            db.rollback()
            raise
        db.commit()


def _write_ahead(db: sqlite3.Connection) -> None:
    """Let kernels read while another writes; a file system that cannot do so keeps the older journal.

    SQLite's own patience does not cover this step: two kernels that begin one file at once would find it locked.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _migrate(db: sqlite3.Connection, file: Path) -> None:
    """Bring the file to the newest schema, keeping a copy of the older one."""
    newest = len(MIGRATIONS)
    if _version(db) == newest:
        return
    db.create_function("upgraded", 1, _upgraded)
    db.execute("BEGIN IMMEDIATE")
    try:
        version = _version(db)  # another kernel may have been faster
        if version > newest:
            raise ProgressError(
                f"Your progress in {file} was written by a newer version of this course. Nothing was changed. "
                "Update the course (git pull, then run.py lab) to go on with it."
            )
        if 0 < version < newest:
            _copy(file, file.with_name(f"{file.name}.v{version}"))
        for step in MIGRATIONS[version:]:
            for statement in filter(str.strip, step.split(";")):
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {newest}")
    except BaseException:
        db.rollback()
        raise
    db.commit()


def _copy(file: Path, copy: Path) -> None:
    """Copy a database: to a temporary name first, so that the copy is whole or absent."""
    draft = copy.with_name(f"{copy.name}.{os.getpid()}.tmp")
    try:
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(draft)) as target:
            source.backup(target)
        draft.replace(copy)
    finally:
        draft.unlink(missing_ok=True)


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _damage() -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError("database disk image is malformed")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def _identity() -> tuple[int, int] | None:
    try:
        status = path().stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _set_aside(seen: tuple[int, int] | None) -> None:
    """Rename a damaged file, unless another kernel has already begun a new one in its place."""
    file = path()
    aside = _free(file.with_name(f"{file.name}.corrupt-{_stamp()}"))
    try:
        with closing(sqlite3.connect(f"{file}.lock", timeout=BUSY_SECONDS, isolation_level=None)) as lock:
            lock.execute("BEGIN EXCLUSIVE")  # one kernel at a time
            if seen is None or _identity() != seen:
                return
            # The log goes first: a new file must never meet the log of the damaged one.
            for suffix in ("-wal", "-shm", ""):
                part = file.with_name(file.name + suffix)
                if part.exists():
                    part.rename(aside.with_name(aside.name + suffix))
    except (OSError, sqlite3.Error) as error:
        raise ProgressError(f"Your progress in {file} is damaged and could not be moved aside: {error}.") from error
    _notices.append(
        f"Your progress file was damaged, so a new one was begun. The old one is kept as {aside}. "
        "If you have an export, import it to get your answers back."
    )


def _export(entries: list[Json]) -> Json:
    return {"format": FORMAT, "version": EXPORT_VERSION, "course": COURSE_ID, "exported": _now(), "records": entries}


def _backup(entries: list[Json]) -> Path:
    """Write an export beside the file: to a temporary name first, so that a backup is whole or absent."""
    file = path()
    kept = _free(file.with_name(f"{file.stem}-backup-{_stamp()}.json"))
    draft = kept.with_suffix(f".{os.getpid()}.tmp")
    try:
        with draft.open("w", encoding="utf-8") as stream:
            json.dump(_export(entries), stream, indent=1)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(kept)
    finally:
        draft.unlink(missing_ok=True)
    return kept


def _free(wanted: Path) -> Path:
    number, candidate = 1, wanted
    while candidate.exists():
        number += 1
        candidate = wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}")
    return candidate


def _checked(data: object) -> list[Json]:
    """The entries of an export.

    Raises:
        ProgressError: it is none; the message names the first thing that does not fit.
    """
    known = isinstance(data, dict) and data.get("format", FORMAT) == FORMAT
    if not known or "course" not in data or not isinstance(data.get("records"), list):
        raise ProgressError(
            "This file is not an export of progress, so nothing was changed. "
            'Expected the JSON file that Export writes: {"course": "...", "records": [...]}.'
        )
    if data["course"] != COURSE_ID:
        named = str(data["course"])[:100]
        raise ProgressError(f"This export is of the course {named!r}, not {COURSE_ID!r}. Nothing was changed.")
    version = data.get("version", 1)
    if type(version) is not int or not 1 <= version <= EXPORT_VERSION:
        raise ProgressError(
            f"This export has version {str(version)[:20]}; this course reads versions 1 to {EXPORT_VERSION}. "
            "Nothing was changed. If it comes from a newer version of the course, update this one and import it again."
        )
    found: list[Json] = []
    size = 0
    for number, line in enumerate(data["records"], start=1):
        given = line if isinstance(line, dict) else {}
        entry = records.entry(*map(given.get, ("item", "hash", "saved", "record")))
        if entry is None:
            raise ProgressError(
                f"Record {number} of this export does not fit, so nothing was changed. Expected "
                '{"item": "...", "hash": "...", "record": {..., "at": "2026-01-31T12:00:00.000Z"}}.'
            )
        size += len(json.dumps(line))
        if size > LARGEST_IMPORT:
            raise ProgressError("This export is larger than 20 MB, so nothing was changed.")
        found.append(entry)
    return found


def _plain(error: Exception) -> str:
    file = path()
    text = str(error)
    if "readonly" in text or "read-only" in text.lower() or isinstance(error, PermissionError):
        why = f"{file} or its folder is read-only"
        do = "Make it writable, or name another file in the environment variable SPINEMETS_PROGRESS."
    elif "full" in text or "disk I/O" in text or getattr(error, "errno", None) == 28:
        why, do = f"the disk of {file} is full or failing", "Free some space and answer again."
    elif "locked" in text or "busy" in text:
        why, do = f"another program holds {file}", "Close other notebooks that save at this moment and answer again."
    elif "unable to open" in text or isinstance(error, OSError):
        why = f"{file} cannot be opened"
        do = "Check that its folder exists and is yours, or name another file in SPINEMETS_PROGRESS."
    else:
        why, do = f"{file}: {text}", "Your answers stay on the screen."
    return f"Not stored: {why}. {do}"


def _now() -> str:
    return records.written(datetime.now(UTC))


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
