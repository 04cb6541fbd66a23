"""Evidence cards on hover: links to ``evidence/NN-slug.md#finding`` get the card as a template in the same page."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from .execute import content_digest

LOGGER = logging.getLogger(__name__)

_DOCUMENT = re.compile(r"evidence/\d{2}-[a-z0-9-]+$")
_MARK = "sm-card-of-"
_LINK = re.compile(
    rf'<a class="reference internal"( href="[^"]+")>(<span class="std std-ref">)<span class="{_MARK}([\w.-]+)">'
)


def mark(app: Sphinx, doctree: nodes.document) -> None:
    """Note the finding's id on the text of each link, since a resolved link only keeps the heading's id."""
    for link in doctree.findall(addnodes.pending_xref):
        if _DOCUMENT.fullmatch(link.get("reftarget") or "") and link.get("reftargetid"):
            text = link[0]
            text[:] = [nodes.inline("", "", *text.children, classes=[_MARK + link["reftargetid"]])]


def linked(body: str) -> tuple[str, list[str]]:
    """The page's body with ``class="sm-card" data-card="ID"`` on its card links, and the ids in order of appearance."""
    ids: dict[str, None] = {}

    def replace(match: re.Match[str]) -> str:
        href, span, finding = match.groups()
        ids[finding] = None
        return f'<a class="reference internal sm-card" data-card="{finding}"{href}>{span}<span>'

    return _LINK.sub(replace, body), list(ids)


def templates(ids: list[str]) -> str:
    """The cards as inert templates, to stand at the end of the page's body.

    Raises:
        KeyError: no such finding.
    """
    from spinemets.evidence import card_html

    return "".join(f'<template class="sm-card-template" data-card="{id}">{card_html(id)}</template>\n' for id in ids)


def _embed(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: object) -> None:
    if "body" not in context:
        return
    body, ids = linked(context["body"])
    known = []
    for id in ids:
        try:
            templates([id])
        except KeyError:
            LOGGER.warning("%s links to the finding %r, which evidence/ does not have", pagename, id, location=pagename)
        else:
            known.append(id)
    context["body"] = body + templates(known)


def _outdated(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """Pages whose cards changed since they were written."""
    now = content_digest()
    before, env.spinemets_content = getattr(env, "spinemets_content", now), now
    return [] if before == now else sorted(getattr(env, "spinemets_card_pages", set()) & env.found_docs)


def _remember(app: Sphinx, doctree: nodes.document) -> None:
    env = app.env
    pages: set[str] = getattr(env, "spinemets_card_pages", set())
    has_cards = any(
        any(name.startswith(_MARK) for name in element.get("classes", ())) for element in doctree.findall(nodes.Element)
    )
    (pages.add if has_cards else pages.discard)(env.docname)
    env.spinemets_card_pages = pages


def _anchors(app: Sphinx, doctree: nodes.document) -> None:
    """Let ``evidence/NN-slug.html#finding`` work with the finding's own id, underscores and dots included."""
    if not _DOCUMENT.fullmatch(app.env.docname):
        return
    slugs = app.env.metadata[app.env.docname].get("myst_slugs", {})
    by_id = {id: section for section in doctree.findall(nodes.section) for id in section["ids"]}
    for slug, (_, id, _) in slugs.items():
        if id in by_id and slug not in by_id:
            by_id[id]["ids"].append(slug)


def connect(app: Sphinx) -> None:
    """Mark links when a page is read, embed cards when it is written."""
    app.connect("doctree-read", mark)
    app.connect("doctree-read", _remember, priority=600)
    app.connect("doctree-read", _anchors, priority=600)
    app.connect("env-get-outdated", _outdated)
    app.connect("html-page-context", _embed, priority=600)
