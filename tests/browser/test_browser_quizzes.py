"""Every quiz of the built pages, answered wrong and right: the feedback fits, and a reload keeps it."""

from __future__ import annotations

import json

import pytest
from bs4 import BeautifulSoup

from spinemets.course import chapters

pytestmark = pytest.mark.browser

CHAPTERS = [chapter.stem for chapter in chapters()]
QUIZ = ".sm-quiz:has(> .sm-progress)"
"""The chapter's quiz, not its questions before reading nor its predictions."""
TOLD_OTHERWISE = {"prediction", "case"}
OPEN_SENSITIVE = "localStorage.setItem('spinemets:sensitive', 'open')"


def words(markup: str) -> str:
    """The text of an item's HTML, as a reader sees it."""
    return " ".join(BeautifulSoup(markup, "html.parser").get_text().split())


class Item:
    """An item of the chapter's quiz on a page."""

    def __init__(self, page, payload: dict, number: int):
        self.payload = payload
        self.root = page.locator(f"{QUIZ} > ol > li").nth(number)
        self.id = payload["id"]

    def said(self) -> str:
        return " ".join(self.root.inner_text().split())

    def pick(self, numbers: list[int]) -> None:
        boxes = self.root.locator("fieldset").first.locator("input")
        for i in range(boxes.count()):
            wanted = i in numbers
            if boxes.nth(i).is_checked() != wanted:
                boxes.nth(i).click()
        self.root.get_by_role("button", name="Check", exact=True).click()

    def check(self) -> None:
        self.root.get_by_role("button", name="Check", exact=True).press("Enter")

    def type(self, number: float) -> None:
        self.root.locator("input[type=number]").fill(f"{number:g}")
        self.check()

    def write(self, text: str) -> None:
        self.root.get_by_label("Your answer").fill(text)
        self.root.get_by_label("Your answer").press("Enter")

    def point(self, place: int) -> None:
        self.root.locator(f"fieldset input[value='{place}']").first.check()
        self.check()

    def match(self, picks: list[int]) -> None:
        for i, pick in enumerate(picks):
            self.root.locator("select").nth(i).select_option(value=str(pick))
        self.check()

    def arrange(self, steps: list[int]) -> None:
        """Bring the shown steps into this order with the buttons."""
        names = [words(text) for text in self.payload["shown"]]
        rows = self.root.locator(".sm-order > li")
        for place, step in enumerate(steps):
            while names[step] not in " ".join(rows.nth(place).inner_text().split()):
                self.root.get_by_role("button", name=f"Move up: {names[step]}", exact=True).click()
        self.check()

    def expect(self, verdict: str, feedback: str) -> None:
        result = " ".join(self.root.locator(".sm-result").inner_text().split())
        assert verdict in result, f"{self.id}: expected {verdict!r} in {result!r}"
        assert words(feedback) in result, f"{self.id}: its feedback is missing in {result!r}"

    def answer(self) -> None:
        """Once wrong (or half right) and once right, with the feedback of each."""
        getattr(self, f"answer_{self.payload['type']}")()

    def answer_choice(self) -> None:
        options = self.payload["options"]
        right = next(i for i, option in enumerate(options) if option.get("correct"))
        wrong = next(i for i, option in enumerate(options) if not option.get("correct"))
        for pick, verdict in ((wrong, "Not right."), (right, "Right.")):
            self.point(pick)
            self.expect(verdict, options[pick]["feedback"])

    answer_hotspot = answer_choice

    def answer_choices(self) -> None:
        options = self.payload["options"]
        right = [i for i, option in enumerate(options) if option.get("correct")]
        wrong = [i for i, option in enumerate(options) if not option.get("correct")]
        self.pick([wrong[0]])
        self.expect("Not right.", options[wrong[0]]["feedback"])
        self.pick(right)
        self.expect("Right.", options[right[0]]["feedback"])

    def answer_number(self) -> None:
        payload = self.payload
        self.type(payload["answer"] + 1000 + 10 * payload["tolerance"])
        self.expect("Not right.", payload["feedback"]["wrong"])
        self.type(payload["answer"])
        self.expect("Right.", payload["feedback"]["right"])

    def answer_calculated(self) -> None:
        self.type(-987654)
        [record] = self.root.page.evaluate(
            """([id]) => Object.keys(localStorage).filter((key) => key.includes(`:${id}:`))
            .map((key) => JSON.parse(localStorage.getItem(key)).record)""",
            [self.id],
        )
        variant = self.payload["variants"][record["history"][-1]["answer"]["variant"]]
        self.expect("Not right.", variant["feedback"]["wrong"])
        self.root.locator("input[type=number]").fill(repr(variant["answer"]))
        self.check()
        self.expect("Right.", variant["feedback"]["right"])

    def answer_short(self) -> None:
        self.write("xyzzy")
        self.expect("Not right.", self.payload["feedback"]["wrong"])
        self.write(self.payload["said"].upper())
        self.expect("Right.", self.payload["feedback"]["right"])

    def answer_order(self) -> None:
        key, shown = self.payload["key"], sorted(self.payload["key"])
        swapped = [[key[1], key[0], *key[2:]], [*key[:-2], key[-1], key[-2]]]
        self.arrange(next(steps for steps in swapped if steps != shown))
        self.expect("Partly right", self.payload["feedback"]["wrong"])
        self.arrange(key)
        self.expect("Right.", self.payload["feedback"]["right"])

    def answer_match(self) -> None:
        key, count = self.payload["key"], len(self.payload["shown"])
        self.match([(place + 1) % count for place in key])
        self.expect("Not right.", self.payload["explanation"])
        self.match(key)
        self.expect("Right.", self.payload["pairs"][0]["feedback"])

    def answer_prediction(self) -> None:
        if self.payload["options"]:
            self.root.locator("fieldset").first.locator("input").first.check()
        else:
            self.root.locator("input[type=number]").fill("1")
        self.root.get_by_label("fairly sure").check()
        self.root.get_by_role("button", name="Commit").click()
        self.root.get_by_role("button", name="Show the model answer").click()
        assert words(self.payload["model_answer"]) in self.said()

    def answer_case(self) -> None:
        """Through a case, the best option each time."""
        steps = {step["id"]: step for step in self.payload["steps"]}
        here, total = self.payload["steps"][0], 0
        while here:
            best = max(range(len(here["options"])), key=lambda i: here["options"][i]["points"])
            self.root.locator("fieldset input").nth(best).check()
            self.root.get_by_role("button", name="Decide").click()
            assert words(here["options"][best]["consequence"]) in self.said(), f"{self.id}: {here['id']}"
            total += here["options"][best]["points"]
            here = steps.get(here["options"][best]["next"])
        assert f"{total} of {total} points" in self.said()
        assert words(self.payload["ending"]) in self.said()


def items_of(page) -> list[Item]:
    models = json.loads(page.locator("#sm-models").text_content())
    [quiz] = [m["state"] for m in models.values() if m["state"].get("options", {}).get("mode") == "quiz"]
    return [Item(page, payload, number) for number, payload in enumerate(quiz["items"])]


@pytest.mark.parametrize("stem", CHAPTERS)
def test_wrong_and_right_answers_get_their_feedback_and_survive_a_reload(open_page, address, stem):
    page, trouble = open_page(f"{address}/notebooks/{stem}.html")
    page.evaluate(OPEN_SENSITIVE)
    page.reload(wait_until="load")
    page.locator(f"{QUIZ} > ol").wait_for()
    items = items_of(page)
    assert sum(item.payload["type"] != "prediction" for item in items) >= 10
    for item in items:
        item.answer()
    line = page.locator(".sm-progress")
    assert f"{len(items)} of {len(items)} answered" in line.inner_text()
    page.reload(wait_until="load")
    page.locator(f"{QUIZ} > ol").wait_for()
    assert f"{len(items)} of {len(items)} answered" in line.inner_text()
    for item in items_of(page):
        if item.payload["type"] not in TOLD_OTHERWISE:
            assert "Right." in item.root.locator(".sm-result").inner_text(), f"{item.id} was forgotten"
            assert "First answer: " in item.said() and "Tries: 2." in item.said()
    trouble.check()


@pytest.mark.parametrize("stem", CHAPTERS)
def test_an_edited_item_starts_afresh(open_page, address, stem):
    page, _ = open_page(f"{address}/notebooks/{stem}.html")
    page.locator(f"{QUIZ} > ol").wait_for()
    item = next(item for item in items_of(page) if item.payload["type"] == "choice" and not item.payload["sensitive"])
    item.answer()
    # What an edit of the item does to its key, seen from the stored side.
    page.evaluate(
        """([id]) => { for (const key of Object.keys(localStorage)) if (key.includes(`:${id}:`)) {
        localStorage.setItem(key.replace(/:[^:]*$/, ':000000000000'), localStorage.getItem(key));
        localStorage.removeItem(key); } }""",
        [item.id],
    )
    page.reload(wait_until="load")
    page.locator(f"{QUIZ} > ol").wait_for()
    assert "Right." not in item.root.locator(".sm-result").inner_text()


def test_what_is_stored_is_shown_exported_imported_and_reset(open_page, address, tmp_path):
    page, _ = open_page(f"{address}/notebooks/{CHAPTERS[0]}.html")
    page.locator(f"{QUIZ} > ol").wait_for()
    item = next(item for item in items_of(page) if item.payload["type"] == "choice" and not item.payload["sensitive"])
    item.answer()
    store = page.locator(".sm-store")
    store.locator("summary").click()
    assert item.id in store.inner_text()
    with page.expect_download() as download:
        store.get_by_role("button", name="Export").click()
    file = tmp_path / "progress.json"
    download.value.save_as(file)
    assert item.id in file.read_text(encoding="utf-8")
    reset = store.get_by_role("button", name="Reset")
    reset.click()
    assert page.evaluate("Object.keys(localStorage).some(key => key.startsWith('spinemets:breast'))"), (
        "one press deleted"
    )
    store.locator("button").first.click()
    page.wait_for_function("!Object.keys(localStorage).some(key => key.startsWith('spinemets:breast'))")
    assert "Right." not in item.root.locator(".sm-result").inner_text()
    store.locator("input[type=file]").set_input_files(file)
    page.wait_for_function("Object.keys(localStorage).some(key => key.startsWith('spinemets:breast'))")
    assert "Right." in item.root.locator(".sm-result").inner_text()
    broken = tmp_path / "broken.json"
    broken.write_text("{not json")
    store.locator("input[type=file]").set_input_files(broken)
    page.wait_for_timeout(300)
    assert "Right." in item.root.locator(".sm-result").inner_text()
    assert "not" in store.locator("[role=status], .sm-status, p").last.inner_text().lower()
