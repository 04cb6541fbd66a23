"""Texts of items as HTML: formulas, pictures, links to cards; and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from spinemets.quiz import bank, quiz, render

from .test_quiz_bank import SAMPLE, read

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fcffff3f0300050001"
    "0d0a2db40000000049454e44ae426082"
)


@pytest.fixture
def picture(course: Path) -> str:
    (course / "book" / "images").mkdir(parents=True)
    (course / "book" / "images" / "dot.png").write_bytes(PIXEL)
    return "book/images/dot.png"


def test_formulas_become_mathml(course: Path) -> None:
    assert "<mfrac>" in render.html(r"Half is $\frac{1}{2}$.")
    assert 'display="block"' in render.html("$$x^2$$")
    assert "<math" not in render.html("It costs 5$ or 6$ a day.")


def test_a_picture_stands_in_the_text_with_its_words(picture: str) -> None:
    shown = render.html(f"Look: ![A dot]({picture})")
    assert 'alt="A dot"' in shown
    assert 'src="data:image/png;base64,iVBORw0K' in shown


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("![](book/images/dot.png)", "has no words for who cannot see it"),
        ("![A dot](book/images/none.png)", "there is no picture book/images/none.png; expected a .png"),
        ("![A dot](../outside.png)", "there is no picture"),
        ("![A dot](https://example.org/dot.png)", "there is no picture"),
        ("![A list](_toc.yml)", "there is no picture _toc.yml"),
        (r"$\nonsense{x}$", "unknown command"),
        (r"$\frac{1}$", "not finished"),
    ],
)
def test_what_cannot_be_shown_is_refused(picture: str, course: Path, markdown: str, words: str) -> None:
    (course.parent / "outside.png").write_bytes(PIXEL)
    with pytest.raises(render.TextError, match=words):
        render.html(markdown)


def test_a_large_picture_is_refused(picture: str, course: Path) -> None:
    (course / picture).write_bytes(PIXEL + bytes(render.LARGEST_PICTURE))
    with pytest.raises(render.TextError, match="larger than 20 kB"):
        render.html(f"![A dot]({picture})")


def test_a_large_item_is_refused_by_name(course: Path) -> None:
    read(course, SAMPLE.replace("Marbles last.", "Marbles last. " * 3000))
    with pytest.raises(bank.QuizError, match=r"last-marble: it takes \d\d,\d\d\d bytes, more than 30,000"):
        quiz("01-sample")


def test_markup_in_a_text_is_text(course: Path) -> None:
    assert render.html("<script>alert(1)</script> <b>x</b>") == (
        "&lt;script&gt;alert(1)&lt;/script&gt; &lt;b&gt;x&lt;/b&gt;"
    )
    assert "javascript" not in render.html("[x](javascript:alert(1))").replace("[x](javascript", "")
