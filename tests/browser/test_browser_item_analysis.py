"""The page of an item analysis in Chromium: no harm to axe's rules, no sideways scrolling, two sheets of paper."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from spinemets.teach import classes, report

from .conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def page_of_40(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("analysis") / "items.html"
    report.write(classes.analysed(600, 4, 40)[0], path, "A synthetic class")
    return path.as_uri()


def opened(browser: Browser, address: str, viewport: dict[str, int], dark: bool = False) -> Page:
    # The page's own policy refuses every script, axe's too.
    page = browser.new_page(viewport=viewport, color_scheme="dark" if dark else "light", bypass_csp=True)
    page.goto(address)
    return page


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing(browser: Browser, page_of_40: str, viewport: dict[str, int], dark: bool) -> None:
    page = opened(browser, page_of_40, viewport, dark)
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == (
        "rgb(20, 24, 29)" if dark else "rgb(255, 255, 254)"
    )
    page.close()


def test_forty_questions_print_on_two_sheets_in_light_colours(browser: Browser, page_of_40: str) -> None:
    page = opened(browser, page_of_40, DESKTOP, dark=True)
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", printed)) <= 2
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 254)"
    assert not page.locator("details").first.is_visible() and page.locator(".items tr").last.is_visible()
    page.close()


def test_numbers_lead_to_who_chose_what(browser: Browser, page_of_40: str) -> None:
    page = opened(browser, page_of_40, PHONE)
    page.locator("ul.flags a").first.click()
    assert page.url.endswith("#synthetic-09")
    assert page.locator("#synthetic-09").get_by_role("table").is_visible()
    page.close()
