"""Commands for a graded quiz: ``release``, ``grade``, ``feedback``, ``export``, ``analyse``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ..course import CourseError
from .messages import fail

Gradebook = Annotated[
    str, typer.Argument(help="What `grade` wrote: the CSV or SQLite file, or a SQLAlchemy URL.", show_default=False)
]
ReleaseId = Annotated[str | None, typer.Option("--release", help="Its id, if there are several.", show_default=False)]


class Platform(StrEnum):
    """A learning platform whose gradebook takes a CSV file."""

    CANVAS = "canvas"
    MOODLE = "moodle"


@contextmanager
def _told() -> Iterator[None]:
    """Known errors as their words, without a traceback."""
    try:
        yield
    except CourseError as error:
        fail(str(error))


def release(
    graded: Annotated[list[str], typer.Option("--graded", help="A quiz's stem; again for more.", show_default=False)],
    out: Annotated[Path, typer.Option(help="The folder for students.", show_default=False)],
    title: Annotated[str | None, typer.Option(help="What students read above it.", show_default=False)] = None,
    due: Annotated[
        str | None, typer.Option(help="A day, or a time with its zone: 2026-12-24T18:00+01:00.", show_default=False)
    ] = None,
) -> None:
    """Write a graded quiz for students: page, notebook and bank without key, feedback or explanations."""
    from ..teach.release import release as write

    with _told():
        made = write(graded, out, title, due)
    typer.echo(f"{made.folder}: {', '.join(made.files)}")
    typer.echo(f"release {made.release.id}: {len(made.release.items)} questions")
    if made.left_out:
        typer.echo(f"left out, since a case or a prediction tells as it is answered: {', '.join(made.left_out)}")
    if made.without_notebook:
        typer.echo(f"no notebook for: {', '.join(made.without_notebook)}")
    typer.echo(f"Keep releases/{made.release.id}.json for grading; hand out the folder.")


def grade(
    folder: Annotated[Path, typer.Argument(help="The students' files.", show_default=False)],
    out: Annotated[Path, typer.Option(help="The table.")] = Path("gradebook.csv"),
    db: Annotated[
        str | None,
        typer.Option(help="A SQLAlchemy URL; a SQLite file beside the table if left out.", show_default=False),
    ] = None,
    release: ReleaseId = None,
    late: Annotated[bool, typer.Option("--late", help="Count what was finished after the due date, too.")] = False,
) -> None:
    """Grade a folder of hand-ins: a row for each student, and a line for each file that is not as it should be."""
    from ..teach.grade import grade as graded

    with _told():
        typer.echo(str(graded(folder, out, url=db, release=release, late=late, say=typer.echo)))
    typer.echo(f"wrote {out}")


def feedback(
    gradebook: Gradebook,
    out: Annotated[Path, typer.Option(help="The folder.")] = Path("feedback"),
    release: ReleaseId = None,
) -> None:
    """Write a page for each student: answers, right answers and why."""
    from ..teach import feedback as pages
    from ..teach import gradebook as books

    with _told(), books.reading(gradebook) as connection:
        count = pages.write(connection, books.the_release(connection, release), out)
    typer.echo(f"wrote {count} pages and an index into {out}")


def export(
    platform: Annotated[Platform, typer.Argument(show_default=False)],
    gradebook: Gradebook,
    assignment: Annotated[str, typer.Option(help="Name of the assignment or grade item.", show_default=False)],
    out: Annotated[Path, typer.Option(help="The CSV file.", show_default=False)],
    id: Annotated[
        str | None, typer.Option(help="Which id the students typed, as the platform calls it.", show_default=False)
    ] = None,
    release: ReleaseId = None,
) -> None:
    """Write the scores as a CSV file that Canvas or Moodle imports."""
    from ..teach import exports
    from ..teach import gradebook as books

    write, ids = {
        Platform.CANVAS: (exports.canvas, exports.CANVAS_IDS),
        Platform.MOODLE: (exports.moodle, exports.MOODLE_IDS),
    }[platform]
    if id is not None and id not in ids:
        fail(f"--id {id!r}: expected one of {', '.join(map(repr, ids))}. Example: --id {ids[0]!r}")
    with _told(), books.reading(gradebook) as connection:
        count = write(connection, books.the_release(connection, release), assignment, out, id or ids[0])
    typer.echo(f"wrote {out}: {count} students")


def analyse(
    gradebook: Gradebook,
    out: Annotated[Path, typer.Option(help="The page.")] = Path("items.html"),
    release: ReleaseId = None,
) -> None:
    """Say which questions work: difficulty, discrimination, distractors, reliability, on one page."""
    from ..teach.report import report

    with _told():
        report(gradebook, out, release)
    typer.echo(f"wrote {out}")
