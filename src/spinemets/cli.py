"""The command ``spinemets``: regenerate what is made from the evidence, and check the course."""

from __future__ import annotations

import typer

from . import course
from .evidence import links, pages
from .evidence.bank import EvidenceError

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
    """Check evidence, links to cards and numbers in notebooks, quizzes and pages."""
    try:
        problems = links.check()
    except (EvidenceError, KeyError) as error:
        _fail(str(error))
    for problem in problems:
        typer.echo(str(problem))
    if problems:
        _fail(f"{len(problems)} problems")
    typer.echo("no problems")


def _fail(message: str) -> None:
    typer.echo(message, err=True)
    raise typer.Exit(1)
