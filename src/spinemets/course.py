"""Where the course lies on disk, and which chapters it has.

Everything else asks this module for folders, so that a clone, an installed package beside a course and a
temporary copy in a test all work alike.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

_OBJECTIVES = "After this chapter you can"
_NUMBERED = re.compile(r"\d\d-")
_LISTED = re.compile(r"^\d+\. (.*?)[;.]?$", re.M)

COURSE_ID = "breast-spine-mets"
"""Key under which a learner's progress is kept; it never changes."""
CLINIC = "spinemets.clinic"
"""The package whose functions calculated questions may call."""
PLACES = "spinemets.figures.places"
"""The module whose ``PICTURES`` questions about places in a picture may show."""


class CourseError(Exception):
    """A course file is missing or malformed; the message says which, and what was expected."""


@dataclass(frozen=True)
class Chapter:
    """One notebook of the course; its stem begins with a number if it is a chapter."""

    stem: str
    """File stem, such as ``05-metastasis``: also the name of its quiz and of its evidence."""
    title: str

    @property
    def notebook(self) -> Path:
        return root() / "notebooks" / f"{self.stem}.ipynb"


def root() -> Path:
    """The course's folder: ``SPINEMETS_ROOT``, or the nearest parent with ``_toc.yml``.

    Parents of the working folder are tried first, so that a notebook opened in a clone finds that clone; then
    the parents of this file (an editable install).
    """
    named = os.environ.get("SPINEMETS_ROOT")
    if named:
        return _checked(Path(named).resolve())
    for start in (Path.cwd(), Path(__file__).resolve()):
        for folder in (start, *start.parents):
            if (folder / "_toc.yml").is_file() and (folder / "evidence").is_dir():
                return folder
    raise CourseError(
        f"no course found above {Path.cwd()}: expected a folder with _toc.yml and evidence/. "
        "Run inside a clone of the course, or set SPINEMETS_ROOT to one."
    )


def _checked(folder: Path) -> Path:
    if not (folder / "_toc.yml").is_file():
        raise CourseError(f"SPINEMETS_ROOT is {folder}, which has no _toc.yml. Set it to a clone of the course.")
    return folder


def chapters() -> list[Chapter]:
    """The chapters in the order of ``_toc.yml``, each with the title of its notebook."""
    return [notebook for notebook in notebooks() if _NUMBERED.match(notebook.stem)]


def notebooks() -> list[Chapter]:
    """The notebooks in the order of ``_toc.yml``: the chapters, and those that belong to none, such as the review."""
    return [Chapter(stem, _title(root() / "notebooks" / f"{stem}.ipynb")) for stem in stems()]


def stems() -> list[str]:
    """Stems of the notebooks in the order of ``_toc.yml``, those of pages below others too."""
    toc = YAML(typ="safe").load((root() / "_toc.yml").read_text(encoding="utf-8"))
    listed = [entry for part in (toc, *toc.get("parts", [])) for entry in part.get("chapters", [])]
    files = [one["file"] for entry in listed for one in (entry, *entry.get("sections", []))]
    return [Path(file).stem for file in files if file.startswith("notebooks/")]


def objectives(stem: str) -> tuple[str, ...]:
    """The learning objectives of a chapter, from its notebook's numbered list; an item's ``objective`` counts from 1.

    Raises:
        CourseError: the notebook does not exist or lists none.
    """
    path = root() / "notebooks" / f"{stem}.ipynb"
    for kind, text in _cells(path):
        if kind == "markdown" and text.startswith(_OBJECTIVES):
            return tuple(_LISTED.findall(text))
    raise CourseError(f"{path}: no objectives. Expected a Markdown cell that begins with {_OBJECTIVES!r} and a list.")


@lru_cache(maxsize=64)
def _title(path: Path) -> str:
    for kind, text in _cells(path):
        for line in text.splitlines():
            if kind == "markdown" and line.startswith("# "):
                return line[2:].strip()
    raise CourseError(f"{path}: no title. Expected a Markdown cell that begins with '# '.")


@lru_cache(maxsize=64)
def _cells(path: Path) -> list[tuple[str, str]]:
    """Kind and source of each cell.

    Raises:
        CourseError: the notebook does not exist.
    """
    # Plain JSON: nbformat takes seconds to import, and every kernel and every process that bakes imports this module.
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except FileNotFoundError:
        raise CourseError(f"{path} does not exist, but _toc.yml lists it. Add the notebook or take it out.") from None
    return [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
