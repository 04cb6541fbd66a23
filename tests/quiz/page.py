"""A page with one widget in Chromium, its messages answered by the real Python widget."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page

import spinemets.quiz.widget as widgets

ADDRESS = "http://quiz.test/"
_PAGE = """<!doctype html><html lang="en" data-theme="THEME"><meta charset="utf-8"><title>Quiz</title>
<meta name="viewport" content="width=device-width">
<style>html { font: 16px sans-serif; color: #1b2027; background: #fffffe } body { margin: 8px }
html[data-theme=dark] { color: #e8ebef; background: #14181d }
CSS</style><main><h1>Sample</h1><h2>Quiz</h2><div id="place"></div></main></html>"""
_MODEL = """async ({ traits, source }) => {
  const listeners = {};
  const emit = (event, ...given) => (listeners[event] ?? []).slice().forEach((listener) => listener(...given));
  globalThis.model = {
    get: (name) => traits[name],
    on: (event, listener) => (listeners[event] ??= []).push(listener),
    off: (event, listener) => { listeners[event] = (listeners[event] ?? []).filter((one) => one !== listener); },
    set() {}, save_changes() {},
    async send(message) { for (const answer of await receive(JSON.stringify(message))) emit("msg:custom", answer); },
  };
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const module = await import(url);
  globalThis.quizModule = module;
  globalThis.cleanup = module.default.render({ model: globalThis.model, el: document.getElementById("place") });
}"""


class Stage:
    """Shows widgets on a scratch page. ``silent`` drops messages, as a dead kernel does."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.silent = False
        self.errors: list[str] = []
        self._widget: widgets.Quiz | None = None
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.route(f"{ADDRESS}**", lambda route: route.fulfill(body=self._page, content_type="text/html"))
        page.expose_function("receive", self._receive)
        self._page = ""

    def show(self, widget: widgets.Quiz, theme: str = "light") -> None:
        self._widget = widget
        self._page = _PAGE.replace("THEME", theme).replace("CSS", str(widget._css))
        traits = {name: getattr(widget, name) for name in ("items", "progress", "cards", "options")}
        self.page.goto(ADDRESS)
        self.page.evaluate(_MODEL, {"traits": traits, "source": widget._esm})

    def _receive(self, text: str) -> list[dict[str, Any]]:
        assert self._widget is not None
        answers: list[dict[str, Any]] = []
        if not self.silent:
            self._widget.send = answers.append  # type: ignore[method-assign]
            self._widget.receive(json.loads(text))
        return answers
