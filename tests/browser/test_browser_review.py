"""What to review today: the same days in the browser as in Python, and the page."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from spinemets import progress
from spinemets.quiz import mastery as masteries
from spinemets.quiz import review
from spinemets.quiz.answered import counted, histories
from spinemets.quiz.front import esm
from spinemets.quiz.schedule import plan, rating, schedule
from tests.quiz.page import Stage
from tests.quiz.reviews import QUESTIONS, TODAY, entry, history, learner, on

pytestmark = pytest.mark.browser
pytest_plugins = ["tests.quiz.fixtures"]
EPOCH = date(1970, 1, 1)
_LOAD = """async (source) => {
  globalThis.schedules = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
}"""
_SCHEDULES = """([entries, now]) => entries.map((one) => {
  const known = schedules.histories([one]).get(one.item) ?? [];
  const memory = schedules.schedule(known, now);
  const given = schedules.firstOfDays(known, now).map(([day, attempt]) => [day, schedules.rating(attempt)]);
  return [given, memory && [memory.last, memory.due, memory.stability, memory.difficulty]];
})"""
_PICTURES = """([learners, questions, now]) => learners.map((entries) => {
  const known = schedules.histories(entries);
  const tied = questions.filter(({ objective }) => objective);
  const groups = Object.groupBy(tied, ({ chapter, objective }) => `${chapter} ${objective}`);
  const mastery = Object.fromEntries(Object.entries(groups)
    .map(([key, group]) => [key, schedules.mastery(known, group, now)]));
  const said = (group) => Object.fromEntries(schedules.tallies(known, questions, now, group));
  return { plan: schedules.plan(known, questions, now), mastery,
    chapters: said(schedules.byChapter), months: said(schedules.byMonth) };
})"""


@pytest.fixture
def blank(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.route("http://quiz.test/", lambda route: route.fulfill(body="<title>x</title>", content_type="text/html"))
    page.goto("http://quiz.test/")
    yield page
    page.close()


def number(day: date) -> int:
    return (day - EPOCH).days


def test_thousands_of_histories_give_the_same_dates_in_the_browser(blank: Page) -> None:
    chance = random.Random(20261123)
    entries = [entry(f"i{n}", *history(chance)) for n in range(4000)]
    blank.evaluate(_LOAD, esm("schedule"))
    made = blank.evaluate(_SCHEDULES, [entries, number(TODAY)])
    reviews = 0
    for one, (given, memory) in zip(entries, made, strict=True):
        known = histories([one]).get(one["item"], [])
        expected = schedule(known, TODAY)
        assert given == [[number(day), int(rating(attempt))] for day, attempt in counted(known, TODAY)]
        assert (memory is None) == (expected is None)
        if expected:
            assert memory[:2] == [number(expected.last), number(expected.due)], one
            assert memory[2:] == pytest.approx([expected.stability, expected.difficulty], rel=1e-4)
        reviews += len(given)
    assert reviews > 10_000
    assert sum(memory is None for _, memory in made) > 5


def test_plan_mastery_and_calibration_are_those_of_python(blank: Page) -> None:
    chance = random.Random(1)
    learners = [learner(chance) for _ in range(30)]
    asked = [vars(one) for one in QUESTIONS]
    blank.evaluate(_LOAD, esm("schedule"))
    for today in (TODAY, date(2026, 3, 1)):
        made = blank.evaluate(_PICTURES, [learners, asked, number(today)])
        for records, seen in zip(learners, made, strict=True):
            expected = plan(records, QUESTIONS, today)
            found = seen["plan"]
            assert (tuple(found["due"]), tuple(found["fresh"])) == (expected.due, expected.new)
            assert tuple(found["ahead"]) == expected.ahead
            for (chapter, objective), one in masteries.mastery(records, QUESTIONS, today).items():
                assert seen["mastery"][f"{chapter} {objective}"] == {**vars(one), "mastered": one.mastered}
            for name, calibration in (("chapters", masteries.by_chapter), ("months", masteries.by_month)):
                tallies = calibration(records, QUESTIONS, today)
                assert seen[name] == {
                    group: {sure: vars(tally) for sure, tally in by_sure.items()} for group, by_sure in tallies.items()
                }


# --- the page -------------------------------------------------------------------------------------------------------

NOTEBOOK = [
    "# Marbles and chance",
    "After this chapter you can\n\n1. count marbles;\n2. say what a share is a share of.",
]


@pytest.fixture
def chapter(course: Path) -> Path:
    """The sample course with a chapter around its quiz."""
    (course / "notebooks").mkdir()
    cells = [{"cell_type": "markdown", "metadata": {}, "source": [text]} for text in NOTEBOOK]
    (course / "notebooks" / "01-sample.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    (course / "_toc.yml").write_text("chapters:\n  - file: notebooks/01-sample\n", encoding="utf-8")
    (course / "_config.yml").write_text("title: All about marbles\n", encoding="utf-8")
    return course


@pytest.fixture
def stage(browser: Browser, chapter: Path) -> Iterator[Stage]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce", locale="en-US")
    page = context.new_page()
    page.set_default_timeout(8000)
    page.clock.set_fixed_time(f"{TODAY}T12:00:00Z")
    stage = Stage(page)
    yield stage
    context.close()
    assert stage.errors == []


def answer(id: str, *history: dict[str, Any]) -> None:
    """Store what was answered before the page is opened."""
    item = next(item for item in review().items if item["id"] == id)
    record = {"type": item["type"], "history": list(history), "at": history[-1]["at"]}
    progress.save(id, item["hash"], record)


def days_ago(days: int, score: float = 1, answer: Any = 1, **more: Any) -> dict[str, Any]:
    return {**on(str(TODAY - timedelta(days=days)), score, **more), "answer": answer}


def section(stage: Stage, title: str) -> Any:
    return stage.page.locator("section").filter(has=stage.page.get_by_role("heading", name=title))


def master(*ids: str) -> None:
    for id in ids:
        answer(id, days_ago(9, answer=None), days_ago(1, answer=None))


def test_before_the_first_answer_it_says_what_to_do(stage: Stage) -> None:
    stage.show(review())
    place = stage.page.locator(".sm-review")
    expect(place.get_by_text("Nothing is answered yet, so nothing is due.")).to_be_visible()
    expect(place.get_by_role("listitem")).to_have_text("Marbles and chance")
    expect(place.get_by_role("button", name="Begin")).to_have_count(0)
    expect(place.get_by_text("What is stored")).to_be_visible()


def test_chapters_are_links_on_the_published_page_only(stage: Stage) -> None:
    stage.show(review())
    expect(stage.page.get_by_role("link")).to_have_count(0)
    stage.page.add_init_script("globalThis.spinemets = {}")
    stage.show(review())
    expect(stage.page.get_by_role("link", name="Marbles and chance")).to_have_attribute("href", "01-sample.ipynb")


def test_a_long_day_comes_in_portions(stage: Stage, course: Path) -> None:
    path = course / "quizzes" / "01-sample.yml"
    head, *items = path.read_text(encoding="utf-8").split("  - id: ")
    copies = [items[0].replace("marbles\n", f"marbles-{i}\n", 1) for i in range(9)]
    path.write_text("  - id: ".join([head, *copies, *items]), encoding="utf-8")
    answer("marbles", days_ago(9, 0, 0))
    stage.show(review())
    now = section(stage, "Due today")
    expect(now.locator(".sm-progress")).to_have_text("1 question is due, and 10 new ones wait.", timeout=3000)
    for i in range(9):
        answer(f"marbles-{i}", days_ago(9, 0, 0))
    stage.show(review())
    expect(now.locator(".sm-progress")).to_contain_text("They come in portions of 15.")
    now.get_by_role("button", name="Begin").click()
    expect(stage.page.get_by_text("Question 1 of 15")).to_be_focused()


def test_a_question_that_is_due_is_answered_and_keeps_its_history(stage: Stage) -> None:
    answer("marbles", days_ago(9, 0, 0))
    stage.show(review())
    now = section(stage, "Due today")
    expect(now.locator(".sm-progress")).to_have_text("1 question is due, and 8 new ones wait.")
    now.get_by_role("button", name="Begin").click()
    expect(stage.page.get_by_text("Question 1 of 9")).to_be_focused()
    expect(now).to_contain_text("From: Marbles and chance")
    expect(now.get_by_text("Which colour is drawn more often?")).to_be_visible()
    expect(now.get_by_label("Blue")).not_to_be_checked()
    now.get_by_label("Red").check()
    now.get_by_label("sure", exact=True).check()
    now.get_by_role("button", name="Check").click()
    expect(now.locator(".sm-result")).to_contain_text("Right.")
    record = progress.load(["marbles"])["marbles"]["record"]
    assert [(one["answer"], one["score"]) for one in record["history"]] == [(0, 0), (1, 1)]
    assert record["history"][1]["sure"] == "sure"
    expect(section(stage, "How often").locator("p").first).to_have_text(
        "You were right in 1 of the 1 answer that you called sure. That is too few to tell."
    )
    now.get_by_role("button", name="Next question").click()
    expect(stage.page.get_by_text("Question 2 of 9")).to_be_focused()
    now.get_by_role("button", name="Leave it for later").click()
    expect(stage.page.get_by_text("Question 3 of 9")).to_be_focused()
    now.get_by_role("button", name="Stop for now").click()
    line = now.locator(".sm-progress")
    expect(line).to_have_text("Done for now: 1 of 1 answer right. No question is due, but 8 new ones wait.")
    expect(line).to_be_focused()
    expect(now.get_by_role("button", name="Go on")).to_be_visible()


def test_only_the_keyboard_is_needed(stage: Stage) -> None:
    answer("marbles", days_ago(9, 0, 0))
    stage.show(review())
    stage.page.get_by_role("button", name="Begin").focus()
    for key in ("Enter", "Tab", "Tab", "ArrowDown"):  # past the link in the question
        stage.page.keyboard.press(key)
    expect(stage.page.get_by_role("radio", name="Red")).to_be_checked()
    stage.page.get_by_role("button", name="Check").focus()
    stage.page.keyboard.press("Enter")
    expect(stage.page.locator(".sm-result")).to_contain_text("Right.")
    stage.page.get_by_role("button", name="Next question").focus()
    stage.page.keyboard.press("Enter")
    expect(stage.page.get_by_text("Question 2 of 9")).to_be_focused()


def test_a_question_on_survival_stays_behind_its_gate(stage: Stage) -> None:
    answer("last-marble", days_ago(9, 0, 0))
    stage.show(review())
    stage.page.get_by_role("button", name="Begin").click()
    place = section(stage, "Due today")
    expect(place.get_by_text("How long does a marble last?")).to_have_count(0)
    place.get_by_role("button", name="Open questions on survival").click()
    expect(place.get_by_text("How long does a marble last?")).to_be_visible()


def test_when_all_is_done_the_next_day_is_named(stage: Stage) -> None:
    master(*(item["id"] for item in review().items if item["id"] != "marbles"))
    answer("marbles", days_ago(0, 0, 0))
    stage.show(review())
    line = section(stage, "Due today").locator(".sm-progress")
    expect(line).to_have_text("Nothing is due today; the next question comes on Nov 24, 2026.")
    ahead = section(stage, "The next days")
    expect(ahead.get_by_role("img")).to_have_attribute("aria-label", ahead.locator("p").first.inner_text())
    ahead.get_by_text("The days as a table").click()
    assert sum(map(int, ahead.locator("td").all_inner_texts())) == 1


def test_mastery_is_shown_in_words_and_stays_open(stage: Stage) -> None:
    items = review().items
    master(*(item["id"] for item in items if item["objective"] == 1 and not item["from"]))
    answer("share-red", days_ago(1, 0, 5))
    stage.show(review())
    place = section(stage, "What you have mastered")
    expect(place.get_by_role("meter", name="1 of 2 objectives mastered")).to_be_visible()
    place.locator("summary").click()
    rows = place.locator(".sm-objectives li")
    expect(rows.nth(0)).to_have_text("✓ Mastered. You can count marbles.")
    expect(rows.nth(1)).to_contain_text("Begun: 0 of 5 questions right without a hint or a guess, answered on 1 day.")
    stage.page.evaluate("document.dispatchEvent(new CustomEvent('spinemets:progress', { detail: {} }))")
    stage.page.wait_for_timeout(200)
    expect(rows.nth(0)).to_be_visible()


def test_calibration_by_chapter_and_month(stage: Stage) -> None:
    answer("marbles", days_ago(40, 0, 0, sure="sure"), days_ago(3, 1, 1, sure="sure"))
    answer("share-red", days_ago(2, 1, 75, sure="guess"))
    stage.show(review())
    place = section(stage, "How often")
    expect(place.locator(".sm-bars").first.locator("li")).to_have_text(
        ["Said “guess”1 of 1 right", "Said “fairly sure”not said", "Said “sure”1 of 2 right"]
    )
    chapters = place.get_by_role("region", name="How often right, by chapter")
    assert chapters.locator("tbody tr").inner_text().replace("\xa0", " ").split("\t") == [
        "Marbles and chance", "1 of 1 (100 %)", "–", "1 of 2 (50 %)",
    ]  # fmt: skip
    months = place.get_by_role("region", name="How often right, by month").locator("tbody th")
    expect(months).to_have_text(["October 2026", "November 2026"])


def test_an_unfinished_certificate_is_a_statement(stage: Stage) -> None:
    items = review().items
    answer("marbles", days_ago(1))
    stage.show(review())
    button = stage.page.get_by_role("button", name="Open the page to print")
    button.click()
    expect(stage.page.get_by_text("No objective is mastered yet")).to_be_visible()
    master(*(item["id"] for item in items if item["objective"] == 1 and not item["from"]))
    page = opened(stage, "<b>Ada</b> Example")
    expect(page.get_by_role("heading", level=1)).to_have_text("Statement of progress")
    expect(page.locator(".name")).to_have_text("<b>Ada</b> Example")
    expect(page.locator("main")).to_contain_text("has mastered 0 of 1 chapter of the open course All about marbles")
    expect(page.locator("main")).to_contain_text("Marbles and chance: 1 of 2 objectives")
    expect(page.locator("main")).not_to_contain_text("share of")
    stored = progress.export()
    assert "Ada" not in json.dumps(stored)
    assert "Ada" not in stage.page.evaluate("JSON.stringify(localStorage)")


def test_a_certificate_says_what_it_is_not(stage: Stage) -> None:
    master(*(item["id"] for item in review().items))
    page = opened(stage, "")
    expect(page.get_by_role("heading", level=1)).to_have_text("Certificate of completion")
    expect(page.locator(".name")).to_have_text("(no name given)")
    expect(page.locator("main")).to_contain_text("Marbles and chance: complete")
    expect(page.locator("main")).to_contain_text("10 questions answered on 2 days")
    for words in (
        "no proof of identity",
        "no qualification",
        "no permission to examine, advise or treat",
        "no medical",
    ):
        expect(page.locator(".not")).to_contain_text(words)
    assert Axe().run(page).response["violations"] == []
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()


def opened(stage: Stage, name: str) -> Page:
    stage.show(review())
    stage.page.get_by_label("Name on the page").fill(name)
    with stage.page.expect_popup() as popup:
        stage.page.get_by_role("button", name="Open the page to print").click()
    return popup.value


def test_without_a_kernel_it_says_so(stage: Stage) -> None:
    stage.silent = True
    stage.show(review())
    stage.page.clock.set_fixed_time(f"{TODAY}T12:00:00Z")
    expect(stage.page.get_by_text("Your answers could not be read.")).to_be_visible(timeout=9000)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_too_wide(stage: Stage, theme: str) -> None:
    answer("marbles", days_ago(40, 0, 0, sure="sure"), days_ago(30, 1, 1, sure="sure"))
    answer("even-faces", days_ago(0, 1, [0, 2]))
    stage.show(review(), theme)
    stage.page.get_by_role("button", name="Begin").click()
    stage.page.locator("section details").first.locator("summary").click()
    stage.page.locator(".sm-objectives").locator("xpath=..").locator("summary").click()
    found = Axe().run(stage.page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert stage.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_on_paper_stand_the_objectives_and_no_key(chapter: Path) -> None:
    widget = review()
    bundle = widget._repr_mimebundle_()[0]  # type: ignore[index]
    assert "count marbles" in bundle["text/html"] and "Three of four are red" not in bundle["text/html"]
    assert bundle["text/plain"] == repr(widget) == "What to review today, over the questions of all chapters"
    case = next(item for item in widget.items if item["type"] == "case")
    assert set(case) == {"id", "hash", "type", "objective", "from", "chapter"}
