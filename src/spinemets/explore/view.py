"""What an explorer's function returns: a picture, its sentence and its table."""

from __future__ import annotations

import functools
import html
import re
import string
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


class Markup(str):
    """Text that is safe to place in a template as it is, such as the result of :func:`render`."""


class Svg(Markup):
    """A whole ``<svg>`` element with a ``viewBox``; colours are the palette's light values."""


class Html(Markup):
    """A block of HTML without scripts; colours are the palette's light values or classes ``sm-...``."""


@dataclass(frozen=True)
class Table:
    """The data behind a picture: rows of text or numbers, the first column names the row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    caption: str = ""

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"a row has {len(row)} cells, expected {len(self.columns)} ({self.columns}): {row}")


@dataclass(frozen=True)
class View:
    """One state of an explorer.

    Attributes:
        picture: a matplotlib ``Figure``, an :class:`Svg` or an :class:`Html`.
        summary: one or two plain sentences: what is seen and why it matters.
        table: the data behind the picture, or ``None``. A DataFrame is taken with its index as the first column.
    """

    picture: Figure | Svg | Html
    summary: str
    table: Table | pd.DataFrame | None = None


@functools.lru_cache(maxsize=1024)
def _fields(template: str) -> tuple[tuple[str, str | None, str], ...]:
    """The template as runs of text, each with the name and the format of the value that follows it."""
    return tuple((text, name, form or "") for text, name, form, _ in string.Formatter().parse(template))


def _filled(value: object, form: str = "") -> str:
    if isinstance(value, list | tuple):
        return "".join(map(_filled, value))
    text = format(value, form)
    return text if isinstance(value, Markup) else html.escape(text, quote=True)


def render(template: str, /, **values: object) -> Markup:
    """Fill ``{name}`` or ``{name:.1f}`` in a template; text is escaped, :class:`Markup` is kept, lists are joined.

    Raises:
        KeyError: the template names a value that was not given.
    """
    return Markup(
        "".join(text if name is None else text + _filled(values[name], form) for text, name, form in _fields(template))
    )


ASSET = re.compile(r"asset:([0-9a-f]{16})\.(png|webp|jpg)")
"""How a picture refers to a raster; :func:`asset` makes such a reference."""

_assets: dict[str, bytes] = {}


def asset(data: bytes, suffix: str = "png") -> Markup:
    """Register a raster (a scan slice) once and return the address to put into ``<image href=...>``.

    The address names the content, so a raster that many frames share is stored once beside the page.
    """
    name = f"{sha256(data).hexdigest()[:16]}.{suffix}"
    _assets[name] = data
    return Markup(f"asset:{name}")


def asset_bytes(name: str) -> bytes:
    """The raster registered as ``name`` (such as ``0123456789abcdef.png``).

    Raises:
        KeyError: nothing was registered under this name in this process.
    """
    return _assets[name]


def asset_file(path: Path) -> Markup:
    """Register the raster in a file; see :func:`asset`."""
    return asset(path.read_bytes(), path.suffix.lstrip("."))
