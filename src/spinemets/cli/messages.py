"""How commands end when something is wrong."""

from __future__ import annotations

from typing import NoReturn

import typer


def fail(message: str) -> NoReturn:
    """Say it on the error stream and end with status 1."""
    typer.echo(message, err=True)
    raise typer.Exit(1)
