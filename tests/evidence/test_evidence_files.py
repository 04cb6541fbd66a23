"""The course's own evidence: complete, consistent, and fresh on its pages."""

import re

import pytest
import yaml
from ruamel.yaml import YAML

from spinemets import course
from spinemets.evidence import bank, links, pages, sources
from spinemets.evidence.bank import files, load
from spinemets.evidence.cards import card_html
from spinemets.evidence.sources import DOI
from spinemets.evidence.wording import COUNTS

CHAPTERS = ("05-metastasis", "07-spine-diagnosis", "10-surgery")
VALUES = [(finding, value) for finding in bank().findings.values() for value in finding.values]


def names(pairs):
    return [f"{finding.id}:{value.name}" for finding, value in pairs]


def test_every_chapter_has_findings_tables_and_claims():
    assert [path.stem for path in files()] == list(CHAPTERS)
    for path in files():
        chapter = load(path)
        assert len(chapter.findings) >= 30
        assert len(chapter.tables) >= 5
        assert len(chapter.claims) >= 10
        assert [claim.order for claim in chapter.claims] == list(range(1, len(chapter.claims) + 1))


def test_no_word_is_read_as_something_else():
    for path in files():
        text = path.read_text(encoding="utf-8")
        assert yaml.safe_load(text) == YAML(typ="safe").load(text), "quote words such as no, yes, on and off"


def test_cited_sources_are_known_complete_and_none_is_idle():
    assert [str(problem) for problem in links.check_sources()] == []


def test_claims_stand_in_their_chapter_and_their_numbers_are_on_their_cards():
    assert [str(problem) for problem in links.check_claims()] == []


def test_dois_are_well_formed():
    given = {key: source.fields["doi"] for key, source in sources().items() if source.fields.get("doi")}
    assert len(given) > 80
    assert [key for key, doi in given.items() if not DOI.fullmatch(doi)] == []


def test_short_citations_are_unambiguous():
    shorts = [source.short for source in sources().values()]
    assert len(shorts) == len(set(shorts))


def test_intervals_contain_their_estimate():
    outside = [
        (finding, value)
        for finding, value in VALUES
        if value.interval and not all(value.interval[0] <= number <= value.interval[1] for number in value.numbers)
    ]
    assert names(outside) == []


def test_percentages_follow_from_their_counts():
    counted = [
        (finding, value)
        for finding, value in VALUES
        if value.unit == "%" and value.count is not None and value.n and isinstance(value.value, int | float)
    ]
    assert len(counted) > 30
    wrong = []
    for finding, value in counted:
        decimals = len(str(value.value).partition(".")[2].rstrip("0"))
        tolerance = 0.5 * 10**-decimals + 0.06
        if abs(100 * value.count / value.n - value.value) > tolerance:
            wrong.append((finding, value))
    assert names(wrong) == []


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


def test_pages_are_fresh():
    assert [path.name for path in pages.stale()] == [], "run: spinemets cards"


@pytest.mark.parametrize("path", [*(path.with_suffix(".md") for path in files())], ids=lambda path: path.stem)
def test_headings_of_a_page_are_the_ids(path):
    chapter = load(path.with_suffix(".yml"))
    headings = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.M)
    assert headings == [one.id for one in (*chapter.findings, *chapter.tables)]


def test_generated_pages_begin_with_the_safety_text():
    for path, text in pages.pages().items():
        assert pages.SAFETY in text[:900], path.name


def test_no_run_of_the_loaders_private_words():
    for path in (*files(), *(course.root() / "evidence").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        assert "/work/" not in text
        assert "not seen in the part read" not in text


def test_notebooks_quizzes_and_pages_agree_with_their_cards():
    problems = [str(problem) for paragraph in links.prose() for problem in links.check_paragraph(paragraph)]
    assert problems == []
