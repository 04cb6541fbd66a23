"""What a learner did with one item, as pure data: read, brought to the present form, merged.

An entry is ``{"item", "hash", "saved", "record"}``: an item in one version of its content, and its record. The record
of a graded item has a ``history`` of attempts ``{"answer", "score", "hints", "at", ...}``, oldest first; that of a
prediction has none. ``saved`` is the moment that decides which of two records is the later one: the record's own ``at``
if it has one. Order, grouping and repetition of merging change nothing, and no attempt is lost.

``host.js`` does the same on the published page; ``tests/merge_cases.json`` holds both to one table.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

DEPTH = 20
"""How deep a record may be nested; those of the course reach 4."""

_LARGEST = 1e300  # beyond it, as with NaN and infinities, the languages differ
_NAME = re.compile(r"[!-9;-~]{1,200}")  # no colon, which parts item and hash in the browser's storage
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)


def moment(value: object) -> str:
    """``value`` if it is a moment as JavaScript writes it, in UTC, so that moments compare as texts; else ""."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return ""
    try:
        return value if written(datetime.fromisoformat(value)) == value else ""
    except ValueError:  # such as 30 February
        return ""


def written(when: datetime) -> str:
    """A moment in the form of :func:`moment`."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def upgraded(record: Json) -> Json:
    """A record in its present form. The first version kept only the first and the newest attempt."""
    if record.get("now") is None or record.get("history") is not None:
        return record
    rest = {key: value for key, value in record.items() if key not in ("first", "now", "tries")}
    return {**rest, "history": [record.get("first", record["now"]), record["now"]]}


def entry(item: object, hash: object, saved: object, record: object) -> Json | None:
    """An entry of the present form, its history in order; ``None`` if it does not fit (wrong types, no date ...)."""
    named = all(isinstance(name, str) and _NAME.fullmatch(name) for name in (item, hash))
    if not named or not isinstance(record, dict) or not _bounded(record):
        return None
    record = upgraded(record)
    if "history" in record:
        attempts = record["history"]
        if not isinstance(attempts, list) or not all(map(_is_attempt, attempts)):
            return None
        record = {**record, "history": _united(sorted(({"hints": 0, **one} for one in attempts), key=text))}
    return {"item": item, "hash": hash, "saved": moment(record.get("at")) or moment(saved), "record": record}


def merged(a: Json, b: Json) -> Json:
    """Two entries of one item and hash as one: all attempts of both, and the other fields of the later one."""
    later = max(a, b, key=_rank)
    if not any("history" in one["record"] for one in (a, b)):
        return later
    return {**later, "record": {**later["record"], "history": _united(sorted(_attempts(a, b), key=text))}}


def continued(stored: Json, new: Json) -> Json:
    """What to keep when ``new`` is saved over ``stored``: the new one, and attempts that only the stored one has.

    Another window or kernel may have stored those since the writer of the new one last looked.
    """
    return _with_attempts(new, _attempts(stored, new))


def text(value: object) -> bytes:
    """JSON in one form, to compare: by UTF-16 units, as JavaScript does."""
    form = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return form.encode("utf-16-be", "surrogatepass")


def _is_attempt(value: object) -> bool:
    if not isinstance(value, dict) or not moment(value.get("at")):
        return False
    score = value.get("score")
    return isinstance(score, int | float) and not isinstance(score, bool) and 0 <= score <= 1


def _attempts(*entries: Json) -> list[Json]:
    return [one for entry in entries for one in entry["record"].get("history", [])]


def _with_attempts(entry: Json, attempts: list[Json]) -> Json:
    return {**entry, "record": {**entry["record"], "history": _united(attempts)}} if attempts else entry


def _united(attempts: Iterable[Json]) -> list[Json]:
    """Attempts oldest first; of those of one moment, which are one attempt, the last that was given."""
    found = {one["at"]: one for one in attempts}
    return [found[at] for at in sorted(found)]


def _rank(entry: Json) -> tuple[str, bytes]:
    """Of two entries, the later one has the greater; a history, which merging changes, decides nothing."""
    return entry["saved"], text({key: value for key, value in entry["record"].items() if key != "history"})


def _bounded(value: object, depth: int = DEPTH) -> bool:
    """Whether it is JSON of bounded depth with numbers that both languages know."""
    if isinstance(value, dict):
        return depth > 0 and all(_bounded(inner, depth - 1) for inner in value.values())
    if isinstance(value, list):
        return depth > 0 and all(_bounded(inner, depth - 1) for inner in value)
    return not isinstance(value, int | float) or abs(value) <= _LARGEST
