"""Formulas as MathML, so that neither a page nor a quiz loads a script for them."""

from __future__ import annotations

from xml.etree import ElementTree

from latex2mathml.converter import convert

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
