"""Explorers: controls meet arguments, impossible states have reasons."""

import pytest

from spinemets.explore import Predict, Slider, Svg, View, explorer
from spinemets.explore.spec import make


def draw(road, step=1):
    return View(Svg(f'<svg viewBox="0 0 10 10"><text>{road} {step}</text></svg>'), f"{road} {step}.")


def rule(road, step):
    return True if road != "lymph" or step < 3 else "lymph was followed to step 2 only"


def build(**more):
    return make(draw, id="roads", controls={"road": ["blood", "lymph"], "step": (1, 3)}, **more)


def test_calling_takes_values_or_keys():
    roads = build()
    assert roads(road="lymph", step=2).summary == "lymph 2."
    assert roads(step="3").summary == "blood 3."


def test_the_grid_leaves_impossible_states_out_and_the_last_control_changes_fastest():
    roads = build(valid=rule)
    assert list(roads.grid()) == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)]
    assert roads.size == 6


def test_an_impossible_state_says_why():
    with pytest.raises(ValueError, match="lymph was followed to step 2 only"):
        build(valid=rule)(road="lymph", step=3)


def test_an_unknown_control_lists_the_known():
    with pytest.raises(ValueError, match=r"no control 'rode'; it has road, step"):
        build()(rode="lymph")


def test_the_start_must_be_possible():
    with pytest.raises(ValueError, match="starting state is not valid: never"):
        build(valid=lambda **_: "never")


def test_arguments_and_controls_must_match():
    with pytest.raises(TypeError, match="no argument 'speed'"):
        make(draw, id="x", controls={"road": ["a"], "step": (1, 2), "speed": (1, 2)})
    with pytest.raises(TypeError, match="argument 'road' of draw has no control"):
        make(draw, id="x", controls={})


def test_the_decorator_makes_a_library_explorer():
    @explorer("twice", title="Twice", n=Slider(0, 3))
    def twice(n):
        return View(Svg("<svg/>"), str(2 * n))

    assert twice.library
    assert twice(n=2).summary == "4"


@pytest.mark.parametrize("name", ["Roads", "1st", "a b", ""])
def test_ids_are_fit_for_links(name):
    with pytest.raises(ValueError, match="explorer id"):
        make(draw, id=name, controls={"road": ["a"], "step": (1, 2)})


def test_a_prediction_needs_an_answer_among_its_options():
    with pytest.raises(ValueError, match="not among its options"):
        Predict("Which?", "C", "Because.", ("A", "B"))
    with pytest.raises(ValueError, match="must be a number"):
        Predict("How many?", "many", "Because.")
