"""The built book as the benchmarks see it: pages, executed notebooks, explorers and their baked frames."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import nbformat
from jupyter_cache import get_cache

from spinemets.course import Chapter, chapters, root
from spinemets.explore.spec import Explorer
from spinemets.publish.execute import models

from .report import MissingError

NO_BOOK = "There is no built book, or it is older than its notebooks. Build it: python run.py book"


def scratch() -> Path:
    """Where benchmarks keep their files and results."""
    folder = root() / "_build" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def html() -> Path:
    """Folder of the built pages.

    Raises:
        MissingError: nothing was built.
    """
    folder = root() / "_build" / "html"
    if not (folder / "index.html").is_file():
        raise MissingError(NO_BOOK)
    return folder


def baked() -> Path:
    """Folder of the baked frames."""
    return root() / "_build" / "bake"


def built_chapters() -> list[Chapter]:
    """The chapters that have a page.

    Raises:
        MissingError: there is none.
    """
    found = [chapter for chapter in chapters() if (html() / "notebooks" / f"{chapter.stem}.html").is_file()]
    if not found:
        raise MissingError(NO_BOOK)
    return found


def widget_state(chapter: Chapter) -> dict[str, Any]:
    """The widget models of a chapter as its last execution left them, by id.

    Raises:
        MissingError: the notebook changed since the book was built.
    """
    cache = get_cache(str(root() / "_build" / ".jupyter_cache"))
    try:
        _, executed = cache.merge_match_into_notebook(nbformat.read(chapter.notebook, as_version=4))
    except KeyError:
        raise MissingError(NO_BOOK) from None
    return models(executed)


def explorers() -> dict[str, str]:
    """Digest of the baked frames of each explorer of the book, by the explorer's id."""
    return {
        model["state"]["spec"]["id"]: model["state"]["baked"]
        for chapter in built_chapters()
        for model in widget_state(chapter).values()
        if model["state"].get("baked")
    }


def library_explorers() -> list[Explorer]:
    """Those of the book's explorers that come from the library; others exist in their notebook only."""
    jobs = [baked() / f"{digest}.job.json" for digest in explorers().values()]
    entries = [json.loads(job.read_text(encoding="utf-8")) for job in jobs if job.is_file()]
    return [getattr(importlib.import_module(entry["module"]), entry["name"]) for entry in entries]
