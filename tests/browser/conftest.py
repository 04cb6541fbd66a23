"""Chromium, the built book on a loopback server under a sub-path, and pages that record whatever goes wrong."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from spinemets.course import root

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}


def chromium_path(playwright: Playwright) -> str | None:
    """A Chromium on this machine: ``SPINEMETS_CHROMIUM``, one on the path, or Playwright's own."""
    named = os.environ.get("SPINEMETS_CHROMIUM")
    own = playwright.chromium.executable_path
    found = [named, *map(shutil.which, ("chromium", "chromium-browser", "google-chrome")), own]
    return next((path for path in found if path and Path(path).exists()), None)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    # Not for the whole session: while Playwright runs, other tests could not use asyncio.
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = chromium_path(playwright)
    if path is None:
        message = (
            "No Chromium was found. Install one (Debian: apt install chromium; elsewhere: python -m playwright install "
            "chromium) or name it in SPINEMETS_CHROMIUM."
        )
        if os.environ.get("SPINEMETS_REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    launched = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
    yield launched
    launched.close()


@pytest.fixture(scope="session")
def html() -> Path:
    """The built book."""
    folder = root() / "_build" / "html"
    if not (folder / "index.html").exists():
        pytest.fail("There is no built book. Run: python run.py book")
    return folder


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def address(html: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the built book, served under a sub-path as GitHub Pages does."""
    top = tmp_path_factory.mktemp("site")
    (top / "course").symlink_to(html, target_is_directory=True)
    handler = functools.partial(_Quiet, directory=str(top))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/course"
    server.shutdown()
    server.server_close()


@dataclass
class Trouble:
    """What went wrong on a page: a reader's browser would show or log each of these."""

    errors: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def check(self) -> None:
        assert not self.foreign, f"requests to other hosts: {self.foreign[:5]}"
        assert not self.failed, f"failed requests: {self.failed[:5]}"
        assert not self.errors, f"console errors: {self.errors[:5]}"


def watch(page: Page) -> Trouble:
    """Record console errors, page errors, failed requests and requests to other hosts."""
    trouble = Trouble()

    def failed(request) -> None:
        # The browser itself aborts what still loads when a page is left; a missing file has a status or another error.
        if request.failure != "net::ERR_ABORTED":
            trouble.failed.append(f"{request.url} {request.failure}")

    page.on("pageerror", lambda error: trouble.errors.append(str(error)))
    page.on("console", lambda message: trouble.errors.append(message.text) if message.type == "error" else None)
    page.on("requestfailed", failed)
    page.on(
        "response",
        lambda response: trouble.failed.append(f"{response.url} {response.status}") if response.status >= 400 else None,
    )

    def gate(route) -> None:
        url = route.request.url
        if url.startswith(("http://127.0.0.1", "http://localhost", "file:", "data:", "blob:")):
            route.continue_()
        else:
            trouble.foreign.append(url)
            route.abort()

    page.route("**/*", gate)
    return trouble


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., tuple[Page, Trouble]]]:
    """Open an address in a fresh browser profile: ``open_page(url, viewport=PHONE, dark=True, javascript=False)``."""
    contexts: list[BrowserContext] = []

    def opened(
        url: str, *, viewport: dict[str, int] = DESKTOP, dark: bool = False, javascript: bool = True
    ) -> tuple[Page, Trouble]:
        context = browser.new_context(
            viewport=viewport,
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        trouble = watch(page)
        page.goto(url, wait_until="load")
        return page, trouble

    yield opened
    for context in contexts:
        context.close()
