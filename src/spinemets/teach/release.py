"""Hands out a graded quiz: a folder for students, without anything that only the instructor may know."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spinemets import course
from spinemets.evidence.markdown import SAFETY
from spinemets.quiz import bank
from spinemets.quiz.asked import NotAskedError, asked, asked_hash, can_be_asked
from spinemets.quiz.flaws import TO_WRITE
from spinemets.quiz.handin_page import page
from spinemets.quiz.items import AnyItem
from spinemets.quiz.parts import strings
from spinemets.quiz.render import TextError

from .chapter import as_text, handed_out
from .pictures import PictureError, bare_in
from .releases import Release, ReleaseError, keep, release_of

BANK_FORMAT = "spinemets-release"
BANK_VERSION = 1

_OWN = {"README.md", "bank.json", "hand-in.ipynb", "index.html"}


@dataclass(frozen=True)
class Released:
    """What :func:`release` wrote."""

    release: Release
    folder: Path
    files: tuple[str, ...]
    """Names of the files in the folder."""
    left_out: tuple[str, ...]
    """Ids of cases and predictions, which are not handed in."""
    without_notebook: tuple[str, ...]
    """Stems whose chapter has no notebook."""


def release(stems: Sequence[str], out: Path, title: str | None = None, due: str | None = None) -> Released:
    """Write the student version of some quizzes into a folder, and its record into the course's ``releases``.

    The folder holds a page that works without a server (``index.html``), the same as a notebook (``hand-in.ipynb``
    with ``bank.json``), the chapters' notebooks without their questions, and a ``README.md``. It appears whole or not
    at all; the same course gives the same bytes.

    Args:
        stems: quizzes, such as ``["05-metastasis"]``.
        out: the folder; it must be empty, not there, or made by an earlier release.
        title: what students read above the quiz; the chapters' titles if left out.
        due: a day, or a time with its zone.

    Raises:
        ReleaseError: the folder holds other files or cannot be written, the due date is none, or nothing can be asked.
        QuizError: a quiz does not exist or is malformed.
    """
    out = out.resolve()
    _check_folder(out)
    items = _items(stems)
    graded = [item for item in items if can_be_asked(item)]
    if not graded:
        raise ReleaseError(
            f"{', '.join(stems) or 'no quiz'}: nothing to hand in. Cases and predictions are not released; expected at "
            "least one item of another type. Example: spinemets release --graded 05-metastasis --out DIR"
        )
    unfinished = [item.id for item in graded if any(TO_WRITE in text for text in item.texts())]
    if unfinished:
        raise ReleaseError(
            f"{', '.join(unfinished)}: {TO_WRITE} still stands where words are wanted. Fill it in, then: "
            f"spinemets quiz check {' '.join(stems)}"
        )
    made = release_of(title or _title(stems), stems, [(item.id, asked_hash(item)) for item in graded], due)
    notebooks = {f"{stem}.ipynb": path for stem in stems if (path := course.Chapter(stem, "").notebook).is_file()}
    files = student_files(made, graded, notebooks)
    keep(made)
    _write_folder(out, files)
    return Released(
        release=made,
        folder=out,
        files=tuple(sorted(files)),
        left_out=tuple(item.id for item in items if not can_be_asked(item)),
        without_notebook=tuple(stem for stem in stems if f"{stem}.ipynb" not in notebooks),
    )


def student_files(made: Release, items: Sequence[AnyItem], notebooks: Mapping[str, Path]) -> dict[str, str]:
    """The text of every file that students get, by name.

    Args:
        made: the release.
        items: its items, in its order.
        notebooks: chapters' notebooks by the name that they get.

    Raises:
        ReleaseError: an item's text or picture cannot be shown.
    """
    content = bank_of(made, items)
    files = {
        "README.md": _readme(made),
        "bank.json": json.dumps(content, ensure_ascii=False, indent=1) + "\n",
        "hand-in.ipynb": as_text(_hand_in_notebook(made)),
        "index.html": page(content, SAFETY),
    }
    names = {*files, *notebooks}
    hidden = _hidden(items)
    for name, path in notebooks.items():
        files[name] = as_text(handed_out(json.loads(path.read_text(encoding="utf-8")), hidden, names))
    return files


def bank_of(made: Release, items: Sequence[AnyItem]) -> dict[str, Any]:
    """What the front end of a hand-in needs: the release and its items as they are asked.

    Raises:
        ReleaseError: an item's text or picture cannot be shown.
    """
    shown = []
    for item, (_, hash) in zip(items, made.items, strict=True):
        try:
            shown.append({**_bare(asked(item)), "hash": hash})
        except (TextError, PictureError) as error:
            raise ReleaseError(f"{item.id}: {error}. To see where: spinemets quiz check") from error
    return {
        "format": BANK_FORMAT,
        "version": BANK_VERSION,
        "release": made.id,
        "course": made.course,
        "title": made.title,
        "due": made.due,
        "items": shown,
    }


def _items(stems: Sequence[str]) -> list[AnyItem]:
    """All items of the quizzes.

    Raises:
        ReleaseError: a quiz or an item comes twice, or a question names its answer.
    """
    items = [item for stem in stems for item in bank.load(stem).items]
    ids = [item.id for item in items]
    for twice in [*stems, *ids]:
        if list(stems).count(twice) > 1 or ids.count(twice) > 1:
            raise ReleaseError(f"{twice!r} comes twice. Name each quiz once; ids are unique over all quizzes.")
    try:
        for item in filter(can_be_asked, items):
            asked_hash(item)
    except NotAskedError as error:
        raise ReleaseError(str(error)) from None
    return items


def _title(stems: Sequence[str]) -> str:
    titles = {chapter.stem: chapter.title for chapter in course.chapters()}
    return "Graded quiz: " + "; ".join(titles.get(stem, stem) for stem in stems)


def _hidden(items: Sequence[AnyItem]) -> list[str]:
    """Texts of the items that are not asked."""
    return [text for item in items for text in {*strings(item.content())} - {*strings(asked(item))}]


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _bare(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_bare(inner) for inner in value]
    return bare_in(value) if isinstance(value, str) else value


# --- files without items ----------------------------------------------------------------------------------------------


def _until(made: Release) -> str:
    return f"Hand in before {made.due.replace('T', ' ')[:16]} UTC." if made.due else "There is no due date."


def _readme(made: Release) -> str:
    return f"""# {made.title}

{len(made.items)} questions to answer and to hand in. {_until(made)}

## How to answer

Choose one of two ways; both ask the same questions and make the same file.

- **In a browser:** open `index.html` (a double click is enough). Nothing needs to be installed.
- **In JupyterLab:** open `hand-in.ipynb` and run its cell. It needs the course's package `spinemets`, and `bank.json`
  beside it.

Type your student number and your name first: some questions use numbers of your own, drawn by your student number. You
may change every answer until you hand in. What you have answered is kept on your device, and nothing is sent anywhere.

## What to hand in

*Hand in* makes one file, `hand-in-YOUR-NUMBER.json`. The browser puts it among your downloads; JupyterLab writes it
beside the notebook. Give this file to your instructor in the way that you were told. Do not edit it: a checksum finds
damage. If you change an answer later, make the file again and hand in the new one.

The questions do not grade themselves here. Your instructor grades the file.

## Also in this folder

The chapters' notebooks, without their questions; they need the course's package. `bank.json` holds the questions for
`hand-in.ipynb`.

{SAFETY}
"""


def _hand_in_notebook(made: Release) -> dict[str, Any]:
    text = (
        f"# {made.title}\n\n{SAFETY}\n\n{len(made.items)} questions. {_until(made)}\n\n"
        "Run the cell below (Shift and Enter), type your student number and your name, and answer. "
        "You may change every answer until you hand in. *Hand in* writes one file, `hand-in-YOUR-NUMBER.json`, beside "
        "this notebook: give it to your instructor. Nothing is graded here, and nothing is sent."
    )
    code = 'from spinemets.quiz import hand_in\n\nhand_in("bank.json")'
    return {
        "cells": [
            {"cell_type": "markdown", "id": "read-first", "metadata": {}, "source": text.splitlines(keepends=True)},
            {
                "cell_type": "code",
                "execution_count": None,
                "id": "answer-here",
                "metadata": {},
                "outputs": [],
                "source": code.splitlines(keepends=True),
            },
        ],
        "metadata": {
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


# --- the folder -------------------------------------------------------------------------------------------------------


def _check_folder(out: Path) -> None:
    """Raises ReleaseError if the folder holds something that no release wrote."""
    if out.is_file():
        raise ReleaseError(f"{out} is a file. Name a folder. Example: --out release-1")
    there = sorted(entry.name for entry in out.iterdir()) if out.is_dir() else []
    if not there:
        return
    strange = [name for name in there if name not in _OWN and name.removesuffix(".ipynb") not in bank.stems()]
    if strange or not _is_bank(out / "bank.json"):
        raise ReleaseError(
            f"{out} is not empty and was not made by a release: it holds {', '.join((strange or there)[:3])}. "
            "Nothing was written. Name a new folder. Example: --out release-1"
        )


def _is_bank(path: Path) -> bool:
    try:
        return json.loads(path.read_text(encoding="utf-8"))["format"] == BANK_FORMAT
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _write_folder(out: Path, files: Mapping[str, str]) -> None:
    """Write the files into a folder beside ``out`` and put it in its place.

    Raises:
        ReleaseError: the place cannot be written to; what was there is still there.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}."))
        old = new.with_name(f"{new.name}.old")
        try:
            new.chmod(0o755)  # a temporary folder is its owner's alone, a release is for others
            for name, text in files.items():
                (new / name).write_text(text, encoding="utf-8", newline="\n")
            if out.exists():
                out.rename(old)
            try:
                new.rename(out)
            except OSError:
                if old.exists():
                    old.rename(out)
                raise
        finally:
            shutil.rmtree(new, ignore_errors=True)
            if out.exists():
                shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise ReleaseError(f"{out} could not be written: {error.strerror or error}. Choose another place.") from error
