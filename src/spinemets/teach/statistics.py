"""Classical item statistics from sums that are gathered chunk by chunk.

A matrix of scores has a row for each hand-in and a column for each item; a score is 0 to 1, and an item that was not
answered counts 0. Everything here follows from :class:`Moments`, which has a few numbers for each item however many
hand-ins there were, so that a gradebook of any length is read once, in chunks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import fdtri

Floats = NDArray[np.float64]
LEVEL = 0.95
"""Of all intervals, unless another is asked for."""
_NOTHING = 1e-12
"""A variance up to this is none; sums of deviations that should be 0 are some rounding errors away from it."""


@dataclass(frozen=True)
class Estimate:
    """A value with its interval; each is None where it is not defined."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Moments:
    """Means and sums of squared deviations of the items and of the total, of ``n`` hand-ins.

    Two are added by the formula of Chan, Golub and LeVeque (Am Stat 1983;37:242-247), which loses no digits where
    plain sums of squares would.
    """

    n: int
    mean: Floats
    """Of each item."""
    square: Floats
    """Sum of squared deviations of each item from its mean."""
    product: Floats
    """Sum of products of deviations of each item and of the total."""
    total_square: float
    """Sum of squared deviations of the total."""
    binary: bool
    """Whether every score is 0 or 1."""

    @classmethod
    def of(cls, scores: ArrayLike) -> Moments:
        """The moments of one chunk: a row for each hand-in, a column for each item.

        Raises:
            ValueError: not a table with a row and a column, or a score that is no number.
        """
        table = np.asarray(scores, dtype=float)
        if table.ndim != 2 or 0 in table.shape or not np.isfinite(table).all():
            raise ValueError(
                f"expected scores as a table, a row for each hand-in and a column for each item, without gaps; "
                f"not {table.shape}. Example: [[1, 0], [1, 0.5]]"
            )
        mean = table.mean(axis=0)
        apart = table - mean
        total = apart.sum(axis=1)
        return cls(
            n=len(table),
            mean=mean,
            square=(apart**2).sum(axis=0),
            product=total @ apart,
            total_square=float(total @ total),
            binary=bool(np.isin(table, (0.0, 1.0)).all()),
        )

    def __add__(self, other: Moments) -> Moments:
        """The moments of both chunks together."""
        n = self.n + other.n
        apart = other.mean - self.mean
        total = float(apart.sum())
        weight = self.n * other.n / n
        return Moments(
            n=n,
            mean=self.mean + apart * (other.n / n),
            square=self.square + other.square + weight * apart**2,
            product=self.product + other.product + weight * apart * total,
            total_square=self.total_square + other.total_square + weight * total**2,
            binary=self.binary and other.binary,
        )

    @property
    def items(self) -> int:
        """How many items there are."""
        return len(self.mean)

    @property
    def total_mean(self) -> float:
        """The mean total, in points."""
        return float(self.mean.sum())

    @property
    def total_sd(self) -> float | None:
        """The standard deviation of the totals, in points, with n - 1; None for one hand-in."""
        return math.sqrt(self.total_square / (self.n - 1)) if self.n > 1 else None

    @cached_property
    def rest_product(self) -> Floats:
        """Sum of products of deviations of each item and of the total without it."""
        return self.product - self.square

    @cached_property
    def rest_square(self) -> Floats:
        """Sum of squared deviations of the total without each item."""
        return self.total_square - 2 * self.product + self.square


@dataclass(frozen=True)
class ItemStatistics:
    """What one item did."""

    difficulty: Estimate
    """The mean score, 0 to 1; the higher, the easier. Interval: :func:`wilson`."""
    sd: float | None
    """Standard deviation of the score, with n - 1; None for one hand-in."""
    with_total: Estimate
    """Correlation with the total (point-biserial if the item scores 0 or 1)."""
    with_rest: Estimate
    """Correlation with the total without the item: the corrected discrimination."""
    alpha_without: float | None
    """Alpha of the test without the item."""


def items(moments: Moments, level: float = LEVEL) -> list[ItemStatistics]:
    """The statistics of each item.

    A point-biserial correlation is Pearson's correlation of a score of 0 or 1 with another variable; for partial credit
    the same formula holds. The item is itself part of the total and lifts its correlation with it; so the corrected
    one leaves the item out (Henrysson, Psychometrika 1963;28:211-218).
    """
    n, total = moments.n, moments.total_square
    columns = (moments.mean, moments.square, moments.product, moments.rest_square, moments.rest_product)
    return [
        ItemStatistics(
            difficulty=Estimate(mean, *wilson(mean, n, level)),
            sd=math.sqrt(square / (n - 1)) if n > 1 else None,
            with_total=correlation(product, square, total, n, level),
            with_rest=correlation(rest_product, square, rest_square, n, level),
            alpha_without=_alpha(moments.items - 1, float(moments.square.sum()) - square, rest_square, n),
        )
        for mean, square, product, rest_square, rest_product in zip(*(c.tolist() for c in columns), strict=True)
    ]


def reliability(moments: Moments, level: float = LEVEL) -> Estimate:
    """Cronbach's alpha with Feldt's interval.

    alpha = k / (k - 1) * (1 - sum of the items' variances / variance of the total) for k items (Cronbach, Psychometrika
    1951;16:297-334). If every score is 0 or 1 this is Kuder and Richardson's formula 20 (KR-20; Psychometrika
    1937;2:151-160). It has no unit, is at most 1, and can be negative. None for one item, or if all totals are equal.
    """
    value = _alpha(moments.items, float(moments.square.sum()), moments.total_square, moments.n)
    return Estimate(None) if value is None else Estimate(value, *feldt(value, moments.n, moments.items, level))


def feldt(alpha: float, n: int, k: int, level: float = LEVEL) -> tuple[float, float]:
    """The interval of an alpha of ``k`` items and ``n`` people.

    (1 - alpha) / (1 - its estimate) follows F with n - 1 and (n - 1)(k - 1) degrees of freedom if the items are
    parallel (Feldt, Psychometrika 1965;30:357-370; Feldt, Woodruff and Salih, Appl Psychol Meas 1987;11:93-103,
    formulas 6 and 7).

    Raises:
        ValueError: an alpha above 1, or fewer than two people or items.
    """
    if not alpha <= 1 or n < 2 or k < 2:
        raise ValueError(f"expected an alpha of at most 1, two people and two items; not {alpha}, {n} and {k}")
    tail = (1 - level) / 2
    low, high = (1 - (1 - alpha) * float(fdtri(n - 1, (n - 1) * (k - 1), p)) for p in (1 - tail, tail))
    return low, high


def correlation(product: float, square: float, other: float, n: int, level: float = LEVEL) -> Estimate:
    """Pearson's correlation from sums of products and squares, with Fisher's interval.

    Fisher's z = artanh r has a standard error of about 1 / sqrt(n - 3) (Fisher, Metron 1921;1:3-32); for scores of 0
    or 1 it is an approximation. None if one of the two does not vary; no interval below four people or for a
    correlation of 1.
    """
    if min(square, other) <= _NOTHING * n:
        return Estimate(None)
    r = max(-1.0, min(1.0, product / math.sqrt(square * other)))
    # Else rounding decides whether no correlation is written 0.00 or -0.00.
    r = 0.0 if abs(r) < _NOTHING else r
    if n < 4 or abs(r) > 1 - 1e-12:
        return Estimate(r)
    z, half = math.atanh(r), _deviations(level) / math.sqrt(n - 3)
    return Estimate(r, math.tanh(z - half), math.tanh(z + half))


def wilson(share: float, n: int, level: float = LEVEL) -> tuple[float, float]:
    """Wilson's score interval of a share (J Am Stat Assoc 1927;22:209-212).

    For the mean of scores between 0 and 1 it is rather too wide, since their variance is at most that of 0 and 1.

    Raises:
        ValueError: a share outside 0 to 1, or nobody.
    """
    if not -1e-9 <= share <= 1 + 1e-9 or n < 1:
        raise ValueError(f"expected a share from 0 to 1 of at least one; not {share} of {n}")
    share = max(0.0, min(1.0, share))
    z = _deviations(level)
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (0.0 if share == 0 else middle - half), (1.0 if share == 1 else middle + half)


def quantile(counts: Sequence[int] | NDArray[np.int64], share: float) -> int | None:
    """The place in a histogram below or at which this share of all lies; None if nobody is in it."""
    running = np.cumsum(counts)
    if not len(running) or running[-1] == 0:
        return None
    return int(np.searchsorted(running, share * running[-1], side="left"))


def _alpha(k: int, squares: float, total: float, n: int) -> float | None:
    return None if k < 2 or total <= _NOTHING * n else k / (k - 1) * (1 - squares / total)


def _deviations(level: float) -> float:
    return -NormalDist().inv_cdf((1 - level) / 2)
