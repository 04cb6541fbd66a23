"""What was released: which items, as they were asked. Kept in ``releases/ID.json`` of the course; it holds no key."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from spinemets import files
from spinemets.course import COURSE_ID, CourseError, root
from spinemets.quiz.parts import digest


class ReleaseError(CourseError):
    """A release cannot be made, found or read; the message says why and what to do."""


@dataclass(frozen=True)
class Release:
    """A graded quiz as it was handed out."""

    id: str
    """Twelve hex digits of the title and the items."""
    title: str
    course: str
    stems: tuple[str, ...]
    """The quizzes that the items come from."""
    due: str | None
    """When a hand-in must be finished: ISO 8601 in UTC with milliseconds, as ``finished`` in a hand-in."""
    items: tuple[tuple[str, str], ...]
    """Id and :func:`spinemets.quiz.asked.asked_hash` of each item, in the order in which they are asked."""


_RELEASE = TypeAdapter(Release)


def release_of(title: str, stems: Sequence[str], items: Sequence[tuple[str, str]], due: str | None) -> Release:
    """A release of these items; the same title and items have the same id, whatever the due date."""
    return Release(
        id=digest([title, [list(item) for item in items]]),
        title=title,
        course=COURSE_ID,
        stems=tuple(stems),
        due=None if due is None else due_at(due),
        items=tuple(items),
    )


def due_at(text: str) -> str:
    """A due date as ISO 8601 in UTC with milliseconds; a day alone lasts until it ends in UTC.

    Raises:
        ReleaseError: this is neither a day nor a time with its zone.
    """
    try:
        at = datetime.fromisoformat(text)
        if len(text) == len("2026-12-01"):
            at = datetime.combine(at, time(23, 59, 59, 999_000), UTC)
        if at.tzinfo is None:
            raise ValueError
        return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except (ValueError, OverflowError):
        raise ReleaseError(
            f"{text!r} is not a due date. Expected a day, or a time with its zone. "
            "Example: 2026-12-01 or 2026-12-01T18:00+01:00"
        ) from None


def path_of(id: str) -> Path:
    """Where the release with this id is kept."""
    return root() / "releases" / f"{id}.json"


def keep(release: Release) -> Path:
    """Write the release into the course's folder, whole or not at all."""
    path = path_of(release.id)
    path.parent.mkdir(exist_ok=True)
    files.write(path, json.dumps(asdict(release), ensure_ascii=False, indent=1) + "\n")
    return path


def read(path: Path) -> Release:
    """The release in a file of ``releases/``.

    Raises:
        ReleaseError: the file is not there, or not a release.
    """
    try:
        return _RELEASE.validate_json(path.read_bytes())
    except FileNotFoundError:
        known = ", ".join(one.stem for one in sorted(path.parent.glob("*.json"))) or "none yet"
        raise ReleaseError(
            f"{path}: no such release. Expected one of: {known}. "
            "Example: spinemets release --graded 05-metastasis --out DIR"
        ) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "file"
        raise ReleaseError(f"{path}: {where}: {first['msg']}. Take the file from a copy, or release again.") from None


def every() -> dict[str, Release]:
    """All releases of the course by id.

    Raises:
        ReleaseError: a file is not a release.
    """
    return {path.stem: read(path) for path in sorted((root() / "releases").glob("*.json"))}
