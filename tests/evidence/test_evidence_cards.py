"""Cards, claims, pages and the command, as a reader and an author meet them."""

import re
import shutil
from html.parser import HTMLParser

import pytest
from typer.testing import CliRunner

from spinemets import course
from spinemets.cli import app
from spinemets.evidence import UnknownIdError, bank, card_html, cite, claims, finding, show_claims, table
from spinemets.evidence.bank import files, load
from spinemets.evidence.cards import SYMBOLS
from spinemets.evidence.ledger import ledger_page
from spinemets.evidence.references import chapter_references, cited, references_page


class Tags(HTMLParser):
    """Collects open tags and checks that they close in order."""

    def __init__(self, html):
        super().__init__()
        self.open, self.seen = [], set()
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        if tag not in {"br", "input"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("id", sorted(bank().chapter_of))
def test_every_card_is_well_formed_and_has_no_script(id):
    seen = Tags(card_html(id)).seen
    assert not seen & {"script", "style", "iframe", "img", "form"}
    assert "Checked 20" in card_html(id)


def test_a_card_says_what_the_issue_asks():
    card = card_html("patchell-walk")
    for part in (
        "84.0%",
        "95% interval 71.5 to 91.7",
        "42 of 50",
        "interval not given",
        "could not walk at entry",
        "Patchell RA",
        "Lancet 2005;366(9486):643-648",
        'href="https://doi.org/10.1016/S0140-6736%2805%2966954-1"',
        "Read: abstract",
        "Checked 2026-11-23",
    ):
        assert part in card, part


def test_text_from_the_files_is_escaped():
    assert "&lt;0.0001" in card_html("levels-lesions-mri")
    assert "<0.0001" not in card_html("levels-lesions-mri")


def test_figures_on_survival_are_folded_and_the_rest_is_not():
    card = card_html("bone-course")
    before, after = card.split('<details class="sm-sensitive">')
    assert "46%" in before
    assert "24 months" not in before
    assert "24 months" in after
    assert '<details class="sm-sensitive">' in card_html("bollen-primaries")
    assert "<details" not in card_html("mscc-delay-england")


def test_a_table_is_data_and_card():
    frame = table("bone_scan_new_spots").frame()
    assert list(frame.columns) == ["new_abnormalities", "metastatic", "scans"]
    assert frame["metastatic"].sum() == 54
    assert "T11-L1" in card_html("sins")
    assert finding("patchell-walk")["odds ratio for walking"].interval == [2.0, 19.8]
    assert cite("patchell2005") == "Patchell 2005"


def test_claims_show_verdict_in_word_and_symbol():
    shown = show_claims("05-metastasis", "Mechanisms of Spread")
    assert [one.id for one in shown.claims] == ["mech-1", "mech-2", "mech-3", "mech-4"]
    html = shown._repr_html_()
    Tags(html)
    for one in shown.claims:
        assert f"sm-verdict-{one.verdict}" in html
        assert f"{SYMBOLS[one.verdict]} </span>{one.verdict}." in html
        assert one.verdict in repr(shown)
        assert f"**{SYMBOLS[one.verdict]} {one.verdict}.**" in shown._repr_markdown_()
    assert len(show_claims("05-metastasis")) == len(claims("05-metastasis"))
    with pytest.raises(UnknownIdError, match="it has: Definition of Metastasis; Mechanisms of Spread"):
        show_claims("05-metastasis", "Nothing")


def test_the_ledger_has_every_claim_once_in_order_with_links():
    page = ledger_page()
    assert re.findall(r'id="claim-([\w-]+)"', page) == [one.id for one in claims()]
    root = course.root()
    for chapter, anchor in re.findall(r"\]\(\.\./evidence/(\d\d-[a-z-]+)\.md#([\w-]+)\)", page):
        assert (root / "evidence" / f"{chapter}.md").exists()
        assert bank().chapter_of[anchor] == chapter
    for name in SYMBOLS:
        assert f'value="{name}"' in page
    assert page.count("<div") == page.count("</div>")


def test_references_list_every_cited_source_once_with_its_chapters():
    page = references_page()
    cited_keys = set().union(*(cited(load(path)) for path in files()))
    anchors = re.findall(r'<div id="(source-[\w-]+)">', page)
    assert len(anchors) == len(set(anchors)) == len(cited_keys)
    assert "https://doi.org/10.1016/S0140-6736%2805%2966954-1" in page
    own = chapter_references(load(course.root() / "evidence" / "10-surgery.yml"))
    assert '<div id="source-patchell2005">' in own
    assert "(../../evidence/10-surgery.md#patchell-walk)" in own
    assert "(../claim-ledger.md#claim-surgery-3)" in own


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A small course that the command may spoil."""
    root = course.root()
    shutil.copytree(root / "evidence", tmp_path / "evidence")
    for name in ("book", "notebooks", "quizzes"):
        (tmp_path / name).mkdir()
    shutil.copy(root / "_toc.yml", tmp_path)
    for stem in ("05-metastasis", "07-spine-diagnosis", "10-surgery"):
        (tmp_path / "notebooks" / f"{stem}.ipynb").write_text(
            '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', encoding="utf-8"
        )
    monkeypatch.setenv("SPINEMETS_ROOT", str(tmp_path))
    return tmp_path


def test_the_command_writes_stale_pages_and_then_finds_no_problem(clone):
    run = CliRunner().invoke
    file = clone / "evidence" / "10-surgery.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("value: 122", "value: 123"), encoding="utf-8")
    checked = run(app, ["check"])
    assert checked.exit_code == 1
    assert "evidence/10-surgery.md, page: is stale. Run: spinemets cards" in checked.output
    assert "wrote evidence/10-surgery.md" in run(app, ["cards"]).output.replace("\\", "/")
    assert "all pages are fresh" in run(app, ["cards"]).output
    assert "123 days" in (clone / "evidence" / "10-surgery.md").read_text(encoding="utf-8")


def test_the_command_finds_a_wrong_number_in_a_page(clone):
    run = CliRunner().invoke
    run(app, ["cards"])
    (clone / "book" / "welcome.md").write_text(
        "# Hello\n\nOf them [85%](../evidence/10-surgery.md#patchell-walk) walked.\n", encoding="utf-8"
    )
    checked = run(app, ["check"])
    assert checked.exit_code == 1
    assert "book/welcome.md, line 3: '85%' differs from the card 'patchell-walk'" in checked.output
    (clone / "book" / "welcome.md").unlink()
    assert "no problems" in run(app, ["check"]).output


def test_the_command_tells_of_a_broken_file_without_traceback(clone):
    (clone / "evidence" / "05-metastasis.yml").write_text("chapter: [", encoding="utf-8")
    for verb in ("cards", "check"):
        result = CliRunner().invoke(app, [verb])
        assert result.exit_code == 1
        assert re.search(r"05-metastasis\.yml:[12]: expected YAML", result.output)
        assert isinstance(result.exception, SystemExit)
