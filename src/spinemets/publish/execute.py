"""Execution of the notebooks, once for each change of anything that they show.

jupyter-cache knows a notebook by its own code cells only; here a notebook counts as executed if its cells, the
library, the evidence, the data and the quizzes are all as they were. What is executed goes into jupyter-cache, from
where myst-nb merges outputs and widget state into the page.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import time
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

from spinemets.course import CourseError, chapters, objectives, root
from spinemets.explore.jobs import project_digest

from .frames import bake

LOGGER = logging.getLogger(__name__)

AT_ONCE = 2
"""Kernels that run beside one another."""
TIMEOUT = 900
"""Seconds that one cell may take."""
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_PACKAGE = Path(__file__).parents[1]
_LIBRARIES = ("pandas", "lifelines", "anywidget", "ipywidgets", "resvg-py")


class NotebookError(Exception):
    """A notebook stopped; the message names it, the cell and the exception."""


@dataclass(frozen=True)
class Folders:
    """Where a build keeps what it executed."""

    cache: Path
    bake: Path

    @property
    def manifest(self) -> Path:
        return self.bake / "executed.json"

    @classmethod
    def of(cls, app: Sphinx) -> Folders:
        build = Path(app.outdir).parent.resolve()
        cache = getattr(app.env, "mystnb_config", None)
        path = cache.execution_cache_path if cache else ""
        return cls(Path(path or build / ".jupyter_cache"), build / "bake")


def content_digest() -> str:
    """One digest of all beneath the notebooks: library, evidence, data, front ends, quizzes, versions."""
    digest = sha256(project_digest(root()).encode())
    for name in _LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    shown = [path for path in _PACKAGE.rglob("*") if path.suffix in {".mjs", ".css"}]
    shown += [path for name in ("quiz", "teach") for path in (_PACKAGE / name).glob("*.py")]
    shown += [path for path in (_PACKAGE / "progress.py", _PACKAGE / "records.py") if path.is_file()]
    for path in sorted(path for path in shown if _PACKAGE / "publish" not in path.parents):
        digest.update(path.relative_to(_PACKAGE).as_posix().encode() + path.read_bytes())
    for path in sorted([*root().glob("quizzes/*.yml"), *root().glob("exams/*.yml")]):
        digest.update(path.name.encode() + path.read_bytes())
    for chapter in chapters():
        digest.update(f"{chapter.title} {_aims(chapter.stem)}\n".encode())  # the review names them
    return digest.hexdigest()


def _aims(stem: str) -> tuple[str, ...]:
    try:
        return objectives(stem)
    except CourseError:
        return ()


def notebook_digest(notebook: nbformat.NotebookNode, content: str) -> str:
    """What decides whether a notebook must run again: its code cells, with their tags, and ``content``."""
    cells = [(cell.source, cell.metadata) for cell in notebook.cells if cell.cell_type == "code"]
    return sha256(json.dumps([content, cells], sort_keys=True).encode()).hexdigest()


def refresh(notebooks: dict[str, Path], folders: Folders) -> list[str]:
    """Execute the notebooks that changed; return their names.

    Args:
        notebooks: name of the page -> file.

    Raises:
        NotebookError: one or more stopped; those that ran through are kept.
    """
    known = _read_manifest(folders)
    content = content_digest()
    cache = get_cache(str(folders.cache))
    stale: dict[str, tuple[nbformat.NotebookNode, str]] = {}
    for name, path in notebooks.items():
        notebook = nbformat.read(path, as_version=4)
        digest = notebook_digest(notebook, content)
        entry = known.get(name, {})
        kept = all(_drawable(folders.bake, frames) for frames in entry.get("frames", []))
        if entry.get("digest") != digest or not kept or not _cached(cache, notebook):
            stale[name] = (notebook, digest)
    done, problems = asyncio.run(
        _execute_all({name: (notebooks[name], nb) for name, (nb, _) in stale.items()}, folders)
    )
    for name, notebook in done.items():
        bundle = CacheBundleIn(notebook, str(notebooks[name]), data={})
        cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
        known[name] = {"digest": stale[name][1], "frames": baked(notebook)}
    for name in problems:
        known.pop(name, None)
    _write_manifest(folders, {name: entry for name, entry in known.items() if name in notebooks})
    if problems:
        raise NotebookError("\n\n".join(problems.values()))
    return sorted(done)


def _cached(cache: Any, notebook: nbformat.NotebookNode) -> bool:
    try:
        cache.match_cache_notebook(notebook)
    except KeyError:
        return False
    return True


def _drawable(folder: Path, digest: str) -> bool:
    """Whether these frames are there or can be baked without the notebook's kernel."""
    return (folder / f"{digest}.frames").is_file() or (folder / f"{digest}.job.json").is_file()


def wanted_frames(folders: Folders) -> list[str]:
    """Digests of the frames that the executed notebooks show."""
    return sorted({digest for entry in _read_manifest(folders).values() for digest in entry["frames"]})


def _read_manifest(folders: Folders) -> dict[str, Any]:
    try:
        return json.loads(folders.manifest.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):  # none yet, or a build was killed: execute again
        return {}


def _write_manifest(folders: Folders, entries: dict[str, Any]) -> None:
    folders.bake.mkdir(parents=True, exist_ok=True)
    new = folders.manifest.with_suffix(".new")
    new.write_text(json.dumps(entries, indent=1, sort_keys=True), encoding="utf-8")
    new.replace(folders.manifest)


def baked(notebook: nbformat.NotebookNode) -> list[str]:
    """Digests of the frames that the widgets of an executed notebook wait for."""
    return sorted({model["state"]["baked"] for model in models(notebook).values() if model["state"].get("baked")})


def models(notebook: nbformat.NotebookNode) -> dict[str, Any]:
    """The widget models that an executed notebook carries, by id."""
    return notebook.metadata.get("widgets", {}).get(WIDGET_STATE, {}).get("state", {})


async def _execute_all(
    stale: dict[str, tuple[Path, nbformat.NotebookNode]], folders: Folders
) -> tuple[dict[str, nbformat.NotebookNode], dict[str, str]]:
    turns = asyncio.Semaphore(AT_ONCE)
    done: dict[str, nbformat.NotebookNode] = {}
    problems: dict[str, str] = {}

    async def run(name: str, path: Path, notebook: nbformat.NotebookNode) -> None:
        async with turns:
            LOGGER.info("executing %s", name)
            start = time.monotonic()
            try:
                done[name] = await execute(path, notebook, folders.bake)
            except NotebookError as error:
                problems[name] = str(error)
                LOGGER.info("%s stopped after %.0f s", name, time.monotonic() - start)
            else:
                LOGGER.info("executed %s in %.0f s", name, time.monotonic() - start)

    await asyncio.gather(*(run(name, path, notebook) for name, (path, notebook) in stale.items()))
    return done, problems


async def execute(path: Path, notebook: nbformat.NotebookNode, bake: Path) -> nbformat.NotebookNode:
    """Run one notebook in its folder, with widgets that leave their frames in ``bake``.

    Raises:
        NotebookError: a cell raised, took too long, or the kernel died.
    """
    bake.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "SPINEMETS_BAKE": str(bake.resolve()),
        "SPINEMETS_ROOT": str(root()),
        "PYTHONHASHSEED": "0",
    }
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        record_timing=False,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        await client.async_execute(env=environment)
    except CellExecutionError as error:
        trace = "\n".join(_ANSI.sub("", error.traceback).strip().splitlines()[-15:])
        raise NotebookError(f"{_place(path, notebook)} raised {error.ename}: {error.evalue}\n\n{trace}") from None
    except CellTimeoutError:
        raise NotebookError(f"{_place(path, notebook)} took longer than {TIMEOUT} s.") from None
    except DeadKernelError:
        raise NotebookError(f"{_place(path, notebook)} ended the kernel (often: out of memory).") from None
    return stable_ids(notebook)


def _place(path: Path, notebook: nbformat.NotebookNode) -> str:
    """The notebook and the cell that stopped it, counted as JupyterLab counts cells from the top."""
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code" and any(output.output_type == "error" for output in cell.outputs):
            first = cell.source.strip().splitlines()[:1]
            return f"{path.name}, cell {number} ({first[0] if first else 'empty'})"
    running = [n for n, cell in enumerate(notebook.cells, start=1) if cell.get("execution_count")]
    return f"{path.name}, after cell {running[-1] if running else 0}"


def stable_ids(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with widget ids counted in the order of their making, so that two builds give the same page."""
    text = nbformat.writes(notebook)
    numbers = {old: f"{new:032x}" for new, old in enumerate(models(notebook))}
    if not numbers:
        return notebook
    return nbformat.reads(re.sub("|".join(numbers), lambda match: numbers[match[0]], text), as_version=4)


def _refresh_pages(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    if app.builder.format != "html":
        return []
    os.environ["SPINEMETS_ROOT"] = str(app.srcdir)
    files = {name: Path(env.doc2path(name)) for name in env.found_docs}
    notebooks = {name: path for name, path in sorted(files.items()) if path.suffix == ".ipynb"}
    folders = Folders.of(app)
    try:
        executed = refresh(notebooks, folders)
        bake(folders.bake)
    except NotebookError as error:
        raise ExtensionError(str(error)) from None
    return executed


def connect(app: Sphinx) -> None:
    """Execute before Sphinx decides which pages to read again; the executed ones are among them."""
    app.connect("env-get-outdated", _refresh_pages, priority=100)
