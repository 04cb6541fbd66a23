"""Pictures with places to point at, for questions: a vertebra, the spine, the body."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Places:
    """A picture with places."""

    picture: str
    """SVG in which each place is an element with ``data-place``."""
    names: Mapping[str, str]
    """For each place what a reader who does not see the picture is told."""
    label: str
    """What the picture shows."""


PICTURES: dict[str, Callable[[], Places]] = {}
"""The pictures by name."""
