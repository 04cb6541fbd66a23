"""The command ``spinemets``: check the course, write its generated pages, and teach with it."""

from __future__ import annotations

from typing import Annotated

import typer

from .. import audit, course, generated
from ..evidence import links, sound
from ..evidence.bank import EvidenceError
from ..evidence.models import UnknownIdError
from ..quiz import bank
from . import questions, teaching
from .messages import fail

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)
app.add_typer(questions.app, name="quiz")
for command in (teaching.release, teaching.grade, teaching.feedback, teaching.export, teaching.analyse):
    app.command()(command)


@app.command()
def cards() -> None:
    """Write the generated pages: cards, claim ledger, article map, blueprint, references."""
    try:
        changed = generated.write()
    except UnknownIdError as error:
        fail(f"{error}. To see where: spinemets check")
    except (EvidenceError, course.CourseError) as error:
        fail(str(error))
    for path in changed:
        typer.echo(f"{'wrote' if path.exists() else 'removed'} {path.relative_to(course.root())}")
    if not changed:
        typer.echo("all pages are fresh")


@app.command()
def check(
    older: Annotated[int, typer.Option("--older-than", min=0, help="Name findings checked more days ago.")] = 365,
    unused: Annotated[bool, typer.Option("--unused", help="List the findings that nothing uses yet.")] = False,
) -> None:
    """Check evidence, quizzes, links to cards and numbers in notebooks and pages."""
    try:
        problems: list[object] = [*_quiz_problems(), *sound.check(), *links.check()]
        # Pages cannot be made from what is malformed or does not exist.
        problems += [] if problems else generated.check()
        old, idle = audit.older_than(older), audit.unused()
    except (EvidenceError, course.CourseError, KeyError) as error:
        fail(str(error))
    for problem in problems:
        typer.echo(str(problem))
    for one in old:
        typer.echo(f"to check again: {one.id}, last checked {one.checked}")
    typer.echo(f"{len(old)} findings were last checked more than {older} days ago")
    for id in idle if unused else ():
        typer.echo(f"used nowhere yet: {id}")
    typer.echo(f"{len(idle)} findings are used nowhere yet" + ("" if unused else " (--unused lists them)"))
    if problems:
        fail("1 problem" if len(problems) == 1 else f"{len(problems)} problems")
    typer.echo("no problems")


def _quiz_problems() -> list[str]:
    """What is wrong in the quiz files, one line for each problem; a malformed file does not hide the others."""
    problems = []
    for stem in bank.stems():
        try:
            bank.load(stem)
        except bank.QuizError as error:
            problems += str(error).splitlines()
    return problems
