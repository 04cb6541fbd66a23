"""The types of items: what each must contain, and the rules that hold within one item."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from importlib import import_module
from typing import Annotated, Any, Literal, Protocol

from pydantic import Discriminator, Field, field_validator, model_validator

from spinemets import course

from .calculation import MOST_VARIANTS, CalculatedSlip, Calculation, combinations, drawn, filled
from .cases import Case
from .parts import (
    EXPLANATION,
    MOST_HINTS,
    STEM,
    Ask,
    FindingValue,
    Graded,
    Option,
    Part,
    PlainOption,
    QuizItem,
    RightWrong,
    Slip,
    Text,
    different,
)

_RIGHT_WRONG: dict[str, Any] = {
    "description": "right and wrong",
    "examples": ["feedback: {right: Yes., wrong: Think of what must come first.}"],
}


class Places(Protocol):
    """A picture with places, made by a function of ``course.PLACES``."""

    picture: str
    """SVG in which each place is an element with ``data-place``."""
    names: Mapping[str, str]
    """For each place what a reader who does not see the picture is told."""
    label: str
    """What the picture shows."""


@lru_cache(maxsize=64)
def places(picture: str) -> Places:
    """The picture of this name.

    Raises:
        ValueError: there is none.
    """
    module = import_module(course.PLACES)
    if picture not in module.PICTURES:
        raise ValueError(f"there is no picture {picture!r}; expected one of {[*module.PICTURES]}")
    found: Places = module.PICTURES[picture]()
    return found


def words(text: str) -> str:
    """A text as it is compared: small letters and digits, one space between words, nothing else."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return " ".join("".join(letter if letter.isalnum() else " " for letter in plain).split())


def _alphabetical(texts: Iterable[str]) -> list[str]:
    return sorted(texts, key=lambda text: (words(text), text))


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
        different([option.text for option in options])
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
    slips: tuple[Slip, ...] = Field(
        (),
        description="wrong numbers that are understood",
        examples=["slips: [{value: 30, tolerance: 0.5, feedback: ...}]"],
    )
    feedback: RightWrong = Field(
        description="right and wrong", examples=["feedback: {right: Yes., wrong: Read both curves again.}"]
    )

    @model_validator(mode="after")
    def slips_are_wrong(self) -> NumberParts:
        if isinstance(self.answer, FindingValue):
            return self
        for slip in self.slips:
            if abs(slip.value - self.answer) <= self.tolerance:
                raise ValueError(f"the slip {slip.value:g} can never show: within the tolerance this number is right")
        return self


class Choice(ChoiceParts, Graded):
    """An item with one right option."""

    explanation: Text = Field(**EXPLANATION)


class Choices(Ask, Graded):
    """An item with one or more right options; partial credit by :func:`spinemets.quiz.grading.choices`."""

    type: Literal["choices"]
    options: tuple[Option, ...] = Field(
        min_length=2,
        description="a list of two or more options with text and feedback, at least one with correct: true",
        examples=["options: [{text: CT, correct: true, feedback: ...}, {text: X-ray, feedback: ...}]"],
    )
    explanation: Text = Field(**EXPLANATION)

    @field_validator("options")
    @classmethod
    def some_key(cls, options: tuple[Option, ...]) -> tuple[Option, ...]:
        different([option.text for option in options])
        if not any(option.correct for option in options):
            raise ValueError("no option is marked correct; add 'correct: true' to at least one")
        return options


class Number(NumberParts, Graded):
    """An item that asks for a number."""

    explanation: Text = Field(**EXPLANATION)


class Order(Ask, Graded):
    """An item that asks for the order of steps; partial credit by :func:`spinemets.quiz.grading.order`.

    The learner sees the steps in the order of the alphabet, which tells nothing.
    """

    type: Literal["order"]
    steps: tuple[Text, ...] = Field(
        min_length=3,
        max_length=9,
        description="a list of three to nine steps in the right order",
        examples=["steps: [A cell leaves the tumour, It survives in the blood, It grows in the marrow]"],
    )
    feedback: RightWrong = Field(**_RIGHT_WRONG)
    explanation: Text = Field(**EXPLANATION)

    @field_validator("steps")
    @classmethod
    def steps_differ(cls, steps: tuple[str, ...]) -> tuple[str, ...]:
        different(steps)
        if list(steps) == _alphabetical(steps):
            raise ValueError("the right order is that of the alphabet, in which the steps are shown; reword one")
        return steps

    @cached_property
    def shown(self) -> list[str]:
        """The steps as the learner gets them."""
        return _alphabetical(self.steps)

    @cached_property
    def key(self) -> list[int]:
        """Places in :attr:`shown` of the right first step, the second, and so on."""
        return [self.shown.index(step) for step in self.steps]


class Pair(Part):
    """A text and what it belongs to."""

    text: Text = Field(description="what is to be matched", examples=["text: MRI"])
    match: Text = Field(description="what it belongs to", examples=["match: the marrow"])
    feedback: Text = Field(description="why the two belong together", examples=["feedback: MRI sees water and fat."])


class Match(Ask, Graded):
    """An item that asks what belongs to what; partial credit by :func:`spinemets.quiz.grading.match`."""

    type: Literal["match"]
    pairs: tuple[Pair, ...] = Field(
        min_length=2,
        description="two or more pairs of text, match and feedback; a match may serve several texts",
        examples=[
            "pairs: [{text: MRI, match: the marrow, feedback: ...}, {text: CT, match: the cortex, feedback: ...}]"
        ],
    )
    others: tuple[Text, ...] = Field(
        (), description="matches that belong to no text", examples=["others: [the blood flow of the tumour]"]
    )
    explanation: Text = Field(**EXPLANATION)

    @model_validator(mode="after")
    def matches_differ(self) -> Match:
        different([pair.text for pair in self.pairs])
        different(self.others)
        for other in self.others:
            if other in [pair.match for pair in self.pairs]:
                raise ValueError(f"{other!r} is among the others, yet a text is matched with it")
        if len(self.shown) < 2:
            raise ValueError("all texts have one match; expected two or more to choose from")
        return self

    @cached_property
    def shown(self) -> list[str]:
        """The matches to choose from, in the order of the alphabet."""
        return _alphabetical({*(pair.match for pair in self.pairs), *self.others})

    @cached_property
    def key(self) -> list[int]:
        """For each text the place of its match in :attr:`shown`."""
        return [self.shown.index(pair.match) for pair in self.pairs]


class Place(Part):
    """One place of a picture, with the reason why it is right or wrong."""

    place: Text = Field(description="a place that the picture knows", examples=["place: pedicle"])
    correct: bool = Field(False, description="true or false", examples=["correct: true"])
    feedback: Text = Field(
        description="why this place is right or wrong, for every place",
        examples=["feedback: This arch is behind the cord."],
    )


class Hotspot(Ask, Graded):
    """An item that asks for a place in a picture (``course.PLACES``)."""

    type: Literal["hotspot"]
    picture: Text = Field(description="the name of a picture with places", examples=["picture: vertebra"])
    options: tuple[Place, ...] = Field(
        min_length=2,
        description="a list of two or more places with feedback, one with correct: true",
        examples=["options: [{place: pedicle, correct: true, feedback: ...}, {place: body, feedback: ...}]"],
    )
    explanation: Text = Field(**EXPLANATION)

    @model_validator(mode="after")
    def places_are_known(self) -> Hotspot:
        different([option.place for option in self.options])
        known = places(self.picture).names
        for option in self.options:
            if option.place not in known:
                raise ValueError(
                    f"the picture {self.picture!r} has no place {option.place!r}; expected one of {[*known]}"
                )
        if sum(option.correct for option in self.options) != 1:
            raise ValueError("exactly one place is right; mark it with correct: true")
        return self


class TextSlip(Part):
    """A wrong answer in words that is understood."""

    texts: tuple[Text, ...] = Field(
        min_length=1, description="forms of the wrong answer", examples=["texts: [neuropathy, nerve damage]"]
    )
    feedback: Text = Field(description="what was mixed up", examples=["feedback: This is one nerve, not the cord."])


class Short(Ask, Graded):
    """An item answered in a few words; letters and digits count, case, spaces and punctuation do not."""

    type: Literal["short"]
    accepted: tuple[Text, ...] = Field(
        min_length=1,
        description="every form that is right, British and American spelling too",
        examples=["accepted: [spinal cord compression, cord compression, MSCC]"],
    )
    slips: tuple[TextSlip, ...] = Field(
        (),
        description="wrong answers that are understood",
        examples=["slips: [{texts: [neuropathy], feedback: ...}]"],
    )
    feedback: RightWrong = Field(**_RIGHT_WRONG)
    explanation: Text = Field(**EXPLANATION)

    @model_validator(mode="after")
    def forms_differ(self) -> Short:
        forms = [words(form) for form in (*self.accepted, *(text for slip in self.slips for text in slip.texts))]
        if "" in forms:
            raise ValueError("a form has no letter or digit")
        for form in forms:
            if forms.count(form) > 1:
                raise ValueError(f"{form!r} stands there twice (case, spaces and punctuation do not count)")
        return self

    @cached_property
    def forms(self) -> frozenset[str]:
        """What is accepted, as :func:`words` compares it."""
        return frozenset(map(words, self.accepted))


class Calculated(Ask, Graded):
    """A number computed by a function of the clinic from parameters; the learner gets one of some variants.

    Texts may name a parameter or the answer in braces, with a format if wanted: ``{prevalence:.0%}``, ``{answer:.1f}``.
    """

    type: Literal["calculated"]
    parameters: dict[str, tuple[float | str, ...]] = Field(
        min_length=1,
        description="the values that each parameter may take",
        examples=["parameters: {prevalence: [0.05, 0.1, 0.2], people: [500, 1000]}"],
    )
    answer: Calculation = Field(
        description="a function of the clinic and its arguments",
        examples=["answer: {function: radiobiology.bed, arguments: {n: fractions, d: dose, alpha_beta: 10}}"],
    )
    tolerance: float = Field(
        ge=0, description="how far from the answer still counts as right, not below 0", examples=["tolerance: 1"]
    )
    unit: str = Field(description='the unit, or "" if there is none', examples=["unit: per 1,000 women"])
    slips: tuple[CalculatedSlip, ...] = Field(
        (),
        description="wrong numbers that are understood, computed like the answer",
        examples=["slips: [{answer: {function: ..., arguments: ...}, feedback: ...}]"],
    )
    feedback: RightWrong = Field(**_RIGHT_WRONG)
    variants: int = Field(
        8, ge=2, le=MOST_VARIANTS, description=f"how many variants, 2 to {MOST_VARIANTS}", examples=["variants: 8"]
    )
    explanation: Text = Field(**EXPLANATION)

    @model_validator(mode="after")
    def enough_values(self) -> Calculated:
        count = combinations(self.parameters)
        if count < self.variants:
            raise ValueError(f"the parameters have {count} combinations, fewer than {self.variants} variants")
        return self

    def drawn(self) -> tuple[Number, ...]:
        """The variants as numbers to ask for, drawn by the item's id, the same everywhere and always.

        Raises:
            ValueError: the clinic refuses parameters, or gives no number.
        """
        return self._drawn

    @cached_property
    def _drawn(self) -> tuple[Number, ...]:
        return _numbers_of(self)

    def content(self) -> dict[str, Any]:
        content = self.model_dump(mode="json", by_alias=True, exclude={"parameters", "answer", "slips", "feedback"})
        content["variants"] = [
            {key: value for key, value in number.content().items() if key in _OF_A_VARIANT} for number in self.drawn()
        ]
        return content


_OF_A_VARIANT = ("question", "answer", "tolerance", "unit", "slips", "feedback", "explanation", "hints")


def _numbers_of(item: Calculated) -> tuple[Number, ...]:
    shared = item.model_dump(
        by_alias=True, exclude={"type", "parameters", "answer", "slips", "variants", *_OF_A_VARIANT}
    )
    numbers = []
    for values in drawn(item.id, item.parameters, item.variants):
        answer = item.answer.compute(values)

        def said(text: str, named: Mapping[str, float | str] = {**values, "answer": answer}) -> str:
            return filled(text, named)

        slips = [(slip.answer.compute(values), slip) for slip in item.slips]
        numbers.append(
            Number(
                **shared,
                type="number",
                question=said(item.question),
                answer=answer,
                tolerance=item.tolerance,
                unit=item.unit,
                # A slip that happens to give the right number in this variant is none.
                slips=tuple(
                    Slip(value=value, tolerance=slip.tolerance, feedback=said(slip.feedback))
                    for value, slip in slips
                    if abs(value - answer) > item.tolerance
                ),
                feedback=RightWrong(right=said(item.feedback.right), wrong=said(item.feedback.wrong)),
                hints=tuple(map(said, item.hints)),
                explanation=said(item.explanation),
            )
        )
    return tuple(numbers)


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
        different(texts)
        if texts and self.answer not in texts:
            raise ValueError(f"the answer {self.answer!r} is none of the options; expected one of {texts}")
        if not texts and isinstance(self.answer, str):
            raise ValueError(
                f"the answer {self.answer!r} is a text, but there are no options; add options or give a number"
            )
        return self


_TRY_HINTS: dict[str, Any] = {
    "min_length": 1,
    "max_length": MOST_HINTS,
    "description": "where to look, without the answer",
    "examples": ["hints: [Compare both curves at 15 years.]"],
}


class TryChoice(ChoiceParts):
    """A "try it" exercise with one right option."""

    hints: tuple[Text, ...] = Field(**_TRY_HINTS)
    explanation: str = Field("", description="more to say afterwards, if needed", examples=["explanation: ..."])


class TryNumber(NumberParts):
    """A "try it" exercise that asks for a number."""

    hints: tuple[Text, ...] = Field(**_TRY_HINTS)
    explanation: str = Field("", description="more to say afterwards, if needed", examples=["explanation: ..."])


Item = Annotated[
    Choice | Choices | Number | Order | Match | Hotspot | Short | Calculated | Prediction | Case, Discriminator("type")
]
Exercise = Annotated[TryChoice | TryNumber, Discriminator("type")]
GradedItem = Choice | Choices | Number | Order | Match | Hotspot | Short | Calculated | Case
AnyItem = GradedItem | Prediction | TryChoice | TryNumber

ITEM_TYPES: dict[str, type[Part]] = {
    "choice": Choice, "choices": Choices, "number": Number, "order": Order, "match": Match, "hotspot": Hotspot,
    "short": Short, "calculated": Calculated, "prediction": Prediction, "case": Case,
}  # fmt: skip
EXERCISE_TYPES: dict[str, type[Part]] = {"choice": TryChoice, "number": TryNumber}


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
