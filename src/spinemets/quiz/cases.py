"""Cases: a synthetic person's story, decided step by step, each decision with what follows from it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from .parts import ID, Graded, Part, Text, different

END = "end"
"""The value of ``next`` that ends a case."""
BEST_POINTS = 2
"""Points of the best option of each step of a case."""


class CaseOption(Part):
    """One decision in a case, and what follows from it."""

    text: Text = Field(description="what the reader can decide", examples=["text: Order an MRI of the whole spine"])
    points: int = Field(ge=0, le=BEST_POINTS, description="0, 1 or 2", examples=["points: 2"])
    consequence: Text = Field(description="what happens then, and why", examples=["consequence: It shows ..."])
    next: str = Field(description='the id of the step that follows, or "end"', examples=["next: second"])


class Step(Part):
    """One step of a case: what happened, what to decide."""

    id: str = Field(
        pattern=ID, description="small letters, digits and hyphens, unique within the case", examples=["id: first"]
    )
    text: Text = Field(description="what has happened", examples=["text: Six weeks later ..."])
    question: Text = Field(description="what is to be decided", examples=["question: What next?"])
    options: tuple[CaseOption, ...] = Field(
        min_length=2,
        description="two or more decisions; the best has 2 points",
        examples=["options: [{text: ..., points: 2, consequence: ..., next: end}, ...]"],
    )

    @field_validator("options")
    @classmethod
    def has_best(cls, options: tuple[CaseOption, ...]) -> tuple[CaseOption, ...]:
        different([option.text for option in options])
        if max(option.points for option in options) != BEST_POINTS:
            raise ValueError(f"the best option has {max(option.points for option in options)} points; it must have 2")
        return options


class Case(Graded):
    """A synthetic person's story, decided step by step."""

    type: Literal["case"]
    title: Text = Field(description="the case's title", examples=["title: Six weeks of back pain"])
    person: Text = Field(
        description="who it is about, with the word synthetic",
        examples=["person: Maria Lindqvist, 57, a synthetic person."],
    )
    steps: tuple[Step, ...] = Field(
        min_length=1,
        description="the steps; the first is where the case begins",
        examples=["steps: [{id: first, ...}]"],
    )
    ending: Text = Field(description="what was traded, shown at the end", examples=["ending: Time was bought with ..."])
    explanation: str = Field("", description="more to say afterwards, if needed", examples=["explanation: ..."])

    @field_validator("person")
    @classmethod
    def said_to_be_synthetic(cls, person: str) -> str:
        if "synthetic" not in person.lower():
            raise ValueError("it does not say that the person is synthetic")
        return person

    @field_validator("steps")
    @classmethod
    def every_path_ends(cls, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        ids = [step.id for step in steps]
        different(ids)
        if END in ids:
            raise ValueError(f"a step is called {END!r}, which ends a case; give it another id")
        for step in steps:
            for option in step.options:
                if option.next not in (*ids, END):
                    raise ValueError(
                        f"step {step.id!r} leads to {option.next!r}, which is no step; expected one of {[*ids, END]}"
                    )
        nexts = {step.id: [option.next for option in step.options if option.next != END] for step in steps}
        reached: set[str] = set()

        def walk(step: str, path: tuple[str, ...]) -> None:
            if step in path:
                raise ValueError(
                    f"the steps {' > '.join([*path, step])} go round in a circle; every path must reach 'end'"
                )
            if step in reached:
                return
            for following in nexts[step]:
                walk(following, (*path, step))
            reached.add(step)

        walk(ids[0], ())
        unreached = [step for step in ids if step not in reached]
        if unreached:
            raise ValueError(f"no option leads to step {unreached[0]!r}; name it in a 'next' or remove it")
        return steps
