"""Notebooks run again when anything beneath them changed, and only then."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from spinemets.publish.execute import Folders, NotebookError, baked, refresh, stable_ids, wanted_frames

from .conftest import notebook

EXPLORER = 'from spinemets.explore import *\nexplore(lambda n: View(Svg(\'<svg viewBox="0 0 1 1"/>\'), "x"), n=(1, 3))'


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("notebooks", "evidence", "quizzes", "data"):
        (tmp_path / name).mkdir()
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: x\n", encoding="utf-8")
    (tmp_path / "evidence" / "05-x.yml").write_text("findings: []\n", encoding="utf-8")
    monkeypatch.setenv("SPINEMETS_ROOT", str(tmp_path))
    return tmp_path


def write(course: Path, name: str, *cells: str) -> Path:
    path = course / "notebooks" / f"{name}.ipynb"
    nbformat.write(notebook(*cells), path)
    return path


def run(course: Path) -> list[str]:
    folders = Folders(course / "_build" / ".jupyter_cache", course / "_build" / "bake")
    return refresh({path.stem: path for path in (course / "notebooks").glob("*.ipynb")}, folders)


def test_a_second_build_runs_nothing_and_each_kind_of_change_runs_what_it_touches(course):
    write(course, "a", "# Title", "1 + 1")
    write(course, "b", "# Title", "2 + 2")
    assert run(course) == ["a", "b"]
    assert run(course) == []
    write(course, "a", "# Another title and other prose", "1 + 1")
    assert run(course) == [], "prose is not executed"
    write(course, "a", "# Title", "1 + 2")
    assert run(course) == ["a"]
    edited = nbformat.read(course / "notebooks" / "b.ipynb", as_version=4)
    edited.cells[1].metadata["tags"] = ["hide-input"]
    nbformat.write(edited, course / "notebooks" / "b.ipynb")
    assert run(course) == ["b"], "myst-nb takes a cell's tags from what was executed"
    (course / "evidence" / "05-x.yml").write_text("findings: [new]\n", encoding="utf-8")
    assert run(course) == ["a", "b"]
    (course / "data" / "patients.csv").write_text("id\n1\n", encoding="utf-8")
    assert run(course) == ["a", "b"]
    (course / "quizzes" / "05-x.yml").write_text("items: []\n", encoding="utf-8")
    assert run(course) == ["a", "b"]


def test_lost_frames_and_a_damaged_manifest_mean_running_again(course):
    write(course, "a", EXPLORER)
    folders = Folders(course / "_build" / ".jupyter_cache", course / "_build" / "bake")
    assert run(course) == ["a"]
    [digest] = wanted_frames(folders)
    (folders.bake / f"{digest}.frames").unlink()
    assert run(course) == ["a"]
    folders.manifest.write_text('{"a": {"dig', encoding="utf-8")
    assert run(course) == ["a"]
    assert run(course) == []


def test_an_error_names_notebook_cell_and_exception_and_loses_nothing(course):
    write(course, "good", "1 + 1")
    write(course, "wrong", "# Title", "x = 0", "1 / x")
    with pytest.raises(NotebookError) as error:
        run(course)
    assert "wrong.ipynb, cell 3 (1 / x) raised ZeroDivisionError: division by zero" in str(error.value)
    assert "\x1b" not in str(error.value)
    write(course, "wrong", "# Title", "x = 0", "1 + x")
    assert run(course) == ["wrong"], "the good one was kept"


def test_widget_ids_are_the_same_in_every_build():
    made = notebook("1")
    state = {"f00dcafe": {"state": {"baked": "d2"}}, "deadbeef": {"state": {"child": "IPY_MODEL_f00dcafe"}}}
    made.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": state}}
    text = nbformat.writes(stable_ids(made))
    assert "f00dcafe" not in text and "deadbeef" not in text
    assert f"IPY_MODEL_{0:032x}" in text
    assert baked(made) == ["d2"]
