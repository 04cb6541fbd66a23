"""How few of the cells that a tumour sheds found a metastasis: a thinning of cells step by step.

Only the whole is known: so many cells shed for one metastasis, fitted to patients (finding ``inefficiency-model``,
source coumans2013). How the losses divide among the steps after shedding (table ``cascade-steps``) was not measured;
here each step keeps the same share, which is an assumption and is to be said wherever a step is shown. That a cluster
is more likely to take hold than a single cell comes from mice (finding ``ctc-clusters``, source aceto2014).

What becomes of a cell that has settled is a branching process: its clone dies out or founds a metastasis by chance
(:func:`extinction`, :func:`dies_out`, :func:`clone_sizes`). That part is synthetic: its rates are assumed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from . import inputs
from .errors import ClinicError
from .model import SOURCE as BRANCHING
from .model import Equation, checked, whole

STEPS = ("survive in the circulation", "leave it into tissue", "grow into a metastasis")
"""The steps after shedding, in our words; steps 3 to 5 of the fitted model (coumans2013)."""
SOURCE = "finding inefficiency-model, coumans2013"
CLUSTERS = "finding ctc-clusters, aceto2014"
MONTHS = 60
"""The longest time over which a clone is followed."""

EQUATIONS = (
    Equation(
        r"P(\text{dies out}) = \min \left( 1, \frac{\text{death}}{\text{birth}} \right)",
        "If cells divide faster than they die, a clone of one cell dies out with this probability, else surely.",
    ),
    Equation(
        r"P(\text{founds}) = 1 - P(\text{dies out})^{n}",
        "At least one of n settled cells founds a metastasis.",
    ),
)
"""The branching process after settling."""

ASSUMPTIONS = (
    "Every settled cell divides and dies at two constant rates, which are assumed.",
    "Cells do not help, crowd or hinder one another, and no cell sleeps.",
    "A clone that never dies out is called a metastasis.",
)
"""Of the branching process; those of the steps before stand above."""


def share_per_step(rate: float) -> float:
    """The share that each step keeps if all steps keep the same: assumed, not measured.

    Args:
        rate: metastases for each cell shed, such as 1 / 60,000,000.

    Raises:
        ClinicError: no probability above 0.
    """
    if checked("rate", rate, 0, 1, SOURCE) == 0:
        raise ClinicError("rate", rate, "a probability above 0 and at most 1", SOURCE)
    return rate ** (1 / len(STEPS))


def expected(shed: int, rate: float) -> tuple[float, ...]:
    """How many cells are shed and how many are left after each step, on average."""
    share = share_per_step(rate)
    return tuple(_shed(shed) * share**step for step in range(len(STEPS) + 1))


def simulate(shed: int, rate: float, seed: int) -> tuple[int, ...]:
    """One run of chance: how many cells are shed, and how many are left after each step.

    Each cell passes each step by itself with :func:`share_per_step`. The same seed gives the same run.

    Raises:
        ClinicError: a negative or too large number of cells, no probability, or no seed.
    """
    share = share_per_step(rate)
    chance = np.random.default_rng(inputs.seed(seed))
    left = [_shed(shed)]
    for _ in STEPS:
        left.append(int(chance.binomial(left[-1], share)))
    return tuple(left)


def at_least_one(shed: int, rate: float) -> float:
    """The probability that a metastasis is founded at all.

    It does not depend on how the losses divide among the steps. For as many cells as are shed for one metastasis on
    average, it is 1 - 1/e, about 63 %.
    """
    share_per_step(rate)
    if rate == 1:
        return float(_shed(shed) > 0)
    return -math.expm1(_shed(shed) * math.log1p(-rate))


def clustered(rate: float, fold: float) -> float:
    """The rate if every cell travelled in clusters that found metastases ``fold`` times as often.

    Raises:
        ClinicError: a fold of 0 or less, or one that makes the rate more than 1.
    """
    share_per_step(rate)
    if checked("fold", fold, 0, 1 / rate, CLUSTERS) == 0:
        raise ClinicError("fold", fold, "a factor above 0 that keeps the rate at most 1", CLUSTERS)
    return rate * fold


def extinction(offspring: Sequence[float]) -> float:
    """The probability that the clone of one cell dies out sooner or later (Galton and Watson's process).

    It is the smallest solution of q = p0 + p1 q + p2 q^2 + ... between 0 and 1. By hand: 0 if every cell leaves
    descendants, and 1 if it leaves at most one on average, unless it always leaves exactly one.

    Args:
        offspring: the probability of 0, 1, 2, ... cells in the place of one; they add up to 1.

    Raises:
        ClinicError: no such probabilities.
    """
    offspring = inputs.several("offspring", offspring, BRANCHING)
    total = math.fsum(checked("offspring", chance, 0, 1, BRANCHING) for chance in offspring)
    if not math.isclose(total, 1, abs_tol=1e-9):
        raise ClinicError("offspring", offspring, "probabilities that add up to 1", BRANCHING)
    chances = [chance / total for chance in offspring]
    if chances[0] == 0:
        return 0.0
    if math.fsum(count * chance for count, chance in enumerate(chances)) <= 1:
        return 1.0
    # Newton's method from 0 rises to the smallest solution without passing it, since the function is convex.
    # Near an average of 1 it halves the error in each step, elsewhere it squares it.
    q = 0.0
    for _ in range(60):
        excess = math.fsum(chance * q**count for count, chance in enumerate(chances)) - q
        slope = math.fsum(count * chance * q ** (count - 1) for count, chance in enumerate(chances) if count)
        if excess < 1e-15 or slope >= 1:
            break
        q += excess / (1 - slope)
    return min(q, 1.0)


def dies_out(birth: float, death: float, months: float = math.inf) -> float:
    """The probability that the clone of one cell has died out after some months, or ever.

    Each cell divides at the rate ``birth`` and dies at the rate ``death``, by itself. By hand: ever, it is
    death / birth if cells divide faster than they die, and else 1; without division 1 - exp(-death t); with equal
    rates birth t / (1 + birth t).

    Args:
        birth: divisions for each cell and month.
        death: deaths for each cell and month.
        months: time, by default without end.

    Raises:
        ClinicError: a rate below 0 or above 10, or a negative time.
    """
    _rates(birth, death)
    checked("months", months, 0, math.inf, BRANCHING)
    if death == 0 or months == 0:
        return 0.0
    if math.isinf(months):
        return 1.0 if birth <= death else death / birth
    if birth == death:
        return birth * months / (1 + birth * months)
    apart = abs(birth - death)
    lost = -math.expm1(-apart * months)  # never overflows, unlike exp(+apart t)
    return death * lost / (apart + min(birth, death) * lost)


def expected_size(birth: float, death: float, months: float) -> float:
    """Cells in the clone of one cell after some months, on average over clones that live and that died out.

    Raises:
        ClinicError: a rate below 0 or above 10, or a time that is negative or longer than 60 months.
    """
    _rates(birth, death)
    return math.exp((birth - death) * checked("months", months, 0, MONTHS, BRANCHING))


def founds(cells: int, birth: float, death: float) -> float:
    """The probability that at least one of so many settled cells founds a metastasis: a clone that never dies out.

    Raises:
        ClinicError: no number of cells from 0 to 10^15, or a rate below 0 or above 10.
    """
    count, lost = whole("cells", cells, 0, 10**15, BRANCHING), dies_out(birth, death)
    if lost == 0:
        return float(count > 0)
    return -math.expm1(count * math.log(lost))


def clone_sizes(cells: int, birth: float, death: float, months: float, seed: int) -> tuple[int, ...]:
    """One run of chance: how many cells the clone of each settled cell has after some months.

    Drawn from the exact distribution (0 with probability :func:`dies_out`, else geometric) and not division by
    division, so it is as quick for large clones. The same seed gives the same run.

    Args:
        cells: settled cells, 0 to 10,000.

    Raises:
        ClinicError: a value outside its range, or clones of more than 10^12 cells on average.
    """
    count = whole("cells", cells, 0, 10_000, BRANCHING)
    size = expected_size(birth, death, months)
    if size > 1e12:
        raise ClinicError("months", months, "a time after which a clone has at most 10^12 cells on average", BRANCHING)
    lost = dies_out(birth, death, months)
    chance = np.random.default_rng(inputs.seed(seed))
    sizes = np.zeros(count, dtype=np.int64)
    alive = chance.random(count) >= lost
    if alive.any():
        # The mean over all clones is the mean of those that live times their share.
        sizes[alive] = chance.geometric(min(1.0, (1 - lost) / size), int(alive.sum()))
    return tuple(sizes.tolist())


def _rates(birth: float, death: float) -> None:
    checked("birth", birth, 0, 10, BRANCHING)
    checked("death", death, 0, 10, BRANCHING)


def _shed(cells: int) -> int:
    return whole("shed", cells, 0, 10**15, SOURCE)
