"""One widget as a page of its own, everything in one file, as it will be in the book."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

from anywidget import AnyWidget

from .page import palette_css
from .widgets import page_models

_STATIC = Path(__file__).parent / "static"
_FONT = re.compile(r"@font-face\s*\{[^}]*\}")
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{css}
body {{ max-width: 45rem; margin: 0 auto; padding: 1rem; font-family: system-ui, sans-serif; color: var(--sm-ink); background: var(--sm-paper); }}
</style>
<script>document.documentElement.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";</script>
<script data-course="{course}">{host}</script>
<script>{sources}</script>
<main><h1>{title}</h1><div class="sm-widget" data-model="only"><div class="sm-fallback">{fallback}</div></div></main>
<script type="application/json" id="sm-models">{models}</script>
</html>
"""  # noqa: E501


def standalone(widget: AnyWidget, title: str, *, course: str) -> str:
    """The page's HTML.

    Args:
        title: its title, plain text.
        course: name under which answers are kept in the browser; one of its own keeps them from the reader's progress.
    """
    kept, sources = page_models({"only": {"state": widget.get_state()}})
    scripts = "".join(text for name, text in sources.items() if name.endswith(".js"))
    styles = [palette_css(), _FONT.sub("", (_STATIC / "sm.css").read_text(encoding="utf-8"))]
    styles += [text for name, text in sources.items() if name.endswith(".css")]
    return _PAGE.format(
        title=html.escape(title),
        css="\n".join(styles).replace("</", "<\\/"),
        course=html.escape(course),
        host=_inline((_STATIC / "host.js").read_text(encoding="utf-8")),
        sources=_inline(scripts),
        fallback=widget._repr_mimebundle_()[0].get("text/html", ""),
        models=json.dumps(kept, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c"),
    )


def _inline(script: str) -> str:
    """A script that may stand within a page: none of its texts ends it."""
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")
