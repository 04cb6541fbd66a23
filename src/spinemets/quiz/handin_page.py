"""The page of a hand-in: one HTML file that works from a folder as from any server, and asks for nothing else."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from spinemets.explore.palette import css_variables

from .front import esm
from .render import html
from .widget import rules

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>
{css}
</style>
</head>
<body class="sm-hand-in-page">
<main>
<h1>{title}</h1>
<div class="sm-notice">{notice}</div>
<div id="hand-in"><p>This page needs JavaScript to take your answers.</p></div>
</main>
<script type="application/json" id="bank">{bank}</script>
<script type="module">
{script}
page(JSON.parse(document.getElementById("bank").textContent), document.getElementById("hand-in"));
</script>
</body>
</html>
"""
_COLOURS = (
    f":root {{ color-scheme: light; {css_variables('light')} }}\n"
    f"@media (prefers-color-scheme: dark) {{ :root {{ color-scheme: dark; {css_variables('dark')} }} }}\n"
)
# The browser itself then refuses every request, so that "nothing is sent" does not rest on our word alone.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'"
)


def page(bank: dict[str, Any], notice: str) -> str:
    """The page that asks the items of a release.

    Args:
        bank: the content of ``bank.json``.
        notice: Markdown that stands above the questions.
    """
    return _PAGE.format(
        policy=_POLICY,
        title=escape(bank["title"]),
        css=_COLOURS + rules("handin"),
        notice=html(notice),
        # "<" would end the script element early.
        bank=json.dumps(bank, ensure_ascii=False).replace("<", "\\u003c"),
        script=esm("handin"),
    )
