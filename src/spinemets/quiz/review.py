"""``review()``: what to review today, over the questions of all chapters, in JupyterLab and on the published page."""

from __future__ import annotations

from html import escape
from typing import Any

import anywidget
from ruamel.yaml import YAML

from spinemets import course

from . import bank, render
from .answered import questions
from .widget import Quiz, front, payloads


class Review(Quiz):
    """What is due, what comes next, what is mastered, how often "sure" was right, and a page to print.

    The front end (``front/review.mjs``) reads all records by the message ``export`` and computes the days itself.
    """

    _esm, _css = front("review")

    def __init__(self) -> None:
        chapters, title = _chapters(), _course_title()
        super().__init__(
            _items(), mode="review", stem="", title="What to review today", chapters=chapters, course_title=title
        )

    def __repr__(self) -> str:
        return "What to review today, over the questions of all chapters"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        # Not the items with their keys, as a quiz prints them: the page shows what is due, and there is none on paper.
        made = anywidget.AnyWidget._repr_mimebundle_(self, **kwargs)
        return made and ({**made[0], "text/html": _on_paper(self.options["chapters"])}, made[1])


def review() -> Review:
    """What to review today.

    Raises:
        CourseError: the table of contents, a notebook or a quiz is missing or malformed.
    """
    return Review()


def _items() -> list[render.Payload]:
    """The graded items of all chapters; of a case, which is not asked here, only what mastery needs."""
    found = []
    for one in questions():
        (payload,) = payloads(one.chapter, [bank.item(one.chapter, one.id)])
        if one.type == "case":
            payload = {key: payload[key] for key in ("id", "hash", "type", "objective", "from")}
        found.append({**payload, "chapter": one.chapter})
    return found


def _chapters() -> list[dict[str, Any]]:
    stems = {one.chapter for one in questions()}
    return [
        {
            "stem": chapter.stem,
            "title": chapter.title,
            "link": f'<a href="{chapter.stem}.ipynb">{escape(chapter.title)}</a>',
            "objectives": list(course.objectives(chapter.stem)),
        }
        for chapter in course.chapters()
        if chapter.stem in stems
    ]


def _course_title() -> str:
    config: dict[str, Any] = YAML(typ="safe").load((course.root() / "_config.yml").read_text(encoding="utf-8"))
    return str(config["title"])


def _on_paper(chapters: list[dict[str, Any]]) -> str:
    """The objectives of all chapters, for who has no script and for print."""
    rows = "".join(
        f"<li>{chapter['link']}<ul>{''.join(f'<li>{escape(text)}</li>' for text in chapter['objectives'])}</ul></li>"
        for chapter in chapters
    )
    lead = "What is due today needs JavaScript. These are the objectives that the questions ask for:"
    return f"<p>{lead}</p><ul>{rows}</ul>"
