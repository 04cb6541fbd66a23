"""The learner's widget: items of the bank, with their answers kept in :mod:`spinemets.progress`.

The same front end (``front/quiz.mjs``) runs in JupyterLab, where this module answers its messages, and on the published
page, where the page does. While a book is built (``SPINEMETS_BAKE``) nothing of this computer goes into the widget: no
progress, no path.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any, Protocol

import anywidget
import traitlets

from spinemets import progress
from spinemets.course import COURSE_ID
from spinemets.explore.palette import css_variables

from . import bank, render
from .cases import Case
from .front import esm
from .items import AnyItem
from .static import static

_CARD_PAGE = re.compile(r'(href="(?:\.\./)?evidence/[\w-]+)\.md#')
_HERE = Path(__file__).parent
_DARK = "html[data-theme=dark] .sm-quiz, body[data-jp-theme-light=false] .sm-quiz"
_COLOURS = f".sm-quiz {{ {css_variables('light')} }}\n{_DARK} {{ {css_variables('dark')} }}\n"


def rules(name: str) -> str:
    """The style of a front end without its colours: that of all quizzes, and its own (``review.css``)."""
    styles = dict.fromkeys((_HERE / "quiz.css", _HERE / f"{name}.css"))
    return "\n".join(path.read_text(encoding="utf-8") for path in styles if path.is_file())


def front(name: str) -> tuple[str, str]:
    """The module and the style of a front end."""
    return esm(name), _COLOURS + rules(name)


class Quiz(anywidget.AnyWidget):
    """Items shown to a learner; made by :func:`quiz`, :func:`question` and the other functions of this module.

    A widget with another front end is a subclass with ``_esm, _css = front(NAME)`` and its own messages in ``_answer``.
    """

    _esm, _css = front("quiz")

    items = traitlets.List(traitlets.Dict()).tag(sync=True)
    progress = traitlets.Dict().tag(sync=True)
    cards = traitlets.Dict().tag(sync=True)
    options = traitlets.Dict().tag(sync=True)

    def __init__(
        self, items: Sequence[render.Payload], *, mode: str, stem: str, title: str, lead: str = "", **more: Any
    ) -> None:
        """The items (payloads) and what the front end is told besides: ``more`` goes into the ``options``."""
        building = bool(os.environ.get("SPINEMETS_BAKE"))
        records, notice = ({}, "") if building else _stored(items)
        if building:
            items = [_published(item) for item in items]
        super().__init__(
            items=list(items),
            progress=records,
            cards=_cards(items),
            options={
                "mode": mode,
                "stem": stem,
                "title": title,
                "course": COURSE_ID,
                "where": "" if building else str(progress.path()),
                "notice": notice,
                "lead": "" if building else lead,
                **more,
            },
        )
        self.on_msg(lambda _widget, content, _buffers: self.receive(content))

    def receive(self, message: dict[str, Any]) -> None:
        """Answer a message of the front end; what cannot be done is answered with an error, never raised."""
        try:
            self.send(self._answer(message))
        except progress.ProgressError as error:
            self.send({"kind": "error", "item": message.get("item"), "message": str(error)})

    def _answer(self, message: dict[str, Any]) -> dict[str, Any]:
        kind = message.get("kind")
        if kind == "save":
            item, hash, record = message["item"], message["hash"], message["record"]
            record = progress.save(item, hash, record)  # with what another kernel stored meanwhile
            self.progress = {**self.progress, item: {"hash": hash, "record": record}}
            return {"kind": "saved", "item": item, "message": progress.notice()}
        if kind == "export":
            return {"kind": "export", "data": progress.export()}
        if kind == "import":
            counts = progress.import_(message.get("data"))
            self.progress = _records(self.items)
            return {"kind": "imported", "progress": self.progress, **counts}
        if kind == "reset":
            kept = progress.reset()
            self.progress = {}
            where = f"A copy is kept in {kept}; Import takes it back." if kept else "There was nothing to delete."
            return {"kind": "reset", "progress": {}, "message": where}
        raise progress.ProgressError(f"The quiz sent {kind!r}, which this version does not know. Run the cell again.")

    def __repr__(self) -> str:
        ids = ", ".join(f"{item['id']} {item.get('hash')}" for item in self.items)
        digest = sha256(ids.encode()).hexdigest()[:12]
        options = self.options
        count = f"{len(self.items)} item" + ("" if len(self.items) == 1 else "s")
        return f"{options['mode'].capitalize()} {options['stem']}: {options['title']}, {count} ({digest})"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        made = super()._repr_mimebundle_(**kwargs)
        if made is None:
            return None
        bundle, metadata = made
        heading = f"<p><strong>{escape(self.options['title'])}</strong></p>" if self.options["title"] else ""
        return {**bundle, "text/html": heading + static(self.items, key=self.options["mode"] != "before")}, metadata


class Predicted(Protocol):
    """An explorer that asks for a prediction first, as far as :func:`recall` needs it."""

    id: str
    predict: Any


def quiz(stem: str) -> Quiz:
    """The items of a chapter that its text does not show already, such as ``quiz("05-metastasis")``.

    Raises:
        QuizError: the file does not exist or is malformed.
    """
    content = bank.load(stem)
    items = payloads(stem, (item for item in content.items if not item.in_text))
    return Quiz(items, mode="quiz", stem=stem, title=content.title)


def before(stem: str) -> Quiz:
    """The questions that a chapter asks before it begins: an answer is kept, and nothing is told until the quiz.

    Raises:
        QuizError: the file does not exist or is malformed, or none of its items may be asked before.
    """
    asked = [item for item in bank.load(stem).items if getattr(item, "before", False) and not isinstance(item, Case)]
    if not asked:
        raise bank.QuizError(
            f"quizzes/{stem}.yml: no item is asked before the chapter. Expected 'before: true' on two or three items, "
            "not on a case, which tells what follows. Example: before: true"
        )
    return Quiz(payloads(stem, asked), mode="before", stem=stem, title="Before you read")


def question(stem: str, id: str) -> Quiz:
    """One item of a chapter's quiz.

    Raises:
        QuizError: the file or the item does not exist.
    """
    return Quiz(payloads(stem, [bank.item(stem, id)]), mode="question", stem=stem, title="")


def exercise(id: str, lead: str = "") -> Quiz:
    """The form of a "try it" exercise; ``lead`` is a sentence above it in JupyterLab.

    Raises:
        QuizError: no chapter has such an exercise.
    """
    stem, found = bank.exercise(id)
    return Quiz(payloads(stem, [found]), mode="exercise", stem=stem, title="", lead=lead)


def recall(stem: str, *explorers: Predicted) -> Quiz:
    """The learner's predictions of a chapter beside the answers, for the chapter's end.

    Args:
        stem: the chapter.
        explorers: explorers of the chapter whose predictions are shown too.

    Raises:
        QuizError: the file does not exist or is malformed.
    """
    content = bank.load(stem)
    items = [_explorer_payload(explorer) for explorer in explorers if explorer.predict is not None]
    items += payloads(stem, (item for item in content.items if item.type == "prediction"))
    return Quiz(items, mode="recall", stem=stem, title="What you predicted")


def payloads(stem: str, items: Iterable[AnyItem]) -> list[render.Payload]:
    """Items of a chapter for the front end.

    Raises:
        QuizError: a text of an item cannot be shown; the message names the item.
    """
    made = []
    for item in items:
        try:
            made.append(render.payload(item))
        except render.TextError as error:
            raise bank.QuizError(f"quizzes/{stem}.yml: {item.id}: {error}") from error
    return made


def _explorer_payload(explorer: Predicted) -> render.Payload:
    predict = explorer.predict
    return {
        "id": f"predict.{explorer.id}",
        "type": "prediction",
        "hash": None,  # the explorer's own; the newest record counts
        "question": render.html(predict.question),
        "options": [{"text": render.html(str(option))} for option in predict.options],
        "answer": list(predict.options).index(predict.answer) if predict.options else predict.answer,
        "unit": predict.unit,
        "model_answer": render.html(predict.model_answer),
        "explanation": "",
        "evidence": [],
        "sensitive": bool(getattr(explorer, "sensitive", "")),
    }


def _published(value: Any) -> Any:
    """The same payload with links to the cards' pages as the book will have them (``.html``)."""
    if isinstance(value, dict):
        return {key: _published(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_published(inner) for inner in value]
    return _CARD_PAGE.sub(r"\1.html#", value) if isinstance(value, str) else value


def _records(items: Sequence[render.Payload]) -> dict[str, Any]:
    return progress.load({item["id"]: item["hash"] for item in items})


def _stored(items: Sequence[render.Payload]) -> tuple[dict[str, Any], str]:
    """Stored records of the items and, if reading failed, why: a quiz shows with or without them."""
    try:
        return _records(items), progress.notice()
    except progress.ProgressError as error:
        return {}, str(error)


def _cards(items: Sequence[render.Payload]) -> dict[str, str]:
    """The cards that the items' texts and evidence lines link to."""
    from spinemets.evidence import card_html

    texts = [str(item) for item in items]
    return {id: card_html(id) for text in texts for id in render.cards_named(text)}
