"""What is mastered, and how often "sure" was right."""

from __future__ import annotations

from typing import Any

import pytest

from spinemets.quiz.answered import Question
from spinemets.quiz.mastery import Tally, by_chapter, by_month, mastery
from tests.quiz.reviews import TODAY, attempt, entry, on

TWO = [Question("a", "01-x", 1, "choice"), Question("b", "01-x", 1, "case")]


def first(*records: dict[str, Any]) -> Any:
    return mastery(records, TWO, TODAY)["01-x", 1]


def test_both_questions_right_on_two_days_is_mastered() -> None:
    found = first(entry("a", on("2026-11-01")), entry("b", on("2026-11-02", sure="sure")))
    assert found.mastered and (found.questions, found.answered, found.held, found.days) == (2, 2, 2, 2)


@pytest.mark.parametrize(
    "records",
    [
        [],
        [entry("a", on("2026-11-01"), on("2026-11-02"))],
        [entry("a", on("2026-11-01")), entry("b", on("2026-11-01"))],
        [entry("a", on("2026-11-01")), entry("b", on("2026-11-02", 0.75))],
        [entry("a", on("2026-11-01")), entry("b", on("2026-11-02", sure="guess"))],
        [entry("a", on("2026-11-01")), entry("b", on("2026-11-02"), on("2026-11-03", 0))],
        [entry("a", on("2026-11-01")), entry("b", on("2026-11-24"))],
        [entry("a", on("2026-11-01")), entry("b", on("2026-11-02", before=True))],
        [entry("a", on("2026-11-01")), entry("b", on("2026-11-02", 0), attempt("2026-11-02T13:00:00.000Z"))],
    ],
    ids=[
        "nothing",
        "one question",
        "one day",
        "partly",
        "a guess",
        "newest wrong",
        "future",
        "before",
        "right at once",
    ],
)
def test_less_is_not_mastered(records: list[dict[str, Any]]) -> None:
    assert not first(*records).mastered


def test_wrong_then_right_on_a_later_day_is_mastered() -> None:
    assert first(entry("a", on("2026-11-01", 0), on("2026-11-02")), entry("b", on("2026-11-02"))).mastered


def test_objectives_stand_in_the_order_of_the_course() -> None:
    asked = [Question("a", "02-y", 3, "choice"), Question("b", "02-y", 1, "choice"), Question("c", "01-x", 2, "choice")]
    assert list(mastery([], asked, TODAY)) == [("02-y", 1), ("02-y", 3), ("01-x", 2)]


def test_a_question_that_repeats_an_earlier_chapter_has_no_objective() -> None:
    assert mastery([], [*TWO, Question("c", "01-x", None, "choice")], TODAY)["01-x", 1].questions == 2


@pytest.mark.parametrize(
    ("score", "hints", "right"),
    [
        (1, 0, True),
        (0.75, 1, True),
        (0.75, 0, False),
        (0.5, 1, False),
        (0, 4, False),
        (1, None, False),
        (1, True, False),
    ],
)
def test_a_right_answer_after_a_hint_was_right(score: float, hints: Any, right: bool) -> None:
    records = [entry("a", on("2026-11-01", score, hints=hints, sure="sure"))]
    assert by_chapter(records, TWO, TODAY)["01-x"]["sure"] == Tally(1, int(right))


def test_how_often_sure_was_right() -> None:
    asked = [*TWO, Question("c", "02-y", 1, "choice")]
    records = [
        entry("a", on("2026-10-31", sure="sure"), attempt("2026-10-31T13:00:00.000Z", 0, sure="sure")),
        entry("b", on("2026-11-01", 0.75, sure="sure"), on("2026-11-03", sure="guess"), on("2026-11-04")),
        entry("c", on("2026-11-02", 0, sure="certain"), on("2026-11-05", sure="fairly sure")),
        entry("unknown", on("2026-11-02", sure="sure")),
    ]
    none, one = Tally(0, 0), Tally(1, 1)
    assert by_chapter(records, asked, TODAY) == {
        "01-x": {"guess": one, "fairly sure": none, "sure": Tally(2, 1)},
        "02-y": {"guess": none, "fairly sure": one, "sure": none},
    }
    assert by_month(records, asked, TODAY) == {
        "2026-10": {"guess": none, "fairly sure": none, "sure": one},
        "2026-11": {"guess": one, "fairly sure": one, "sure": Tally(1, 0)},
    }
    assert by_chapter([], asked, TODAY) == {}
