"""The items of a quiz: what each type must contain, and the rules that hold within one item.

Each field says in its description what is expected and gives an example; :mod:`spinemets.quiz.bank` puts both into its
error messages, so that a wrong line in a YAML file explains itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, field_validator, model_validator

ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
STEM = r"^\d\d-[a-z0-9]+(-[a-z0-9]+)*$"
END = "end"
"""The value of ``next`` that ends a case."""
BEST_POINTS = 2
"""Points of the best option of each step of a case."""

Text = Annotated[str, Field(min_length=1)]


class Part(BaseModel):
    """Base of all parts of a quiz file: unknown fields are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)


class Option(Part):
    """One option of a choice, with the reason why it is right or wrong."""

    text: Text = Field(description="the option's text (numbers in quotes)", examples=['text: "28 per 1,000"'])
    correct: bool = Field(False, description="true or false", examples=["correct: true"])
    feedback: Text = Field(
        description="why this option is right or wrong, for every option", examples=["feedback: This counts lesions."]
    )


class PlainOption(Part):
    """One option of a prediction, which carries no score."""

    text: Text = Field(description="the option's text (numbers in quotes)", examples=["- text: About ten"])


class FindingValue(Part):
    """A number taken from the evidence instead of being typed again."""

    finding: Text = Field(description="the id of a finding", examples=["finding: late-recurrence"])
    value: str | None = Field(
        None, description="the name of one of the finding's values, if it has several", examples=["value: years 5-20"]
    )

    def resolve(self) -> float:
        """The number in the evidence.

        Raises:
            LookupError: no such finding, or the finding has no such value.
        """
        from spinemets.evidence.bank import finding

        found = finding(self.finding)
        number = found.value if self.value is None else found[self.value].value
        if isinstance(number, str | list):
            raise LookupError(f"the value {self.value!r} of the finding {self.finding!r} is {number!r}, not one number")
        return float(number)


class Hint(Part):
    """A wrong number that is understood, with the slip that leads to it."""

    value: float = Field(description="the wrong number", examples=["value: 30"])
    tolerance: float = Field(0, ge=0, description="a number not below 0", examples=["tolerance: 0.5"])
    feedback: Text = Field(description="the slip that leads to this number", examples=["feedback: You divided by ..."])


class NumberFeedback(Part):
    """What is said to a right and to a wrong number."""

    right: Text = Field(description="what to say to the right number", examples=["right: Yes, 2.8 points are 28."])
    wrong: Text = Field(
        description="what to say to a wrong number, without the answer", examples=["wrong: Read both curves again."]
    )


class Common(Part):
    """Fields of every item and exercise."""

    id: str = Field(
        pattern=ID,
        description="small letters, digits and hyphens; unique over all chapters, never changed",
        examples=["id: crossing-curves"],
    )
    evidence: tuple[str, ...] = Field(
        min_length=1,
        description="a list of ids of findings, at least one",
        examples=["evidence: [late-recurrence]"],
    )

    @property
    def hash(self) -> str:
        """Twelve hex digits that change whenever the item does, the number of its finding included."""
        content = json.dumps(resolved(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return sha256(content.encode()).hexdigest()[:12]

    def texts(self) -> Iterator[str]:
        """Every Markdown text of the item."""
        yield from _strings(self.model_dump(exclude={"id", "type", "evidence", "from_", "unit", "answer"}))


class QuizItem(Common):
    """Fields of an item that stands in a quiz (not of a "try it" exercise)."""

    objective: int = Field(
        ge=1, description="the number of a learning objective of the chapter", examples=["objective: 3"]
    )
    core: bool = Field(False, description="true if it belongs to the 20-minute road", examples=["core: true"])
    in_text: bool = Field(
        False,
        description="true if the chapter shows this item in its text, so that its quiz leaves it out",
        examples=["in_text: true"],
    )
    from_: str | None = Field(
        None,
        alias="from",
        pattern=STEM,
        description="the stem of the chapter that this item repeats",
        examples=["from: 05-metastasis"],
    )
    sensitive: bool = Field(
        False, description="true if it shows figures on death or survival", examples=["sensitive: true"]
    )


class Ask(Common):
    """Fields of everything that asks one question."""

    question: Text = Field(description="the question, in Markdown", examples=["question: Which reading fits best?"])


class ChoiceParts(Ask):
    """One right option among several."""

    type: Literal["choice"]
    options: tuple[Option, ...] = Field(
        min_length=2,
        description="a list of two or more options with text and feedback, one with correct: true",
        examples=["options: [{text: Yes, correct: true, feedback: ...}, {text: No, feedback: ...}]"],
    )

    @field_validator("options")
    @classmethod
    def one_key(cls, options: tuple[Option, ...]) -> tuple[Option, ...]:
        _different([option.text for option in options])
        count = sum(option.correct for option in options)
        if count != 1:
            raise ValueError(
                f"{count} options are marked correct; a choice has exactly one (type: choices has several)"
            )
        return options


class NumberParts(Ask):
    """A number with a tolerance and a unit."""

    type: Literal["number"]
    answer: float | FindingValue = Field(
        description="a number, or a value of a finding",
        examples=["answer: 28", "answer: {finding: late-recurrence, value: years 5-20}"],
    )
    tolerance: float = Field(
        ge=0, description="how far from the answer still counts as right, not below 0", examples=["tolerance: 1"]
    )
    unit: str = Field(description='the unit, or "" if there is none', examples=["unit: per 1,000 women"])
    hints: tuple[Hint, ...] = Field(
        (),
        description="wrong numbers that are understood",
        examples=["hints: [{value: 30, tolerance: 0.5, feedback: ...}]"],
    )
    feedback: NumberFeedback = Field(
        description="right and wrong", examples=["feedback: {right: Yes., wrong: Read both curves again.}"]
    )

    @model_validator(mode="after")
    def hints_are_wrong(self) -> NumberParts:
        if isinstance(self.answer, FindingValue):
            return self
        for hint in self.hints:
            if abs(hint.value - self.answer) <= self.tolerance:
                raise ValueError(
                    f"the hint for {hint.value:g} can never show: within the tolerance this number is right"
                )
        return self


_EXPLANATION = {"description": "what to say after any answer", "examples": ["explanation: The curves cross, so ..."]}


class Choice(ChoiceParts, QuizItem):
    """An item with one right option."""

    explanation: Text = Field(**_EXPLANATION)


class Choices(Ask, QuizItem):
    """An item with one or more right options; partial credit by :func:`spinemets.quiz.grading.choices`."""

    type: Literal["choices"]
    options: tuple[Option, ...] = Field(
        min_length=2,
        description="a list of two or more options with text and feedback, at least one with correct: true",
        examples=["options: [{text: CT, correct: true, feedback: ...}, {text: X-ray, feedback: ...}]"],
    )
    explanation: Text = Field(**_EXPLANATION)

    @field_validator("options")
    @classmethod
    def some_key(cls, options: tuple[Option, ...]) -> tuple[Option, ...]:
        _different([option.text for option in options])
        if not any(option.correct for option in options):
            raise ValueError("no option is marked correct; add 'correct: true' to at least one")
        return options


class Number(NumberParts, QuizItem):
    """An item that asks for a number."""

    explanation: Text = Field(**_EXPLANATION)


class Prediction(Ask, QuizItem):
    """A guess to commit to before reading on: no score, a model answer afterwards."""

    type: Literal["prediction"]
    options: tuple[PlainOption, ...] = Field(
        (), description="a list of texts to choose from; none for a number", examples=["options: [{text: Fewer}, ...]"]
    )
    answer: str | float | FindingValue = Field(
        description="the text of the right option, or a number if there are no options", examples=["answer: Fewer"]
    )
    unit: str = Field("", description="the unit of a number", examples=["unit: of 1,000 women"])
    model_answer: Text = Field(
        description="one or two sentences that answer why", examples=["model_answer: Most cells die on the way."]
    )
    explanation: str = Field("", description="more to say afterwards, if needed", examples=["explanation: ..."])

    @model_validator(mode="after")
    def answer_fits(self) -> Prediction:
        texts = [option.text for option in self.options]
        _different(texts)
        if texts and self.answer not in texts:
            raise ValueError(f"the answer {self.answer!r} is none of the options; expected one of {texts}")
        if not texts and isinstance(self.answer, str):
            raise ValueError(
                f"the answer {self.answer!r} is a text, but there are no options; add options or give a number"
            )
        return self


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
        _different([option.text for option in options])
        if max(option.points for option in options) != BEST_POINTS:
            raise ValueError(f"the best option has {max(option.points for option in options)} points; it must have 2")
        return options


class Case(QuizItem):
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
        _different(ids)
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


class TryChoice(ChoiceParts):
    """A "try it" exercise with one right option."""

    hint: Text = Field(
        description="where to look, without the answer", examples=["hint: Compare both curves at 15 years."]
    )
    explanation: str = Field("", description="more to say afterwards, if needed", examples=["explanation: ..."])


class TryNumber(NumberParts):
    """A "try it" exercise that asks for a number."""

    hint: Text = Field(
        description="where to look, without the answer", examples=["hint: Compare both curves at 15 years."]
    )
    explanation: str = Field("", description="more to say afterwards, if needed", examples=["explanation: ..."])


Item = Annotated[Choice | Choices | Number | Prediction | Case, Discriminator("type")]
Exercise = Annotated[TryChoice | TryNumber, Discriminator("type")]
AnyItem = Choice | Choices | Number | Prediction | Case | TryChoice | TryNumber


class QuizFile(Part):
    """A chapter's quiz and its "try it" exercises."""

    chapter: str = Field(
        pattern=STEM, description="the chapter's stem, as in the file's name", examples=["chapter: 05-metastasis"]
    )
    title: Text = Field(description="the heading above the quiz", examples=["title: Check yourself"])
    items: tuple[Item, ...] = Field(
        min_length=1, description="the list of items", examples=["items: [{id: ..., type: choice, ...}]"]
    )
    exercises: tuple[Exercise, ...] = Field(
        (), description='the list of "try it" exercises', examples=["exercises: [{id: ..., type: number, ...}]"]
    )


def resolved(item: Common) -> dict[str, Any]:
    """The item as plain JSON, with numbers of findings in place of their references.

    Raises:
        LookupError: a finding or its value does not exist.
    """
    content = item.model_dump(mode="json", by_alias=True)
    answer = getattr(item, "answer", None)
    if isinstance(answer, FindingValue):
        content["answer"] = answer.resolve()
    return content


def _different(texts: list[str]) -> None:
    for text in texts:
        if texts.count(text) > 1:
            raise ValueError(f"{text!r} stands there twice")


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)
