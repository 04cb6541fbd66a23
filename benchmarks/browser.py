"""Chromium without a way to other hosts, and a folder served to it."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from tests.browser.conftest import ARGUMENTS, chromium_path

from .report import MissingError, Report

ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""Blocks other hosts without handing every request to Python, which would be part of the measured time."""


@contextmanager
def chromium(report: Report) -> Iterator[Browser]:
    """A running Chromium; its version is noted in the report.

    Raises:
        MissingError: there is no Chromium.
    """
    with sync_playwright() as playwright:
        path = chromium_path(playwright)
        if path is None:
            raise MissingError(
                "No Chromium was found. Install one (Debian: apt install chromium; elsewhere: python -m playwright "
                "install chromium) or name it in SPINEMETS_CHROMIUM."
            )
        browser = playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, ALONE])
        report.versions["Chromium"] = browser.version
        yield browser
        browser.close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The loopback address of a folder."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
