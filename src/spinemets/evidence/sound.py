"""Check the evidence against itself: what cannot be true, what stands twice, what is not graded."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from .bank import article, bank
from .form import span
from .links import Problem
from .models import Finding, Number, Table, Value
from .sources import DOI, sources

_EXAMPLES = {"pmid": "28700150", "year": "2017"}


def check(today: date | None = None) -> list[Problem]:
    """All that is wrong within the evidence, apart from links and wordings (``links.check``).

    Raises:
        EvidenceError: a file is malformed.
    """
    everything = bank()
    problems = [*_sources(), *_article(), *_twice()]
    for one in (*everything.findings.values(), *everything.tables.values()):
        place = f"evidence/{everything.chapter_of[one.id]}.yml"
        problems += [Problem(place, one.id, message) for message in _entry(one, today or date.today())]
    return problems


def _entry(one: Finding | Table, today: date) -> Iterator[str]:
    if one.certainty is None:
        yield "certainty: missing; expected question, design, people and direct. README.md shows an example"
    if re.search(r"secondary|second-hand|news report|ASCO Post", one.read_in, re.I) and not one.second_hand:
        yield "second_hand: missing, though read_in speaks of a secondary source. Example: second_hand: read in X"
    if one.checked > today:
        yield f"checked: {one.checked} is still to come"
    for value in one.values if isinstance(one, Finding) else ():
        yield from _value(value)
    if isinstance(one, Table) and "total_range" in one.extra:
        yield from _score(one)


def _score(one: Table) -> Iterator[str]:
    """A score's points must give its range, and each total of it belong to one band."""
    points: dict[str, list[int]] = {}
    for i, row in enumerate(one.rows):
        if type(row.get("points")) is not int:
            yield f"rows[{i}].points: expected a whole number, but found {row.get('points')!r}. Example: points: 3"
            return
        points.setdefault(row["item"], []).append(row["points"])
    low, high = one.extra["total_range"]
    sums = [sum(map(end, points.values())) for end in (min, max)]
    if sums != [low, high]:
        yield f"total_range: the items' points add up to {sums}, not {[low, high]}. Example: total_range: {sums}"
    try:
        banded = [total for band in one.extra["bands"] for total in span(band["score"])]
    except (KeyError, ValueError) as error:
        yield f"bands: expected a score in each, but {error}. Example: score: 4-5"
        return
    if banded != list(range(low, high + 1)):
        yield f"bands: expected each total from {low} to {high} once and in order, but found {banded}"


def _value(value: Value) -> Iterator[str]:
    if value.misprint:
        return
    if value.interval and not all(value.interval[0] <= number <= value.interval[1] for number in value.numbers):
        yield (
            f"{value.name}: {value.text} lies outside its interval {value.interval}. Read the source again; if it "
            "prints that, add misprint: why it is kept"
        )
    if value.unit == "%" and value.count is not None and value.n and isinstance(value.value, Number):
        share = 100 * value.count / value.n
        places = max(0, -Decimal(str(value.value)).as_tuple().exponent)
        # A printed share may be rounded twice, or cut off: half a step and a little more.
        if abs(share - value.value) > 0.5 * 10**-places + 0.06:
            yield (
                f"{value.name}: {value.count} of {value.n} is {share:.{places + 1}f}%, not {value.value}%. Read the "
                "source again; if it prints that, add misprint: why it is kept"
            )


def _sources() -> Iterator[Problem]:
    place = "evidence/sources.bib"
    seen: dict[tuple[str, str], str] = {}
    for key, one in sources().items():
        doi = one.fields.get("doi", "")
        if doi and not DOI.fullmatch(doi):
            yield Problem(place, key, f"doi: {doi!r} is malformed. Example: doi = {{10.1016/S0140-6736(05)66954-1}}")
        for name, form in (("pmid", r"\d{1,8}"), ("year", r"(1[89]|20)\d\d")):
            if (given := one.fields.get(name)) and not re.fullmatch(form, given):
                yield Problem(place, key, f"{name}: {given!r} is malformed. Example: {name} = {{{_EXAMPLES[name]}}}")
        title = re.sub(r"\W", "", one.fields.get("title", "").lower())
        marks = {"doi": doi.lower(), "pmid": one.fields.get("pmid", ""), "title": title if len(title) > 30 else ""}
        for name, mark in marks.items():
            if mark and seen.setdefault((name, mark), key) != key:
                yield Problem(place, key, f"has the same {name} as {seen[name, mark]}. Expected one entry for one work")


def _article() -> Iterator[Problem]:
    """Claims and omissions whose section, chapter or evidence does not exist."""
    everything = bank()
    sections = {(one.name, one.chapter) for one in article().sections}
    places = Counter((one.chapter, one.section, one.order) for one in everything.claims.values())
    for one in everything.claims.values():
        if places[one.chapter, one.section, one.order] > 1:
            yield Problem(
                f"evidence/{one.chapter}.yml",
                one.id,
                f"order: {one.order} stands twice in the section {one.section!r}. Expected a place of its own",
            )
        if (one.section, one.chapter) not in sections:
            names = "; ".join(name for name, chapter in sections if chapter == one.chapter) or "none"
            yield Problem(
                f"evidence/{one.chapter}.yml",
                one.id,
                f"section: {one.section!r} is no section of article.yml for this chapter. Expected one of: {names}",
            )
    chapters = {one.chapter for one in article().sections}
    for one in article().omissions:
        if one.chapter not in chapters:
            yield Problem("evidence/article.yml", one.id, f"chapter: {one.chapter!r} is no chapter of the course")
        for id in one.findings:
            if id not in everything.chapter_of:
                yield Problem("evidence/article.yml", one.id, f"findings: {id!r} does not exist")


def _twice() -> Iterator[Problem]:
    """Findings that state the same: equal statements, or one source with the same counted or bounded value twice."""
    place = bank().chapter_of
    first: dict[object, str] = {}
    for one in bank().findings.values():
        marks = {_words(one.statement), *((source, result) for source in one.sources for result in _results(one))}
        for other in sorted({first[mark] for mark in marks if mark in first}):
            yield Problem(
                f"evidence/{place[one.id]}.yml",
                one.id,
                f"states the same as {other!r} ({place[other]}). Expected one finding for one result",
            )
        for mark in marks:
            first.setdefault(mark, one.id)


def _words(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def _results(one: Finding) -> set[tuple]:
    """Values that can hardly be equal by chance: with an interval, or with counts."""
    return {
        (str(value.value), value.unit, tuple(value.interval or ()), value.count, value.n)
        for value in one.values
        if value.interval or (value.count is not None and value.n is not None)
    }
