"""A mixed exam on a scratch page: nothing is told before the end, time runs, a reload goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from spinemets import progress
from spinemets.quiz.exams import exam
from tests.quiz.examined import EXAM, add_exam
from tests.quiz.page import Stage

pytestmark = pytest.mark.browser
pytest_plugins = ["tests.quiz.fixtures"]
OLD = {"answer": None, "score": 0.5, "hints": 0, "at": "2026-01-01T00:00:00.000Z"}
ONLY = ["marbles", "share-red"]


@pytest.fixture
def stage(browser: Browser, course: Path) -> Iterator[Stage]:
    add_exam(course, EXAM.replace("questions: 3", "questions: 2"))
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.set_default_timeout(8000)
    stage = Stage(page)
    yield stage
    context.close()
    assert stage.errors == []


def show(stage: Stage) -> None:
    """The exam with two questions, so that each sitting has both."""
    widget = exam("small")
    widget.items = [item for item in widget.items if item["id"] in ONLY]
    stage.show(widget)


def begin(stage: Stage, *, limited: bool = False) -> None:
    page = stage.page
    if limited:
        page.get_by_label("Stop after 10 minutes").check()
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("0 of 2 answered.")).to_be_visible()


def to_the_marbles(stage: Stage) -> None:
    """Show the question on marbles, which comes first or second."""
    if not stage.page.get_by_label("Red", exact=True).count():
        other = "Back" if stage.page.get_by_role("button", name="Back").count() else "Next"
        stage.page.get_by_role("button", name=other, exact=True).click()


def own() -> dict:
    return progress.load(["exam.small"])["exam.small"]["record"]


def test_nothing_is_told_before_the_end_and_all_after_it(stage: Stage) -> None:
    show(stage)
    begin(stage)
    page = stage.page
    to_the_marbles(stage)
    page.get_by_label("Red", exact=True).check()
    expect(page.get_by_text("1 of 2 answered.")).to_be_visible()
    assert page.get_by_text("Three of four are red.").count() == 0
    assert page.get_by_text("Right.").count() == 0
    assert progress.load(["marbles"]) == {}
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("1 question without an answer:")).to_be_in_viewport()
    page.get_by_role("button", name="Hand in without them").click()
    expect(page.get_by_text("Score: 50 %. 1 of 2 right.")).to_be_in_viewport()
    expect(page.get_by_text("The right number")).to_be_visible()  # of the question without an answer
    expect(page.get_by_text("Three of four are red.")).to_be_visible()
    expect(page.get_by_text("No answer.")).to_be_visible()
    expect(page.get_by_role("row", name="A sample: count marbles 1 of 1")).to_be_visible()
    record = progress.load(["marbles"])["marbles"]["record"]
    assert [attempt["score"] for attempt in record["history"]] == [1]
    assert progress.load(["share-red"]) == {}
    assert [one["score"] for one in own()["history"]] == [0.5]
    assert own()["running"] is None
    page.get_by_role("button", name="Another sitting").click()
    expect(page.get_by_role("table", name="Earlier sittings").get_by_text("50 %")).to_be_visible()


def test_a_sitting_goes_on_after_a_reload(stage: Stage) -> None:
    show(stage)
    begin(stage)
    to_the_marbles(stage)
    stage.page.get_by_label("Blue", exact=True).check()
    show(stage)
    expect(stage.page.get_by_text("answered 1 of 2 questions")).to_be_visible()
    stage.page.get_by_role("button", name="Go on").click()
    to_the_marbles(stage)
    expect(stage.page.get_by_label("Blue", exact=True)).to_be_checked()
    show(stage)
    stage.page.get_by_role("button", name="Give it up").click()
    assert own()["running"]
    stage.page.get_by_role("button", name="Press again: its answers are deleted").click()
    expect(stage.page.get_by_role("button", name="Begin")).to_be_visible()
    assert own()["running"] is None


def test_time_runs_out(stage: Stage) -> None:
    page = stage.page
    page.clock.install()
    show(stage)
    page.clock.run_for(100)
    begin(stage, limited=True)
    expect(page.get_by_role("timer")).to_have_text("10 minutes left")
    to_the_marbles(stage)
    page.get_by_label("Red", exact=True).check()
    page.clock.fast_forward(5 * 60_000 + 3000)  # as in the background, where a second may be skipped
    expect(page.get_by_text("5 minutes left.")).to_be_visible()  # announced once
    page.clock.run_for(4 * 60_000 + 30_000)
    expect(page.get_by_role("timer")).to_contain_text("seconds left")
    page.clock.run_for(40_000)
    expect(page.get_by_text("The time is over; what you had answered was handed in.")).to_be_visible()
    expect(page.get_by_text("Score: 50 %.")).to_be_visible()


def test_an_exam_by_keyboard_alone(stage: Stage) -> None:
    show(stage)
    page = stage.page

    def tab_to(name: str) -> None:
        for _ in range(30):
            page.keyboard.press("Tab")
            focused = page.locator("button:focus")
            if focused.count() and name in (focused.get_attribute("aria-label") or focused.inner_text()):
                return
        raise AssertionError(f"the keyboard never reached {name}")

    tab_to("Begin")
    page.keyboard.press("Enter")
    expect(page.get_by_text("0 of 2 answered.")).to_be_visible()
    tab_to("Question 2")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Question 2 of 2.")).to_be_visible()
    tab_to("Hand in")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Score: 0 %.")).to_be_visible()


def test_a_hostile_record_begins_anew(stage: Stage) -> None:
    widget = exam("small")
    for running in ({"items": ["x"]}, {"items": []}, "no", {"items": ["marbles"], "begun": "never"}, None):
        record = {"type": "exam", "history": [OLD], "running": running, "at": "2026-01-01T00:00:00.000Z"}
        progress.save("exam.small", widget.options["hash"], record)
        show(stage)
        expect(stage.page.get_by_role("button", name="Begin")).to_be_visible()
        progress.reset()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_exam_is_accessible(stage: Stage, theme: str) -> None:
    stage.show(exam("small"), theme)
    begin(stage)
    found = Axe().run(stage.page)
    stage.page.get_by_role("button", name="Hand in").click()
    stage.page.get_by_role("button", name="Hand in").click()
    expect(stage.page.get_by_text("Question by question")).to_be_visible()
    found = [*found.response["violations"], *Axe().run(stage.page).response["violations"]]
    assert [one["id"] for one in found] == []
    assert stage.page.evaluate("document.documentElement.scrollWidth") <= 360
