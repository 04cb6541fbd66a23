"""What the widget hands to its front end, and how it answers."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from spinemets import progress
from spinemets.explore.spec import Predict
from spinemets.quiz import QuizError, before, exercise, question, quiz, recall, render
from spinemets.quiz.front import esm
from spinemets.quiz.widget import Quiz, front


def answers(widget: Quiz, message: dict) -> list[dict]:
    sent: list[dict] = []
    widget.send = sent.append  # type: ignore[method-assign]
    widget.receive(message)
    return sent


def record(**parts: object) -> dict:
    return {"at": "2026-01-01T00:00:00.000Z", **parts}


def test_traits(course: Path) -> None:
    widget = quiz("01-sample")
    assert [item["id"] for item in widget.items][:2] == ["marbles", "even-faces"]
    assert widget.items[2]["answer"] == 75
    assert widget.items[3]["answer"] == 0
    assert widget.items[4]["answer"] == 75
    assert widget.items[0]["evidence"] == [
        '<a class="sm-card" data-card="marbles-drawn" href="../evidence/01-sample.md#marbles-drawn">Marbles drawn</a>'
    ]
    assert set(widget.cards) == {"marbles-drawn"}
    assert widget.options["mode"] == "quiz"
    assert widget.options["where"].endswith("progress.sqlite")
    json.dumps(widget.get_state(["items", "progress", "cards", "options"]))


def test_text_is_markdown_without_raw_html() -> None:
    assert render.html("one **two**") == "one <strong>two</strong>"
    assert render.html("<b onclick='x'>three</b>") == "&lt;b onclick='x'&gt;three&lt;/b&gt;"
    assert "javascript" not in re.findall(r'href="([^"]*)"', render.html("[x](javascript:alert(1))"))
    assert render.html("one\n\ntwo") == "<p>one</p>\n<p>two</p>"
    card = '<a class="sm-card" data-card="a_b-1" href="../evidence/05-x.md#a_b-1">55 %</a>'
    assert render.html("[55 %](../evidence/05-x.md#a_b-1)") == card
    assert render.html("[here](https://example.org)") == '<a href="https://example.org">here</a>'


def test_the_bundle_is_widget_html_and_text(course: Path) -> None:
    widget = quiz("01-sample")
    bundle, _ = widget._repr_mimebundle_()
    assert set(bundle) == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    assert re.fullmatch(r"Quiz 01-sample: Check yourself, 12 items \([0-9a-f]{12}\)", bundle["text/plain"])
    assert bundle["text/plain"] == repr(quiz("01-sample"))
    page = bundle["text/html"]
    assert "<script" not in page
    assert page.count("<li>") > 7
    for text in ("Which colour is drawn more often?", "Under the table", "Three of four are red.", "75 %", "<details>"):
        assert text in page
    key = page.index("<strong>Right:</strong> Red")
    assert "<details>" in page[:key]
    sensitive = page.index("How long does a marble last?")
    assert "on survival" in page[page.rindex("<details", 0, sensitive) : sensitive]


def test_the_text_does_not_depend_on_what_was_answered(course: Path) -> None:
    widget = quiz("01-sample")
    before = widget._repr_mimebundle_()[0]
    item = widget.items[0]
    answers(widget, {"kind": "save", "item": item["id"], "hash": item["hash"], "record": record(score=1)})
    after = quiz("01-sample")._repr_mimebundle_()[0]
    assert (before["text/plain"], before["text/html"]) == (after["text/plain"], after["text/html"])


def test_save_and_show_again(course: Path) -> None:
    widget = quiz("01-sample")
    item = widget.items[0]
    kept = record(type="choice")
    sent = answers(widget, {"kind": "save", "item": item["id"], "hash": item["hash"], "record": kept})
    assert sent == [{"kind": "saved", "item": "marbles", "message": ""}]
    assert widget.progress == {"marbles": {"hash": item["hash"], "record": kept}}
    assert quiz("01-sample").progress == widget.progress
    assert question("01-sample", "marbles").progress == widget.progress
    assert question("01-sample", "even-faces").progress == {}


def test_an_edited_item_shows_no_old_answer(course: Path) -> None:
    progress.save("marbles", "000000000000", record())
    assert quiz("01-sample").progress == {}


def test_export_reset_import(course: Path) -> None:
    widget = quiz("01-sample")
    item = widget.items[0]
    answers(widget, {"kind": "save", "item": item["id"], "hash": item["hash"], "record": record()})
    (export,) = answers(widget, {"kind": "export"})
    assert export["data"]["records"][0]["item"] == "marbles"
    (reset,) = answers(widget, {"kind": "reset"})
    assert reset["progress"] == widget.progress == {}
    assert "Import takes it back" in reset["message"]
    (imported,) = answers(widget, {"kind": "import", "data": json.loads(json.dumps(export["data"]))})
    assert (imported["kind"], imported["added"], imported["kept"]) == ("imported", 1, 0)
    assert set(imported["progress"]) == {"marbles"}


def test_what_cannot_be_done_is_said(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    widget = quiz("01-sample")
    (error,) = answers(widget, {"kind": "import", "data": {"records": 3}})
    assert error["kind"] == "error"
    assert "not an export" in error["message"]
    assert answers(widget, {"kind": "dance"})[0]["kind"] == "error"
    blocked = course.parent / "blocked"
    blocked.write_text("")
    monkeypatch.setenv("SPINEMETS_PROGRESS", str(blocked / "progress.sqlite"))
    (error,) = answers(widget, {"kind": "save", "item": "marbles", "hash": "x", "record": record()})
    assert (error["kind"], error["item"]) == ("error", "marbles")
    assert "Not stored" in error["message"]


def test_a_quiz_shows_although_its_progress_cannot_be_read(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = Path(course.parent / "garbage.sqlite")
    file.write_bytes(b"garbage" * 1000)
    monkeypatch.setenv("SPINEMETS_PROGRESS", str(file))
    monkeypatch.setattr(progress, "_notices", [])
    assert "damaged" in quiz("01-sample").options["notice"]


def test_a_build_publishes_nothing_of_this_computer(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    widget = quiz("01-sample")
    item = widget.items[0]
    answers(widget, {"kind": "save", "item": item["id"], "hash": item["hash"], "record": record()})
    monkeypatch.setenv("SPINEMETS_BAKE", "somewhere")
    built = quiz("01-sample")
    assert built.progress == {}
    assert str(course.parent) not in json.dumps(built.get_state(["items", "progress", "cards", "options"]))
    assert 'href="../evidence/01-sample.html#marbles-drawn"' in built.items[0]["question"]
    assert 'href="../evidence/01-sample.html#marbles-drawn"' in built._repr_mimebundle_()[0]["text/html"]
    assert [item["hash"] for item in built.items] == [item["hash"] for item in widget.items]
    assert exercise("try-share", "Run the cell").options["lead"] == ""


def test_recall(course: Path) -> None:
    predict = Predict("Which?", "Red", "Since it is.", options=("Red", "Blue"))
    explorers = [SimpleNamespace(id="bags", predict=predict, sensitive=""), SimpleNamespace(id="other", predict=None)]
    progress.save("predict.bags", "anyhash", record(prediction="Blue", confidence="guess"))
    widget = recall("01-sample", *explorers)
    assert [item["id"] for item in widget.items] == ["predict.bags", "guess-colour", "guess-number"]
    assert widget.items[0]["answer"] == 0
    assert widget.progress["predict.bags"]["record"]["prediction"] == "Blue"
    assert "You made" not in widget._repr_mimebundle_()[0]["text/html"]


def test_before_asks_what_is_marked_and_its_words_tell_no_answer(course: Path) -> None:
    widget = before("01-sample")
    assert [item["id"] for item in widget.items] == ["marbles", "dose-of-marbles"]
    assert (widget.options["mode"], widget.options["title"]) == ("before", "Before you read")
    assert [item["hash"] for item in widget.items] == [
        item["hash"] for item in quiz("01-sample").items if item["id"] in ("marbles", "dose-of-marbles")
    ]
    page = widget._repr_mimebundle_()[0]["text/html"]
    assert "Which colour is drawn more often?" in page and "Both alike" in page
    for told in ("Three of four are red", "Count the red", "<details", "Right:", "A larger share"):
        assert told not in page
    assert "A larger share" in quiz("01-sample")._repr_mimebundle_()[0]["text/html"]


def test_a_chapter_without_questions_before_it_says_so(course: Path) -> None:
    path = course / "quizzes" / "01-sample.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("before: true", "before: false"), encoding="utf-8")
    with pytest.raises(QuizError, match=r"01-sample.yml: no item is asked before.*Example: before: true"):
        before("01-sample")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("What is the share of red marbles?", r"What is $\frac{1}$?", r"share-red: the formula.*not finished"),
        ("What is the share of red marbles?", "What is ![a bag](book/bag.png)?", "share-red: there is no picture"),
    ],
)
def test_a_text_that_cannot_be_shown_names_its_item(course: Path, old: str, new: str, said: str) -> None:
    path = course / "quizzes" / "01-sample.yml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    for show in (quiz, lambda stem: question(stem, "share-red")):
        with pytest.raises(QuizError, match=f"quizzes/01-sample.yml: {said}"):
            show("01-sample")


def test_payloads_of_each_type(course: Path) -> None:
    by_type = {item["type"]: item for item in quiz("01-sample").items}
    order, match, hotspot = by_type["order"], by_type["match"], by_type["hotspot"]
    assert [order["shown"][place] for place in order["key"]] == [
        "Out of the bag", "Into the hand", "Onto the table", "Away under the cupboard",
    ]  # fmt: skip
    assert "steps" not in order
    assert [match["shown"][place] for place in match["key"]] == [pair["match"] for pair in match["pairs"]]
    assert "data-place" in hotspot["picture"] and [option["text"][0] for option in hotspot["options"]] == ["1", "2"]
    assert by_type["short"]["slips"][0]["texts"] == ["die", "dice"]
    variants = by_type["calculated"]["variants"]
    assert len({one["question"] for one in variants}) == 3
    assert all("<math" in one["question"] and "{" not in one["explanation"] for one in variants)
    assert {kind for kind, item in by_type.items() if item["rule"]} == {"choices", "order", "match", "case"}


def test_a_subclass_has_its_own_front_end_and_messages(course: Path) -> None:
    class Other(Quiz):
        _esm, _css = front("quiz")

        def _answer(self, message: dict) -> dict:
            return {"kind": "hello"} if message["kind"] == "hello" else super()._answer(message)

    widget = Other(quiz("01-sample").items, mode="quiz", stem="01-sample", title="", goals=["one"])
    assert widget.options["goals"] == ["one"]
    assert answers(widget, {"kind": "hello"}) == [{"kind": "hello"}]
    assert answers(widget, {"kind": "export"})[0]["kind"] == "export"
    assert answers(widget, {"kind": "dance"})[0]["kind"] == "error"


FRONT = Path(render.__file__).parent / "front"
MODULES = sorted(path.stem for path in FRONT.glob("*.mjs"))


@pytest.mark.parametrize("name", MODULES)
def test_joined_modules_declare_no_name_twice_and_leave_no_import(name: str) -> None:
    text = esm(name)
    names = re.findall(r"^(?:export )?(?:async )?(?:const|let|var|class|function)\*? ([\w$]+)", text, re.M)
    assert len(names) == len(set(names)), {one for one in names if names.count(one) > 1}
    assert not re.search(r"^import\b", text, re.M)


def test_the_front_ends_fit_a_phone() -> None:
    """Bytes of host, explorers and quizzes together, as a server sends them."""
    package = FRONT.parents[1]
    texts = [
        (package / "publish" / "static" / "host.js").read_text(encoding="utf-8"),
        (package / "explore" / "explorer.mjs").read_text(encoding="utf-8"),
        esm("quiz"),
    ]
    assert sum(len(gzip.compress(text.encode(), 9)) for text in texts) < 40_000


def test_the_front_end_is_in_the_package() -> None:
    assert {"quiz", "grading", "items"} <= set(MODULES)
    assert (FRONT.parent / "quiz.css").is_file()
