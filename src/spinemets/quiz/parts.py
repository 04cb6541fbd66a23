"""What the items of a quiz are made of: options, numbers from the evidence, slips, and the fields that items share.

Each field says in its description what is expected and gives an example; :mod:`spinemets.quiz.bank` puts both into its
error messages, so that a wrong line in a YAML file explains itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
STEM = r"^\d\d-[a-z0-9]+(-[a-z0-9]+)*$"
MOST_HINTS = 3

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


class Slip(Part):
    """A wrong number that is understood, with the slip that leads to it."""

    value: float = Field(description="the wrong number", examples=["value: 30"])
    tolerance: float = Field(0, ge=0, description="a number not below 0", examples=["tolerance: 0.5"])
    feedback: Text = Field(description="the slip that leads to this number", examples=["feedback: You divided by ..."])


class RightWrong(Part):
    """What is said to a right and to a wrong answer."""

    right: Text = Field(description="what to say to the right answer", examples=["right: Yes, 2.8 points are 28."])
    wrong: Text = Field(
        description="what to say to a wrong answer, without the right one", examples=["wrong: Read both curves again."]
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
    hints: tuple[Text, ...] = Field(
        (),
        max_length=MOST_HINTS,
        description=f"up to {MOST_HINTS} hints, each telling more than the one before, none the answer",
        examples=["hints: [Compare both curves at 15 years., Subtract the lower from the higher.]"],
    )

    @property
    def hash(self) -> str:
        """Twelve hex digits that change whenever what is asked, graded or said does.

        Numbers of findings count; where the item stands (objective, level, core, in_text ...) does not, so that sorting
        a bank makes nobody lose an answer.
        """
        return digest(_told({key: value for key, value in self.content().items() if key not in _PLACE}))

    def content(self) -> dict[str, Any]:
        """The item as plain JSON, with numbers of findings and of calculations in place of what names them.

        Raises:
            LookupError: a finding or its value does not exist.
        """
        content = self.model_dump(mode="json", by_alias=True)
        answer = getattr(self, "answer", None)
        if isinstance(answer, FindingValue):
            content["answer"] = answer.resolve()
        return content

    def texts(self) -> Iterator[str]:
        """Every Markdown text of the item."""
        yield from strings(self.model_dump(exclude={"id", "type", "evidence", "from_", "unit", "answer", "level"}))


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


class Graded(QuizItem):
    """Fields of an item that has a score (not of a prediction)."""

    level: Literal["recall", "apply", "judge"] = Field(
        description="recall | apply | judge: what the learner must do", examples=["level: apply"]
    )
    new_setting: bool = Field(
        False,
        description="true if it asks about a situation that the chapter does not show",
        examples=["new_setting: true"],
    )
    before: bool = Field(
        False,
        description="true if the chapter asks it before it begins, too (without telling the answer)",
        examples=["before: true"],
    )


class Ask(Common):
    """Fields of everything that asks one question."""

    question: Text = Field(description="the question, in Markdown", examples=["question: Which reading fits best?"])


EXPLANATION: dict[str, Any] = {
    "description": "what to say after any answer",
    "examples": ["explanation: The curves cross, so ..."],
}
_PLACE = {"objective", "core", "in_text", "from", "sensitive", "level", "new_setting", "before", "evidence"}


def _told(content: Any) -> Any:
    """Plain JSON without empty fields, so that a field added to the form later leaves the hash of older items alone."""
    if isinstance(content, dict):
        return {key: _told(value) for key, value in content.items() if value not in (None, False, "", [])}
    return [_told(value) for value in content] if isinstance(content, list) else content


def digest(content: object) -> str:
    """Twelve hex digits of plain JSON."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:12]


def different(texts: Sequence[str]) -> None:
    """Raises ValueError if a text stands there twice."""
    for text in texts:
        if texts.count(text) > 1:
            raise ValueError(f"{text!r} stands there twice")


def strings(value: object) -> Iterator[str]:
    """All strings within plain JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings(inner)
