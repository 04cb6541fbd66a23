"""How long it takes to grade 1,000, 10,000 and 100,000 synthetic hand-ins of 40 items, and how much memory.

The items are the first forty of the course that can be asked. Of the hand-ins some are late, handed in twice, damaged
or hold a malformed answer. Memory is the sum over all processes of what each has in memory (resident set size), so that
what they share counts several times.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psutil

from spinemets.course import COURSE_ID, root
from spinemets.quiz import bank
from spinemets.quiz.asked import asked_hash, can_be_asked
from spinemets.quiz.handin import packed, variant_of
from spinemets.quiz.items import GradedItem
from spinemets.teach import releases
from spinemets.teach.grade import grade

from .report import MissingError, Report

SIZES = (1_000, 10_000, 100_000)
ITEMS = 40
MEGABYTES = 500
"""Of all processes together."""
SECONDS = 300
"""For the largest folder."""
LINEAR = 1.5
"""Times that one more hand-in may cost among the most what it costs among the fewest; starting is in neither."""
SAMPLED = 0.05
"""Seconds between two looks at the memory."""


@contextmanager
def course() -> Iterator[Path]:
    """A scratch folder with a copy of the quizzes and the evidence, in which releases may be kept."""
    with tempfile.TemporaryDirectory(prefix="hand-ins-") as name:
        scratch, original = Path(name), root()
        before = os.environ.get("SPINEMETS_ROOT")
        for folder in ("quizzes", "evidence", "book", "data"):
            shutil.copytree(original / folder, scratch / "course" / folder)
        shutil.copy(original / "_toc.yml", scratch / "course")
        os.environ["SPINEMETS_ROOT"] = str(scratch / "course")
        try:
            yield scratch
        finally:
            os.environ.pop("SPINEMETS_ROOT")
            if before is not None:
                os.environ["SPINEMETS_ROOT"] = before


def released() -> tuple[releases.Release, list[GradedItem]]:
    """A release of the first items, and the items.

    Raises:
        MissingError: the course has too few.
    """
    items = [item for stem in bank.stems() for item in bank.load(stem).items if can_be_asked(item)][:ITEMS]
    if len(items) < ITEMS:
        raise MissingError(f"the quizzes have {len(items)} items that can be asked; {ITEMS} are needed")
    made = releases.release_of("Benchmark", bank.stems(), [(item.id, asked_hash(item)) for item in items], "2026-12-31")
    releases.keep(made)
    return made, items


def make(folder: Path, count: int, release: releases.Release, items: Sequence[GradedItem]) -> None:
    """Write hand-ins of synthetic students, the same each time."""
    folder.mkdir()
    draw = random.Random(count)
    hashes = dict(release.items)
    for number in range(count):
        student = f"s{number - (number % 100 == 1):06}"  # each hundredth hands in twice
        skill = draw.random()
        text = packed(
            {
                "release": release.id,
                "course": COURSE_ID,
                "student": {"id": student, "name": f"Synthetic {student}"},
                "finished": f"{2027 if number % 100 == 2 else 2026}-11-{1 + number % 28:02}T10:00:00.000Z",
                "answers": [
                    {
                        "item": item.id,
                        "hash": hashes[item.id],
                        "answer": "malformed" if number % 100 == 3 and item.type != "short" else answer,
                        "seconds": draw.randrange(5, 200),
                    }
                    for item in items
                    for answer in [_answer(item, student, skill, draw)]
                ],
            }
        )
        (folder / f"{student}-{number:06}.json").write_text(
            text[: -50 if number % 100 == 4 else None], encoding="utf-8"
        )


def _answer(item: GradedItem, student: str, skill: float, draw: random.Random) -> Any:
    """A right answer with the probability ``skill``, sometimes none."""
    right = draw.random() < skill
    if draw.random() < 0.02:
        return None
    if item.type in ("choice", "hotspot"):
        key = [option.correct for option in item.options].index(True)
        return key if right else draw.randrange(len(item.options))
    if item.type == "choices":
        return [place for place, option in enumerate(item.options) if option.correct == right or draw.random() < 0.2]
    if item.type == "number":
        return json.loads(json.dumps(item.content()["answer"])) if right else draw.randrange(100)
    if item.type == "order":
        return item.key if right else draw.sample(item.key, len(item.key))
    if item.type == "match":
        return item.key if right else [draw.randrange(len(item.shown)) for _ in item.pairs]
    if item.type == "short":
        return item.accepted[0] if right else "no idea"
    variant = variant_of(student, item.id, item.variants)
    return {"variant": variant, "value": item.drawn()[variant].answer if right else draw.randrange(100)}


def graded(folder: Path, out: Path) -> tuple[float, float, float]:
    """Seconds, seconds of all processors and the most megabytes of grading a folder in a process of its own."""
    start = time.perf_counter()
    here, there = Pipe(duplex=False)
    process = get_context("spawn").Process(target=_grade, args=(folder, out, there))
    process.start()
    most = 0
    while process.is_alive():
        most = max(most, _resident(process.pid))
        process.join(SAMPLED)
    if process.exitcode:
        raise RuntimeError(f"grading {folder} ended with {process.exitcode}")
    return time.perf_counter() - start, here.recv(), most / 1e6


def _grade(folder: Path, out: Path, answer: Connection) -> None:
    grade(folder, out, say=lambda line: None)
    answer.send(sum(os.times()[:4]))  # its own and those of its workers


def _resident(pid: int | None) -> int:
    total = 0
    try:
        family = psutil.Process(pid)
        for process in (family, *family.children(recursive=True)):
            total += process.memory_info().rss
    except psutil.NoSuchProcess:  # ended while we looked
        pass
    return total


def measure(report: Report) -> None:
    """Seconds, hand-ins a second and memory for each size, and whether the cost is linear."""
    used: list[float] = []
    with course() as scratch:
        release, items = released()
        for size in SIZES:
            folder, out = scratch / f"in-{size}", scratch / f"{size}.csv"
            make(folder, size, release, items)
            seconds, processors, megabytes = graded(folder, out)
            shutil.rmtree(folder)
            used.append(processors)
            report.add(f"{size:,} hand-ins", seconds, "s", SECONDS if size == SIZES[-1] else None)
            report.add(f"{size:,} hand-ins: rate", size / seconds, "files/s")
            report.add(f"{size:,} hand-ins: time of all processors", processors, "s")
            report.add(f"{size:,} hand-ins: memory of all processes", megabytes, "MB", MEGABYTES)
        steps = [
            1000 * (more - less) / (many - few) for (few, less), (many, more) in pairwise(zip(SIZES, used, strict=True))
        ]
        for (few, many), step in zip(pairwise(SIZES), steps, strict=True):
            report.add(f"processors' time of one more, {few:,} to {many:,}", step, "ms")
        report.add("the last against the first of these", steps[-1] / steps[0], "times", LINEAR)
        database = (scratch / f"{SIZES[-1]}.sqlite").stat().st_size
        report.add(f"gradebook of {SIZES[-1]:,} hand-ins", database / 1e6, "MB")
