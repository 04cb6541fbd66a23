"""A new question to fill in, written into the quiz of its chapter."""

from __future__ import annotations

from pathlib import Path

from spinemets import course, files

from . import bank
from .items import ITEM_TYPES

_HEAD = """\
  - id: {id}
    type: {type}
    objective: 1                     # which learning objective of the chapter it asks for
"""
_LEVEL = """\
    level: apply                     # recall | apply | judge
"""
_ASKED = """\
    question: WRITE the question here, with its unit.
"""
_TOLD = """\
    feedback:
      right: WRITE what the learner did well.
      wrong: WRITE where to look again, without the answer.
"""
_OPTIONS = """\
    options:
      - text: WRITE the right option
        correct: true
        feedback: WRITE why this is right.
      - text: WRITE another option
        {second}feedback: WRITE what a learner who picks this may have thought.
      - text: WRITE a third option
        feedback: WRITE what a learner who picks this mixed up.
"""
_SLIPS = """\
    tolerance: 1
    unit: people
"""
_TAIL = """\
    explanation: WRITE what every learner should take along.
    evidence: [{finding}]            # ids of evidence/*.yml
"""
_BODIES = {
    "choice": _ASKED + _OPTIONS.format(second=""),
    "choices": _ASKED + _OPTIONS.format(second="correct: true\n        "),
    "number": _ASKED + "    answer: 10                       # or {finding: ID, value: NAME}\n" + _SLIPS + _TOLD,
    "order": _ASKED
    + "    steps:                           # in the right order; learners see them in that of the alphabet\n"
    "      - WRITE what comes first\n      - then WRITE the second\n      - at last WRITE the third\n" + _TOLD,
    "match": _ASKED
    + "    pairs:\n      - {text: WRITE one, match: WRITE its match, feedback: WRITE why they belong together.}\n"
    "      - {text: WRITE two, match: WRITE another match, feedback: WRITE why they belong together.}\n",
    "hotspot": _ASKED + "    picture: vertebra                # or spine, body\n"
    "    options:                         # the check names all places, if one is not in the picture\n"
    "      - {place: front, correct: true, feedback: WRITE why this is the place.}\n"
    "      - {place: canal, feedback: WRITE why this is not the place.}\n",
    "short": _ASKED + "    accepted: [WRITE the answer, WRITE another form of it]\n" + _TOLD,
    "calculated": "    question: WRITE the question for {n} fractions of 3 Gy, with its unit.\n"
    "    parameters: {n: [5, 10, 15]}\n"
    "    answer: {function: radiobiology.bed, arguments: {n: n, d: 3, alpha_beta: 10}}\n"
    "    variants: 3\n" + _SLIPS + _TOLD,
    "case": "    title: WRITE a title\n    person: WRITE a name, an age, a synthetic person.\n    steps:\n"
    "      - id: first\n        text: WRITE what has happened.\n        question: WRITE what is to be decided.\n"
    "        options:\n"
    "          - {text: WRITE a decision, points: 2, consequence: WRITE what follows., next: end}\n"
    "          - {text: WRITE another decision, points: 0, consequence: WRITE what follows., next: end}\n"
    "    ending: WRITE what was traded for what.\n",
    "prediction": _ASKED + "    options: [{text: WRITE one}, {text: WRITE another}]\n    answer: WRITE one\n"
    "    model_answer: WRITE why, in one or two sentences.\n",
}


def scaffold(type: str, id: str, finding: str) -> str:
    """A question of this type as YAML, with WRITE wherever words are wanted.

    Args:
        finding: id of a finding that it names as its evidence.
    """
    head = _HEAD.format(id=id, type=type) + ("" if type == "prediction" else _LEVEL)
    tail = _TAIL.format(finding=finding)
    if type in ("case", "prediction"):
        tail = tail[tail.index("    evidence") :]
    return head + _BODIES[type] + tail


def add(stem: str, id: str, type: str, finding: str) -> tuple[Path, int]:
    """Write a scaffold behind the last item of a quiz, or into a new quiz file; comments and order stay as they are.

    Returns:
        The file and the line on which the new question begins.

    Raises:
        QuizError: the type is unknown, the id is taken, or the quiz would not be one, such as with a finding that does
            not exist.
    """
    if type not in ITEM_TYPES:
        raise bank.QuizError(
            f"type {type!r} is unknown. Expected one of: {', '.join(ITEM_TYPES)}. Example: --type order"
        )
    path = course.root() / "quizzes" / f"{stem}.yml"
    if path.is_file():
        bank.load(stem)  # so that nothing is added to what is broken already
    old = path.read_text(encoding="utf-8") if path.is_file() else f"chapter: {stem}\ntitle: Check yourself\n\nitems:\n"
    if id in {item.id for item in bank.all_items()}:
        raise bank.QuizError(f"the id {id!r} is taken. Expected an id of its own. Example: {id}-2")
    items, mark, exercises = old.partition("\nexercises:")
    new = f"{items.rstrip()}\n\n{scaffold(type, id, finding)}{mark and chr(10)}{mark.lstrip()}{exercises}"
    bank.parse(new, path)  # a file that is no quiz would stop the whole course
    files.write(path, new)
    return path, new[: new.index(f"- id: {id}\n")].count("\n") + 1
