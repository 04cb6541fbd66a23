"""The blueprint: what each quiz asks of its objectives, and that nothing is missing in the course."""

from __future__ import annotations

from typing import Any

import pytest

from spinemets import course
from spinemets.quiz import bank, blueprint
from spinemets.quiz.items import QuizFile

STEMS = bank.stems()


def item(id: str, objective: int, level: str = "apply", **fields: Any) -> dict[str, Any]:
    options = [{"text": "a", "correct": True, "feedback": "."}, {"text": "b", "feedback": "."}]
    common = {"type": "choice", "question": "?", "options": options, "explanation": ".", "evidence": ["x"]}
    return {"id": id, "objective": objective, "level": level, **common, **fields}


WHOLE = [
    item("a", 1, "recall", before=True),
    item("b", 1, new_setting=True),
    item("c", 2, "judge"),
    item("d", 2, new_setting=True),
    item("e", 1, **{"from": "01-a"}),
    item("f", 2, **{"from": "01-a"}),
]


def quiz(items: list[dict[str, Any]]) -> QuizFile:
    return QuizFile.model_validate({"chapter": "02-b", "title": "t", "items": items})


def test_a_whole_quiz_has_no_gap() -> None:
    assert blueprint.gaps(quiz(WHOLE), ["one", "two"]) == []


@pytest.mark.parametrize(
    ("place", "change", "gap"),
    [
        (0, {"objective": 2}, "objective 1 has 1 of at least 2 items"),
        (1, {"new_setting": False}, "objective 1 has no item in a new setting (new_setting: true)"),
        (2, {"objective": 3}, "c: there is no objective 3; the chapter has 2"),
        (0, {"level": "apply"}, "no item at level recall"),
        (2, {"level": "apply"}, "no item at level judge"),
        (4, {"from": None}, "1 of at least 2 items come from earlier chapters (from: ...)"),
        (0, {"before": False}, "no item is asked before the chapter (before: true)"),
    ],
)
def test_a_gap_is_named(place: int, change: dict[str, Any], gap: str) -> None:
    items = [{**one, **change} if i == place else one for i, one in enumerate(WHOLE)]
    assert gap in blueprint.gaps(quiz(items), ["one", "two"])


def test_what_repeats_another_chapter_does_not_serve_this_one() -> None:
    (row, _) = blueprint.rows(quiz(WHOLE), ["one", "two"])
    assert [one.id for one in row.items] == ["a", "b"]
    assert [one.id for one in row.at("recall")] == ["a"]


def test_the_first_chapter_has_nothing_to_repeat() -> None:
    own = WHOLE[:4]
    assert blueprint.gaps(quiz(own), ["one", "two"], first=True) == []
    assert blueprint.gaps(quiz(own), ["one", "two"]) != []


@pytest.mark.parametrize("stem", STEMS)
def test_the_quizzes_of_the_course_have_no_gap(stem: str) -> None:
    assert blueprint.gaps(bank.load(stem), course.objectives(stem)) == []


def test_the_page_shows_every_objective_and_every_item() -> None:
    page = blueprint.blueprint()
    for stem in STEMS:
        for row in blueprint.rows(bank.load(stem), course.objectives(stem)):
            assert f"| {row.number}. " in page
            for one in row.items:
                assert f"`{one.id}` (" in page
    assert "●" in page
    assert "○" in page
