"""``spinemets quiz``: begin a question, check the questions, see them."""

from __future__ import annotations

import webbrowser
from typing import Annotated

import typer

from .. import course, files
from ..quiz import bank, blueprint, flaws, question, quiz, scaffold
from ..quiz.items import AnyItem
from .messages import fail

app = typer.Typer(help="Write questions: begin one, check them, see them.", no_args_is_help=True)

Chapter = Annotated[str, typer.Argument(help="The chapter's stem, such as 05-metastasis.", show_default=False)]


@app.command()
def new(
    chapter: Chapter,
    id: Annotated[str, typer.Argument(help="A name of its own, such as marrow-first.", show_default=False)],
    evidence: Annotated[str, typer.Option(help="The id of a finding that the question rests on.", show_default=False)],
    type: Annotated[str, typer.Option(help=" | ".join(scaffold.ITEM_TYPES))] = "choice",
) -> None:
    """Write a question to fill in into the quiz of a chapter."""
    try:
        path, line = scaffold.add(chapter, id, type, evidence)
    except course.CourseError as error:
        fail(str(error))
    typer.echo(f"wrote {path.relative_to(course.root())}:{line}")
    typer.echo(f"Fill in what is written in capitals, then: spinemets quiz check {chapter}")


@app.command()
def check(
    chapters: Annotated[list[str] | None, typer.Argument(help="Stems; all chapters if none is named.")] = None,
) -> None:
    """Check questions: form, evidence, flaws of wording, keys that can be guessed, and the blueprint."""
    problems: list[str] = []
    known = bank.stems()
    taught = [chapter.stem for chapter in course.chapters() if chapter.stem in known]
    items: list[AnyItem] = []
    stem_of: dict[str, str] = {}
    for stem in chapters or known:
        try:
            quiz = bank.load(stem)
            items += [*quiz.items, *quiz.exercises]
            stem_of |= {item.id: stem for item in (*quiz.items, *quiz.exercises)}
            problems += [f"{bank.place(stem, flaw.item)}: {flaw}" for flaw in flaws.flaws(quiz)]
            if stem in taught:  # a quiz of its own, such as a graded one, has no objectives
                gaps = blueprint.gaps(quiz, course.objectives(stem), first=stem == taught[0])
                problems += [f"quizzes/{stem}.yml: {gap}" for gap in gaps]
        except course.CourseError as error:
            problems += str(error).splitlines()
    problems += [f"{bank.place(stem_of[flaw.item], flaw.item)}: {flaw}" for flaw in flaws.twice(items)]
    for problem in problems:
        typer.echo(problem)
    if problems:
        fail("1 problem" if len(problems) == 1 else f"{len(problems)} problems")
    typer.echo("no problems; numbers in the texts: spinemets check")


@app.command(name="preview")
def show(
    chapter: Chapter,
    id: Annotated[str, typer.Argument(help="One question; the whole quiz if none is named.")] = "",
    browser: Annotated[bool, typer.Option("--open/--no-open", help="Show it in the web browser.")] = True,
) -> None:
    """Write questions as a page that works as in the book, and show it."""
    from ..publish.standalone import standalone  # Sphinx takes a second, which other commands need not spend

    try:
        widget = question(chapter, id) if id else quiz(chapter)
    except course.CourseError as error:
        fail(str(error))
    widget.options = {**widget.options, "where": ""}  # answers stay in the browser
    path = course.root() / "_build" / "preview" / f"{id or chapter}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write(path, standalone(widget, f"Preview: {id or chapter}", course="preview"))
    typer.echo(f"wrote {path.relative_to(course.root())}")
    if browser:
        webbrowser.open(path.as_uri())
