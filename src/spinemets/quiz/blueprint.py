"""The blueprint of the quizzes: which objective is asked at which level by which item, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import get_args

from spinemets import course
from spinemets.evidence.markdown import chapter_link, linked_table, page, plain

from . import bank
from .items import QuizFile
from .parts import Graded

LEVELS: tuple[str, ...] = get_args(Graded.model_fields["level"].annotation)
"""What a learner must do: recall, apply, judge."""
PER_OBJECTIVE = 2
"""Items of an objective at least, one of them in a new setting."""
REPEATED = 2
"""Items from earlier chapters in each quiz at least."""


@dataclass(frozen=True)
class Row:
    """One objective and the items that ask for it; items that repeat an earlier chapter are left out."""

    number: int
    objective: str
    items: tuple[Graded, ...]

    def at(self, level: str) -> list[Graded]:
        """Its items at one level."""
        return [item for item in self.items if item.level == level]


def rows(quiz: QuizFile, objectives: Sequence[str]) -> list[Row]:
    """One row for each objective of the chapter."""
    own = [item for item in graded(quiz) if not item.from_]
    return [
        Row(number, text, tuple(item for item in own if item.objective == number))
        for number, text in enumerate(objectives, start=1)
    ]


def graded(quiz: QuizFile) -> list[Graded]:
    """The items that have a score."""
    return [item for item in quiz.items if isinstance(item, Graded)]


def gaps(quiz: QuizFile, objectives: Sequence[str], *, first: bool = False) -> list[str]:
    """What the quiz lacks.

    Args:
        first: whether no chapter comes before, so that nothing can be repeated.
    """
    found = []
    for row in rows(quiz, objectives):
        if len(row.items) < PER_OBJECTIVE:
            found.append(f"objective {row.number} has {len(row.items)} of at least {PER_OBJECTIVE} items")
        elif not any(item.new_setting for item in row.items):
            found.append(f"objective {row.number} has no item in a new setting (new_setting: true)")
    for item in quiz.items:
        if item.objective > len(objectives):
            found.append(f"{item.id}: there is no objective {item.objective}; the chapter has {len(objectives)}")
    missing = [level for level in LEVELS if not any(item.level == level for item in graded(quiz))]
    found += [f"no item at level {level}" for level in missing]
    repeated = sum(bool(item.from_) for item in quiz.items)
    if repeated < REPEATED and not first:
        found.append(f"{repeated} of at least {REPEATED} items come from earlier chapters (from: ...)")
    if not any(item.before for item in graded(quiz)):
        found.append("no item is asked before the chapter (before: true)")
    return found


def blueprint() -> str:
    """The generated page of all blueprints.

    Raises:
        QuizError: a quiz is malformed.
        CourseError: a chapter lists no objectives.
    """
    stems = [stem for stem in course.stems() if stem in bank.stems()]
    return page("# Blueprint of the quizzes", _INTRODUCTION, *(part for stem in stems for part in _chapter(stem)))


_INTRODUCTION = """\
For instructors: what each quiz asks. A row is a learning objective, a column what the learner must do: *recall* what
the chapter said, *apply* it, or *judge* between claims or actions. ● is a question, ○ a question in a new setting,
which the chapter does not show. Every objective has two questions or more, one of them in a new setting, and every quiz
repeats questions from earlier chapters. `spinemets quiz check` tests it."""


def _chapter(stem: str) -> Iterable[str]:
    quiz, objectives = bank.load(stem), course.objectives(stem)
    table = rows(quiz, objectives)
    yield f"## {chapter_link(stem)}"
    yield linked_table(
        ["Objective", *(level.capitalize() for level in LEVELS)],
        [[f"{row.number}. {plain(row.objective)}", *(_dots(row.at(level)) for level in LEVELS)] for row in table],
    )
    repeated = [item for item in graded(quiz) if item.from_]
    yield "\n".join(
        [
            "<details><summary>The questions by name</summary>",
            "",
            *(f"- Objective {row.number}: {_names(row.items)}" for row in table),
            *([f"- From earlier chapters: {_names(repeated)}"] if repeated else []),
            "",
            "</details>",
        ]
    )


def _dots(items: Sequence[Graded]) -> str:
    return "".join("○" if item.new_setting else "●" for item in items)


def _names(items: Sequence[Graded]) -> str:
    return ", ".join(f"`{item.id}` ({item.type}, {item.level})" for item in items) or "none"  # type: ignore[attr-defined]
