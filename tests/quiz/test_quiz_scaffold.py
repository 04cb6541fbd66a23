"""``spinemets quiz new``: a question of each type to fill in, and a file that keeps every line it had."""

from __future__ import annotations

from pathlib import Path

import pytest

from spinemets.quiz import bank, flaws, scaffold
from spinemets.quiz.items import ITEM_TYPES

from .test_quiz_bank import SAMPLE


@pytest.mark.parametrize("type", ITEM_TYPES)
def test_a_new_question_reads_as_one(course: Path, type: str) -> None:
    path, line = scaffold.add("01-sample", "fresh", type, "marbles-drawn")
    text = path.read_text(encoding="utf-8")
    assert text.splitlines()[line - 1] == "  - id: fresh"
    quiz = bank.load("01-sample")
    assert quiz.items[-1].id == "fresh"
    assert quiz.items[-1].type == type
    assert len(quiz.exercises) == 2
    assert "WRITE" in text
    assert bank.place("01-sample", "fresh") == f"quizzes/01-sample.yml:{line}"


def test_every_other_line_stays(course: Path) -> None:
    path = course / "quizzes" / "01-sample.yml"
    path.write_text(SAMPLE.replace("items:", "items:\n  # a remark of the author", 1), encoding="utf-8")
    before = path.read_text(encoding="utf-8").splitlines()
    scaffold.add("01-sample", "fresh", "choice", "marbles-drawn")
    after = path.read_text(encoding="utf-8").splitlines()
    begin = after.index("  - id: fresh")
    added = scaffold.scaffold("choice", "fresh", "marbles-drawn").splitlines()
    assert after[begin : begin + len(added)] == added
    assert [line for line in after[:begin] + after[begin + len(added) :] if line] == [line for line in before if line]
    assert not list(path.parent.glob("*.new"))


def test_a_chapter_without_a_quiz_gets_one(course: Path) -> None:
    path, line = scaffold.add("02-other", "fresh", "choice", "marbles-drawn")
    assert (path.name, line) == ("02-other.yml", 6)
    assert [item.id for item in bank.load("02-other").items] == ["fresh"]


def test_what_cannot_be_added_changes_nothing(course: Path) -> None:
    path = course / "quizzes" / "01-sample.yml"
    before = path.read_bytes()
    with pytest.raises(bank.QuizError, match="the id 'marbles' is taken"):
        scaffold.add("01-sample", "marbles", "choice", "marbles-drawn")
    with pytest.raises(bank.QuizError, match="type 'essay' is unknown. Expected one of: choice"):
        scaffold.add("01-sample", "fresh", "essay", "marbles-drawn")
    with pytest.raises(bank.QuizError, match=r"quizzes/01-sample.yml:\d+: items.* no finding or table 'no-such'"):
        scaffold.add("01-sample", "fresh", "choice", "no-such")
    with pytest.raises(bank.QuizError, match=r"'Fresh One' does not fit.* Expected small letters, digits and hyphens"):
        scaffold.add("01-sample", "Fresh One", "choice", "marbles-drawn")
    assert path.read_bytes() == before
    with pytest.raises(bank.QuizError, match="Expected the chapter's stem"):
        scaffold.add("../elsewhere", "fresh", "choice", "marbles-drawn")
    assert not (course / "elsewhere.yml").exists()


def test_words_to_fill_in_are_no_finished_question(course: Path) -> None:
    scaffold.add("01-sample", "fresh", "choice", "marbles-drawn")
    assert [str(flaw) for flaw in flaws.flaws(bank.load("01-sample")) if flaw.item == "fresh"] == [
        "fresh: WRITE still stands where words are wanted"
    ]
