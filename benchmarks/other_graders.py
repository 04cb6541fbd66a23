"""The same four questions for five students, graded by nbgrader, by Otter-Grader without Docker, and by us.

The first two execute a notebook for each student and test the variables in it; we read an answer from a file. So this
compares what grading such questions costs, not what the programs can do. Each runs as a user runs it, from a command,
its start counted. Seconds of all processors, since the time on the wall depends on what else the computer does.

nbgrader and Otter-Grader are in an environment of their own (``python -m venv X; X/bin/pip install nbgrader
otter-grader``), whose folder of programs is named by the variable ``SPINEMETS_GRADERS``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import psutil
from nbformat.v4 import new_code_cell, new_notebook, new_raw_cell

from spinemets.quiz import bank
from spinemets.quiz.asked import asked_hash, can_be_asked
from spinemets.teach import releases

from .hand_ins import course, make
from .report import MissingError, Report

STUDENTS = [f"student{number}" for number in range(5)]
QUESTIONS = {
    "choice": ("1", "assert choice == 1"),
    "number": ("75", "assert abs(number - 75) <= 0.5"),
    "order": ("[3, 1, 2, 0]", "assert order == [3, 1, 2, 0]"),
    "word": ("'marble'", "assert word.strip().lower() in ('marble', 'a marble')"),
}
"""For each a right answer and its test."""
_OURS = """
from pathlib import Path
from spinemets.teach.grade import grade
print(grade(Path("in"), Path("gradebook.csv")))
"""


def programs() -> Path:
    """Where nbgrader and Otter-Grader are.

    Raises:
        MissingError: they are not installed.
    """
    folder = Path(os.environ.get("SPINEMETS_GRADERS", "none"))
    if not (folder / "nbgrader").exists() or not (folder / "otter").exists():
        raise MissingError(
            "nbgrader and otter-grader are not there. Install them into an environment of their own "
            "and name its folder of programs: SPINEMETS_GRADERS=X/bin"
        )
    return folder


def run(folder: Path, *command: str | Path) -> float:
    """Seconds of all processors that a command took.

    Raises:
        RuntimeError: it failed.
    """
    path = f"{Path(command[0]).parent}{os.pathsep}{os.environ['PATH']}"
    before = psutil.Process().cpu_times()
    done = subprocess.run(command, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True)
    after = psutil.Process().cpu_times()
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr[-500:]}")
    return after.children_user + after.children_system - before.children_user - before.children_system


def notebook(path: Path, cells: list) -> None:
    """Write a Python notebook."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)


def _answered(path: Path, to: Path) -> None:
    """A student's notebook with the right answers."""
    found = nbformat.read(path, as_version=4)
    for cell in found.cells:
        name = cell.source.split(" ")[0]
        if cell.cell_type == "code" and name in QUESTIONS:
            cell.source = f"{name} = {QUESTIONS[name][0]}"
    to.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(found, to)


def nbgrader(bin: Path, folder: Path) -> float:
    """Seconds for all students of ``nbgrader autograde``."""
    common = {"schema_version": 3, "task": False}
    cells = []
    for name, (right, test) in QUESTIONS.items():
        asked = new_code_cell(f"{name} = None\n### BEGIN SOLUTION\n{name} = {right}\n### END SOLUTION")
        asked.metadata["nbgrader"] = {**common, "grade": False, "locked": False, "solution": True, "grade_id": name}
        tested = new_code_cell(test)
        tested.metadata["nbgrader"] = {
            **common, "grade": True, "locked": True, "solution": False, "points": 1, "grade_id": f"{name}-test"
        }  # fmt: skip
        cells += [asked, tested]
    notebook(folder / "source" / "quiz" / "quiz.ipynb", cells)
    (folder / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "course"\n')
    run(folder, bin / "nbgrader", "generate_assignment", "quiz")
    for student in STUDENTS:
        _answered(folder / "release/quiz/quiz.ipynb", folder / "submitted" / student / "quiz" / "quiz.ipynb")
    return run(folder, bin / "nbgrader", "autograde", "quiz")


def otter(bin: Path, folder: Path) -> float:
    """Seconds for all students of ``otter run``, which grades one notebook in a folder of its own."""
    cells = [new_raw_cell("# ASSIGNMENT CONFIG\nname: quiz\ninit_cell: false\nexport_cell: false\n")]
    for name, (right, test) in QUESTIONS.items():
        cells += [
            new_raw_cell(f"# BEGIN QUESTION\nname: {name}\npoints: 1\n"), new_raw_cell("# BEGIN SOLUTION"),
            new_code_cell(f"{name} = {right} # SOLUTION"), new_raw_cell("# END SOLUTION"),
            new_raw_cell("# BEGIN TESTS"), new_code_cell(test), new_raw_cell("# END TESTS"),
            new_raw_cell("# END QUESTION"),
        ]  # fmt: skip
    notebook(folder / "quiz.ipynb", cells)
    run(folder, bin / "otter", "assign", "quiz.ipynb", "dist", "--no-run-tests")
    (autograder,) = (folder / "dist" / "autograder").glob("*.zip")
    took = 0.0
    for student in STUDENTS:
        _answered(folder / "dist" / "student" / "quiz.ipynb", folder / f"{student}.ipynb")
        (folder / student).mkdir()
        took += run(folder, bin / "otter", "run", f"{student}.ipynb", "-a", autograder, "-o", student)
    return took


def ours(folder: Path) -> float:
    """Seconds for all students of our ``grade``."""
    wanted = ("choice", "number", "order", "short")
    items = [item for stem in bank.stems() for item in bank.load(stem).items if can_be_asked(item)]
    four = [next(item for item in items if item.type == type) for type in wanted]
    made = releases.release_of("Four", bank.stems(), [(item.id, asked_hash(item)) for item in four], None)
    releases.keep(made)
    make(folder / "in", len(STUDENTS), made, four)
    return run(folder, Path(sys.executable), "-c", _OURS)


def measure(report: Report) -> None:
    """Seconds of all processors for each student, of each program."""
    bin = programs()
    with tempfile.TemporaryDirectory() as name, course() as scratch:
        for grader in (nbgrader, otter):
            folder = Path(name) / grader.__name__
            folder.mkdir()
            report.add(f"{grader.__name__}, a student", grader(bin, folder) / len(STUDENTS), "s")
        report.add("ours, a student", ours(scratch) / len(STUDENTS), "s")
    report.skip("Our time is nearly all that of starting once; see hand-ins for what one more costs.")
