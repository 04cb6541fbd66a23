"""Items as the front end gets them: texts already HTML, evidence as links."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from spinemets.course import root
from spinemets.mathml import FormulaError, mathml

from . import grading
from .items import AnyItem, Hotspot, Match, Order, Prediction, Short, places, words

Payload = dict[str, Any]
LARGEST_PICTURE = 20_000
"""Bytes; a third more in the text, which must stay below the bound of an item."""
_ANCHOR = re.compile(r"</?a(?: [^>]*)?>")
LARGEST_ITEM = 30_000
"""Bytes of an item with all its variants, steps and pictures; as much as a frame of an explorer."""
_PICTURES = {".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp", ".svg": "image/svg+xml"}


class TextError(ValueError):
    """A text of a quiz cannot be shown; the message says why."""


_CARD = re.compile(r"^(?:\.\./)?evidence/[\w-]+\.md#([\w.-]+)$")
_HTML_FIELDS = {"text", "question", "feedback", "right", "wrong", "explanation", "hints", "model_answer"}
_HTML_FIELDS |= {"person", "consequence", "ending", "steps", "match", "shown"}


@lru_cache(maxsize=4096)
def html(markdown: str) -> str:
    """Markdown as HTML; raw HTML in it is shown as text, links to evidence cards become ``a.sm-card``.

    Formulas between dollar signs become MathML. Pictures of the course (``![words](book/images/x.png)``, seen from the
    course's folder) are put into the text itself, so that a quiz needs no other file.

    Raises:
        TextError: a formula or a picture that does not work, or a picture without words for who cannot see it.
    """
    tokens = _MARKDOWN.parse(markdown.strip())
    single = len(tokens) == 3 and tokens[0].type == "paragraph_open"
    for token in _flat(tokens):
        card = _CARD.match(str(token.attrGet("href") or "")) if token.type == "link_open" else None
        if card:
            token.attrs = {"class": "sm-card", "data-card": card[1], "href": token.attrs["href"]}
        if token.type == "image":
            token.attrs["src"] = _picture(str(token.attrs["src"]), token.content)
    shown = tokens[1:2] if single else tokens
    return str(_MARKDOWN.renderer.render(shown, _MARKDOWN.options, {})).strip()


def _picture(source: str, words: str) -> str:
    """The data URL of a picture of the course."""
    path = (root() / source).resolve()
    kind = _PICTURES.get(path.suffix.lower())
    if not words.strip():
        raise TextError(f"the picture {source} has no words for who cannot see it. Example: ![A vertebra]({source})")
    if kind is None or not path.is_file() or not path.is_relative_to(root()):
        raise TextError(
            f"there is no picture {source}; expected a {', '.join(_PICTURES)} file below the course's folder. "
            "Example: ![A vertebra from above](book/images/vertebra.svg)"
        )
    if path.stat().st_size > LARGEST_PICTURE:
        raise TextError(f"the picture {source} is larger than {LARGEST_PICTURE // 1000} kB; make it smaller")
    return f"data:{kind};base64,{b64encode(path.read_bytes()).decode()}"


def _formula(formula: str, options: dict[str, Any]) -> str:
    try:
        return mathml(formula, block=options["display_mode"])
    except FormulaError as error:
        raise TextError(str(error)) from error


_MARKDOWN = (
    MarkdownIt("commonmark", {"html": False})
    .enable("table")
    .use(dollarmath_plugin, allow_digits=False, renderer=_formula)
)


def without_links(markup: str) -> str:
    """An HTML text with the words of its links and nothing to follow."""
    return _ANCHOR.sub("", markup)


def cards_named(markup: str) -> list[str]:
    """Ids of the cards that an HTML text links to."""
    return re.findall(r'data-card="([\w.-]+)"', markup)


def payload(item: AnyItem) -> Payload:
    """An item for the front end: its fields with texts as HTML, its hash, and its evidence as links.

    What a type adds: ``order`` and ``match`` have ``shown`` (the order of the alphabet) and ``key`` (places in it);
    ``hotspot`` its ``picture`` as SVG with ``label``, and a ``text`` for each place; ``short`` its forms as
    :func:`spinemets.quiz.items.words` compares them; ``calculated`` its ``variants``, each a number item's fields;
    types with partial credit the ``rule``.

    Raises:
        TextError: a text that cannot be shown, or an item that is too large.
    """
    content = {key: _html_of(key, value) for key, value in _content(item).items()}
    content["hash"] = item.hash
    content["evidence"] = [evidence_link(id) for id in item.evidence]
    content["rule"] = grading.RULES.get(item.type, "")
    if isinstance(item, Prediction) and item.options:
        content["answer"] = [option.text for option in item.options].index(str(item.answer))
    if isinstance(item, Hotspot):
        content |= {"picture": places(item.picture).picture, "label": places(item.picture).label}
    size = len(json.dumps(content, ensure_ascii=False).encode())
    if size > LARGEST_ITEM:
        raise TextError(
            f"it takes {size:,} bytes, more than {LARGEST_ITEM:,}: have fewer variants or steps, or smaller pictures"
        )
    return content


def _content(item: AnyItem) -> Payload:
    content = item.content()
    if isinstance(item, Order | Match):
        content |= {"shown": item.shown, "key": item.key}
    if isinstance(item, Order):
        del content["steps"]
    if isinstance(item, Hotspot):
        names = places(item.picture).names
        content["options"] = [{**option, "text": names[option["place"]]} for option in content["options"]]
    if isinstance(item, Short):
        content["accepted"] = sorted(item.forms)
        content["said"] = item.accepted[0]
        content["slips"] = [{**slip, "texts": [words(text) for text in slip["texts"]]} for slip in content["slips"]]
    return content


def evidence_link(id: str) -> str:
    """A link to the card of a finding or table."""
    from spinemets.evidence.bank import bank, entry

    page = f"../evidence/{bank().chapter_of[id]}.md#{id}"
    return f'<a class="sm-card" data-card="{id}" href="{page}">{escape(entry(id).title)}</a>'


def _html_of(key: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {inner: _html_of(inner, text) for inner, text in value.items()}
    if isinstance(value, list):
        return [_html_of(key, entry) for entry in value]
    return html(value) if key in _HTML_FIELDS and isinstance(value, str) else value


def _flat(tokens: Iterable[Token]) -> Iterable[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()
