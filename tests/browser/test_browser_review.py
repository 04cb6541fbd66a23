"""What to review today: the same days in the browser as in Python, and the page."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page

from spinemets.quiz import mastery as masteries
from spinemets.quiz.answered import counted, histories
from spinemets.quiz.front import esm
from spinemets.quiz.review import plan, rating, schedule
from tests.quiz.reviews import QUESTIONS, TODAY, entry, history, learner

pytestmark = pytest.mark.browser
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
