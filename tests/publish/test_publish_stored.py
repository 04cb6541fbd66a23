"""Stored outputs: there for strict nbval to compare, stable, and without traces of a kernel."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from spinemets.course import CourseError, chapters, notebooks
from spinemets.publish import stored

from .conftest import notebook

COMPARED = {"text/plain", "text/html", "text/markdown", "text/latex", "application/json"}
"""What nbval compares; it passes over pictures and widget views."""
PASSED_OVER = {"nbval-ignore-output", "nbval-skip", "raises-exception", "skip-execution"}


def faults(made: nbformat.NotebookNode) -> list[str]:
    """Why strict nbval would prove little about a notebook, or JupyterLab would show an error in a fresh clone."""
    found = []
    cells = [cell for cell in made.cells if cell.cell_type == "code"]
    if not any(cell.outputs for cell in cells):
        found.append("no stored outputs")
    if "widgets" in made.metadata:
        found.append("widget state")
    for number, cell in enumerate(cells, start=1):
        if cell.execution_count is None:
            found.append(f"code cell {number} was never run, so nbval compares nothing")
        if PASSED_OVER & set(cell.metadata.get("tags", [])) or "NBVAL_" in cell.source:
            found.append(f"code cell {number} is passed over")
        for output in cell.outputs:
            data = output.get("data", {})
            if output.output_type == "error":
                found.append(f"code cell {number} stopped")
            elif data and not COMPARED & set(data):
                found.append(f"code cell {number} has nothing that nbval compares")
            if stored.WIDGET_VIEW in data:
                found.append(f"code cell {number} has a widget view")
            if " at 0x" in data.get("text/plain", ""):
                found.append(f"code cell {number} has an address that changes")
    return found


@pytest.mark.parametrize("one", notebooks(), ids=lambda one: one.stem)
def test_strict_nbval_has_something_to_compare_in_every_notebook(one):
    made = nbformat.read(one.notebook, as_version=4)
    assert faults(made) == []
    assert sum(bool(cell.get("outputs")) for cell in made.cells) >= (10 if one in chapters() else 1)
    assert nbformat.writes(stored.stable(made)) == nbformat.writes(nbformat.read(one.notebook, as_version=4))


def output(**data: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_output("execute_result", {key.replace("_", "/"): text for key, text in data.items()})


@pytest.fixture
def good() -> nbformat.NotebookNode:
    made = notebook("# Title", "1 + 1")
    made.cells[1].update(execution_count=1, outputs=[output(text_plain="2")])
    return made


def test_a_good_notebook_has_no_fault(good):
    assert faults(good) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda nb: nb.cells[1].update(outputs=[]), "no stored outputs"),
        (lambda nb: nb.cells[1].update(execution_count=None), "code cell 1 was never run"),
        (lambda nb: nb.metadata.update(widgets={}), "widget state"),
        (lambda nb: nb.cells[1].outputs[0].data.update({stored.WIDGET_VIEW: {}}), "code cell 1 has a widget view"),
        (lambda nb: nb.cells[1].update(outputs=[output(image_png="AAAA")]), "code cell 1 has nothing that nbval"),
        (lambda nb: nb.cells[1].update(outputs=[output(text_plain="<X at 0x7f>")]), "code cell 1 has an address"),
        (lambda nb: nb.cells[1].metadata.update(tags=["nbval-ignore-output"]), "code cell 1 is passed over"),
        (lambda nb: nb.cells[1].update(source="# NBVAL_SKIP\n1"), "code cell 1 is passed over"),
        (lambda nb: nb.cells[1].update(outputs=[nbformat.v4.new_output("error")]), "code cell 1 stopped"),
    ],
)
def test_a_notebook_that_proves_little_is_noticed(good, change, fault):
    change(good)
    assert any(found.startswith(fault) for found in faults(good)), faults(good)


# --- writing them ---------------------------------------------------------------------------------------------------


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("notebooks", "evidence"):
        (tmp_path / name).mkdir()
    toc = "format: jb-book\nroot: x\nchapters:\n  - file: notebooks/01-a\n"
    (tmp_path / "_toc.yml").write_text(toc, encoding="utf-8")
    monkeypatch.setenv("SPINEMETS_ROOT", str(tmp_path))
    return tmp_path


def test_outputs_are_stored_without_widget_views_and_a_second_run_changes_nothing(course):
    path = course / "notebooks" / "01-a.ipynb"
    shows = "from spinemets.explore import *\n"
    shows += "explore(lambda n: View(Svg('<svg viewBox=\"0 0 1 1\"/>'), f'n {n}'), n=[2])"
    nbformat.write(notebook("# Title", shows, "'words'"), path)
    stored.main([])
    made = nbformat.read(path, as_version=4)
    assert faults(made) == []
    assert "n 2" in made.cells[1].outputs[0].data["text/plain"] and "image/png" in made.cells[1].outputs[0].data
    before = path.read_bytes()
    stored.main(["01-a"])
    assert path.read_bytes() == before


def test_a_cell_that_raises_leaves_the_file_as_it_was(course):
    path = course / "notebooks" / "01-a.ipynb"
    nbformat.write(notebook("# Title", "'fine'", "1 / 0"), path)
    before = path.read_bytes()
    with pytest.raises(CourseError, match=r"01-a\.ipynb: a cell raised ZeroDivisionError"):
        stored.main([])
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == ["01-a.ipynb"]


def test_notebooks_that_are_not_there_are_named(course):
    with pytest.raises(CourseError, match=r"01-a\.ipynb does not exist, but _toc\.yml lists it"):
        stored.main([])
    nbformat.write(notebook("# Title"), course / "notebooks" / "01-a.ipynb")
    with pytest.raises(CourseError, match="no notebook '02-b'; there are 01-a"):
        stored.main(["02-b"])
