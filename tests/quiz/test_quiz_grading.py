"""Grading by table, and by what must hold for any item."""

from __future__ import annotations

import math
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spinemets.figures import places
from spinemets.quiz import grading
from spinemets.quiz.items import Calculated, Match, Number, Order, Short

from .fixtures import BAG
from .tables import CASES, HOSTILE, PICTURE, built


@pytest.fixture(autouse=True)
def picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(places.PICTURES, PICTURE, lambda: BAG)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_score_is_that_of_the_table(case: dict) -> None:
    assert grading.grade(built(case), case["answer"]) == case["score"]


@pytest.mark.parametrize("case", [case for case in CASES if "slip" in case], ids=str)
def test_the_slip_is_that_of_the_table(case: dict) -> None:
    item, answer = built(case), case["answer"]
    if isinstance(item, Short):
        slips, slip = item.slips, grading.text_slip(item, answer)
    elif isinstance(item, Calculated):
        asked = item.drawn()[answer["variant"]]
        slips, slip = asked.slips, grading.slip(asked, answer["value"])
    else:
        assert isinstance(item, Number)
        slips, slip = item.slips, grading.slip(item, answer)
    assert (None if slip is None else slips.index(slip)) == case["slip"]


@pytest.mark.parametrize(("case", "answer"), HOSTILE, ids=str)
def test_a_hostile_answer_is_refused(case: dict, answer: object) -> None:
    with pytest.raises(ValueError, match=r"expected|no option|stop at step|after the end"):
        grading.grade(built(case), answer)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=300),
    lambda inner: st.lists(inner, max_size=12) | st.dictionaries(st.sampled_from(["variant", "value", "x"]), inner),
    max_leaves=15,
)


@given(case=st.sampled_from(CASES), answer=anything)
def test_any_json_gets_a_score_or_a_refusal(case: dict, answer: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(places.PICTURES, PICTURE, lambda: BAG)
        item = built(case)
    try:
        score = grading.grade(item, answer)
    except ValueError as error:
        assert len(str(error)) < 1000
    else:
        assert 0 <= score <= 1


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


@given(steps=st.permutations("abcdef").filter(lambda steps: list(steps) != sorted(steps)), data=st.data())
def test_a_swap_of_neighbours_costs_an_order_two_pairs(steps: list[str], data: st.DataObject) -> None:
    item = built({"type": "order", "steps": steps})
    assert isinstance(item, Order)
    assert grading.order(item, item.key) == 1
    assert grading.order(item, item.key[::-1]) == 0
    at = data.draw(st.integers(0, 4))
    swapped = [*item.key]
    swapped[at], swapped[at + 1] = swapped[at + 1], swapped[at]
    assert grading.order(item, swapped) == pytest.approx(1 - 2 / 15)


def test_a_random_order_is_worth_little() -> None:
    """The mean over all 120 orders of five steps; without the floor it would be 0."""
    item = built({"type": "order", "steps": list("badce")})
    scores = [grading.order(item, order) for order in permutations(range(5))]
    assert sum(scores) / len(scores) < 0.18
    assert sum(score == 1 for score in scores) == 1


@given(
    matches=st.lists(st.sampled_from("xyz"), min_size=2, max_size=6).filter(lambda all: len(set(all)) > 1),
    data=st.data(),
)
def test_each_right_match_counts_alike(matches: list[str], data: st.DataObject) -> None:
    item = built({"type": "match", "matches": matches, "others": ["w"]})
    assert isinstance(item, Match)
    wrong = data.draw(st.sets(st.integers(0, len(matches) - 1)))
    other = item.shown.index("w")
    answer = [data.draw(st.sampled_from([None, other])) if i in wrong else place for i, place in enumerate(item.key)]
    assert grading.match(item, answer) == (len(matches) - len(wrong)) / len(matches)


@given(text=st.text(max_size=100))
def test_case_spaces_and_punctuation_of_a_short_answer_do_not_count(text: str) -> None:
    item = built({"type": "short", "accepted": ["MSCC", "cord compression"], "slips": []})
    noise = "".join(letter for letter in text if not grading.words(letter))
    assert grading.short(item, f"{noise}CORD{noise or ' '}Compression{noise}") == 1
    assert grading.short(item, f"{text} cord x") == 0


@given(score=st.floats(0, 1), hints=st.integers(0, 3))
def test_hints_cost_and_never_below_nothing(score: float, hints: int) -> None:
    left = grading.credit(score, hints)
    assert 0 <= left <= score
    assert left == pytest.approx(score * (1 - hints / 4))
    assert grading.credit(score, hints + 1) <= left


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


def test_a_text_of_a_page_is_no_short_answer() -> None:
    with pytest.raises(ValueError, match="at most 200 letters"):
        grading.short(built({"type": "short", "accepted": ["MSCC"], "slips": []}), "MSCC " * 50)


def test_answers_that_do_not_exist_are_named() -> None:
    with pytest.raises(ValueError, match="no option 3; expected 0 to 2"):
        grading.choice(built({"type": "choice", "correct": [0], "count": 3}), 3)
    with pytest.raises(ValueError, match="no option -1"):
        grading.choices(built({"type": "choices", "correct": [0], "count": 3}), [-1])
    case = built({"type": "case", "steps": [[[2, 1], [0, -1]], [[1, -1], [2, -1]]]})
    with pytest.raises(ValueError, match="stop at step 's1'"):
        grading.case(case, [0])
    with pytest.raises(ValueError, match="after the end"):
        grading.case(case, [1, 0])
