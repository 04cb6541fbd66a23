"""Every page of the built book as a reader meets it: quiet, accessible, readable on a phone, whole without scripts."""

from __future__ import annotations

import gzip
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup

from spinemets.course import chapters, notebooks, root

from .conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser

CHAPTERS = [chapter.stem for chapter in chapters()]
NOTEBOOKS = [notebook.stem for notebook in notebooks()]
PAGES = [f"notebooks/{stem}" for stem in NOTEBOOKS] + [
    "book/welcome", "book/how-to-use", "book/for-instructors", "book/glossary", "book/claim-ledger", "book/references",
    "book/article-map", "book/left-out", "book/evidence", "book/blueprint",
    *(f"evidence/{stem}" for stem in CHAPTERS),
]  # fmt: skip
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}

TEXT_SIZES = """() => {
  const small = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent.trim();
    const element = node.parentElement;
    if (!text || !element || !element.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    if (element.closest('math, script, style, template, .sm-visually-hidden, .visually-hidden')) continue;
    let size = parseFloat(getComputedStyle(element).fontSize);
    if (element.ownerSVGElement) size *= element.getScreenCTM().a;
    if (size < 9) small.push(`${size.toFixed(1)} px: ${text.slice(0, 40)}`);
  }
  return small;
}"""


def scroll_through(page) -> None:
    """Come near every part of the page, so that everything that loads on approach is loaded."""
    height = page.evaluate("document.documentElement.scrollHeight")
    for top in range(0, height, 600):
        page.evaluate(f"window.scrollTo(0, {top})")
        page.wait_for_timeout(15)
    page.wait_for_function("!document.querySelector('.sm-widget:not(:has(.sm-live)):not(.sm-broken)')", timeout=20_000)
    page.evaluate("window.scrollTo(0, 0)")


@pytest.mark.parametrize("name", PAGES)
def test_page_is_quiet_and_asks_no_other_host(open_page, address, name):
    page, trouble = open_page(f"{address}/{name}.html")
    scroll_through(page)
    trouble.check()


ALL_FOUR = [
    pytest.param(PHONE, False, id="phone-light"), pytest.param(DESKTOP, True, id="desktop-dark"),
    pytest.param(PHONE, True, id="phone-dark"), pytest.param(DESKTOP, False, id="desktop-light"),
]  # fmt: skip
"""Each width and each theme; all four only for chapters, where most is drawn, since a run takes seconds."""
SEEN = [
    pytest.param(name, *seen.values, id=f"{name}-{seen.id}")
    for name in PAGES
    for seen in (ALL_FOUR if name.removeprefix("notebooks/") in CHAPTERS else ALL_FOUR[:2])
]


@pytest.mark.parametrize(("name", "viewport", "dark"), SEEN)
def test_axe_finds_nothing(open_page, address, name, viewport, dark):
    page, _ = open_page(f"{address}/{name}.html", viewport=viewport, dark=dark)
    scroll_through(page)
    found = Axe().run(page, options=WCAG).response["violations"]
    assert not found, [(one["id"], one["impact"], one["nodes"][0]["html"][:200]) for one in found]


@pytest.mark.parametrize("name", PAGES)
def test_phone_shows_everything_without_sideways_scrolling_and_legibly(open_page, address, name):
    page, _ = open_page(f"{address}/{name}.html", viewport=PHONE)
    scroll_through(page)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    assert page.evaluate(TEXT_SIZES) == []


@pytest.mark.parametrize("stem", NOTEBOOKS)
def test_page_works_from_a_folder_without_a_server(open_page, html, stem):
    page, trouble = open_page((html / "notebooks" / f"{stem}.html").as_uri())
    scroll_through(page)
    assert page.locator(".sm-widget:has(.sm-live)").count() == page.locator(".sm-widget").count() > 0
    trouble.check()


@pytest.mark.parametrize("stem", CHAPTERS)
def test_without_javascript_pictures_words_and_tables_are_there(open_page, address, stem):
    page, _ = open_page(f"{address}/notebooks/{stem}.html", javascript=False)
    safety = page.get_by_text("needs emergency care now").first
    assert safety.is_visible()
    explorers = page.locator(".sm-widget:has(.sm-picture)")
    assert explorers.count() >= 3
    for i in range(explorers.count()):
        one = explorers.nth(i)
        if one.locator("details.sm-sensitive").count():
            one.locator("summary").first.click()
        assert one.locator(".sm-picture > *").first.is_visible()
        assert len(one.locator(".sm-summary").inner_text()) > 20
        assert one.locator("table").count() >= 1
    others = page.locator(".sm-widget:not(:has(.sm-picture))").all_inner_texts()
    assert max(map(len, others)) > 500, "the quiz is not there to read"


def local_links(file: Path) -> list[tuple[str, str]]:
    """Path and anchor of every link of a page to this book."""
    soup = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
    links = [tag.get("href") or tag.get("src") for tag in soup.find_all(["a", "link", "script", "img"])]
    parts = [urlsplit(link) for link in links if link]
    return [(unquote(part.path), unquote(part.fragment)) for part in parts if not part.scheme and not part.netloc]


def test_every_link_inside_the_book_leads_somewhere(html):
    ids: dict[Path, set[str]] = {}
    broken = []
    for file in html.rglob("*.html"):
        for path, fragment in local_links(file):
            target = (file.parent / path).resolve() if path else file.resolve()
            if not target.exists():
                broken.append(f"{file.relative_to(html)} -> {path}")
            elif fragment and target.suffix == ".html":
                if target not in ids:
                    soup = BeautifulSoup(target.read_text(encoding="utf-8"), "html.parser")
                    ids[target] = {tag["id"] for tag in soup.find_all(id=True)} | {"top"}
                if fragment not in ids[target]:
                    broken.append(f"{file.relative_to(html)} -> {path}#{fragment}")
    assert not broken, broken[:20]


def test_no_page_names_a_script_or_style_of_another_host(html):
    named = []
    for file in html.rglob("*.html"):
        soup = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
        for tag in soup.find_all(["script", "link", "img", "iframe"]):
            link = tag.get("src") or (tag.get("href") if tag.name == "link" else None)
            if link and urlsplit(link).netloc and tag.get("rel") != ["canonical"]:
                named.append(f"{file.relative_to(html)}: {link}")
    assert not named, named[:10]


def test_the_book_ships_nothing_that_it_does_not_use(html):
    shipped = {path.name for path in html.rglob("*") if path.is_file()}
    unused = [name for name in shipped if "fontawesome" in name.lower() or "thebe" in name.lower() or "require" in name]
    assert not unused, unused


@pytest.mark.parametrize("stem", CHAPTERS)
def test_the_javascript_that_makes_a_chapter_interactive_stays_small(html, stem):
    soup = BeautifulSoup((html / "notebooks" / f"{stem}.html").read_text(encoding="utf-8"), "html.parser")
    named = {tag["src"].partition("?")[0] for tag in soup.find_all("script", src=True)}
    own = [name for name in named if "/host.js" in name or "/esm/" in name]
    assert len(own) == 3, "the host, and the front ends of explorers and quizzes"
    sizes = [len(gzip.compress((html / "notebooks" / name).resolve().read_bytes(), mtime=0)) for name in own]
    assert sum(sizes) <= 40_000, dict(zip(own, sizes, strict=True))


def test_chapters_of_the_contents_exist():
    assert all((root() / "notebooks" / f"{stem}.ipynb").exists() for stem in CHAPTERS)
