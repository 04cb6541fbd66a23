"""Load the evidence of the course. Errors name file, line, field, what was expected, and an example."""

from __future__ import annotations

import os
import time
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML

from .. import course
from .article import Article
from .form import EvidenceError, Part
from .models import ChapterEvidence, Claim, Finding, Table, UnknownIdError
from .sources import Source, sources

_Form = TypeVar("_Form", bound=Part)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Ten times as fast as ruamel, which only finds the lines of errors: each baking process loads the evidence.

    Of a field that stands twice PyYAML would keep the last and say nothing.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = set()
        for key, _ in node.value:
            if key.value in names:
                raise yaml.MarkedYAMLError(
                    problem=f"the field {key.value!r} stands twice in one entry", problem_mark=key.start_mark
                )
            names.add(key.value)
        return super().construct_mapping(node, deep)


def _date(loader: _Loader, node: yaml.ScalarNode) -> Any:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError as error:
        raise yaml.MarkedYAMLError(
            problem=f"{node.value!r} is no date ({error})", problem_mark=node.start_mark
        ) from None


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _date)


class Bank(NamedTuple):
    """The evidence of all chapters."""

    findings: dict[str, Finding]
    tables: dict[str, Table]
    claims: dict[str, Claim]
    chapter_of: dict[str, str]
    """The chapter whose page shows a finding or table."""


def files() -> list[Path]:
    """The chapters' files ``evidence/NN-slug.yml``, in order."""
    return sorted((course.root() / "evidence").glob("[0-9][0-9]-*.yml"))


def bank() -> Bank:
    """The evidence of the course, loaded once and again after an edit, which is seen within a second.

    Raises:
        EvidenceError: a file is malformed or an id stands twice.
    """
    return _bank_at(*_here_and_now())


def _here_and_now() -> tuple[str | None, str, int]:
    """The place and the second for which a look at the files holds.

    One view asks for dozens of findings and citations, and looking at files each time takes longer than drawing.
    """
    return os.environ.get("SPINEMETS_ROOT"), os.getcwd(), int(time.monotonic())  # noqa: PTH109  # a path object takes longer than all else


@lru_cache(maxsize=1)
def _bank_at(*_: object) -> Bank:
    return _bank(tuple((path, path.stat().st_mtime_ns) for path in files()))


@lru_cache(maxsize=4)
def _bank(stamped: tuple[tuple[Path, int], ...]) -> Bank:
    chapters = [load(path) for path, _ in stamped]
    merged = Bank({}, {}, {}, {})
    problems = []
    for (path, _), chapter in zip(stamped, chapters, strict=True):
        entries = [(entry, merged.findings) for entry in chapter.findings]
        entries += [(entry, merged.tables) for entry in chapter.tables]
        for entry, group in entries:
            if entry.id in merged.chapter_of:
                there = merged.chapter_of[entry.id]
                problems.append(f"{_shown(path)}: {entry.id}: expected an id that stands once, but {there} has it too")
            group[entry.id] = entry
            merged.chapter_of[entry.id] = chapter.chapter
        for claim in chapter.claims:
            if claim.id in merged.claims:
                problems.append(f"{_shown(path)}: {claim.id}: expected an id that stands once among the claims")
            merged.claims[claim.id] = claim
    if problems:
        raise EvidenceError("\n".join(problems))
    return merged


def load(path: Path) -> ChapterEvidence:
    """The evidence of one file.

    Raises:
        EvidenceError: with one line a problem.
    """
    return _load(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=32)
def _load(path: Path, stamp: int) -> ChapterEvidence:
    text = _text(path)
    chapter = _parsed(path, text, ChapterEvidence)
    if chapter.chapter != path.stem:
        raise EvidenceError(
            f"{_shown(path)}:{_line(text, ('chapter',))}: chapter: expected the file's stem. "
            f"Example: chapter: {path.stem}"
        )
    return chapter


def article() -> Article:
    """The article's sections and figures in their order, and what it leaves out (``evidence/article.yml``).

    Raises:
        EvidenceError: the file is missing or malformed.
    """
    path = course.root() / "evidence" / "article.yml"
    if not path.is_file():
        raise EvidenceError(f"{_shown(path)} is missing; get it back with: git checkout -- evidence/article.yml")
    return _article(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _article(path: Path, stamp: int) -> Article:
    return _parsed(path, _text(path), Article)


def _text(path: Path) -> str:
    content = path.read_bytes()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise EvidenceError(f"{_shown(path)}:{line}: expected UTF-8; save the file in this encoding") from None


def _parsed(path: Path, text: str, form: type[_Form]) -> _Form:
    try:
        data = yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise EvidenceError(
            f"{_shown(path)}:{line}: expected YAML, but {error.problem}. Example: statement: 'Of 101 people: 42 walked'"
        ) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise EvidenceError(f"{_shown(path)}:{line}: expected plain text, but {error.reason}; delete it") from None
    try:
        return form.model_validate(data)
    except ValidationError as error:
        raise EvidenceError("\n".join(_explained(path, text, data, error, form))) from None


def _explained(path: Path, text: str, data: Any, error: ValidationError, form: type[Part]) -> list[str]:
    problems: dict[tuple, str] = {}
    for one in error.errors():
        steps = tuple(step for step in one["loc"] if isinstance(step, int) or _is_field(step))
        if steps in problems:
            continue
        expected, example = _expected(steps, form)
        if one["type"] == "extra_forbidden":
            detail = "expected no such field; perhaps it is misspelt"
        elif one["type"] == "missing":
            detail = f"missing; expected {expected}"
        elif one["type"] == "value_error":
            problems[steps] = f"{_shown(path)}:{_line(text, steps)}: {_where(data, steps)}: {one['ctx']['error']}"
            continue
        else:
            detail = f"expected {expected}, but found {one['input']!r:.60}"
        example = f". Example: {example}" if example else ""
        problems[steps] = f"{_shown(path)}:{_line(text, steps)}: {_where(data, steps)}: {detail}{example}"
    return list(problems.values())


def _is_field(step: str) -> bool:
    """False for the marks that pydantic adds for the branch of a union, such as ``int`` or ``list[union[int]]``."""
    return step.isidentifier() and step not in {"int", "float", "str", "list", "union"}


def _expected(steps: tuple, form: type[Part]) -> tuple[str, str]:
    """Description and example of the field that the steps lead to."""
    model: Any = form
    description, example = f"a mapping with {', '.join(form.model_fields)}", "chapter: 05-metastasis"
    for step in steps:
        if isinstance(step, int) or not (isinstance(model, type) and issubclass(model, BaseModel)):
            continue
        info = model.model_fields.get(step)
        if info is None:
            return "another field", ""
        description, example = info.description or "", (info.examples or [""])[0]
        arguments = [info.annotation, *getattr(info.annotation, "__args__", ())]
        model = next((a for a in arguments if isinstance(a, type) and issubclass(a, BaseModel)), None)
    return description, example


def _where(data: Any, steps: tuple) -> str:
    """The place in words: ``findings[4] (sites-course).values[2].value``."""
    words = ""
    for step in steps:
        if isinstance(step, int):
            data = data[step] if isinstance(data, list) and step < len(data) else None
            name = (data.get("id") or data.get("name")) if isinstance(data, dict) else None
            words += f"[{step}]" + (f" ({name})" if name else "")
        else:
            data = data.get(step) if isinstance(data, dict) else None
            words += f".{step}" if words else step
    return words or "the file"


def _line(text: str, steps: tuple) -> int:
    """The line of the innermost part that exists; only looked up for a message, since it needs a slow parser."""
    node: Any = YAML().load(text)
    line = 1
    for step in steps:
        try:
            line = (node.lc.item(step) if isinstance(step, int) else node.lc.key(step))[0] + 1
            node = node[step]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    return line


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _get(group: dict[str, Any], id: str, kind: str) -> Any:
    try:
        return group[id]
    except KeyError:
        pass
    near = get_close_matches(id, group, n=3, cutoff=0.5)
    hint = f"; near it: {', '.join(near)}" if near else ""
    raise UnknownIdError(f"evidence/ has no {kind} {id!r}{hint}")


def finding(id: str) -> Finding:
    """The finding of this id.

    Raises:
        UnknownIdError: there is none.
    """
    return _get(bank().findings, id, "finding")


def table(id: str) -> Table:
    """The table of this id.

    Raises:
        UnknownIdError: there is none.
    """
    return _get(bank().tables, id, "table")


def entry(id: str) -> Finding | Table:
    """The finding or table of this id: whatever has a card.

    Raises:
        UnknownIdError: there is none.
    """
    everything = bank()
    return _get({**everything.findings, **everything.tables}, id, "finding or table")


def claim(id: str) -> Claim:
    """The claim of this id.

    Raises:
        UnknownIdError: there is none.
    """
    return _get(bank().claims, id, "claim")


def claims(chapter: str | None = None) -> list[Claim]:
    """The claims of a chapter (stem), or all, in the order of the article.

    Raises:
        UnknownIdError: the chapter has no evidence.
    """
    place = {(section.name, section.chapter): i for i, section in enumerate(article().sections)}
    last = len(place)
    everything = sorted(
        bank().claims.values(), key=lambda one: (place.get((one.section, one.chapter), last), one.chapter, one.order)
    )
    if chapter is None:
        return everything
    stems = {path.stem: None for path in files()}
    _get(stems, chapter, "chapter")
    return [one for one in everything if one.chapter == chapter]


def source(key: str) -> Source:
    """The source of this key.

    Raises:
        UnknownIdError: ``sources.bib`` has none.
    """
    return _get(_sources_at(*_here_and_now()), key, "source")


@lru_cache(maxsize=1)
def _sources_at(*_: object) -> dict[str, Source]:
    return sources()


def cite(key: str) -> str:
    """The short citation, such as ``Patchell 2005``."""
    return source(key).short
