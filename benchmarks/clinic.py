"""How long each function of ``spinemets.clinic`` takes that an explorer may call while a control moves.

``CALLS`` names each once; a test holds the list complete. What takes longer than the budget says why in ``SLOW``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import median
from time import perf_counter

from spinemets.clinic import (
    accuracy,
    asia,
    bias,
    bone_cycle,
    cascade,
    cohorts,
    cox,
    diagnostics,
    dormancy,
    escc,
    frankel,
    intervals,
    noms,
    performance,
    published,
    radiobiology,
    radiosensitivity,
    record,
    resistance,
    scores,
    sins,
    survival,
)

from .report import Report

BUDGET = 5.0
"""Milliseconds."""
RUNS = 15

_TEST = diagnostics.Test(0.9, 0.8)
_STUDY = accuracy.Study(90, 20, 10, 80)
_TABLE = cohorts.rotterdam()
_OUTCOME = cohorts.to_metastasis(_TABLE)
_CURVE = survival.kaplan_meier(_OUTCOME)
_GROUPS = [cohorts.to_metastasis(cohorts.women(group)) for group in ("positive", "negative")]
_DEGREES = {"mild": accuracy.Detected(50, 100), "advanced": accuracy.Detected(90, 100)}
_ESTIMATES = [intervals.proportion(5, 10), intervals.proportion(4, 10)]
_LYMPH_NODE = cohorts.lymph_node()
_COURSES = (radiobiology.Course(10, 3), radiobiology.Course(2, 5))
_YEARS = tuple(range(21))

CALLS: dict[Callable, tuple] = {
    accuracy.begg_greenes: (accuracy.Study(140, 80, 6, 72), 220, 780),
    accuracy.partly_verified: (_TEST, 1, 0.1),
    accuracy.spectrum: (_DEGREES, {"mild": 0.5, "advanced": 0.5}),
    asia.complete: ("B",),
    asia.grade: (True, False, True, 4, 10),
    asia.meaning: ("B",),
    bias.immortal_time: (5000, 24, 0.3, 12, 1, 1),
    bias.lead_time: (5000, 6, 0, 24, 1),
    bone_cycle.alone: (_YEARS,),
    bone_cycle.simulate: ("RANKL", 0.5),
    cascade.at_least_one: (60_000_000, 1 / 60_000_000),
    cascade.clone_sizes: (10_000, 0.5, 0.4, 12, 1),
    cascade.clustered: (1 / 60_000_000, 20),
    cascade.dies_out: (0.5, 0.4, 12),
    cascade.expected: (60_000_000, 1 / 60_000_000),
    cascade.expected_size: (0.5, 0.4, 12),
    cascade.extinction: ((0.4, 0.1, 0.5),),
    cascade.founds: (100, 0.5, 0.4),
    cascade.share_per_step: (1 / 60_000_000,),
    cascade.simulate: (60_000_000, 1 / 60_000_000, 1),
    cohorts.after_metastasis: (_TABLE,),
    cohorts.after_metastasis_from_diagnosis: (_TABLE,),
    cohorts.after_recurrence: (_LYMPH_NODE,),
    cohorts.gbsg2: (),
    cohorts.hazard_ratio: (0, 2),
    cohorts.lymph_node: (),
    cohorts.rotterdam: (),
    cohorts.to_death: (_TABLE,),
    cohorts.to_metastasis: (_TABLE,),
    cohorts.to_recurrence_or_death: (_TABLE,),
    cohorts.women: ("positive",),
    cox.cox: (_OUTCOME, _TABLE[["er"]]),
    diagnostics.after: (0.1, 0.9, 0.8, "positive"),
    diagnostics.both: ([_TEST, _TEST],),
    diagnostics.either: ([_TEST, _TEST],),
    diagnostics.people: (0.1, [(_TEST, True)]),
    diagnostics.post_test: (0.1, [(_TEST, True)]),
    diagnostics.post_test_range: (0.1, _STUDY.likelihood_ratio(True)),
    diagnostics.steps: (0.1, [(_TEST, True)]),
    dormancy.any_wakes: (_YEARS, 0.01, 10),
    dormancy.course: ("T1", "N0"),
    dormancy.published: ("T1", "N0"),
    dormancy.rate: (0.2, 15),
    dormancy.recurred: (_YEARS, 0.01),
    escc.disputed: ("1c",),
    escc.grade: (True, True, True),
    escc.group: ("1c",),
    escc.groupings: (),
    escc.meaning: ("1c",),
    frankel.grade: ("useful", "normal"),
    frankel.meaning: ("D",),
    frankel.walking: ("D",),
    frankel.with_walking: ("D", True),
    intervals.combined: ((1, -1), _ESTIMATES),
    intervals.difference: (42, 50, 29, 51),
    intervals.log_interval: (2, 0.5, "log"),
    intervals.normal_quantile: (0.95,),
    intervals.odds_ratio: (42, 50, 29, 51),
    intervals.proportion: (42, 50),
    intervals.ratio: (42, 50, 29, 51),
    intervals.wilson: (42, 50),
    noms.disagreement: ("radiation-or-operation-first",),
    noms.options: ("2", "radioresistant", "stable", True),
    performance.ecog: (2,),
    performance.ecog_from_karnofsky: (70,),
    performance.karnofsky: (70,),
    performance.karnofsky_from_ecog: (2,),
    performance.with_walking: (2, True),
    published.published: ("kiely", "mean_months"),
    radiobiology.bed: (10, 3, 2),
    radiobiology.cord_limit: (3,),
    radiobiology.cord_limits: (),
    radiobiology.dose_per_fraction: (75, 5, 2),
    radiobiology.doubt: (12,),
    radiobiology.effect: (10, 3, 2),
    radiobiology.eqd2: (10, 3, 2),
    radiobiology.equivalent: (10, 3, 2, 5),
    radiobiology.fractions: (75, 3, 2),
    radiobiology.second_course: (*_COURSES, 6, "thoracic"),
    radiosensitivity.classes: ("breast",),
    radiosensitivity.histologies: (),
    record.bands: ("tokuhashi-2005",),
    record.record: ("tokuhashi-2005",),
    resistance.any_resistant: (10**9, 1e-8),
    resistance.expected_resistant: (10**9, 1e-8),
    resistance.regrowth: (0.01, 3),
    resistance.simulate: ("adaptive",),
    scores.bauer: (False, 2),
    scores.bauer_original: (False, 2, False),
    scores.katagiri: ("slow", "none", "normal", 1, True, 2),
    scores.rades_short: (2, False, False, 20, True, 10),
    scores.tokuhashi: (80, 1, 2, "none", "E"),
    scores.tokuhashi_1990: (80, 1, 2, "none", "E"),
    scores.tomita: ("slow", "none", 1),
    scores.van_der_linden: (80, False),
    sins.category: (9,),
    sins.collapse_of: (30,),
    sins.items: (),
    sins.location_of: ("T12",),
    sins.score: ("mobile", "mechanical", "lytic", "normal", "none", "none"),
    survival.cumulative_incidence: (_OUTCOME,),
    survival.in_years: (_LYMPH_NODE["death_days"], _LYMPH_NODE["death"]),
    survival.kaplan_meier: (_OUTCOME,),
    survival.landmark: (_OUTCOME, 5),
    survival.log_rank: (_GROUPS[0], _GROUPS[1]),
    survival.median: (_CURVE,),
    survival.rate: (_OUTCOME, 0, math.inf),
    survival.restricted_mean: (_OUTCOME, 10),
    survival.time_until: (_CURVE, 0.8),
}
"""A function, and arguments that ask much of it: whole cohorts, thousands of people."""
SLOW: dict[Callable, str] = {
    cox.cox: "lifelines fits by iteration and computes residuals for its check; for notebooks, not explorers",
}


def name(function: Callable) -> str:
    """A function as ``module.function``."""
    return f"{function.__module__.rsplit('.', 1)[-1]}.{function.__name__}"


def milliseconds(function: Callable, arguments: tuple, runs: int = RUNS) -> float:
    """The median of some runs after one that warms up."""
    function(*arguments)
    times = []
    for _ in range(runs):
        start = perf_counter()
        function(*arguments)
        times.append(1000 * (perf_counter() - start))
    return median(times)


def measure(report: Report) -> None:
    """Time every function, the slowest first; those over the budget say why."""
    found = {function: milliseconds(function, arguments) for function, arguments in CALLS.items()}
    for function, time in sorted(found.items(), key=lambda pair: -pair[1]):
        report.add(name(function), time, "ms", None if function in SLOW else BUDGET)
    for function, why in SLOW.items():
        report.skip(f"{name(function)} has no budget: {why}.")
