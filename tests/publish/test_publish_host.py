"""The static host in Chromium, on a tiny built book."""

from __future__ import annotations

import functools
import http.server
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import build, make_course

pytestmark = pytest.mark.browser

PAGE = "notebooks/05-tiny.html"
READY = "!document.querySelector('.sm-widget:not(:has(.sm-live)):not(.sm-broken)')"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def served(site: Path) -> Iterator[str]:
    """Address of the copy under a sub-path."""
    handler = functools.partial(_Quiet, directory=str(site.parent))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/unzipped%20folder"
    server.shutdown()
    server.server_close()


def move(page: Page, times: int = 1) -> None:
    slider = page.locator("#wave input[type=range]")
    slider.focus()
    for _ in range(times):
        slider.press("ArrowRight")


def test_everything_lives_under_a_sub_path_and_asks_no_other_host(open_page, served):
    page, trouble = open_page(f"{served}/{PAGE}")
    page.wait_for_function(READY)
    assert page.locator(".sm-live").count() == 5
    move(page, 2)
    expect(page.locator("#wave .sm-summary")).to_have_text("The dot is at 3.")
    assert page.locator("#wave circle").get_attribute("cx") == "30"
    page.click("#counter")
    assert page.inner_text("#counter") == "count 4"
    trouble.check()


def test_the_same_from_an_unzipped_folder(open_page, site):
    page, trouble = open_page((site / PAGE).as_uri())
    page.wait_for_function(READY)
    move(page)
    expect(page.locator("#wave .sm-summary")).to_have_text("The dot is at 2.")
    page.goto((site / "search.html").as_uri() + "?q=formula")
    expect(page.locator("#search-results li")).to_have_count(1)
    trouble.check()


def test_a_deep_link_opens_a_state_and_scrolls_to_it(open_page, served):
    page, trouble = open_page(f"{served}/{PAGE}?wave.n=7&wave.big=yes#wave")
    expect(page.locator("#wave .sm-summary")).to_have_text("The dot is at 7.")
    assert page.locator("#wave circle").get_attribute("r") == "9"
    page.wait_for_function("document.getElementById('wave').getBoundingClientRect().top < innerHeight / 2")
    trouble.check()


def test_without_javascript_the_picture_its_words_and_its_table_are_there(open_page, served):
    page, _ = open_page(f"{served}/{PAGE}", javascript=False)
    wave = page.locator("#wave")
    assert wave.locator("svg").is_visible() and "The dot is at 1." in wave.inner_text()
    wave.locator("summary").click()
    assert wave.locator("table").is_visible()
    assert page.locator("#asking svg").is_visible()
    closed = page.locator("#closed")
    assert not closed.locator("svg").is_visible()
    closed.locator("summary").first.click()
    assert closed.locator("svg").is_visible()


def test_on_paper_too_and_what_is_closed_stays_closed(open_page, served):
    page, trouble = open_page(f"{served}/{PAGE}", dark=True)
    page.wait_for_function(READY)
    page.emulate_media(media="print", color_scheme="dark")
    wave = page.locator("#wave")
    expect(wave.locator(".sm-picture svg")).to_be_visible()
    expect(wave.locator(".sm-fallback table")).to_be_visible()
    expect(page.locator(".sm-live").first).to_be_hidden()
    expect(page.locator("#closed .sm-fallback svg")).to_be_hidden()
    assert (
        page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--sm-paper').trim()") == "#fffffe"
    )
    page.emulate_media(media="screen")
    expect(wave.locator(".sm-fallback")).to_have_count(0)
    trouble.check()


def test_a_question_is_not_answered_by_a_flash_of_its_figure(open_page, served):
    page, _ = open_page(f"{served}/{PAGE}")
    page.wait_for_function(READY)
    assert not page.locator("#asking svg").is_visible()
    source = page.request.get(f"{served}/{PAGE}").text()
    style = page.request.get(f"{served}/_static/sm.css").text()
    assert 'class="sm-widget sm-gated" id="asking"' in source
    assert re.search(r"\.sm-gated:not\(\.sm-broken\) > \.sm-fallback \{ visibility: hidden", style)


@pytest.mark.parametrize("harm", ["missing", "cut"])
def test_lost_frames_are_said_and_the_picture_stays(open_page, site, harm):
    for script in (site / "_static" / "frames").glob("*.js"):
        text = script.read_text(encoding="utf-8")
        script.unlink() if harm == "missing" else script.write_text(text[: len(text) // 2], encoding="utf-8")
    page, _ = open_page((site / PAGE).as_uri())
    page.wait_for_function(READY)
    move(page)
    said = "could not be loaded" if harm == "missing" else "incomplete"
    expect(page.locator("#wave")).to_contain_text(said)
    assert page.locator("#wave circle").get_attribute("cx") == "10"
    assert "The dot is at 1." in page.locator("#wave").inner_text()


def test_a_lost_front_end_leaves_picture_words_and_table(open_page, site):
    for script in (site / "_static" / "esm").glob("*.js"):
        script.unlink()
    page, _ = open_page((site / PAGE).as_uri())
    page.wait_for_function(READY)
    expect(page.locator("#wave .sm-error")).to_contain_text("not interactive here")
    assert page.locator("#wave svg").is_visible() and page.locator("#asking svg").is_visible()


def reply(page: Page, message: dict) -> dict:
    """What the host answers to a widget's message."""
    page.evaluate("message => globalThis.say(JSON.parse(message))", json.dumps(message))
    return json.loads(page.text_content("#log"))


def held(page: Page) -> dict[str, str]:
    """All that the browser stores for the site."""
    return page.evaluate("({ ...localStorage })")


CASES = json.loads((Path(__file__).parents[1] / "merge_cases.json").read_text(encoding="utf-8"))
KEY = "spinemets:breast-spine-mets:"
AT = "2026-01-0{}T00:00:00.000Z"


def attempt(day: int, score: float = 1) -> dict:
    return {"answer": 2, "score": score, "hints": 0, "at": AT.format(day)}


def graded(*attempts: dict) -> dict:
    return {"type": "choice", "history": list(attempts), "at": attempts[-1]["at"]}


RECORD = graded(attempt(1))
SAVE = {"kind": "save", "item": "q1", "hash": "h1", "record": RECORD}


def test_progress_survives_a_reload_and_moves_by_export_and_import(open_page, browser: Browser, served):
    page, trouble = open_page(f"{served}/{PAGE}")
    page.wait_for_function(READY)
    assert reply(page, SAVE) == {"kind": "saved", "item": "q1"}
    page.reload()
    page.wait_for_function(READY)
    assert page.evaluate("globalThis.stored()") == {"q1": {"hash": "h1", "record": RECORD}}
    data = reply(page, {"kind": "export"})["data"]
    assert {key: data[key] for key in ("format", "version", "course")} == {
        "format": "spinemets-progress", "version": 2, "course": "breast-spine-mets",
    }  # fmt: skip
    assert [(entry["item"], entry["hash"], entry["record"]) for entry in data["records"]] == [("q1", "h1", RECORD)]
    assert reply(page, {"kind": "reset"})["progress"] == {}
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('spinemets:breast'))") == []
    back = reply(page, {"kind": "import", "data": data})
    assert (back["added"], back["replaced"], back["kept"]) == (1, 0, 0)
    assert back["progress"]["q1"]["record"] == RECORD
    again = reply(page, {"kind": "import", "data": data})
    assert (again["added"], again["kept"]) == (0, 1)
    assert trouble.errors == [] == trouble.foreign  # the reload itself breaks off what was loading


def test_imports_give_what_they_give_in_python(open_page, served):
    page, trouble = open_page(f"{served}/{PAGE}")
    page.wait_for_function(READY)
    different = []
    for case in CASES:
        page.evaluate("localStorage.clear()")
        answers = [reply(page, {"kind": "import", "data": step["data"]}) for step in case["imports"]]
        counts = [
            "refused" if answer["kind"] == "error" and "Nothing was changed" in answer["message"]
            else {name: answer[name] for name in ("added", "merged", "replaced", "kept")}
            for answer in answers
        ]  # fmt: skip
        exported = reply(page, {"kind": "export"})["data"]["records"]
        records = {f"{one['item']} {one['hash']}": one["record"] for one in exported}
        if counts != [step["expect"] for step in case["imports"]] or records != case["records"]:
            different.append((case["name"], counts, records))
    assert different == []
    trouble.check()


def test_from_the_page_to_jupyterlab_and_back_nothing_is_lost(open_page, served, tmp_path, monkeypatch):
    from spinemets import progress

    page, _ = open_page(f"{served}/{PAGE}")
    page.wait_for_function(READY)
    reply(page, {**SAVE, "record": graded(attempt(1), attempt(4))})
    reply(page, {**SAVE, "item": "p1", "record": {"type": "prediction", "answer": 1, "at": AT.format(2)}})
    monkeypatch.setenv("SPINEMETS_PROGRESS", str(tmp_path / "progress.sqlite"))
    progress.save("q1", "h1", graded(attempt(2), attempt(3)))
    progress.save("q2", "h1", graded(attempt(2)))
    counts = progress.import_(reply(page, {"kind": "export"})["data"])
    assert counts == {"added": 1, "merged": 1, "replaced": 0, "kept": 0}
    there = json.loads(json.dumps(progress.export()))
    back = reply(page, {"kind": "import", "data": there})
    assert {name: back[name] for name in counts} == {"added": 1, "merged": 1, "replaced": 0, "kept": 1}
    here = reply(page, {"kind": "export"})["data"]["records"]
    by_item = lambda entries: sorted(entries, key=lambda one: one["item"])  # noqa: E731
    assert by_item(here) == by_item(there["records"])
    assert here and {one["at"] for one in back["progress"]["q1"]["record"]["history"]} == {
        AT.format(d) for d in range(1, 5)
    }


def test_records_of_the_first_version_are_read_as_those_of_the_second(open_page, served):
    page, _ = open_page(f"{served}/{PAGE}")
    first, now = ({key: value for key, value in attempt(*one).items() if key != "hints"} for one in ((1, 0), (3, 1)))
    old = {
        "saved": "2026-01-03T00:00:00Z",
        "record": {"type": "choice", "first": first, "now": now, "tries": 3, "at": AT.format(3)},
    }
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [f"{KEY}q1:h1", json.dumps(old)])
    page.reload()
    page.wait_for_function(READY)
    assert page.evaluate("globalThis.stored().q1.record") == graded(attempt(1, 0), attempt(3))
    reply(page, {**SAVE, "record": graded(attempt(1, 0), attempt(3), attempt(4))})
    (entry,) = reply(page, {"kind": "export"})["data"]["records"]
    assert entry["record"] == graded(attempt(1, 0), attempt(3), attempt(4))


def test_what_another_window_stored_meanwhile_stays(open_page, served):
    page, _ = open_page(f"{served}/{PAGE}")
    page.wait_for_function(READY)
    reply(page, {**SAVE, "record": graded(attempt(1), attempt(2))})  # the other window
    reply(page, {**SAVE, "record": graded(attempt(1), attempt(3))})
    (entry,) = reply(page, {"kind": "export"})["data"]["records"]
    assert entry["record"] == graded(attempt(1), attempt(2), attempt(3))


@pytest.mark.parametrize("text", ["", "{", "null", "[]", '"text"', '{"record": 3}', '{"record": {"history": 3}}'])
def test_what_cannot_be_read_is_left_and_never_lost(open_page, served, text):
    page, trouble = open_page(f"{served}/{PAGE}")
    strange = {f"{KEY}q1:h1": text, f"{KEY}q2:h1": text, f"{KEY}a:b:c": text, KEY: text, "mode": "dark"}
    page.evaluate("strange => { for (const key in strange) localStorage.setItem(key, strange[key]); }", strange)
    page.reload()
    page.wait_for_function(READY)
    assert page.evaluate("globalThis.stored()") == {}
    assert reply(page, {"kind": "export"})["data"]["records"] == []
    assert reply(page, SAVE)["kind"] == "saved"
    data = {**reply(page, {"kind": "export"})["data"], "records": [{"item": "q2", "hash": "h1", "record": RECORD}]}
    assert reply(page, {"kind": "import", "data": data})["added"] == 1
    assert len(reply(page, {"kind": "export"})["data"]["records"]) == 2
    reply(page, {"kind": "reset"})
    after = held(page)
    assert {key: after[key] for key in (f"{KEY}a:b:c", KEY, "mode")} == {
        key: strange[key] for key in (f"{KEY}a:b:c", KEY, "mode")
    }
    aside = [value for key, value in after.items() if key.startswith("unreadable:")]
    assert aside == ([text, text] if text else [])
    assert trouble.errors == []


def fill(page: Page, room: int) -> None:
    """Leave about ``room`` characters of the browser's storage."""
    page.evaluate(
        """room => {
          localStorage.setItem("room", "x".repeat(room));
          for (let size = 2 ** 20; size >= 1; size = (size / 2) | 0)
            try { for (;;) localStorage.setItem("fill" + Math.random(), "x".repeat(size)); } catch {}
          localStorage.removeItem("room");
        }""",
        room,
    )


def test_an_import_that_does_not_fit_into_the_storage_leaves_it_as_it_was(open_page, served):
    page, _ = open_page(f"{served}/{PAGE}")
    page.wait_for_function(READY)
    reply(page, SAVE)
    reply(page, {**SAVE, "item": "p1", "record": {"answer": "x" * 500, "at": AT.format(1)}})
    page.evaluate("key => localStorage.setItem(key, 'broken')", f"{KEY}q2:h1")
    data = reply(page, {"kind": "export"})["data"]
    short = {"item": "p1", "hash": "h1", "record": {"answer": "", "at": AT.format(2)}}
    more = [{"item": f"q{n}", "hash": "h1", "record": graded(attempt(2), attempt(3))} for n in range(1, 60)]
    fill(page, 4000)
    before = held(page)
    answer = reply(page, {"kind": "import", "data": {**data, "records": [short, *more]}})
    assert answer["kind"] == "error" and "full" in answer["message"] and "Nothing was changed" in answer["message"]
    assert held(page) == before
    assert reply(page, {"kind": "import", "data": {**data, "records": [short, *more[:3]]}})["added"] == 2


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"format": "spinemets-progress", "version": 1, "course": "another", "records": []},
        {"format": "x", "records": []},
    ],
)
def test_a_foreign_import_changes_nothing(open_page, served, data):
    page, _ = open_page(f"{served}/{PAGE}")
    page.wait_for_function(READY)
    reply(page, SAVE)
    answer = reply(page, {"kind": "import", "data": data})
    assert answer["kind"] == "error" and "Nothing was changed" in answer["message"]
    assert len(reply(page, {"kind": "export"})["data"]["records"]) == 1


def test_a_full_storage_is_said_and_the_old_answers_stay(open_page, served):
    page, _ = open_page(f"{served}/{PAGE}")
    page.wait_for_function(READY)
    reply(page, SAVE)
    fill(page, 0)
    answer = reply(page, {**SAVE, "record": {"why": "x" * 1000}})
    assert answer["kind"] == "error" and "full" in answer["message"]
    assert reply(page, {"kind": "export"})["data"]["records"][0]["record"] == RECORD


def test_blocked_storage_is_said_and_the_page_works(browser: Browser, served):
    context = browser.new_context()
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(
        """Object.defineProperty(window, "localStorage", {
             configurable: true, get() { throw new DOMException("no", "SecurityError"); } });"""
    )
    page.goto(f"{served}/{PAGE}")
    page.wait_for_function(READY)
    move(page)
    expect(page.locator("#wave .sm-summary")).to_have_text("The dot is at 2.")
    answer = reply(page, SAVE)
    assert answer["kind"] == "error" and "does not let the page store" in answer["message"]
    data = reply(page, {"kind": "export"})["data"]
    again = reply(page, {"kind": "import", "data": data})
    assert again["kept"] == 1 and "does not let the page store" in again["message"]
    assert errors == []
    context.close()


def test_the_choice_about_survival_figures_is_kept_and_reversible(open_page, served):
    page, trouble = open_page(f"{served}/book/welcome.html")
    button = page.get_by_role("button", name="Survival figures")
    words = page.get_by_text("Words that are")
    expect(words).to_be_hidden()
    button.click()
    expect(words).to_be_visible()
    expect(button).to_have_text("Survival figures: open")
    page.goto(f"{served}/{PAGE}")
    expect(page.locator("#closed svg")).to_be_visible()
    page.go_back()
    button.click()
    expect(words).to_be_hidden()
    assert page.evaluate("localStorage.getItem('spinemets:sensitive')") is None
    trouble.check()


def test_cards_open_by_pointer_and_keyboard_and_close_by_escape(open_page, served):
    page, trouble = open_page(f"{served}/book/welcome.html")
    link, card = page.locator("a.sm-card").first, page.locator("#sm-popover")
    link.hover()
    expect(card).to_be_visible()
    expect(card).to_contain_text("NICE")
    card.hover()
    page.wait_for_timeout(600)
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.mouse.move(0, 0)
    link.focus()
    expect(card).to_be_visible()
    assert link.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('sm-popover').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    assert page.evaluate("document.activeElement.matches('a.sm-card')")
    trouble.check()


def test_a_tap_opens_the_card_and_its_link_the_page(browser: Browser, served):
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{served}/book/welcome.html")
    page.locator("a.sm-card").first.tap()
    card = page.locator("#sm-popover")
    expect(card).to_be_visible()
    box = card.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 360 and box["y"] + box["height"] <= 740
    card.get_by_role("link", name="Open the full card").tap()
    page.wait_for_url("**/evidence/07-spine-diagnosis.html#nice*")
    context.close()


def test_formulas_are_mathml(open_page, served):
    page, _ = open_page(f"{served}/book/welcome.html")
    assert page.locator("math").count() == 2
    assert page.locator("math mfrac").first.bounding_box()["height"] > 15


def test_nothing_unused_is_shipped(tiny):
    html = tiny / "_build" / "html"
    shipped = {path.relative_to(html).as_posix() for path in html.rglob("*") if path.is_file()}
    for name in ("fontawesome", "thebe", "require", "mathjax", "html-manager", ".map", "togglebutton", "webfonts"):
        assert not [path for path in shipped if name in path.lower()], name


def test_a_warm_build_executes_and_draws_nothing_and_gives_the_same_bytes(tiny):
    html = tiny / "_build" / "html"
    before = {path: path.read_bytes() for path in html.rglob("*") if path.is_file()}
    printed = build(tiny)
    assert "executing notebooks" not in printed and "baking" not in printed
    after = {path: path.read_bytes() for path in html.rglob("*") if path.is_file()}
    assert {path.relative_to(html).as_posix() for path in set(before) ^ set(after)} == set()
    assert [path.relative_to(html).as_posix() for path in before if before[path] != after[path]] == []


def test_a_clean_build_in_another_folder_gives_the_same_bytes(tiny, tmp_path):
    other = make_course(tmp_path / "elsewhere" / "course")
    build(other)
    first, second = (
        {path.relative_to(html).as_posix(): path.read_bytes() for path in html.rglob("*") if path.is_file()}
        for html in (tiny / "_build" / "html", other / "_build" / "html")
    )
    assert set(first) ^ set(second) == set()
    assert [name for name in first if first[name] != second[name]] == []
    assert any(name.startswith("_static/frames/") for name in first)
    assert b"Bitstream Vera" in first["_static/sm-sans-LICENSE.txt"]
    assert "_static/scripts/bootstrap.js.LICENSE.txt" in first
