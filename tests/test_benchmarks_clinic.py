"""The benchmark of the clinic's functions: complete, and every call in it works."""

import importlib
import inspect
import pkgutil

import pytest
from benchmarks.clinic import BUDGET, CALLS, SLOW, milliseconds, name

from spinemets import clinic

BENEATH = {"errors", "inputs", "model", "points"}
"""What the other modules are made of; no explorer calls it."""
CHECKS = {"survival.check", "survival.period"}


def functions():
    for module in pkgutil.iter_modules(clinic.__path__):
        if module.name not in BENEATH:
            found = importlib.import_module(f"{clinic.__name__}.{module.name}")
            for attribute, value in vars(found).items():
                own = callable(value) and getattr(value, "__module__", "") == found.__name__
                if own and not inspect.isclass(value) and not attribute.startswith("_"):
                    yield name(value)


def test_each_public_function_is_timed_once():
    assert sorted(map(name, CALLS)) == sorted(set(functions()) - CHECKS)
    assert set(SLOW) <= set(CALLS)


@pytest.mark.parametrize("function", CALLS, ids=name)
def test_the_time_is_within_the_budget_or_there_is_a_reason(function):
    # The best of three: another process may take the processor for a while.
    best = min(milliseconds(function, CALLS[function], runs=3) for _ in range(3))
    assert best < BUDGET or function in SLOW
