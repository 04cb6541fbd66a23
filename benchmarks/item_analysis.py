"""How long it takes to analyse gradebooks of 1,000, 10,000 and 100,000 synthetic hand-ins of 40 items, and the memory.

Time and memory are those of a process of its own that reads the gradebook and writes the page. Memory is what the
process has in it (resident set size). A class of 30 is measured as well, so that the difference is what hand-ins cost.
"""

from __future__ import annotations

import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

import psutil
import sqlalchemy as sa

from spinemets.teach import classes, gradebook
from spinemets.teach.analysis import analyse
from spinemets.teach.report import write

from .report import Report

SIZES = (1_000, 10_000, 100_000)
ITEMS = 40
SECONDS = 60
"""For the largest gradebook."""
MEGABYTES = 100
"""Above the smallest class."""
LINEAR = 1.5
"""Times that a hand-in may take longer among the most than among the fewest; starting is not in it."""
SAMPLED = 0.02
"""Seconds between two looks at the memory."""


def make(file: Path, students: int) -> None:
    """Write the gradebook of a synthetic class, the same each time."""
    with sa.create_engine(sa.URL.create("sqlite", database=str(file))).begin() as connection:
        classes.write(connection, classes.made(ITEMS), students, seed=1)


def analysed(file: Path) -> tuple[float, float]:
    """Seconds and the most megabytes of analysing a gradebook in a process of its own."""
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_analyse, args=(file, sender))
    process.start()
    watched, most = psutil.Process(process.pid), 0
    while process.is_alive():
        try:
            most = max(most, watched.memory_info().rss)
        except psutil.NoSuchProcess:  # ended while we looked
            break
        process.join(SAMPLED)
    process.join()
    if process.exitcode:
        raise RuntimeError(f"analysing {file} ended with {process.exitcode}")
    return receiver.recv(), most / 1e6


def _analyse(file: Path, sender: object) -> None:
    start = time.perf_counter()
    with gradebook.reading(file) as connection:
        found = analyse(connection, classes.questions(classes.made(ITEMS)))
    write(found, file.with_suffix(".html"), f"A synthetic class of {found.n}")
    sender.send(time.perf_counter() - start)  # type: ignore[attr-defined]


def measure(report: Report) -> None:
    """Seconds and memory for each size, and whether the cost is linear."""
    with tempfile.TemporaryDirectory(prefix="item-analysis-") as name:
        least = Path(name) / "least.sqlite"
        make(least, 30)
        _, bare = analysed(least)
        report.add("a class of 30: memory", bare, "MB")
        each: list[float] = []
        for size in SIZES:
            file = Path(name) / f"{size}.sqlite"
            make(file, size)
            seconds, megabytes = analysed(file)
            file.unlink()
            each.append(1000 * seconds / size)
            report.add(f"{size:,} hand-ins", seconds, "s", SECONDS if size == SIZES[-1] else None)
            report.add(f"{size:,} hand-ins: rate", size / seconds, "hand-ins/s")
            report.add(f"{size:,} hand-ins: memory above a class of 30", megabytes - bare, "MB", MEGABYTES)
        report.add(f"a hand-in among {SIZES[-1]:,} against one among {SIZES[0]:,}", each[-1] / each[0], "times", LINEAR)
