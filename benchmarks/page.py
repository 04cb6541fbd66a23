"""A chapter's page against the same page with a self-hosted html-manager: its JavaScript, and how soon it is alive."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup
from playwright.sync_api import Browser

from spinemets.publish.widgets import WIDGET_STATE, WIDGET_VIEW

from .book import built_chapters, html, scratch, widget_state
from .browser import chromium, served
from .report import MissingError, Report, median, packed

INTERACTIVE_KB = 40
VISITS = 7
MANAGER = "_manager"
"""Folder of the html-manager's files in its site."""
NPM = {"requirejs": "package/require.js", "@jupyter-widgets/html-manager": "package/dist/embed-amd.js"}
"""What is taken from which npm package; these are the versions 2 and 1, as for ipywidgets 8."""

JAVASCRIPT = ("", "text/javascript", "module")
"""Types of ``<script>`` that a browser runs."""

READY = """new MutationObserver((_, observer) => {
  if (!document.querySelector(".sm-explorer svg")) return;
  globalThis.ready = performance.now();
  observer.disconnect();
}).observe(document, { childList: true, subtree: true });"""


# --- the two pages --------------------------------------------------------------------------------------------------


def with_manager(page: str, state: dict[str, Any], up: str) -> str:
    """The page as myst-nb writes it for a self-hosted html-manager, in place of our host.

    Args:
        page: HTML of our page.
        state: its widget models by id, ``_esm`` included.
        up: way from the page to the site's folder, such as ``"../"``.
    """
    soup = BeautifulSoup(page, "html.parser")
    for tag in soup.select('script[src*="host.js"], [src*="_static/esm/"], [href*="_static/esm/"], #sm-models'):
        tag.decompose()
    for place in soup.select(".sm-widget[data-model]"):
        view = {"version_major": 2, "version_minor": 0, "model_id": place["data-model"]}
        place.clear()
        place.append(_script(soup, _inline(view), type=WIDGET_VIEW))
    paths = json.dumps({"paths": {"anywidget": f"{up}{MANAGER}/anywidget"}})
    models = {"version_major": 2, "version_minor": 0, "state": state}
    soup.body.extend(
        [
            _script(soup, src=f"{up}{MANAGER}/require.js"),
            _script(soup, f"require.config({paths});"),
            _script(soup, src=f"{up}{MANAGER}/embed-amd.js"),
            _script(soup, _inline(models), type=WIDGET_STATE),
        ]
    )
    return str(soup)


def _script(soup: BeautifulSoup, text: str = "", **attributes: str) -> Any:
    tag = soup.new_tag("script", attrs=attributes)
    tag.string = text
    return tag


def _inline(data: object) -> str:
    return json.dumps(data).replace("<", "\\u003c")


def inline_scripts(page: str) -> str:
    """The JavaScript that stands in the page itself."""
    scripts = BeautifulSoup(page, "html.parser").find_all("script", src=False)
    return "\n".join(script.get_text() for script in scripts if script.get("type", "") in JAVASCRIPT)


def fetch_manager(target: Path) -> dict[str, str]:
    """Put RequireJS, the html-manager and anywidget's AMD module into ``target``; return the versions.

    Raises:
        MissingError: there is no npm, or it could not fetch the packages.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise MissingError("npm was not found, so the page was not compared with an html-manager. Install Node.js.")
    target.mkdir(parents=True, exist_ok=True)
    versions = {}
    for package, major in zip(NPM, (2, 1), strict=True):
        done = subprocess.run([npm, "pack", "--json", f"{package}@{major}"], cwd=target, capture_output=True, text=True)
        if done.returncode:
            said = done.stderr[-500:]
            raise MissingError(
                f"npm could not fetch {package}; the page was not compared with an html-manager:\n{said}"
            )
        fetched = json.loads(done.stdout)[-1]
        versions[package] = fetched["version"]
        with tarfile.open(target / fetched["filename"]) as archive:
            member = archive.extractfile(NPM[package])
            (target / Path(NPM[package]).name).write_bytes(member.read())
        (target / fetched["filename"]).unlink()
    amd = Path(sys.prefix, "share", "jupyter", "nbextensions", "anywidget", "index.js")
    shutil.copyfile(amd, target / "anywidget.js")
    return versions


def lay_out(site: Path, page: str, text: str) -> None:
    """A site that is the built book, but for one page."""
    for path in html().iterdir():
        if path.name != Path(page).parts[0]:
            (site / path.name).symlink_to(path)
    (site / page).parent.mkdir(exist_ok=True)
    (site / page).write_text(text, encoding="utf-8")


# --- what a visit shows ---------------------------------------------------------------------------------------------


def scripts(browser: Browser, address: str, folder: Path) -> dict[str, int]:
    """Compressed size of every script that a page loads until it is quiet, by its path; frames are left out."""
    loaded: set[str] = set()
    page = browser.new_page()
    page.on("request", lambda request: loaded.add(request.url) if request.resource_type == "script" else None)
    page.on("requestfailed", lambda request: loaded.discard(request.url))
    page.goto(address, wait_until="networkidle")
    page.wait_for_function("globalThis.document.querySelector('.sm-explorer svg')", timeout=30_000)
    page.close()
    paths = sorted(unquote(urlsplit(url).path).lstrip("/") for url in loaded if url.startswith("http"))
    sizes = {path: packed((folder / path).read_bytes()) for path in paths if "/_static/frames/" not in path}
    own = inline_scripts((folder / unquote(urlsplit(address).path).lstrip("/")).read_text(encoding="utf-8"))
    return sizes | {"in the page itself": packed(own.encode())}


def visit(browser: Browser, address: str) -> float:
    """Milliseconds from navigation to the first explorer, in a fresh profile."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script(READY)
    page.goto(address, wait_until="commit")
    page.wait_for_function("globalThis.ready", timeout=60_000)
    took = page.evaluate("globalThis.ready")
    context.close()
    return took


def is_interactive(path: str) -> bool:
    """Whether a script is what makes our page interactive: host or front end."""
    return bool(re.search(r"/_static/(host\.js|esm/[0-9a-f]+\.js)$", path))


def measure(report: Report) -> None:
    """JavaScript and time to the first explorer of the first chapter, both pages in turn."""
    chapter = built_chapters()[0]
    page = f"notebooks/{chapter.stem}.html"
    site = scratch() / "site"
    shutil.rmtree(site, ignore_errors=True)
    site.mkdir()
    sites = {"our page": site / "ours"}
    (site / "ours").symlink_to(html())
    try:
        managed = site / "manager"
        report.versions |= fetch_manager(managed / MANAGER)
        original = (html() / page).read_text(encoding="utf-8")
        lay_out(managed, page, with_manager(original, widget_state(chapter), "../"))
        sites["with html-manager"] = managed
    except MissingError as missing:
        report.skip(str(missing))
    with chromium(report) as browser, served(site) as address:
        addresses = {name: f"{address}/{folder.name}/{page}" for name, folder in sites.items()}
        for name, one in addresses.items():
            sizes = scripts(browser, one, site)
            report.add(f"{name}: all JavaScript", sum(sizes.values()) / 1000, "kB")
            own = [size for path, size in sizes.items() if is_interactive(path)]
            if own:
                report.add(f"{name}: host and front ends", sum(own) / 1000, "kB", INTERACTIVE_KB)
            for path, size in sorted(sizes.items(), key=lambda item: -item[1]):
                report.add(f"{name}: {path.partition('/')[2] or path}", size / 1000, "kB")
        times: dict[str, list[float]] = {name: [] for name in addresses}
        for _ in range(VISITS):
            for name, one in addresses.items():
                times[name].append(visit(browser, one))
        for name, took in times.items():
            report.add(f"{name}: first explorer ready, median of {VISITS}", median(took), "ms")
