"""The generated pages on the article: the ledger of its claims, and what it leaves out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape
from itertools import groupby, product

from .bank import article, claims, entry, source
from .cards import SYMBOLS, card_link
from .markdown import chapter_link, folded, page, plain, table
from .models import Claim

MEANINGS = {
    "supported": "the evidence says so",
    "imprecise": "true in part: a size, a group or a condition is missing",
    "outdated": "was true once",
    "unsupported": "no evidence was found for it",
    "contradicted": "the evidence says otherwise",
}


def ledger_page() -> str:
    """All claims with their verdicts in the order of the article, a picture of them, and filters without a script."""
    found = claims()
    verdicts = Counter(one.verdict for one in found)
    chapters = Counter(one.chapter for one in found)
    arguable = sum(bool(one.arguable) for one in found)
    parts = [
        "# Claim ledger",
        f"The course grew out of an article. Its {len(found)} statements that can be checked stand here in our words, "
        "in the order of the article, each with a verdict and its evidence. Most statements are not false; many are "
        f"too vague to use. A verdict is a judgement: where another reader might judge otherwise ({arguable} times), "
        "the entry says why. What the article does not say at all is a [list of its own](left-out.md).",
        table(
            ["verdict", "claims", "what it means"],
            [[f"{SYMBOLS[name]} {name}", str(verdicts[name]), meaning] for name, meaning in MEANINGS.items()],
        ),
        "## The verdicts along the article",
        "One mark is one statement, from the article's first section to its last. Each leads to its entry.",
        _filter_rules(found),
        _picture(found),
        "## All claims",
        _filter(verdicts, chapters),
    ]
    for section, group in groupby(found, key=lambda one: one.section):
        parts.append(f"### {plain(section)}")
        for one in group:
            parts += _claim(one)
    return page(*parts)


def omissions_page() -> str:
    """What the article leaves out, each with the chapter that gives it a home."""
    left = article().omissions
    parts = [
        "# What the article leaves out",
        f"A text can mislead by what it does not say. These {len(left)} subjects matter to people with breast cancer "
        "in the spine, and the article does not treat them. Each entry says how often the words occur there, why the "
        "subject matters, and which chapter gives it a home.",
    ]
    for one in left:
        words = ", ".join(f"“{word}”" for word in one.searched)
        times = {0: "not once", 1: "once"}.get(one.mentions, f"{one.mentions} times")
        parts += [
            f"## {plain(one.topic)}",
            plain(one.because),
            f"In the article: {times} ({plain(words)}). Evidence: {_evidence(one.findings)}. "
            f"Chapter: {chapter_link(one.chapter)}.",
        ]
    return page(*parts)


def _claim(one: Claim) -> list[str]:
    sources = ", ".join(
        f"[{plain(source(key).short)}](references.md#source-{key.replace('_', '-')})" for key in one.sources
    )
    return [
        f'<div class="sm-claim sm-verdict-{one.verdict} sm-in-{one.chapter}" id="claim-{one.id}">',
        f"**{SYMBOLS[one.verdict]} {one.verdict}.** The article: {plain(one.says)}",
        plain(one.because),
        *(folded(plain(one.sensitive)) if one.sensitive else []),
        *([f"Arguable: {plain(one.arguable)}"] if one.arguable else []),
        f"Evidence: {_evidence(one.findings)}." + (f" Sources: {sources}." if sources else ""),
        f"Chapter: {chapter_link(one.chapter)}. Claim {one.id}.",
        "</div>",
    ]


def _evidence(ids: Sequence[str]) -> str:
    return ", ".join(f"[{plain(entry(id).title)}]({card_link(id)})" for id in ids)


def _picture(found: Sequence[Claim]) -> str:
    """A row of marks for each section: symbol and colour tell the verdict, so that neither is needed alone."""
    rows = []
    for section, group in groupby(found, key=lambda one: one.section):
        marks = "".join(
            f'<a class="sm-mark sm-verdict-{one.verdict}" href="#claim-{one.id}" title="{escape(one.says)}" '
            f'aria-label="{one.verdict}: {escape(one.says)}">{SYMBOLS[one.verdict]}</a>'
            for one in group
        )
        rows.append(f'<li><span class="sm-strip-name">{escape(section)}</span> <span>{marks}</span></li>')
    return "\n".join(['<ol class="sm-strip" aria-label="Verdicts along the article">', *rows, "</ol>"])


def _filter_rules(found: Sequence[Claim]) -> str:
    """Rules that hide on screen what the chosen radio buttons leave out: claims, and sections without any.

    A claim to which a link has just led stays in view.
    """
    pairs = {(one.verdict, one.chapter) for one in found}
    verdicts, chapters = (sorted(set(options)) for options in zip(*pairs, strict=True))
    rules = []
    for name, options in (("verdict", verdicts), ("in", chapters)):
        for option in options:
            chosen = f"body{_chosen(name, option)}"
            kept = f":is(.sm-{name}-{option}, :target)"
            rules.append(f"{chosen} .sm-claim:not({kept}),")
            rules.append(f"{chosen} section:has(> .sm-claim):not(:has(> .sm-claim{kept})) {{ display: none; }}")
    for verdict, chapter in product(verdicts, chapters):
        if (verdict, chapter) not in pairs:
            both = _chosen("verdict", verdict) + _chosen("in", chapter)
            rules.append(f"body{both} .sm-no-claim {{ display: block; }}")
    return "\n".join(["<style>", "@media screen {", *rules, "}", "</style>"])


def _chosen(name: str, option: str) -> str:
    return f':has(input[name="sm-{name}"][value="{option}"]:checked)'


def _filter(verdicts: Counter[str], chapters: Counter[str]) -> str:
    """Radio buttons that hide claims by CSS alone; where CSS or forms are missing all claims stay in view."""
    groups = (
        ("Verdict", "verdict", [(name, verdicts[name]) for name in MEANINGS if verdicts[name]]),
        ("Chapter", "in", sorted(chapters.items())),
    )
    html = ['<form class="sm-ledger-filter" aria-label="Filter of the claims">']
    for legend, name, counts in groups:
        html.append(f"<fieldset><legend>{legend}</legend>")
        for option, count in [("all", sum(count for _, count in counts)), *counts]:
            checked = " checked" if option == "all" else ""
            html.append(
                f'<label><input type="radio" name="sm-{name}" value="{option}"{checked}> '
                f"{option.replace('-', ' ')} ({count})</label>"
            )
        html.append("</fieldset>")
    html.append('<p class="sm-no-claim" role="status">No claim of this chapter has this verdict.</p>')
    return "\n".join([*html, "</form>"])
