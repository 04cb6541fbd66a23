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
from itertools import chain
from typing import Any

Json = dict[str, Any]

OLDEST = "1000-01-01T00:00:00.000Z"
"""When a record counts as saved that does not say when."""

DEPTH = 20
"""How deep a record may be nested; those of the course reach 4."""

_LARGEST = 1e300  # above it, and for NaN and infinities, the languages differ
_ITEM = re.compile(r"[ -~]{1,200}")
_HASH = re.compile(r"[!-9;-~]{1,200}")  # no colon, which parts item and hash in the browser's storage
_MOMENT = re.compile(
    r"[12]\d{3}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)", re.ASCII
)


def moment(text: object) -> str | None:
    """An ISO 8601 moment with its zone, in UTC with milliseconds, so that moments compare as texts; else ``None``."""
    if not isinstance(text, str) or not _MOMENT.fullmatch(text):
        return None
    try:
        return written(datetime.fromisoformat(text))
    except ValueError:  # such as 30 February
        return None


def written(when: datetime) -> str:
    """A moment in the form of :func:`moment`."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def upgraded(record: Json) -> Json:
    """A record in its present form. The first version kept only the first and the newest attempt."""
    if "now" not in record or "history" in record:
        return record
    rest = {key: value for key, value in record.items() if key not in ("first", "now", "tries")}
    return {**rest, "history": [record.get("first", record["now"]), record["now"]]}


def entry(item: object, hash: object, saved: object, record: object) -> Json | None:
    """An entry of the present form, its history in order; ``None`` if it does not fit (wrong types, no date ...)."""
    named = isinstance(item, str) and _ITEM.fullmatch(item) and isinstance(hash, str) and _HASH.fullmatch(hash)
    if not named or not isinstance(record, dict) or not _bounded(record):
        return None
    record = upgraded(record)
    at = moment(record.get("at"))
    if "history" in record:
        if not isinstance(record["history"], list):
            return None
        attempts = [_attempt(one) for one in record["history"]]
        if None in attempts:
            return None
        history = _united(sorted(attempts, key=text))
        at = at or (history[-1]["at"] if history else None)
        record = {**record, "history": history, **({"at": at} if at else {})}
    return {"item": item, "hash": hash, "saved": at or moment(saved) or OLDEST, "record": record}


def merged(a: Json, b: Json) -> Json:
    """Two entries of one item and hash as one: all attempts of both, and the other fields of the later one."""
    later = max(a, b, key=lambda one: (one["saved"], text(_rest(one["record"]))))
    return _with(later, sorted(_attempts(a, b), key=text)) if _histories(a, b) else later


def continued(stored: Json, new: Json) -> Json:
    """What to keep when ``new`` is saved over ``stored``: the new one, and attempts that only the stored one has.

    Another window or kernel may have stored those since the writer of the new one last looked.
    """
    return _with(new, _attempts(stored, new)) if _histories(stored, new) else new


def text(value: object) -> str:
    """JSON in one form, in which values compare alike in Python and in JavaScript."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _attempt(value: object) -> Json | None:
    if not isinstance(value, dict):
        return None
    at, score = moment(value.get("at")), value.get("score")
    if at is None or isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 1:
        return None
    return {"hints": 0, **value, "at": at}


def _with(entry: Json, attempts: Iterable[Json]) -> Json:
    return {**entry, "record": {**entry["record"], "history": _united(attempts)}}


def _united(attempts: Iterable[Json]) -> list[Json]:
    """Attempts oldest first; of those of one moment, which are one attempt, the last that was given."""
    found = {one["at"]: one for one in attempts}
    return [found[at] for at in sorted(found)]


def _histories(*entries: Json) -> list[list[Json]]:
    return [one["record"]["history"] for one in entries if "history" in one["record"]]


def _attempts(*entries: Json) -> list[Json]:
    return list(chain.from_iterable(_histories(*entries)))


def _rest(record: Json) -> Json:
    return {key: value for key, value in record.items() if key != "history"}


def _bounded(value: object, depth: int = DEPTH) -> bool:
    """Whether it is JSON of bounded depth with numbers that both languages know."""
    if isinstance(value, dict):
        return depth > 0 and all(_bounded(inner, depth - 1) for inner in value.values())
    if isinstance(value, list):
        return depth > 0 and all(_bounded(inner, depth - 1) for inner in value)
    return not isinstance(value, int | float) or abs(value) <= _LARGEST
