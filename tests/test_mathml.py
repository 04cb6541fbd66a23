"""Formulas become MathML, and one that does not convert is an error with its place."""

import pytest

from spinemets.mathml import FormulaError, mathml


def test_a_formula_becomes_mathml_without_latex_left_over():
    markup = mathml(r"\frac{p\,s}{1-c}")
    assert markup.startswith("<math") and "<mfrac>" in markup and "\\" not in markup


def test_a_formula_on_its_own_line_is_a_block():
    assert 'display="block"' in mathml("a", block=True)
    assert 'display="inline"' in mathml("a")


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        (r"\foo{x}", "unknown command \\foo"),
        (r"\frac{a}", "not finished"),
        (r"x^", "not "),
        (r"\begin{aligned}a&b", "not understood"),
    ],
)
def test_what_latex2mathml_passes_over_in_silence_is_an_error_with_an_example(formula, said):
    with pytest.raises(FormulaError) as error:
        mathml(formula)
    assert said in str(error.value)
    assert r"\frac{a}{b}" in str(error.value)
