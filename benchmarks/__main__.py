"""``python -m benchmarks [NAME ...]``: measure, print and keep what the course sets budgets for."""

from __future__ import annotations

import sys
from collections.abc import Callable

from spinemets.course import root

from . import bake, build, change, clinic, hand_ins, item_analysis, other_graders, page, sizes
from .book import scratch
from .report import MissingError, Report, show, write

BENCHMARKS: dict[str, Callable[[Report], None]] = {
    "page": page.measure,
    "change": change.measure,
    "bake": bake.measure,
    "sizes": sizes.measure,
    "build": build.measure,
    "clinic": clinic.measure,
    "hand-ins": hand_ins.measure,
    "items": item_analysis.measure,
    "graders": other_graders.measure,
    "test": build.measure_tests,
}
UNASKED = [name for name in BENCHMARKS if name not in ("hand-ins", "items", "graders", "test")]
"""Without names; the others take long, or need programs of others."""


def main(names: list[str]) -> int:
    """Run the benchmarks named, or all but those that take long; 1 if one could not run."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"There is no benchmark {unknown[0]!r}; there are {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 1
    results = scratch() / "results.json"
    stopped = False
    for name in names or UNASKED:
        print(f"measuring: {name}", flush=True)
        report = Report(name)
        try:
            BENCHMARKS[name](report)
        except MissingError as missing:
            report.skip(str(missing))
            stopped = True
        show(report)
        if report.figures:
            write(report, results)
    print(f"The figures are in {results.relative_to(root())}.")
    return int(stopped)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
