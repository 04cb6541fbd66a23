"""Items as a learner may see them before answering: a list of what is shown, never of what is hidden.

What a released question holds is chosen here field by field (a whitelist), so that a field added to the items later
stays on the instructor's machine until somebody lets it out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from . import grading
from .items import AnyItem, Calculated, Case, Choice, Choices, Hotspot, Match, Number, Order, Prediction, Short, places
from .parts import digest
from .render import html, without_links

Asked = dict[str, Any]

_NAMES_ANSWER = re.compile(r"\{answer(?::[^{}]*)?\}")
_TEXTS = {"question", "text", "shown"}


class NotAskedError(ValueError):
    """An item that cannot be asked without telling its answer; the message says why."""


def can_be_asked(item: AnyItem) -> bool:
    """Whether a release may hold the item.

    A case tells after each decision what follows from it, and a prediction has no score: neither is handed in.
    """
    return not isinstance(item, Case | Prediction)


def asked(item: AnyItem) -> Asked:
    """What the front end needs to ask: id, type, question and what to answer with; texts are HTML without links.

    Fields are those of :func:`spinemets.quiz.render.payload`; a calculated item has one question for each variant.

    Raises:
        NotAskedError: the item is a case or a prediction, or its question names its answer.
        TextError: a text that cannot be shown.
    """
    found: Asked = {key: _shown(key, value) for key, value in _content(item).items()}
    found["rule"] = grading.RULES.get(item.type, "")
    found["sensitive"] = bool(getattr(item, "sensitive", False))
    if isinstance(item, Hotspot):
        drawn = places(item.picture)
        found |= {"picture": drawn.picture, "label": drawn.label}
    return found


def asked_hash(item: AnyItem) -> str:
    """Twelve hex digits of what is asked: the only digest of an item that leaves the instructor's machine.

    It is made of the author's texts, not of their HTML or drawings, so that a new version of the software that renders
    them leaves hand-ins gradable.

    Raises:
        NotAskedError: as for :func:`asked`.
    """
    return digest(_content(item))


def _content(item: AnyItem) -> Asked:
    if isinstance(item, Calculated) and _NAMES_ANSWER.search(item.question):
        raise NotAskedError(f"{item.id}: the question names {{answer}}, so it tells it. Name only the parameters.")
    content = _CONTENT.get(type(item))
    if content is None:
        raise NotAskedError(
            f"{item.id}: a {item.type} is not asked in a hand-in. Expected one of: "
            f"{', '.join(sorted(kind.__name__.lower() for kind in _CONTENT))}"
        )
    return {"id": item.id, "type": item.type, **content(item)}


_CONTENT: dict[type, Callable[[Any], Asked]] = {
    Choice: lambda item: {"question": item.question, "options": [{"text": option.text} for option in item.options]},
    Choices: lambda item: {"question": item.question, "options": [{"text": option.text} for option in item.options]},
    Number: lambda item: {"question": item.question, "unit": item.unit},
    Order: lambda item: {"question": item.question, "shown": item.shown},
    Match: lambda item: {
        "question": item.question,
        "pairs": [{"text": pair.text} for pair in item.pairs],
        "shown": item.shown,
    },
    Hotspot: lambda item: {"question": item.question, "picture": item.picture, "options": _places(item)},
    Short: lambda item: {"question": item.question},
    Calculated: lambda item: {
        "unit": item.unit,
        "variants": [{"question": number.question, "unit": number.unit} for number in item.drawn()],
    },
}


def _places(item: Hotspot) -> list[Asked]:
    names = places(item.picture).names
    return [{"place": option.place, "text": names[option.place]} for option in item.options]


def _shown(key: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {inner: _shown(inner, text) for inner, text in value.items()}
    if isinstance(value, list):
        return [_shown(key, entry) for entry in value]
    return without_links(html(value)) if key in _TEXTS else value
