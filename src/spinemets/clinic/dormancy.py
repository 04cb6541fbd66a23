"""Cells that sleep and wake: why a recurrence can come late, and what one steady rate says of years 5 to 20.

Published is one number for each size and number of nodes, the share with a distant recurrence from year 5 to year 20,
and that the rate was steady (finding ``late-recurrence``, source pan2017; by Kaplan and Meier's method, that is, as if
nobody died of something else). The evidence holds no value between year 5 and year 20. So what :func:`course` draws
there follows from a model: the published number fixes the rate, and nothing is left over to test it.

The model is synthetic. A share ``a`` of the women carries sleeping cells at year 5, and each of these women has a
recurrence at a constant rate ``w`` a year; other events that end the wait come at a rate ``d``. After ``t`` years the
share with a recurrence is::

    F(t) = a w / (w + d) (1 - exp(-(w + d) t))

Solved by hand: without waking nobody has a recurrence; with everybody carrying cells and no other event F is
1 - exp(-w t). Where the rate comes from: if each of many cells wakes by itself at a small rate, the first one wakes at
the sum of these rates (:func:`any_wakes`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..evidence import finding
from .errors import ClinicError
from .inputs import one_of
from .model import SOURCE, Equation, checked, times

Floats = NDArray[np.float64]
SIZES = ("T1", "T2")
NODES = ("N0", "N1-3", "N4-9")
START, END = 5, 20
"""Years since diagnosis between which recurrences were counted (finding ``late-recurrence``)."""
LONGEST = 100
"""The largest number of years looked at."""
EVIDENCE = "finding late-recurrence, pan2017"

EQUATIONS = (
    Equation(
        r"F(t) = a\, \frac{w}{w + d} \left( 1 - e^{-(w + d)\, t} \right)",
        "Share with a recurrence after t years: a carries sleeping cells, w is the rate of waking, d of other events.",
    ),
    Equation(
        r"w = -\frac{1}{t} \ln \left( 1 - \frac{F(t)}{a} \right)",
        "The rate that a published share after t years asks for, without other events.",
    ),
)

ASSUMPTIONS = (
    "The rate of waking is one constant, the same in every year and in all women who carry sleeping cells.",
    "A cell that wakes is a recurrence at once: growth until it is found takes no time.",
    "Other events have a constant rate and are independent of waking.",
    "How many women carry sleeping cells, and how many cells, is assumed; the published number alone cannot tell.",
)


@dataclass(frozen=True, eq=False)
class Course:
    """Share of women with a distant recurrence since year 5, by years since diagnosis."""

    years: Floats
    share: Floats
    waking: float
    """The yearly rate fitted to :attr:`published`, in women who carry sleeping cells."""
    published: float
    """The published share from year 5 to year 20."""


def published(size: str, nodes: str) -> float:
    """The published share with a distant recurrence from year 5 to year 20, 0 to 1 (finding ``late-recurrence``).

    Raises:
        ClinicError: a size or number of nodes that was not published.
    """
    one_of("size", size, SIZES, EVIDENCE)
    one_of("nodes", nodes, NODES, EVIDENCE)
    return float(finding("late-recurrence")[size + nodes].numbers[0]) / 100


def course(size: str, nodes: str, carriers: float = 1.0) -> Course:
    """Year by year from 5 to 20, by a constant rate that meets the published share at year 20.

    Args:
        size: T1 or T2.
        nodes: N0, N1-3 or N4-9.
        carriers: share of women who carry sleeping cells, more than the published share and at most 1 (assumed). With
            fewer carriers the curve bends more, since those who wake early are used up.

    Raises:
        ClinicError: an unknown stage, or fewer carriers than women with a recurrence.
    """
    share = published(size, nodes)
    waking = rate(share, END - START, carriers)
    years = np.arange(START, END + 1, dtype=float)
    return Course(years, recurred(years - START, waking, carriers), waking, share)


def recurred(years: ArrayLike, waking: float, carriers: float = 1.0, others: float = 0.0) -> Floats:
    """The share of women with a recurrence after so many years.

    Args:
        years: time since year 5; a number or an array.
        waking: recurrences for each carrier and year.
        carriers: share of women who carry sleeping cells.
        others: rate a year of events that end the wait, such as death of another cause; with it this is a cumulative
            incidence, lower than without.

    Raises:
        ClinicError: a value outside its range.
    """
    passed = times("years", years, LONGEST)
    checked("waking", waking, 0, LONGEST)
    checked("carriers", carriers, 0, 1)
    leaving = waking + checked("others", others, 0, LONGEST)
    if leaving == 0:
        return np.zeros_like(passed)
    return carriers * waking / leaving * -np.expm1(-leaving * passed)


def rate(share: float, years: float, carriers: float = 1.0) -> float:
    """The constant yearly rate of waking that gives this share after so many years, without other events.

    Args:
        share: women with a recurrence, 0 to 1.
        years: above 0.
        carriers: share of women who carry sleeping cells, above ``share``.

    Raises:
        ClinicError: a value outside its range; or as many recurrences as carriers, which no finite rate gives.
    """
    checked("share", share, 0, 1)
    if checked("years", years, 0, LONGEST) == 0:
        raise ClinicError("years", years, f"a time above 0 and at most {LONGEST} years", SOURCE)
    if checked("carriers", carriers, 0, 1) <= share:
        raise ClinicError("carriers", carriers, f"more than the share with a recurrence, {share:g}", SOURCE)
    return -math.log1p(-share / carriers) / years


def any_wakes(years: ArrayLike, waking: float, cells: float) -> Floats:
    """The probability that at least one cell has woken, if the number of sleeping cells is Poisson distributed.

    By hand: with many cells that each wake seldom it is 1 - exp(-cells x waking x years), one constant rate for the
    woman. After all cells have woken it stays at 1 - exp(-cells), for some women carry none.

    Args:
        years: a number or an array.
        waking: rate a year of each cell.
        cells: sleeping cells in a woman, on average.

    Raises:
        ClinicError: a value outside its range.
    """
    passed = times("years", years, LONGEST)
    checked("cells", cells, 0, 10**9)
    return -np.expm1(cells * np.expm1(-checked("waking", waking, 0, LONGEST) * passed))
