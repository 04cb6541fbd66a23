"""Pieces that the pictures of chapter 10 share."""

from __future__ import annotations

from ..explore.view import Markup
from ..figures.svg import SMALL, WIDTH, paragraph, rect

LEFT, RIGHT = 12.0, WIDTH - 12.0


def box(top: float, title: str, lines: list[str], colour: str, fill: str) -> tuple[list[Markup], float]:
    """A tinted box with a heading and paragraphs; also where the next piece begins."""
    heading, y = paragraph(LEFT + 10, top + 20, title, RIGHT - LEFT - 20, fill=colour, bold=True)
    parts = [heading]
    for words in lines:
        drawn, y = paragraph(LEFT + 10, y + 1, words, RIGHT - LEFT - 6, size=SMALL)
        parts.append(drawn)
        y += 3
    return [rect(LEFT, top + 2, RIGHT - LEFT, y - top - 10, fill=fill, radius=8), *parts], y
