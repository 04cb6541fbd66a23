"""A tiny course, built once: one chapter with explorers, a quiz-like widget and a card, and a page with formulas."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from spinemets.course import root
from tests.browser.conftest import browser, open_page, playwright

__all__ = ["browser", "open_page", "playwright"]

TOC = """\
format: jb-book
root: book/welcome
chapters:
  - file: notebooks/05-tiny
  - file: evidence/07-spine-diagnosis
  - file: book/evidence
"""

WELCOME = r"""# Welcome

A card says [when to call](../evidence/07-spine-diagnosis.md#nice_timing). A formula: $\frac{a}{b}$.

$$P(D\mid +) = \frac{p\,s}{p\,s + (1-p)(1-c)}$$

An [explorer](../notebooks/05-tiny.ipynb) is there.

| a wide | table |
|---|---|
| 1 | 2 |

<details class="sm-sensitive"><summary>Survival figures</summary>

Words that are *closed*.

</details>
"""

IMPORTS = "import anywidget\nimport traitlets\n\nfrom spinemets.explore import *"
WAVE = """\
def wave(n, big=False):
    mark = Svg(render('<svg viewBox="0 0 200 60"><circle cx="{x}" cy="30" r="{r}" fill="{c}"/></svg>',
                      x=10 * n, r=9 if big else 4, c=colour("blue")))
    return View(mark, f"The dot is at {n}.", Table(("what", "where"), (("dot", n),), caption="Dots"))


explore(wave, n=(1, 10), title="Wave")"""
ASKING = """\
explore(wave, id="asking", n=(1, 3), predict=Predict("Which?", "left", "Because.", ("left", "right")))"""
CLOSED = 'explore(wave, id="closed", n=(1, 3), sensitive="Figures on survival.")'
COUNTER = '''\
class Counter(anywidget.AnyWidget):
    _esm = """export default { render({ model, el }) {
      const button = document.createElement("button");
      const show = () => { button.textContent = `count ${model.get("n")}`; };
      button.id = "counter";
      button.onclick = () => { model.set("n", model.get("n") + 1); model.save_changes(); };
      model.on("change:n", show); show(); el.append(button);
    } };"""
    n = traitlets.Int(3).tag(sync=True)


Counter()'''
SAVING = '''\
class Saving(anywidget.AnyWidget):
    _esm = """export default { render({ model, el }) {
      const log = document.createElement("pre");
      log.id = "log";
      model.on("msg:custom", (reply) => { log.textContent = JSON.stringify(reply); });
      globalThis.say = (message) => model.send(message);
      globalThis.stored = () => model.get("progress");
      el.append(log);
    } };"""
    items = traitlets.List([{"id": "q1", "hash": "h1"}]).tag(sync=True)
    progress = traitlets.Dict().tag(sync=True)


Saving()'''


def notebook(*cells: str) -> nbformat.NotebookNode:
    """A notebook of code cells; a cell that begins with ``# `` and a capital is Markdown."""
    made = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )
    for number, text in enumerate(cells):
        cell = nbformat.v4.new_markdown_cell(text) if text.startswith("# ") else nbformat.v4.new_code_cell(text)
        cell["id"] = f"cell-{number}"
        made.cells.append(cell)
    return made


def make_course(folder: Path) -> Path:
    """Write the tiny course."""
    for name in ("book", "notebooks", "evidence", "quizzes", "data"):
        (folder / name).mkdir(parents=True)
    shutil.copy(root() / "_config.yml", folder)
    shutil.copy(root() / "book" / "logo.svg", folder / "book")
    for path in [*(root() / "evidence").glob("*.yml"), root() / "evidence" / "sources.bib"]:
        shutil.copy(path, folder / "evidence")
    shutil.copy(root() / "evidence" / "07-spine-diagnosis.md", folder / "evidence")
    (folder / "book" / "evidence.md").write_text("# Evidence\n", encoding="utf-8")
    (folder / "_toc.yml").write_text(TOC, encoding="utf-8")
    (folder / "book" / "welcome.md").write_text(WELCOME, encoding="utf-8")
    cells = ["# Tiny\n\nText.", IMPORTS, WAVE, ASKING, CLOSED, COUNTER, SAVING]
    nbformat.write(notebook(*cells), folder / "notebooks" / "05-tiny.ipynb")
    return folder


JUPYTER_BOOK = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()"]


def build(folder: Path) -> str:
    """Build a course as ``run.py book`` does, warnings being errors; return what was printed."""
    environment = {**os.environ, "SPINEMETS_ROOT": "", "NO_COLOR": "1"}
    done = subprocess.run(
        [*JUPYTER_BOOK, "build", str(folder), "-W", "--keep-going"],
        capture_output=True, text=True, timeout=300, env=environment, check=False,
    )  # fmt: skip
    printed = done.stdout + done.stderr
    assert done.returncode == 0, printed[-4000:]
    return printed


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny course, built."""
    folder = make_course(tmp_path_factory.mktemp("tiny") / "course")
    build(folder)
    return folder


@pytest.fixture
def site(tiny: Path, tmp_path: Path) -> Path:
    """A copy of the built pages, to break."""
    return Path(shutil.copytree(tiny / "_build" / "html", tmp_path / "unzipped folder"))
