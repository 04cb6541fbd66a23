"""The generated pages of the book: written by ``spinemets cards``, and checked for freshness."""

from __future__ import annotations

from pathlib import Path

from . import course, files
from .articlemap import article_map
from .evidence.links import Problem
from .evidence.markdown import GENERATED
from .evidence.pages import pages as evidence_pages
from .quiz.blueprint import blueprint


def pages() -> dict[Path, str]:
    """Every generated page: where it stands, and its text.

    Raises:
        EvidenceError: the evidence is malformed.
        QuizError: a quiz is malformed.
    """
    book = course.root() / "book"
    return {**evidence_pages(), book / "article-map.md": article_map(), book / "blueprint.md": blueprint()}


def write() -> list[Path]:
    """Write the pages that changed, take away those that nothing makes any more, and return both."""
    made = pages()
    changed = []
    for path, text in made.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            files.write(path, text)
            changed.append(path)
    for path in _left_over(made):
        path.unlink()
        changed.append(path)
    return changed


def stale() -> list[Path]:
    """The pages that differ from what would be generated now, or that nothing makes any more."""
    made = pages()
    differ = [path for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    return differ + _left_over(made)


def check() -> list[Problem]:
    """The stale pages as problems."""
    return [Problem(f"{path.parent.name}/{path.name}", "page", "is stale. Run: spinemets cards") for path in stale()]


def _left_over(made: dict[Path, str]) -> list[Path]:
    folders = {path.parent for path in made}
    return [
        path
        for folder in sorted(folders)
        if folder.is_dir()
        for path in sorted(folder.glob("*.md"))
        if path not in made and GENERATED in path.read_text(encoding="utf-8")
    ]
