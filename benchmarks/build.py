"""How long the main jobs take: a first build, one without changes, one after an edit, and the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

from spinemets.course import chapters, root

from .bake import seconds
from .book import scratch
from .report import MissingError, Report

REBUILD = 10
TESTS = 20
"""Minutes."""
ADDED = "\n\nA sentence that a benchmark added.\n"


def clone(target: Path) -> Path:
    """The course as a fresh clone has it, in ``target``; the environment is that of this course.

    Raises:
        MissingError: this folder is not under git.
    """
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root(),
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        raise MissingError(
            "The build is measured in a clone, so the course must be a git checkout, with git installed."
        )
    shutil.rmtree(target, ignore_errors=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (root() / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root() / name, target / name)
    return target


def build(folder: Path) -> None:
    """What ``run.py book`` does once packages are installed; run.py itself would install the clone into ``.venv``.

    Raises:
        MissingError: the build stopped.
    """
    script = shutil.which("jupyter-book", path=str(Path(sys.executable).parent))
    if script is None:
        raise MissingError("There is no jupyter-book beside this Python. Run: python run.py bench")
    environment = os.environ | {"SPINEMETS_ROOT": str(folder), "PYTHONPATH": str(folder / "src"), "NO_COLOR": "1"}
    done = subprocess.run([script, "build", "."], cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise MissingError(f"The build of {folder} stopped:\n{(done.stdout + done.stderr)[-2000:]}")


def edit_notebook(path: Path) -> None:
    """Add a sentence to the last Markdown cell."""
    notebook = nbformat.read(path, as_version=4)
    cell = [cell for cell in notebook.cells if cell.cell_type == "markdown"][-1]
    cell.source += ADDED
    nbformat.write(notebook, path)


def edit_page(path: Path) -> None:
    """Add a sentence at the end."""
    path.write_text(path.read_text(encoding="utf-8") + ADDED, encoding="utf-8")


def measure(report: Report) -> None:
    """Time builds of a clone."""
    folder = clone(scratch() / "clone")
    report.add("first build, packages installed", seconds(lambda: build(folder)), "s")
    report.add("build without changes", seconds(lambda: build(folder)), "s")
    edit_notebook(folder / chapters()[0].notebook.relative_to(root()))
    report.add("build after an edit to a chapter's prose", seconds(lambda: build(folder)), "s", REBUILD)
    edit_page(folder / "book" / "glossary.md")
    report.add("build after an edit to a page", seconds(lambda: build(folder)), "s", REBUILD)
    shutil.rmtree(folder)


def measure_tests(report: Report) -> None:
    """Time ``run.py test``."""
    script = root() / "run.py"
    failed: list[int] = []

    def run() -> None:
        failed.append(subprocess.run([sys.executable, str(script), "test"], cwd=root()).returncode)

    report.add("run.py test", seconds(run) / 60, "min", TESTS)
    if failed[0]:
        report.skip("The tests did not pass (see above), so their time may say nothing.")
