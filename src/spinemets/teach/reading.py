"""One file of a folder, read as if an enemy had written it: a hand-in, or the reason why it is none.

Nothing in a file is executed, no field is used as a path, and no exception leaves :func:`read`: what does not fit is a
:class:`Refused` with a reason that quotes the file only in short, printable pieces.
"""

from __future__ import annotations

import json
import math
import os
import re
import stat
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from spinemets.course import COURSE_ID
from spinemets.quiz.handin import FORMAT, VERSION, checksum, student_id

LARGEST = 1_000_000
"""Bytes of a file; forty answers need some five thousand."""
DEEPEST = 12
"""Lists and objects within one another; the deepest that a quiz makes is 5."""
LONGEST = 200
"""Letters of an id, a name, a hash or a date."""
MOST_DIGITS = 21
"""Of a whole number: browsers write larger ones with an exponent."""
LONGEST_STAY = 7 * 24 * 3600
"""Seconds; a longer time says that a clock was set."""

Json = Any
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)', re.S)
"""One that does not end goes on to the end, so that no text takes long."""
_BRACKET = re.compile(r"[][{}]")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a hand-in says to one question."""

    item: str
    hash: str
    """Of what was asked (:func:`spinemets.quiz.asked.asked_hash`)."""
    answer: Json
    """In the form of the item's type (:mod:`spinemets.quiz.grading`), not yet checked; None if nothing was answered."""
    seconds: float | None


@dataclass(frozen=True, slots=True)
class HandIn:
    """A file whose form is right."""

    file: str
    release: str
    student: str
    """As :func:`spinemets.quiz.handin.student_id` compares it."""
    name: str
    finished: str
    """ISO 8601 in UTC with milliseconds, by the clock of the learner's computer."""
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is no hand-in."""

    file: str
    reason: str


class _UnfitError(Exception):
    """Why a file is refused."""


def read(path: Path, releases: Mapping[str, str]) -> HandIn | Refused:
    """The hand-in in a file. Links are not followed, and nothing but regular files is opened.

    Args:
        path: any entry of a folder.
        releases: titles of the releases of this course, by id.
    """
    file = shown(path.name, most=None)
    try:
        return parsed(_bytes(path), file, releases)
    except OSError as error:
        return Refused(file, f"cannot be read: {error.strerror or type(error).__name__}")
    except _UnfitError as unfit:
        return Refused(file, str(unfit))


def parsed(data: bytes, file: str, releases: Mapping[str, str]) -> HandIn | Refused:
    """The hand-in in the bytes of a file; ``file`` is its name as it is shown."""
    try:
        return _hand_in(_content(data), file, releases)
    except _UnfitError as unfit:
        return Refused(file, str(unfit))


def shown(text: str, most: int | None = 60) -> str:
    """A text from a file as it may stand in a report: on one line, without invisible letters, cut after ``most``."""
    plain = "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text[:most])
    return f"{plain}..." if most is not None and len(text) > most else plain


def _bytes(path: Path) -> bytes:
    # The kind is asked before opening: opening a pipe would wait for ever. Then it is asked of what was opened, in
    # case somebody exchanged it.
    status = path.lstat()
    _regular(status.st_mode)
    if status.st_size > LARGEST:
        raise _UnfitError(f"larger than {LARGEST:,} bytes")
    flags = os.O_RDONLY | sum(getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
    with os.fdopen(os.open(path, flags), "rb") as file:
        _regular(os.fstat(file.fileno()).st_mode)
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise _UnfitError(f"larger than {LARGEST:,} bytes")
    return data


def _regular(mode: int) -> None:
    if stat.S_ISLNK(mode):
        raise _UnfitError("a link to another place, which is not followed")
    if stat.S_ISDIR(mode):
        raise _UnfitError("a folder; hand-ins lie side by side in one folder")
    if not stat.S_ISREG(mode):
        raise _UnfitError("a pipe or a device, not a file")


def _content(data: bytes) -> dict[str, Json]:
    """What the wrapper holds."""
    if not data.strip():
        raise _UnfitError("empty")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _UnfitError(f"not UTF-8 at byte {error.start}") from None
    wrapper = _object(_json(text, "the file"), "the file")
    if wrapper.get("format") != FORMAT:
        raise _UnfitError(f'not a hand-in: "format" is not "{FORMAT}"')
    version = wrapper.get("version")
    if isinstance(version, bool) or version != VERSION:
        raise _UnfitError(f"version {_quoted(version)} of a hand-in; this course reads version {VERSION}")
    _fields(wrapper, "the file", {"format", "version", "checksum", "content"})
    content, sum_ = _text(wrapper, "content", LARGEST), _text(wrapper, "checksum")
    try:
        found = checksum(content)
    except UnicodeEncodeError:
        raise _UnfitError("the content is not text") from None
    if found != sum_:
        raise _UnfitError("damaged: the checksum does not fit the content; ask for the file again")
    return _object(_json(content, "the content"), "the content")


def _hand_in(content: dict[str, Json], file: str, releases: Mapping[str, str]) -> HandIn:
    _fields(content, "the content", {"release", "course", "student", "finished", "answers"})
    course, release = _text(content, "course"), _text(content, "release")
    if course != COURSE_ID:
        raise _UnfitError(f"of the course {shown(course)!r}, not {COURSE_ID!r}")
    if release not in releases:
        raise _UnfitError(f"of the release {shown(release)!r}, which this course has not made")
    student = _object(content["student"], "student")
    _fields(student, "student", {"id", "name"})
    id = student_id(_text(student, "id"))
    if not id or not id.isprintable() or len(id) > LONGEST:
        raise _UnfitError("the student's id is empty, too long or holds invisible letters")
    return HandIn(
        file=file,
        release=release,
        student=id,
        name=_name(_text(student, "name")),
        finished=_moment(_text(content, "finished")),
        answers=tuple(_answer(entry) for entry in _list(content["answers"])),
    )


def _answer(entry: Json) -> Answer:
    entry = _object(entry, "an answer")
    _fields(entry, "an answer", {"item", "hash", "answer"}, {"seconds"})
    return Answer(_text(entry, "item"), _text(entry, "hash"), entry["answer"], _seconds(entry.get("seconds")))


def _seconds(given: Json) -> float | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise _UnfitError(f'"seconds" is {_quoted(given)}, not a number')
    return float(given) if 0 <= given <= LONGEST_STAY else None


def _name(typed: str) -> str:
    """A name on one line, without invisible letters (some languages' keyboards type them)."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in typed).split())


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError
        return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except (ValueError, OverflowError):
        raise _UnfitError(f'"finished" is {_quoted(text)}, not a time with its zone') from None


def _json(text: str, what: str) -> Json:
    # The reasons are ours, since those of Python's parser change with its version and with the height of the stack.
    if _depth(text) > DEEPEST:
        raise _UnfitError(f"{what} is nested deeper than {DEEPEST} levels")
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError:
        raise _UnfitError(f"{what} is not JSON") from None


def _depth(text: str) -> int:
    """How deep brackets outside strings are nested; counting ends above :data:`DEEPEST`."""
    depth = deepest = 0
    for bracket in _BRACKET.findall(_STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
        if deepest > DEEPEST:
            break
    return deepest


def _pairs(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for key, value in pairs:
        if key in found:
            raise _UnfitError(f"the field {_quoted(key)} stands there twice")
        found[key] = value
    return found


def _whole(text: str) -> int:
    if len(text.lstrip("-")) > MOST_DIGITS:
        raise _UnfitError(f"a whole number of {len(text)} digits")
    return int(text)


def _decimal(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _UnfitError(f"the number {shown(text, 20)} is too large")
    return number


def _no_number(text: str) -> float:
    raise _UnfitError(f"{text} is not JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_int=_whole, parse_float=_decimal, parse_constant=_no_number)


def _object(value: Json, what: str) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise _UnfitError(f"{what} is not an object with fields")
    return value


def _fields(value: dict[str, Json], what: str, needed: set[str], allowed: Collection[str] = ()) -> None:
    missing, unknown = sorted(needed - value.keys()), sorted(value.keys() - needed.union(allowed))
    if missing:
        raise _UnfitError(f"{what} has no field {missing[0]!r}")
    if unknown:
        raise _UnfitError(f"{what} has an unknown field {_quoted(unknown[0])}")


def _text(value: dict[str, Json], key: str, most: int = LONGEST) -> str:
    text = value[key]
    if not isinstance(text, str) or len(text) > most:
        raise _UnfitError(f'"{key}" is {_quoted(text)}, not a text of at most {most:,} letters')
    return text


def _list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise _UnfitError('"answers" is not a list')
    return value


def _quoted(value: Json) -> str:
    """A value of a file, short; of lists and objects only the kind, since they may be deep."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return f'"{shown(value)}"' if isinstance(value, str) else json.dumps(value)
