"""The command ``spinemets``: regenerate what is made from the evidence, and check the course."""

from __future__ import annotations

import typer

from . import course
from .evidence import links, pages
from .evidence.bank import EvidenceError
from .quiz import bank

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)


@app.command()
def cards() -> None:
    """Write the pages of cards, the claim ledger and the references from evidence/."""
    try:
        changed = pages.write()
    except (EvidenceError, KeyError) as error:
        _fail(str(error))
    for path in changed:
        typer.echo(f"wrote {path.relative_to(course.root())}")
    if not changed:
        typer.echo("all pages are fresh")


@app.command()
def check() -> None:
    """Check evidence, quizzes, links to cards and numbers in notebooks and pages."""
    try:
        problems: list[object] = [*_quiz_problems(), *links.check()]
    except (EvidenceError, KeyError) as error:
        _fail(str(error))
    for problem in problems:
        typer.echo(str(problem))
    if problems:
        _fail(f"{len(problems)} problems")
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


def _fail(message: str) -> None:
    typer.echo(message, err=True)
    raise typer.Exit(1)
