"""Survival curves of which a source printed only some points, from the evidence tables of these names.

Between two points the curve is not known; since it never rises, it lies between the values of the two. Nothing is said
beyond the last point. Sensitive: a chapter shows these figures only when a reader asks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ..evidence import table
from .errors import ClinicError
from .inputs import number, one_of
from .intervals import Estimated, Interval

_METHOD = "straight line between printed points; the bounds are their values, since a survival curve never rises"


@dataclass(frozen=True)
class Published:
    """The printed points of one group's curve.

    Attributes:
        id: evidence id of the table.
        group: the cells of the table that name this curve, or the table's title.
        months: times in months; the first is 0.
        shares: share still alive (or free of the event) then; the first is 1, by definition and not printed.
    """

    id: str
    group: str
    months: tuple[float, ...]
    shares: tuple[float, ...]

    def at(self, months: float) -> Estimated:
        """The share left at a time; between printed times within the bounds that they set.

        Raises:
            ClinicError: before 0 or after the last printed time.
        """
        end = self.months[-1]
        allowed = f"0 to {end:g} months, the times printed"
        months = number("months", months, allowed, self.id, lambda t: 0 <= t <= end)
        value = float(np.interp(months, self.months, self.shares))
        if months in self.months:
            return Estimated(value, Interval(value, value), "printed")
        after = int(np.searchsorted(self.months, months))
        return Estimated(value, Interval(self.shares[after], self.shares[after - 1]), _METHOD)

    def time_until(self, left: float = 0.5) -> Interval:
        """The printed times in months between which the share left falls to this one; with 0.5 the median's place.

        Raises:
            ClinicError: no share between 0 and 1, or one below the last printed value.
        """
        allowed = f"a share from {self.shares[-1]:g}, the last printed, to below 1"
        left = number("left", left, allowed, self.id, lambda p: self.shares[-1] <= p < 1)
        i = next(i for i, share in enumerate(self.shares) if share <= left)
        return Interval(self.months[i] if self.shares[i] == left else self.months[i - 1], self.months[i])

    def given(self, reached: float, months: float) -> float:
        """Of those alive at one printed time, the share alive at a later printed one: conditional survival.

        Raises:
            ClinicError: times that are not printed, not in order, or nobody left at the first.
        """
        printed = "printed times in order: " + ", ".join(f"{time:g}" for time in self.months)
        start = one_of("reached", reached, self.months, self.id)
        if one_of("months", months, self.months, self.id) < start:
            raise ClinicError("months", months, printed, self.id)
        base = self.shares[self.months.index(start)]
        if base == 0:
            raise ClinicError("reached", reached, "a time at which somebody is left", self.id)
        return self.shares[self.months.index(months)] / base


def published(id: str, months: str = "months", percent: str = "alive_pct", **group: str) -> Published:
    """The printed points of a curve, one row of the table each.

    ``published("wolf-series", group="stable spine", clock="overall survival")`` takes the rows with these cells;
    ``published("kiely", months="mean_months")`` takes the whole table.

    Args:
        id: evidence id of the table.
        months: the column with the time in months.
        percent: the column with the per cent left then.
        group: the cells that tell this curve's rows from those of others.

    Raises:
        ClinicError: no such column or cell, rows of several curves, or values that rise or are no percentages.
        UnknownIdError: no such table.
    """
    source = table(id)
    for argument, column in (("months", months), ("percent", percent), *((name, name) for name in group)):
        one_of(argument, column, source.columns, id)
    for name, cell in group.items():
        one_of(name, cell, list(dict.fromkeys(str(row[name]) for row in source.rows if name in row)), id)
    rows = [row for row in source.rows if all(row.get(name) == cell for name, cell in group.items())]
    name = ", ".join(group.values()) or source.title
    if len({row.get(months) for row in rows}) < len(rows) or not rows:
        others = ", ".join(column for column in source.columns if column not in (months, percent))
        raise ClinicError("group", name, f"cells that pick one curve; the columns are {others}", id)
    return _curve(id, name, [(row.get(months), row.get(percent)) for row in rows])


def _curve(id: str, group: str, points: Iterable[tuple[object, object]]) -> Published:
    allowed = "percentages that do not rise with time"
    checked = sorted(
        (
            number("months", month, "a time after 0", id, lambda t: t > 0),
            number(group, percent, allowed, id, lambda p: 0 <= p <= 100) / 100,
        )
        for month, percent in points
    )
    months, shares = zip((0.0, 1.0), *checked, strict=True)
    if any(later > earlier for earlier, later in zip(shares, shares[1:], strict=False)):
        raise ClinicError(group, shares, allowed, id)
    return Published(id, group, months, shares)
