"""Two ways in which a clock deceives, with synthetic people: lead time and immortal time.

Nobody in here is real. Deaths come at a constant rate, which no cohort shows; what is to be seen does not hang on it.
Times are in months. Figures on death are sensitive: a chapter shows them only when a reader asks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .errors import ClinicError
from .inputs import number, seed, whole
from .intervals import Estimated, log_interval
from .survival import Floats, Outcome

LEAD_TIME_EXAMPLES = ("followup-rct",)
"""Evidence ids: a trial in which more metastases were found early and deaths stayed as they were."""
IMMORTAL_TIME_EXAMPLES = ("immortal-time", "stat-itb-mbc", "stat-itb-pmrt", "stat-itb-why", "psy-giesedavis")
"""Evidence ids: studies in which one had to live on to be counted in a group, and why that deceives."""
MOST = 100_000
_LEAD, _IMMORTAL = "simulated lead time", "simulated immortal time"

# Lead time -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class LeadTime:
    """The same synthetic people found by symptoms, and found earlier.

    Attributes:
        earlier: months before the symptoms at which a scan finds the disease.
        later: months by which being found earlier puts off death; 0 if it changes nothing.
        death: months from symptoms to death if found by symptoms, one for each person.
    """

    earlier: float
    later: float
    death: Floats

    @property
    def death_if_earlier(self) -> Floats:
        """Months from the (unchanged) time of symptoms to death, if found earlier."""
        return self.death + self.later

    @property
    def gain_from_diagnosis(self) -> float:
        """Months by which survival counted from the diagnosis grows: the lead and the gain in life together."""
        return self.earlier + self.later

    def by_symptoms(self) -> Outcome:
        """Years from diagnosis to death if found by symptoms."""
        return _died(self.death)

    def by_scan(self) -> Outcome:
        """Years from diagnosis to death if found earlier."""
        return _died(self.death_if_earlier + self.earlier)


def lead_time(people: int, earlier: float, later: float, median: float, seed: int) -> LeadTime:
    """Synthetic people of whom each is found ``earlier`` months before symptoms, and dies ``later`` months later.

    With ``later`` 0 nobody lives a day longer, and survival from diagnosis grows by exactly ``earlier``. Examples from
    studies: :data:`LEAD_TIME_EXAMPLES`.

    Args:
        people: 1 to 100,000.
        earlier: the lead in months, the same for all.
        later: the gain in life in months, the same for all.
        median: median months from symptoms to death, if found by symptoms.
        seed: the same seed gives the same people.

    Raises:
        ClinicError: a number out of these bounds.
    """
    random = _random(seed)
    count = _people(people, _LEAD)
    lead = number("earlier", earlier, "0 months or more", _LEAD, lambda t: t >= 0)
    gain = number("later", later, "0 months or more", _LEAD, lambda t: t >= 0)
    return LeadTime(lead, gain, random.exponential(_mean(median, _LEAD), count))


# Immortal time -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class ImmortalTime:
    """Synthetic people who are treated when their turn comes, if they are still alive.

    Attributes:
        start: month at which treatment is due, one for each person; infinite if none is planned.
        death: month of death.
        ratio: the true hazard ratio from the start of treatment on.
        analyses: name of the analysis -> hazard ratio of treated over untreated. "ever treated" counts the treated as
            such from month 0; "waiting left out" starts their clock at treatment and leaves out what they waited;
            "by time" counts each month as untreated before the start and treated after it.
    """

    start: Floats
    death: Floats
    ratio: float
    analyses: Mapping[str, Estimated]

    @property
    def treated(self) -> np.ndarray:
        """Who lived until treatment was due."""
        return self.death > self.start

    def outcome(self) -> Outcome:
        """Years from month 0 to death."""
        return _died(self.death)

    def landmark(self, month: float) -> Estimated:
        """The hazard ratio after a month, of those treated by then over those not, among who is alive then.

        Nobody has to live on to be counted, but whoever is treated later counts as untreated: that pulls it to 1.

        Raises:
            ClinicError: a month below 0, or one at which a group is empty.
        """
        month = number("month", month, "month 0 or later", "landmark analysis", lambda t: t >= 0)
        alive = self.death > month
        early = alive & (self.start <= month)
        late = alive & ~early
        if not (early.any() and late.any()):
            raise ClinicError("month", month, "a month with treated and untreated people alive", "landmark analysis")
        lived = self.death - month
        return _ratio(int(early.sum()), lived[early].sum(), int(late.sum()), lived[late].sum())


def immortal_time(people: int, median: float, planned: float, wait: float, ratio: float, seed: int) -> ImmortalTime:
    """Synthetic people, some with a treatment due at a month drawn evenly from 0 to ``wait``, analysed in three ways.

    With a ratio of 1 treatment does nothing, and yet those ever treated seem to live longer: who died early never
    came to be treated. All are followed until death. Examples from studies: :data:`IMMORTAL_TIME_EXAMPLES`.

    Args:
        people: 1 to 100,000.
        median: median survival in months without treatment.
        planned: share of people for whom treatment is planned, above 0, drawn without regard to how long they live.
        wait: the latest month at which treatment starts, above 0.
        ratio: hazard of death under treatment over that without; 1 for no effect.
        seed: the same seed gives the same people.

    Raises:
        ClinicError: a number out of these bounds, or so few people that nobody, or everybody, is treated.
    """
    random = _random(seed)
    count, mean = _people(people, _IMMORTAL), _mean(median, _IMMORTAL)
    planned = number("planned", planned, "a share above 0 and at most 1", _IMMORTAL, lambda p: 0 < p <= 1)
    wait = number("wait", wait, "a number of months above 0", _IMMORTAL, lambda t: t > 0)
    ratio = number("ratio", ratio, "a hazard ratio above 0", _IMMORTAL, lambda r: r > 0)
    untreated = random.exponential(mean, count)
    start = np.where(random.random(count) < planned, random.uniform(0, wait, count), math.inf)
    treated = untreated > start
    death = untreated.copy()
    death[treated] = start[treated] + (untreated - start)[treated] / ratio
    ever, never = int(treated.sum()), int((~treated).sum())
    if 0 in (ever, never):
        raise ClinicError("people", people, "enough people that some are treated and some not", _IMMORTAL)
    waited, after, without = start[treated].sum(), (death - start)[treated].sum(), death[~treated].sum()
    analyses = {
        "ever treated": _ratio(ever, waited + after, never, without),
        "waiting left out": _ratio(ever, after, never, without),
        "by time": _ratio(ever, after, never, waited + without),
    }
    return ImmortalTime(start, death, ratio, analyses)


def _ratio(deaths: int, months: float, other_deaths: int, other_months: float) -> Estimated:
    """Ratio of two rates of death; with constant rates this is the hazard ratio."""
    value = float(deaths / months / (other_deaths / other_months))
    return log_interval(value, math.sqrt(1 / deaths + 1 / other_deaths), "log, from the numbers of deaths")


def _died(months: Floats) -> Outcome:
    return Outcome(months / 12, np.ones(len(months), dtype=np.int64))


def _random(value: int) -> np.random.Generator:
    return np.random.default_rng(seed(value))


def _people(people: object, source: str) -> int:
    return whole("people", people, f"1 to {MOST:,} people", source, lambda n: 1 <= n <= MOST)


def _mean(median: object, source: str) -> float:
    return number("median", median, "a number of months above 0", source, lambda t: t > 0) / math.log(2)
