"""What a dose in fractions does to a tissue, by the linear-quadratic formula, and what the spinal cord bears.

Doses are in gray (Gy). No function supposes an alpha/beta: it belongs to a tissue and is named by the caller. Formulas:
finding ``bed-formula``. From which dose per fraction they are doubted: finding ``lq-limits``; such a dose is computed,
and the result says so. Limits of the cord come from the table ``cord-limits`` and the findings ``cord-hytec`` and
``cord-nieder``. They describe groups of people; whether one person may be treated is not answered here.
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

from ..evidence import finding, table
from .errors import ClinicError
from .inputs import number, one_of, whole

FORMULA = "finding bed-formula"
REFERENCE = 2.0
"""The dose per fraction, in Gy, that EQD2 has its name from."""
MOST_FRACTIONS, MOST_DOSE = 100, 100.0
"""Bounds of inputs: above 100 Gy a fraction the dose was probably meant in cGy."""

# The formula ---------------------------------------------------------------------------------------------------------


def bed(n: int, d: float, alpha_beta: float) -> float:
    """Biologically effective dose in Gy: ``n d (1 + d / alpha_beta)``.

    Args:
        n: number of fractions, 1 to 100.
        d: dose of one fraction in Gy, above 0 and at most 100.
        alpha_beta: of the tissue, in Gy, 0.1 to 1000. Without it a BED says nothing.

    Raises:
        ClinicError: a value outside these bounds.
    """
    count, dose, ratio = _fractions(n), _dose(d), _ratio(alpha_beta)
    return count * dose * (1 + dose / ratio)


def eqd2(n: int, d: float, alpha_beta: float) -> float:
    """The dose in Gy that does the same in fractions of 2 Gy: ``BED / (1 + 2 / alpha_beta)``; see :func:`bed`."""
    return bed(n, d, alpha_beta) / (1 + REFERENCE / alpha_beta)


def dose_per_fraction(effect: float, n: int, alpha_beta: float) -> float:
    """The dose of one fraction in Gy with which ``n`` fractions reach a BED.

    Args:
        effect: the BED in Gy at this alpha/beta, above 0.
        n: number of fractions, 1 to 100.
        alpha_beta: of the tissue, in Gy.

    Raises:
        ClinicError: a value outside these bounds.
    """
    share, ratio = _effect(effect) / _fractions(n), _ratio(alpha_beta)
    # The positive root of d^2 / (alpha/beta) + d - share, in the form that stays exact for small doses.
    return 2 * share / (1 + math.sqrt(1 + 4 * share / ratio))


def fractions(effect: float, d: float, alpha_beta: float) -> float:
    """How many fractions of ``d`` Gy reach a BED; rarely a whole number.

    Args:
        effect: the BED in Gy at this alpha/beta, above 0.
        d: dose of one fraction in Gy.
        alpha_beta: of the tissue, in Gy.

    Raises:
        ClinicError: a value outside the bounds of :func:`bed`.
    """
    return _effect(effect) / bed(1, d, alpha_beta)


def equivalent(n: int, d: float, alpha_beta: float, other_n: int) -> float:
    """The dose of one fraction in Gy with which another number of fractions does the same to this tissue.

    To another tissue the two schedules do different things: compute :func:`eqd2` of both with its alpha/beta.

    Args:
        n: number of fractions.
        d: dose of one of them in Gy.
        alpha_beta: of the tissue, in Gy.
        other_n: number of fractions of the other schedule.

    Raises:
        ClinicError: a value outside the bounds of :func:`bed`.
    """
    return dose_per_fraction(bed(n, d, alpha_beta), _fractions(other_n, "other_n"), alpha_beta)


class Doubt(NamedTuple):
    """Whether the formula is defended at a dose per fraction (finding ``lq-limits``).

    Attributes:
        degree: "validated"; "disputed", where one side still holds it reasonable; "beyond", where neither does.
        above: the dose per fraction in Gy above which this degree begins; 0 for "validated".
    """

    degree: Literal["validated", "disputed", "beyond"]
    above: float


def doubt(d: float) -> Doubt:
    """How far the linear-quadratic formula is trusted at ``d`` Gy a fraction, by the reviews in ``lq-limits``.

    Raises:
        ClinicError: no dose above 0 and at most 100 Gy.
    """
    dose = _dose(d)
    found = finding("lq-limits")
    validated = float(found["dose per fraction up to which it is well validated (one side)"].value)
    reasonable = float(found["dose per fraction up to which it is reasonable (one side)"].value)
    if dose <= validated:
        return Doubt("validated", 0.0)
    return Doubt("disputed", validated) if dose <= reasonable else Doubt("beyond", reasonable)


class Effect(NamedTuple):
    """A schedule and what it does to a tissue; doses in Gy."""

    fractions: int
    dose: float
    alpha_beta: float
    total: float
    bed: float
    eqd2: float
    doubt: Doubt


def effect(n: int, d: float, alpha_beta: float) -> Effect:
    """Total dose, BED and EQD2 in Gy of ``n`` fractions of ``d`` Gy, and how far the formula is trusted there.

    Raises:
        ClinicError: a value outside the bounds of :func:`bed`.
    """
    biological = bed(n, d, alpha_beta)  # first, since it checks all three
    return Effect(n, d, alpha_beta, n * d, biological, eqd2(n, d, alpha_beta), doubt(d))


# The spinal cord -----------------------------------------------------------------------------------------------------


class CordLimit(NamedTuple):
    """The highest dose at any point of the cord at a first treatment (table ``cord-limits``), doses in Gy.

    Attributes:
        fractions: how many fractions it is given in.
        total: the dose over all of them; the lower figure where the source gives a range.
        upper: the upper figure, if there is one.
        alpha_beta: what the source assumes for the cord.
        risk: lowest and highest risk of damage to the cord at this dose, per cent.
    """

    fractions: int
    total: float
    upper: float | None
    alpha_beta: float
    risk: tuple[float, float]


def cord_limits() -> tuple[CordLimit, ...]:
    """The limits for each number of fractions that the source gives."""
    source = table("cord-limits")
    low, high = source.extra["risk_of_myelopathy_pct"]
    return tuple(
        CordLimit(row["fractions"], row["dose_gy"], row["dose_upper_gy"], row["alpha_beta_gy"], (low, high))
        for row in source.rows
    )


def cord_limit(n: int) -> CordLimit:
    """The limit for ``n`` fractions.

    Raises:
        ClinicError: a number of fractions for which the source gives none.
    """
    limits = {limit.fractions: limit for limit in cord_limits()}
    allowed = f"{min(limits)} to {max(limits)} fractions, for which there are limits"
    return limits[whole("n", n, allowed, "table cord-limits", limits.__contains__)]


class Course(NamedTuple):
    """One course of radiation as the cord received it at its most exposed point: fractions, and Gy in each."""

    n: int
    d: float


class Condition(NamedTuple):
    """One condition that went with a lower risk when the cord was irradiated twice.

    Attributes:
        source: evidence id of the finding.
        name: the condition, in the finding's words.
        value: what these courses come to.
        limit: the finding's figure.
        unit: Gy, months or a ratio.
        met: whether the value keeps to the limit.
    """

    source: str
    name: str
    value: float
    limit: float
    unit: str
    met: bool


def second_course(
    first: Course, second: Course, months: float, region: Literal["cervical", "thoracic", "lumbar"]
) -> tuple[Condition, ...]:
    """Two published sets of conditions, applied to two courses: which are met, and which are not.

    ``cord-hytec`` speaks of a stereotactic second course and uses EQD2; ``cord-nieder`` speaks of any and uses BED,
    with another alpha/beta for the lumbar cord. The sets can disagree. To meet them all does not make a treatment
    safe, and the course does not advise.

    Args:
        first: the first course at the cord.
        second: the second, stereotactic for ``cord-hytec``.
        months: between the two, 0 or more.
        region: of the cord.

    Raises:
        ClinicError: a value outside the bounds of :func:`bed`, no time, or an unknown region.
    """
    gap = number("months", months, "0 months or more", "finding cord-nieder", lambda t: t >= 0)
    one_of("region", region, ("cervical", "thoracic", "lumbar"), "finding cord-nieder")
    for name, course in (("first", first), ("second", second)):
        if not isinstance(course, tuple) or len(course) != 2:
            raise ClinicError(name, course, "a Course: fractions, and Gy in each", FORMULA)
    assumed = cord_limits()[0].alpha_beta
    before, after = eqd2(*first, assumed), eqd2(*second, assumed)
    nieder = finding("cord-nieder")
    where = "lumbar cord" if region == "lumbar" else "cervical and thoracic cord"
    own = float(nieder[f"alpha/beta assumed, {where}"].value)
    beds = (bed(*first, own), bed(*second, own))
    at_most = {
        "cord-hytec": {
            "second treatment, sum of both courses at most (EQD2, alpha/beta 2)": before + after,
            "second treatment, stereotactic course at most (EQD2, alpha/beta 2)": after,
            "second treatment, stereotactic course as a part of the sum, at most": after / (before + after),
        },
        "cord-nieder": {
            "summed BED, low risk, at most": sum(beds),
            "BED of one course, at most": max(beds),
        },
    }
    at_least = {
        "cord-hytec": "second treatment, interval at least",
        "cord-nieder": "interval between courses, at least",
    }
    conditions = []
    for source, values in at_most.items():
        for name, value in values.items():
            limit = finding(source)[name]
            conditions.append(
                Condition(source, name, value, float(limit.value), limit.unit, value <= limit.value + 1e-9)
            )
        wait = finding(source)[at_least[source]]
        conditions.append(Condition(source, at_least[source], gap, float(wait.value), wait.unit, gap >= wait.value))
    return tuple(conditions)


def _fractions(n: object, argument: str = "n") -> int:
    allowed = f"1 to {MOST_FRACTIONS} fractions"
    return whole(argument, n, allowed, FORMULA, lambda k: 1 <= k <= MOST_FRACTIONS)


def _dose(d: object) -> float:
    allowed = f"a dose per fraction in Gy (not cGy) above 0 and at most {MOST_DOSE:g}"
    return number("d", d, allowed, FORMULA, lambda x: 0 < x <= MOST_DOSE)


def _ratio(alpha_beta: object) -> float:
    return number(
        "alpha_beta", alpha_beta, "the tissue's alpha/beta, 0.1 to 1000 Gy", FORMULA, lambda x: 0.1 <= x <= 1000
    )


def _effect(value: object) -> float:
    return number("effect", value, "a BED above 0 Gy", FORMULA, lambda x: 0 < x <= 1e9)
