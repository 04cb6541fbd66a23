"""The one error of this package."""

from __future__ import annotations


class ClinicError(ValueError):
    """An input that a definition does not cover; nothing is guessed.

    The message names the argument, what was given, what is allowed, and where the definition stands.
    """

    def __init__(self, argument: str, given: object, allowed: str, source: str) -> None:
        super().__init__(f"{argument}: {given!r} is not covered; expected {allowed} (definition: {source})")
        self.argument = argument
        self.allowed = allowed
        self.source = source
