"""The article map: which chapter, claims, explorers and quiz items treat each section, so that a gap shows.

An explorer belongs to the sections of the article whose claims its notebook shows under the same heading; a quiz item
to the sections with whose claims it shares evidence.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from . import course
from .evidence import claims
from .evidence.article import Section
from .evidence.bank import article
from .evidence.cards import SYMBOLS
from .evidence.markdown import chapter_link, linked_table, page, plain
from .evidence.models import Claim
from .quiz import bank as quizzes

_SHOWN = re.compile(r"show_claims\(\s*[\"'](?P<stem>[^\"']+)[\"']\s*(?:,\s*[\"'](?P<section>[^\"']+)[\"'])?")
_TITLE = re.compile(r"(?P<title>.+?) \(\w+ = .*\)$")


@dataclass(frozen=True)
class Treated:
    """What the course has for one section of the article."""

    section: Section
    claims: tuple[Claim, ...]
    explorers: tuple[str, ...]
    items: tuple[str, ...]

    @property
    def gaps(self) -> list[str]:
        """What the section still lacks."""
        written = (course.root() / "notebooks" / f"{self.section.chapter}.ipynb").is_file()
        lacks = [] if written else ["chapter"]
        return lacks + [name for name in ("claims", "explorers", "items") if not getattr(self, name)]


@dataclass
class _Shown:
    """What a notebook shows under one heading."""

    sections: list[str] = field(default_factory=list)
    explorers: list[str] = field(default_factory=list)


def treated() -> list[Treated]:
    """Each section of the article, in its order, with what treats it."""
    shown = {path.stem: _headings(path) for path in sorted((course.root() / "notebooks").glob("*.ipynb"))}
    stems = set(quizzes.stems())
    every = claims()
    found = []
    for section in article().sections:
        own = tuple(one for one in every if (one.chapter, one.section) == (section.chapter, section.name))
        explorers = [
            title
            for part in shown.get(section.chapter, [])
            if section.name in part.sections
            for title in part.explorers
        ]
        evidence = {id for one in own for id in one.findings}
        quiz = quizzes.load(section.chapter).items if section.chapter in stems else ()
        items = tuple(item.id for item in quiz if evidence & set(item.evidence))
        found.append(Treated(section, own, tuple(dict.fromkeys(explorers)), items))
    return found


def _headings(path: Path) -> list[_Shown]:
    """What a notebook shows under each of its second-level headings, by its sources and stored outputs."""
    parts = [_Shown()]
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts += [_Shown() for line in source.splitlines() if line.startswith("## ")]
            continue
        for match in _SHOWN.finditer(source):
            every = [one.name for one in article().sections if one.chapter == match["stem"]]
            parts[-1].sections += [match["section"]] if match["section"] else every
        if "explore(" in source:
            parts[-1].explorers += [title for output in cell["outputs"] if (title := _explorer(output))]
    return parts


def _explorer(output: dict) -> str:
    text = "".join(output.get("data", {}).get("text/plain", ""))
    first = _TITLE.match(text.splitlines()[0]) if text else None
    return first["title"] if first else ""


def article_map() -> str:
    """The page: a table of counts, then each section with what treats it."""
    rows = treated()
    open_rows = [row for row in rows if row.gaps]
    parts = [
        "# Article map",
        "Where the course treats what: each section of the article with its chapter, the claims in it that can be "
        "checked, the explorers, and the quiz items that rest on the same evidence. "
        + (f"{len(open_rows)} of {len(rows)} sections still lack something; it is named." if open_rows else ""),
        linked_table(
            ["section of the article", "chapter", "claims", "explorers", "quiz items"],
            [
                [
                    f"[{plain(row.section.name)}](#{_anchor(row.section)})",
                    row.section.chapter[:2],
                    *(str(len(things)) if things else "none yet" for things in (row.claims, row.explorers, row.items)),
                ]
                for row in rows
            ],
        ),
    ]
    if figures := article().figures:
        parts += [
            "## The article's figures",
            "\n".join(
                f"- {plain(one.shows[:1].upper() + one.shows[1:])}; it stands in “{plain(one.stands_in)}”, and "
                f"{chapter_link(one.chapter)} draws it anew."
                for one in figures
            ),
        ]
    part = ""
    for row in rows:
        if row.section.part != part:
            part = row.section.part
            parts.append(f"## Part: {plain(part)}")
        parts += _entry(row)
    return page(*parts)


def _entry(row: Treated) -> list[str]:
    verdicts = Counter(one.verdict for one in row.claims)
    counts = ", ".join(f"{number} {SYMBOLS[name]} {name}" for name, number in verdicts.most_common())
    links = ", ".join(f"[{one.id}](claim-ledger.md#claim-{one.id})" for one in row.claims)
    lines = [
        f"- Chapter: {chapter_link(row.section.chapter)}",
        f"- Claims: {f'{links} ({counts})' if row.claims else 'none yet'}",
        f"- Explorers: {', '.join(map(plain, row.explorers)) or 'none yet'}",
        f"- Quiz items: {', '.join(map(plain, row.items)) or 'none yet'}",
    ]
    return [f'<div id="{_anchor(row.section)}"></div>', f"### {plain(row.section.name)}", "\n".join(lines)]


def _anchor(section: Section) -> str:
    return "section-" + re.sub(r"[^a-z0-9]+", "-", section.name.lower()).strip("-")
