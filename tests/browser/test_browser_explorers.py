"""Every control of every explorer on the built pages: what shows is what Python computes for that state."""

from __future__ import annotations

import importlib
import json
import pkgutil

import pytest

from spinemets import lessons
from spinemets.course import chapters, root
from spinemets.explore import Explorer
from spinemets.explore import frame as frames
from spinemets.explore.bake import read_frames

pytestmark = pytest.mark.browser

CHAPTERS = [chapter.stem for chapter in chapters()]
OPEN_SENSITIVE = "localStorage.setItem('spinemets:sensitive', 'open')"

SHAPES = """(picture) => [...picture.querySelectorAll('*')].map((node) => {
  const kept = ['d', 'points', 'x', 'y', 'cx', 'cy', 'r', 'width', 'height', 'transform', 'fill', 'style']
    .map((name) => node.getAttribute(name)).join('|').replaceAll(/url\\([^)]*\\)/g, 'url');
  const text = node.childElementCount ? '' : node.textContent.trim();
  return `${node.localName} ${kept} ${text}`;
})"""


def library() -> dict[str, Explorer]:
    """The explorers of the lessons, by id."""
    found = {}
    for module in pkgutil.iter_modules(lessons.__path__):
        for value in vars(importlib.import_module(f"spinemets.lessons.{module.name}")).values():
            if isinstance(value, Explorer):
                found[value.id] = value
    return found


LIBRARY = library()


class OnPage:
    """An explorer on a page, beside what Python computes for it."""

    def __init__(self, page, state: dict):
        self.page = page
        self.spec = state["spec"]
        self.id = self.spec["id"]
        self.controls = self.spec["controls"]
        self.digest = state["baked"]
        self.root = page.locator(f'.sm-explorer[data-explorer="{self.id}"]')
        self.state = [control["default"] for control in self.controls]
        self._baked: dict[int, frames.Frame] | None = None

    def flat(self, indices) -> int:
        index = 0
        for position, control in zip(indices, self.controls, strict=True):
            index = index * len(control["options"]) + position
        return index

    def possible(self, indices) -> bool:
        return str(self.flat(indices)) not in self.spec["impossible"]

    def expected(self) -> frames.Frame:
        """The frame that Python computes now; of a notebook's own function, what its kernel computed."""
        if self.id in LIBRARY:
            explorer = LIBRARY[self.id]
            return frames.frame(frames.view(explorer, tuple(self.state)), explorer.id, explorer.title)
        if self._baked is None:
            [path] = (root() / "_build").rglob(f"{self.digest}.frames")
            baked = read_frames(path)
            self._baked = dict(zip(baked["order"], baked["frames"], strict=True))
        return self._baked[self.flat(self.state)]

    def open(self) -> None:
        self.root.scroll_into_view_if_needed()
        skip = self.root.get_by_role("button", name="Skip")
        if skip.count() and skip.first.is_visible():
            skip.first.click()
        self.root.locator(".sm-figure").wait_for(state="visible")

    def other(self, number: int, after: int) -> int | None:
        """A possible option of a control other than the present one, the ``after``-th of them."""
        options = [
            i
            for i in range(len(self.controls[number]["options"]))
            if i != self.state[number] and self.possible([*self.state[:number], i, *self.state[number + 1 :]])
        ]
        return options[after % len(options)] if options else None

    def part(self, number: int):
        return self.root.locator(".sm-controls > .sm-control").nth(number)

    def by_keyboard(self, number: int) -> None:
        control, part, now = self.controls[number], self.part(number), self.state[number]
        count = len(control["options"])
        if control["kind"] == "slider":
            step = 1 if now + 1 < count else -1
            part.locator("input").press("ArrowRight" if step > 0 else "ArrowLeft")
            self.state[number] = now + step
        elif control["kind"] == "toggle":
            part.locator("input").press("Space")
            self.state[number] = 1 - now
        elif part.locator("select").count():
            part.locator("select").press("ArrowDown" if now + 1 < count else "ArrowUp")
            self.state[number] = int(part.locator("select").input_value())
        else:
            part.locator("input:checked").press("ArrowRight")
            checked = part.locator("input").evaluate_all("inputs => inputs.findIndex(input => input.checked)")
            self.state[number] = checked
        assert self.state[number] != now, f"{self.id}: the keyboard did not move {control['name']}"

    def by_mouse(self, number: int, target: int) -> None:
        control, part = self.controls[number], self.part(number)
        if control["kind"] == "slider":
            box = part.locator("input").bounding_box()
            share = target / (len(control["options"]) - 1)
            thumb = 16  # the thumb's centre stays half its width inside the track
            self.page.mouse.click(box["x"] + thumb / 2 + share * (box["width"] - thumb), box["y"] + box["height"] / 2)
            target = int(part.locator("input").input_value())
        elif control["kind"] == "toggle":
            part.locator("label").click()
        elif part.locator("select").count():
            part.locator("select").select_option(index=target)
        else:
            part.locator("label").nth(target).click()
        self.state[number] = target

    def check(self) -> None:
        """Picture, sentence and table are those of the state."""
        frame = self.expected()
        where = f"{self.id} at {[c['options'][i]['key'] for c, i in zip(self.controls, self.state, strict=True)]}"
        said = self.root.locator(".sm-summary")
        self.page.wait_for_function(
            "([node, text]) => node.textContent === text", arg=[said.element_handle(), frame["summary"]], timeout=10_000
        )
        shown = self.root.locator(".sm-figure").evaluate(SHAPES)
        meant = self.page.evaluate(
            f"(markup) => ({SHAPES})(new DOMParser().parseFromString(markup, 'text/html').body)", frame["picture"]
        )
        assert shown == meant, f"{where}: the picture differs"
        if frame["table"]:
            cells = self.root.locator(".sm-table tbody tr").evaluate_all(
                "rows => rows.map(row => [...row.children].map(cell => cell.textContent))"
            )
            words = {None: "–", True: "yes", False: "no"}
            meant_cells = [
                [words[cell] if cell is None or isinstance(cell, bool) else as_javascript(cell) for cell in row]
                for row in frame["table"]["rows"]
            ]
            assert cells == meant_cells, f"{where}: the table differs"


def as_javascript(cell: str | int | float) -> str:
    """A number as JavaScript writes it: 3.0 is 3 there."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def explorers_of(page) -> list[OnPage]:
    models = json.loads(page.locator("#sm-models").text_content())
    return [OnPage(page, model["state"]) for model in models.values() if "controls" in model["state"].get("spec", {})]


@pytest.mark.parametrize("stem", CHAPTERS)
def test_every_control_moves_by_keyboard_and_mouse_to_what_python_computes(open_page, address, stem):
    page, trouble = open_page(f"{address}/notebooks/{stem}.html")
    page.evaluate(OPEN_SENSITIVE)
    page.reload(wait_until="load")
    found = explorers_of(page)
    assert len(found) >= 3
    for one in found:
        one.open()
        one.check()
        for number in range(len(one.controls)):
            if one.other(number, 0) is None:
                continue
            one.by_keyboard(number)
            if one.possible(one.state):
                one.check()
            target = one.other(number, 1)
            if target is not None:
                one.by_mouse(number, target)
                one.check()
    trouble.check()


@pytest.mark.parametrize("stem", CHAPTERS)
def test_figures_on_survival_wait_until_the_reader_asks(open_page, address, stem):
    page, _ = open_page(f"{address}/notebooks/{stem}.html")
    for one in explorers_of(page):
        if one.spec["sensitive"]:
            assert not one.root.locator(".sm-body").is_visible()
            one.root.get_by_role("button", name="Show figures on survival").click()
            assert one.root.locator(".sm-body").is_visible() or one.root.get_by_role("button", name="Skip").is_visible()
            one.root.get_by_role("button", name="Close figures on survival").click()
            assert not one.root.locator(".sm-body").is_visible()
        for control in one.controls:
            start = control["options"][control["default"]]
            assert not start["sensitive"]


@pytest.mark.parametrize("stem", CHAPTERS)
def test_a_link_restores_its_state(open_page, address, stem):
    page, _ = open_page(f"{address}/notebooks/{stem}.html")
    one = next(one for one in explorers_of(page) if not one.spec["sensitive"] and not one.spec["predict"])
    number = next(i for i in range(len(one.controls)) if one.other(i, 0) is not None)
    target = one.other(number, 0)
    one.state[number] = target
    query = "&".join(
        f"{one.id}.{c['name']}={c['options'][i]['key']}" for c, i in zip(one.controls, one.state, strict=True)
    )
    page.goto(f"{address}/notebooks/{stem}.html?{query}#{one.id}", wait_until="load")
    again = next(other for other in explorers_of(page) if other.id == one.id)
    again.state = one.state
    again.check()
    in_sight = """id => {
      const { top } = document.getElementById(id).getBoundingClientRect();
      return top > -50 && top < innerHeight;
    }"""
    page.wait_for_function(in_sight, arg=one.id)


@pytest.mark.parametrize("stem", CHAPTERS)
def test_a_prediction_is_kept_and_can_be_asked_again(open_page, address, stem):
    page, _ = open_page(f"{address}/notebooks/{stem}.html")
    one = next(one for one in explorers_of(page) if one.spec["predict"] and not one.spec["sensitive"])
    assert not one.root.locator(".sm-figure").is_visible()
    asked = one.root.locator(".sm-predict")
    if one.spec["predict"]["options"]:
        asked.locator("input[type=radio]").first.check()
    else:
        asked.locator("input[type=number]").fill("1")
    asked.get_by_label("fairly sure").check()
    asked.get_by_role("button", name="Commit").click()
    assert "fairly sure" in asked.inner_text()
    assert one.root.locator(".sm-figure").is_visible()
    page.reload(wait_until="load")
    asked = page.locator(f'.sm-explorer[data-explorer="{one.id}"] .sm-predict')
    assert "fairly sure" in asked.inner_text()
    asked.get_by_role("button", name="Ask me again").click()
    assert asked.get_by_role("button", name="Commit").is_visible()
