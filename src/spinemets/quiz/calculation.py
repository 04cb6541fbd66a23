"""Numbers that a function of the clinic computes from drawn parameters."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib import import_module
from itertools import product

from pydantic import Field

from spinemets import course

from .parts import FindingValue, Part, Text

MOST_VARIANTS = 20
"""More would make a page heavy; a learner who has seen twenty knows the method or will not learn it here."""

Value = float | str
_NAMED = re.compile(r"\{([a-z_]+)(?::([^{}]+))?\}")


class Calculation(Part):
    """A call of a function of ``course.CLINIC``."""

    function: str = Field(
        pattern=r"^[a-z_]+\.[A-Za-z_]+$",
        description="module and function of the clinic",
        examples=["function: radiobiology.bed"],
    )
    arguments: dict[str, float | str | FindingValue] = Field(
        description="for each argument a parameter's name, a number, a word, or a value of a finding",
        examples=["arguments: {n: fractions, d: 8, alpha_beta: 10}"],
    )
    part: str | None = Field(
        None, description="the part of the result that is asked for, if it has several", examples=["part: low"]
    )
    times: float = Field(1, description="what the result is multiplied with", examples=["times: 1000"])

    def compute(self, values: Mapping[str, Value]) -> float:
        """The number for these values of the parameters.

        Raises:
            ValueError: there is no such function or part, the function refuses the values, or gives no finite number.
        """
        module, name = self.function.split(".")
        try:
            function = getattr(import_module(f"{course.CLINIC}.{module}"), name)
        except (ImportError, AttributeError):
            raise ValueError(f"the clinic has no function {self.function!r}") from None
        arguments = {key: self._argument(given, values) for key, given in self.arguments.items()}
        call = f"{self.function}({', '.join(f'{key}={value!r}' for key, value in arguments.items())})"
        try:
            result = function(**arguments)
            result = result if self.part is None else getattr(result, self.part)
        except Exception as error:  # whatever the clinic refuses, the author must see
            raise ValueError(f"{call} does not work: {error}") from error
        if isinstance(result, bool) or not isinstance(result, int | float) or not math.isfinite(result):
            raise ValueError(f"{call} is {result!r}, not one finite number; name a part of it")
        return float(result) * self.times

    @staticmethod
    def _argument(given: Value | FindingValue, values: Mapping[str, Value]) -> Value:
        if isinstance(given, FindingValue):
            return given.resolve()
        found = values.get(given, given) if isinstance(given, str) else given
        # YAML's 5 becomes 5.0 here, yet counts are whole numbers in the clinic.
        return int(found) if isinstance(found, float) and found.is_integer() else found


class CalculatedSlip(Part):
    """A wrong number that is understood, computed from the same parameters."""

    answer: Calculation = Field(
        description="a function of the clinic and its arguments", examples=["answer: {function: ..., arguments: ...}"]
    )
    tolerance: float = Field(0, ge=0, description="a number not below 0", examples=["tolerance: 0.5"])
    feedback: Text = Field(description="the slip that leads to this number", examples=["feedback: You divided by ..."])


def combinations(parameters: Mapping[str, Sequence[Value]]) -> int:
    """How many combinations the values of the parameters have."""
    return math.prod(len(values) for values in parameters.values())


def drawn(seed: str, parameters: Mapping[str, Sequence[Value]], count: int) -> list[dict[str, Value]]:
    """Some combinations of the parameters, drawn by a digest, which no version of a random generator can change."""
    every = [dict(zip(parameters, values, strict=True)) for values in product(*parameters.values())]
    return sorted(every, key=lambda values: sha256(f"{seed}{sorted(values.items())}".encode()).digest())[:count]


def filled(text: str, values: Mapping[str, Value]) -> str:
    """The text with ``{name}`` or ``{name:format}`` replaced; other braces, as in formulas, stay."""

    def said(match: re.Match[str]) -> str:
        if match[1] not in values:
            return match[0]
        return format(values[match[1]], match[2] or ("g" if isinstance(values[match[1]], float) else ""))

    return _NAMED.sub(said, text)
