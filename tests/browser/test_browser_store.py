"""The panel "What is stored" in Chromium: what it shows, what it imports, what it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from spinemets import progress
from spinemets.quiz import quiz
from tests.quiz.page import Stage

pytestmark = pytest.mark.browser
pytest_plugins = ["tests.quiz.fixtures"]


def at(day: int) -> str:
    return f"2026-01-{day:02}T12:00:00.000Z"


def attempt(day: int, score: float, **more: object) -> dict:
    return {"answer": 0, "score": score, "hints": 0, "at": at(day), **more}


def graded(*attempts: dict) -> dict:
    return {"type": "choice", "history": list(attempts), "at": attempts[-1]["at"]}


@pytest.fixture
def stage(browser: Browser, course: Path) -> Iterator[Stage]:
    context = browser.new_context(locale="en-GB", timezone_id="UTC")
    stage = Stage(context.new_page())
    yield stage
    context.close()
    assert stage.errors == []


@pytest.fixture
def panel(stage: Stage) -> Locator:
    progress.save("marbles", "1", graded(attempt(1, 0), attempt(2, 0.5), attempt(9, 1)))
    progress.save("later", "1", graded(attempt(3, 1, before=True), attempt(4, 0.75)))
    progress.save("guess", "1", {"type": "prediction", "answer": 1, "confidence": "sure", "at": at(5)})
    progress.save("taken", "1", {})
    progress.save("exam.part-one", "1", {"type": "exam", "history": [], "running": {}, "at": at(6)})
    stage.show(quiz("01-sample"))
    found = stage.page.locator(".sm-store")
    found.get_by_text("What is stored").click()
    return found


def test_each_item_shows_its_history(panel: Locator) -> None:
    rows = panel.get_by_role("row")
    expect(rows).to_have_count(6)
    expect(rows.nth(0)).to_have_text("ItemAnswersFirst scoreLast scoreWhen last")
    texts = {row[0]: row[1:] for row in (one.locator("th, td").all_inner_texts() for one in rows.all())}
    assert texts["marbles"] == ["3", "0 %", "100 %", "9 Jan 2026, 12:00"]
    assert texts["later"] == ["2", "before the chapter", "75 %", "4 Jan 2026, 12:00"]
    assert texts["guess"] == ["prediction", "", "", "5 Jan 2026, 12:00"]
    assert texts["exam.part-one"] == ["begun", "", "", "6 Jan 2026, 12:00"]
    assert texts["taken"] == ["taken back", "", "", ""]


def test_it_says_where_how_much_and_that_nothing_is_sent(panel: Locator) -> None:
    expect(panel).to_contain_text(str(progress.path()))
    expect(panel).to_contain_text("They are sent nowhere.")
    expect(panel).to_contain_text("7 answers to 5 items, 1.0 kB.")


def test_an_import_is_counted(panel: Locator, tmp_path: Path) -> None:
    records = [
        {"item": "marbles", "hash": "1", "record": graded(attempt(7, 0))},
        {"item": "later", "hash": "1", "record": graded(attempt(4, 0.75))},
        {"item": "guess", "hash": "1", "record": {"type": "prediction", "answer": 2, "at": at(8)}},
        {"item": "new", "hash": "1", "record": graded(attempt(7, 0))},
        {"item": "newer", "hash": "1", "record": graded(attempt(7, 0))},
    ]
    file = tmp_path / "export.json"
    file.write_text(json.dumps({**progress.export(), "records": records}))
    panel.get_by_label("Import from a file:").set_input_files(file)
    said = "Imported: 2 new, 1 merged, 1 replaced by a later one, 1 as they were."
    expect(panel.get_by_role("status")).to_have_text(said)
    expect(panel.get_by_role("row").filter(has_text="marbles").locator("td").first).to_have_text("4")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "export.json is not whole or not an export of this course, so nothing was changed."),
        ("null", "This file is not an export of progress, so nothing was changed."),
        ('{"course": "breast-spine-mets", "version": 9, "records": []}', "If it comes from a newer version"),
        ('{"course": "knees", "records": []}', "This export is of the course 'knees'"),
        ('{"course": "breast-spine-mets", "records": [{"item": "a"}]}', "Record 1 of this export does not fit"),
        ("[" * 5000 + "]" * 5000, "export.json is not whole or not an export"),
        ('"' + "x" * 20_000_001 + '"', "export.json is larger than 20 MB"),
    ],
    ids=["cut", "null", "newer", "foreign", "misfit", "deep", "huge"],
)
def test_a_file_that_is_refused_is_explained_and_kept(panel: Locator, tmp_path: Path, content: str, words: str) -> None:
    before = progress.all()
    file = tmp_path / "export.json"
    file.write_text(content)
    panel.get_by_label("Import from a file:").set_input_files(file)
    expect(panel.get_by_role("status")).to_contain_text(words)
    assert progress.all() == before
    assert file.read_text() == content


def test_two_that_ask_at_once_are_both_answered(panel: Locator) -> None:
    page = panel.page
    with page.expect_download() as download:
        page.evaluate(
            """() => {
              document.querySelectorAll(".sm-store button")[1].click();
              document.dispatchEvent(new CustomEvent("spinemets:progress", { detail: { from: null } }));
            }"""
        )
    assert len(json.loads(download.value.path().read_text())["records"]) == 5
