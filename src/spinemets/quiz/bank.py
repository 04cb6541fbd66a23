"""Reads ``quizzes/NN-slug.yml``; an error names file, line and field, what was expected, and an example."""

from __future__ import annotations

import difflib
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

from spinemets import course

from .items import EXERCISE_TYPES, ITEM_TYPES, AnyItem, Calculated, QuizFile
from .parts import FindingValue

_TYPES = {"items": ITEM_TYPES, "exercises": EXERCISE_TYPES}
_BRANCHES = {"float", "str", "FindingValue"}
"""Names that pydantic puts into the place of an error where a field may be one of several kinds."""


class QuizError(course.CourseError):
    """A quiz file is missing or malformed; the message lists every problem with its line."""


def stems() -> list[str]:
    """The stems of all quiz files, sorted."""
    return sorted(path.stem for path in (course.root() / "quizzes").glob("*.yml"))


def load(stem: str) -> QuizFile:
    """The quiz of a chapter, such as ``load("05-metastasis")``.

    Raises:
        QuizError: there is no such file, or it is malformed.
    """
    path = course.root() / "quizzes" / f"{stem}.yml"
    if not path.is_file():
        known = ", ".join(stems()) or "none yet"
        raise QuizError(f'quizzes/{path.name}: no such quiz. Expected one of: {known}. Example: quiz("05-metastasis")')
    status = path.stat()
    return _load(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=64)
def _load(path: Path, _changed: int, _size: int) -> QuizFile:
    return parse(path.read_text(encoding="utf-8"), path)


def all_items() -> list[AnyItem]:
    """Every item and exercise of every chapter.

    Raises:
        QuizError: a file is malformed, or two items share an id.
    """
    places: dict[str, str] = {}
    found: list[AnyItem] = []
    for stem in stems():
        quiz = load(stem)
        for item in (*quiz.items, *quiz.exercises):
            if item.id in places:
                raise QuizError(
                    f"quizzes/{stem}.yml: the id {item.id!r} is also used in quizzes/{places[item.id]}.yml; "
                    f"ids are unique over all chapters. Example: id: {item.id}-{stem[:2]}"
                )
            places[item.id] = stem
            found.append(item)
    return found


def item(stem: str, id: str) -> AnyItem:
    """One item of a chapter's quiz.

    Raises:
        QuizError: the quiz or the item does not exist.
    """
    quiz = load(stem)
    return _named(id, list(quiz.items), f"quizzes/{stem}.yml has no item")


def exercise(id: str) -> tuple[str, AnyItem]:
    """The stem of the chapter and the exercise with this id, wherever it stands.

    A malformed file of another chapter does not stand in the way.

    Raises:
        QuizError: no such exercise; or a malformed file in which it may be.
    """
    known: list[AnyItem] = []
    broken: list[QuizError] = []
    for stem in stems():
        try:
            exercises = load(stem).exercises
        except QuizError as error:
            broken.append(error)
            continue
        for found in exercises:
            if found.id == id:
                return stem, found
        known += exercises
    if broken:
        raise broken[0]
    return "", _named(id, known, "no chapter has an exercise")


def place(stem: str, id: str) -> str:
    """Where an item or exercise stands, as ``file:line``; the file alone if it has no such item."""
    name = f"quizzes/{stem}.yml"
    lines = (course.root() / name).read_text(encoding="utf-8").splitlines()
    found = [number for number, line in enumerate(lines, start=1) if line.strip() in (f"- id: {id}", f"id: {id}")]
    return f"{name}:{found[0]}" if found else name


def _named(id: str, items: list[AnyItem], message: str) -> AnyItem:
    for found in items:
        if found.id == id:
            return found
    ids = [found.id for found in items]
    raise QuizError(f"{message} {id!r}. Expected one of: {', '.join(ids) or 'none yet'}.{_near(id, ids)}")


def parse(text: str, path: Path) -> QuizFile:
    """The quiz in a YAML text; ``path`` names it in messages, and its stem must be the quiz's ``chapter``.

    Raises:
        QuizError: with one line for each problem: ``file:line: field: problem. Expected ... Example: ...``
    """
    name = f"{path.parent.name}/{path.name}"
    try:
        data = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise QuizError(
            f"{name}:{line}: this is not YAML: {error.problem or error.context}. "
            'Expected "field: value" lines with even indentation; put a text with a colon or a # in quotes. '
            'Example: question: "Which one: A or B?"'
        ) from None
    if not isinstance(data, CommentedMap):
        raise QuizError(
            f"{name}:1: the file is empty. Expected chapter, title and items. Example: chapter: {path.stem}"
        )
    try:
        quiz = QuizFile.model_validate(data)
    except ValidationError as error:
        problems = [_problem(name, data, details) for details in error.errors(include_url=False) if _own(details)]
        raise QuizError("\n".join(problems)) from None
    problems = _file_problems(name, data, quiz, path.stem)
    if problems:
        raise QuizError("\n".join(problems))
    return quiz


def _file_problems(name: str, data: CommentedMap, quiz: QuizFile, stem: str) -> list[str]:
    """What a single item cannot know: the file's name, ids used twice, findings that do not exist."""
    problems: list[str] = []
    if quiz.chapter != stem:
        problems.append(
            f"{name}:{_line(data, ['chapter'])}: chapter: {quiz.chapter!r} is not the file's name. "
            f"Expected the same stem. Example: chapter: {stem}"
        )
    seen: set[str] = set()
    for group in ("items", "exercises"):
        for i, one in enumerate(getattr(quiz, group)):
            if one.id in seen:
                problems.append(
                    f"{name}:{_line(data, [group, i, 'id'])}: {group}[{i}].id: {one.id!r} is used twice. "
                    f"Expected an id of its own. Example: id: {one.id}-2"
                )
            seen.add(one.id)
            for j, finding in enumerate(one.evidence):
                problem = _finding_problem(finding, None)
                if problem:
                    line = _line(data, [group, i, "evidence", j])
                    problems.append(f"{name}:{line}: {group}[{i}] ({one.id}).evidence: {problem}")
            if isinstance(one, Calculated):
                problem = _calculation_problem(one)
                if problem:
                    problems.append(f"{name}:{_line(data, [group, i])}: {group}[{i}] ({one.id}): {problem}")
            answer = getattr(one, "answer", None)
            if isinstance(answer, FindingValue):
                problem = _finding_problem(answer.finding, answer)
                if problem:
                    problems.append(
                        f"{name}:{_line(data, [group, i, 'answer'])}: {group}[{i}] ({one.id}).answer: {problem}"
                    )
    return problems


def _calculation_problem(item: Calculated) -> str | None:
    try:
        item.drawn()
    except (ValueError, LookupError) as error:
        return (
            f"{error}. Expected a function of the clinic that takes every combination of the parameters. "
            "Example: answer: {function: radiobiology.bed, arguments: {n: fractions, d: 8, alpha_beta: 10}}"
        )
    return None


def _finding_problem(id: str, value: FindingValue | None) -> str | None:
    from spinemets.evidence.bank import entry

    try:
        if value is None:
            entry(id)
        else:
            value.resolve()
    except LookupError as error:
        return f"{error}. Expected an id of evidence/*.yml. Example: evidence: [late-recurrence]"
    return None


def _own(details: Any) -> bool:
    """False for what only follows from another problem: a list "too short" without its broken parts, and the branch
    of a union (number or finding) that was not meant."""
    given, branches = details["input"], set(details["loc"]) & _BRANCHES
    if details["type"] == "too_short":
        return len(given) < details["ctx"]["min_length"]
    if details["type"] == "model_type" and branches:
        return False
    return not (branches & {"float", "str"} and isinstance(given, dict))


def _problem(name: str, data: CommentedMap, details: Any) -> str:
    """One line about one pydantic error."""
    loc, field, model = _located(data, list(details["loc"]))
    place = f"{name}:{_line(data, loc)}: {_readable(data, loc)}"
    kind, given = details["type"], details["input"]
    group = str(loc[0]) if loc else ""
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        place = f"{name}:{_line(data, [*loc, 'type'])}: {_readable(data, loc)}"
        types = " | ".join(_TYPES[group])
        problem = f"type {given.get('type')!r} is unknown" if kind == "union_tag_invalid" else "type is missing"
        return f"{place}: {problem}. Expected type: {types}. Example: type: choice"
    if kind == "extra_forbidden" and model is not None:
        fields = [info.alias or key for key, info in model.model_fields.items()]
        return f"{place}: unknown field. Expected one of: {', '.join(fields)}.{_near(str(loc[-1]), fields)}"
    expected = field.description if field is not None else None
    example = field.examples[0] if field is not None and field.examples else None
    if kind == "missing":
        problem = "missing"
    elif kind == "value_error":
        problem = str(details["ctx"]["error"])
    elif kind == "string_type" and isinstance(given, int | float):
        problem = f"{given!r} is read as a number; put it in quotes"
    elif isinstance(given, str | int | float | bool):
        problem = f"{given!r} does not fit: {details['msg'][0].lower()}{details['msg'][1:]}"
    else:
        problem = details["msg"][0].lower() + details["msg"][1:]
    return (
        f"{place}: {problem}."
        + (f" Expected {expected}." if expected else "")
        + (f" Example: {example}" if example else "")
    )


def _located(data: Any, loc: list[Any]) -> tuple[list[Any], FieldInfo | None, type[BaseModel] | None]:
    """The path within the YAML (pydantic's own tags removed), the field that it names, and the model around it."""
    path: list[Any] = []
    model: type[BaseModel] | None = QuizFile
    owner = model
    field: FieldInfo | None = None
    types: dict[str, type[BaseModel]] = {}
    node = data
    for part in loc:
        if isinstance(node, dict) and part not in node and part == node.get("type") and part in types:
            model = types[part]
            continue
        if part in _BRANCHES:
            continue
        if isinstance(node, dict) or isinstance(part, int):
            path.append(part)
            node = node.get(part) if isinstance(node, dict) else node[part] if part < len(node) else None
        if isinstance(part, str) and model is not None:
            named = {info.alias or key: info for key, info in model.model_fields.items()}
            owner = model
            if part in named:
                field = named[part]
                types = _TYPES.get(part, {}) if model is QuizFile else types
                model = _inner(field.annotation)
    return path, field, owner


def _inner(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = [found for found in map(_inner, get_args(annotation)) if found is not None]
    return inner[0] if len(inner) == 1 else None


def _line(data: Any, path: list[Any]) -> int:
    """The 1-based line of the deepest part of ``path`` that is there."""
    line, node = 1, data
    for part in path:
        if isinstance(node, CommentedMap) and part in node:
            line = node.lc.key(part)[0] + 1
        elif isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
            line = node.lc.item(part)[0] + 1
        else:
            break
        node = node[part]
    return line


def _readable(data: Any, path: list[Any]) -> str:
    """``items[2] (crossing-curves).options[1].feedback``."""
    text, node = "", data
    for part in path:
        node = (
            node[part]
            if isinstance(node, CommentedSeq) and part < len(node)
            else node.get(part)
            if isinstance(node, dict)
            else None
        )
        if isinstance(part, int):
            text += f"[{part}]"
            if isinstance(node, dict) and isinstance(node.get("id"), str):
                text += f" ({node['id']})"
        else:
            text += f".{part}" if text else str(part)
    return text or "file"


def _near(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f" Did you mean {close[0]}?" if close else ""
