"""A small course: one quiz with every type of item, and evidence that holds one finding."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from spinemets.figures import places

HERE = Path(__file__).parent
EVIDENCE = """chapter: 01-sample
findings:
  - id: marbles-drawn
    title: Marbles drawn
    sources: [sample2000]
    read_in: the whole report
    checked: 2026-11-23
    statement: Three of four marbles drawn were red.
    interval_note: interval not given
    values:
      - {name: share of red, value: 75, unit: "%"}
      - {name: of 100, value: 75}
      - {name: colours, value: red and blue}
"""
SOURCES = """@article{sample2000,
  author = {Sample, Ann}, title = {Marbles}, journal = {Journal of Samples}, year = {2000},
  volume = {1}, pages = {1--2}, doi = {10.1000/sample}
}
"""

BAG = SimpleNamespace(
    picture='<svg viewBox="0 0 200 100" role="img" aria-label="Two marbles">'
    '<g data-place="left"><circle cx="50" cy="50" r="40" fill="var(--sm-red-wash)"/><text x="46" y="55">1</text></g>'
    '<g data-place="right"><circle cx="150" cy="50" r="40" fill="var(--sm-line)"/><text x="146" y="55">2</text></g>'
    "</svg>",
    names={"left": "1 the left marble", "right": "2 the right marble"},
    label="Two marbles",
)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the course; progress goes beside it."""
    root = tmp_path / "course"
    (root / "quizzes").mkdir(parents=True)
    (root / "evidence").mkdir()
    (root / "_toc.yml").write_text("format: jb-book\n", encoding="utf-8")
    (root / "evidence" / "01-sample.yml").write_text(EVIDENCE, encoding="utf-8")
    (root / "evidence" / "sources.bib").write_text(SOURCES, encoding="utf-8")
    shutil.copy(HERE / "sample.yml", root / "quizzes" / "01-sample.yml")
    monkeypatch.setenv("SPINEMETS_ROOT", str(root))
    monkeypatch.setenv("SPINEMETS_PROGRESS", str(tmp_path / "progress" / "progress.sqlite"))
    monkeypatch.delenv("SPINEMETS_BAKE", raising=False)
    monkeypatch.setitem(places.PICTURES, "bag", lambda: BAG)
    return root
