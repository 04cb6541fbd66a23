"""Sensitive and resistant cells under four plans of treatment. Synthetic.

A drug does not teach cells to resist: it selects those that were there. Cells are sensitive, resistant to the first
drug, or resistant to both; amounts are in burdens at the start of treatment. With one drug there are two clones::

    dS/dt = S [growth (1 - N/K) - kill]        while the drug is given
    dR/dt = R [growth (1 - cost) (1 - N/K)]    N = S + R

The plans are "continuous" (the first drug), "in sequence" (the second in place of the first once that stops working),
"combined" (both from the start) and "adaptive" (the first drug, with pauses). The adaptive plan has the rule of a pilot
in prostate cancer (finding ``adaptive``): stop at half of the burden at the start, resume when it is back there. The
pilot read the burden from PSA; no such result in breast cancer was seen.

A plan stops working when the burden reaches :data:`LIMIT` times the burden at the start with no drug left to add.
:func:`regrowth` gives that time by hand for one drug without competition (``capacity`` infinite). There pauses gain
nothing, with or without a cost of resistance, since resistant cells then grow as if alone. They gain where cells
compete, also without a cost (finding ``adaptive-theory``). Without competition giving two drugs at once delays the
first progression, and the last one comes when it would come in sequence.

How many resistant cells are there before treatment follows from mutation (:func:`any_resistant`, the formula of Goldie
and Coldman, and :func:`expected_resistant`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .errors import ClinicError
from .inputs import instance, one_of
from .model import SOURCE, Equation, Parameters, State, checked, parameter, rk4, whole

Floats = NDArray[np.float64]
Drugs = tuple[bool, bool]
FIRST, SECOND, BOTH, NONE = (True, False), (False, True), (True, True), (False, False)
PLANS = ("continuous", "in sequence", "combined", "adaptive")
LIMIT = 1.2
"""Progression: this many times the burden at the start (assumed)."""
PAUSE = 0.5
RESUME = 1.0
"""The adaptive plan pauses below the one and resumes at the other, in burdens at the start (finding ``adaptive``)."""
STEP = 0.5
"""Months of one step of the integration; half as much moves no progression by more than a day (tested)."""

EQUATIONS = (
    Equation(r"N = S + R + D", "The burden; D is the part that resists both drugs and is 0 in the plans with one."),
    Equation(
        r"\frac{dS}{dt} = S \left[ \frac{\ln 2}{d} \left( 1 - \frac{N}{K} \right) - k (u_1 + u_2) \right]",
        "Sensitive cells grow, the slower the fuller the site, and each drug removes them while it is given.",
    ),
    Equation(
        r"\frac{dR}{dt} = R \left[ \frac{\ln 2}{d} (1 - c) \left( 1 - \frac{N}{K} \right) - k\, u_2 \right]",
        "Cells that resist the first drug pay the cost of resistance, and only the second drug removes them.",
    ),
    Equation(
        r"\frac{dD}{dt} = D\, \frac{\ln 2}{d} (1 - c) \left( 1 - \frac{N}{K} \right)",
        "Nothing removes the cells that resist both.",
    ),
)
"""The system; a drug's ``u`` is 1 while it is given and else 0."""

ASSUMPTIONS = (
    "Every number is assumed; nothing is fitted to people.",
    "Resistant cells are there before treatment and none arises during it. Those that would arise while the first drug "
    "selects count against giving drugs in sequence, and the model leaves them out.",
    "Of the cells that resist the first drug, the same share resists the second as well; that costs nothing more.",
    "Sensitive and resistant cells differ in nothing but growth and kill, and all compete alike for the same space.",
    "Clones are amounts, not whole cells, so none is ever quite lost.",
    "The burden is known at every moment, drugs act at once, and side effects are not counted.",
    f"A treatment stops working when the burden is {LIMIT:g} times that at the start.",
)


@dataclass(frozen=True)
class Tumour(Parameters):
    """The parameters, all assumed; amounts are in burdens at the start of treatment."""

    share: float = parameter(0.01, "p", "resistant share at the start", "share", 0, 1)
    cost: float = parameter(0.0, "c", "cost of resistance: growth lost by resistant cells", "share", 0, 1)
    doubling: float = parameter(2.0, "d", "doubling time without drug or competition", "months", 1, 60)
    kill: float = parameter(0.8, "k", "rate at which a drug removes sensitive cells", "per month", 0, 2)
    capacity: float = parameter(2.0, "K", "what the site can hold; infinite: no competition", "burdens", 1.5, math.inf)


@dataclass(frozen=True, eq=False)
class Course:
    """A run until no drug is left that works, or until the last month looked at."""

    months: Floats
    sensitive: Floats
    resistant: Floats
    """Resistant to the first drug, those resistant to both among them."""
    first: NDArray[np.bool_]
    second: NDArray[np.bool_]
    """Whether each drug is given from this month on."""
    progressions: tuple[float, ...]
    """Months in which a drug or pair of drugs stopped working; the plan "in sequence" has up to two."""
    stopped: float | None
    """Month from which nothing in the plan works, or ``None`` if that is later than what was looked at."""

    @property
    def burden(self) -> Floats:
        """All cells."""
        return self.sensitive + self.resistant

    @property
    def drug_share(self) -> float:
        """Share of the time in which any drug was given."""
        given = (self.first | self.second)[:-1]
        return float(np.sum(np.diff(self.months) * given) / self.months[-1])


def simulate(plan: str, tumour: Tumour | None = None, months: int = 120) -> Course:
    """The clones over time under a plan.

    Args:
        plan: one of :data:`PLANS`.
        tumour: its parameters; the default has a resistant share of 1 in 100 and no cost.
        months: how long to look, 1 to 120.

    Raises:
        ClinicError: an unknown plan, a number outside its range, or no parameters.
    """
    one_of("plan", plan, PLANS, SOURCE)
    months = whole("months", months, 1, 120)
    tumour = instance("tumour", Tumour() if tumour is None else tumour, Tumour, SOURCE)
    time, state, drugs = 0.0, _start(tumour), BOTH if plan == "combined" else FIRST
    slope = _slope(tumour, drugs)
    path = [(time, state, drugs)]
    progressions: list[float] = []
    stopped = None
    while stopped is None and time < months:
        step = min(STEP, months - time)
        after = rk4(slope, state, step)
        level = _reached(plan, drugs, _log_burden(after))
        if level is not None:
            step = _until(level, slope, state, after, step)
            after = rk4(slope, state, step)
        time, state = time + step, after
        if level == LIMIT:
            progressions.append(time)
            if plan == "in sequence" and drugs == FIRST:
                drugs = SECOND
            else:
                stopped = time
        elif level is not None:
            drugs = NONE if level == PAUSE else FIRST
        if level is not None:
            slope = _slope(tumour, drugs)
        path.append((time, state, drugs))
    times, states, given = zip(*path, strict=True)
    sensitive, resistant, both = np.exp(np.array(states)).T
    first, second = np.array(given).T
    return Course(np.array(times), sensitive, resistant + both, first, second, tuple(progressions), stopped)


def regrowth(share: float, doubling: float, cost: float = 0.0) -> float:
    """Months until resistant cells alone reach :data:`LIMIT`, without competition: doubling time times doublings.

    With one drug and ``capacity`` infinite, a treatment stops working at this time or a little before, when some
    sensitive cells are left.

    Args:
        share: resistant share at the start, above 0.
        doubling: doubling time in months.
        cost: share of their growth that resistant cells lose, 0 to below 1.

    Raises:
        ClinicError: a value outside its range; with a share of 0 or a cost of 1 nothing grows back.
    """
    Tumour(share=share, doubling=doubling, cost=cost)
    if share == 0 or cost == 1:
        name, value = ("share", share) if share == 0 else ("cost", cost)
        raise ClinicError(name, value, "a share above 0 and a cost below 1, or nothing grows back", SOURCE)
    return doubling / (1 - cost) * math.log2(LIMIT / share)


def any_resistant(cells: int, mutation: float) -> float:
    """The probability that a tumour has a resistant cell before any treatment (Goldie and Coldman's formula).

    It grew from one sensitive cell by ``cells - 1`` divisions, in each of which a daughter becomes resistant with
    probability ``mutation``; no cell died. By hand: about 1 - 1/e where one mutation is expected in all divisions.

    Raises:
        ClinicError: no whole number of cells from 1 to 10^15, or no probability.
    """
    divisions = whole("cells", cells, 1, 10**15) - 1
    if checked("mutation", mutation, 0, 1) == 1:
        return float(divisions > 0)
    return -math.expm1(divisions * math.log1p(-mutation))


def expected_resistant(cells: int, mutation: float) -> float:
    """How many resistant cells such a tumour has on average: N - N^(1 - mutation), about mutation x N ln N.

    It is the mean of growth that runs smoothly (sensitive cells grow at 1 - mutation of the rate of all). A few tumours
    with an early mutation raise this mean far above what most tumours have (the distribution of Luria and Delbrück).

    Raises:
        ClinicError: no whole number of cells from 1 to 10^15, or no probability.
    """
    whole("cells", cells, 1, 10**15)
    return -cells * math.expm1(-checked("mutation", mutation, 0, 1) * math.log(cells))


def _start(tumour: Tumour) -> State:
    """Logarithms of the three clones: so no clone becomes negative, and growth without competition is exact."""
    share = tumour.share
    return tuple(math.log(x) if x > 0 else -math.inf for x in (1 - share, share * (1 - share), share * share))


def _slope(tumour: Tumour, drugs: Drugs) -> Callable[[State], State]:
    """The right-hand sides for the logarithms while these drugs are given."""
    growth, fitness, capacity = math.log(2) / tumour.doubling, 1 - tumour.cost, tumour.capacity
    second = tumour.kill * drugs[1]
    kill = tumour.kill * drugs[0] + second

    def slope(state: State) -> State:
        sensitive, resistant, both = state
        burden = math.exp(sensitive) + math.exp(resistant) + math.exp(both)
        grown = growth * (1 - burden / capacity)
        return grown - kill, fitness * grown - second, fitness * grown

    return slope


def _log_burden(state: State) -> float:
    return math.log(sum(map(math.exp, state)))


def _reached(plan: str, drugs: Drugs, log_burden: float) -> float | None:
    """The burden at which the plan changes something, if it is reached."""
    if drugs == NONE:
        return RESUME if log_burden >= math.log(RESUME) else None
    if log_burden >= math.log(LIMIT):
        return LIMIT
    return PAUSE if plan == "adaptive" and log_burden < math.log(PAUSE) else None


def _until(level: float, slope: Callable[[State], State], state: State, after: State, step: float) -> float:
    """The part of a step after which the burden is at a level: a line through its logarithm, drawn anew twice."""
    before, reached, part = _log_burden(state), _log_burden(after), step
    for _ in range(3):
        if reached == before:
            return 0.0
        part = min(step, max(0.0, part * (math.log(level) - before) / (reached - before)))
        reached = _log_burden(rk4(slope, state, part))
    return part
