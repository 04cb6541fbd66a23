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
