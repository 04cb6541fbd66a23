"""How far a finding carries: its kind of study, how many people, how direct for breast cancer in the spine.

The grade follows from what the finding states, by one rule for all, so that two authors give the same grade:

1. A kind of study starts at a grade that depends on the question: a randomised trial starts high on whether a
   treatment helps, a registry on how common something is (the order of the Oxford levels, finding ``ocebm-2011``).
2. One step down for fewer than 100 people, for people or a disease other than those the course speaks of, for a result
   read second-hand only, and for each further reason that the entry states; one step up for each reason to trust it
   more.

It grades one result, where the GRADE scale of guidelines grades an outcome over all its studies.
"""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import Field

from .form import Part

Question = Literal[
    "how common", "how accurate", "what follows", "does it help", "does it harm", "how it works", "what is meant"
]
Design = Literal[
    "meta-analysis of trials",
    "randomised trial",
    "meta-analysis of cohorts",
    "registry",
    "cohort",
    "cross-sectional study",
    "case series",
    "case report",
    "laboratory study",
    "model",
    "review",
    "statement",
]
Direct = Literal[
    "breast cancer in the spine",
    "spinal metastases of several cancers",
    "breast cancer, not the spine alone",
    "bone metastases of several cancers",
    "other people or cancers",
    "animals or cells",
    "no people",
]
Grade = Literal["high", "moderate", "low", "very low", "not graded"]

_EFFECT = {
    "meta-analysis of trials": 4,
    "randomised trial": 4,
    "meta-analysis of cohorts": 2,
    "registry": 2,
    "cohort": 2,
    "cross-sectional study": 1,
    "case series": 1,
    "case report": 1,
    "laboratory study": 1,
    "model": 1,
    "review": 1,
    "statement": 1,
}
_COURSE = {
    "meta-analysis of trials": 4,
    "randomised trial": 3,
    "meta-analysis of cohorts": 4,
    "registry": 4,
    "cohort": 3,
    "cross-sectional study": 3,
    "case series": 2,
    "case report": 1,
    "laboratory study": 1,
    "model": 1,
    "review": 2,
    "statement": 1,
}
_MECHANISM = {**_COURSE, "laboratory study": 2}
_WORDS = {4: "high", 3: "moderate", 2: "low", 1: "very low"}
_FEW = 100


class Certainty(Part):
    """What a finding's grade of certainty follows from."""

    question: Question = Field(
        description=f"one of: {', '.join(get_args(Question))}", examples=["question: does it help"]
    )
    design: Design = Field(
        description=f"the kind of study, one of: {', '.join(get_args(Design))}", examples=["design: randomised trial"]
    )
    people: int | None = Field(
        None, ge=1, description="how many people were studied; left out if none or unknown", examples=["people: 101"]
    )
    direct: Direct = Field(
        description=f"how near to the course's subject, one of: {', '.join(get_args(Direct))}",
        examples=["direct: spinal metastases of several cancers"],
    )
    lowered: list[str] = Field(
        [], description="reasons to trust it less, each one step", examples=["lowered: [stopped early]"]
    )
    raised: list[str] = Field(
        [], description="reasons to trust it more, each one step", examples=["raised: [a very large difference]"]
    )

    def grade(self, second_hand: bool = False) -> Grade:
        """The grade by the rule of this module; definitions, rules and advice are not graded."""
        if self.question == "what is meant":
            return "not graded"
        if self.question in {"does it help", "does it harm"}:
            start = _EFFECT
        elif self.question == "how it works":
            start = _MECHANISM
        else:
            start = _COURSE
        step = start[self.design] - len(self.reasons(second_hand)) + len(self.raised)
        return _WORDS[min(4, max(1, step))]

    def reasons(self, second_hand: bool = False) -> list[str]:
        """Why the grade is lower than its kind of study would allow, one reason a step."""
        reasons = []
        if self.people is not None and self.people < _FEW:
            reasons.append(f"fewer than {_FEW} people")
        if self.direct == "other people or cancers":
            reasons.append("studied in other people or cancers")
        if self.direct == "animals or cells" and self.design != "laboratory study":
            reasons.append("studied in animals or cells")
        if second_hand:
            reasons.append("the original was not read")
        return reasons + self.lowered

    def words(self, second_hand: bool = False) -> str:
        """The grade and what it follows from, as a sentence for readers."""
        grade = self.grade(second_hand)
        seen = self.design if self.people is None else f"{self.design}, {self.people:,} people"
        parts = [f"{seen}; {self.direct}"]
        if grade == "not graded":
            return f"not graded, since it is a definition, a rule or advice ({parts[0]})"
        if reasons := self.reasons(second_hand):
            parts.append(f"Lowered: {', '.join(reasons)}")
        if self.raised:
            parts.append(f"Raised: {', '.join(self.raised)}")
        return f"{grade} on “{self.question}” ({'. '.join(parts)})"
