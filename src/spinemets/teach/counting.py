"""How far a long run is: a bar on a terminal, a line for each tenth elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def counted(total: int, what: str, console: Console | None = None) -> Iterator[Callable[[int], None]]:
    """A function to call with how many more are done; it writes to standard error.

    Args:
        total: how many there are.
        what: what is done, such as ``"graded"``.
        console: where to write, if not to standard error.
    """
    console = console or Console(stderr=True)
    if console.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console) as bar:
            task = bar.add_task(what, total=total)
            yield lambda more: bar.advance(task, more)
        return
    done = 0

    def advance(more: int) -> None:
        nonlocal done
        tenths = 10 * done // total
        done += more
        if 10 * done // total > tenths:
            console.print(f"{what} {done:,} of {total:,}", highlight=False)

    yield advance
