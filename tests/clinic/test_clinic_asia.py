"""The ASIA Impairment Scale over its whole space, and where it parts from Frankel."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spinemets.clinic import asia, frankel
from spinemets.clinic.errors import ClinicError
from spinemets.evidence import table

SIGNS = list(itertools.product((False, True), repeat=3))


@pytest.mark.parametrize("signs", SIGNS, ids=str)
@pytest.mark.parametrize(("strong", "muscles"), [(0, 10), (4, 10), (5, 10), (6, 10), (10, 10), (2, 5), (3, 5)])
def test_every_description_has_its_grade(signs, strong, muscles):
    feeling, contraction, motor = signs
    if not feeling and not contraction:
        grade = "A"
    elif not contraction and not motor:
        grade = "B"
    else:
        grade = "C" if strong < muscles / 2 else "D"
    assert asia.grade(*signs, strong, muscles) == grade


@given(st.integers(1, 40), st.data())
def test_at_least_half_strong_muscles_tell_d_from_c_and_one_more_never_lowers_it(muscles, data):
    strong = data.draw(st.integers(0, muscles))
    found = asia.grade(True, True, True, strong, muscles)
    assert found == ("D" if strong / muscles >= 0.5 else "C")
    if strong < muscles:
        assert asia.grade(True, True, True, strong + 1, muscles) >= found


def test_counts_do_not_matter_where_the_grade_does_not_ask_for_them():
    assert asia.grade(False, False, True, 0, 0) == "A"
    assert asia.grade(True, False, False, 0, 0) == "B"
    with pytest.raises(ClinicError, match="tell C from D"):
        asia.grade(True, False, True, 0, 0)


def test_the_grades_are_those_of_the_table_and_only_a_is_complete():
    assert [row["grade"] for row in table("asia-impairment").rows] == list(asia.GRADES)
    assert len({asia.meaning(grade) for grade in asia.GRADES}) == 5
    assert [asia.complete(grade) for grade in asia.GRADES] == [True, False, False, False, False]


def test_power_below_the_lesion_without_sacral_sparing_is_a_here_and_c_by_frankel():
    assert asia.grade(False, False, True, 1, 10) == "A"
    assert frankel.grade("useless", "some") == "C"


@pytest.mark.parametrize("wrong", [None, "yes", 1, math.nan, []])
@pytest.mark.parametrize("place", range(3))
def test_a_sign_is_true_or_false(place, wrong):
    answers = [True, True, True]
    answers[place] = wrong
    with pytest.raises(ClinicError, match="True or False .*table asia-impairment") as caught:
        asia.grade(*answers, 1, 2)
    assert caught.value.argument == ("sacral_feeling", "anal_contraction", "motor_below")[place]


@pytest.mark.parametrize(
    ("strong", "muscles", "argument"),
    [(3, 2, "strong"), (-1, 2, "strong"), (0, -1, "muscles"), (0.5, 2, "strong"), (True, 2, "strong")]
    + [(0, wrong, "muscles") for wrong in (None, math.nan, math.inf, "10", True)],
)
def test_counts_that_cannot_be(strong, muscles, argument):
    with pytest.raises(ClinicError, match="a whole number") as caught:
        asia.grade(True, True, True, strong, muscles)
    assert caught.value.argument == argument


@pytest.mark.parametrize("call", [asia.meaning, asia.complete])
@pytest.mark.parametrize("wrong", ["", "F", None, 1])
def test_no_such_grade(call, wrong):
    with pytest.raises(ClinicError, match="'A' or 'B'"):
        call(wrong)
