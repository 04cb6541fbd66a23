"""The quiz's front end on a scratch page, with the real Python widget behind it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from spinemets import progress
from spinemets.quiz import exercise, question, quiz, recall, render
from tests.quiz.page import Stage
from tests.quiz.tables import CASES, built

pytestmark = pytest.mark.browser
pytest_plugins = ["tests.quiz.fixtures"]


@pytest.fixture
def stage(browser: Browser, course: Path) -> Iterator[Stage]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(8000)
    stage = Stage(page)
    yield stage
    context.close()
    assert stage.errors == []


def item(stage: Stage, number: int) -> Locator:
    return stage.page.locator(".sm-quiz > ol > li").nth(number - 1)


def check(place: Locator) -> None:
    place.get_by_role("button", name="Check", exact=True).click()


def stored(name: str) -> dict:
    return progress.load([name])[name]["record"]


def test_grades_are_those_of_python(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    items = [render.payload(built(case).model_copy(update={"evidence": ()})) for case in CASES]
    said = stage.page.evaluate(
        """(table) => table.map(([item, answer]) => [
            quizModule.grade(item, answer),
            item.type === "number" ? item.hints.indexOf(quizModule.slip(item, answer)) : -1,
        ])""",
        [[item, case["answer"]] for item, case in zip(items, CASES, strict=True)],
    )
    expected = [[case["score"], -1 if case.get("hint") is None else case["hint"]] for case in CASES]
    assert said == expected


def test_a_choice_wrong_then_right(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    first = item(stage, 1)
    check(first)
    expect(first.locator(".sm-result")).to_have_text("Choose an option first.")
    first.get_by_label("Blue").check()
    check(first)
    expect(first.locator(".sm-result")).to_contain_text("✗ Not right.")
    expect(first.locator(".sm-result")).to_contain_text("Only one of four is blue.")
    expect(first.locator(".sm-result")).to_contain_text("A larger share is drawn more often.")
    expect(first.locator(".sm-result")).not_to_contain_text("Three of four are red.")
    first.get_by_text("The other options").click()
    expect(first.get_by_text("Three of four are red.")).to_be_visible()
    first.get_by_label("Red").check()
    expect(first.locator(".sm-result")).to_be_empty()
    check(first)
    expect(first.locator(".sm-result")).to_contain_text("✓ Right.")
    expect(first).to_contain_text("First answer: Not right. Now: Right. Tries: 2.")
    expect(stage.page.locator(".sm-progress")).to_have_text("1 of 7 answered, 1 right (0 at the first answer)")
    assert stored("marbles")["first"]["score"] == 0
    assert stored("marbles")["now"]["score"] == 1


def test_an_answer_survives_a_reload(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    item(stage, 2).get_by_label("Two").check()
    item(stage, 2).get_by_label("Three").check()
    item(stage, 2).get_by_label("Four").check()
    check(item(stage, 2))
    item(stage, 3).get_by_label("Your number").fill("25")
    check(item(stage, 3))
    expect(item(stage, 3).locator(".sm-result")).to_contain_text("This is the share of blue marbles.")
    stage.show(quiz("01-sample"))
    expect(item(stage, 2).locator(".sm-result")).to_contain_text("◐ Partly right: 50 %.")
    expect(item(stage, 2).get_by_label("Three")).to_be_checked()
    expect(item(stage, 3).get_by_label("Your number")).to_have_value("25")
    expect(stage.page.locator(".sm-progress")).to_have_text("2 of 7 answered, 0 right")


def test_a_prediction(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    asked = item(stage, 4)
    commit = asked.get_by_role("button", name="Commit")
    commit.click()
    expect(asked.locator(".sm-result")).to_have_text("Predict first, or skip.")
    asked.get_by_label("Blue").check()
    commit.click()
    expect(asked.locator(".sm-result")).to_have_text("Say how sure you are; any answer is fine.")
    expect(asked).not_to_contain_text("three times of four")
    asked.get_by_label("fairly sure", exact=True).check()
    commit.click()
    expect(asked).to_contain_text("You predicted: Blue (fairly sure)")
    expect(asked).to_contain_text("The answer: Red")
    expect(asked).not_to_contain_text("three times of four")
    asked.get_by_label("Why? One line for yourself:").fill("a <b>guess</b>")
    asked.get_by_role("button", name="Show the model answer").click()
    expect(asked).to_contain_text("Your reason: a <b>guess</b>")
    expect(asked).to_contain_text("Red is drawn three times of four.")
    item(stage, 5).get_by_role("button", name="Skip").click()
    expect(item(stage, 5)).to_contain_text("You skipped the prediction.")
    expect(item(stage, 5)).to_contain_text("The answer: 75 of 100 draws")
    stage.show(recall("01-sample"))
    expect(item(stage, 1)).to_contain_text("You predicted: Blue (fairly sure)")
    expect(item(stage, 1)).to_contain_text("Your reason: a <b>guess</b>")
    expect(item(stage, 2)).to_contain_text("You skipped the prediction.")


def test_recall_follows_what_is_predicted_meanwhile(stage: Stage) -> None:
    stage.show(recall("01-sample"))
    expect(item(stage, 1)).to_contain_text("You made no prediction here.")
    known = quiz("01-sample").items[3]
    kept = {"type": "prediction", "answer": 1, "confidence": "sure", "why": "", "at": "2026-01-01T00:00:00Z"}
    progress.save("guess-colour", known["hash"], kept)
    stage.page.evaluate(
        "document.dispatchEvent(new CustomEvent('spinemets:progress', {detail: {item: 'guess-colour'}}))"
    )
    expect(item(stage, 1)).to_contain_text("You predicted: Blue (sure)")


def test_a_case(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    case = item(stage, 6)
    decide = case.get_by_role("button", name="Decide")
    expect(case).not_to_contain_text("It is dirty.")
    decide.click()
    expect(case.locator(".sm-result")).to_have_text("Choose what to do first.")
    case.get_by_label("Under the table").check()
    decide.click()
    expect(case.locator(".sm-consequence")).to_be_focused()
    expect(case).to_contain_text("It is there.")
    stage.show(quiz("01-sample"))
    expect(case).to_contain_text("It is dirty.")
    expect(stage.page.locator(".sm-progress")).to_have_text("0 of 7 answered, 0 right")
    case.get_by_label("Leave it").check()
    decide.click()
    expect(case).to_contain_text("3 of 4 points.")
    expect(case).to_contain_text("A little time was traded for a whole bag.")
    expect(stage.page.locator(".sm-progress")).to_have_text("1 of 7 answered, 0 right")
    case.get_by_role("button", name="Back to the start").click()
    expect(case.locator(".sm-case-title")).to_be_focused()
    expect(case).not_to_contain_text("It is dirty.")
    case.get_by_label("In the garden").check()
    decide.click()
    expect(case).to_contain_text("0 of 2 points. First time: 75 %; now: 0 %.")


def test_survival_opens_on_request_and_closes_again(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    last = item(stage, 7)
    expect(last).not_to_contain_text("How long does a marble last?")
    last.get_by_role("button", name="Open questions on survival").click()
    expect(last).to_contain_text("How long does a marble last?")
    assert stage.page.evaluate("localStorage['spinemets:sensitive']") == "open"
    stage.show(quiz("01-sample"))
    expect(last).to_contain_text("How long does a marble last?")
    last.get_by_role("button", name="Close questions on survival").click()
    expect(last).not_to_contain_text("How long does a marble last?")
    stage.page.evaluate(
        "localStorage.setItem('spinemets:sensitive', 'open');"
        "document.dispatchEvent(new CustomEvent('spinemets:sensitive'))"
    )
    expect(last).to_contain_text("How long does a marble last?")


def test_evidence_opens_below_its_link(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    link = item(stage, 1).get_by_role("link", name="source")
    link.click()
    expect(item(stage, 1).locator(".sm-inline-card")).to_contain_text("Three of four marbles drawn were red.")
    expect(link).to_have_attribute("aria-expanded", "true")
    link.press("Enter")
    expect(item(stage, 1).locator(".sm-inline-card")).to_have_count(0)


def test_the_page_gets_cards_as_templates(stage: Stage) -> None:
    stage.page.add_init_script("globalThis.spinemets = {}")
    stage.show(quiz("01-sample"))
    assert stage.page.locator("template.sm-card-template[data-card=marbles-drawn]").count() == 1


def test_what_is_stored(stage: Stage, tmp_path: Path) -> None:
    stage.show(quiz("01-sample"))
    page = stage.page
    item(stage, 1).get_by_label("Red").check()
    check(item(stage, 1))
    panel = page.locator(".sm-store")
    panel.get_by_text("What is stored").click()
    expect(panel.get_by_role("row")).to_have_count(2)
    expect(panel.get_by_role("row").nth(1)).to_contain_text("marbles")
    expect(panel).to_contain_text(str(progress.path()))
    with page.expect_download() as download:
        panel.get_by_role("button", name="Export", exact=True).click()
    file = tmp_path / "export.json"
    download.value.save_as(file)
    assert json.loads(file.read_text())["records"][0]["item"] == "marbles"

    reset = panel.get_by_role("button", name="Reset")
    reset.click()
    again = panel.get_by_role("button", name="Press again to delete")
    again.press("Escape")
    expect(reset).to_be_visible()
    assert progress.all()
    reset.click()
    again.click()
    expect(panel.get_by_role("status")).to_contain_text("Deleted. A copy is kept in")
    expect(page.locator(".sm-progress")).to_have_text("0 of 7 answered, 0 right")
    expect(item(stage, 1).get_by_label("Red")).not_to_be_checked()

    choose = panel.get_by_label("Import from a file:")
    broken = tmp_path / "broken.json"
    broken.write_text(file.read_text()[:50])
    choose.set_input_files(broken)
    expect(panel.get_by_role("status")).to_contain_text("broken.json is not whole or not an export")
    broken.write_text("[]")
    choose.set_input_files(broken)
    expect(panel.get_by_role("status")).to_contain_text("not an export of progress, so nothing was changed")
    choose.set_input_files(file)
    expect(panel.get_by_role("status")).to_contain_text("Imported: 1 new, 0 newer than here, 0 kept as they were.")
    expect(item(stage, 1).locator(".sm-result")).to_contain_text("✓ Right.")


def test_a_strange_record_does_no_harm(stage: Stage) -> None:
    for known in quiz("01-sample").items:
        strange = {"at": "now", "first": {"answer": 99, "score": 1}, "now": {"answer": {}, "score": 1}, "path": [7]}
        progress.save(known["id"], known["hash"], strange if known["type"] != "prediction" else {"at": 3})
    stage.show(quiz("01-sample"))
    expect(stage.page.locator(".sm-progress")).to_have_text("0 of 7 answered, 0 right")
    item(stage, 1).get_by_label("Red").check()
    check(item(stage, 1))
    expect(item(stage, 1).locator(".sm-result")).to_contain_text("✓ Right.")


def test_storage_that_fails_is_said_and_the_answer_stays(
    stage: Stage, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = course.parent / "blocked"
    blocked.write_text("")
    monkeypatch.setenv("SPINEMETS_PROGRESS", str(blocked / "progress.sqlite"))
    stage.show(quiz("01-sample"))
    item(stage, 1).get_by_label("Red").check()
    check(item(stage, 1))
    expect(stage.page.get_by_role("alert")).to_contain_text("Not stored")
    expect(stage.page.get_by_role("alert")).to_contain_text("Your answers stay on the screen.")
    expect(item(stage, 1).locator(".sm-result")).to_contain_text("✓ Right.")


def test_a_silent_kernel_is_said(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    stage.silent = True
    item(stage, 1).get_by_label("Red").check()
    check(item(stage, 1))
    expect(stage.page.get_by_role("alert")).to_contain_text("No answer yet", timeout=9000)
    expect(item(stage, 1).locator(".sm-result")).to_contain_text("✓ Right.")
    stage.silent = False
    check(item(stage, 1))
    expect(stage.page.locator(".sm-alert")).to_be_empty()


def test_one_question_and_an_exercise(stage: Stage) -> None:
    stage.show(question("01-sample", "marbles"))
    expect(stage.page.get_by_role("button", name="Check")).to_have_count(1)
    expect(stage.page.locator(".sm-store")).to_have_count(0)
    stage.show(exercise("try-share", "Answer here."))
    expect(stage.page.locator(".sm-quiz")).to_contain_text("Answer here.")
    stage.page.get_by_text("Hint", exact=True).click()
    expect(stage.page.get_by_text("Multiply the share by 1,000.")).to_be_visible()
    stage.page.get_by_label("Your number").fill("750.5")
    stage.page.get_by_label("Your number").press("Enter")
    expect(stage.page.locator(".sm-result")).to_contain_text("✓ Right.")


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText").strip()


def tab_to(page: Page, name: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if focused(page) == name:
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", f"{name} has no visible focus"
            return
    raise AssertionError(f"{name} was not reached with the Tab key")


def test_the_keyboard_is_enough(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    page = stage.page
    tab_to(page, "Blue")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Check")
    page.keyboard.press("Enter")
    expect(item(stage, 1).locator(".sm-result")).to_contain_text("✓ Right.")
    tab_to(page, "The other options")
    page.keyboard.press("Enter")
    expect(item(stage, 1).get_by_text("Only one of four is blue.")).to_be_visible()
    tab_to(page, "Two")
    page.keyboard.press("Space")
    tab_to(page, "Four")
    page.keyboard.press("Space")
    tab_to(page, "Check")
    page.keyboard.press("Space")
    expect(item(stage, 2).locator(".sm-result")).to_contain_text("✓ Right.")
    tab_to(page, "Your number")
    page.keyboard.type("75.4")
    tab_to(page, "Check")
    page.keyboard.press("Enter")
    expect(item(stage, 3).locator(".sm-result")).to_contain_text("✓ Right.")
    tab_to(page, "Red")
    page.keyboard.press("Space")
    tab_to(page, "guess")
    page.keyboard.press("Space")
    tab_to(page, "Commit")
    page.keyboard.press("Enter")
    expect(item(stage, 4)).to_contain_text("You predicted: Red (guess)")
    tab_to(page, "Why? One line for yourself:")
    tab_to(page, "Show the model answer")
    page.keyboard.press("Enter")
    tab_to(page, "Skip")
    page.keyboard.press("Enter")
    tab_to(page, "Under the table")
    page.keyboard.press("Space")
    tab_to(page, "Decide")
    page.keyboard.press("Enter")
    tab_to(page, "Leave it")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Decide")
    page.keyboard.press("Enter")
    expect(item(stage, 6)).to_contain_text("4 of 4 points.")
    tab_to(page, "Open questions on survival")
    page.keyboard.press("Enter")
    assert focused(page) == "Close questions on survival"
    expect(page.locator(".sm-progress")).to_have_text("6 of 7 answered, 4 right")
    tab_to(page, "What is stored")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Export", exact=True)).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(stage: Stage, theme: str, width: int) -> None:
    page = stage.page
    page.set_viewport_size({"width": width, "height": 900})
    page.add_init_script("localStorage.setItem('spinemets:sensitive', 'open')")

    def clean() -> None:
        found = Axe().run(
            page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
        )
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        small = page.evaluate(
            "[...document.querySelectorAll('.sm-quiz *')]"
            ".filter((e) => e.innerText && parseFloat(getComputedStyle(e).fontSize) < 9).map((e) => e.outerHTML)"
        )
        assert small == []

    stage.show(quiz("01-sample"), theme)
    clean()
    item(stage, 1).get_by_label("Blue").check()
    check(item(stage, 1))
    item(stage, 2).get_by_label("Two").check()
    check(item(stage, 2))
    item(stage, 3).get_by_label("Your number").fill("75")
    check(item(stage, 3))
    item(stage, 4).get_by_label("Red").check()
    item(stage, 4).get_by_label("guess", exact=True).check()
    item(stage, 4).get_by_role("button", name="Commit").click()
    item(stage, 5).get_by_role("button", name="Skip").click()
    item(stage, 6).get_by_label("Under the table").check()
    item(stage, 6).get_by_role("button", name="Decide").click()
    item(stage, 1).get_by_role("link", name="source").click()
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    expect(page.locator(".sm-store").get_by_role("row")).to_have_count(7)
    clean()
    stage.show(recall("01-sample"), theme)
    expect(item(stage, 1)).to_contain_text("You predicted: Red")
    clean()
