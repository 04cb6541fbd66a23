"""Formulas as MathML, converted while the book is built, so that no page loads a script for them."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

_CHILDREN = {
    "mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3,
}  # fmt: skip
_ADVICE = (
    "Expected LaTeX that latex2mathml knows, such as $\\frac{a}{b}$; "
    "write a system of equations as one formula for each line."
)


class FormulaError(ValueError):
    """A formula could not be converted; the message says which and why."""


def mathml(formula: str, *, block: bool = False) -> str:
    """The formula as a ``<math>`` element.

    Raises:
        FormulaError: an unknown command or an unfinished formula. latex2mathml passes both through silently.
    """
    try:
        markup = convert(formula, display="block" if block else "inline")
        tree = ElementTree.fromstring(markup)
    except Exception as error:  # latex2mathml raises many kinds
        raise FormulaError(f"the formula {formula!r} is not understood ({error}). {_ADVICE}") from error
    for element in tree.iter():
        name = element.tag.rpartition("}")[2]
        if "\\" in (element.text or ""):
            raise FormulaError(f"the formula {formula!r} has the unknown command {element.text}. {_ADVICE}")
        if len(element) != _CHILDREN.get(name, len(element)):
            raise FormulaError(f"the formula {formula!r} is not finished: an argument in braces is missing. {_ADVICE}")
    return markup


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
