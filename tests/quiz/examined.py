"""An exam over the small course of ``fixtures.py``."""

from __future__ import annotations

import json
from pathlib import Path

EXAM = "title: Small exam\nchapters: [01-sample]\nquestions: 3\nminutes: 10\n"
_CELLS = ["# A sample", "After this chapter you can\n\n1. count marbles;\n2. draw marbles."]
TOC = "format: jb-book\nroot: x\nchapters:\n  - file: notebooks/01-sample\n"


def add_exam(course: Path, text: str = EXAM) -> None:
    """Write the exam ``small``, and the chapter's notebook with its objectives."""
    for name in ("exams", "notebooks"):
        (course / name).mkdir(exist_ok=True)
    cells = [{"cell_type": "markdown", "metadata": {}, "source": source} for source in _CELLS]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (course / "notebooks" / "01-sample.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    (course / "_toc.yml").write_text(TOC, encoding="utf-8")
    (course / "exams" / "small.yml").write_text(text, encoding="utf-8")
