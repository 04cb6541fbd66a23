"""A small course whose every secret is a marker that stands nowhere else, and a search that finds them in any form."""

from __future__ import annotations

import base64
import binascii
import json
import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from copy import deepcopy
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

STEM = "01-marbles"
PNG = b"\x89PNG\r\n\x1a\n"
DEEPEST = 5

_RUN = re.compile(rb"[A-Za-z0-9+/_-]{12,}={0,2}")
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|(["\\/]))')
_COMPRESSED = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
_WORTH_OPENING = (b"\x1f\x8b", b"\x89P", b"RI", b"\xff\xd8", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")


# --- secrets ----------------------------------------------------------------------------------------------------------


class Secrets(list[str]):
    """Markers that were given out."""

    def __call__(self, what: str) -> str:
        """A text that stands nowhere else; long enough to be one that a release hides."""
        marker = f"zq{what}{len(self):03}qz"
        self.append(marker)
        return f"{marker} is a text that nobody should read"


def found(secrets: Iterable[str], data: bytes) -> set[str]:
    """The secrets in some bytes: plain, escaped for JSON, HTML or an address, in base64, compressed, in pictures."""
    left = [(secret, secret.lower().encode()) for secret in secrets]
    return {secret for form in _forms(data, DEEPEST, set()) for secret, marker in left if marker in form.lower()}


def leaks(secrets: Iterable[str], folder: Path) -> dict[str, set[str]]:
    """For each file of a folder the secrets in its bytes or its name."""
    secrets = list(secrets)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    each = {path.name: found(secrets, path.name.encode() + b"\n" + path.read_bytes()) for path in files}
    return {name: told for name, told in each.items() if told}


def _forms(data: bytes, depth: int, seen: set[bytes]) -> Iterator[bytes]:
    """The bytes, and what they hold in any wrapping; each form once."""
    if data in seen:
        return
    seen.add(data)
    yield data
    if depth == 0:
        return
    for form in _unescaped(data):
        yield from _forms(form, depth - 1, seen)
    for run in _RUN.findall(data):
        for start in range(4):  # a run may have begun before the base64 did
            inner = _decoded(run.translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")[start:])
            worth = inner.isascii() or inner.startswith(_WORTH_OPENING)
            yield from _forms(inner, depth - 1 if worth else 0, seen)
    for mark in _COMPRESSED.finditer(data):
        inner = _inflated(data[mark.start() :])
        if inner:
            yield from _forms(inner, depth - 1, seen)


def _unescaped(data: bytes) -> Iterator[bytes]:
    """A text without the escapes of JSON, of HTML, of an address; nothing for what is no text."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return
    json_text = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)) if escape[1] else escape[2], text)
    for form in {json_text, unescape(text), unquote(text)} - {text}:
        yield form.encode("utf-8", "replace")


def _decoded(run: bytes) -> bytes:
    whole = run[: len(run) - 1] if len(run) % 4 == 1 else run
    try:
        return base64.b64decode(whole + b"=" * (-len(whole) % 4))
    except binascii.Error:
        return b""


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj(47).decompress(data, 5_000_000)
    except zlib.error:
        return b""


# --- pictures that say something of themselves ------------------------------------------------------------------------


def png(**said: str) -> bytes:
    """A picture of one red point; texts go into plain and compressed chunks."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    texts = b"".join(
        chunk(b"tEXt", key.encode() + b"\0" + text.encode())
        + chunk(b"zTXt", key.encode() + b"\0\0" + zlib.compress(text.encode()))
        for key, text in said.items()
    )
    return PNG + head + texts + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b"")


def jpeg(comment: str) -> bytes:
    """The head of a picture with a comment and with Exif, a scan of no meaning, and words behind its end."""

    def segment(kind: int, data: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, kind, len(data) + 2) + data

    said = comment.encode()
    frame = segment(0xC0, b"\x08\0\x01\0\x01\x01\x01\x11\0")
    return (
        b"\xff\xd8" + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0") + segment(0xE1, b"Exif\0\0" + said)
        + segment(0xFE, said) + frame + segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x12\x34\xff\xd9" + said
    )  # fmt: skip


def webp(said: str) -> bytes:
    """Chunks of a picture with Exif and XMP."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)

    body = b"WEBP" + chunk(b"VP8X", b"\x0c" + b"\0" * 9) + chunk(b"VP8L", b"\x2f\0\0\0\0")
    body += chunk(b"EXIF", said.encode()) + chunk(b"XMP ", said.encode())
    return b"RIFF" + struct.pack("<I", len(body)) + body


def svg(said: str) -> bytes:
    """A picture with what a drawing program writes."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:ink="http://example.org/ink" viewBox="0 0 2 2">'
        f"<!-- {said} --><title>{said}</title><metadata>{said}</metadata><ink:page>{said}</ink:page>"
        f'<g ink:label="{said}" data-note="{said}"><rect width="2" height="2" fill="red"/></g></svg>'
    ).encode()


# --- the course -------------------------------------------------------------------------------------------------------


def quiz(secret: Secrets) -> dict[str, Any]:
    """A quiz with every type of item; whatever a student must not know is a marker or a number of its own."""
    evidence = ["marbles-drawn"]

    def item(id: str, type: str, **fields: Any) -> dict[str, Any]:
        return {
            "id": id, "type": type, "objective": 1, "level": "apply", "question": f"Question of {id}?",
            "evidence": evidence, "hints": [secret("hint"), secret("hint")],
            "explanation": secret("explanation") + " ([card](../evidence/01-marbles.md#marbles-drawn)).", **fields,
        }  # fmt: skip

    def said() -> dict[str, str]:
        return {"right": secret("right"), "wrong": secret("wrong")}

    def option(text: str, correct: bool = False) -> dict[str, Any]:
        return {"text": text, "correct": correct, "feedback": secret("feedback")}

    def place(name: str, correct: bool = False) -> dict[str, Any]:
        return {"place": name, "correct": correct, "feedback": secret("feedback")}

    def pair(text: str, match: str) -> dict[str, Any]:
        return {"text": text, "match": match, "feedback": secret("feedback")}

    def decision(points: int) -> dict[str, Any]:
        return {"text": secret("case"), "points": points, "consequence": secret("case"), "next": "end"}

    call = {"function": "radiobiology.bed", "arguments": {"n": "fractions", "d": 8, "alpha_beta": 10}}
    pictures = " ".join(f"![A {kind}](book/point.{kind})" for kind in ("png", "jpg", "webp", "svg"))
    source = "([source](../evidence/01-marbles.md#marbles-drawn))"
    return {
        "chapter": STEM,
        "title": "Check yourself",
        "items": [
            item(
                "marbles", "choice",
                question=f"Of $\\frac{{3}}{{4}}$ red {source}, which comes more often?\n\n{pictures}",
                options=[option("Blue"), option("Red", True), option("Both & <alike>")],
            ),
            item("even-faces", "choices", options=[option("Two", True), option("Three"), option("Four", True)]),
            item(
                "share-red", "number", answer=73519.25, tolerance=0.125, unit="%", feedback=said(),
                slips=[{"value": 84627.5, "tolerance": 0.0625, "feedback": secret("slip")}],
            ),
            item("steps", "order", steps=["Take the bag", "Draw a marble", "Put it back"], feedback=said()),
            item("colours", "match", pairs=[pair("Sky", "blue"), pair("Blood", "red")], others=["green"]),
            item(
                "where", "hotspot", picture="vertebra",
                options=[place("front"), place("pedicle", True), place("canal")],
            ),
            item(
                "word", "short", accepted=[secret("accepted"), secret("accepted")], feedback=said(),
                slips=[{"texts": [secret("slip")], "feedback": secret("slip")}],
            ),
            item(
                "own-numbers", "calculated", question="{fractions} times of 8?", parameters={"fractions": [3, 4, 5, 6]},
                variants=4, answer={**call, "times": 613.7}, tolerance=0.5, unit="points",
                slips=[{"answer": {**call, "times": 419.3}, "feedback": secret("slip")}],
                feedback={"right": "{answer:.3f} " + secret("right"), "wrong": secret("wrong")},
            ),
            item("last", "choice", sensitive=True, options=[option("A year", True), option("A day")]),
            {
                "id": "guess", "type": "prediction", "objective": 1, "question": secret("prediction"),
                "options": [{"text": secret("prediction")}, {"text": "No"}], "answer": "No",
                "model_answer": secret("model"), "evidence": evidence,
            },
            {
                "id": "lost", "type": "case", "objective": 1, "level": "judge", "title": secret("case"),
                "person": "Synthetic: " + secret("case"), "ending": secret("case"), "evidence": evidence,
                "steps": [{
                    "id": "first", "text": secret("case"), "question": secret("case"),
                    "options": [decision(2), decision(0)],
                }],
            },
        ],
        "exercises": [{
            "id": "try-it", "type": "number", "question": "How many?", "answer": 96318.5, "tolerance": 1, "unit": "",
            "hints": [secret("hint")], "feedback": said(), "evidence": evidence,
        }],
    }  # fmt: skip


def other_key(quiz: dict[str, Any]) -> dict[str, Any]:
    """The same questions with other right answers."""
    other = deepcopy(quiz)
    items = {item["id"]: item for item in other["items"]}
    for id in ("marbles", "where", "last"):
        options = items[id]["options"]
        right = [option["correct"] for option in options]
        for option, correct in zip(options, [right[-1], *right[:-1]], strict=True):
            option["correct"] = correct
    items["even-faces"]["options"][1]["correct"] = True
    items["share-red"]["answer"] = 3
    items["steps"]["steps"].insert(0, items["steps"]["steps"].pop())
    first, second = items["colours"]["pairs"]
    first["match"], second["match"] = second["match"], first["match"]
    items["word"]["accepted"] = ["something else"]
    items["own-numbers"]["answer"]["times"] = 2
    items["own-numbers"]["tolerance"] = 3
    return other


def notebook(secret: Secrets) -> dict[str, Any]:
    """A chapter that shows the quiz in many ways; outputs, metadata and attachments hold markers."""

    def code(source: str, *outputs: dict[str, Any]) -> dict[str, Any]:
        return {
            "cell_type": "code", "id": f"cell-{len(secret)}", "execution_count": 1, "source": source.splitlines(True),
            "metadata": {"tags": ["hide-input"], "note": secret("metadata")}, "outputs": list(outputs),
        }  # fmt: skip

    def shown(**data: Any) -> dict[str, Any]:
        metadata = {"note": secret("metadata")}
        return {"output_type": "execute_result", "execution_count": 1, "metadata": metadata, "data": data}

    def told() -> dict[str, Any]:
        text = secret("output")
        return shown(**{"text/html": [f"<details>{text}</details>"], "text/plain": [text]})

    point = base64.b64encode(png(Description=secret("picture"))).decode()
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": secret("widget")}}
    state = {"state": {"a": {"state": {"key": secret("widget")}}}}
    links = (
        "See [75 %](../evidence/01-marbles.md#marbles-drawn), [this](01-marbles.ipynb#x), [far](02-other.ipynb) and "
        "[a site](https://example.org)."
    )
    imports = "from spinemets.quiz import check, exercise, question as ask, quiz\nfrom spinemets import quiz as quizzes"
    return {
        "cells": [
            {
                "cell_type": "markdown", "id": "top", "metadata": {"note": secret("metadata")},
                "source": ["# Marbles\n", links], "attachments": {"a.png": {"image/png": point}},
            },
            code(imports),
            code(f'quiz("{STEM}")', told()),
            code(f'ask("{STEM}", "marbles")', told()),
            code(f'quizzes.recall("{STEM}")', told()),
            code(f'show = quiz\nbag = 3\nshow("{STEM}")', told()),
            code(f'show("{STEM}")', told()),
            code('answer = 3\n\ncheck("try-it", answer)', told()),
            code('exercise("try-it")', told()),
            code("%%time\nquiz('01-marbles')", told()),
            code("print(bag)", {"output_type": "stream", "name": "stdout", "text": ["3\n"]}),
            code("draw()", shown(**{"image/png": point, "text/plain": ["a picture"], **view})),
            code("stop()", {"output_type": "error", "ename": "Stop", "evalue": secret("error"), "traceback": []}),
        ],
        "metadata": {
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "widgets": {"application/vnd.jupyter.widget-state+json": state},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }  # fmt: skip


def write_course(root: Path) -> tuple[Secrets, dict[str, Any]]:
    """Write the course into a folder; gives its secrets and its quiz."""
    secret = Secrets()
    for folder in ("quizzes", "evidence", "notebooks", "book"):
        (root / folder).mkdir(parents=True)
    content = quiz(secret)
    toc = "format: jb-book\nroot: book/welcome\nchapters:\n  - file: notebooks/01-marbles\n"
    (root / "_toc.yml").write_text(toc)
    evidence = {
        "chapter": STEM,
        "findings": [{
            "id": "marbles-drawn", "title": secret("card"), "sources": ["sample2000"], "read_in": "the whole report",
            "checked": "2026-11-23", "statement": secret("card"), "interval_note": "interval not given",
            "values": [{"name": "share of red", "value": 75, "unit": "%"}],
        }],
    }  # fmt: skip
    (root / "evidence" / f"{STEM}.yml").write_text(json.dumps(evidence).replace('"2026-11-23"', "2026-11-23"))
    (root / "evidence" / "sources.bib").write_text(
        "@article{sample2000, author = {Sample, Ann}, title = {Marbles}, journal = {Journal of Samples},\n"
        "  year = {2000}, volume = {1}, pages = {1--2}, doi = {10.1000/sample}}\n"
    )
    (root / "book" / "point.png").write_bytes(png(Description=secret("picture"), Comment=secret("picture")))
    (root / "book" / "point.jpg").write_bytes(jpeg(secret("picture")))
    (root / "book" / "point.webp").write_bytes(webp(secret("picture")))
    (root / "book" / "point.svg").write_bytes(svg(secret("picture")))
    write_quiz(root, content)
    chapter = notebook(secret)
    # An output that says what an item hides, made by a cell that names no quiz.
    hidden = content["items"][2]["slips"][0]["feedback"]
    chapter["cells"].append({
        "cell_type": "code", "id": "sly", "execution_count": 1, "metadata": {}, "source": ["print(kept)"],
        "outputs": [{"output_type": "stream", "name": "stdout", "text": [f"It said: {hidden}\n"]}],
    })  # fmt: skip
    (root / "notebooks" / f"{STEM}.ipynb").write_text(json.dumps(chapter))
    return secret, content


def write_quiz(root: Path, content: dict[str, Any]) -> None:
    """Write the quiz; JSON is YAML, too."""
    (root / "quizzes" / f"{STEM}.yml").write_text(json.dumps(content))
