"""The chapters in JupyterLab: a fresh untrusted clone, a live session, a reopened notebook, a restarted kernel."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from spinemets.course import root

from .conftest import DESKTOP

pytestmark = [pytest.mark.browser, pytest.mark.lab]

STEM = "05-metastasis"
TOKEN = "test"
TROUBLE = re.compile(r"model not found|Error displaying widget|Traceback|Error rendering", re.I)


def run_script():
    spec = importlib.util.spec_from_file_location("run_script", root() / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course as a fresh clone has it: what git tracks, nothing built, no notebook trusted."""
    folder = tmp_path_factory.mktemp("lab") / "clone"
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root(), capture_output=True, text=True, check=True
    ).stdout.split("\0")
    for name in filter(None, tracked):
        source = root() / name
        if source.exists():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    return folder


@pytest.fixture(scope="module")
def lab(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a JupyterLab rooted in the clone, with its own settings, signatures and progress."""
    home = tmp_path_factory.mktemp("home")
    run_script().keep_widgets_on_saving()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "HOME": str(home),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "SPINEMETS_PROGRESS": str(home / "progress.sqlite"),
        "SPINEMETS_ROOT": str(clone),
    }
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--ServerApp.root_dir={clone}",
        f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}",
        "--LabApp.expose_app_in_browser=True",
    ]  # fmt: skip
    log = (home / "lab.log").open("w")
    server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=clone)
    address = f"http://127.0.0.1:{port}"
    for _ in range(120):
        try:
            urllib.request.urlopen(f"{address}/api?token={TOKEN}", timeout=2)
            break
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.5)
    else:
        pytest.fail("JupyterLab did not start:\n" + (home / "lab.log").read_text()[-2000:])
    yield address
    server.send_signal(signal.SIGINT)
    server.send_signal(signal.SIGINT)
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()


class Notebook:
    """A chapter open in JupyterLab."""

    def __init__(self, page, lab: str, clone: Path, stem: str = STEM):
        self.page = page
        self.path = clone / "notebooks" / f"{stem}.ipynb"
        self.address = f"{lab}/lab/tree/notebooks/{stem}.ipynb?token={TOKEN}"
        self.open()

    def open(self) -> None:
        # reset: no tab of an earlier visit
        self.page.goto(f"{self.address}&reset", wait_until="load")
        self.page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
        self.page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context?.isReady")
        self.page.wait_for_timeout(1500)

    def command(self, name: str) -> None:
        """Begin a command; not waited for, since one that asks something ends only after the answer."""
        self.page.evaluate("name => { window.jupyterapp.commands.execute(name); }", name)

    def run_all(self) -> None:
        self.command("notebook:run-all-cells")
        self.page.wait_for_timeout(1500)
        idle = """() => {
          const { sessionContext, content } = window.jupyterapp.shell.currentWidget;
          const waiting = content.model.sharedModel.cells.some(
            (cell) => cell.cell_type === 'code' && cell.source.trim() && cell.execution_count === null);
          return !waiting && sessionContext.session?.kernel?.status === 'idle';
        }"""
        self.page.wait_for_function(idle, timeout=120_000)

    def through(self) -> str:
        """Scroll from top to bottom and collect everything that shows."""
        seen = []
        cells = self.page.evaluate("window.jupyterapp.shell.currentWidget.content.widgets.length")
        for i in range(cells):
            self.page.evaluate("i => window.jupyterapp.shell.currentWidget.content.scrollToItem(i, 'start')", i)
            self.page.wait_for_timeout(60)
            seen.append(self.page.locator(".jp-Notebook").inner_text())
        return "\n".join(seen)

    def show(self, selector: str):
        """Bring the first element of a selector into view; a notebook attaches cells only near the screen."""
        cells = self.page.evaluate("window.jupyterapp.shell.currentWidget.content.widgets.length")
        for i in range(cells):
            self.page.evaluate("i => window.jupyterapp.shell.currentWidget.content.scrollToItem(i, 'start')", i)
            self.page.wait_for_timeout(80)
            found = self.page.locator(selector)
            if found.count() and found.first.is_visible():
                found.first.scroll_into_view_if_needed()
                return found.first
        raise AssertionError(f"{selector} is nowhere in the notebook")

    def save(self) -> None:
        before = self.path.stat().st_mtime_ns
        self.command("docmanager:save")
        deadline = time.monotonic() + 20
        while self.path.stat().st_mtime_ns == before and time.monotonic() < deadline:
            self.page.wait_for_timeout(100)
        assert self.path.stat().st_mtime_ns != before, "the notebook was not saved"

    def trouble(self) -> list[str]:
        return TROUBLE.findall(self.through())


@pytest.fixture(scope="module")
def page(browser):
    context = browser.new_context(viewport=DESKTOP)
    yield context.new_page()
    context.close()


def test_a_fresh_untrusted_clone_looks_right(page, lab, clone):
    notebook = Notebook(page, lab, clone)
    assert notebook.trouble() == []
    pictures = notebook.show(".jp-OutputArea-output img")
    assert pictures.evaluate("img => img.naturalWidth") > 200
    assert "needs emergency care now" in notebook.through()


def test_run_all_move_fast_answer_save_reopen_restart(page, lab, clone):
    notebook = Notebook(page, lab, clone)
    notebook.run_all()
    assert notebook.trouble() == []

    # A control moved fast: the last state wins, and picture and sentence are of one state.
    cascade = notebook.show('.sm-explorer[data-explorer="cascade"]')
    skip = cascade.get_by_role("button", name="Skip")
    if skip.count() and skip.is_visible():
        skip.click()
    first = cascade.locator(".sm-summary").inner_text()
    control = cascade.locator(".sm-controls > .sm-control input[type=radio], .sm-controls select").first
    control.focus()
    for key in ["ArrowRight"] * 3 + ["ArrowLeft"] * 2:
        page.keyboard.press(key)
    page.wait_for_timeout(2500)
    moved = cascade.locator(".sm-summary").inner_text()
    assert moved and moved != first
    assert "No kernel answers" not in cascade.inner_text()

    # An answer is kept.
    quiz = notebook.show(".sm-quiz:has(.sm-store)")
    options = page.locator("fieldset:not(.sm-confidence) .sm-option input[type=radio]")
    check = page.get_by_role("button", name="Check", exact=True)
    item = quiz.locator("ol > li").filter(has=options).filter(has=check).first
    item.locator("input[type=radio]").first.check()
    item.get_by_role("button", name="Check", exact=True).click()
    item.locator(".sm-verdict").first.wait_for()
    line = quiz.locator(".sm-progress").text_content()
    assert line.startswith("1 of")

    notebook.save()
    page.wait_for_timeout(500)
    notebook.open()
    assert notebook.trouble() == []
    again = notebook.show('.sm-explorer[data-explorer="cascade"]')
    assert again.locator("svg").first.is_visible()

    # A restarted kernel: what was answered is there, and nothing shows an error.
    notebook.command("notebook:restart-run-all")
    accept = page.locator(".jp-Dialog button.jp-mod-accept")
    accept.wait_for(timeout=5000)
    accept.click()
    page.wait_for_timeout(4000)
    notebook.run_all()
    assert notebook.trouble() == []
    quiz = notebook.show(".sm-quiz:has(.sm-store)")
    expect(quiz.locator(".sm-progress")).to_have_text(line)


def test_a_dead_kernel_leaves_the_picture_and_says_what_to_do(page, lab, clone):
    notebook = Notebook(page, lab, clone)
    notebook.run_all()
    cascade = notebook.show('.sm-explorer[data-explorer="cascade"]')
    notebook.page.evaluate("window.jupyterapp.shell.currentWidget.context.sessionContext.shutdown()")
    page.wait_for_timeout(1500)
    skip = cascade.get_by_role("button", name="Skip")
    if skip.count() and skip.is_visible():
        skip.click()
    cascade.locator(".sm-controls > .sm-control input[type=radio], .sm-controls select").first.focus()
    page.keyboard.press("ArrowRight")
    cascade.get_by_text("Run this cell again").wait_for(timeout=20_000)
    assert cascade.locator("svg").first.is_visible()
    assert notebook.trouble() == []
