"""The file of a hand-in and the widget that writes it, without a browser."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from spinemets import files
from spinemets.quiz import hand_in, handin
from spinemets.quiz.handin_widget import HandIn, HandInError
from spinemets.teach.release import Released, release

from . import marked

CONTENT = {
    "release": "r",
    "course": "c",
    "student": {"id": "Ab 1", "name": "Zoë"},
    "finished": "2026-11-23T10:00:00.000Z",
    "answers": [{"item": "a", "hash": "h", "answer": {"variant": 1, "value": 0.5}, "seconds": 3}],
}


@pytest.fixture
def released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Released:
    marked.write_course(tmp_path / "course")
    monkeypatch.setenv("SPINEMETS_ROOT", str(tmp_path / "course"))
    return release([marked.STEM], tmp_path / "out")


def said(widget: HandIn, message: dict[str, Any]) -> dict[str, Any]:
    """The widget's answer to a message."""
    answers: list[dict[str, Any]] = []
    widget.send = answers.append  # type: ignore[method-assign]
    widget.receive(message)
    [answer] = answers
    return answer


def test_a_file_holds_its_content_and_finds_damage() -> None:
    text = handin.packed(CONTENT)
    wrapper = json.loads(text)
    assert json.loads(wrapper["content"]) == CONTENT
    assert handin.checksum(wrapper["content"]) == wrapper["checksum"]
    assert handin.checksum(wrapper["content"].replace("0.5", "0.6")) != wrapper["checksum"]
    assert "Zoë" in text and text == handin.packed(dict(CONTENT))
    with pytest.raises(ValueError, match="not JSON compliant"):
        handin.packed({"answer": float("nan")})


@pytest.mark.parametrize(
    ("typed", "id", "file"),
    [
        (" AB-1 ", "ab-1", "hand-in-ab-1.json"),
        ("ann@example.org", "ann@example.org", "hand-in-ann@example.org.json"),
        ("../../etc/passwd", "../../etc/passwd", "hand-in-etc-passwd.json"),
        ("１７", "17", "hand-in-17.json"),
        ("学生", "学生", "hand-in-student.json"),
        ("con\x00.", "con\x00.", "hand-in-con.json"),
        ("", "", "hand-in-student.json"),
    ],
)
def test_ids_and_names_of_files(typed: str, id: str, file: str) -> None:
    assert handin.student_id(typed) == id
    assert handin.file_name(typed) == file


@pytest.mark.parametrize("typed", ["J\u030c1", "H\u0331", "T\u0308", "İ\u0316", "ＡΣ", "ﷺ", "ẞ\u00a0"])
def test_who_reads_an_id_draws_the_variant_of_who_typed_it(typed: str) -> None:
    id = handin.student_id(typed)
    assert handin.student_id(id) == id == handin.student_id(f" {typed}\t")
    # The definition again, over the bytes of the id as the page and the file have it.
    hash = 2166136261
    for byte in f"{id}:x".encode():
        hash = (hash ^ byte) * 16777619 % 2**32
    assert handin.variant_of(id, "x", 2**32) == handin.variant_of(typed, "x", 2**32) == hash


def test_variants_are_spread_and_stay() -> None:
    counts = [0] * 8
    for number in range(4000):
        counts[handin.variant_of(f"s{number}", "own-numbers", 8)] += 1
    assert min(counts) > 400 and max(counts) < 600
    assert handin.variant_of(" ABC ", "x", 8) == handin.variant_of("abc", "x", 8)
    # FNV-1a of "abc:x", computed by hand from its definition.
    hash = 2166136261
    for letter in b"abc:x":
        hash = (hash ^ letter) * 16777619 % 2**32
    assert handin.variant_of("abc", "x", 2**32) == hash


def test_a_write_that_breaks_off_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "hand-in-1.json"
    files.write(path, "old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        files.write(path, "new")
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


def test_the_widget_keeps_a_draft_and_writes_the_file(released: Released) -> None:
    widget = hand_in(released.folder / "bank.json")
    assert repr(widget) == f"Hand-in Graded quiz: Marbles: 9 items (release {released.release.id})"
    draft = {"student": {"id": "Ab 1", "name": "Zoë"}, "answers": {}, "from": "me"}
    assert said(widget, {"kind": "draft", "draft": draft}) == {"kind": "draft"}
    assert hand_in(released.folder / "bank.json").draft == draft
    answer = said(widget, {"kind": "hand in", "content": CONTENT})
    path = released.folder / "hand-in-ab-1.json"
    assert answer == {"kind": "hand in", "file": path.name, "checksum": json.loads(path.read_text())["checksum"]}
    assert path.read_text(encoding="utf-8") == handin.packed(CONTENT)


def test_a_damaged_draft_is_kept(released: Released) -> None:
    path = released.folder / f"draft-{released.release.id}.json"
    for text in ("{", "[1]"):
        path.write_text(text)
        widget = hand_in(released.folder / "bank.json")
        assert widget.draft == {} and "was damaged. It is kept as draft-" in widget.options["notice"]
        assert path.with_suffix(".damaged.json").read_text() == text and not path.exists()


@pytest.mark.parametrize(
    "message", [{}, {"kind": "grade"}, {"kind": "draft"}, {"kind": "hand in", "content": {"student": 3}}]
)
def test_a_strange_message_is_answered_with_an_error(released: Released, message: dict[str, Any]) -> None:
    answer = said(hand_in(released.folder / "bank.json"), message)
    assert answer["kind"] == message.get("kind") and "could not take the file" in answer["error"]
    assert [path.name for path in released.folder.glob("hand-in-*.json")] == []


def test_what_is_no_bank_is_refused(released: Released, tmp_path: Path) -> None:
    path = tmp_path / "bank.json"
    with pytest.raises(HandInError, match=r"does not exist. Put bank.json beside this notebook"):
        hand_in(path)
    content = json.loads((released.folder / "bank.json").read_text())
    for text in ("{", "[]", "{}", json.dumps({**content, "format": "other"})):
        path.write_text(text)
        with pytest.raises(HandInError, match="Take"):
            hand_in(path)
    path.write_text(json.dumps({**content, "version": 2}))
    with pytest.raises(HandInError, match="this spinemets knows version 1"):
        hand_in(path)


def test_the_widget_holds_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret, _ = marked.write_course(tmp_path / "course")
    monkeypatch.setenv("SPINEMETS_ROOT", str(tmp_path / "course"))
    widget = hand_in(release([marked.STEM], tmp_path / "out").folder / "bank.json")
    state = json.dumps(widget.get_state(), default=repr).encode()
    assert b"own-numbers" in state and marked.found([*secret, "73519.25"], state) == set()
    assert str(tmp_path).encode() not in state
