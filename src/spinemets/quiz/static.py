"""Items as plain HTML that needs no script: for print, and for an untrusted notebook. The key is in a ``<details>``."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from .render import Payload

SENSITIVE = "A question on survival; open it if you wish"
"""What stands on a closed question."""


def static(items: Iterable[Payload], *, key: bool = True) -> str:
    """A numbered list of items (payloads of :func:`spinemets.quiz.render.payload`), with or without hints and key."""
    return "<ol>" + "".join(f"<li>{_item(item, key)}</li>" for item in items) + "</ol>"


def _item(item: Payload, key: bool) -> str:
    if item["type"] == "calculated":
        item = {**item, **item["variants"][0]}
    question, answer, label = (
        (
            _case_question(item),
            _case_steps(item) + f"<div>{item['ending']}</div>",
            "The case, its decisions and what follows",
        )
        if item["type"] == "case"
        else (f"<div>{item['question']}</div>{_asked(item)}", solution(item), "Answer")
    )
    hints = f"<details><summary>Hints</summary>{_list(item['hints'])}</details>" if item.get("hints") else ""
    links = f"<p>Evidence: {', '.join(item['evidence'])}</p>" if item["evidence"] else ""
    shown = f"{question}{hints}<details><summary>{label}</summary>{answer}{links}</details>" if key else question
    if item.get("sensitive"):
        return f'<details class="sm-sensitive"><summary>{SENSITIVE}</summary>{shown}</details>'
    return shown


def _asked(item: Payload) -> str:
    """What there is to answer with."""
    kind = item["type"]
    if kind == "order":
        return _list(item["shown"])
    if kind == "match":
        return f"{_list(pair['text'] for pair in item['pairs'])}<p>To choose from:</p>{_list(item['shown'])}"
    if kind == "short":
        return "<p>Answer: a few words</p>"
    picture = item.get("picture", "")
    unit = f"<p>Answer: a number ({escape(item['unit'])})</p>" if item.get("unit") else ""
    return picture + (_list(option["text"] for option in item.get("options", ())) or unit)


def solution(item: Payload) -> str:
    """The right answer with what is said to it, and the explanation; of a calculated item with a variant's fields."""
    explanation = f"<div>{item['explanation']}</div>" if item.get("explanation") else ""
    return _KEYS.get(item["type"], _marked)(item) + explanation


def _prediction(item: Payload) -> str:
    key = item["options"][item["answer"]]["text"] if item["options"] else _value(item)
    return f"<p>{key}</p><div>{item['model_answer']}</div>"


def _number(item: Payload) -> str:
    return f"<p>{_value(item)}</p><div>{item['feedback']['right']}</div>"


def _short(item: Payload) -> str:
    return f"<p>{escape(item['said'])}</p><div>{item['feedback']['right']}</div>"


def _order(item: Payload) -> str:
    steps = "".join(f"<li>{item['shown'][place]}</li>" for place in item["key"])
    return f"<ol>{steps}</ol><div>{item['feedback']['right']}</div>"


def _match(item: Payload) -> str:
    return _list(f"{pair['text']} — {pair['match']}: {pair['feedback']}" for pair in item["pairs"])


def _marked(item: Payload) -> str:
    return _list(
        f"<strong>{'Right' if option['correct'] else 'Not right'}:</strong> {option['text']} — {option['feedback']}"
        for option in item["options"]
    )


_KEYS = {
    "prediction": _prediction,
    "number": _number,
    "calculated": _number,
    "short": _short,
    "order": _order,
    "match": _match,
}


def _case_question(item: Payload) -> str:
    return f"<p><strong>{escape(item['title'])}</strong></p><div>{item['person']}</div>"


def _case_steps(item: Payload) -> str:
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


def _value(item: Payload) -> str:
    return f"{item['answer']:g} {escape(item['unit'])}".strip()


def _list(entries: Iterable[str]) -> str:
    lines = "".join(f"<li>{entry}</li>" for entry in entries)
    return f"<ul>{lines}</ul>" if lines else ""
