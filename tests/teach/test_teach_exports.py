"""The files that Canvas and Moodle import."""

from __future__ import annotations

import csv

import pytest

from spinemets.teach.exports import canvas, moodle
from spinemets.teach.grade import grade
from spinemets.teach.gradebook import GradebookError, reading

from .hand_ins import content, put


@pytest.fixture
def book(tmp_path, release):
    """A gradebook of students who count, one who was late, one whose id is a formula, and names that Canvas knows."""
    folder = tmp_path / "in"
    put(folder, "a.json", content(release, student="Ann7", name="    Points Possible", answers={"even-faces": [0]}))
    put(folder, "b.json", content(release, student="=ben", name="Ann Sample"))
    put(folder, "c.json", content(release, student="cleo", finished="2027-02-01T00:00:00Z"))
    (folder / "d.json").write_text("{")
    grade(folder, tmp_path / "gradebook.csv", workers=1, say=lambda line: None)
    with reading(tmp_path / "gradebook.csv") as connection:
        yield connection


def rows(path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def test_canvas_gets_its_own_columns_the_points_and_who_counts(book, tmp_path, release):
    assert canvas(book, release.id, "Chapter 1 (4711)", tmp_path / "canvas.csv") == 2
    assert rows(tmp_path / "canvas.csv") == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Chapter 1 (4711)"],
        ["    Points Possible", "", "", "", "", "9"],
        ["'=ben", "", "", "'=ben", "", "9"],
        ["ann7", "", "", "ann7", "", "8.5"],
    ]


def test_canvas_can_get_the_other_id(book, tmp_path, release):
    canvas(book, release.id, "Chapter 1", tmp_path / "canvas.csv", "SIS User ID")
    assert rows(tmp_path / "canvas.csv")[3] == ["ann7", "", "ann7", "", "", "8.5"]


def test_no_name_of_a_student_reaches_canvas(book, tmp_path, release):
    canvas(book, release.id, "Chapter 1", tmp_path / "canvas.csv")
    text = (tmp_path / "canvas.csv").read_text(encoding="utf-8")
    assert "Ann Sample" not in text and text.count("Points Possible") == 1


@pytest.mark.parametrize("name", ["", "  ", "Final Score", "Unposted Current Grade (1)", "Section", "Override Status"])
def test_names_that_canvas_keeps_for_itself_are_refused(book, tmp_path, release, name):
    with pytest.raises(GradebookError, match="Canvas"):
        canvas(book, release.id, name, tmp_path / "canvas.csv")
    assert not (tmp_path / "canvas.csv").exists()


@pytest.mark.parametrize("id", ["ID number", "Username", "Email address"])
def test_moodle_gets_an_id_and_a_grade_of_100(book, tmp_path, release, id):
    assert moodle(book, release.id, "Chapter 1", tmp_path / "moodle.csv", id) == 2
    assert rows(tmp_path / "moodle.csv") == [[id, "Chapter 1"], ["'=ben", "100"], ["ann7", "94.44"]]


def test_nothing_to_export_and_nowhere_to_write_are_explained(book, tmp_path, release):
    for export in (canvas, moodle):
        with pytest.raises(GradebookError, match="nothing to export"):
            export(book, "none", "Chapter 1", tmp_path / "x.csv")
        with pytest.raises(GradebookError, match="folder that you can write to"):
            export(book, release.id, "Chapter 1", tmp_path / "none" / "x.csv")


def test_the_same_gradebook_gives_the_same_bytes(book, tmp_path, release):
    for export in (canvas, moodle):
        texts = set()
        for name in ("1", "2"):
            export(book, release.id, "Chapter 1", tmp_path / name)
            texts.add((tmp_path / name).read_bytes())
        assert len(texts) == 1
