"""A learner's answers as one file: its form, its checksum, and which variant of a calculated item a learner gets.

``front/handin.mjs`` makes the same file in the browser. The checksum finds damage on the way, not deceit: who can edit
a file can compute it again.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from zlib import crc32

FORMAT = "spinemets-hand-in"
VERSION = 1

_LONE = re.compile("[\ud800-\udfff]")
_UNSAFE = re.compile(r"[^a-z0-9._@+-]+")


def packed(content: Mapping[str, Any]) -> str:
    """The text of a hand-in: the content as JSON text in a wrapper with its checksum.

    Args:
        content: ``{release, course, student: {id, name}, finished, answers: [{item, hash, answer, seconds?}]}``.
    """
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # Half of a surrogate pair is no UTF-8; browsers escape it, too.
    text = _LONE.sub(lambda half: f"\\u{ord(half[0]):04x}", text)
    wrapper = {"format": FORMAT, "version": VERSION, "checksum": checksum(text), "content": text}
    return json.dumps(wrapper, ensure_ascii=False, indent=1) + "\n"


def checksum(content: str) -> str:
    """CRC-32 of the UTF-8 bytes, as eight hex digits."""
    return f"{crc32(content.encode()):08x}"


def student_id(typed: str) -> str:
    """A student's id as it is compared: compatible forms of letters made one, no spaces around, small letters.

    An id of this form stays as it is, so that who reads a file draws the same variant as who wrote it.
    """
    plain = unicodedata.normalize("NFKC", typed).strip(" \t\r\n").lower()
    # Some small letters are one sign with their accent where the capital ones are two.
    return unicodedata.normalize("NFKC", plain)


def variant_of(student: str, item: str, count: int) -> int:
    """Which of ``count`` variants of a calculated item this student is asked, counted from 0, everywhere the same.

    FNV-1a with 32 bits (Fowler, Noll and Vo), since it is three lines in any language.
    """
    hash = 0x811C9DC5
    # As browsers do, half of a surrogate pair becomes the sign for "unknown".
    for byte in _LONE.sub("\ufffd", f"{student_id(student)}:{item}").encode():
        hash = (hash ^ byte) * 0x01000193 & 0xFFFFFFFF
    return hash % count


def file_name(student: str) -> str:
    """The hand-in's name, with what a file system may not like replaced."""
    return f"hand-in-{_UNSAFE.sub('-', student_id(student)).strip('.-') or 'student'}.json"
