"""Checks of what a function is given: a number, a whole number, one of some words. Each raises ClinicError."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from numbers import Integral, Real

from .errors import ClinicError


def number(
    argument: str, value: object, allowed: str, source: str, holds: Callable[[float], bool] = math.isfinite
) -> float:
    """The value as a float, if it is a finite number for which ``holds`` is true; a truth value is no number.

    Raises:
        ClinicError: anything else.
    """
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value) or not holds(float(value)):
        raise ClinicError(argument, value, allowed, source)
    return float(value)


def whole(argument: str, value: object, allowed: str, source: str, holds: Callable[[float], bool]) -> int:
    """The value as an int, if it is a whole number (``3`` or ``3.0``) for which ``holds`` is true.

    Raises:
        ClinicError: anything else.
    """
    found = number(argument, value, allowed, source, holds)
    if not isinstance(value, Integral) and not found.is_integer():
        raise ClinicError(argument, value, allowed, source)
    return int(found)


def one_of(argument: str, value: str, allowed: Collection[str], source: str) -> str:
    """The value, if it is one of those allowed.

    Raises:
        ClinicError: anything else.
    """
    try:
        known = not isinstance(value, bool) and value in allowed
    except TypeError:  # what has no hash
        known = False
    if not known:
        raise ClinicError(argument, value, " or ".join(map(repr, allowed)), source)
    return value


def truth(argument: str, value: object, source: str) -> bool:
    """The value, if it is True or False; 1, 0 and words are not.

    Raises:
        ClinicError: anything else.
    """
    if not isinstance(value, bool):
        raise ClinicError(argument, value, "True or False", source)
    return value


def probability(argument: str, value: object) -> float:
    """A probability or share from 0 to 1."""
    return number(argument, value, "a probability from 0 to 1", "probability", lambda p: 0 <= p <= 1)


def seed(value: object) -> int:
    """The seed of a simulation: the same seed gives the same run."""
    return whole("seed", value, "a whole number, 0 or more", "a seed of random numbers", lambda n: n >= 0)
