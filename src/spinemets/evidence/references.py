"""The generated pages of references: one for each chapter, one for the book."""

from __future__ import annotations

from html import escape

from .bank import files, load, source
from .cards import card_link
from .markdown import chapter_name, page, plain
from .models import ChapterEvidence
from .sources import Source


def references_page() -> str:
    """All cited sources in full, with the chapters that cite them."""
    chapters: dict[str, list[str]] = {}
    for path in files():
        for key in cited(load(path)):
            chapters.setdefault(key, []).append(path.stem)
    everything = sorted(chapters, key=rank)
    parts = [
        "# References",
        f"The {len(everything)} sources that the cards and claims rest on. Each card says which part of its source was "
        "read. A remark in brackets says where a citation was read or what of it was not shown there. The same "
        "sources stand in `evidence/sources.bib` for reference managers.",
        "Each chapter has a page of its own: "
        + ", ".join(f"[{chapter_name(path.stem)}](references/{path.stem}.md)" for path in files())
        + ".",
    ]
    for key in everything:
        where = ", ".join(f"[{stem[:2]}](references/{stem}.md)" for stem in chapters[key])
        parts += [anchor(key), f"{_full(source(key))} Chapters: {where}."]
    return page(*parts)


def chapter_references(chapter: ChapterEvidence) -> str:
    """The sources of one chapter in full, each with the cards that rest on it."""
    parts = [
        f"# References of {chapter_name(chapter.chapter)}",
        "The sources of this chapter, each with the [cards](../../evidence/"
        f"{chapter.chapter}.md) that rest on it. [All sources](../references.md) of the book.",
    ]
    for key in sorted(cited(chapter), key=rank):
        entries = [one for one in (*chapter.findings, *chapter.tables) if key in one.sources]
        links = ", ".join(f"[{plain(one.title)}](../{card_link(one.id)})" for one in entries)
        claims = ", ".join(
            f"[{one.id}](../claim-ledger.md#claim-{one.id})" for one in chapter.claims if key in one.sources
        )
        uses = [f"Cards: {links}." if links else "", f"Claims: {claims}." if claims else ""]
        parts += [anchor(key), " ".join([_full(source(key)), *filter(None, uses)])]
    return page(*parts)


def cited(chapter: ChapterEvidence) -> set[str]:
    """The keys of the sources that a chapter's evidence cites."""
    return {key for one in (*chapter.findings, *chapter.tables, *chapter.claims) for key in one.sources}


def anchor(key: str) -> str:
    """The mark that links to a source lead to."""
    return f'<div id="source-{escape(key).replace("_", "-")}"></div>'


def rank(key: str) -> tuple[str, str]:
    """Sources stand by their short citation."""
    return (source(key).short.casefold(), key)


def _full(one: Source) -> str:
    note = f" ({plain(one.fields['annote'])})" if one.fields.get("annote") else ""
    return f"**{plain(one.short)}**: {one.markdown()}{note}"
