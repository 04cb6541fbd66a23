"""What a change of a control costs: on the page, and in JupyterLab against ``ipywidgets.interact``."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Locator

from .book import built_chapters, html, scratch
from .browser import chromium, served
from .lab import jupyterlab
from .report import MissingError, Report, median, p95

WORKED_MS = 8
PAINTED_MS = 50
SLOWER = 4
"""How many times the processor is slowed for the time to paint."""
CHANGES = 24
"""Of each explorer."""
KEYS = 20
IDLE = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
MOVE = Path(__file__).with_name("change.js").read_text(encoding="utf-8")
KEY = Path(__file__).with_name("key.js").read_text(encoding="utf-8")


def changes(browser: Browser, address: str, slower: int) -> dict[str, list[float]]:
    """Times of changes of every explorer of a page, with the processor slowed ``slower`` times."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script('localStorage.setItem("spinemets:sensitive", "open")')
    page.goto(address, wait_until="load")
    page.locator(".sm-explorer").first.wait_for(timeout=30_000, state="attached")
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    took: dict[str, list[float]] = {"worked": [], "painted": []}
    for id in page.eval_on_selector_all(".sm-explorer", "all => all.map((one) => one.dataset.explorer)"):
        for name, times in page.evaluate(MOVE, {"id": id, "count": CHANGES}).items():
            took[name] += times
    page.close()
    return took


def on_pages(browser: Browser, report: Report) -> None:
    """Changes of every explorer of every chapter."""
    with served(html()) as address:
        pages = [f"{address}/notebooks/{chapter.stem}.html" for chapter in built_chapters()]
        worked = [time for page in pages for time in changes(browser, page, 1)["worked"]]
        painted = [time for page in pages for time in changes(browser, page, SLOWER)["painted"]]
    report.add("page: changes measured", len(worked), "")
    report.add("page: handler, style and layout, median", median(worked), "ms")
    report.add("page: handler, style and layout, 95th percentile", p95(worked), "ms", WORKED_MS)
    report.add(f"page: painted, processor slowed {SLOWER} times, median", median(painted), "ms")
    report.add(f"page: painted, processor slowed {SLOWER} times, 95th percentile", p95(painted), "ms", PAINTED_MS)


def presses(region: Locator, handle: Locator) -> list[float]:
    """Times from a press of a key on a slider to the new picture in ``region``, each for a state not drawn before."""
    took = []
    handle.focus()
    for _ in range(KEYS):
        region.evaluate(KEY)
        handle.press("ArrowRight")
        took.append(region.page.evaluate("globalThis.answer"))
        region.page.wait_for_timeout(100)
    return took[1:]  # the first press imports and reads


def in_jupyterlab(browser: Browser, report: Report) -> None:
    """The same function of the same slider, as an explorer and by ``interact``."""
    with jupyterlab(scratch() / "lab") as address:
        page = browser.new_page(viewport={"width": 1280, "height": 1400})
        page.goto(address)
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
        page.wait_for_function(IDLE, timeout=60_000)
        page.evaluate("() => void window.jupyterapp.commands.execute('notebook:run-all-cells')")
        explorer = page.locator(".sm-explorer")
        interact = page.locator(".widget-interact")
        for region, picture in ((explorer, ".sm-figure svg"), (interact, "img")):
            region.locator(picture).first.wait_for(timeout=60_000)
        page.wait_for_timeout(2000)
        for name, region, handle in (
            ("explorer", explorer, "input[type=range]"),
            ("interact", interact, ".noUi-handle"),
        ):
            took = presses(region, region.locator(handle).first)
            report.add(f"JupyterLab, {name}: key to new picture, median", median(took), "ms")
            report.add(f"JupyterLab, {name}: key to new picture, 95th percentile", p95(took), "ms")
        page.close()


def measure(report: Report) -> None:
    """Changes on the pages, then in JupyterLab."""
    with chromium(report) as browser:
        on_pages(browser, report)
        try:
            in_jupyterlab(browser, report)
        except MissingError as missing:
            report.skip(str(missing))
