"""Frames a second: baked against a plain ``savefig`` loop of the same function, and views written as SVG."""

from __future__ import annotations

import io
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import matplotlib
from matplotlib.figure import Figure

from spinemets.explore import bake, frame
from spinemets.explore.spec import Explorer

from .book import library_explorers, scratch
from .example import incidence
from .report import MissingError, Report

JOBS = 2
FASTER = 3
"""Times that baking is to be faster than the loop."""
SVG_A_SECOND = 1000
MOST = 300
"""States of one SVG explorer that are drawn."""


def seconds(action: Callable[[], object]) -> float:
    """How long an action takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def savefig_loop(explorer: Explorer) -> None:
    """What people write without the machinery; text stays text, as in baked frames."""
    with matplotlib.rc_context({"svg.fonttype": "none"}):
        for indices in explorer.grid():
            explorer(**explorer.values(indices)).picture.savefig(io.StringIO(), format="svg")


def svg_rate(explorer: Explorer) -> float:
    """Frames a second of an explorer that writes SVG or HTML itself; reading files and importing are not counted."""
    states = list(explorer.grid())[:MOST]
    for state in (states[0], states[-1]):
        frame.frame(frame.view(explorer, state), explorer.id)
    took = seconds(lambda: [frame.frame(frame.view(explorer, state), explorer.id) for state in states])
    return len(states) / took


def measure(report: Report) -> None:
    """Rates of the example in three ways, a warm bake, and the rate of each SVG explorer of the book."""
    count = incidence.size
    incidence()  # reads the data
    loop = count / seconds(lambda: savefig_loop(incidence))
    report.add("savefig loop, 1 process", loop, "frames/s")
    folder = Path(tempfile.mkdtemp(dir=scratch()))
    drawn: list[int] = []
    try:
        one = count / seconds(lambda: bake.bake_here(incidence, folder / "one"))
        report.add("baked, 1 process", one, "frames/s")
        bake.ask(incidence, folder)
        several = count / seconds(lambda: bake.bake_jobs(folder, JOBS))
        report.add(f"baked, {JOBS} processes and their start", several, "frames/s")
        bake.bake_jobs(folder, JOBS, progress=lambda done, total: drawn.append(done))
    finally:
        shutil.rmtree(folder)
    report.add("baked by 1 process against the loop", one / loop, "times")
    report.add(f"baked by {JOBS} processes against the loop", several / loop, "times", FASTER, least=True)
    report.add("drawn by a warm bake", max(drawn, default=0), "frames", 0)
    try:
        for explorer in library_explorers():
            picture = explorer().picture
            if isinstance(picture, Figure):
                continue
            if frame.assets_of(picture):  # each state computes and encodes an image; the budget is for markup
                report.add(f"SVG views with computed images: {explorer.id}", svg_rate(explorer), "frames/s")
            else:
                report.add(f"SVG views: {explorer.id}", svg_rate(explorer), "frames/s", SVG_A_SECOND, least=True)
    except MissingError as missing:
        report.skip(f"SVG views were not measured. {missing}")
