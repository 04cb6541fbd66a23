"""The page around the content: own templates, styles and host; nothing that another host serves, nothing unused."""

from __future__ import annotations

import re
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config

from spinemets.course import COURSE_ID
from spinemets.explore.palette import css_variables

HERE = Path(__file__).parent

UNUSED = (
    "scripts/*.map",
    "scripts/fontawesome.js*",  # with its licence; bootstrap.js keeps its own
    "styles/*.map",
    "vendor",
    "images",
    "locales",
    "webpack-macros.html",
    "sbt-webpack-macros.html",
    "sphinx-book-theme.css",
    "basic.css.map",
    "plus.png",
    "minus.png",
    "file.png",
)
"""What the themes copy into ``_static`` and no page of ours asks for."""

_FONT_AWESOME = re.compile(
    r'@font-face\s*\{[^{}]*Font\\? Awesome[^{}]*\}|(?:\.fa[\w-]*:before,?)+\{content:"[^"]*"(?:;[^{}]*)?\}'
)


def without_font_awesome(css: str) -> str:
    """The theme's styles without the fonts and the list of icons of FontAwesome."""
    return _FONT_AWESOME.sub("", css)


def palette_css() -> str:
    """The palette's variables for the light and the dark theme; print is always light."""
    return (
        f":root {{ {css_variables('light')} }}\n"
        f"html[data-theme=dark] {{ {css_variables('dark')} }}\n"
        f"@media (prefers-color-scheme: dark) {{ html[data-theme=auto] {{ {css_variables('dark')} }} }}\n"
        f"@media print {{ html[data-theme] {{ {css_variables('light')} }} }}\n"
    )


def _own_digest() -> str:
    files = sorted(path for path in HERE.rglob("*") if path.suffix in {".py", ".html", ".js", ".css"})
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


def _configure(app: Sphinx, config: Config) -> None:
    config.templates_path.insert(0, str(HERE / "templates"))
    config.html_static_path.append(str(HERE / "static"))


def _add_files(app: Sphinx) -> None:
    if app.builder.format != "html":
        return
    app.add_css_file("sm-palette.css", priority=800)
    app.add_css_file("sm-icons.css", priority=801)
    app.add_css_file("sm.css", priority=802)
    app.add_js_file("host.js", priority=300, defer="defer", **{"data-course": COURSE_ID})
    static = Path(app.outdir, "_static")
    static.mkdir(parents=True, exist_ok=True)
    (static / "sm-palette.css").write_text(palette_css(), encoding="utf-8")


def _tidy(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    for pattern in UNUSED:
        for path in static.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    theme = static / "styles" / "pydata-sphinx-theme.css"
    if theme.is_file():
        theme.write_text(without_font_awesome(theme.read_text(encoding="utf-8")), encoding="utf-8")
    (static / "sm-palette.css").write_text(palette_css(), encoding="utf-8")


def _wrap_tables(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Let wide tables scroll in a box of their own that the keyboard can reach."""
    if "body" in context:
        context["body"] = scrolling_tables(context["body"])


_TABLE = re.compile(r'(<table class="(?!sm-)[^"]*"[^>]*>.*?</table>)', re.DOTALL)


def scrolling_tables(body: str) -> str:
    """Wrap each table of the text in ``<div class="sm-scroll">``; explorers' tables bring their own box."""
    return _TABLE.sub(r'<div class="sm-scroll" role="group" aria-label="Table" tabindex="0">\1</div>', body)


_TOGGLE = re.compile(r'(<a class="[^"]*\breference internal"[^>]*>(?P<name>[^<]+)</a><details[^>]*><summary)>')


def _name_toggles(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Give the arrows of the sidebar a name for screen readers; the theme leaves them without one."""
    if theme := context.get("generate_toctree_html"):
        context["generate_toctree_html"] = lambda *args, **options: named_toggles(str(theme(*args, **options)))


def named_toggles(sidebar: str) -> str:
    """Each ``<summary>`` named after the link before it."""
    return _TOGGLE.sub(lambda match: f'{match[1]} aria-label="Pages of {match["name"].strip()}">', sidebar)


_ID = re.compile(r'\sid="([^"]+)"')


def _html_anchors(app: Sphinx, doctree: nodes.document) -> None:
    """Let ``[text](#id)`` and ``[text](page.md#id)`` lead to ids that stand in HTML; MyST knows headings only."""
    ids = {id for raw in doctree.findall(nodes.raw) if raw.get("format") == "html" for id in _ID.findall(raw.astext())}
    own = app.env.metadata[app.env.docname]
    # MyST looks here for the anchors of another page: level, id and text of each.
    own["myst_slugs"] = {**{id: (0, id, id) for id in ids}, **own.get("myst_slugs", {})}
    for link in list(doctree.findall(addnodes.pending_xref)):
        target = link.get("reftarget", "").removeprefix("#")
        if link.get("reftype") == "myst" and link.get("refdomain") != "doc" and target in ids:
            link.replace_self(nodes.reference("", "", *link.children, internal=True, refid=target))


def connect(app: Sphinx) -> None:
    """Templates, styles and the host of every page."""
    app.add_config_value("comments_config", {}, "", [dict])  # Jupyter Book sets it, sphinx_comments is not loaded
    app.add_config_value("spinemets_publish", _own_digest(), "env", [str])
    app.connect("config-inited", _configure)
    app.connect("builder-inited", _add_files)
    app.connect("doctree-read", _html_anchors)
    app.connect("html-page-context", _wrap_tables, priority=700)
    app.connect("html-page-context", _name_toggles, priority=900)
    app.connect("build-finished", _tidy, priority=900)
