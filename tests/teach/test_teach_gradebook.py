"""The gradebook: databases by URL, several releases in one, the table, and cells that no spreadsheet runs."""

from __future__ import annotations

import csv
import sqlite3

import pytest
import sqlalchemy as sa

from spinemets.teach import gradebook
from spinemets.teach.grade import grade
from spinemets.teach.gradebook import GradebookError, decimal, defused, reading, students

from .hand_ins import content, put, released, table


@pytest.fixture
def folder(tmp_path, release):
    """Two hand-ins, one of them with a malformed answer."""
    put(tmp_path / "in", "a.json", content(release, answers={"marbles": "?", "even-faces": [0]}))
    put(tmp_path / "in", "b.json", content(release, student="ben", name="Ben"))
    return tmp_path / "in"


def run(folder, out, **options):
    return grade(folder, out, workers=1, say=lambda line: None, **options)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"),
        ("\t=1", "'\t'=1"), ("\rx", "'\rx"), ("\n", "'\n"),
        ("\x00", "'\x00"), (" =1", "' =1"), ("\u200b=1", "'\u200b=1"), ("\ufeff@", "'\ufeff@"),
        ("\uff1d1", "'\uff1d1"), ("\uff0b1", "'\uff0b1"), ("\uff0d1", "'\uff0d1"), ("\uff201", "'\uff201"),
        ("\ufe66", "'\ufe66"), ("\u22121", "'\u22121"),
        ("a;=1", "a;'=1"), ("a,-1", "a,'-1"), ('a"=1', "a\"'=1"), ("a\t@b", "a\t'@b"), ("a|+b", "a|'+b"),
        ("a\n=1", "a\n'=1"),
        ("", ""), ("Ann-Marie O'Neil", "Ann-Marie O'Neil"), ("a=b", "a=b"), ("ann@uni.edu", "ann@uni.edu"), ("7", "7"),
    ],
)  # fmt: skip
def test_a_cell_that_a_spreadsheet_would_run_is_defused_and_no_other(text, cell):
    assert defused(text) == cell
    assert defused(cell) == cell


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.0, "1"), (0.0, "0"), (2 / 3, "0.6667"), (10, "10"), (0.5, "0.5"), (1e-9, "0"), (100, "100"), (12.30, "12.3")],
)
def test_numbers_of_tables_have_a_point_and_no_idle_zeros(value, text):
    assert decimal(value) == text


def test_the_table_has_a_row_for_each_student_and_each_refused_file(folder, tmp_path, release):
    (folder / "c;=1.json").write_text("{")
    run(folder, tmp_path / "gradebook.csv")
    raw = (tmp_path / "gradebook.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfstudent,name,score,possible,percent,status,file,finished,problems,marbles,")
    ann, ben, refused = table(tmp_path / "gradebook.csv")
    assert (ann["student"], ann["score"], ann["possible"], ann["percent"]) == ("ann", "7.5", "9", "83.33")
    assert (ann["marbles"], ann["even-faces"], ann["share-red"], ann["status"]) == ("0", "0.5", "1", "counts")
    assert ann["problems"] == "marbles: expected the place of an option, 0 to 2, not '?'"
    assert (ben["name"], ben["percent"], ben["problems"], ben["finished"]) == (
        "Ben",
        "100",
        "",
        "2026-11-20T10:00:00.000Z",
    )
    assert refused == dict.fromkeys(refused, "") | {
        "status": "refused", "file": "c;'=1.json", "problems": "the file is not JSON"
    }  # fmt: skip


def test_the_default_database_has_the_tables_of_the_contract(folder, tmp_path, release):
    run(folder, tmp_path / "gradebook.csv")
    with sqlite3.connect(tmp_path / "gradebook.sqlite") as db:
        hand_ins = db.execute("SELECT id, file, release, student, status, score, possible FROM hand_in").fetchall()
        assert hand_ins == [
            (1, "a.json", release.id, "ann", "counts", 7.5, 9), (2, "b.json", release.id, "ben", "counts", 9, 9)
        ]  # fmt: skip
        answers = db.execute("SELECT item, score, answer, seconds, problem FROM answer WHERE hand_in = 1").fetchall()
        assert len(answers) == 9 and ("even-faces", 0.5, "[0]", 12, "") in answers
        items = db.execute("SELECT position, item, type, hash FROM item WHERE release = ?", (release.id,)).fetchall()
        assert [(item, hash) for _, item, _, hash in items] == list(release.items) and items[2][2] == "number"


def test_a_database_by_url_keeps_other_releases_and_no_row_of_an_earlier_run(folder, tmp_path, release):
    url = f"sqlite:///{tmp_path / 'all.db'}"
    other = released(title="Other")
    put(tmp_path / "in2", "x.json", content(other, student="cleo"))
    run(folder, tmp_path / "one.csv", url=url, release=release.id)
    run(tmp_path / "in2", tmp_path / "two.csv", url=url, release=other.id)
    first = (tmp_path / "one.csv").read_bytes()
    (folder / "b.json").unlink()
    run(folder, tmp_path / "one.csv", url=url, release=release.id)
    assert not (tmp_path / "one.sqlite").exists()
    with reading(url) as connection:
        assert gradebook.releases(connection) == sorted([release.id, other.id])
        assert [row.student for row in students(connection, release.id)] == ["ann"]
        assert [row.student for row in students(connection, other.id)] == ["cleo"]
        assert connection.execute(sa.select(sa.func.count()).select_from(gradebook.ANSWERS)).scalar() == 18
        assert gradebook.the_release(connection, other.id) == other.id
        for wanted in (None, "none"):
            with pytest.raises(GradebookError, match=release.id):
                gradebook.the_release(connection, wanted)
    put(folder, "b.json", content(release, student="ben", name="Ben"))
    run(folder, tmp_path / "one.csv", url=url, release=release.id)
    assert (tmp_path / "one.csv").read_bytes() == first


def test_a_run_by_url_that_is_stopped_changes_nothing(folder, tmp_path, release, monkeypatch):
    url = f"sqlite:///{tmp_path / 'all.db'}"
    run(folder, tmp_path / "one.csv", url=url)
    (folder / "b.json").unlink()
    monkeypatch.setattr(gradebook, "write_table", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        run(folder, tmp_path / "one.csv", url=url)
    with reading(url) as connection:
        assert [row.student for row in students(connection, release.id)] == ["ann", "ben"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "no database that can be reached"),
        ("sqlite:////no/such/folder/x.db", "unable to open"),
        ("nothing://user:secret@host/db", "no database that can be reached"),
    ],
)
def test_a_url_that_does_not_work_is_explained_without_its_password(folder, tmp_path, url, said):
    with pytest.raises(GradebookError, match=said) as error:
        run(folder, tmp_path / "one.csv", url=url)
    assert "secret" not in str(error.value) and not (tmp_path / "one.csv").exists()


def test_a_gradebook_that_is_none_is_explained(tmp_path):
    with pytest.raises(GradebookError, match="spinemets grade"), reading(tmp_path / "gradebook.csv"):
        pass
    with sqlite3.connect(tmp_path / "gradebook.sqlite") as db:
        db.execute("CREATE TABLE hand_in (id INTEGER)")
    with pytest.raises(GradebookError, match="no table 'answer'"), reading(tmp_path / "gradebook.csv"):
        pass
    (tmp_path / "gradebook.sqlite").write_text("no database at all, but a text that is long enough to look like a page")
    with pytest.raises(GradebookError, match="gradebook.sqlite"), reading(tmp_path / "gradebook.csv"):
        pass


def test_students_are_sorted_the_same_in_every_database_and_read_in_batches(tmp_path, release, monkeypatch):
    monkeypatch.setattr(gradebook, "BATCH", 3)
    ids = ["b", "ä", "a", "z", "é", "_", "10", "9"]
    for n, id in enumerate(ids):
        put(tmp_path / "in", f"{n}.json", content(release, student=id))
    run(tmp_path / "in", tmp_path / "gradebook.csv")
    assert [row["student"] for row in table(tmp_path / "gradebook.csv")] == sorted(ids)


def test_a_text_with_commas_quotes_and_lines_stays_one_cell(folder, tmp_path, release):
    put(folder, "d.json", content(release, student='d"1', name='Dora, "D",\nthe 2nd'))
    run(folder, tmp_path / "gradebook.csv")
    with (tmp_path / "gradebook.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert {len(row) for row in rows} == {18}
    assert ['d"1', 'Dora, "D", the 2nd'] in [row[:2] for row in rows]
