"""Mixed exams: what they draw from, and what is wrong in their files."""

from __future__ import annotations

from pathlib import Path

import pytest

from spinemets import course as courses
from spinemets.quiz import bank, exams

from .examined import EXAM, add_exam


def test_the_pool_has_what_can_be_asked_and_graded(course: Path) -> None:
    add_exam(course)
    ids = [item.id for _, item in exams.pool(exams.load("small"))]
    assert {"marbles", "share-red", "last-marble"} <= set(ids)
    assert not {"guess-colour", "lost-marble", "even-faces", "try-share"} & set(
        ids
    )  # predictions, cases, repeats, tries


def test_the_widget_knows_chapters_and_objectives(course: Path) -> None:
    add_exam(course)
    made = exams.exam("small")
    first = made.items[0]
    assert (first["chapter"], first["goal"]) == ("A sample", "count marbles")
    assert made.options["questions"] == 3
    assert made.options["minutes"] == 10
    assert made.options["exam"] == "exam.small"


def test_another_question_makes_another_exam(course: Path) -> None:
    add_exam(course)
    before = exams.exam("small").options["hash"]
    assert exams.exam("small").options["hash"] == before
    path = course / "quizzes" / "01-sample.yml"
    path.write_text(path.read_text().replace("Which colour is drawn more often?", "Which is more frequent?"))
    assert exams.exam("small").options["hash"] != before


def test_an_exam_may_ask_all_there_is_and_no_more(course: Path) -> None:
    add_exam(course, EXAM)
    most = len(exams.pool(exams.load("small")))
    add_exam(course, EXAM.replace("questions: 3", f"questions: {most}"))
    assert exams.load("small").questions == most
    add_exam(course, EXAM.replace("questions: 3", f"questions: {most + 1}"))
    with pytest.raises(bank.QuizError, match=f"the chapters have {most}"):
        exams.load("small")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("questions: 3", "questions: 99", ["questions: 99 are wanted, but the chapters have", "Example: questions: "]),
        ("minutes: 10", "minutes: soon", ["minutes:", "Expected title, chapters:"]),
        ("minutes: 10", "", ["minutes: Field required"]),
        ("title: Small", "titel: Small", ["titel: Extra inputs"]),
        ("chapters: [01-sample]", "chapters: [", ["exams/small.yml"]),
        ("01-sample", "02-none", ["no such quiz. Expected one of: 01-sample"]),
    ],
)
def test_a_broken_exam_says_what_was_expected(course: Path, old: str, new: str, words: list[str]) -> None:
    add_exam(course, EXAM.replace(old, new))
    with pytest.raises(bank.QuizError) as caught:
        exams.load("small")
    for part in words:
        assert part in str(caught.value)


def test_an_exam_that_is_not_there(course: Path) -> None:
    add_exam(course)
    with pytest.raises(bank.QuizError, match=r"none.yml: no such exam. Expected one of: small"):
        exams.load("none")


@pytest.mark.parametrize("name", exams.names())
def test_the_exams_of_the_course_cover_every_objective(name: str) -> None:
    exam = exams.load(name)
    asked = {(stem, item.objective) for stem, item in exams.pool(exam)}
    for stem in exam.chapters:
        assert {(stem, number) for number in range(1, len(courses.objectives(stem)) + 1)} <= asked
    assert exam.questions >= len(asked)
