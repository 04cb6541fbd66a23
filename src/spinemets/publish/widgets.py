"""Widgets on the page: a mount point that already shows picture, words and table, and the models for the host."""

from __future__ import annotations

import html
import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from spinemets.explore.view import ASSET

from .execute import Folders, wanted_frames
from .frames import publish_frames

LOGGER = logging.getLogger(__name__)
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"

ASSETS = "_static/frames/assets/"


_SOURCE_LINK = re.compile(r'(href="(?!https?:)[^"?#]*)\.(?:md|ipynb)(?=["?#])')
"""Links inside widgets are written as in the notebooks, to Markdown files; the book has HTML."""


_ADDRESS = re.compile(r" at 0x[0-9a-f]+>$")
_NEEDS_SCRIPT = "An interactive figure, which needs JavaScript."


class Renderer:
    """Entry point ``myst_nb.mime_renderers``: puts a mount point where a widget was displayed."""

    mime_priority_overrides = [("html", WIDGET_VIEW, 1)]

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Element] | None:
        """The mount point of a widget, or ``None`` for any other output."""
        if inline or data.mime_type != WIDGET_VIEW:
            return None
        client = renderer.renderer.nb_client
        docname = renderer.renderer.sphinx_env.docname
        models = client.nb_metadata.get("widgets", {}).get(WIDGET_STATE, {}).get("state", {})
        id = data.content["model_id"]
        bundle = client.code_cell_outputs(data.cell_index)[1][data.output_index]["data"]
        state = models.get(id, {}).get("state", {})
        if "_esm" not in state:
            LOGGER.warning(
                "a widget of kind %s cannot live on a page: only anywidgets can. Its picture or text stands there.",
                models.get(id, {}).get("model_name", "unknown"),
                location=(docname, data.line),
            )
        return [nodes.raw("", mount_point(id, state, bundle, "../" * docname.count("/")), format="html")]


def mount_point(id: str, state: dict[str, Any], bundle: dict[str, Any], up: str) -> str:
    """The ``div`` that the host fills, with what stands there without JavaScript and in print.

    Args:
        id: id of the model.
        state: its traits.
        bundle: the other forms of the same output, by MIME type.
        up: way from the page to the book's folder, such as ``"../"``.
    """
    spec = state.get("spec") or {}
    anchor = f' id="{html.escape(spec["id"])}"' if "id" in spec else ""
    gated = " sm-gated" if spec.get("predict") or spec.get("sensitive") else ""
    inside = _explorer(spec, state["frame"], up) if spec and state.get("frame") else _other(bundle)
    fallback = f'<div class="sm-fallback">{linked(inside)}</div>'
    return f'<div class="sm-widget{gated}"{anchor} data-model="{id}">{fallback}</div>\n'


def linked(value: Any) -> Any:
    """A text, or all texts in a trait, with links to notebooks and Markdown files leading to the book's pages."""
    if isinstance(value, str):
        return _SOURCE_LINK.sub(r"\1.html", value)
    if isinstance(value, dict):
        return {key: linked(inner) for key, inner in value.items()}
    return [linked(inner) for inner in value] if isinstance(value, list) else value


def _explorer(spec: dict[str, Any], frame: dict[str, Any], up: str) -> str:
    title = html.escape(spec.get("title") or "")
    heading = f'<p class="sm-title">{title}</p>' if title else ""
    body = (
        f'<div class="sm-picture">{placed(frame["picture"], up)}</div>'
        f'<p class="sm-summary">{html.escape(frame["summary"])}</p>{table(frame.get("table"))}'
    )
    if spec.get("sensitive"):
        reason = html.escape(spec["sensitive"])
        return f'{heading}<details class="sm-sensitive"><summary>Open on request: {reason}</summary>{body}</details>'
    return heading + body


def placed(picture: str, up: str) -> str:
    """The picture with its rasters' addresses as seen from the page."""
    return ASSET.sub(lambda match: f"{up}{ASSETS}{match[1]}.{match[2]}", picture)


def table(data: dict[str, Any] | None) -> str:
    """The data of a frame as a closed ``<details>`` with a table; empty without data."""
    if not data:
        return ""
    head = "".join(f'<th scope="col">{html.escape(str(column))}</th>' for column in data["columns"])
    rows = "".join(
        f'<tr><th scope="row">{html.escape(str(row[0]))}</th>'
        + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row[1:])
        + "</tr>"
        for row in data["rows"]
    )
    caption = f"<caption>{html.escape(data['caption'])}</caption>" if data.get("caption") else ""
    return (
        '<details class="sm-data"><summary>The data as a table</summary>'
        '<div class="sm-scroll" role="region" aria-label="Data of the figure" tabindex="0">'
        f'<table class="sm-table">{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></details>'
    )


def _other(bundle: dict[str, Any]) -> str:
    if "text/html" in bundle:
        return str(bundle["text/html"])
    words = str(bundle.get("text/plain", ""))
    # An object's default name ends in its place in memory: no words for a reader, and others in every build.
    text = html.escape(words) if words and not _ADDRESS.search(words) else _NEEDS_SCRIPT
    if "image/png" in bundle:
        return f'<img alt="{text}" src="data:image/png;base64,{str(bundle["image/png"]).strip()}">'
    return f"<pre>{text}</pre>"


def page_models(state: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The anywidget models of a page without their sources, and the sources by file name (``HASH.js``, ``HASH.css``).

    Args:
        state: the widget state as Jupyter stores it, models by id.
    """
    sources: dict[str, str] = {}
    kept: dict[str, Any] = {}
    for id, model in state.items():
        traits = model["state"]
        if "_esm" not in traits:
            continue
        own = {name: linked(value) for name, value in traits.items() if not name.startswith("_")}
        if "progress" in own:
            own["progress"] = {}  # of whoever built the book; the reader's own is in the reader's browser
        if own.get("baked"):
            own["assets"] = {}
        name = _hash(traits["_esm"])
        sources[f"{name}.js"] = f"spinemets.esm({json.dumps(name)}, {json.dumps(traits['_esm'])});\n"
        if traits.get("_css"):
            sources[f"{_hash(traits['_css'])}.css"] = traits["_css"]
        kept[id] = {"esm": name, "state": own}
    return kept, sources


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def _slim(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Replace Jupyter's widget state in the page by :func:`page_models`."""
    scripts = context.get("script_files", [])
    for script in [s for s in scripts if getattr(s, "attributes", {}).get("type") == WIDGET_STATE]:
        scripts.remove(script)
        body = script.attributes["body"].replace(r"<\/script>", "</script>")
        kept, sources = page_models(json.loads(body)["state"])
        folder = Path(app.outdir, "_static", "esm")
        folder.mkdir(parents=True, exist_ok=True)
        for name, source in sources.items():
            (folder / name).write_text(source, encoding="utf-8")
            if name.endswith(".js"):
                app.add_js_file(f"esm/{name}", priority=400, defer="defer")
            else:
                app.add_css_file(f"esm/{name}", priority=790)
        data = json.dumps(kept, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
        context["body"] += f'<script type="application/json" id="sm-models">{data}</script>\n'


def _write_frames(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    folders = Folders.of(app)
    publish_frames(wanted_frames(folders), folders.bake, Path(app.outdir, "_static", "frames"))


def connect(app: Sphinx) -> None:
    """Models into pages, frames into ``_static``."""
    app.connect("html-page-context", _slim, priority=650)
    app.connect("build-finished", _write_frames, priority=400)
