"""The shared checks: what is no number, no word, no object of a class and no list, whatever it is instead."""

import numpy as np
import pandas as pd
import pytest

from spinemets.clinic import inputs
from spinemets.clinic.errors import ClinicError

ARRAYS = [np.array(["yes"]), np.array(["yes", "no"]), np.array([]), ["yes"], {"yes"}]


@pytest.mark.parametrize("wrong", [10**400, -(10**400), np.array([1.0, 2.0]), pd.NA, "1", None, True], ids=repr)
def test_what_is_no_finite_number(wrong):
    for check in (inputs.number, lambda *given: inputs.whole(*given, lambda n: n >= 0)):
        with pytest.raises(ClinicError, match="^x: .* expected a number") as caught:
            check("x", wrong, "a number", "test")
        assert caught.value.argument == "x"


@pytest.mark.parametrize("wrong", [*ARRAYS, pd.NA, None, True, np.nan, "Yes"], ids=repr)
def test_what_is_none_of_the_words(wrong):
    assert not inputs.among(wrong, ("yes", "no", 1))
    with pytest.raises(ClinicError, match="^x: .* expected 'yes' or 'no'"):
        inputs.one_of("x", wrong, ("yes", "no"), "test")


def test_what_is_one_of_the_words():
    assert inputs.one_of("x", "yes", ("yes", "no"), "test") == "yes"
    assert inputs.among(12, (0.0, 12.0)) and inputs.among("a", {"a": 1})


def test_an_object_of_a_class():
    assert inputs.instance("x", "word", str, "test") == "word"
    with pytest.raises(ClinicError, match="^x: 'NoneType' .* an object of the class str"):
        inputs.instance("x", None, str, "test")


def test_several_things_are_a_tuple():
    assert inputs.several("x", np.array([1, 2]), "test") == inputs.several("x", iter([1, 2]), "test") == (1, 2)
    for one in (None, 3, np.array(3)):
        with pytest.raises(ClinicError, match="^x: .* a list or tuple"):
            inputs.several("x", one, "test")
