"""Controls of an explorer: a discrete list of options each, so that every state can be drawn beforehand.

The abbreviations are those of ``ipywidgets.interact``: ``(low, high)`` or ``(low, high, step)`` is a slider, a list
or a dict (``{label: value}``) a choice, a bool a checkbox.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal


@dataclass(frozen=True)
class Option:
    """One value that a control can take."""

    key: str
    """Stands in deep links and in stored states; letters, digits, dots and hyphens."""
    label: str
    value: Any
    sensitive: bool = False
    """True if the option shows figures that open only when the reader asks."""


@dataclass(frozen=True)
class Control:
    """A control with all its options; build it with :class:`Slider`, :class:`Choice` or :class:`Toggle`."""

    kind: Literal["slider", "choice", "toggle"]
    label: str
    options: tuple[Option, ...]
    default: int
    help: str = ""
    play: bool = False
    """True to offer a play button that steps through the options."""

    def index(self, value: object) -> int:
        """Position of a value or of an option's key.

        Raises:
            ValueError: no such option; the message lists them.
        """
        for i, option in enumerate(self.options):
            if value == option.value and type(value) is not bool or value is option.value:
                return i
        for i, option in enumerate(self.options):
            if value == option.key or (type(value) is bool and type(option.value) is bool and value == option.value):
                return i
        known = ", ".join(repr(option.value) for option in self.options[:12])
        raise ValueError(f"{self.label}: {value!r} is no option; expected one of {known}")


def _key(label: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", label.lower()).strip("-") or "none"


def Slider(  # noqa: N802 - reads like the class it makes
    low: float,
    high: float,
    step: float = 1,
    *,
    value: float | None = None,
    label: str = "",
    unit: str = "",
    format: str = "g",
    help: str = "",
    play: bool = False,
) -> Control:
    """A slider from ``low`` to ``high`` (both included) in equal steps.

    Args:
        value: where it starts; ``low`` unless given.
        unit: written after the number, such as ``"mm"`` or ``"%"``.
        format: format of the number, such as ``".1f"``.
        play: offer a play button, for steps of time.

    Raises:
        ValueError: the step does not lead from ``low`` to ``high``, or ``value`` is not on the grid.
    """
    exact_low, exact_high, exact_step = (Decimal(str(number)) for number in (low, high, step))
    if exact_step <= 0 or exact_high < exact_low or (exact_high - exact_low) % exact_step:
        raise ValueError(f"slider {label or ''}: steps of {step} do not lead from {low} to {high}")
    whole = all(isinstance(number, int) for number in (low, high, step))
    count = int((exact_high - exact_low) / exact_step) + 1
    exact = [exact_low + i * exact_step for i in range(count)]
    values: list[float] = [int(number) if whole else float(number) for number in exact]
    options = tuple(
        Option(key=f"{number:g}", label=f"{number:{format}}" + (f" {unit}" if unit else ""), value=number)
        for number in values
    )
    start = low if value is None else value
    if start not in values:
        raise ValueError(
            f"slider {label or ''}: the start {start} is not among the steps of {step} from {low} to {high}"
        )
    return Control("slider", label, options, values.index(start), help, play)


def Choice(  # noqa: N802
    options: Sequence[Any] | Mapping[str, Any],
    *,
    value: object = None,
    label: str = "",
    help: str = "",
    play: bool = False,
    sensitive: Sequence[Any] = (),
) -> Control:
    """A choice among values, ``(label, value)`` pairs or a dict ``{label: value}``.

    Args:
        value: the value chosen at the start; the first unless given.
        sensitive: values that stay closed until the reader asks for such figures; never the start.

    Raises:
        ValueError: no options, two options with one key, or a start that is no option.
    """
    pairs: list[tuple[str, Any]]
    if isinstance(options, Mapping):
        pairs = [(str(name), item) for name, item in options.items()]
    else:
        pairs = [
            (str(item[0]), item[1]) if isinstance(item, tuple) and len(item) == 2 else (str(item), item)
            for item in options
        ]
    if not pairs:
        raise ValueError(f"choice {label or ''}: no options")
    built = tuple(Option(_key(name), name, item, item in sensitive) for name, item in pairs)
    keys = [option.key for option in built]
    doubles = sorted({key for key in keys if keys.count(key) > 1})
    if doubles:
        raise ValueError(f"choice {label or ''}: two options share the key {doubles[0]!r}; give them different labels")
    control = Control("choice", label, built, 0, help, play)
    start = 0 if value is None else control.index(value)
    if built[start].sensitive:
        raise ValueError(f"choice {label or ''}: it starts on {built[start].label!r}, which is sensitive")
    return Control("choice", label, built, start, help, play)


def Toggle(value: bool = False, *, label: str = "", help: str = "") -> Control:  # noqa: N802
    """A checkbox."""
    options = (Option("no", "no", False), Option("yes", "yes", True))
    return Control("toggle", label, options, int(value), help)


def control(name: str, abbreviation: object) -> Control:
    """The control that an abbreviation stands for; without a label it takes ``name``.

    Raises:
        TypeError: the abbreviation is not understood; the message lists those that are.
    """
    label = name.replace("_", " ")
    if isinstance(abbreviation, Control):
        built = abbreviation
    elif isinstance(abbreviation, bool):
        built = Toggle(abbreviation)
    elif (
        isinstance(abbreviation, tuple)
        and len(abbreviation) in (2, 3)
        and all(isinstance(part, int | float) and not isinstance(part, bool) for part in abbreviation)
    ):
        low, high, *rest = abbreviation
        step = rest[0] if rest else (1 if isinstance(low, int) and isinstance(high, int) else (high - low) / 10)
        built = Slider(low, high, step)
    elif isinstance(abbreviation, list | dict | tuple):
        built = Choice(abbreviation)
    else:
        raise TypeError(
            f"control {name}: {abbreviation!r} is not understood; expected (low, high), (low, high, step), a list, "
            f"a dict {{label: value}}, a bool, or Slider(...), Choice(...), Toggle(...)"
        )
    if built.label:
        return built
    return Control(built.kind, label, built.options, built.default, built.help, built.play)
