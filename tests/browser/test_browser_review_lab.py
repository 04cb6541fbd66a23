"""What to review today in JupyterLab, with a live kernel."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from .conftest import DESKTOP
from .test_browser_lab import TROUBLE, Notebook, clone, lab  # noqa: F401, both are fixtures

pytestmark = [pytest.mark.browser, pytest.mark.lab]
ANSWER = """
from spinemets import progress
from spinemets.quiz import review
item = next(item for item in review().items if item["type"] == "choice" and not item["sensitive"])
right = [option["correct"] for option in item["options"]].index(True)
at = "2026-01-01T12:00:00.000Z"
record = {"type": "choice", "history": [{"answer": right, "score": 1, "hints": 0, "at": at}], "at": at}
_ = progress.save(item["id"], item["hash"], record)
"""
KERNEL_IS_IDLE = "window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'"


def test_review_in_jupyterlab(browser: Browser, lab, clone) -> None:  # noqa: F811
    context = browser.new_context(viewport=DESKTOP)
    page = context.new_page()
    book = Notebook(page, lab, clone, "review")
    page.wait_for_function(KERNEL_IS_IDLE, timeout=120_000)  # a busy computer takes its time
    book.run_all()
    assert not TROUBLE.search(book.through())
    book.show(".sm-review")
    expect(page.get_by_text("Nothing is answered yet, so nothing is due.")).to_be_visible()
    page.locator(".sm-store summary").click()
    expect(page.locator(".sm-store")).to_contain_text("progress.sqlite")
    page.evaluate(
        """(code) => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel
            .requestExecute({ code }).done""",
        ANSWER,
    )
    page.evaluate("document.dispatchEvent(new CustomEvent('spinemets:progress', { detail: {} }))")
    expect(page.get_by_text("1 question is due")).to_be_visible()
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("Question 1 of")).to_be_focused()
    page.locator(".sm-review input[type=radio]").first.focus()
    for key in ("Space", "ArrowDown"):  # keys that JupyterLab has shortcuts for
        page.keyboard.press(key)
    page.locator(".sm-review").get_by_role("button", name="Check").click()
    expect(page.locator(".sm-review .sm-result")).to_contain_text("ight")  # right or not right
    page.get_by_role("button", name="Stop for now").click()
    expect(page.locator(".sm-review .sm-progress")).to_contain_text("Done for now:")
    context.close()
