"""A hand-in as a student makes it: on the page of a release from its folder, and with the kernel's widget behind it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from spinemets import files
from spinemets.quiz import bank, hand_in
from spinemets.quiz.front import esm
from spinemets.quiz.grading import grade
from spinemets.quiz.handin import checksum, file_name, packed, student_id, variant_of
from spinemets.quiz.handin_widget import HandIn
from spinemets.teach.release import Released, release
from tests.teach import marked

from .conftest import PHONE, Trouble, watch

pytestmark = pytest.mark.browser

STUDENT = "QX-17"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Released:
    """A release of the course of marbles."""
    marked.write_course(tmp_path / "course")
    monkeypatch.setenv("SPINEMETS_ROOT", str(tmp_path / "course"))
    return release([marked.STEM], tmp_path / "out", title="Marbles, graded", due="2026-12-01")


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(reduced_motion="reduce")
    made.set_default_timeout(8000)
    yield made
    made.close()


@pytest.fixture
def opened(context: BrowserContext, released: Released) -> tuple[Page, Trouble]:
    """The release's page, opened by a double click."""
    page = context.new_page()
    trouble = watch(page)
    page.goto((released.folder / "index.html").as_uri())
    return page, trouble


def question(page: Page, number: int) -> Locator:
    return page.locator(".sm-hand-in section > ol > li").nth(number - 1)


def focused(page: Page) -> str:
    label = "document.activeElement.ariaLabel ?? document.activeElement.labels?.[0]?.innerText"
    return page.evaluate(f"{label} ?? document.activeElement.innerText").strip()


def tab_to(page: Page, name: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if focused(page) == name:
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", name
            return
    raise AssertionError(f"{name} was not reached with the Tab key")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def answer_all(page: Page) -> None:
    """Answer every item with the keyboard alone; each answer but that of the number is right."""
    page.locator("body").click(position={"x": 2, "y": 2})
    tab_to(page, "Student number")
    page.keyboard.type(f" {STUDENT} ")
    tab_to(page, "Name")
    page.keyboard.type("Ann Sample")
    tab_to(page, "Blue")
    press(page, "Space", "ArrowDown")
    tab_to(page, "Two")
    press(page, "Space")
    tab_to(page, "Four")
    press(page, "Space")
    tab_to(page, "Your number")
    page.keyboard.type("12.5")
    tab_to(page, "Move up: Take the bag")
    press(page, "Enter", "Enter")
    tab_to(page, "Sky")
    page.keyboard.type("blue")
    tab_to(page, "Blood")
    page.keyboard.type("red")
    tab_to(page, "1 front of the vertebral body")
    press(page, "Space", "ArrowDown")
    tab_to(page, "Your answer")
    page.keyboard.type("Zq Accepted 013 qz is a text that nobody should read")
    tab_to(page, "Your number")
    page.keyboard.type("2.25")
    tab_to(page, "Open questions on survival")
    press(page, "Enter")
    tab_to(page, "A year")
    press(page, "Space")


def handed_in(page: Page, folder: Path) -> tuple[Path, dict[str, Any], dict[str, Any]]:
    """Press Hand in; the file, its wrapper and its content."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Hand in").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    wrapper = json.loads(path.read_text(encoding="utf-8"))
    return path, wrapper, json.loads(wrapper["content"])


def test_every_type_by_keyboard_from_a_folder(opened, released: Released, tmp_path: Path) -> None:
    page, trouble = opened
    answer_all(page)
    expect(page.get_by_text("9 of 9 answered.")).to_be_visible()
    path, wrapper, content = handed_in(page, tmp_path)
    assert path.name == "hand-in-qx-17.json"
    assert (wrapper["format"], wrapper["version"]) == ("spinemets-hand-in", 1)
    assert wrapper["checksum"] == checksum(wrapper["content"])
    assert path.read_text(encoding="utf-8") == packed(content)
    assert content["release"] == released.release.id and content["course"] == released.release.course
    assert content["student"] == {"id": "qx-17", "name": "Ann Sample"}
    assert [(one["item"], one["hash"]) for one in content["answers"]] == list(released.release.items)
    given = {one["item"]: one["answer"] for one in content["answers"]}
    own = variant_of(STUDENT, "own-numbers", 4)
    assert given.pop("word").startswith("Zq Accepted")
    assert given == {
        "marbles": 1, "even-faces": [0, 2], "share-red": 12.5, "steps": [2, 0, 1], "colours": [0, 2], "where": 1,
        "own-numbers": {"variant": own, "value": 2.25}, "last": 0,
    }  # fmt: skip
    scores = {item.id: grade(item, given[item.id]) for item in bank.load(marked.STEM).items if item.id in given}
    assert [id for id, score in scores.items() if score != 1] == ["share-red", "own-numbers"]
    asked = json.loads((released.folder / "bank.json").read_text())["items"]
    [calculated] = [item for item in asked if item["id"] == "own-numbers"]
    expect(question(page, 8)).to_contain_text(calculated["variants"][own]["question"])
    receipt = page.locator(".sm-receipt")
    expect(receipt).to_be_focused()
    expect(receipt).to_contain_text(wrapper["checksum"])
    expect(receipt).to_contain_text("9 of 9")
    trouble.check()


def test_answers_survive_a_reload_and_may_change(opened, tmp_path: Path) -> None:
    page, trouble = opened
    answer_all(page)
    page.reload()
    expect(page.get_by_text("9 of 9 answered.")).to_be_visible()
    expect(page.get_by_label("Student number")).to_have_value(f" {STUDENT} ")
    expect(question(page, 1).get_by_label("Red")).to_be_checked()
    expect(question(page, 3).get_by_label("Your number")).to_have_value("12.5")
    expect(question(page, 4).locator("ol > li").first).to_contain_text("Take the bag")
    expect(question(page, 5).get_by_label("Sky")).to_have_value("0")
    expect(question(page, 8).get_by_label("Your number")).to_have_value("2.25")
    _, _, first = handed_in(page, tmp_path)
    page.reload()
    expect(page.locator(".sm-receipt")).to_contain_text("Your file is made.")
    question(page, 1).get_by_label("Blue").check()
    expect(page.locator(".sm-receipt")).to_contain_text("You changed something after this file was made.")
    _, _, second = handed_in(page, tmp_path)
    changed = [
        a["item"] for a, b in zip(first["answers"], second["answers"], strict=True) if a["answer"] != b["answer"]
    ]
    assert changed == ["marbles"]
    assert first["finished"] < second["finished"]
    expect(page.locator(".sm-receipt")).to_contain_text("Your file is made.")
    trouble.check()


def test_what_is_open_is_said_before_handing_in(opened, tmp_path: Path) -> None:
    page, trouble = opened
    button = page.get_by_role("button", name="Hand in")
    problem = page.locator("section").last.get_by_role("alert")
    button.click()
    expect(problem).to_have_text("Type your student number first; it stands at the top.")
    expect(page.get_by_label("Student number")).to_be_focused()
    expect(question(page, 8)).to_contain_text("Type your student number above, and it appears.")
    page.keyboard.type("7")
    button.click()
    expect(problem).to_have_text("Type your name first; it stands at the top.")
    page.keyboard.type("Bo")
    question(page, 2).get_by_label("Two").check()
    question(page, 3).get_by_label("Your number").fill("1")
    question(page, 3).get_by_label("Your number").fill("")
    expect(page.get_by_text("1 of 9 answered.")).to_be_visible()
    page.get_by_role("button", name="Go to question 7").click()
    expect(question(page, 7).get_by_label("Your answer")).to_be_focused()
    button.click()
    expect(problem).to_contain_text("8 questions not answered yet; the numbers stand above.")
    expect(page.locator(".sm-missing")).to_have_text("Still open: 1 3 4 5 6 7 8 9")
    _, _, content = handed_in(page, tmp_path)
    assert [one["item"] for one in content["answers"]] == ["even-faces"]
    expect(page.locator(".sm-receipt")).to_contain_text("1 of 9")
    trouble.check()


def test_numbers_follow_the_student(opened) -> None:
    page, trouble = opened
    other = next(str(n) for n in range(99) if variant_of(str(n), "own-numbers", 4) != variant_of("1", "own-numbers", 4))
    field = page.get_by_label("Student number")
    field.fill("1")
    question(page, 8).get_by_label("Your number").fill("5")
    expect(page.get_by_text("1 of 9 answered.")).to_be_visible()
    field.fill(other)
    expect(page.get_by_text("Your student number changed, and with it the numbers of question 8.")).to_be_visible()
    expect(question(page, 8).get_by_label("Your number")).to_have_value("")
    expect(page.get_by_text("0 of 9 answered.")).to_be_visible()
    field.fill("1")
    expect(question(page, 8).get_by_label("Your number")).to_have_value("5")
    expect(page.get_by_text("1 of 9 answered.")).to_be_visible()
    trouble.check()


def test_seconds_belong_to_the_question_that_took_them(opened, tmp_path: Path) -> None:
    page, _ = opened
    page.get_by_label("Student number").fill("1")
    page.get_by_label("Name").fill("Bo")
    page.wait_for_timeout(1600)
    question(page, 2).get_by_label("Two").check()
    question(page, 1).get_by_label("Red").check()
    page.get_by_label("Show the time").check()
    expect(page.get_by_text("Time so far: 0 minutes")).to_be_visible()
    page.get_by_role("button", name="Hand in").click()
    _, _, content = handed_in(page, tmp_path)
    seconds = {one["item"]: one.get("seconds") for one in content["answers"]}
    assert seconds["even-faces"] in (2, 3) and seconds["marbles"] is None


def test_a_full_storage_is_said_and_the_answers_stay(context: BrowserContext, released: Released, tmp_path) -> None:
    page = context.new_page()
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }")
    page.goto((released.folder / "index.html").as_uri())
    page.get_by_label("Student number").fill("1")
    expect(page.get_by_role("alert").first).to_contain_text("This browser's storage is full or closed.")
    page.get_by_label("Name").fill("Bo")
    question(page, 1).get_by_label("Red").check()
    page.get_by_role("button", name="Hand in").click()
    _, _, content = handed_in(page, tmp_path)
    assert content["answers"][0]["answer"] == 1


@pytest.mark.parametrize("kept", ["{", "[]", '{"answers": {"marbles": {"hash": "x", "answer": 1}}}'])
def test_a_strange_draft_does_no_harm(context: BrowserContext, released: Released, kept: str) -> None:
    page = context.new_page()
    trouble = watch(page)
    key = f"spinemets:hand-in:{released.release.id}"
    page.add_init_script(f"if (!localStorage['{key}']) localStorage['{key}'] = {json.dumps(kept)}")
    page.goto((released.folder / "index.html").as_uri())
    expect(page.get_by_text("0 of 9 answered.")).to_be_visible()
    if kept == "{":
        expect(page.get_by_role("alert").first).to_contain_text("It was put aside")
        assert page.evaluate(f"localStorage['{key}:damaged']") == "{"
    trouble.check()


def test_answers_of_damaged_forms_are_left_out(context: BrowserContext, released: Released) -> None:
    wrong = {
        "marbles": 3, "even-faces": [7], "share-red": "1", "steps": [0, 0, 1], "colours": [9, 0], "where": -1,
        "word": 3, "own-numbers": {"variant": 9, "value": 1}, "last": None,
    }  # fmt: skip
    answers = {id: {"hash": hash, "answer": wrong[id]} for id, hash in released.release.items}
    draft = {"student": {"id": "1", "name": 3}, "answers": answers, "seconds": {"marbles": "x"}, "receipt": 4}
    key = f"spinemets:hand-in:{released.release.id}"
    page = context.new_page()
    trouble = watch(page)
    page.add_init_script(f"localStorage['{key}'] = {json.dumps(json.dumps(draft))}")
    page.goto((released.folder / "index.html").as_uri())
    expect(page.get_by_text("0 of 9 answered.")).to_be_visible()
    expect(page.get_by_label("Student number")).to_have_value("1")
    trouble.check()


def test_two_tabs_show_the_same(context: BrowserContext, opened, released: Released) -> None:
    first, _ = opened
    second = context.new_page()
    second.goto(first.url)
    first.get_by_label("Name").fill("Bo")
    question(first, 1).get_by_label("Red").check()
    expect(question(second, 1).get_by_label("Red")).to_be_checked()
    expect(second.get_by_label("Name")).to_have_value("Bo")
    question(second, 1).get_by_label("Blue").check()
    expect(question(first, 1).get_by_label("Blue")).to_be_checked()


def test_clearing_asks_twice(opened) -> None:
    page, _ = opened
    question(page, 1).get_by_label("Red").check()
    page.get_by_role("button", name="Clear all answers").click()
    expect(page.get_by_text("1 of 9 answered.")).to_be_visible()
    page.get_by_role("button", name="Press again to clear all").click()
    expect(page.get_by_text("0 of 9 answered.")).to_be_visible()
    page.reload()
    expect(question(page, 1).get_by_label("Red")).not_to_be_checked()


def test_the_page_asks_nothing_of_anybody(opened) -> None:
    page, trouble = opened
    answer_all(page)
    assert (
        page.evaluate("performance.getEntriesByType('resource').filter((e) => !e.name.startsWith('data:')).length") == 0
    )
    refused = page.evaluate("fetch('https://example.org').then(() => 'sent', () => 'refused')")
    assert refused == "refused" and trouble.foreign == []


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(browser: Browser, released: Released, tmp_path: Path, width: int, dark: bool) -> None:
    context = browser.new_context(
        viewport={**PHONE, "width": width}, color_scheme="dark" if dark else "light", reduced_motion="reduce"
    )
    page = context.new_page()
    trouble = watch(page)

    def clean() -> None:
        found = Axe().run(page, options={"runOnly": RULES})
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.goto((released.folder / "index.html").as_uri())
    clean()
    answer_all(page)
    handed_in(page, tmp_path)
    clean()
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == ("rgb(20, 24, 29)" if dark else "rgb(255, 255, 254)")
    trouble.check()
    context.close()


def test_without_javascript_it_says_so(browser: Browser, released: Released) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((released.folder / "index.html").as_uri())
    expect(page.get_by_text("This page needs JavaScript to take your answers.")).to_be_visible()
    expect(page.get_by_text("If you have or had cancer:")).to_be_visible()
    context.close()


# --- the same in Python and in JavaScript -----------------------------------------------------------------------------


def test_files_are_those_of_python(context: BrowserContext) -> None:
    draw = random.Random(7)
    letters = "aZ9 .-_@é漢ﬁＡ１ß\u00a0İΣ😀\ud800\n\"\\<&'J\u030c\u200b"
    texts = [
        "",
        "a",
        "123456789",
        "  Ab-17\t",
        *("".join(draw.choices(letters, k=draw.randrange(12))) for _ in range(400)),
    ]
    page = context.new_page()
    said = page.evaluate(
        """async ({ source, texts }) => {
            const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
            const file = await import(url);
            const answers = (text) => [{ answer: { value: 0.1, text } }, { answer: [1, null] }];
            const content = (text) => ({ student: { id: text }, answers: answers(text) });
            return texts.map((text) => [
                file.studentId(text), file.fileName(text), file.variantOf(text, `item-${text}`, 7),
                file.packed(content(text)), file.hasInvisible(text)]);
        }""",
        {"source": esm("handin-file"), "texts": texts},
    )
    content = [
        {"student": {"id": t}, "answers": [{"answer": {"value": 0.1, "text": t}}, {"answer": [1, None]}]} for t in texts
    ]
    expected = [
        [student_id(t), file_name(t), variant_of(t, f"item-{t}", 7), packed(c), not student_id(t).isprintable()]
        for t, c in zip(texts, content, strict=True)
    ]
    assert said == expected
    assert checksum("123456789") == "cbf43926"  # the check value of CRC-32


# --- with the kernel's widget -----------------------------------------------------------------------------------------

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Lab</title>
<style>STYLE</style><body data-jp-theme-light="true"><main><h1>Lab</h1><div id="place"></div></main></body></html>"""
_MODEL = """async ({ traits, source }) => {
  const listeners = {};
  const emit = (event, given) => (listeners[event] ?? []).forEach((listener) => listener(given));
  const model = {
    get: (name) => traits[name], on: (event, listener) => (listeners[event] ??= []).push(listener), off() {},
    async send(message) { for (const answer of await receive(JSON.stringify(message))) emit("msg:custom", answer); },
  };
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  (await import(url)).default.render({ model, el: document.getElementById("place") });
}"""


@pytest.fixture
def lab(context: BrowserContext) -> Callable[[HandIn], Page]:
    """Shows a widget, its messages answered by Python as a kernel does."""

    def show(widget: HandIn) -> Page:
        page = context.new_page()

        def receive(text: str) -> list[dict[str, Any]]:
            answers: list[dict[str, Any]] = []
            widget.send = answers.append  # type: ignore[method-assign]
            widget.receive(json.loads(text))
            return answers

        page.expose_function("receive", receive)
        body = _PAGE.replace("STYLE", str(widget._css))
        page.route("http://lab.test/", lambda route: route.fulfill(body=body, content_type="text/html"))
        page.goto("http://lab.test/")
        traits = {name: getattr(widget, name) for name in ("bank", "draft", "options")}
        page.evaluate(_MODEL, {"traits": traits, "source": widget._esm})
        return page

    return show


def test_the_kernel_writes_the_same_file(opened, lab, released: Released, tmp_path: Path) -> None:
    page, _ = opened
    answer_all(page)
    _, _, of_page = handed_in(page, tmp_path)
    widget = hand_in(released.folder / "bank.json")
    in_lab = lab(widget)
    answer_all(in_lab)
    in_lab.get_by_role("button", name="Hand in").click()
    expect(in_lab.locator(".sm-receipt")).to_contain_text("It lies beside this notebook.")
    path = released.folder / "hand-in-qx-17.json"
    wrapper = json.loads(path.read_text(encoding="utf-8"))
    of_lab = json.loads(wrapper["content"])
    assert path.read_text(encoding="utf-8") == packed(of_lab)
    for content in (of_page, of_lab):
        content.pop("finished")
        for one in content["answers"]:
            one.pop("seconds", None)
    assert of_page == of_lab
    expect(in_lab.locator(".sm-receipt")).to_contain_text(wrapper["checksum"])
    again = lab(hand_in(released.folder / "bank.json"))
    expect(again.get_by_text("9 of 9 answered.")).to_be_visible()
    expect(question(again, 1).get_by_label("Red")).to_be_checked()


def test_a_folder_that_takes_no_file_is_said(lab, released: Released, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, text: str) -> None:
        raise OSError(28, "No space left on device")

    page = lab(hand_in(released.folder / "bank.json"))
    monkeypatch.setattr(files, "write", full)
    page.get_by_label("Student number").fill("1")
    expect(page.get_by_role("alert").first).to_contain_text("No space left on device")
    page.get_by_label("Name").fill("Bo")
    page.get_by_role("button", name="Hand in").click()
    page.get_by_role("button", name="Hand in without them").click()
    expect(page.locator("section").last.get_by_role("alert")).to_contain_text("No file was made.")
    assert not (released.folder / "hand-in-1.json").exists()
