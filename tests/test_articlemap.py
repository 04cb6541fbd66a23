"""The article map: every section once, with what treats it, and gaps that show."""

import re

from spinemets import articlemap, course
from spinemets.evidence import claims
from spinemets.evidence.bank import article


def treated(name):
    return next(row for row in articlemap.treated() if row.section.name == name)


def test_every_section_stands_once_and_every_claim_has_a_place():
    rows = articlemap.treated()
    assert [row.section for row in rows] == article().sections
    assert [one.id for row in rows for one in row.claims] == [one.id for one in claims()]


def test_a_section_has_the_explorers_under_its_heading_and_the_items_on_its_evidence():
    spread = treated("Mechanisms of Spread")
    assert "Roads to a vertebra" in spread.explorers
    assert "What can go wrong" in treated("Outcomes and Complications").explorers
    assert "surgery-predict-regain" in treated("Outcomes and Complications").items
    assert spread.gaps == []


def test_a_section_without_a_notebook_shows_its_gaps():
    for row in articlemap.treated():
        missing = not (course.root() / "notebooks" / f"{row.section.chapter}.ipynb").exists()
        assert ("chapter" in row.gaps) == missing
        assert ("explorers" in row.gaps) == (not row.explorers)


def test_links_of_the_page_lead_somewhere():
    page = articlemap.article_map()
    ids = set(re.findall(r'<div id="([\w-]+)">', page))
    assert set(re.findall(r"\]\(#([\w-]+)\)", page)) <= ids
    ledger = (course.root() / "book" / "claim-ledger.md").read_text(encoding="utf-8")
    for target in re.findall(r"claim-ledger\.md#([\w-]+)", page):
        assert f'id="{target}"' in ledger
