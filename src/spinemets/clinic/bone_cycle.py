"""The vicious cycle of bone as four equations, and what blocking one of its arrows does. Synthetic.

The arrows are those of the finding ``vicious-cycle`` (table ``vicious-cycle-loop``): the tumour's PTHrP and
interleukins raise RANKL on osteoblasts, RANKL raises osteoclasts, these resorb bone, and growth factors freed from it
(TGF-beta, IGF-1) feed the tumour and raise its PTHrP. How strong each arrow is was not measured: every parameter is
assumed, so the curves show the direction of an effect and never its size or date in a person.

With tumour ``T`` (share of what the site can hold), osteoclasts ``C`` above those of normal remodelling, bone ``B``
(share of the start) and growth factor ``G``, time in months, and the blocks ``p`` (PTHrP), ``k`` (RANKL), ``o``
(osteoclast) and ``t`` (TGF-beta), each 0 to 1::

    R     = (1 - k) T [phi (1 - p) (1 + q (1 - t) G) + 1 - phi]
    dT/dt = r T (1 + g (1 - t) G) (1 - T)
    dC/dt = delta (R - C)
    dB/dt = -beta (1 - o) C B
    dG/dt = mu ((1 - o) C B - G)

Solved by hand: without tumour nothing changes; with the osteoclast blocked in full the bone stays and the tumour
follows :func:`alone`; with TGF-beta blocked in full the tumour follows :func:`alone` too, while bone is still lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .errors import ClinicError
from .inputs import instance, one_of
from .model import SOURCE, Equation, Parameters, State, checked, parameter, rk4, times, whole

Floats = NDArray[np.float64]
STEPS = 10
"""Steps of the integration in a month; twice as many change no curve by more than 0.0001 (tested)."""


class Arrow(NamedTuple):
    """An arrow of the cycle that can be blocked, and the symbol of the block in :data:`EQUATIONS`."""

    symbol: str
    start: str
    end: str
    does: str


BLOCKS: Mapping[str, Arrow | None] = MappingProxyType(
    {
        "nothing": None,
        "PTHrP": Arrow("p", "tumour cell", "osteoblast", "PTHrP raises RANKL; interleukins still do"),
        "RANKL": Arrow("k", "osteoblast", "osteoclast", "RANKL raises new osteoclasts; those there live on"),
        "osteoclast": Arrow("o", "osteoclast", "bone", "osteoclasts resorb bone, which frees growth factor"),
        "TGF-beta": Arrow("t", "bone", "tumour cell", "growth factor speeds growth and raises PTHrP"),
    }
)
"""What can be blocked, and the arrow on which each block acts."""

EQUATIONS = (
    Equation(
        r"R = (1 - k)\, T \left[ \varphi (1 - p) \left( 1 + q (1 - t) G \right) + 1 - \varphi \right]",
        "RANKL rises with the tumour, in part through PTHrP, which growth factor raises further.",
    ),
    Equation(
        r"\frac{dT}{dt} = r\, T \left( 1 + g (1 - t) G \right) (1 - T)",
        "The tumour grows at its own rate and faster with growth factor, until the site is full.",
    ),
    Equation(r"\frac{dC}{dt} = \delta (R - C)", "Osteoclasts follow RANKL with a delay."),
    Equation(r"\frac{dB}{dt} = -\beta (1 - o)\, C B", "Osteoclasts resorb what bone is left."),
    Equation(
        r"\frac{dG}{dt} = \mu \left( (1 - o)\, C B - G \right)",
        "Resorption frees growth factor, which is soon cleared.",
    ),
)
"""The system; ``p``, ``k``, ``o`` and ``t`` are the strengths of the blocks."""

ASSUMPTIONS = (
    "Every number is assumed; nothing is fitted to cells, mice or people.",
    "One site is well mixed: no place, no vessels, no immune cells, and no new metastasis.",
    "Normal remodelling is balanced and left out; bone that is lost is not built again.",
    "PTHrP and the interleukins add up, and RANKL follows them at once.",
    "Growth factor is one substance that stands for TGF-beta and IGF-1.",
    "A block has one strength, acts on one arrow, begins on one day and never wears off.",
    "Tumour cells grow without the cycle too: no block removes a cell.",
)


@dataclass(frozen=True)
class Bone(Parameters):
    """The parameters, all assumed. Above the ranges the cycle would run away or the steps would be too long for it."""

    burden: float = parameter(0.02, "T_0", "tumour at the start", "share", 0, 1)
    growth: float = parameter(0.2, "r", "own growth rate of the tumour", "per month", 0, 1)
    feed: float = parameter(2.0, "g", "how much growth factor speeds the tumour", "per unit of G", 0, 4)
    pthrp: float = parameter(0.7, r"\varphi", "PTHrP's part of the tumour's signal", "share", 0, 1)
    drive: float = parameter(1.0, "q", "how much growth factor raises PTHrP", "per unit of G", 0, 1)
    turnover: float = parameter(1.0, r"\delta", "rate at which osteoclasts follow RANKL", "per month", 0, 4)
    resorption: float = parameter(0.12, r"\beta", "bone lost at an osteoclast activity of 1", "per month", 0.01, 1)
    clearance: float = parameter(4.0, r"\mu", "rate at which growth factor is cleared", "per month", 0, 8)


@dataclass(frozen=True, eq=False)
class Course:
    """The four curves over time, from month 0."""

    months: Floats
    tumour: Floats
    """Share of what the site can hold."""
    osteoclast: Floats
    """Activity above normal remodelling, (1 - o) C: 1 is what a full site calls up without growth factor."""
    bone: Floats
    """Share of the bone at the start."""
    growth_factor: Floats
    """Relative: 1 is what an osteoclast activity of 1 frees from whole bone."""


def simulate(
    block: str = "nothing", strength: float = 0.0, months: int = 24, start: int = 6, bone: Bone | None = None
) -> Course:
    """The cycle over time, with one arrow blocked from a month on.

    Args:
        block: a key of :data:`BLOCKS`.
        strength: share of the arrow that is blocked, 0 to 1; 0 if the block is "nothing".
        months: how long to look, 1 to 60.
        start: the month from which the block acts, 0 to ``months``.
        bone: other parameters than the default.

    Raises:
        ClinicError: an unknown block, a number outside its range, a strength for "nothing", or no parameters.
    """
    one_of("block", block, BLOCKS, SOURCE)
    checked("strength", strength, 0, 1)
    if block == "nothing" and strength:
        raise ClinicError("strength", strength, "0 when nothing is blocked", SOURCE)
    months = whole("months", months, 1, 60)
    start = whole("start", start, 0, months)
    bone = _checked(bone)
    arrow = BLOCKS[block]
    states: list[State] = [(bone.burden, 0.0, 1.0, 0.0)]
    slope = _slope(bone, {})
    for step in range(months * STEPS):
        if arrow and step == start * STEPS:
            slope = _slope(bone, {arrow.symbol: strength})
        states.append(rk4(slope, states[-1], 1 / STEPS))
    tumour, osteoclasts, mass, factor = np.array(states).T
    passed = np.arange(months * STEPS + 1) / STEPS
    acting = np.where((block == "osteoclast") & (passed >= start), 1 - strength, 1.0)
    return Course(passed, tumour, acting * osteoclasts, mass, factor)


def alone(months: ArrayLike, bone: Bone | None = None) -> Floats:
    """The tumour without the cycle: logistic growth at its own rate, in closed form.

    Raises:
        ClinicError: a negative or too long time, or no parameters.
    """
    bone = _checked(bone)
    grown = bone.burden * np.exp(bone.growth * times("months", months, 60))
    return grown / (1 - bone.burden + grown)


def _checked(bone: Bone | None) -> Bone:
    return instance("bone", Bone() if bone is None else bone, Bone, SOURCE)


def _slope(bone: Bone, blocked: Mapping[str, float]) -> Callable[[State], State]:
    """The right-hand sides, with the products that do not change multiplied beforehand."""
    p, k, o, t = (1 - blocked.get(symbol, 0.0) for symbol in "pkot")
    pthrp, others, drive = k * p * bone.pthrp, k * (1 - bone.pthrp), t * bone.drive
    r, feed = bone.growth, t * bone.feed
    delta, beta, mu = bone.turnover, bone.resorption, bone.clearance

    def slope(state: State) -> State:
        tumour, osteoclasts, mass, factor = state
        rankl = tumour * (pthrp * (1 + drive * factor) + others)
        resorbed = o * osteoclasts * mass
        return (
            r * tumour * (1 + feed * factor) * (1 - tumour),
            delta * (rankl - osteoclasts),
            -beta * resorbed,
            mu * (resorbed - factor),
        )

    return slope
