"""Checks of what a function is given: a number, one of some words, an object of a class. Each raises ClinicError."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable
from numbers import Integral, Real
from typing import Any, TypeVar

from .errors import ClinicError

T = TypeVar("T")


def number(
    argument: str, value: object, allowed: str, source: str, holds: Callable[[float], bool] = math.isfinite
) -> float:
    """The value as a float, if it is a finite number for which ``holds`` is true; a truth value is no number.

    Raises:
        ClinicError: anything else.
    """
    try:
        found = math.nan if isinstance(value, bool) or not isinstance(value, Real) else float(value)
    except OverflowError:  # an integer above every float
        found = math.inf
    if not math.isfinite(found) or not holds(found):
        raise ClinicError(argument, value, allowed, source)
    return found


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
    if not among(value, allowed):
        raise ClinicError(argument, value, " or ".join(map(repr, allowed)), source)
    return value


def among(value: object, allowed: Collection[object]) -> bool:
    """Whether a value is one of those allowed; what has no hash, such as an array, is none, nor is a truth value."""
    try:
        return not isinstance(value, bool) and value in set(allowed)
    except TypeError:
        return False


def instance(argument: str, value: object, kind: type[T], source: str) -> T:
    """The value, if it is an object of this class.

    Raises:
        ClinicError: anything else; it names the class of what was given, which may be long to print.
    """
    if not isinstance(value, kind):
        raise ClinicError(argument, type(value).__name__, f"an object of the class {kind.__name__}", source)
    return value


def several(argument: str, value: Iterable[Any], source: str) -> tuple[Any, ...]:
    """The value as a tuple, if it is a list, tuple, array or the like.

    Raises:
        ClinicError: anything that cannot be gone through one by one, such as a number or None.
    """
    try:
        return tuple(value)
    except TypeError:
        raise ClinicError(argument, value, "a list or tuple", source) from None


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
