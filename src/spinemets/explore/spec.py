"""The definition of an explorer: a pure function of discrete controls, before any widget or page."""

from __future__ import annotations

import inspect
import itertools
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .controls import Control, control

ViewFunction = Callable[..., Any]
ValidRule = Callable[..., bool | str]
Indices = tuple[int, ...]

GRID_LIMIT = 50_000
"""Points of a grid on which a rule about valid states may be asked."""


class GridError(Exception):
    """The controls of an explorer have too many combinations; the message names the one to shrink."""


@dataclass(frozen=True)
class Predict:
    """A question that the reader commits to before the first frame shows; skipping is allowed.

    Give ``options`` for a choice, or ``unit`` (which may be empty) for a number.

    Attributes:
        question: one plain question.
        answer: the right option, or the number.
        model_answer: one or two sentences that answer "why?", set beside the reader's own.
        options: what can be chosen; empty for a number.
        unit: unit of the number.
    """

    question: str
    answer: str | float
    model_answer: str
    options: Sequence[str] = ()
    unit: str = ""

    def __post_init__(self) -> None:
        if self.options and self.answer not in self.options:
            raise ValueError(f"prediction {self.question!r}: the answer {self.answer!r} is not among its options")
        if not self.options and not isinstance(self.answer, int | float):
            raise ValueError(f"prediction {self.question!r}: without options the answer must be a number")


@dataclass(frozen=True)
class Explorer:
    """A pure function ``f(**controls) -> View`` with its controls; see :func:`explorer`."""

    id: str
    function: ViewFunction
    controls: Mapping[str, Control]
    title: str = ""
    valid: ValidRule | None = None
    predict: Predict | None = None
    sensitive: str = ""
    """If not empty: why the whole explorer opens only when the reader asks (figures on death or survival)."""
    library: bool = True
    """True for the library's own explorers, whose views must carry a summary."""
    _names: tuple[str, ...] = field(init=False, repr=False, default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "_names", tuple(self.controls))
        if not re.fullmatch(r"[a-z][a-z0-9-]*", self.id):
            raise ValueError(f"explorer id {self.id!r}: expected small letters, digits and hyphens, such as 'roads'")
        if self.reason(self.default) is not None:
            raise ValueError(f"explorer {self.id}: its starting state is not valid: {self.reason(self.default)}")

    def __call__(self, **state: object) -> Any:
        """The view of a state given by values or option keys; controls left out keep their default."""
        return self.function(**self.values(self.indices(**state)))

    @property
    def default(self) -> Indices:
        return tuple(control.default for control in self.controls.values())

    @property
    def size(self) -> int:
        """Number of points of the whole grid, impossible ones included."""
        return math.prod(len(control.options) for control in self.controls.values())

    def indices(self, **state: object) -> Indices:
        """Positions of the options named by values or keys; controls left out keep their default.

        Raises:
            ValueError: an unknown control or option, or an impossible state, with the reason.
        """
        unknown = sorted(set(state) - set(self._names))
        if unknown:
            raise ValueError(f"explorer {self.id} has no control {unknown[0]!r}; it has {', '.join(self._names)}")
        chosen = tuple(
            control.index(state[name]) if name in state else control.default for name, control in self.controls.items()
        )
        reason = self.reason(chosen)
        if reason is not None:
            raise ValueError(f"explorer {self.id}: this state is not possible: {reason}")
        return chosen

    def values(self, indices: Indices) -> dict[str, Any]:
        """The function's arguments for these positions."""
        return {
            name: control.options[i].value for (name, control), i in zip(self.controls.items(), indices, strict=True)
        }

    def keys(self, indices: Indices) -> dict[str, str]:
        """The options' keys for these positions."""
        return {name: control.options[i].key for (name, control), i in zip(self.controls.items(), indices, strict=True)}

    def reason(self, indices: Indices) -> str | None:
        """Why a state is impossible, or ``None`` if it is possible."""
        if self.valid is None:
            return None
        answer = self.valid(**self.values(indices))
        if answer is True:
            return None
        return answer if isinstance(answer, str) else "this combination does not exist"

    def grid(self) -> Iterator[Indices]:
        """Every possible state, in the order of the controls; the last control changes fastest."""
        for indices in itertools.product(*(range(len(each.options)) for each in self.controls.values())):
            if self.reason(indices) is None:
                yield indices


def explorer(
    id: str,
    *,
    title: str = "",
    valid: ValidRule | None = None,
    predict: Predict | None = None,
    sensitive: str = "",
    **controls: object,
) -> Callable[[ViewFunction], Explorer]:
    """Decorator for the library's explorers: the function's arguments are the controls.

    >>> @explorer("double", title="Twice", n=(0, 3))
    ... def double(n: int) -> View: ...

    Raises:
        TypeError: an argument has no control, or a control no argument.
    """

    def wrap(function: ViewFunction) -> Explorer:
        return make(function, id=id, title=title, valid=valid, predict=predict, sensitive=sensitive, controls=controls)

    return wrap


def make(
    function: ViewFunction,
    *,
    id: str,
    controls: Mapping[str, object],
    title: str = "",
    valid: ValidRule | None = None,
    predict: Predict | None = None,
    sensitive: str = "",
    library: bool = True,
) -> Explorer:
    """Build an :class:`Explorer`, taking controls from the abbreviations and from the function's defaults."""
    parameters = inspect.signature(function).parameters
    unknown = sorted(set(controls) - set(parameters))
    if unknown:
        raise TypeError(f"explorer {id}: {function.__name__} has no argument {unknown[0]!r}")
    built: dict[str, Control] = {}
    for name, parameter in parameters.items():
        if name in controls:
            built[name] = control(name, controls[name])
        elif parameter.default is not inspect.Parameter.empty:
            built[name] = control(name, parameter.default)
        else:
            raise TypeError(f"explorer {id}: argument {name!r} of {function.__name__} has no control")
    return Explorer(id, function, built, title, valid, predict, sensitive, library)


def impossible(explorer: Explorer) -> dict[str, str]:
    """Why each impossible state is so, by its flat index in the grid (the last control changes fastest).

    Raises:
        GridError: the grid is too large to ask the rule about every state.
    """
    if explorer.valid is None:
        return {}
    if explorer.size > GRID_LIMIT:
        name, control = largest(explorer)
        raise GridError(
            f"explorer {explorer.id}: {explorer.size:,} combinations, and the rule about valid states can be asked "
            f"for {GRID_LIMIT:,} at most. The control {name!r} has {len(control.options)} options; give it fewer, "
            "such as a larger step."
        )
    grid = itertools.product(*(range(len(control.options)) for control in explorer.controls.values()))
    reasons = ((index, explorer.reason(indices)) for index, indices in enumerate(grid))
    return {str(index): reason for index, reason in reasons if reason is not None}


def largest(explorer: Explorer) -> tuple[str, Control]:
    """The control with the most options, by name."""
    return max(explorer.controls.items(), key=lambda item: len(item[1].options))
