"""Cards and claims as HTML: safe to embed, readable without style sheet or script, light and dark."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from .bank import bank, claims, entry, source
from .models import Claim, Finding, Table, UnknownIdError, Value
from .wording import has_interval, interval, limits, plain, shown

OPEN_LATER = "Figures on survival: open them when you want them"
SUMMARY = '<summary style="padding:.3rem 0">'
"""Tall enough to be hit with a finger."""
SYMBOLS = {"supported": "✓", "imprecise": "≈", "outdated": "↺", "unsupported": "?", "contradicted": "✗"}


def interval_words(value: Value, one: Finding) -> str:
    """The interval for reading; "interval not given" where the source gives none; empty for counts and texts."""
    if value.interval or not has_interval(value):
        return interval(value)
    return one.interval_note or "interval not given"


def context(value: Value) -> list[str]:
    """How many, in whom, and remarks."""
    words = []
    if value.count is not None and value.n is not None:
        words.append(f"{plain(value.count)} of {plain(value.n)}")
    elif value.count is not None:
        words.append(f"{plain(value.count)} counted")
    elif value.n is not None:
        words.append(f"n = {plain(value.n)}")
    if value.range:
        words.append(f"range {limits(value.range)}")
    words += filter(None, (value.population, value.note))
    if value.misprint:
        words.append(f"kept as printed: {value.misprint}")
    return words + ([f"computed here: {value.computed}"] if value.computed else [])


def cell(content: Any) -> str:
    """A table's cell as text."""
    if content is None:
        return "not given"
    if isinstance(content, bool):
        return "yes" if content else "no"
    if isinstance(content, dict):
        return "; ".join(f"{heading(str(name))}: {cell(one)}" for name, one in content.items())
    if isinstance(content, list):
        pair = len(content) == 2 and all(isinstance(one, int | float) for one in content)
        return limits(content) if pair else ", ".join(map(cell, content))
    return plain(content) if isinstance(content, float) else str(content)


def heading(column: str) -> str:
    """A column's name for reading."""
    return {"ci95": "95% interval", "pct": "per cent", "n": "n", "events": "count"}.get(
        column, column.replace("_", " ")
    )


def card_html(id: str) -> str:
    """The card of a finding or table: values with interval or "interval not given", source, what was read, date.

    Raises:
        UnknownIdError: there is no such finding or table.
    """
    one = entry(id)
    body = _finding(one) if isinstance(one, Finding) else _table(one)
    sources = "".join(f"<p>{source(key).html()}</p>" for key in one.sources)
    return (
        f'<div class="sm-card-body"><p><strong>{escape(one.title)}</strong></p>{body}'
        f'{"".join(f"<p>{escape(mark)}</p>" for mark in trust(one))}<div class="sm-card-source">{sources}</div>'
        f'<p class="sm-card-read">Read: {escape(one.read_in)}. Checked {one.checked.isoformat()}.</p></div>'
    )


def trust(one: Finding | Table) -> list[str]:
    """How far an entry carries, for reading: its certainty, and marks where the original or the citation is lacking."""
    marks = [f"Certainty: {one.certainty_words}."] if one.certainty else []
    if one.second_hand:
        marks.append(f"Second-hand: {one.second_hand}.")
    for key in one.sources:
        if gap := source(key).fields.get("annote"):
            marks.append(f"Incomplete citation ({source(key).short}): {gap}.")
    return marks


def _finding(one: Finding) -> str:
    people = "; ".join(filter(None, (one.population, str(one.year) if one.year else "")))
    parts = [f"<p>{escape(one.statement)}</p>", f"<p>{escape(people)}</p>" if people else ""]
    hidden = [value for value in one.values if one.sensitive or value.sensitive]
    parts.append(_values([value for value in one.values if value not in hidden], one))
    if hidden:
        parts.append(_folded(_values(hidden, one)))
    if one.note:
        parts.append(f"<p>{escape(one.note)}</p>")
    return "".join(parts)


def _values(values: list[Value], one: Finding) -> str:
    if not values:
        return ""
    items = []
    for value in values:
        given = interval_words(value, one)
        given = f"95% interval {given}" if value.interval and value.interval_level == 95 else given
        words = "; ".join(filter(None, (given, *context(value))))
        items.append(
            f"<li>{escape(value.name)}: <strong>{escape(shown(value))}</strong>"
            + (f" ({escape(words)})" if words else "")
            + "</li>"
        )
    return f'<ul class="sm-card-values">{"".join(items)}</ul>'


def _table(one: Table) -> str:
    parts = [_grid(one.title, shown_columns(one), one.rows, one)]
    parts += [f"<p>{escape(words)}</p>" for words in extra_words(one)]
    parts += [f"<p>{escape(name)}</p>{_grid(name, columns, rows, one)}" for name, columns, rows in extra_grids(one)]
    parts += [f"<p>{escape(note)}</p>" for note in one.notes]
    return "".join(parts)


def _grid(label: str, columns: list[str], rows: list[dict[str, Any]], one: Table) -> str:
    """The rows as tables: open those that may be, folded those on death or survival."""
    shown_rows, hidden = parted(rows, one)
    grids = [_rows(label, columns, some, one) if some else "" for some in (shown_rows, hidden)]
    return grids[0] + (_folded(grids[1]) if hidden else "")


def parted(rows: list[dict[str, Any]], one: Table) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows to show, and rows on death or survival that open on request."""
    hidden = [row for row in rows if one.sensitive or row.get("sensitive")]
    return [row for row in rows if row not in hidden], hidden


def extra_words(one: Table) -> list[str]:
    """What belongs to a table and is no table itself, in words; left out of a table on survival."""
    return [
        f"{heading(name).capitalize()}: {cell(content)}."
        for name, content in one.extra.items()
        if not _is_grid(content) and not one.sensitive
    ]


def extra_grids(one: Table) -> list[tuple[str, list[str], list[dict[str, Any]]]]:
    """Tables that belong to a table, such as the bands of a score: name, columns, rows."""
    return [
        (
            heading(name).capitalize(),
            [column for column in dict.fromkeys(key for row in content for key in row) if column != "sensitive"],
            content,
        )
        for name, content in one.extra.items()
        if _is_grid(content)
    ]


def _is_grid(content: Any) -> bool:
    return isinstance(content, list) and bool(content) and all(isinstance(row, dict) for row in content)


def _rows(label: str, columns: list[str], rows: list[dict[str, Any]], one: Table) -> str:
    head = "".join(f'<th scope="col">{escape(heading(name))}</th>' for name in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in cells(row, one, columns)) + "</tr>" for row in rows
    )
    return (
        f'<div class="sm-card-table" role="region" aria-label="{escape(label)}" tabindex="0" '
        f'style="overflow-x:auto"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def shown_columns(one: Table) -> list[str]:
    """The columns that a reader sees."""
    return [name for name in one.columns if name != "sensitive"]


def cells(row: dict[str, Any], one: Table, columns: list[str]) -> list[str]:
    """The texts of a row; a key of ``sources.bib`` becomes its short citation."""
    texts = []
    for name in columns:
        content = row.get(name, "")
        if name in {"source", "sources"}:
            keys = content if isinstance(content, list) else [content]
            content = ", ".join(source(key).short if key in one.sources else str(key) for key in keys)
        texts.append(cell(content))
    return texts


def _folded(content: str) -> str:
    return f'<details class="sm-sensitive">{SUMMARY}{OPEN_LATER}</summary>{content}</details>'


class Claims:
    """Claims of the article with their verdicts, shown in a notebook as HTML, Markdown or plain text."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        self.claims = list(claims)

    def _repr_html_(self) -> str:
        return f'<div class="sm-claims">{"".join(map(claim_html, self.claims))}</div>'

    def _repr_markdown_(self) -> str:
        return "\n\n".join(
            f"**{SYMBOLS[one.verdict]} {one.verdict}.** The article: {one.says}\n\n{one.because} "
            f"({', '.join(f'[{entry(id).title}]({card_link(id)})' for id in one.findings)})"
            for one in self.claims
        )

    def __repr__(self) -> str:
        return "\n\n".join(f"{SYMBOLS[one.verdict]} {one.verdict}: {one.says}\n  {one.because}" for one in self.claims)

    def __len__(self) -> int:
        return len(self.claims)


def card_link(id: str) -> str:
    """The link to a card from a page in another folder: ``../evidence/05-metastasis.md#late-recurrence``.

    Raises:
        UnknownIdError: there is no such finding or table.
    """
    return f"../evidence/{bank().chapter_of[entry(id).id]}.md#{id}"


def claim_html(one: Claim) -> str:
    """A claim: what the article says, the verdict in word and symbol, why, and its evidence to open."""
    figures = _folded(f"<p>{escape(one.sensitive)}</p>") if one.sensitive else ""
    doubt = f"<p>Arguable: {escape(one.arguable)}</p>" if one.arguable else ""
    evidence = "".join(
        f'<details class="sm-claim-evidence">{SUMMARY}Evidence: {escape(entry(id).title)}</summary>'
        f"{card_html(id)}</details>"
        for id in one.findings
    )
    return (
        f'<div class="sm-claim sm-verdict-{one.verdict}" '
        'style="border-left:.25rem solid currentColor;padding:.1rem 0 .1rem .8rem;margin:1rem 0">'
        f"<p><strong>{verdict_html(one)}</strong> The article: {escape(one.says)}</p>"
        f"<p>{escape(one.because)}</p>{figures}{doubt}{evidence}</div>"
    )


def verdict_html(one: Claim) -> str:
    """The verdict as symbol and word."""
    return f'<span class="sm-verdict"><span aria-hidden="true">{SYMBOLS[one.verdict]} </span>{one.verdict}.</span>'


def show_claims(chapter: str, section: str | None = None) -> Claims:
    """The claims of a chapter, or of one section of the article in it, for a notebook.

    Raises:
        UnknownIdError: no such chapter, or the chapter has no claims of this section.
    """
    found = claims(chapter)
    if section is not None:
        sections = list(dict.fromkeys(one.section for one in found))
        if section not in sections:
            raise UnknownIdError(f"{chapter} has no claims of the section {section!r}; it has: {'; '.join(sections)}")
        found = [one for one in found if one.section == section]
    return Claims(found)
