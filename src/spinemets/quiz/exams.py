"""Mixed exams over chapters, from ``exams/NAME.yml``: questions drawn by the blueprint, told apart only at the end.

The front end (``front/exam.mjs``) draws for each sitting: objective after objective, one question each, until there are
enough. What was answered counts for the items too, so that the review knows it.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from spinemets import course

from . import bank, render
from .bank import QuizError
from .items import Case
from .parts import Graded, Part, Text, digest
from .widget import Quiz, front, payloads

_EXAMPLE = "chapters: [05-metastasis, 10-surgery], questions: 20, minutes: 30"


class Exam(Part):
    """What an exam draws from, and how much."""

    title: Text
    chapters: tuple[str, ...] = Field(min_length=1)
    questions: int = Field(ge=1, le=100)
    minutes: int = Field(ge=1, le=600)
    """Time that a learner may set as a limit."""


def names() -> list[str]:
    """The exams of the course, sorted."""
    return sorted(path.stem for path in (course.root() / "exams").glob("*.yml"))


def load(name: str) -> Exam:
    """An exam by the name of its file.

    Raises:
        QuizError: there is none, it is malformed, or its chapters have too few questions.
    """
    path = course.root() / "exams" / f"{name}.yml"
    if not path.is_file():
        raise QuizError(f"{path.name}: no such exam. Expected one of: {', '.join(names()) or 'none yet'}")
    try:
        exam = Exam.model_validate(YAML(typ="safe").load(path.read_text(encoding="utf-8")))
    except (ValidationError, YAMLError) as error:
        raise QuizError(f"exams/{name}.yml: {_plain(error)}. Expected title, {_EXAMPLE}") from None
    there = len(pool(exam))
    if there < exam.questions:
        raise QuizError(
            f"exams/{name}.yml: questions: {exam.questions} are wanted, but the chapters have {there}. "
            f"Expected a smaller number. Example: questions: {there}"
        )
    return exam


def pool(exam: Exam) -> list[tuple[str, Graded]]:
    """What may be asked: every item with a score but cases, which take long, and what only repeats another chapter."""
    return [
        (stem, item)
        for stem in exam.chapters
        for item in bank.load(stem).items
        if isinstance(item, Graded) and not isinstance(item, Case) and item.from_ is None
    ]


class ExamWidget(Quiz):
    """An exam; made by :func:`exam`."""

    _esm, _css = front("exam")


def exam(name: str) -> ExamWidget:
    """A mixed exam, such as ``exam("three-chapters")``.

    Raises:
        QuizError: the exam or a quiz is missing or malformed.
    """
    found = load(name)
    titles = {chapter.stem: chapter.title for chapter in course.chapters()}
    items = [
        {**shown, "chapter": titles.get(stem, stem), "goal": render.html(course.objectives(stem)[item.objective - 1])}
        for stem, item in pool(found)
        for shown in payloads(stem, [item])
    ]
    hashes = [item["hash"] for item in items]
    return ExamWidget(items, mode="exam", stem=name, title=found.title, **_options(name, found, hashes))


def _options(name: str, found: Exam, hashes: list[str]) -> dict[str, Any]:
    """An edit of any question makes it another exam, whose sittings are counted anew."""
    own = {"exam": f"exam.{name}", "questions": found.questions, "minutes": found.minutes}
    return {**own, "hash": digest([own, hashes])}


def _plain(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    return str(error).splitlines()[0]
