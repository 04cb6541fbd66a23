"""Hand-ins of the sample quiz."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spinemets.course import COURSE_ID
from spinemets.quiz import bank
from spinemets.quiz.asked import asked_hash, can_be_asked
from spinemets.quiz.handin import packed, variant_of
from spinemets.quiz.items import AnyItem
from spinemets.teach import releases
from spinemets.teach.releases import Release

STEM = "01-sample"
MOMENT = "2026-11-20T10:00:00.000Z"


def released(due: str | None = None, title: str = "Sample") -> Release:
    """Keep a release of the sample quiz."""
    items = [(item.id, asked_hash(item)) for item in bank.load(STEM).items if can_be_asked(item)]
    made = releases.release_of(title, [STEM], items, due)
    releases.keep(made)
    return made


def right(item: AnyItem, student: str = "ann") -> Any:
    """The right answer to an item."""
    if item.type in ("choice", "hotspot"):
        return [option.correct for option in item.options].index(True)
    if item.type == "choices":
        return [place for place, option in enumerate(item.options) if option.correct]
    if item.type == "number":
        return item.content()["answer"]
    if item.type in ("order", "match"):
        return item.key
    if item.type == "short":
        return item.accepted[0]
    variant = variant_of(student, item.id, item.variants)
    return {"variant": variant, "value": item.drawn()[variant].answer}


def content(
    release: Release,
    student: str = "ann",
    name: str = "Ann Sample",
    finished: str = MOMENT,
    answers: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """What a hand-in holds: right answers but for those given."""
    items = {item.id: item for item in bank.load(STEM).items}
    given = {id: right(items[id], student) for id, _ in release.items} | dict(answers or {})
    return {
        "release": release.id,
        "course": COURSE_ID,
        "student": {"id": student, "name": name},
        "finished": finished,
        "answers": [{"item": id, "hash": hash, "answer": given[id], "seconds": 12} for id, hash in release.items],
    }


def put(folder: Path, file: str, content: dict[str, Any]) -> Path:
    """Write a hand-in."""
    folder.mkdir(exist_ok=True)
    (folder / file).write_text(packed(content), encoding="utf-8")
    return folder / file


def wrapped(text: str) -> bytes:
    """A file with this text as its content, and a checksum that fits."""
    from spinemets.quiz.handin import FORMAT, VERSION, checksum

    wrapper = {"format": FORMAT, "version": VERSION, "checksum": checksum(text), "content": text}
    return json.dumps(wrapper).encode()


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a gradebook's CSV."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))
