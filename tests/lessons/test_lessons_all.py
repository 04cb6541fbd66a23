"""Rules for every explorer of the lessons."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

from spinemets import lessons
from spinemets.explore import Explorer

EXPLORERS = {
    value.id: value
    for module in pkgutil.iter_modules(lessons.__path__)
    for value in vars(importlib.import_module(f"spinemets.lessons.{module.name}")).values()
    if isinstance(value, Explorer)
}


@pytest.mark.parametrize("explorer", EXPLORERS.values(), ids=EXPLORERS.keys())
def test_every_possible_state_is_reached_by_moving_one_control_at_a_time(explorer):
    possible = set(explorer.grid())
    sizes = [len(control.options) for control in explorer.controls.values()]
    reached, waiting = {explorer.default}, [explorer.default]
    while waiting:
        state = waiting.pop()
        for i, size in enumerate(sizes):
            for option in range(size):
                moved = (*state[:i], option, *state[i + 1 :])
                if moved in possible and moved not in reached:
                    reached.add(moved)
                    waiting.append(moved)
    assert possible - reached == set()


@pytest.mark.parametrize("explorer", EXPLORERS.values(), ids=EXPLORERS.keys())
def test_every_control_and_explorer_is_named_for_a_reader(explorer):
    assert explorer.title
    for name, control in explorer.controls.items():
        assert control.label and "_" not in control.label, name
