"""Formulas of the pages as MathML, converted while the book is built."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from spinemets.mathml import FormulaError, mathml


def _markup(node: nodes.math | nodes.math_block, *, block: bool) -> str:
    try:
        return mathml(node.astext(), block=block)
    except FormulaError as error:
        source, line = _place(node)
        raise ExtensionError(f"{source}:{line}: {error}") from error


def _place(node: nodes.Node | None) -> tuple[str, object]:
    while node is not None:
        if node.source and node.line is not None:
            return node.source, node.line
        node = node.parent
    return "?", "?"


def _visit_inline(writer: Any, node: nodes.math) -> None:
    writer.body.append(_markup(node, block=False))
    raise nodes.SkipNode


def _visit_block(writer: Any, node: nodes.math_block) -> None:
    writer.body.append(f'<div class="sm-math sm-scroll">{_markup(node, block=True)}</div>\n')
    raise nodes.SkipNode


def connect(app: Sphinx) -> None:
    """Register the renderer ``mathml`` (``html_math_renderer`` in ``_config.yml``)."""
    app.add_html_math_renderer("mathml", (_visit_inline, None), (_visit_block, None))
