# ruff: noqa: E501 - one broken file on one line is easier to compare
"""Quiz files: what is read, and the message for each way in which one can be broken."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from spinemets.quiz import bank
from spinemets.quiz.bank import QuizError
from spinemets.quiz.items import ITEM_TYPES, TryNumber

SAMPLE = (Path(__file__).parent / "sample.yml").read_text(encoding="utf-8")


def read(course: Path, text: str) -> None:
    (course / "quizzes" / "01-sample.yml").write_text(text, encoding="utf-8")
    bank.load("01-sample")


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_every_type_is_read(course: Path) -> None:
    quiz = bank.load("01-sample")
    assert [item.type for item in quiz.items] == [
        "choice", "choices", "number", "prediction", "prediction", "case", "choice", "order", "match", "hotspot", "short",
        "calculated",
    ]  # fmt: skip
    assert {item.type for item in quiz.items} == {*ITEM_TYPES}
    assert all(type(item) is ITEM_TYPES[item.type] for item in quiz.items)
    assert isinstance(quiz.exercises[0], TryNumber)
    assert quiz.items[1].from_ == "02-other"
    assert [item.id for item in bank.all_items()][-1] == "try-colour"


BROKEN = [
    # (what is replaced, by what, the line named: where this text stands in the broken file, parts of the message)
    ("correct: true\n        feedback: Three of four", "feedback: Three of four", "options:", ["0 options are marked correct", "exactly one"]),
    ("- text: Blue\n", "- text: Blue\n        correct: true\n", "options:", ["2 options are marked correct"]),
    ("        feedback: The counts differ.\n", "", "- text: Both alike", ["options[2].feedback: missing", "for every option", "Example: feedback: "]),
    ("- text: Both alike", "- text: Red", "options:", ["'Red' stands there twice"]),
    ("- text: Both alike", "- text: 12", "- text: 12", ["12 is read as a number; put it in quotes"]),
    ("core: true", "core: perhaps", "core: perhaps", ["'perhaps' does not fit", "Expected true if"]),
    ("objective: 1", "objective: 0", "objective: 0", ["0 does not fit", "greater than or equal to 1", "Example: objective: 3"]),
    ("objective: 1", "objectiv: 1", "objectiv: 1", ["unknown field", "Did you mean objective?"]),
    ("type: choices", "type: multiple", "type: multiple", ["'multiple' is unknown", "choice | choices | number | order | match | hotspot | short | calculated | prediction | case"]),
    ("    type: choices\n", "", "- id: even-faces", ["type is missing"]),
    ("id: even-faces", "id: Even_faces", "id: Even_faces", ["small letters, digits and hyphens", "Example: id: crossing-curves"]),
    ("id: even-faces", "id: marbles", "id: marbles\n    type: choices", ["'marbles' is used twice"]),
    ("id: try-share", "id: marbles", "id: marbles\n    type: number", ["exercises[0].id: 'marbles' is used twice"]),
    ("from: 02-other", "from: two", "from: two", ["'two' does not fit", "the stem of the chapter", "Example: from: 05-metastasis"]),
    ("correct: true, feedback: Two is even.", "feedback: Two is even.", None, []),  # still one right option
    ("explanation: Marbles last.", "explanation: ''", "explanation: ''", ["what to say after any answer"]),
    ("answer: {finding: marbles-drawn}\n", "answer: many\n", "answer: many", ["'many' does not fit", "a number, or a value of a finding"]),
    ("answer: {finding: marbles-drawn}\n", "answer: {finding: lost}\n", "answer: {finding: lost}", ["no finding 'lost'"]),
    ("value: of 100", "value: of 10", "answer: {finding: marbles-drawn, value: of 10}", ["no value 'of 10'"]),
    ("value: of 100", "value: colours", "answer: {finding: marbles-drawn, value: colours}", ["not one number"]),
    ("tolerance: 0.5\n    unit", "tolerance: -1\n    unit", "tolerance: -1", ["greater than or equal to 0"]),
    ("    unit: of 1,000 draws\n", "", "- id: try-share", ["exercises[0] (try-share).unit: missing", "Example: unit: per 1,000 women"]),
    ("{value: 75, tolerance: 0.5", "{value: 750.5, tolerance: 0.5", "id: try-share", ["750.5 can never show"]),
    (", wrong: Start from the share.", "", "feedback: {right: Three of four.}", ["feedback.wrong: missing"]),
    ("    hints:\n      - Count both.\n", "", "- id: try-colour", ["(try-colour).hints: missing", "Example: hints: ["]),
    ("hints: [Count the red", "hints: [One., Count the red", "hints: [One.", ["at most 3 items", "up to 3 hints"]),
    ("level: apply", "level: hard", "level: hard", ["'hard' does not fit", "recall | apply | judge"]),
    ("    level: apply\n", "", "- id: marbles", ["(marbles).level: missing", "Example: level: apply"]),
    ("new_setting: true", "new_setting: maybe", "new_setting: maybe", ["'maybe' does not fit", "a situation that the chapter does not show"]),
    ("before: true", "before: soon", "before: soon", ["'soon' does not fit", "asks it before it begins"]),
    ("    before: true\n    evidence: [marbles-drawn]\n  - id: even-faces", "    befor: true\n    evidence: [marbles-drawn]\n  - id: even-faces", "befor: true", ["unknown field", "Did you mean before?"]),
    ("[Out of the bag, Into the hand, Onto the table, Away under the cupboard]", "[Away, In, Out]", "steps: [Away", ["that of the alphabet", "reword one"]),
    ("Onto the table, Away", "Into the hand, Away", "steps: [Out", ["'Into the hand' stands there twice"]),
    ("[Out of the bag, Into the hand, Onto the table, Away under the cupboard]", "[Out, In]", "steps: [Out, In]", ["at least 3 items", "three to nine steps"]),
    ("{text: Ben, match: a blue marble, feedback: Ben drew last.}", "{text: Ben, match: a blue marble}", "- {text: Ben", ["pairs[1].feedback: missing", "belong together"]),
    ("{text: Ben, match", "{text: Ann, match", "id: who-draws-what", ["'Ann' stands there twice"]),
    ("others: [a green marble]", "others: [a red marble]", "id: who-draws-what", ["'a red marble' is among the others"]),
    ("picture: bag", "picture: box", "id: place-of-a-marble", ["no picture 'box'", "expected one of"]),
    ("place: left", "place: top", "id: place-of-a-marble", ["has no place 'top'", "expected one of ['left', 'right']"]),
    ("{place: left,", "{place: left, correct: true,", "id: place-of-a-marble", ["exactly one place is right"]),
    ("accepted: [a marble, marble]", "accepted: [marble, Marble!]", "id: name-of-the-game", ["'marble' stands there twice"]),
    ("accepted: [a marble, marble]", 'accepted: ["?"]', "id: name-of-the-game", ["no letter or digit"]),
    ("accepted: [a marble, marble]", "accepted: []", "accepted: []", ["at least 1 item", "British and American"]),
    ("texts: [die, dice]", "texts: [die, marble]", "id: name-of-the-game", ["'marble' stands there twice"]),
    ("function: radiobiology.bed, arguments: {n: n, d: dose, alpha_beta: 10}", "function: radiobiology.bad, arguments: {n: n}", "id: dose-of-marbles", ["no function 'radiobiology.bad'", "Example: answer: {function"]),
    ("{n: n, d: dose, alpha_beta: 10}", "{n: n, d: dose}", "id: dose-of-marbles", ["radiobiology.bed(n=", "does not work"]),
    ("function: radiobiology.bed, arguments: {n: n, d: dose, alpha_beta: 10}", "function: bed, arguments: {n: n}", "answer: {function: bed", ["'bed' does not fit", "module and function of the clinic"]),
    ("variants: 3", "variants: 30", "variants: 30", ["30 does not fit", "less than or equal to 20"]),
    ("variants: 3", "variants: 12", "id: dose-of-marbles", ["9 combinations, fewer than 12 variants"]),
    ("answer: Red\n", "answer: Green\n", "id: guess-colour", ["'Green' is none of the options"]),
    ("    options: [{text: Red}, {text: Blue}]\n", "", "id: guess-colour", ["is a text, but there are no options"]),
    ("a synthetic person", "a person", "person: Toni", ["does not say that the person is synthetic"]),
    ("It is there., next: second", "It is there., next: third", "steps:", ["leads to 'third', which is no step", "'end'"]),
    ("It is there., next: second", "It is there., next: end", "steps:", ["no option leads to step 'second'"]),
    ("It shines., next: end", "It shines., next: first", "steps:", ["first > second > first go round in a circle"]),
    ("Wash it, points: 2", "Wash it, points: 1", "options:\n          - {text: Leave it", ["the best option has 1 points"]),
    ("Wash it, points: 2", "Wash it, points: 3", "- {text: Wash it, points: 3", ["3 does not fit", "Expected 0, 1 or 2"]),
    ("- id: second", "- id: end", "steps:", ["called 'end'"]),
    ("    evidence: [marbles-drawn]\n  - id: even-faces", "    evidence: []\n  - id: even-faces", "evidence: []", ["at least one"]),
    ("    evidence: [marbles-drawn]\n  - id: even-faces", "    evidence: [nowhere]\n  - id: even-faces", "evidence: [nowhere]", ["'nowhere'", "Expected an id of evidence"]),
    ("chapter: 01-sample", "chapter: 02-sample", "chapter: 02-sample", ["not the file's name", "Example: chapter: 01-sample"]),
    ("title: Check yourself", "title: Check: yourself", "title: Check: yourself", ["this is not YAML", "in quotes"]),
    ("title: Check yourself\n", "title: Check yourself\ntitle: Again\n", "title: Again", ["this is not YAML", "duplicate"]),
    ("items:", "itmes:", "itmes:", ["unknown field", "Did you mean items?"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "at", "parts"), BROKEN, ids=[f"{old.strip()[:24]}>{new.strip()[:24]}" for old, new, *_ in BROKEN]
)
def test_a_broken_file_says_where_and_how(course: Path, old: str, new: str, at: str | None, parts: list[str]) -> None:
    assert old in SAMPLE
    text = SAMPLE.replace(old, new, 1)
    if at is None:
        read(course, text)
        return
    with pytest.raises(QuizError) as caught:
        read(course, text)
    message = str(caught.value)
    first = [line for line in message.splitlines() if all(part in line for part in parts)]
    assert first, message
    assert first[0].startswith(f"quizzes/01-sample.yml:{line_of(text, at)}: "), message
    assert re.search(r"Expected |'end'|duplicate", first[0]), message


def test_problems_are_reported_together(course: Path) -> None:
    text = SAMPLE.replace("objective: 1", "objective: 0").replace("points: 2", "points: 9")
    with pytest.raises(QuizError) as caught:
        read(course, text)
    assert len(str(caught.value).splitlines()) >= 5


def test_an_empty_file(course: Path) -> None:
    with pytest.raises(QuizError, match=r"01-sample.yml:1: the file is empty.*Example: chapter: 01-sample"):
        read(course, "# nothing yet\n")


def test_a_quiz_that_is_not_there(course: Path) -> None:
    with pytest.raises(QuizError, match=r"no such quiz. Expected one of: 01-sample"):
        bank.load("99-none")
    with pytest.raises(QuizError, match=r"no item 'marble'.*Did you mean marbles\?"):
        bank.item("01-sample", "marble")
    with pytest.raises(QuizError, match=r"no chapter has an exercise 'try-shares'.*Did you mean try-share\?"):
        bank.exercise("try-shares")


def test_an_id_of_another_chapter(course: Path) -> None:
    other = SAMPLE.replace("chapter: 01-sample", "chapter: 02-other")
    (course / "quizzes" / "02-other.yml").write_text(other, encoding="utf-8")
    with pytest.raises(QuizError, match="'marbles' is also used in quizzes/01-sample.yml"):
        bank.all_items()


def test_a_broken_chapter_does_not_stand_in_the_way_of_another(course: Path) -> None:
    (course / "quizzes" / "00-broken.yml").write_text("chapter: [", encoding="utf-8")
    assert bank.exercise("try-share")[0] == "01-sample"
    with pytest.raises(QuizError, match="00-broken.yml"):
        bank.exercise("not-there")


def test_an_edited_file_is_read_again(course: Path) -> None:
    before = bank.item("01-sample", "marbles")
    read(course, SAMPLE.replace("Three of four are red.", "Most of the four are red.", 1))
    after = bank.item("01-sample", "marbles")
    assert before.hash != after.hash
    assert bank.item("01-sample", "even-faces").hash == bank.load("01-sample").items[1].hash


def test_the_hash_follows_the_number_of_the_finding(course: Path) -> None:
    before = bank.item("01-sample", "share-red").hash
    evidence = course / "evidence" / "01-sample.yml"
    evidence.write_text(evidence.read_text().replace("share of red, value: 75", "share of red, value: 80"))
    time.sleep(1.1)  # the evidence looks at its files once a second
    assert bank.item("01-sample", "share-red").hash != before
    assert re.fullmatch(r"[0-9a-f]{12}", before)
