"""What a benchmark hands over: figures with their budgets, printed as a table and kept as JSON."""

from __future__ import annotations

import gzip
import json
import math
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

PACKAGES = ("spinemets", "jupyter-book", "jupyterlab", "ipywidgets", "anywidget", "matplotlib", "numpy", "playwright")


class MissingError(Exception):
    """Something that a measurement needs is not there; the message says what, and how to get it."""


@dataclass(frozen=True)
class Figure:
    """One measured value."""

    name: str
    value: float
    unit: str
    budget: float | None = None
    """The bound that the design sets, in the same unit."""
    least: bool = False
    """True if the budget is a lower bound."""

    @property
    def met(self) -> bool | None:
        """Whether the value keeps the budget; ``None`` without one."""
        if self.budget is None:
            return None
        return self.value >= self.budget if self.least else self.value <= self.budget


@dataclass
class Report:
    """The figures of one benchmark as they come in."""

    name: str
    figures: list[Figure] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, value: float, unit: str, budget: float | None = None, *, least: bool = False) -> None:
        """Note a figure."""
        self.figures.append(Figure(name, value, unit, budget, least))

    def skip(self, why: str) -> None:
        """Note what could not be measured, in a sentence."""
        self.skipped.append(why)

    def as_json(self) -> dict[str, object]:
        """What ``results.json`` keeps of this benchmark, with the date and what ran it."""
        return {
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
            "load": [round(load, 1) for load in os.getloadavg()] if hasattr(os, "getloadavg") else [],
            "versions": {"Python": platform.python_version(), **{name: version(name) for name in PACKAGES}}
            | self.versions,
            "figures": [{**asdict(figure), "met": figure.met} for figure in self.figures],
            "skipped": self.skipped,
        }


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return statistics.median(values)


def p95(values: Sequence[float]) -> float:
    """The 95th percentile by nearest rank: the smallest value that 95 % of the values do not exceed.

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("p95 of no values")
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def packed(data: bytes) -> int:
    """Bytes that a server sends: gzip at its highest level."""
    return len(gzip.compress(data, compresslevel=9, mtime=0))


def number(value: float) -> str:
    """A value with three figures or whole: 0.123, 4.56, 78.9, 1,234."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.{2 - math.floor(math.log10(abs(value)))}f}"


def show(report: Report) -> None:
    """Print a table of the figures, and below it what was skipped."""
    table = Table(report.name, "value", "budget", "met?")
    for column in table.columns[1:3]:
        column.justify = "right"
        column.no_wrap = True
    for figure in report.figures:
        bound = f"{'≥' if figure.least else '≤'} {number(figure.budget)}" if figure.budget is not None else ""
        met = {True: "yes", False: "[bold red]no[/bold red]", None: ""}[figure.met]
        table.add_row(figure.name, f"{number(figure.value)} {figure.unit}", bound, met)
    console = Console()
    if report.figures:
        console.print(table)
    for why in report.skipped:
        console.print(f"{report.name}: {why}", markup=False)


def write(report: Report, path: Path) -> None:
    """Put a report into a JSON file; those of other benchmarks that are there stay."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        kept = {}
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    text = json.dumps(kept | {report.name: report.as_json()}, indent=1, ensure_ascii=False)
    new.write_text(text + "\n", encoding="utf-8")
    new.replace(path)
