"""The course's own evidence: complete, consistent, and fresh on its pages."""

import re

import pytest
import yaml
from pybtex.database import parse_file
from pybtex.style.formatting.plain import Style
from ruamel.yaml import YAML

from spinemets import course
from spinemets.evidence import bank, claims, links, sources
from spinemets.evidence.bank import article, files, load
from spinemets.evidence.cards import card_html
from spinemets.evidence.wording import COUNTS

VALUES = [(finding, value) for finding in bank().findings.values() for value in finding.values]


def names(pairs):
    return [f"{finding.id}:{value.name}" for finding, value in pairs]


def test_every_chapter_of_the_article_has_evidence_and_claims():
    stems = sorted({section.chapter for section in article().sections})
    assert len(stems) == 15
    assert [path.stem for path in files()] == stems
    for path in files():
        chapter = load(path)
        assert chapter.claims
        assert sorted(claim.order for claim in chapter.claims) == list(range(1, len(chapter.claims) + 1))
    assert len(bank().findings) + len(bank().tables) > 450
    assert len(bank().claims) > 120


def test_claims_stand_in_the_order_of_the_article():
    place = {section.name: i for i, section in enumerate(article().sections)}
    order = [(place[one.section], one.order) for one in claims()]
    assert order == sorted(order)
    for path in files():
        own = [one for one in claims() if one.chapter == path.stem]
        assert [one.order for one in own] == sorted(one.order for one in own), path.stem


def test_no_word_is_read_as_something_else():
    for path in files():
        text = path.read_text(encoding="utf-8")
        assert yaml.safe_load(text) == YAML(typ="safe").load(text), "quote words such as no, yes, on and off"


def test_cited_sources_are_known_complete_and_none_is_idle():
    assert [str(problem) for problem in links.check_sources()] == []


def test_claims_stand_in_their_chapter_and_their_numbers_are_on_their_cards():
    assert [str(problem) for problem in links.check_claims()] == []


def test_sources_are_bibtex_that_other_tools_format():
    """pybtex in strict mode, with its plain style; ``@online`` is BibLaTeX, ``@misc`` its name in BibTeX."""
    entries = parse_file(str(course.root() / "evidence" / "sources.bib"), "bibtex").entries
    for entry in entries.values():
        entry.type = "misc" if entry.type == "online" else entry.type
    formatted = list(Style().format_entries(entries.values()))
    assert len(formatted) == len(sources())


def test_short_citations_are_unambiguous():
    shorts = [source.short for source in sources().values()]
    assert len(shorts) == len(set(shorts))


def test_percentages_and_levels_are_possible():
    for finding, value in VALUES:
        if value.unit == "%":
            assert all(0 <= number <= 100 for number in value.numbers), (finding.id, value.name)
        assert value.interval_level in (70, 90, 95, 99), (finding.id, value.name)


def test_figures_on_death_and_survival_are_folded():
    harmless = re.compile(r"(?:progression-free|disease-free|metastasis-free) survival|expected survival|regained|11$")
    telling = re.compile(r"surviv|mortality|\bdeath|\bdied\b|\bdead\b|\balive\b|\bOS\b")
    shown = [
        (finding, value)
        for finding, value in VALUES
        if telling.search(value.name)
        and not (finding.sensitive or value.sensitive)
        and not harmless.search(value.name)
        and "not walking before surgery" not in value.name
    ]
    assert names(shown) == []


def test_a_missing_interval_is_said_on_the_card():
    for finding in bank().findings.values():
        lacks = any(not value.interval and value.numbers and value.unit not in COUNTS for value in finding.values)
        if lacks and all("arithmetic" not in value.computed for value in finding.values):
            assert "not given" in card_html(finding.id), finding.id


@pytest.mark.parametrize("path", [*(path.with_suffix(".md") for path in files())], ids=lambda path: path.stem)
def test_headings_of_a_page_are_the_ids(path):
    chapter = load(path.with_suffix(".yml"))
    headings = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.M)
    assert headings == [one.id for one in (*chapter.findings, *chapter.tables)]


def test_no_run_of_the_loaders_private_words():
    for path in (*files(), *(course.root() / "evidence").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        assert "/work/" not in text
        assert "not seen in the part read" not in text


def test_notebooks_quizzes_and_pages_agree_with_their_cards():
    problems = [str(problem) for paragraph in links.prose() for problem in links.check_paragraph(paragraph)]
    assert problems == []
