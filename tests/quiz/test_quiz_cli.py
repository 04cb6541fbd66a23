"""The commands ``spinemets check``, which reads the quizzes too, and ``spinemets quiz``."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from spinemets import cli
from spinemets.quiz import bank


def test_check_names_file_line_and_example_of_a_broken_item(monkeypatch: pytest.MonkeyPatch) -> None:
    stem = bank.stems()[0]
    path = bank.course.root() / "quizzes" / f"{stem}.yml"
    broken = path.read_text(encoding="utf-8").replace("type: choice\n", "type: chioce\n", 1)
    line = broken[: broken.index("type: chioce")].count("\n") + 1

    def load(wanted: str) -> object:
        return bank.parse(broken, path) if wanted == stem else None

    monkeypatch.setattr(bank, "load", load)
    monkeypatch.setattr(cli.links, "check", list)
    result = CliRunner().invoke(cli.app, ["check"])
    assert result.exit_code == 1
    assert f"quizzes/{stem}.yml:{line}" in result.output
    assert "Example: type: choice" in result.output
    assert "1 problem\n" in result.output


def test_a_quiz_without_a_chapter_is_checked_for_its_questions_alone(course: Path) -> None:
    run = CliRunner()
    made = run.invoke(cli.app, ["quiz", "new", "20-graded", "fresh", "--evidence", "marbles-drawn"])
    assert made.output.startswith("wrote quizzes/20-graded.yml:6\n")
    checked = run.invoke(cli.app, ["quiz", "check", "20-graded"])
    assert checked.exit_code == 1
    assert checked.output.splitlines()[0] == "quizzes/20-graded.yml:6: fresh: WRITE still stands where words are wanted"
    assert "1 problem\n" in checked.output


def test_a_question_that_another_chapter_asks_is_named_with_its_line(course: Path) -> None:
    text = (course / "quizzes" / "01-sample.yml").read_text(encoding="utf-8")
    first = text[: text.index("  - id: even-faces")]
    again = first.replace("chapter: 01-sample", "chapter: 02-more").replace("id: marbles", "id: marbles-again")
    (course / "quizzes" / "02-more.yml").write_text(again, encoding="utf-8")
    said = CliRunner().invoke(cli.app, ["quiz", "check"]).output
    assert "quizzes/02-more.yml:4: marbles-again: asks what marbles asks" in said
    assert "asks what" not in CliRunner().invoke(cli.app, ["quiz", "check", "02-more"]).output
