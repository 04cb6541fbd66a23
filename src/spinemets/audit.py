"""What an author should know though it is no fault: findings that grow old, and findings that nothing uses yet."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from . import course
from .evidence.bank import article, bank
from .evidence.markdown import GENERATED
from .evidence.models import Finding, Table

_USES = {
    ".ipynb": re.compile(r"\.md#([a-z0-9_-]+)\)|[\"']([a-z0-9]+(?:[-_][a-z0-9]+)*)[\\\"']"),
    ".md": re.compile(r"\.md#([a-z0-9_-]+)\)"),
    ".py": re.compile(r"[\"']([a-z0-9]+(?:[-_][a-z0-9]+)*)[\"']"),
    ".yml": re.compile(r"\.md#([a-z0-9_-]+)\)|(?<=[\[,\s])([a-z0-9]+(?:[-_][a-z0-9]+)*)(?=[\],\s])"),
}
"""How a file names a finding: as a link to its card, quoted in code, or listed in a quiz."""


def older_than(days: int, today: date | None = None) -> list[Finding | Table]:
    """Findings and tables that were last checked more than so many days ago, the oldest first."""
    limit = (today or date.today()) - timedelta(days=days)
    everything = [*bank().findings.values(), *bank().tables.values()]
    return sorted((one for one in everything if one.checked < limit), key=lambda one: (one.checked, one.id))


def uses() -> Counter[str]:
    """How many files, claims and omissions use each finding or table; those that nothing uses stand at 0."""
    known = bank().chapter_of
    count = Counter(dict.fromkeys(known, 0))
    for path in _files():
        named = {match[match.lastindex] for match in _USES[path.suffix].finditer(_text(path))}
        count.update(named & set(known))
    for one in (*bank().claims.values(), *article().omissions):
        count.update(set(one.findings) & set(known))
    return count


def unused() -> list[str]:
    """The ids of findings and tables that nothing uses."""
    return [id for id, number in uses().items() if not number]


def _text(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    return "" if GENERATED in text else text


def _files() -> list[Path]:
    root = course.root()
    code = Path(__file__).resolve().parent
    return [
        *sorted((root / "notebooks").glob("*.ipynb")),
        *sorted((root / "quizzes").glob("*.yml")),
        *sorted((root / "book").rglob("*.md")),
        *sorted((code / "lessons").rglob("*.py")),
        *sorted((code / "clinic").rglob("*.py")),
        *sorted((code / "figures").rglob("*.py")),
    ]
