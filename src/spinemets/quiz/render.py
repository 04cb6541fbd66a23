"""Items as the front end gets them (texts already HTML), and as plain HTML that needs no script."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from .items import AnyItem, Prediction, resolved

Payload = dict[str, Any]

_CARD = re.compile(r"^(?:\.\./)?evidence/[\w-]+\.md#([\w.-]+)$")
_HTML_FIELDS = {"text", "question", "feedback", "right", "wrong", "explanation", "hint", "model_answer"}
_HTML_FIELDS |= {"person", "consequence", "ending"}
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


@lru_cache(maxsize=4096)
def html(markdown: str) -> str:
    """Markdown as HTML; raw HTML in it is shown as text, links to evidence cards become ``a.sm-card``."""
    tokens = _MARKDOWN.parse(markdown.strip())
    single = len(tokens) == 3 and tokens[0].type == "paragraph_open"
    for token in _flat(tokens):
        card = _CARD.match(str(token.attrGet("href") or "")) if token.type == "link_open" else None
        if card:
            token.attrs = {"class": "sm-card", "data-card": card[1], "href": token.attrs["href"]}
    shown = tokens[1:2] if single else tokens
    return str(_MARKDOWN.renderer.render(shown, _MARKDOWN.options, {})).strip()


def cards_named(markup: str) -> list[str]:
    """Ids of the cards that an HTML text links to."""
    return re.findall(r'data-card="([\w.-]+)"', markup)


def payload(item: AnyItem) -> Payload:
    """An item for the front end: its fields with texts as HTML, its hash, and its evidence as links."""
    content = {key: _html_of(key, value) for key, value in resolved(item).items()}
    content["hash"] = item.hash
    content["evidence"] = [evidence_link(id) for id in item.evidence]
    if isinstance(item, Prediction) and item.options:
        content["answer"] = [option.text for option in item.options].index(str(item.answer))
    return content


def evidence_link(id: str) -> str:
    """A link to the card of a finding or table."""
    from spinemets.evidence.bank import bank, entry

    page = f"../evidence/{bank().chapter_of[id]}.md#{id}"
    return f'<a class="sm-card" data-card="{id}" href="{page}">{escape(entry(id).title)}</a>'


def static(items: Iterable[Payload]) -> str:
    """The items without any script, for print and for an untrusted notebook: the key is in a ``<details>``."""
    return "<ol>" + "".join(f"<li>{_static_item(item)}</li>" for item in items) + "</ol>"


def _static_item(item: Payload) -> str:
    if item["type"] == "case":
        question = f"<p><strong>{escape(item['title'])}</strong></p><div>{item['person']}</div>"
        answer = f"{_static_steps(item)}<div>{item['ending']}</div>"
        label = "The case, its decisions and what follows"
    else:
        unit = f"<p>Answer: a number ({escape(item['unit'])})</p>" if item.get("unit") else ""
        question = f"<div>{item['question']}</div>{_list(option['text'] for option in item.get('options', ())) or unit}"
        answer = _static_answer(item)
        label = "Answer"
    links = f"<p>Evidence: {', '.join(item['evidence'])}</p>" if item["evidence"] else ""
    shown = f"{question}<details><summary>{label}</summary>{answer}{links}</details>"
    if item.get("sensitive"):
        summary = "A question on survival; open it if you wish"
        return f'<details class="sm-sensitive"><summary>{summary}</summary>{shown}</details>'
    return shown


def _static_answer(item: Payload) -> str:
    explanation = f"<div>{item['explanation']}</div>" if item.get("explanation") else ""
    if item["type"] == "prediction":
        options = item["options"]
        key = options[item["answer"]]["text"] if options else _number(item)
        return f"<p>{key}</p><div>{item['model_answer']}</div>{explanation}"
    if item["type"] == "number":
        return f"<p>{_number(item)}</p><div>{item['feedback']['right']}</div>{explanation}"
    marks = (
        f"<strong>{'Right' if option['correct'] else 'Not right'}:</strong> {option['text']} — {option['feedback']}"
        for option in item["options"]
    )
    return _list(marks) + explanation


def _static_steps(item: Payload) -> str:
    names = {step["id"]: f"step {i}" for i, step in enumerate(item["steps"], start=1)} | {"end": "the end"}
    steps = []
    for step in item["steps"]:
        options = (
            f"{option['text']} — {option['consequence']} ({option['points']} points; to {names[option['next']]})"
            for option in step["options"]
        )
        heading = names[step["id"]].capitalize()
        steps.append(
            f"<p><strong>{heading}</strong></p><div>{step['text']}</div><div>{step['question']}</div>{_list(options)}"
        )
    return "".join(steps)


def _number(item: Payload) -> str:
    return f"{item['answer']:g} {escape(item['unit'])}".strip()


def _list(entries: Iterable[str]) -> str:
    lines = "".join(f"<li>{entry}</li>" for entry in entries)
    return f"<ul>{lines}</ul>" if lines else ""


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
