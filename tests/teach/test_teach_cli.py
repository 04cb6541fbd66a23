"""A graded quiz from the command line: released, handed in, graded, told, exported, analysed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from spinemets.cli import app
from spinemets.quiz.handin import packed
from spinemets.teach import releases

from .hand_ins import content

RUN = CliRunner()


def spinemets(*arguments: object, fails: bool = False) -> str:
    """What a command says."""
    done = RUN.invoke(app, [str(one) for one in arguments])
    assert done.exit_code == int(fails), done.output
    return done.output


@pytest.fixture
def folder(course: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, and a picture to point at for questions about places."""
    there = course.parent / "work"
    there.mkdir()
    monkeypatch.chdir(there)
    return there


def hand_in(folder: Path, student: str, **parts: object) -> None:
    (release,) = releases.every().values()
    (folder / "in").mkdir(exist_ok=True)
    (folder / "in" / f"{student}.json").write_text(packed(content(release, student, **parts)), encoding="utf-8")


def test_from_release_to_analysis(folder: Path) -> None:
    said = spinemets("release", "--graded", "01-sample", "--out", "students", "--due", "2026-12-31")
    assert "left out, since a case or a prediction tells as it is answered: guess-colour" in said
    written = {path.name for path in Path("students").iterdir()}
    assert {"README.md", "bank.json", "hand-in.ipynb", "index.html"} <= written

    hand_in(folder, "ann")
    hand_in(folder, "bob", answers={"marbles": 0})
    hand_in(folder, "cem", finished="2027-01-02T00:00:00.000Z")
    (folder / "in" / "broken.json").write_text("{", encoding="utf-8")
    said = spinemets("grade", "in")
    assert "4 files: 2 count, 0 superseded, 1 late, 1 refused; 3 students" in said
    assert "broken.json" in said
    first = Path("gradebook.csv").read_bytes()
    spinemets("grade", "in")
    assert Path("gradebook.csv").read_bytes() == first
    assert "3 count" in spinemets("grade", "in", "--late", "--out", "late.csv")

    assert "wrote 3 pages" in spinemets("feedback", "gradebook.csv")
    assert len(list(Path("feedback").glob("*.html"))) == 4
    spinemets("export", "canvas", "gradebook.csv", "--assignment", "Quiz 1", "--out", "canvas.csv")
    assert Path("canvas.csv").read_text(encoding="utf-8-sig").startswith("Student,ID,SIS User ID,SIS Login ID,Section")
    spinemets("export", "moodle", "gradebook.sqlite", "--assignment", "Quiz 1", "--out", "m.csv", "--id", "Username")
    assert "Username" in Path("m.csv").read_text(encoding="utf-8-sig")
    spinemets("analyse", "gradebook.csv")
    assert "marbles" in Path("items.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["release", "--graded", "09-none", "--out", "x"], ["no such quiz", "01-sample"]),
        (["release", "--graded", "01-sample", "--out", "x", "--due", "soon"], ["soon", "Example"]),
        (["grade", "nowhere"], ["nowhere", "no such folder"]),
        (["feedback", "none.csv"], ["none"]),
        (["analyse", "none.csv"], ["none"]),
        (
            ["export", "canvas", "g.csv", "--assignment", "a", "--out", "b", "--id", "Shoe size"],
            ["Shoe size", "SIS Login"],
        ),
    ],
)
def test_errors_are_words(folder: Path, arguments: list[str], words: list[str]) -> None:
    said = spinemets(*arguments, fails=True)
    assert "Traceback" not in said
    for part in words:
        assert part in said


def test_nothing_was_released(folder: Path) -> None:
    (folder / "in").mkdir()
    (folder / "in" / "a.json").write_text(json.dumps({}), encoding="utf-8")
    assert "Example: spinemets release" in spinemets("grade", "in", fails=True)


def test_a_question_still_to_be_written_is_not_handed_out(folder: Path, course: Path) -> None:
    path = course / "quizzes" / "01-sample.yml"
    path.write_text(path.read_text().replace("Marbles last.", "WRITE what is right."), encoding="utf-8")
    said = spinemets("release", "--graded", "01-sample", "--out", "students", fails=True)
    assert "last-marble: WRITE still stands where words are wanted" in said
    assert not Path("students").exists()


def test_a_database_that_is_not_there_is_not_begun(folder: Path) -> None:
    assert "no such gradebook" in spinemets("analyse", "sqlite:///none.sqlite", fails=True)
    assert not Path("none.sqlite").exists()
