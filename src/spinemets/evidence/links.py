"""Check numbers in prose against their cards: notebooks, quizzes and pages.

A number in the text is a link to its card (``[94%](../evidence/07-spine-diagnosis.md#mscc-symptoms-scotland)``). A
fact-like number without a link needs a stated reason at the end of its paragraph: ``<!-- number: reason -->``, or
``<!-- derived: how -->`` for arithmetic on linked figures.

In a quiz the reason is a YAML comment (``# number: reason``) beside or above the field. There a number may also stand
without a link if it agrees with a card that the item names under ``evidence``; and a wrong option, being wrong on
purpose, is not checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import nbformat
from ruamel.yaml import YAML

from .. import course
from .bank import bank, entry, files, load
from .markdown import GENERATED
from .references import cited
from .sources import sources
from .wording import agrees, samples

CARD = re.compile(r"(?:.*/)?evidence/(\d{2}-[a-z-]+)\.(?:md|html)#(.+)")
LINK = re.compile(r"(?<!!)\[((?:[^\[\]\\]|\\.)*)\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
EXEMPT = re.compile(r"<!--\s*(?:number|derived):\s*(?!-->)\S")
_HIDDEN = re.compile(r"<!--.*?-->|```.*?```|~~~.*?~~~|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]+\$|<[^>\n]+>|https?://\S+", re.S)

_PEOPLE = r"(?:women|men|people|persons|patients|participants|cases|deaths|scans|vertebrae|lesions|metastases)"
_N = r"\d(?:[\d,]*\d)?(?:\.\d+)?"
_RATIO = (
    r"(?:HR|OR|RR|AUC|DOR|LR[+-]|[Kk]appa|[Hh]azard ratio|[Oo]dds ratio|[Rr]isk ratio|[Rr]elative risk"
    r"|[Ll]ikelihood ratio)"
)
FACTS = (
    ("per cent", re.compile(rf"{_N}\s?(?:%|per cent\b|percent\b|percentage points?\b)")),
    ("so many of so many", re.compile(rf"\b{_N}\s+(?:of|in|out of)\s+(?:every\s+|each\s+|the\s+)?{_N}\b")),
    ("ratio", re.compile(rf"\b{_RATIO}(?:\s+(?:of|was|is|about|only|for [a-z -]{{1,40}}))*[\s(=:]+{_N}")),
    ("accuracy", re.compile(rf"\b(?:[Ss]ensitivity|[Ss]pecificity)\s+(?:of|was|is|=|about)\s*{_N}")),
    ("size or P", re.compile(rf"\b[nN]\s?=\s?{_N}|\b[pP]\s?[<=>]\s?0?\.\d")),
    ("dose", re.compile(rf"\b{_N}\s?mSv\b")),
    (
        "count",
        re.compile(rf"(?<![\d,.])(?!1,?0+\b|100\b|(?:19|20)\d\d\b)(?:\d{{1,3}}(?:,\d{{3}})+|\d{{3,}})\s+{_PEOPLE}\b"),
    ),
)
"""Kinds of numbers that state a fact, each with how it is recognised."""
_SPAN = re.compile(rf"\b{_N}(?:\s?(?:-|–|to)\s?{_N})?\s+(?:hours?|days?|weeks?|months?|years?)\b")
_STATISTIC = re.compile(r"\b(?:median|mean|average|surviv\w+|follow-up|interval|lived|incidence|hazard)\b", re.I)
_LEVEL = re.compile(r"\b(?:70|90|95|99)\s?%\s+(?:CI|intervals?|confidence|uncertainty|level)")


class Problem(NamedTuple):
    """Something in a text that must be put right."""

    file: str
    place: str
    """A cell or a line."""
    message: str

    def __str__(self) -> str:
        return f"{self.file}, {self.place}: {self.message}"


class Paragraph(NamedTuple):
    """A piece of prose that stands for itself."""

    file: Path
    place: str
    text: str
    exempt: bool = False
    """True if a reason is stated elsewhere why its numbers need no link."""
    evidence: tuple[str, ...] = ()
    """Cards whose numbers may stand without a link."""


def check() -> list[Problem]:
    """All problems of the course: numbers, links, cited sources and claims.

    Raises:
        EvidenceError: the evidence itself is malformed.
    """
    problems = [problem for paragraph in prose() for problem in check_paragraph(paragraph)]
    return [*problems, *check_sources(), *check_claims()]


def prose() -> Iterator[Paragraph]:
    """The paragraphs of all notebooks, quizzes and hand-written pages."""
    root = course.root()
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        for i, cell in enumerate(nbformat.read(path, as_version=4).cells):
            if cell.cell_type == "markdown":
                for _, text in split(cell.source):
                    yield Paragraph(path, f"cell {i + 1}", text)
    for path in sorted((root / "quizzes").glob("*.yml")):
        yield from _quiz(path)
    for path in sorted((root / "book").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        if GENERATED not in text:
            for line, piece in split(text):
                yield Paragraph(path, f"line {line}", piece)


def _quiz(path: Path) -> Iterator[Paragraph]:
    text = path.read_text(encoding="utf-8")
    lines, quiz = text.splitlines(), YAML().load(text)
    for group in quiz.values():
        for item in group if isinstance(group, list) else []:
            cards = tuple(item.get("evidence", ()))
            for line, words, wrong in _texts(item):
                exempt = wrong or _commented(lines, line)
                for _, piece in split(words):
                    yield Paragraph(path, f"line {line}", piece, exempt, cards)


def _texts(node: Any, wrong: bool = False) -> Iterator[tuple[int, str, bool]]:
    """The strings with blanks of a quiz item (prose, not ids): line, text, whether it is a wrong option's text."""
    if isinstance(node, dict):
        choices = node.get("options") or []
        graded = any(isinstance(one, dict) and "correct" in one for one in choices)
        for key, value in node.items():
            if isinstance(value, str) and " " in value:
                yield node.lc.key(key)[0] + 1, value, wrong and key == "text"
            elif key == "options":
                for one in value:
                    yield from _texts(one, graded and not (isinstance(one, dict) and one.get("correct")))
            else:
                yield from _texts(value)
    elif isinstance(node, list):
        for i, value in enumerate(node):
            if isinstance(value, str) and " " in value:
                yield node.lc.item(i)[0] + 1, value, False
            else:
                yield from _texts(value)


def _commented(lines: list[str], line: int) -> bool:
    """True if a reason stands in a YAML comment on the line (from 1) or directly above it."""
    above = line - 1
    while above and lines[above - 1].lstrip().startswith("#"):
        above -= 1
    return any(re.search(r"(?:^|\s)#\s*(?:number|derived):\s*\S", one) for one in lines[above:line])


def split(text: str) -> Iterator[tuple[int, str]]:
    """Paragraphs, list items and table rows of Markdown, each with its first line from 1; code blocks are left out."""
    start, piece, fence = 1, [], ""
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        mark = re.match(r"\s*(`{3,}|~{3,})", line)
        if mark and (not fence or mark.group(1).startswith(fence)):
            fence = "" if fence else mark.group(1)
            line = ""
        elif fence:
            continue
        begins = re.match(r"\s*(?:[-*+]|\d+[.)])\s|\s*\||#", line)
        if piece and (begins or not line.strip()):
            yield start, "\n".join(piece)
            piece = []
        if line.strip():
            start = start if piece else number
            piece.append(line)


def check_paragraph(paragraph: Paragraph) -> list[Problem]:
    """Links that lead nowhere, linked numbers that differ from their card, and fact-like numbers without a link."""

    def problem(message: str) -> Problem:
        return Problem(_shown(paragraph.file), paragraph.place, message)

    text = paragraph.text
    problems = [
        problem(message) for words, target in LINK.findall(text) if (message := _link_problem(paragraph, words, target))
    ]
    if not (paragraph.exempt or EXEMPT.search(text)):
        named = [entry(id) for id in paragraph.evidence if id in bank().chapter_of]
        for kind, found in facts(LINK.sub(_blank, text)):
            if any(agrees(found, one) is None for one in named):
                continue
            problems.append(
                problem(
                    f"{found!r} looks like a fact ({kind}) and has no link to a card. Expected "
                    f"[{found}](../evidence/NN-slug.md#finding), or at the end of the paragraph "
                    "<!-- number: why it needs no source --> or <!-- derived: from which figures -->"
                )
            )
    return problems


def _blank(match: re.Match[str]) -> str:
    """Nothing in place of a link to a card; the words in place of any other link."""
    return " ⟨card⟩ " if CARD.fullmatch(match.group(2)) else f" {match.group(1)} "


def _link_problem(paragraph: Paragraph, words: str, target: str) -> str | None:
    if re.match(r"[a-z]+:|#|/", target):
        return None
    if card := CARD.fullmatch(target):
        return _card_problem(words, *card.groups())
    path = paragraph.file.parent / unquote(target.split("#")[0])
    if path.exists() or path.with_suffix(".md").exists() or path.with_suffix(".ipynb").exists():
        return None
    return f"the link to {target} leads nowhere"


def _card_problem(words: str, chapter: str, id: str) -> str | None:
    where = bank().chapter_of.get(id)
    if where is None:
        try:
            entry(id)
        except KeyError as error:
            return f"the link to {chapter}.md#{id} leads nowhere: {error}"
    if where != chapter:
        return f"the card {id!r} is in evidence/{where}.md, not in {chapter}.md. Expected ../evidence/{where}.md#{id}"
    one = entry(id)
    differs = agrees(words, one)
    if differs is None:
        return None
    known = [word for value in getattr(one, "values", ()) for word in samples(value)]
    hint = f" It says: {'; '.join(known[:12])}." if known else ""
    return f"{words!r} differs from the card {id!r} at {differs!r}.{hint}"


def facts(text: str) -> list[tuple[str, str]]:
    """The fact-like numbers in a text without links: kind and the piece."""
    text = _LEVEL.sub(" ", _HIDDEN.sub(" ", text))
    found = [(kind, match.group().strip()) for kind, pattern in FACTS for match in pattern.finditer(text)]
    for sentence in re.split(r"(?<=[.!?;])\s+", text):
        if _STATISTIC.search(sentence):
            found += [("time in a statistic", match.group().strip()) for match in _SPAN.finditer(sentence)]
    return found


def check_sources() -> list[Problem]:
    """Sources that are cited but unknown or incomplete, and entries of ``sources.bib`` that nothing cites."""
    known, problems, used = sources(), [], set()
    for path in files():
        chapter = load(path)
        for one in (*chapter.findings, *chapter.tables, *chapter.claims):
            for key in one.sources:
                if key not in known:
                    problems.append(Problem(_shown(path), one.id, f"cites {key!r}, which sources.bib does not have"))
        used |= cited(chapter)
    for key, one in known.items():
        if key in used and one.missing:
            message = f"is cited but incomplete: it lacks {', '.join(one.missing)}"
            problems.append(Problem("evidence/sources.bib", key, message))
        if key not in used:
            problems.append(Problem("evidence/sources.bib", key, "is cited nowhere. Expected a finding that cites it"))
    return problems


def check_claims() -> list[Problem]:
    """Claims that stand in the wrong file, whose evidence does not exist, or whose numbers differ from it."""
    problems = []
    for path in files():
        for one in load(path).claims:
            if one.chapter != path.stem:
                problems.append(
                    Problem(_shown(path), one.id, f"chapter: expected {path.stem}, but found {one.chapter}")
                )
            for id in one.findings:
                if id not in bank().chapter_of:
                    problems.append(Problem(_shown(path), one.id, f"findings: {id!r} does not exist"))
            named = [entry(id) for id in one.findings if id in bank().chapter_of]
            for _, found in facts(f"{one.because} {one.sensitive}"):
                if all(agrees(found, card) for card in named):
                    problems.append(Problem(_shown(path), one.id, f"because: {found!r} is on none of its cards"))
    return problems


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
