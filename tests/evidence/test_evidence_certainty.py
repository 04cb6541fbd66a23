"""The grade of certainty follows from what a finding states, by one rule."""

from itertools import product
from typing import get_args

import pytest

from spinemets.evidence.certainty import Certainty, Design, Direct, Grade, Question

ORDER = ("very low", "low", "moderate", "high")
SPINE = "breast cancer in the spine"


def graded(question="does it help", design="randomised trial", people=500, direct=SPINE, second_hand=False, **more):
    return Certainty(question=question, design=design, people=people, direct=direct, **more).grade(second_hand)


@pytest.mark.parametrize(
    ("question", "design", "grade"),
    [
        ("does it help", "randomised trial", "high"),
        ("does it help", "meta-analysis of trials", "high"),
        ("does it help", "registry", "low"),
        ("does it help", "case series", "very low"),
        ("does it harm", "cohort", "low"),
        ("how common", "registry", "high"),
        ("how common", "case series", "low"),
        ("what follows", "cohort", "moderate"),
        ("how accurate", "cross-sectional study", "moderate"),
        ("how it works", "laboratory study", "low"),
        ("how common", "laboratory study", "very low"),
        ("what is meant", "statement", "not graded"),
    ],
)
def test_a_design_starts_at_a_grade_that_depends_on_the_question(question, design, grade):
    assert graded(question, design) == grade


@pytest.mark.parametrize(
    "reason",
    [
        {"people": 99},
        {"direct": "other people or cancers"},
        {"direct": "animals or cells"},
        {"second_hand": True},
        {"lowered": ["stopped early"]},
    ],
)
def test_each_reason_lowers_by_one_step(reason):
    assert graded() == "high"
    assert graded(**reason) == "moderate"


def test_a_hundred_people_and_unknown_numbers_do_not_lower():
    assert graded(people=100) == graded(people=None) == "high"


def test_reasons_add_up_end_at_the_bottom_and_may_be_outweighed():
    assert graded(people=12, lowered=["one centre", "wide interval", "no control group"]) == "very low"
    assert graded(lowered=["stopped early"], raised=["a very large difference"]) == "high"


def test_laboratory_work_is_not_lowered_twice_for_being_laboratory_work():
    assert graded("how it works", "laboratory study", None, "animals or cells") == "low"


def test_more_reasons_never_raise_a_grade():
    for question, design, direct in product(get_args(Question), get_args(Design), get_args(Direct)):
        one = graded(question, design, 500, direct)
        assert one in get_args(Grade)
        if question == "what is meant":
            assert one == "not graded"
            continue
        worse = graded(question, design, 500, direct, lowered=["one centre"])
        assert ORDER.index(worse) == max(0, ORDER.index(one) - 1)


def test_the_sentence_names_what_the_grade_follows_from():
    one = Certainty(
        question="does it help", design="randomised trial", people=1243, direct=SPINE, lowered=["old drugs"]
    )
    said = "(randomised trial, 1,243 people; breast cancer in the spine. Lowered: old drugs)"
    assert one.words() == f"moderate on “does it help” {said}"
    assert one.words(second_hand=True).startswith("low on “does it help” (")
    assert "the original was not read" in one.words(second_hand=True)
    rule = Certainty(question="what is meant", design="statement", direct="no people")
    assert rule.words().startswith("not graded, since it is a definition")
