"""Tricks of files, ids and texts that the other tests of the graded mode do not try."""

from __future__ import annotations

import json
import os
import re
import tracemalloc
from html import escape
from pathlib import Path

import pytest

from spinemets.quiz import asked, grading, hand_in, handin
from spinemets.quiz.handin import packed
from spinemets.teach import chapter, pictures, reading, releases
from spinemets.teach.reading import HandIn, Refused, parsed, read
from spinemets.teach.release import release as hand_out

from . import marked
from .hand_ins import content, released, wrapped
from .test_teach_reading import GOOD, RELEASES, answered, changed


@pytest.fixture
def marbles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder beside a course of one quiz."""
    marked.write_course(tmp_path / "course")
    monkeypatch.setenv("SPINEMETS_ROOT", str(tmp_path / "course"))
    return tmp_path


# --- files that change while they are looked at -----------------------------------------------------------------------


def seen_as(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is looked at looks like this file; it is exchanged before it is opened."""
    plain.write_text(packed(GOOD), encoding="utf-8")
    seen = plain.lstat()
    monkeypatch.setattr(reading.Path, "lstat", lambda self: seen)


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="links are always followed on this system")
def test_a_file_exchanged_for_a_link_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen_as(tmp_path / "plain", monkeypatch)
    (tmp_path / "link").symlink_to(tmp_path / "plain")
    found = read(tmp_path / "link", RELEASES)
    assert isinstance(found, Refused) and found.reason.startswith("cannot be read")


def test_a_file_that_grows_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen_as(tmp_path / "plain", monkeypatch)
    grown = tmp_path / "grown"
    grown.touch()
    os.truncate(grown, 60 * reading.LARGEST)
    tracemalloc.start()
    try:
        found = read(grown, RELEASES)
        assert tracemalloc.get_traced_memory()[1] < 5 * reading.LARGEST
    finally:
        tracemalloc.stop()
    assert isinstance(found, Refused) and found.reason == "larger than 1,000,000 bytes"


# --- numbers, times and ids at the edge -------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", ["", "-"])
def test_the_longest_whole_number(sign: str) -> None:
    def with_digits(count: int) -> bytes:
        text = json.dumps(GOOD | {"answers": [GOOD["answers"][0] | {"answer": 7}]})
        return wrapped(text.replace('"answer": 7', f'"answer": {sign}{"9" * count}'))

    assert isinstance(parsed(with_digits(reading.MOST_DIGITS), "f", RELEASES), HandIn)
    assert "a whole number of" in parsed(with_digits(reading.MOST_DIGITS + 1), "f", RELEASES).reason


@pytest.mark.parametrize("space", ["\x0b", "\x1f", "\x85", "\u2028", "\u1680", "\u200f", "\ufeff", "\U000e0001"])
def test_a_space_that_browsers_do_not_strip_is_no_part_of_an_id(space: str) -> None:
    # The page says so before it makes the file; else two spellings of one id would be drawn different variants.
    assert "invisible" in parsed(changed(student={"id": f"ann{space}", "name": "Ann"}), "f", RELEASES).reason


@pytest.mark.parametrize("id", ["\u0430nn", "ann\u0301", "'ann", "=ann", "an n"])
def test_an_id_that_only_looks_alike_is_another_student(id: str) -> None:
    found = parsed(changed(student={"id": id, "name": "Ann"}), "f", RELEASES)
    assert isinstance(found, HandIn) and found.student not in ("ann", handin.student_id(" ANN"))


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-12-31T23:30:00-01:00", "2027-01-01T00:30:00.000Z"),
        ("2026-12-31T23:59:59.999999Z", "2026-12-31T23:59:59.999Z"),
        ("0999-01-01T00:00:00Z", "0999-01-01T00:00:00.000Z"),
    ],
)
def test_times_compare_as_texts_whatever_their_zone_and_year(typed: str, moment: str) -> None:
    assert parsed(changed(finished=typed), "f", RELEASES).finished == moment


@pytest.mark.parametrize("typed", ["", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "２０２６-11-20T10:00:00Z"])
def test_a_time_that_no_calendar_has_is_refused(typed: str) -> None:
    assert "not a time with its zone" in parsed(changed(finished=typed), "f", RELEASES).reason


def test_half_a_letter_in_an_id_draws_a_variant_all_the_same() -> None:
    assert handin.variant_of("\ud800", "x", 97) == handin.variant_of("\ufffd", "x", 97)


def test_thousands_of_answers_to_what_nobody_asked_are_read_quickly_and_kept_short() -> None:
    many = [{"item": f"x{n}", "hash": "", "answer": None} for n in range(15_000)]
    found = parsed(changed(answers=many), "f", RELEASES)
    assert isinstance(found, HandIn) and len(found.answers) == 15_000
    assert "nested deeper" in parsed(answered(answer=json.loads("[" * 12 + "]" * 12)), "f", RELEASES).reason


def test_a_difference_of_binary_fractions_costs_nothing_near_zero() -> None:
    assert grading.number(0.0, 0.3, 0.1 + 0.2) == 1
    assert grading.number(0.0, 0.3, 0.3001) == 0


# --- what is handed out -----------------------------------------------------------------------------------------------


def test_a_title_ends_no_element_of_the_page(marbles: Path) -> None:
    title = '</title></script><script>alert("1")</script>&amp;'
    folder = hand_out([marked.STEM], marbles / "out", title=title).folder
    text = (folder / "index.html").read_text(encoding="utf-8")
    assert title not in text and text.count(escape(title)) == 2
    (inside,) = re.findall(r'<script type="application/json" id="bank">(.*?)</script>', text, re.S)
    assert json.loads(inside) == json.loads((folder / "bank.json").read_text(encoding="utf-8"))


@pytest.mark.skipif(os.name != "posix", reason="other systems have other rights")
def test_others_may_open_what_is_handed_out(marbles: Path) -> None:
    folder = hand_out([marked.STEM], marbles / "out").folder
    assert folder.stat().st_mode & 0o055 == 0o055


def test_partial_credit_is_told_before_answering(marbles: Path) -> None:
    folder = hand_out([marked.STEM], marbles / "out").folder
    items = json.loads((folder / "bank.json").read_text(encoding="utf-8"))["items"]
    assert {item["type"] for item in items if item["rule"].startswith("Score: ")} == {"choices", "order", "match"}


def test_another_way_to_draw_texts_leaves_hand_ins_gradable(release, monkeypatch: pytest.MonkeyPatch) -> None:
    before = content(release)
    monkeypatch.setattr(asked, "html", lambda text: f"<i>{text}</i>")
    assert released("2026-12-31") == release and content(release) == before
    assert list(releases.every()) == [release.id]


def test_a_damaged_draft_that_cannot_be_put_aside_stays(marbles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = hand_out([marked.STEM], marbles / "out")
    draft = made.folder / f"draft-{made.release.id}.json"
    draft.write_text("{")

    def denied(self: Path, target: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", denied)
    widget = hand_in(made.folder / "bank.json")
    assert widget.draft == {} and f"kept as {draft.name}" in widget.options["notice"] and draft.read_text() == "{"


def test_the_parts_of_a_divided_cell_have_ids_of_their_own() -> None:
    source = "from spinemets.quiz import quiz\nbag = 3\nquiz('01-marbles')"
    cell = {"cell_type": "code", "id": "asks", "metadata": {}, "execution_count": 1, "source": source, "outputs": []}
    book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    assert [one["id"] for one in chapter.handed_out(book, [], [])["cells"]] == ["asks", "asks-rest"]


def test_a_bare_picture_promises_nothing_that_is_gone_and_keeps_its_colours() -> None:
    webp = pictures.bare(marked.webp("said"))
    assert webp[webp.index(b"VP8X") + 8] & 0b00001100 == 0
    adobe = b"\xff\xee\x00\x0eAdobe\0\x64\0\0\0\0\x02"
    jpeg = marked.jpeg("said")
    assert adobe in pictures.bare(jpeg[:2] + adobe + jpeg[2:])
