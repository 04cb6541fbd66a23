"""Files that somebody handed in: what is read, what is refused and why, and that nothing hostile gets further."""

from __future__ import annotations

import itertools
import json
import os
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spinemets.course import COURSE_ID
from spinemets.quiz.handin import packed
from spinemets.teach import reading
from spinemets.teach.reading import HandIn, Refused, parsed, read

from .hand_ins import wrapped

RELEASES = {"0123456789ab": "Sample"}
GOOD = {
    "release": "0123456789ab",
    "course": COURSE_ID,
    "student": {"id": " Ann-7 ", "name": "Ann  Sample"},
    "finished": "2026-11-20T11:00:00+01:00",
    "answers": [{"item": "marbles", "hash": "h", "answer": {"variant": 1, "value": 2.5}, "seconds": 9}],
}


def reason(data: bytes) -> str:
    found = parsed(data, "file.json", RELEASES)
    assert isinstance(found, Refused) and found.file == "file.json"
    return found.reason


def changed(**fields) -> bytes:
    return packed(GOOD | fields).encode()


def answered(**fields) -> bytes:
    return changed(answers=[GOOD["answers"][0] | fields])


def test_a_hand_in_is_read_with_its_id_and_its_time_in_one_form(tmp_path):
    path = tmp_path / "ann.json"
    path.write_text(packed(GOOD), encoding="utf-8")
    found = read(path, RELEASES)
    assert isinstance(found, HandIn)
    assert (found.file, found.release, found.student, found.name) == ("ann.json", "0123456789ab", "ann-7", "Ann Sample")
    assert found.finished == "2026-11-20T10:00:00.000Z"
    (answer,) = found.answers
    assert (answer.item, answer.hash, answer.answer, answer.seconds) == (
        "marbles",
        "h",
        {"variant": 1, "value": 2.5},
        9,
    )


def test_a_byte_order_mark_of_an_editor_does_no_harm():
    assert isinstance(parsed(b"\xef\xbb\xbf" + packed(GOOD).encode(), "f", RELEASES), HandIn)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\xff\xfe\x00", "not UTF-8 at byte 0"),
        (b"{", "not JSON"),
        (b"[]", "not an object"),
        (b"[" * 100_000, "the file is nested deeper than 12 levels"),
        (b'{"a":' * 100_000, "the file is nested deeper than 12 levels"),
        (b"{}", "not a hand-in"),
        (b'{"format":"spinemets-hand-in","format":"spinemets-hand-in"}', '"format" stands there twice'),
        (b'{"format":"spinemets-hand-in","version":2}', "version 2"),
        (b'{"format":"spinemets-hand-in","version":true}', "version true"),
        (b'{"format":"spinemets-hand-in","version":1}', "no field 'checksum'"),
        (b'{"format":"spinemets-hand-in","version":1,"checksum":"0","content":7}', "not a text"),
        (b'{"format":"spinemets-hand-in","version":1,"checksum":"0","content":"{}"}', "checksum"),
        (b'{"format":"spinemets-hand-in","version":1,"checksum":"0","content":"\\ud800"}', "not text"),
        (packed(GOOD).replace("Ann", "Eve").encode(), "damaged"),
        (packed(GOOD).encode()[:-40], "not JSON"),
        (wrapped("[1]"), "not an object"),
        (wrapped("[" * 50_000), "the content is nested deeper"),
        (wrapped('{"release": NaN}'), "NaN"),
        (wrapped('{"release": -Infinity}'), "-Infinity"),
        (wrapped('{"release": 1e999}'), "too large"),
        (wrapped('{"release": ' + "9" * 100_000 + "}"), "a whole number of 100000 digits"),
        (wrapped('{"student": {"id": "a", "id": "b"}}'), '"id" stands there twice'),
        (wrapped(json.dumps(GOOD)[:-1] + ',"release":"0123456789ab"}'), '"release" stands there twice'),
        (wrapped(json.dumps(GOOD | {"__proto__": {"score": 1}})), '"__proto__"'),
        (changed(course="another"), "another"),
        (changed(release="ffffffffffff"), "has not made"),
        (changed(release=["0123456789ab"]), "not a text"),
        (changed(student="ann"), "student is not an object"),
        (changed(student={"id": "ann"}), "no field 'name'"),
        (changed(student={"id": "ann", "name": "Ann", "constructor": 1}), '"constructor"'),
        (changed(student={"id": "  ", "name": "Ann"}), "empty"),
        (changed(student={"id": "a\u200bnn", "name": "Ann"}), "invisible"),
        (changed(student={"id": "a\nnn", "name": "Ann"}), "invisible"),
        (changed(student={"id": "\ufdfa" * 200, "name": "Ann"}), "too long"),
        (changed(student={"id": "x" * 201, "name": "Ann"}), "at most 200 letters"),
        (changed(student={"id": "ann", "name": "x" * 100_000}), "at most 200 letters"),
        (changed(student={"id": 7, "name": "Ann"}), '"id" is 7'),
        (changed(finished="yesterday"), "yesterday"),
        (changed(finished="2026-11-20T10:00:00"), "its zone"),
        (changed(finished="0001-01-01T00:00:00+14:00"), "its zone"),
        (changed(finished=[]), "a list"),
        (changed(answers={}), "not a list"),
        (changed(answers=[7]), "an answer is not an object"),
        (changed(answers=[{"item": "marbles", "hash": "h"}]), "no field 'answer'"),
        (answered(score=1), '"score"'),
        (answered(item=None), '"item" is null'),
        (answered(hash={}), "an object"),
        (answered(seconds="9"), '"seconds"'),
        (answered(seconds=True), '"seconds"'),
        (answered(answer=[[[[[[[[[[]]]]]]]]]]), "nested deeper"),
        (answered(answer={"a": [{"a": [{"a": [{"a": [{"a": [1]}]}]}]}]}), "nested deeper"),
    ],
    ids=itertools.count(),
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_its_reason(data, said):
    assert said in reason(data)
    assert len(reason(data)) < 200


def test_an_answer_may_be_as_deep_as_any_item_needs_and_deeper():
    assert isinstance(parsed(answered(answer=[[[[[[[[[]]]]]]]]]), "f", RELEASES), HandIn)
    assert isinstance(parsed(answered(answer="[" * 50 + '\\"{'), "f", RELEASES), HandIn)
    assert isinstance(parsed(answered(answer=10**20), "f", RELEASES), HandIn)


@pytest.mark.parametrize(("given_", "kept"), [(-3, None), (10**9, None), (0, 0), (7.5, 7.5)])
def test_seconds_that_a_clock_made_up_are_left_out(given_, kept):
    found = parsed(answered(seconds=given_), "f", RELEASES)
    assert found.answers[0].seconds == kept


def test_half_a_letter_in_an_answer_costs_nothing():
    found = parsed(answered(answer="\ud83d"), "f", RELEASES)
    assert found.answers[0].answer == "\ud83d"


def test_names_lose_what_cannot_be_seen():
    found = parsed(changed(student={"id": "ann", "name": "Ann\u202e\n\x00 Sample\ud800"}), "f", RELEASES)
    assert found.name == "Ann Sample"


@pytest.mark.parametrize("text", ['"' + '\\"' * 400_000, '"\\', "[]" * 400_000, "{" * 900_000], ids=itertools.count())
def test_no_text_takes_long(text):
    start = time.perf_counter()
    reason(text.encode())
    reason(wrapped(text))
    assert time.perf_counter() - start < 2


def test_many_fields_of_which_two_are_alike_are_found_quickly():
    text = "{" + ",".join(f'"k{n}":0' for n in range(60_000)) + ',"k59999":0}'
    start = time.perf_counter()
    assert "k59999" in reason(text.encode())
    assert time.perf_counter() - start < 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_only_files_themselves_are_opened(tmp_path):
    outside = tmp_path / "outside.json"
    outside.write_text(packed(GOOD), encoding="utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link.json").symlink_to(outside)
    (folder / "folder.json").mkdir()
    os.mkfifo(folder / "pipe.json")
    (folder / "broken.json").symlink_to(tmp_path / "nothing")
    for name, said in {"link": "link", "folder": "folder", "pipe": "pipe", "broken": "link", "gone": "cannot"}.items():
        found = read(folder / f"{name}.json", RELEASES)
        assert isinstance(found, Refused) and said in found.reason


def test_a_file_exchanged_for_a_pipe_after_it_was_looked_at_is_not_waited_for(tmp_path, monkeypatch):
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes on this system")
    plain, pipe = tmp_path / "plain", tmp_path / "pipe"
    plain.write_text("{}")
    os.mkfifo(pipe)
    seen = plain.lstat()
    monkeypatch.setattr(reading.Path, "lstat", lambda self: seen)
    assert "pipe" in read(pipe, RELEASES).reason


def test_a_file_of_the_largest_size_is_read_and_one_byte_more_is_not(tmp_path):
    text = packed(GOOD)
    path = tmp_path / "f.json"
    path.write_text(text + " " * (reading.LARGEST - len(text.encode())), encoding="utf-8")
    assert isinstance(read(path, RELEASES), HandIn)
    path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert read(path, RELEASES).reason == "larger than 1,000,000 bytes"


def test_a_name_that_no_text_can_be_is_shown_in_letters(tmp_path):
    name = b"caf\xe9\n.json".decode("utf-8", "surrogateescape")
    assert reading.shown(name, most=None) == "caf\\udce9\\n.json"
    assert reading.shown("x" * 61) == "x" * 60 + "..."


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


def checked(found) -> None:
    """A hand-in that gets further has only fields that the gradebook can hold."""
    if isinstance(found, Refused):
        assert found.reason and len(found.reason) < 300 and found.reason.isprintable()
        return
    assert found.student and found.student.isprintable() and found.release in RELEASES
    assert found.name == "" or found.name.isprintable()
    assert len(found.finished) == len("2026-11-20T10:00:00.000Z")
    for answer in found.answers:
        json.dumps(answer.answer, allow_nan=False)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_refused_without_an_exception(data):
    assert isinstance(parsed(data, "f", RELEASES), Refused)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from([*GOOD, "__proto__"]), _VALUES), st.sampled_from([*GOOD, "student.id"]), _VALUES)
def test_any_json_inside_a_sound_wrapper_is_read_or_refused(fields, key, value):
    one = {**GOOD, "student": {**GOOD["student"], "id": value}} if key == "student.id" else {**GOOD, key: value}
    for inner in (fields, {**GOOD, **fields}, one):
        checked(parsed(wrapped(json.dumps(inner)), "f", RELEASES))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_VALUES, _VALUES, st.data())
def test_any_answer_and_any_damage_is_read_or_refused(answer, seconds, data):
    text = json.dumps(GOOD | {"answers": [{"item": "i", "hash": "h", "answer": answer, "seconds": seconds}]})
    file = wrapped(text)
    checked(parsed(file, "f", RELEASES))
    at = data.draw(st.integers(0, len(file) - 1))
    checked(parsed(file[:at] + bytes([data.draw(st.integers(0, 255))]) + file[at + 1 :], "f", RELEASES))
    checked(parsed(file[:at], "f", RELEASES))
