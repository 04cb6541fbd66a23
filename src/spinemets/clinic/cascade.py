"""How few of the cells that a tumour sheds found a metastasis: a thinning of cells step by step.

Only the whole is known: so many cells shed for one metastasis, fitted to patients (finding ``inefficiency-model``,
source coumans2013). How the losses divide among the steps after shedding (table ``cascade-steps``) was not measured;
here each step keeps the same share, which is an assumption and is to be said wherever a step is shown. That a cluster
is more likely to take hold than a single cell comes from mice (finding ``ctc-clusters``, source aceto2014).
"""

from __future__ import annotations

import math

import numpy as np

from .errors import ClinicError

STEPS = ("survive in the circulation", "leave it into tissue", "grow into a metastasis")
"""The steps after shedding, in our words; steps 3 to 5 of the fitted model (coumans2013)."""
SOURCE = "finding inefficiency-model, coumans2013"


def share_per_step(rate: float) -> float:
    """The share that each step keeps if all steps keep the same: assumed, not measured.

    Args:
        rate: metastases for each cell shed, such as 1 / 60,000,000.

    Raises:
        ClinicError: no probability above 0.
    """
    if not 0 < rate <= 1:
        raise ClinicError("rate", rate, "a probability above 0 and at most 1", SOURCE)
    return rate ** (1 / len(STEPS))


def expected(shed: int, rate: float) -> tuple[float, ...]:
    """How many cells are shed and how many are left after each step, on average."""
    share = share_per_step(rate)
    return tuple(_cells(shed) * share**step for step in range(len(STEPS) + 1))


def simulate(shed: int, rate: float, seed: int) -> tuple[int, ...]:
    """One run of chance: how many cells are shed, and how many are left after each step.

    Each cell passes each step by itself with :func:`share_per_step`. The same seed gives the same run.

    Raises:
        ClinicError: a negative or too large number of cells, or no probability.
    """
    share = share_per_step(rate)
    chance = np.random.default_rng(seed)
    left = [_cells(shed)]
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
        return float(_cells(shed) > 0)
    return -math.expm1(_cells(shed) * math.log1p(-rate))


def clustered(rate: float, fold: float) -> float:
    """The rate if every cell travelled in clusters that found metastases ``fold`` times as often.

    Raises:
        ClinicError: a fold of 0 or less, or one that makes the rate more than 1.
    """
    if fold <= 0 or rate * fold > 1:
        raise ClinicError(
            "fold", fold, "a factor above 0 that keeps the rate at most 1", "finding ctc-clusters, aceto2014"
        )
    return rate * fold


def _cells(shed: int) -> int:
    if not 0 <= shed <= 10**15:
        raise ClinicError("shed", shed, "0 to 10^15 cells", SOURCE)
    return shed
