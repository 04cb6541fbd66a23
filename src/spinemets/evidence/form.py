"""What all parts of the evidence's form share."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from ..course import CourseError

ID = r"^[a-z0-9]+([-_][a-z0-9]+)*$"
"""Ids are anchors on JupyterLab, GitHub and the page, so they are lower case with ``-`` or ``_``."""


class EvidenceError(CourseError):
    """A file of the evidence is malformed; each line of the message is one problem."""


class Part(BaseModel):
    """Strict: an unknown field or a wrong type is an error, which ``bank`` turns into file, line and example."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)
