"""Flaws of items: each is found where it is, and not where it is not."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from spinemets.quiz import flaws, guessing
from spinemets.quiz.items import AnyItem, Item, QuizFile

_ITEM = TypeAdapter(Item)
WHY = "This is said for a reason."


def item(type: str = "choice", **fields: Any) -> AnyItem:
    common = {"id": "x", "type": type, "objective": 1, "evidence": ["y"], "question": "Which one is it?"}
    if type == "case":
        del common["question"]
    if type != "prediction":
        common |= {"level": "apply", "explanation": "."}
    return _ITEM.validate_python({**common, **fields})


def choice(*texts: str, key: int = 0, **fields: Any) -> AnyItem:
    options = [{"text": text, "correct": i == key, "feedback": WHY} for i, text in enumerate(texts)]
    return item(options=options, **fields)


def number(**fields: Any) -> AnyItem:
    told = {"right": "Yes, that is it.", "wrong": "Count them again."}
    return item("number", **{"answer": 10, "tolerance": 1, "unit": "people", "feedback": told, **fields})


def several(*correct: bool) -> AnyItem:
    options = [
        {"text": f"thing {name}", "correct": right, "feedback": WHY}
        for name, right in zip("abcd", correct, strict=False)
    ]
    return item("choices", options=options)


TOLD = {"right": "Yes, it is.", "wrong": "No, it is not."}
SILENT = [{"text": "a", "correct": True, "feedback": "Yes."}, {"text": "b", "feedback": WHY}]
PAIRS = [{"text": "a", "match": "1", "feedback": "Fine"}, {"text": "b", "match": "2", "feedback": WHY}]
WIDE = [{"value": 30, "tolerance": 5, "feedback": WHY}, {"value": 32, "tolerance": 1, "feedback": WHY}]

DECISIONS = [
    {"text": "Ask for an MRI of the whole spine within a day", "points": 2, "consequence": ".", "next": "end"},
    {"text": "Wait", "points": 0, "consequence": ".", "next": "end"},
    {"text": "All of the above", "points": 0, "consequence": ".", "next": "end"},
]
STEP = {"id": "a", "text": ".", "question": "What should NOT be done?", "options": DECISIONS}
CASE = item("case", title="t", person="a synthetic person", ending=".", steps=[STEP])

FOUND = [
    (flaws.lengths, CASE, "much longer"),
    (flaws.catch_alls, CASE, "'All of the above' refers to the others"),
    (flaws.negatives, CASE, "does not hold"),
    (flaws.negatives, choice("red", "blue", question="What is not in the bag?"), "does not hold"),
    (flaws.overlaps, choice("15 to 30 points", "more than 25 points"), "overlap"),
    (flaws.overlaps, choice("fewer than 1,000 people", "900 to 2,000 people"), "overlap"),
    (flaws.feedback, number(feedback={"right": "Yes.", "wrong": "No."}), "'No.' gives no reason"),
    (flaws.lengths, choice("a key that is by far the longest of the options here", "short", "brief"), "much longer"),
    (flaws.lengths, choice("red", "a distractor that is by far the longest of them", "blue"), "differ much in length"),
    (flaws.absolutes, choice("a share of the women", "every woman there is", "few of them"), "'every' in wrong"),
    (flaws.catch_alls, choice("red", "blue", "all of the above"), "'all of the above' refers to the others"),
    (flaws.catch_alls, choice("red", "blue", "None of these"), "refers to the others"),
    (flaws.negatives, choice("red", "blue", question="Which colour is not there?"), "does not hold"),
    (flaws.negatives, choice("red", "blue", question="They are all there EXCEPT one. Which?"), "does not hold"),
    (flaws.overlaps, choice("CT of the spine", "MRI", "CT"), "'CT of the spine' and 'CT' overlap"),
    (flaws.overlaps, choice("2 to 5 points", "4 to 8 points"), "overlap"),
    (flaws.feedback, item(options=SILENT), "'Yes.' gives no reason"),
    (flaws.feedback, item("match", pairs=PAIRS), "'Fine' gives no reason"),
    (flaws.credit, several(True, False, False), "partial credit is out of reach"),
    (flaws.credit, several(True, True, True), "every option is right"),
    (flaws.credit, number(slips=WIDE), "slip 32 can never show"),
    (flaws.units, number(unit=""), "no unit"),
    (flaws.units, item("prediction", answer=3, model_answer="Three."), "no unit"),
    (flaws.units, choice("28", "1,000", "3.5"), "bare numbers"),
    (flaws.hints, choice("in the marrow", "in the blood", hints=["Cells sleep in the marrow."]), "tells the answer"),
    (flaws.hints, item("short", accepted=["MRI"], feedback=TOLD, hints=["Think of an MRI!"]), "tells the answer"),
]


@pytest.mark.parametrize(("rule", "flawed", "remark"), FOUND)
def test_a_flaw_is_found(rule: Any, flawed: AnyItem, remark: str) -> None:
    assert [text for text in rule(flawed) if remark in text]
    assert rule in flaws.RULES


SOUND = [
    choice("a share of women", "most of women", "few of women", hints=["Look at the card."]),
    choice("never in women", "always in women"),  # in the key too
    choice("2 to 5 points", "5 to 8 points", "9 to 12 points"),
    choice("28 people", "30 people"),
    choice("up to 10 people", "11 to 20 people", "more than 20 people"),
    choice("under 10 people", "10 to 20 people", "over 20 people", question="Which woman is it who did not answer?"),
    number(slips=[{"value": 30, "tolerance": 1, "feedback": WHY}, {"value": 40, "tolerance": 1, "feedback": WHY}]),
    number(unit="", question="What is the odds ratio?"),
    several(True, True, False),
]


@pytest.mark.parametrize("sound", SOUND)
def test_a_sound_item_has_no_flaw(sound: AnyItem) -> None:
    assert [text for rule in flaws.RULES for text in rule(sound)] == []


def test_a_question_is_asked_once() -> None:
    one = choice("red", "blue", question="Which of the colours was drawn first from the bag?")
    other = choice("red", "blue", id="y", question="Which of the colours was drawn first, from the bag?")
    third = choice("red", "blue", id="z", question="Which of the shapes lies in the box?")
    assert [flaw.item for flaw in flaws.twice([one, other, third])] == ["y"]


def bank(keys: list[int], text: str = "option {}") -> list[AnyItem]:
    return [choice(*(text.format(name) for name in "abcd"), key=key, id=f"q{i}") for i, key in enumerate(keys)]


def test_keys_at_one_place_can_be_guessed() -> None:
    (remark,) = flaws.guessable(bank([1, 1, 2, 1, 1, 1]))
    assert "the second option is right in 5 of 6 choices, by chance in 1.5" in remark
    assert flaws.guessable(bank([0, 1, 2, 3, 0, 1, 2, 3])) == []
    assert flaws.guessable(bank([2])) == []  # one question shows no pattern
    assert flaws.guessable(bank([0, 0, 0, 1])) == []  # three of four come by luck in more than one of twenty banks


@pytest.mark.parametrize(
    ("key", "other", "strategy"),
    [
        ("a much longer option", "short", "the longest option"),
        ("this may be", "that is so", "the most qualified option"),
        ("that is so", "that must be", "the option without absolute words"),
        ("the marrow of a vertebra", "the bowl with fruit", "the option that repeats the question"),
    ],
)
def test_a_strategy_that_works_is_named(key: str, other: str, strategy: str) -> None:
    texts = [[other + " " * i for i in (1, 2, 3)] for _ in range(6)]
    items = []
    for i, wrong in enumerate(texts):
        options = [text.strip() + letter for text, letter in zip(wrong, "xyz", strict=True)]
        options.insert(i % 4, key)
        items.append(choice(*options, key=i % 4, id=f"q{i}", question="What lies in the marrow of this vertebra?"))
    assert [remark for remark in flaws.guessable(items) if strategy in remark]


def test_chance_is_exact() -> None:
    found = {one.strategy: one for one in guessing.guessed(bank([0, 0, 0]))}
    assert found["the first option"].luck == pytest.approx(1 / 64)
    assert found["the second option"].luck == 1
    assert found["the longest option"].score == pytest.approx(0.75)  # all alike: a guess among four
    assert {one.chance for one in found.values()} == {0.75}


def test_all_flaws_of_a_quiz_name_their_item() -> None:
    quiz = QuizFile.model_validate(
        {"chapter": "01-a", "title": "t", "items": [number(unit="").model_dump(by_alias=True)]}
    )
    assert [str(flaw) for flaw in flaws.flaws(quiz)] == ['x: the number has no unit, such as unit: "%" or unit: people']


def test_decisions_of_a_case_can_be_guessed_too() -> None:
    decisions = [{"text": f"do {i}", "points": 2 - i, "consequence": ".", "next": "end"} for i in range(3)]
    best_twice = [{**one, "points": 2} for one in decisions]
    steps = [{"id": "a", "text": ".", "question": "What now?", "options": decisions}]
    case = item("case", title="t", person="a synthetic person", ending=".", steps=steps)
    (found,) = guessing.guessables([case])
    assert (found.question, found.options, found.key) == ("What now?", ("do 0", "do 1", "do 2"), 0)
    case = item("case", title="t", person="a synthetic person", ending=".", steps=[{**steps[0], "options": best_twice}])
    assert guessing.guessables([case]) == []
