"""Frankel's grades over every description, and what they say of walking."""

import itertools
import math
from typing import get_args

import pytest

from spinemets.clinic import frankel
from spinemets.clinic.errors import ClinicError
from spinemets.evidence import table

MOTOR, SENSATION = get_args(frankel.Motor), get_args(frankel.Sensation)


def expected(motor, sensation, sphincters):
    if motor == "none":
        return "A" if sensation == "none" else "B"
    if motor == "normal":
        return "E" if sensation == "normal" and sphincters else None
    return {"useless": "C", "useful": "D"}[motor]


@pytest.mark.parametrize("motor", MOTOR)
@pytest.mark.parametrize("sensation", SENSATION)
@pytest.mark.parametrize("sphincters", [True, False])
@pytest.mark.parametrize("walks", [None, True, False])
def test_every_description_has_its_grade_or_is_refused(motor, sensation, sphincters, walks):
    grade = expected(motor, sensation, sphincters)
    if grade is None:
        with pytest.raises(ClinicError, match="left open between D and E"):
            frankel.grade(motor, sensation, sphincters, walks)
    elif walks and grade in "ABC":
        with pytest.raises(ClinicError, match=f"walks: True .* since the Frankel grade is {grade}.*table frankel"):
            frankel.grade(motor, sensation, sphincters, walks)
    else:
        assert frankel.grade(motor, sensation, sphincters, walks) == grade


def test_every_grade_of_the_table_is_reached_and_has_words():
    assert [row["grade"] for row in table("frankel").rows] == list(frankel.GRADES)
    found = {expected(*answers) for answers in itertools.product(MOTOR, SENSATION, (True, False))}
    assert found - {None} == set(frankel.GRADES)
    assert len({frankel.meaning(grade) for grade in frankel.GRADES}) == 5


def test_more_power_or_feeling_never_lowers_the_grade():
    for sensation in SENSATION:
        grades = [expected(motor, sensation, True) for motor in MOTOR]
        grades = [grade for grade in grades if grade]
        assert grades == sorted(grades)
    for motor in MOTOR:
        grades = [grade for sensation in SENSATION if (grade := expected(motor, sensation, True))]
        assert grades == sorted(grades)


def test_what_a_grade_says_of_walking():
    assert [frankel.walking(grade) for grade in "ABCDE"] == ["impossible"] * 3 + ["possible", "not stated"]
    for grade, walks in itertools.product("ABCDE", (True, False)):
        if walks and grade in "ABC":
            with pytest.raises(ClinicError) as caught:
                frankel.with_walking(grade, walks)
            assert caught.value.argument == "walks" and f"grade is {grade}" in str(caught.value)
        else:
            assert frankel.with_walking(grade, walks) == grade


@pytest.mark.parametrize("wrong", ["", "F", "AB", None, 1, True, math.nan, []])
def test_no_such_grade(wrong):
    for call in (frankel.meaning, frankel.walking, lambda grade: frankel.with_walking(grade, False)):
        with pytest.raises(ClinicError, match="'A' or 'B'.*table frankel") as caught:
            call(wrong)
        assert caught.value.argument == "grade"


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: frankel.grade("weak", "some"), "motor"),
        (lambda: frankel.grade(None, "some"), "motor"),
        (lambda: frankel.grade("none", True), "sensation"),
        (lambda: frankel.grade("none", "some", 1), "sphincters"),
        (lambda: frankel.grade("useful", "some", True, "yes"), "walks"),
        (lambda: frankel.with_walking("D", None), "walks"),
    ],
)
def test_what_is_no_answer_is_refused(call, argument):
    with pytest.raises(ClinicError, match="is not covered") as caught:
        call()
    assert caught.value.argument == argument


def test_a_misspelt_word_is_asked_back():
    with pytest.raises(ClinicError, match=r"Did you mean 'useful'\?"):
        frankel.grade("usefull", "some")
