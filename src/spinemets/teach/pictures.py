"""Pictures without what they say of themselves: captions, comments, names of layers, cameras and programs.

A picture of a question goes to students; what its author's program wrote into the file does not. Chunks and elements
are kept by a list of those that draw, so that an unknown one stays behind.
"""

from __future__ import annotations

import re
import struct
from base64 import b64decode, b64encode
from xml.etree import ElementTree

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_DRAWS = {b"IHDR", b"PLTE", b"tRNS", b"sRGB", b"gAMA", b"pHYs", b"IDAT", b"IEND"}
_WEBP_DRAWS = {b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF"}
_WEBP_TELLS = 0b00001100  # the flags of VP8X that promise Exif and XMP
_JPEG_SCAN, _JPEG_END, _JPEG_COMMENT = 0xDA, 0xD9, 0xFE
_JPEG_TELLS = {*range(0xE1, 0xF0), _JPEG_COMMENT} - {0xEE}  # APP14 says how the colours are coded
_JPEG_MARK = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""What ends the drawn part of a scan; FF there is followed by 00, or by a mark to start again."""
_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_SVG_TELLS = {f"{{{_SVG}}}{name}" for name in ("title", "desc", "metadata")}
_DATA_URL = re.compile(r"data:(image/(?:png|jpeg|webp|svg\+xml));base64,([A-Za-z0-9+/]+=*)")


class PictureError(ValueError):
    """A picture that is damaged or of an unknown kind."""


def bare(picture: bytes) -> bytes:
    """A PNG, JPEG, WebP or SVG picture that looks the same and carries no text about itself.

    Raises:
        PictureError: the picture is none of these, or damaged.
    """
    try:
        if picture.startswith(_PNG):
            return _png(picture)
        if picture.startswith(b"\xff\xd8"):
            return _jpeg(picture)
        if picture[:4] == b"RIFF" and picture[8:12] == b"WEBP":
            return _webp(picture)
        return _svg(picture)
    except (struct.error, IndexError, ElementTree.ParseError) as error:
        raise PictureError(f"a picture is damaged or neither PNG, JPEG, WebP nor SVG ({error})") from error


def bare_in(text: str) -> str:
    """The text with the pictures in its data URLs made :func:`bare`."""

    def url(match: re.Match[str]) -> str:
        return f"data:{match[1]};base64,{b64encode(bare(b64decode(match[2]))).decode()}"

    return _DATA_URL.sub(url, text)


def _png(picture: bytes) -> bytes:
    kept, at = [_PNG], len(_PNG)
    kind = b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", picture, at)
        end = at + 12 + length
        if kind in _PNG_DRAWS:
            kept.append(picture[at:end])
        at = end
    return b"".join(kept)


def _jpeg(picture: bytes) -> bytes:
    kept, at = [picture[:2]], 2
    while True:
        mark, kind = struct.unpack_from(">BB", picture, at)
        if mark != 0xFF:
            raise PictureError("a JPEG picture is damaged")
        if kind == _JPEG_END:  # some cameras write more behind it, such as a second picture
            return b"".join([*kept, picture[at : at + 2]])
        end = at + 2 + struct.unpack_from(">H", picture, at + 2)[0]
        if kind == _JPEG_SCAN:
            following = _JPEG_MARK.search(picture, end)
            if following is None:
                raise PictureError("a JPEG picture is damaged: it has no end")
            end = following.start()
        if kind not in _JPEG_TELLS:
            kept.append(picture[at:end])
        at = end


def _webp(picture: bytes) -> bytes:
    kept, at = [], 12
    while at < len(picture):
        kind, length = struct.unpack_from("<4sI", picture, at)
        end = at + 8 + length + length % 2
        if kind in _WEBP_DRAWS:
            chunk = bytearray(picture[at:end])
            if kind == b"VP8X":
                chunk[8] &= ~_WEBP_TELLS & 0xFF
            kept.append(bytes(chunk))
        at = end
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _svg(picture: bytes) -> bytes:
    top = ElementTree.fromstring(picture)
    if top.tag != f"{{{_SVG}}}svg":
        raise PictureError("a picture is neither PNG, JPEG, WebP nor SVG")
    for element in list(top.iter()):
        for child in list(element):
            if child.tag in _SVG_TELLS or not str(child.tag).startswith(f"{{{_SVG}}}"):
                element.remove(child)
        for name in list(element.attrib):
            if name.startswith("{") and not name.startswith(f"{{{_XLINK}}}") or name.startswith(("data-", "aria-")):
                del element.attrib[name]
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", _XLINK)
    return bare_in(ElementTree.tostring(top, encoding="unicode")).encode()
