"""The Sphinx extension that publishes the course: execution, baked explorers, cards, and a page without other hosts.

Registered in ``_config.yml`` under ``sphinx.config.extensions``. Each module connects what it does itself.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the parts to Sphinx."""
    from . import cards, execute, fonts, maths, page, widgets

    for part in (execute, widgets, cards, maths, fonts, page):
        part.connect(app)
    return {"parallel_read_safe": False, "parallel_write_safe": False}
