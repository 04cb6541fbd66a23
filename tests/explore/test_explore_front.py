"""The front end in Chromium, with a model that answers as this test says."""

import json
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.browser.conftest import browser, playwright

from spinemets.explore import Choice, Predict, Slider, Svg, Table, Toggle, View, render
from spinemets.explore.spec import make
from spinemets.explore.widget import ExplorerWidget, stylesheet

__all__ = ["browser", "playwright"]

pytestmark = pytest.mark.browser

ESM = (Path(__file__).resolve().parents[2] / "src/spinemets/explore/explorer.mjs").read_text(encoding="utf-8")
PAGE = """<!doctype html><html lang="en" data-theme="light"><head><title>t</title><meta name="viewport"
content="width=device-width"><style>body { margin: 16px; } CSS</style></head><body><main><h1>Test</h1>
<div id="here"></div></main></body></html>"""
# Requests wait in `asked` until the test answers them, so that their order is the test's.
MODEL = """(traits) => {
  const heard = {};
  window.asked = []; window.saved = [];
  window.tell = (event, message) => (heard[event] ?? []).forEach((f) => f(message));
  window.model = {
    get: (name) => traits[name], set(name, value) { traits[name] = value; tell("change:" + name); },
    on: (event, f) => (heard[event] ??= []).push(f), off() {}, save_changes() {},
    send: (message) => (message.kind === "draw" ? asked : saved).push(message),
  };
  window.close_ = explorer.render({ model, el: document.getElementById("here") });
}"""


def draw(road, step, detail):
    svg = render(
        '<svg viewBox="0 0 320 100"><clipPath id="c"><rect width="9" height="9"/></clipPath>'
        '<g clip-path="url(#c)"><circle r="{r}"/></g><text x="9" y="40" font-size="14">{w}</text></svg>',
        r=step, w=road,
    )  # fmt: skip
    return View(Svg(svg), f"{road}, step {step}.", Table(("road", "step"), ((road, step),)))


def rule(road, step, detail):
    return road != "lymph" or step < 3 or "lymph was followed to step 2 only"


CONTROLS = {
    "road": Choice(["blood", "lymph", "nerve"], label="Road", sensitive=["nerve"]),
    "step": Slider(1, 4, label="Step", unit="of 4", play=True, help="From the breast on."),
    "detail": Toggle(label="Detail"),
}


class Shown:
    """An explorer on a page of its own."""

    def __init__(self, page, search="", on_page=True, **more):
        self.explorer = make(draw, id="roads", controls=CONTROLS, title="Roads", valid=rule, **more)
        widget = ExplorerWidget(self.explorer)
        html = PAGE.replace("CSS", stylesheet())
        page.route("**/*", lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto(f"http://course.test/page.html{search}")
        page.add_script_tag(content=ESM.replace("export default", "window.explorer ="), type="module")
        page.wait_for_function("window.explorer")
        traits = {name: getattr(widget, name) for name in ("spec", "state", "frame", "baked", "assets", "progress")}
        if on_page:
            traits |= {"link": "http://course.test/page.html", "asset_base": "_static/frames/assets/"}
        page.evaluate(MODEL, json.loads(json.dumps(traits)))
        self.page = page

    def asked(self):
        return self.page.evaluate("asked")

    def saved(self):
        return self.page.evaluate("saved")

    def answer(self, **changes):
        """Answer the latest request as the kernel would."""
        request = self.asked()[-1]
        state = request["state"] or self.explorer.keys(self.explorer.default)
        widget = ExplorerWidget(self.explorer)
        message = widget._drawn({"seq": request["seq"], "state": state}) | changes
        self.page.evaluate("(message) => tell('msg:custom', message)", json.loads(json.dumps(message)))

    @property
    def summary(self):
        return self.page.locator(".sm-summary").text_content()

    @property
    def note(self):
        return " ".join(self.page.locator(".sm-body > .sm-note").all_text_contents()).strip()


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 360, "height": 800})
    opened = context.new_page()
    errors = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == []


def test_a_control_asks_and_the_frame_summary_and_table_follow(page):
    shown = Shown(page)
    assert shown.summary == "blood, step 1."
    page.get_by_label("Step", exact=True).focus()
    page.keyboard.press("ArrowRight")
    assert shown.asked()[-1]["state"] == {"road": "blood", "step": "2", "detail": "no"}
    shown.answer()
    assert shown.summary == "blood, step 2."
    assert page.locator(".sm-figure circle").get_attribute("r") == "2"
    assert page.locator("td").all_text_contents() == ["2"]
    assert page.locator("output").text_content() == "2 of 4"
    assert page.get_by_label("Step", exact=True).get_attribute("aria-valuetext") == "2 of 4"
    page.get_by_label("Detail").press("Space")
    assert shown.asked()[-1]["state"]["detail"] == "yes"


def test_one_request_is_in_flight_and_the_newest_wins(page):
    shown = Shown(page)
    slider = page.get_by_label("Step", exact=True)
    for n in (1, 2, 3):
        slider.fill(str(n))
    assert [request["state"]["step"] for request in shown.asked()] == ["2"]
    shown.answer()
    assert [request["state"]["step"] for request in shown.asked()] == ["2", "4"]
    assert page.locator("output").text_content() == "4 of 4"
    shown.answer()
    assert shown.summary == "blood, step 4."
    assert len(shown.asked()) == 2


def test_an_answer_to_another_request_is_ignored(page):
    shown = Shown(page)
    page.get_by_label("Step", exact=True).fill("2")
    shown.answer(seq=99)
    assert shown.summary == "blood, step 1."


def test_an_error_is_told_and_the_last_frame_stays(page):
    shown = Shown(page)
    page.get_by_label("Step", exact=True).fill("2")
    request = shown.asked()[-1]
    shown.page.evaluate("(m) => tell('msg:custom', m)", {"kind": "error", "seq": request["seq"], "message": "Oh <b>"})
    assert "could not be drawn. Oh <b>." in shown.note
    assert shown.summary == "blood, step 1."
    page.get_by_label("Step", exact=True).fill("1")
    shown.answer()
    assert shown.note == ""


def test_a_kernel_that_does_not_answer_is_told_and_asked_again(page):
    page.clock.install()
    shown = Shown(page, on_page=False)
    assert shown.asked() == [{"kind": "draw", "seq": 1, "state": {}}]
    page.clock.run_for(13_000)
    assert "No kernel answers. Run this cell again" in shown.note
    assert shown.summary == "blood, step 1."
    page.get_by_label("Step", exact=True).fill("1")
    assert len(shown.asked()) == 2
    shown.answer()
    assert shown.note == ""


def test_python_can_set_the_state(page):
    shown = Shown(page, on_page=False)
    frame = dict(ExplorerWidget(shown.explorer)._draw((0, 3, 1)))
    page.evaluate("(frame) => model.set('frame', frame)", frame)
    page.evaluate("model.set('state', { road: 'blood', step: '4', detail: 'yes' })")
    assert shown.summary == "blood, step 4."
    assert page.locator("output").text_content() == "4 of 4"
    assert page.get_by_label("Detail").is_checked()


def test_impossible_options_are_closed_with_the_reason_in_view(page):
    shown = Shown(page)
    page.get_by_label("Step", exact=True).fill("2")
    shown.answer()
    assert page.get_by_label("lymph").is_disabled()
    group = page.locator("fieldset.sm-radios")
    reason = page.locator(f"#{group.get_attribute('aria-describedby').split()[-1]}")
    assert "lymph (lymph was followed to step 2 only)" in reason.text_content()
    assert reason.is_visible()


def test_sensitive_options_open_only_on_request_and_close_again(page):
    shown = Shown(page)
    assert page.get_by_label("nerve").is_disabled()
    page.get_by_role("button", name="Show figures on survival").press("Enter")
    assert page.evaluate("localStorage.getItem('spinemets:sensitive')") == "open"
    page.get_by_label("nerve").check()
    shown.answer()
    assert shown.summary == "nerve, step 1."
    page.get_by_role("button", name="Close figures on survival").click()
    assert shown.asked()[-1]["state"]["road"] == "blood"
    assert page.evaluate("localStorage.getItem('spinemets:sensitive')") is None


def test_a_sensitive_explorer_is_closed_until_another_front_end_opens_all(page):
    Shown(page, sensitive="It shows survival.")
    assert page.get_by_text("It shows survival.").is_visible()
    assert page.locator(".sm-figure").is_hidden()
    page.evaluate("""localStorage.setItem("spinemets:sensitive", "open");
      document.dispatchEvent(new CustomEvent("spinemets:sensitive"))""")
    assert page.locator(".sm-figure").is_visible()


def test_the_prediction_comes_first_and_is_kept(page):
    shown = Shown(page, predict=Predict("How many?", 28, "Because of 479.", unit="women"))
    for hidden in (".sm-figure", ".sm-summary", ".sm-table", ".sm-controls"):
        assert page.locator(hidden).is_hidden()
    page.get_by_role("button", name="Commit").click()
    assert page.get_by_text("Choose or type an answer first").is_visible()
    page.get_by_label("How many?").fill("100")
    page.get_by_label("fairly sure").check()
    page.get_by_role("button", name="Commit").click()
    assert page.get_by_text("Your prediction: 100 women (fairly sure). Answer: 28 women.").is_visible()
    assert page.locator(".sm-figure").is_visible()
    (message,) = shown.saved()
    assert (message["item"], message["hash"]) == ("predict.roads", page.evaluate("model.get('spec').predict.hash"))
    assert (message["record"]["prediction"], message["record"]["confidence"]) == (100, "fairly sure")
    assert page.get_by_text("Because of 479.").is_hidden()
    page.get_by_label("Why?").fill("a guess")
    page.get_by_role("button", name="Keep and compare").click()
    assert page.get_by_text("Because of 479.").is_visible()
    assert shown.saved()[-1]["record"]["why"] == "a guess"
    page.get_by_role("button", name="Ask me again").click()
    assert page.locator(".sm-figure").is_hidden()
    assert shown.saved()[-1]["record"] == {}
    page.get_by_role("button", name="Skip").click()
    assert page.get_by_text("You skipped the prediction.").is_visible()


def test_what_cannot_be_kept_is_told(page):
    shown = Shown(page, predict=Predict("Which?", "a", "Because.", ("a", "b")))
    page.get_by_role("button", name="Skip").click()
    shown.page.evaluate("tell('msg:custom', { kind: 'error', item: 'predict.roads', message: 'The disk is full.' })")
    assert page.get_by_text("This could not be kept: The disk is full.").is_visible()


def test_a_link_restores_a_state(page):
    shown = Shown(page, search="?roads.step=3&roads.detail=yes&roads.road=nonsense&other.step=1#roads")
    assert shown.asked()[-1]["state"] == {"road": "blood", "step": "3", "detail": "yes"}
    assert page.locator("#roads").count() == 1


def test_a_link_does_not_open_what_is_sensitive_or_impossible(page):
    assert Shown(page, search="?roads.road=nerve").asked() == []
    assert Shown(page, search="?roads.road=lymph&roads.step=4").asked() == []


def test_the_link_of_a_state_can_be_copied(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    shown = Shown(page)
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (t) => (window.copied = t) } })"
    )
    page.get_by_label("Step", exact=True).fill("1")
    shown.answer()
    page.get_by_role("button", name="Copy link").click()
    assert page.evaluate("copied") == "http://course.test/page.html?roads.road=blood&roads.step=2&roads.detail=no#roads"
    assert page.get_by_text("Link copied").is_visible()


def test_play_steps_and_stops_at_the_end(page):
    page.clock.install(time=0)
    shown = Shown(page)
    page.clock.pause_at(60_000)
    play = page.get_by_role("button", name="Play")
    play.click()
    for n in (2, 3, 4):
        assert shown.asked()[-1]["state"]["step"] == str(n)
        shown.answer()
        page.clock.run_for(1000)
    assert play.get_attribute("aria-pressed") == "false"
    play.click()
    assert shown.asked()[-1]["state"]["step"] == "1"
    shown.answer()
    play.click()
    page.clock.run_for(5000)
    assert shown.asked()[-1]["state"]["step"] == "1"


def test_markup_cannot_run_and_ids_do_not_collide(page):
    shown = Shown(page)
    page.get_by_label("Step", exact=True).fill("1")
    picture = (
        '<svg viewBox="0 0 9 9" onload="window.hacked=1"><script>window.hacked=1</script>'
        '<a href="javascript:hacked=1">x</a>'
        '<clipPath id="roads-c"/><g clip-path="url(#roads-c)"/><image href="asset:0123456789abcdef.png"/></svg>'
        '<img src="data:," onerror="window.hacked=1" alt=""><a href="../evidence/05.md#x">card</a>'
    )
    shown.answer(frame={"picture": picture, "summary": "<i>x</i>", "table": None})
    assert page.evaluate("window.hacked") is None
    assert (
        page.locator(
            ".sm-figure script, .sm-figure [onload], .sm-figure [onerror], .sm-figure [href^=javascript]"
        ).count()
        == 0
    )
    clip = page.locator(".sm-figure clipPath").get_attribute("id")
    assert clip.startswith("sm")
    assert page.locator(".sm-figure g").get_attribute("clip-path") == f"url(#{clip})"
    assert page.locator("image").get_attribute("href") == "_static/frames/assets/0123456789abcdef.png"
    assert page.get_by_text("card").get_attribute("href") == "../evidence/05.html#x"
    assert shown.summary == "<i>x</i>"


def test_nothing_jumps_between_frames(page):
    shown = Shown(page)
    height = page.locator(".sm-figure").bounding_box()["height"]
    page.get_by_label("Step", exact=True).fill("1")
    shown.answer(frame={"picture": '<svg viewBox="0 0 320 9"></svg>', "summary": "x", "table": None})
    assert page.locator(".sm-figure").bounding_box()["height"] == height


def test_print_shows_words_and_table_and_no_controls(page):
    Shown(page)
    page.emulate_media(media="print")
    assert page.locator(".sm-figure").is_visible()
    assert page.locator(".sm-summary").is_visible()
    assert page.locator("td").first.is_visible()
    assert page.get_by_label("Step", exact=True).is_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_nothing_overflows(page, theme, width):
    axe = Axe()
    page.set_viewport_size({"width": width, "height": 900})
    Shown(page, predict=Predict("Which?", "a", "Because.", ("a", "b")))
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    page.evaluate("document.body.style.cssText = 'background: var(--sm-paper); color: var(--sm-ink)'")
    for _ in range(2):
        found = axe.run(page).response["violations"]
        assert [(entry["id"], [node["html"] for node in entry["nodes"]]) for entry in found] == []
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        small = page.evaluate("""[...document.querySelectorAll("button, input, select, summary, label")]
          .filter((node) => node.offsetParent && !node.closest("label")?.offsetHeight)
          .filter((node) => node.getBoundingClientRect().height < 24).map((node) => node.outerHTML)""")
        assert small == []
        if page.get_by_role("button", name="Skip").count():
            page.get_by_role("button", name="Skip").click()
            page.get_by_text("Data as a table").click()
