"""The four outcomes of ``check``, in words and with a hint that does not tell the answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from spinemets.quiz import QuizError, check


@pytest.mark.parametrize("answer", [750, 749.0, "751", np.float64(750), np.array(750), lambda: 750])
def test_right(course: Path, answer: object) -> None:
    checked = check("try-share", answer)
    assert checked.outcome == "right"
    assert repr(checked) == "try-share: ✓ Right. Three of four."
    assert "Hint" not in checked._repr_mimebundle_()["text/html"]


def test_wrong_with_a_hint(course: Path) -> None:
    assert repr(check("try-share", 3)) == (
        "try-share: ✗ Not right. Start from the share. Hint: Multiply the share by 1,000."
    )
    assert "This is of 100." in check("try-share", 75).feedback
    assert "750" not in repr(check("try-share", 75))


@pytest.mark.parametrize("answer", [..., None, lambda: ..., lambda: None])
def test_not_attempted_shows_the_form(course: Path, answer: object) -> None:
    checked = check("try-share", answer)
    assert checked.outcome == "not attempted"
    bundle, _ = checked._repr_mimebundle_()
    assert set(bundle) == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    assert bundle["text/plain"].startswith("try-share: Not attempted yet. Put your answer in place of the dots")
    assert [item["id"] for item in checked.form.items] == ["try-share"]
    assert "in place of the dots" in checked.form.options["lead"]


def fails() -> float:
    return 1 / 0


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (fails, "Computing it raised ZeroDivisionError: division by zero"),
        (ValueError("no data"), "raised ValueError: no data"),
        ("many", "'many' is no number. Expected one number (of 1,000 draws)"),
        ([1, 2], "is no number"),
        (float("nan"), "The answer is nan: a step before it has no value"),
    ],
)
def test_crashed(course: Path, answer: object, said: str) -> None:
    checked = check("try-share", answer)
    assert checked.outcome == "crashed"
    assert said in repr(checked)
    assert "could not be used" in checked._repr_mimebundle_()["text/html"]


def test_a_choice_takes_a_letter(course: Path) -> None:
    assert check("try-colour", "b").outcome == "right"
    wrong = check("try-colour", "A")
    assert (wrong.outcome, wrong.feedback, wrong.hint) == ("wrong", "Three of four are red.", "Count both.")
    for answer in ("C", "AB", "", 2):
        assert check("try-colour", answer).outcome == "crashed"
    assert 'Expected the letter of one, such as "A" (of A, B)' in repr(check("try-colour", "C"))


def test_what_a_learner_typed_is_shown_as_text(course: Path) -> None:
    page = check("try-share", "<img src=x onerror=alert(1)>")._repr_mimebundle_()["text/html"]
    assert "<img" not in page


def test_an_unknown_exercise(course: Path) -> None:
    with pytest.raises(QuizError, match="Did you mean try-share"):
        check("try-shar", 1)
