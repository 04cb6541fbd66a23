"""What all parts of the evidence's form share."""

from __future__ import annotations

import sys

from pydantic import BaseModel, ConfigDict

from ..course import CourseError

ID = r"^[a-z0-9]+([-_][a-z0-9]+)*$"
"""Ids are anchors on JupyterLab, GitHub and the page, so they are lower case with ``-`` or ``_``."""


class EvidenceError(CourseError):
    """A file of the evidence is malformed; each line of the message is one problem."""


class Part(BaseModel):
    """Strict: an unknown field or a wrong type is an error, which ``bank`` turns into file, line and example."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


def span(words: str | int) -> range:
    """Whole numbers as tables write them: "4-5" are two, "6" is one, and "3 or more" has no end."""
    low, _, high = str(words).removesuffix(" or more").partition("-")
    return range(int(low), sys.maxsize if str(words).endswith(" or more") else int(high or low) + 1)
