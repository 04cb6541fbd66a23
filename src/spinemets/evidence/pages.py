"""The pages that are generated from the evidence, and the cards' pages among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

from .. import course
from .bank import files, load
from .cards import (
    cells,
    context,
    extra_grids,
    extra_words,
    heading,
    interval_words,
    parted,
    shown_columns,
    trust,
)
from .certainty import Grade
from .ledger import ledger_page, omissions_page
from .markdown import chapter_name, folded, linked_table, page, plain, table
from .models import ChapterEvidence, Finding, Table, Value
from .references import chapter_references, references_page
from .sources import sources
from .wording import samples, shown


def pages() -> dict[Path, str]:
    """Every page that is made from the evidence alone: where it stands, and its text."""
    book = course.root() / "book"
    made = {
        book / "evidence.md": overview_page(),
        book / "claim-ledger.md": ledger_page(),
        book / "left-out.md": omissions_page(),
        book / "references.md": references_page(),
    }
    for path in files():
        made[path.with_suffix(".md")] = cards_page(load(path))
        made[book / "references" / f"{path.stem}.md"] = chapter_references(load(path))
    return made


def overview_page() -> str:
    """All chapters with the number of their cards, by grade of certainty."""
    grades = get_args(Grade)
    rows, total = [], Counter[str]()
    for path in files():
        chapter = load(path)
        entries = [*chapter.findings, *chapter.tables]
        count = Counter(one.certainty.grade(bool(one.second_hand)) for one in entries if one.certainty)
        total += count
        link = f"[{chapter_name(path.stem)}](../evidence/{path.stem}.md)"
        rows.append([link, str(len(entries)), *(str(count[grade]) for grade in grades)])
    everything = sum(int(row[1]) for row in rows)
    rows.append(["all", str(everything), *(str(total[grade]) for grade in grades)])
    return page(
        "# Evidence",
        f"Every figure of the course links to a card: {everything} cards rest on {len(sources())} sources. A card "
        "gives the value with its interval, who was counted, the source, which part of it was read, the day of the "
        "last check, and how certain the result is.",
        "## How certain?",
        "A card's grade follows from three things that it names: the kind of study for this kind of question, how "
        "many people were studied, and how near they are to breast cancer in the spine. A randomised trial starts "
        "high on whether a treatment helps, a registry on how common something is; laboratory work starts low for "
        "people. The grade falls by a step for fewer than 100 people, for other people or cancers, for an original "
        "that was not read, and for each further reason that the card states. Definitions, rules and advice are not "
        "graded. The rule grades one result; guidelines grade an outcome over all its studies.",
        linked_table(["chapter", "cards", *grades], rows),
    )


def cards_page(chapter: ChapterEvidence) -> str:
    """The cards of a chapter: each heading is a finding's id, so that its anchor is the same on every platform."""
    title = f"# Evidence {chapter.chapter.replace('-', ': ', 1).replace('-', ' ')}"
    if not (chapter.findings or chapter.tables):
        return page(title, "This chapter has no cards of its own; its figures link to those of other chapters.")
    parts = [
        title,
        "Every figure of the chapter is a link to its card on this page. A card says what was counted, in whom, how "
        "[certain](../book/evidence.md) it is, where it comes from, which part of the source was read, and which "
        "wordings in the text count as this figure. The headings are the cards' ids. Intervals are 95% unless a card "
        "says otherwise.",
    ]
    for one in (*chapter.findings, *chapter.tables):
        parts += [f"## {one.id}", f"**{plain(one.title)}**"]
        parts += _finding(one) if isinstance(one, Finding) else _table(one)
        parts += map(plain, trust(one))
        parts += [_sources(one), f"Read: {plain(one.read_in)}. Checked {one.checked.isoformat()}."]
        if isinstance(one, Finding):
            parts.append(_wordings(one))
    return page(*parts)


def _finding(one: Finding) -> Iterable[str]:
    yield plain(one.statement)
    if people := "; ".join(filter(None, (one.population, str(one.year) if one.year else ""))):
        yield plain(people)
    hidden = [value for value in one.values if one.sensitive or value.sensitive]
    if open_values := [value for value in one.values if value not in hidden]:
        yield _values(open_values, one)
    if hidden:
        yield from folded(_values(hidden, one))
    if one.note:
        yield plain(one.note)


def _values(values: list[Value], one: Finding) -> str:
    rows = [[value.name, shown(value), interval_words(value, one), "; ".join(context(value))] for value in values]
    return table(["what", "value", "interval", "who and how"], rows)


def _table(one: Table) -> Iterable[str]:
    yield from _grid(shown_columns(one), one.rows, one)
    yield from map(plain, extra_words(one))
    for name, columns, rows in extra_grids(one):
        yield plain(name)
        yield from _grid(columns, rows, one)
    yield from map(plain, one.notes)


def _grid(columns: list[str], rows: list[dict[str, Any]], one: Table) -> Iterable[str]:
    head = [heading(name) for name in columns]
    open_rows, hidden = parted(rows, one)
    if open_rows:
        yield table(head, [cells(row, one, columns) for row in open_rows])
    if hidden:
        yield from folded(table(head, [cells(row, one, columns) for row in hidden]))


def _sources(one: Finding | Table) -> str:
    known = sources()
    lines = [known[key].markdown() for key in one.sources]
    return "\n".join(f"- {line}" for line in lines) if len(lines) > 1 else lines[0]


def _wordings(one: Finding) -> str:
    words = [word for value in one.values if not (one.sensitive or value.sensitive) for word in samples(value)]
    return "Wordings that count: " + "; ".join(map(plain, dict.fromkeys(words))) + "." if words else ""
