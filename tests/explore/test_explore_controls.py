"""Controls: what the abbreviations mean, and what is said when one is not understood."""

import pytest

from spinemets.explore import Choice, Slider, Toggle
from spinemets.explore.controls import control


def values(built):
    return [option.value for option in built.options]


@pytest.mark.parametrize(
    ("abbreviation", "kind", "expected"),
    [
        ((1, 4), "slider", [1, 2, 3, 4]),
        ((0, 10, 5), "slider", [0, 5, 10]),
        ((0.0, 0.3, 0.1), "slider", [0.0, 0.1, 0.2, 0.3]),
        (["a", "b"], "choice", ["a", "b"]),
        ({"First": 1, "Second": 2}, "choice", [1, 2]),
        ([("First", 1), ("Second", 2)], "choice", [1, 2]),
        (True, "toggle", [False, True]),
    ],
)
def test_abbreviations_of_interact(abbreviation, kind, expected):
    built = control("some_name", abbreviation)
    assert (built.kind, values(built), built.label) == (kind, expected, "some name")


def test_a_bool_starts_where_it_says():
    assert control("x", True).default == 1
    assert control("x", False).default == 0


@pytest.mark.parametrize("nonsense", ["text", 3, None, object()])
def test_an_unknown_abbreviation_lists_the_known_ones(nonsense):
    with pytest.raises(TypeError, match=r"control size: .* expected \(low, high\)"):
        control("size", nonsense)


def test_slider_labels_carry_unit_and_format():
    slider = Slider(0, 1, 0.25, value=0.5, unit="mm", format=".2f")
    assert [option.label for option in slider.options] == ["0.00 mm", "0.25 mm", "0.50 mm", "0.75 mm", "1.00 mm"]
    assert slider.default == 2


@pytest.mark.parametrize(("low", "high", "step"), [(0, 10, 3), (0, 10, 0), (5, 1, 1), (0, 1, -1)])
def test_slider_steps_must_lead_to_the_end(low, high, step):
    with pytest.raises(ValueError, match="do not lead"):
        Slider(low, high, step)


def test_slider_start_must_be_a_step():
    with pytest.raises(ValueError, match="start 7"):
        Slider(0, 10, 5, value=7)


def test_choice_refuses_two_options_with_one_key():
    with pytest.raises(ValueError, match="share the key 'a-b'"):
        Choice(["A b", "a-B"])


def test_choice_refuses_to_start_on_a_sensitive_option():
    with pytest.raises(ValueError, match="sensitive"):
        Choice(["survival", "pain"], sensitive=["survival"])


def test_choice_refuses_nothing():
    with pytest.raises(ValueError, match="no options"):
        Choice([])


def test_index_takes_values_and_keys_and_keeps_true_apart_from_one():
    assert Choice({"ER positive": "er"}).index("er") == 0
    assert Choice({"ER positive": "er"}).index("er-positive") == 0
    assert Slider(0, 3).index("2") == 2
    assert Toggle().index(True) == 1
    assert Toggle().index("yes") == 1
    with pytest.raises(ValueError, match="no option"):
        Slider(0, 3).index(True)
    with pytest.raises(ValueError, match="expected one of 0, 1, 2, 3"):
        Slider(0, 3).index(9)
