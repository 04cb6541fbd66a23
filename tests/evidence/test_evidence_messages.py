"""A broken evidence file is named with line, field, what was expected and an example."""

import time

import pytest

from spinemets.evidence import (
    EvidenceError,
    UnknownIdError,
    bank,
    card_html,
    claims,
    entry,
    finding,
    source,
    span,
    table,
)
from spinemets.evidence.bank import load
from spinemets.evidence.sources import load as load_sources

GOOD = """\
chapter: 05-metastasis
findings:
  - id: walk
    title: Who walks
    statement: Of 101 people in a trial most walked.
    values:
      - {name: walked, value: 84.0, unit: '%', n: 50, count: 42, interval: [71.5, 91.7]}
    sources: [patchell2005]
    read_in: abstract
    checked: 2026-11-23
tables: []
claims:
  - id: surgery-3
    section: Indications
    chapter: 05-metastasis
    order: 1
    says: Surgery can bring a walk back.
    verdict: imprecise
    because: Mostly it keeps a walk that is still there.
    findings: [walk]
"""


@pytest.fixture
def broken(tmp_path):
    def write(old="", new=""):
        assert old in GOOD
        path = tmp_path / "05-metastasis.yml"
        path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
        return path

    return write


def test_a_good_file_loads(broken):
    chapter = load(broken())
    assert chapter.findings[0].value == 84.0
    assert chapter.findings[0]["walked"].interval == [71.5, 91.7]


@pytest.mark.parametrize(
    ("old", "new", "line", "parts"),
    [
        ("value: 84.0", "value: [x]", 7, ["findings[0] (walk).values[0] (walked).value", "a number", "value: 94"]),
        ("n: 50", "n: fifty", 7, ["findings[0] (walk).values[0] (walked).n", "whole number", "'fifty'", "n: 319"]),
        ("[71.5, 91.7]", "[71.5]", 7, [".interval", "lower and upper limit", "[41.0, 70.7]"]),
        ("[71.5, 91.7]", "[91.7, 71.5]", 7, ["interval: the lower limit comes first"]),
        ("count: 42", "count: 52", 7, ["count: at most n, which is 50"]),
        ("    read_in: abstract\n", "", 3, ["findings[0] (walk).read_in", "missing", "read_in: abstract"]),
        ("statement:", "statment:", 5, ["statment", "misspelt"]),
        ("id: walk\n", "id: Who Walks\n", 3, [".id", "lower-case words", "id: late-recurrence"]),
        ("verdict: imprecise", "verdict: vague", 18, ["claims[0] (surgery-3).verdict", "supported, imprecise"]),
        ("checked: 2026-11-23", "checked: yesterday", 10, [".checked", "checked: 2026-11-23"]),
        (
            "chapter: 05-metastasis\nf",
            "chapter: 07-spine-diagnosis\nf",
            1,
            ["the file's stem", "chapter: 05-metastasis"],
        ),
        ("sources: [patchell2005]", "sources: []", 8, [".sources", "keys of sources.bib"]),
        ("statement: Of", "statement: 'Of", 7, ["expected YAML"]),
        ("    read_in: abstract\n", "    read_in: abstract\n    read_in: text\n", 10, ["'read_in' stands twice"]),
        ("checked: 2026-11-23", "checked: 2026-02-30", 10, ["'2026-02-30' is no date"]),
        ("statement: Of", "statement: \x01Of", 5, ["expected plain text"]),
        ("value: 84.0", "value: .nan", 7, ["values[0]"]),
        ("n: 50", "n: 0", 7, [".n", "n: 319"]),
        ("value: 84.0", "value: 130", 7, ["0 to 100%"]),
    ],
)
def test_messages_name_file_line_field_and_example(broken, old, new, line, parts):
    with pytest.raises(EvidenceError) as caught:
        load(broken(old, new))
    message = str(caught.value)
    assert f"05-metastasis.yml:{line}:" in message, message
    for part in parts:
        assert part in message, message


def test_all_problems_of_a_file_are_told_at_once(broken, tmp_path):
    path = broken("n: 50", "n: fifty")
    path.write_text(path.read_text().replace("order: 1", "order: first"), encoding="utf-8")
    with pytest.raises(EvidenceError) as caught:
        load(path)
    assert len(str(caught.value).splitlines()) == 2


def test_an_id_stands_once_in_all_chapters(tmp_path, monkeypatch):
    (tmp_path / "_toc.yml").write_text("", encoding="utf-8")
    (tmp_path / "evidence").mkdir()
    for stem in ("05-metastasis", "07-spine-diagnosis"):
        text = GOOD.replace("05-metastasis", stem)
        (tmp_path / "evidence" / f"{stem}.yml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("SPINEMETS_ROOT", str(tmp_path))
    with pytest.raises(EvidenceError, match=r"walk: expected an id that stands once, but 05-metastasis has it too"):
        bank()


def test_an_edit_is_seen_within_a_second_without_restart(tmp_path, monkeypatch):
    (tmp_path / "_toc.yml").write_text("", encoding="utf-8")
    (tmp_path / "evidence").mkdir()
    path = tmp_path / "evidence" / "05-metastasis.yml"
    path.write_text(GOOD, encoding="utf-8")
    monkeypatch.setenv("SPINEMETS_ROOT", str(tmp_path))
    assert finding("walk").value == 84.0
    path.write_text(GOOD.replace("84.0", "85.0"), encoding="utf-8")
    time.sleep(1.01)
    assert finding("walk").value == 85.0


def test_unknown_ids_name_what_is_near():
    with pytest.raises(UnknownIdError, match="near it: .*patchell-walk"):
        finding("patchel-walk")
    with pytest.raises(KeyError, match="has no table"):
        table("patchell-walk")
    with pytest.raises(UnknownIdError, match="has no source"):
        source("nobody1900")
    with pytest.raises(UnknownIdError, match="has no chapter"):
        claims("99-nothing")
    with pytest.raises(KeyError):
        card_html("nothing")
    with pytest.raises(UnknownIdError, match="has no value 'pain'; its values: 'pain at diagnosis'"):
        finding("mscc-symptoms-scotland")["pain"]
    with pytest.raises(UnknownIdError, match="no single number"):
        finding("noms-frame").value  # noqa: B018
    assert entry("sins") is table("sins")


def test_an_incomplete_source_says_what_it_lacks(tmp_path):
    path = tmp_path / "sources.bib"
    path.write_text(
        """
@article{one, title = {A}, journal = {B}, year = {2001}}
@article{two, author = {Roe, J.}, title = {A}, doi = {doi:10.1/x}}
@online{three, author = {{A body}}, title = {A}}
@article{four, author = {Roe, J. and others}, title = {A & B}, journal = {not seen}, year = {2002}}
""",
        encoding="utf-8",
    )
    found = load_sources(path, 1)
    assert found["one"].missing == ["author"]
    assert found["two"].missing == ["journal", "year", "a well-formed doi (10.1016/...)"]
    assert found["three"].missing == ["url", "urldate"]
    assert found["four"].missing == ["what is marked 'not seen'"]
    assert found["four"].authors == ("Roe J", "et al")
    assert (found["three"].short, found["four"].short) == ("A body", "Roe 2002")


def test_a_doi_with_angle_brackets_becomes_a_safe_link():
    bayley = source("bayley2001")
    assert bayley.link == "https://doi.org/10.1002/1097-0142%2820010715%2992:2%3C303::aid-cncr1323%3E3.0.co;2-f"
    assert "<303" not in bayley.html().replace("&lt;303", "")


def test_another_encoding_is_named_with_its_line(broken):
    path = broken()
    path.write_bytes(path.read_text(encoding="utf-8").replace("Who walks", "Qui marché").encode("latin-1"))
    with pytest.raises(EvidenceError, match=r"05-metastasis\.yml:4: expected UTF-8"):
        load(path)


@pytest.mark.parametrize(
    "broken",
    ["@article{a, title = {A}", "@article{a, title = {Né}}", "@article{a, title = {A}}\n@article{a, title = {B}}"],
)
def test_broken_bibtex_is_an_error_of_the_evidence(tmp_path, broken):
    path = tmp_path / "sources.bib"
    path.write_bytes(broken.encode("latin-1"))
    with pytest.raises(EvidenceError, match=r"sources\.bib: expected BibTeX in UTF-8, but .*Example: @article"):
        load_sources(path, 1)


def test_whole_numbers_as_tables_write_them():
    assert list(span("4-5")) == [4, 5]
    assert list(span("6")) == list(span(6)) == [6]
    assert 3 in span("3 or more") and 10**9 in span("3 or more") and 2 not in span("3 or more")
