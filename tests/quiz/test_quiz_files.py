"""The course's own quizzes: they load, their keys cannot be guessed from their form, and every objective is asked."""

from __future__ import annotations

import gzip
import json
from collections import Counter

import pytest

from spinemets import course
from spinemets.quiz import bank, exam, exams, flaws, guessing, quiz, render, review
from spinemets.quiz.items import ITEM_TYPES, Choice, Choices
from spinemets.quiz.parts import Graded
from spinemets.quiz.static import static
from spinemets.quiz.widget import Quiz

STEMS = bank.stems()


def test_nothing_is_asked_twice_over_all_chapters() -> None:
    assert [str(flaw) for flaw in flaws.twice(bank.all_items())] == []


def test_ids_are_unique_over_all_chapters() -> None:
    assert len(bank.all_items()) >= 10 * len(STEMS)


@pytest.mark.parametrize("stem", STEMS)
def test_a_quiz_is_whole(stem: str) -> None:
    quiz = bank.load(stem)
    graded = [item for item in quiz.items if isinstance(item, Graded)]
    assert len(graded) >= 20
    assert {item.type for item in quiz.items} == set(ITEM_TYPES)
    assert quiz.exercises
    assert [str(flaw) for flaw in flaws.flaws(quiz)] == []
    assert sum(item.core for item in quiz.items) >= 5
    asked = Counter(item.objective for item in quiz.items)
    assert {objective for objective, count in asked.items() if count < 2} == set()
    assert set(asked) == set(range(1, max(asked) + 1))


@pytest.mark.parametrize("stem", STEMS)
def test_every_item_has_a_form(stem: str) -> None:
    quiz = bank.load(stem)
    for item in (*quiz.items, *quiz.exercises):
        payload = render.payload(item)
        assert payload["evidence"]
        assert static([payload])
        if isinstance(item, Choice | Choices):
            assert all(option["feedback"] for option in payload["options"])


@pytest.mark.parametrize("stem", STEMS)
def test_what_the_text_shows_is_marked_and_only_that(stem: str) -> None:
    text = (course.root() / "notebooks" / f"{stem}.ipynb").read_text(encoding="utf-8")
    for item in bank.load(stem).items:
        asked = f'question(\\"{stem}\\", \\"{item.id}\\")' in text
        assert asked == item.in_text, f"{item.id}: in_text is {item.in_text}, shown in the text: {asked}"


@pytest.mark.parametrize("one", guessing.guessed(bank.all_items()), ids=lambda one: one.strategy)
def test_a_reader_who_knows_nothing_scores_no_better_than_chance(one: guessing.Guessed) -> None:
    assert one.items >= 20 * len(STEMS)
    assert one.luck > 0.2, one
    assert one.score <= 1.2 * one.chance


@pytest.mark.parametrize("shown", [*map(quiz, STEMS), review(), *map(exam, exams.names())], ids=repr)
def test_a_widget_is_no_larger_than_an_explorer(shown: Quiz) -> None:
    text = json.dumps([shown.items, shown.cards], ensure_ascii=False)
    assert len(gzip.compress(text.encode())) <= 300_000
