"""The one error of this package."""

from __future__ import annotations

import re
from difflib import get_close_matches


class ClinicError(ValueError):
    """An input that a definition does not cover; nothing is guessed.

    The message names the argument, what was given, what is allowed, and where the definition stands. If a word was
    given that comes close to one that ``allowed`` puts in quotes, it asks whether that was meant.
    """

    def __init__(self, argument: str, given: object, allowed: str, source: str) -> None:
        super().__init__(
            f"{argument}: {given!r} is not covered; expected {allowed} (definition: {source}){_meant(given, allowed)}"
        )
        self.argument = argument
        self.allowed = allowed
        self.source = source


def _meant(given: object, allowed: str) -> str:
    words = {word.lower(): word for word in re.findall(r"'([^']+)'", allowed)}
    near = get_close_matches(given.strip().lower(), words, n=1, cutoff=0.7) if isinstance(given, str) else []
    return f". Did you mean {words[near[0]]!r}?" if near and words[near[0]] != given else ""
