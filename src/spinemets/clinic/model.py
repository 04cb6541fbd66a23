"""What the small models of biology share: checked numbers, parameters that say where they come from, one step in time.

A model here is synthetic: it follows from stated assumptions and is not fitted to people unless its parameter names a
finding. Equations, assumptions and parameters are data, so that an explorer can show them beside its curves.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import field, fields
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import inputs
from .errors import ClinicError

SOURCE = "model of this course"
ASSUMED = "assumed"

State = tuple[float, ...]


class Equation(NamedTuple):
    """One line of a model: TeX without dollars, and what it says in words."""

    tex: str
    says: str


class Parameter(NamedTuple):
    """One constant of a model. ``origin`` is ``"assumed"`` or the id of a finding."""

    name: str
    symbol: str
    meaning: str
    value: float
    unit: str
    least: float
    most: float
    origin: str


def parameter(
    value: float, symbol: str, meaning: str, unit: str, least: float, most: float, origin: str = ASSUMED
) -> Any:
    """A field of a model's dataclass with its default, unit, allowed range and origin; ``symbol`` is TeX."""
    return field(default=value, metadata={"parameter": (symbol, meaning, value, unit, least, most, origin)})


class Parameters:
    """Base of the dataclasses whose fields are made by :func:`parameter`.

    Raises:
        ClinicError: on creation, a value outside the range of its parameter.
    """

    def __post_init__(self) -> None:
        for one in self.parameters():
            checked(one.name, getattr(self, one.name), one.least, one.most)

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        """The parameters with their default values, in the order of the class."""
        return tuple(Parameter(one.name, *one.metadata["parameter"]) for one in fields(cls))  # type: ignore[arg-type]


def checked(argument: str, value: float, least: float, most: float, source: str = SOURCE) -> float:
    """The value, if it is a number from ``least`` to ``most``, both included (and infinite only if ``most`` is).

    Raises:
        ClinicError: anything else: no number, not a number (NaN), or outside.
    """
    if isinstance(value, float) and value == most == math.inf:
        return value
    return inputs.number(argument, value, _range(least, most), source, lambda x: least <= x <= most)


def times(argument: str, value: ArrayLike, most: float) -> NDArray[np.float64]:
    """A time or an array of times as floats, if each is a number from 0 to ``most``.

    Raises:
        ClinicError: anything else.
    """
    try:
        found = np.asarray(value)
    except ValueError:  # rows of unequal length
        found = np.array([])
    if found.size == 0 or found.dtype.kind not in "iuf":
        raise ClinicError(argument, value, f"numbers from 0 to {most:g}", SOURCE)
    for time in (found.min(), found.max()):
        checked(argument, float(time), 0, most)
    return found.astype(float)


def whole(argument: str, value: float, least: int, most: int, source: str = SOURCE) -> int:
    """The value as an ``int``, if it is a whole number from ``least`` to ``most``.

    Raises:
        ClinicError: anything else.
    """
    allowed = f"a whole number from {least:g} to {most:g}"
    return inputs.whole(argument, value, allowed, source, lambda x: least <= x <= most)


def rk4(slope: Callable[[State], State], state: State, step: float) -> State:
    """The state one step later, by the classical method of Runge and Kutta (error of fourth order)."""
    half = step / 2
    first = slope(state)
    second = slope(tuple([x + half * k for x, k in zip(state, first, strict=True)]))
    third = slope(tuple([x + half * k for x, k in zip(state, second, strict=True)]))
    fourth = slope(tuple([x + step * k for x, k in zip(state, third, strict=True)]))
    return tuple(
        [
            x + step / 6 * (a + 2 * b + 2 * c + d)
            for x, a, b, c, d in zip(state, first, second, third, fourth, strict=True)
        ]
    )


def _range(least: float, most: float) -> str:
    return f"a number from {least:g} up" if math.isinf(most) else f"a number from {least:g} to {most:g}"
