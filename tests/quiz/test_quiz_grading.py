"""Grading by table, and by what must hold for any item."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spinemets.quiz import grading
from spinemets.quiz.items import Case, Choice, Choices, Number

from .tables import CASES, built


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_score_is_that_of_the_table(case: dict) -> None:
    item, answer = built(case), case["answer"]
    if isinstance(item, Choice):
        score = grading.choice(item, answer)
    elif isinstance(item, Choices):
        score = grading.choices(item, answer)
    elif isinstance(item, Case):
        score = grading.case(item, answer)
    else:
        assert isinstance(item, Number)
        score = grading.number(item.answer, item.tolerance, answer)
        slip = grading.hint(item, answer)
        assert (None if slip is None else item.hints.index(slip)) == case["hint"]
    assert score == case["score"]


picks = st.sets(st.integers(0, 4))


@given(correct=picks.filter(bool), picked=picks)
def test_partial_credit(correct: set[int], picked: set[int]) -> None:
    item = built({"type": "choices", "correct": sorted(correct), "count": 5})
    score = grading.choices(item, picked)
    assert 0 <= score <= 1
    assert (score == 1) == (picked == correct)
    for wrong in set(range(5)) - correct - picked:
        assert grading.choices(item, picked | {wrong}) <= score
    for right in correct - picked:
        assert grading.choices(item, picked | {right}) >= score


finite = st.floats(-1e9, 1e9)


@given(answer=finite, tolerance=st.floats(0, 1e6), given_=finite)
def test_a_number_is_right_within_its_tolerance(answer: float, tolerance: float, given_: float) -> None:
    distance = abs(given_ - answer)
    slack = 2 * grading.ROUNDING * max(1, abs(answer))
    if distance <= tolerance:
        assert grading.number(answer, tolerance, given_) == 1
    elif distance > tolerance + slack:
        assert grading.number(answer, tolerance, given_) == 0


def test_what_is_no_number_is_never_right() -> None:
    assert grading.number(1, 10, math.nan) == 0
    assert grading.number(1, math.inf, math.inf) == 0


def test_answers_that_do_not_exist() -> None:
    with pytest.raises(ValueError, match="no option 3; expected 0 to 2"):
        grading.choice(built({"type": "choice", "correct": [0], "count": 3}), 3)
    with pytest.raises(ValueError, match="no option -1"):
        grading.choices(built({"type": "choices", "correct": [0], "count": 3}), [-1])
    case = built({"type": "case", "steps": [[[2, 1], [0, -1]], [[1, -1], [2, -1]]]})
    with pytest.raises(ValueError, match="stop at step 's1'"):
        grading.case(case, [0])
    with pytest.raises(ValueError, match="after the end"):
        grading.case(case, [1, 0])
