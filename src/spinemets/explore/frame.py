"""From what an explorer's function returns to a frame: markup that page and notebook insert, words and a table.

Drawing never touches pyplot or ``rcParams``: the messages of a widget run in a thread beside the cell's, and pyplot
is one state for all threads. Explorers among themselves draw one at a time, under :data:`DRAWING`.
"""

from __future__ import annotations

import base64
import functools
import io
import math
import re
import threading
from html import escape
from pathlib import Path
from typing import Any, TypedDict

import matplotlib
import resvg_py
from matplotlib._pylab_helpers import Gcf
from matplotlib.artist import Artist
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.path import Path as MplPath
from matplotlib.textpath import TextToPath
from matplotlib.transforms import Transform
from PIL import Image

from .palette import colour, themed
from .spec import Explorer, Indices
from .view import ASSET, Html, Svg, Table, View, asset_bytes

DRAWING = threading.RLock()
"""Held while an explorer's function runs and its picture is written."""

FONTS = "DejaVu Sans, Verdana, sans-serif"
"""The one family of text in pictures; matplotlib measures text in the first."""

PNG_LIMIT = 60_000
"""Bytes that the PNG beside a stored output may have."""


class ViewError(Exception):
    """An explorer's function returned something that cannot be shown; the message says what was expected."""


class TableData(TypedDict):
    columns: list[str]
    rows: list[list[str | int | float | bool | None]]
    caption: str


class Frame(TypedDict):
    """One state once drawn, as JSON."""

    picture: str
    summary: str
    table: TableData | None


def view(explorer: Explorer, indices: Indices) -> View:
    """Call the explorer's function for one state.

    Raises:
        ViewError: what it returned is neither a :class:`View` nor, in a notebook, a matplotlib figure; or a
            library explorer gave no summary.
    """
    state = explorer.keys(indices)
    with DRAWING:
        result = explorer.function(**explorer.values(indices))
    where = f"explorer {explorer.id} ({', '.join(f'{name} = {key}' for name, key in state.items())})"
    if not isinstance(result, View):
        if not isinstance(result, Artist | Svg | Html):
            raise ViewError(
                f"{where}: the function returned {type(result).__name__}. Return View(picture, summary, table), or "
                "in a notebook the matplotlib Figure itself: fig = Figure(); ...; return fig"
            )
        result = View(result, "")  # type: ignore[arg-type]
    picture = result.picture
    if isinstance(picture, Artist):
        picture = _figure(picture, where)
    elif not isinstance(picture, Svg | Html):
        raise ViewError(
            f"{where}: the picture is a {type(picture).__name__}. Expected a matplotlib Figure, Svg(...) or Html(...); "
            "text from render(...) must be wrapped: Svg(render(...))"
        )
    summary = result.summary.strip()
    if not summary and explorer.library:
        raise ViewError(
            f"{where}: no summary. Say in one or two sentences what is seen and why it matters: "
            'View(picture, "Blood brings the cells; which vessels is unsettled.")'
        )
    return View(picture, summary, result.table)


def _figure(artist: Artist, where: str) -> Figure:
    figure = artist if isinstance(artist, Figure) else artist.get_figure(root=True)
    if not isinstance(figure, Figure):
        raise ViewError(f"{where}: the function returned {type(artist).__name__} without a figure. Return the Figure.")
    if figure.canvas.manager is not None:
        # Made by pyplot in a notebook: forgotten there, or the cell would show it a second time.
        Gcf.destroy_fig(figure)
    return figure


def frame(view: View, scope: str, title: str = "") -> Frame:
    """The frame of a view.

    Args:
        scope: put before every id, so that two explorers on one page do not share a clip path.
        title: accessible name of the picture.
    """
    with DRAWING:
        if isinstance(view.picture, Figure):
            markup = _from_figure(view.picture)
        else:
            markup = str(view.picture).strip()
    if markup.startswith("<svg"):
        markup = _framed(markup, title or scope)
    return {"picture": _scoped(themed(markup), scope), "summary": view.summary, "table": table(view.table)}


def nodes(markup: str) -> int:
    """Number of elements in a picture."""
    return len(re.findall(r"<[a-zA-Z]", markup))


# --- matplotlib figures ---------------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=8192)
def _extent(text: str, font: FontProperties, ismath: bool | str) -> tuple[float, float, float]:
    """Width, height and descent of a text in points; frames of one explorer share nearly all of theirs."""
    return TextToPath().get_text_width_height_descent(text, font, ismath)


@functools.lru_cache(maxsize=64)
def _line(font: FontProperties) -> tuple[float, float, float]:
    """Ascent, descent and gap of a line in points, as :class:`matplotlib.text.Text` reads them from the font."""
    face = get_font(fontManager._find_fonts_by_props(font))
    table, head = face.get_sfnt_table("OS/2"), face.get_sfnt_table("head")
    if table is None:
        return None, None, None  # type: ignore[return-value]  # matplotlib then measures the letters
    scale = font.get_size_in_points() / head["unitsPerEm"]
    return table["sTypoAscender"] * scale, -table["sTypoDescender"] * scale, table["sTypoLineGap"] * scale


class _Renderer(RendererSVG):
    """Matplotlib's SVG writer without metadata, style sheet and wrapping groups, and deaf to ``rcParams``."""

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: bool | str
    ) -> tuple[float, float, float]:
        return _extent(s, prop.copy(), ismath)

    def _get_font_height_metrics(self, prop: FontProperties) -> tuple[float, float, float]:
        return _line(prop.copy())

    def _write_metadata(self, metadata: object) -> None:
        pass

    def _write_default_style(self) -> None:
        pass

    def _make_id(self, type: str, content: object) -> str:
        # By order of appearance: shorter than a hash, and the same from frame to frame, which compresses better.
        ids = self.__dict__.setdefault("_ids", {})
        return ids.setdefault((type, str(content)), f"{type or 'c'}{len(ids)}")

    def open_group(self, s: str, gid: str | None = None) -> None:
        pass

    def close_group(self, s: str) -> None:
        pass

    def _convert_path(
        self,
        path: MplPath,
        transform: Transform | None = None,
        clip: object = None,
        simplify: bool | None = None,
        sketch: object = None,
    ) -> str:
        box = (0.0, 0.0, self.width, self.height) if clip else None
        return matplotlib._path.convert_to_string(
            path, transform, box, simplify, sketch, 1, [b"M", b"L", b"Q", b"C", b"z"], False
        ).decode("ascii")

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None) -> None:  # type: ignore[no-untyped-def]
        clip = self._get_clip_attrs(gc)
        if clip:
            self.writer.start("g", **clip)
        self._draw_text_as_text(gc, x, y, s, prop, angle, ismath, mtext)
        if clip:
            self.writer.end("g")


class _Canvas(FigureCanvasBase):
    """Gives layout engines the renderer at hand; they would make one by a trial ``savefig`` otherwise."""

    renderer: _Renderer

    def get_renderer(self) -> _Renderer:
        return self.renderer


_KEPT = r"matrix\([^)]*\)|scale\([^)]*\)|opacity: ?[\d.]+|base64,[^\"]*|>[^<]*<"
_ROUNDED = re.compile(rf"({_KEPT})|-?\d+\.\d{{2,}}")
_LONE_GROUP = re.compile(r"<g>(<use [^>]*/>)</g>")
_NO_TURN = re.compile(r' transform="rotate\(-?0 [^"]*"')
_FONT = re.compile(r"; font-family: 'DejaVu Sans'[^;\"]*")


def _round(match: re.Match[str]) -> str:
    if match[1] is not None:
        return match[1]
    text = f"{float(match[0]):.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _from_figure(figure: Figure) -> str:
    canvas, dpi = figure.canvas, figure.dpi
    out = io.StringIO()
    try:
        drawing = _Canvas(figure)
        figure.dpi = 72
        width, height = figure.get_size_inches()
        drawing.renderer = _Renderer(width * 72, height * 72, out, image_dpi=dpi)
        mixed = MixedModeRenderer(figure, width, height, dpi, drawing.renderer)
        figure.draw(mixed)
        mixed.finalize()
    finally:
        figure.dpi = dpi
        figure.set_canvas(canvas)
    return _slim(out.getvalue(), width * 72, height * 72)


def _slim(markup: str, width: float, height: float) -> str:
    body = markup[markup.index("<svg") :]
    body = body[body.index(">") + 1 :]
    body = re.sub(r"<!--.*?-->", "", body, flags=re.S)
    body = re.sub(r">\s+<", "><", body.strip())
    body = body.replace("xlink:href", "href").replace("</defs><defs>", "").replace(' style=""', "")
    body = _LONE_GROUP.sub(r"\1", _FONT.sub("", body))
    body = body.replace(" \n", " ").replace("\n", "")
    body = _ROUNDED.sub(_round, ">" + body)[1:]
    body = _NO_TURN.sub("", body)
    # Matplotlib's own black and white follow the theme too, so that a plain figure is readable in the dark.
    body = body.replace("#000000", colour("ink")).replace("#ffffff", colour("paper"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" font-family="{FONTS}" '
        f'fill="{colour("ink")}" stroke-linejoin="round">{body}'
    )


# --- markup ---------------------------------------------------------------------------------------------------------


def _framed(markup: str, title: str) -> str:
    """The root element without a fixed size, named for a screen reader, at most one and a half times its own width."""
    end = markup.index(">")
    head = re.sub(r'\s(?:width|height)="[^"]*"', "", markup[:end])
    box = re.search(r'viewBox="[-\d.]+[ ,]+[-\d.]+[ ,]+([\d.]+)', head)
    if box is None:
        raise ViewError(f'{title}: the <svg> element has no viewBox. Write <svg viewBox="0 0 360 240" ...>.')
    if "role=" not in head:
        head += ' role="img"'
    if "aria-label" not in head:
        head += f' aria-label="{escape(title)}"'
    if "style=" not in head:
        head += f' style="max-width:{1.5 * float(box[1]):.0f}px"'
    return head + markup[end:]


def _scoped(markup: str, scope: str) -> str:
    """Every id that the picture defines, and every reference to it, with ``scope-`` before it."""
    ids = set(re.findall(r'\sid="([^"]+)"', markup))
    if not ids:
        return markup
    names = "|".join(sorted(map(re.escape, ids), key=len, reverse=True))
    places = r'\s(?:id|for|aria-labelledby|aria-describedby|href)="#?|url\(#'
    return re.sub(rf'({places})({names})(?=["\)])', rf"\g<1>{scope}-\g<2>", markup)


def assets_of(picture: str) -> list[str]:
    """Names of the rasters that a picture refers to."""
    return sorted({match[0].removeprefix("asset:") for match in ASSET.finditer(picture)})


def data_url(name: str) -> str:
    """The raster registered as ``name``, as an address that needs no file."""
    kind = name.rpartition(".")[2].replace("jpg", "jpeg")
    return f"data:image/{kind};base64,{base64.b64encode(asset_bytes(name)).decode('ascii')}"


def inlined(picture: str) -> str:
    """The picture with its rasters inside."""
    return ASSET.sub(lambda match: data_url(match[0].removeprefix("asset:")), picture)


# --- tables ---------------------------------------------------------------------------------------------------------


def table(data: Any) -> TableData | None:
    """A :class:`Table` or a DataFrame (its index becomes the first columns) as JSON; numbers keep four digits."""
    if data is None:
        return None
    if isinstance(data, Table):
        columns, rows, caption = data.columns, data.rows, data.caption
    elif hasattr(data, "reset_index"):
        names = [name if name is not None else "" for name in data.index.names]
        columns = (*names, *data.columns)
        rows = [
            (*(key if isinstance(key, tuple) else (key,)), *values)
            for key, values in zip(data.index, data.itertuples(index=False, name=None), strict=True)
        ]
        caption = str(data.attrs.get("caption", ""))
    else:
        raise ViewError(f"the table is a {type(data).__name__}; expected Table(columns, rows) or a DataFrame")
    return {
        "columns": [str(name) for name in columns],
        "rows": [[_cell(c) for c in r] for r in rows],
        "caption": caption,
    }


def _cell(value: Any) -> str | int | float | bool | None:
    if hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        value = value.item()  # numpy's scalars
    if isinstance(value, float):
        if not math.isfinite(value):
            return None if math.isnan(value) else str(value)
        digits = 3 - math.floor(math.log10(abs(value))) if value else 0
        value = round(value, max(digits, 0))
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if value is None or isinstance(value, str | int):
        return value
    return "" if value != value else str(value)  # pandas' NA and NaT differ from themselves


# --- PNG ------------------------------------------------------------------------------------------------------------


@functools.cache
def _font_files() -> list[str]:
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return [str(folder / f"DejaVuSans{style}.ttf") for style in ("", "-Bold", "-Oblique", "-BoldOblique")]


def png(view: View) -> bytes | None:
    """The picture in light colours as a PNG of at most 60 kB; ``None`` for HTML, which is its own fallback.

    Raises:
        ViewError: the SVG is not well formed.
    """
    with DRAWING:
        if isinstance(view.picture, Figure):
            data = _png_of_figure(view.picture)
        elif isinstance(view.picture, Svg):
            data = _png_of_svg(str(view.picture).strip())
        else:
            return None
    return _small(data)


def _png_of_figure(figure: Figure) -> bytes:
    canvas, out = figure.canvas, io.BytesIO()
    try:
        FigureCanvasAgg(figure).print_figure(out, format="png", dpi=120, metadata={"Software": None})
    finally:
        figure.set_canvas(canvas)
    return out.getvalue()


def _png_of_svg(markup: str) -> bytes:
    if "xmlns=" not in markup[: markup.index(">")]:
        markup = markup.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    try:
        data = resvg_py.svg_to_bytes(
            svg_string=inlined(markup),
            width=640,
            background=colour("paper"),
            skip_system_fonts=True,
            font_files=_font_files(),
            font_family="DejaVu Sans",
            sans_serif_family="DejaVu Sans",
        )
    except ValueError as error:
        raise ViewError(
            f"the SVG is not well formed: {error}. Every element must be closed (<circle ... />) and every text "
            "escaped, as render(template, name=value) does."
        ) from error
    return bytes(data)


def _small(data: bytes) -> bytes:
    """The PNG re-encoded with ever fewer colours and pixels until it keeps the limit."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    for colours, scale in ((256, 1.0), (64, 1.0), (32, 0.75), (16, 0.5), (16, 0.3)):
        size = (round(image.width * scale), round(image.height * scale))
        smaller = image if scale == 1 else image.resize(size, Image.Resampling.LANCZOS)
        out = io.BytesIO()
        smaller.quantize(colours).save(out, format="PNG", optimize=True)
        if out.tell() <= PNG_LIMIT:
            break
    return out.getvalue()
