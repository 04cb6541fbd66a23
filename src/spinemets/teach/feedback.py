"""A page for each student of a gradebook: what was asked and answered, what is right and why, and the score.

The pages hold the key; give them out when nobody can hand in any more. Each is one file that needs no other and runs
nothing. Its name is a digest, so that nothing a student typed becomes part of a path.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from spinemets.evidence.markdown import SAFETY
from spinemets.explore.palette import css_variables
from spinemets.quiz import grading
from spinemets.quiz.handin import variant_of
from spinemets.quiz.items import Calculated, GradedItem
from spinemets.quiz.render import Payload, html, payload, without_links
from spinemets.quiz.static import SENSITIVE, solution

from . import releases
from .grade import Key, key_of
from .gradebook import COUNTS, GradebookError, Row, Scored, decimal, students

INDEX = "index.html"

_OURS = re.compile(r"[0-9a-f]{16}\.html|index\.html")
_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>
:root {{ color-scheme: light; {light} }}
@media (prefers-color-scheme: dark) {{ :root {{ color-scheme: dark; {dark} }} }}
body {{ font: 1rem/1.5 system-ui, sans-serif; color: var(--sm-ink); background: var(--sm-paper); }}
main {{ max-width: 46rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }}
section {{ border-top: 1px solid var(--sm-line); padding: .5rem 0; }}
svg, img {{ max-width: 100%; height: auto; }}
table {{ border-collapse: collapse; }}
th, td {{ border-bottom: 1px solid var(--sm-line); padding: .2rem .6rem; text-align: left; }}
</style>
</head>
<body>
<main>
"""
_FOOT = "</main>\n</body>\n</html>\n"


def write(connection: Connection, release: str, out: Path) -> int:
    """Write a page for each student and an index for the instructor into a folder; gives the number of students.

    Pages of an earlier run are taken out first.

    Args:
        connection: of :func:`spinemets.teach.gradebook.reading`.
        release: its id; its record must be in the course.
        out: a new or empty folder, or one of an earlier run.

    Raises:
        GradebookError: the course does not know the release, or the folder holds other files or cannot be written to.
        QuizError, TextError: a quiz is malformed, or a text cannot be shown.
    """
    known = releases.every()
    if release not in known:
        raise GradebookError(f"the course has no release {release}; bring releases/{release}.json back")
    key = key_of(known[release])
    shown = {id: _bare(payload(item)) for id, item in key.items.items()}
    count = 0
    try:
        _emptied(out)
        with (out / INDEX).open("w", encoding="utf-8", newline="\n") as index:
            index.write(_head(f"{key.release.title}: feedback for students") + _INDEX)
            for row in students(connection, release):
                name = file_name(release, row.student)
                text = page(key, shown, row).encode("utf-8", "replace")
                (out / name).write_bytes(text)
                index.write(_line(row, name))
                count += 1
            index.write("</tbody></table>\n" + _FOOT)
    except OSError as error:
        raise GradebookError(f"{out}: {error.strerror}. Name a folder that you can write to.") from error
    return count


def file_name(release: str, student: str) -> str:
    """The name of a student's page: the same in each run, and harmless whatever the id is."""
    return f"{sha256(f'{release}:{student}'.encode()).hexdigest()[:16]}.html"


def page(key: Key, shown: Mapping[str, Payload], row: Row) -> str:
    """A student's page.

    Args:
        key: of the release.
        shown: the payload of each item of the key, without links.
        row: the student.
    """
    items = [
        _section(place, key, shown, row.student, row.answers[id])
        for place, (id, _) in enumerate(key.release.items, start=1)
    ]
    score = f"{decimal(row.score, 2)} of {row.possible} points" + (
        "" if row.percent is None else f" ({decimal(row.percent, 1)} %)"
    )
    note = "" if row.status == COUNTS else "<p>This was handed in late; the score does not count.</p>\n"
    finished = f"{datetime.fromisoformat(row.finished):%Y-%m-%d %H:%M} UTC"
    who = f"{escape(row.name)} ({escape(row.student)}), finished {finished} by the clock of your computer"
    return (
        f"{_head(key.release.title)}<p>{who}</p>\n<p><strong>Score: {score}</strong></p>\n{note}"
        f"{''.join(items)}{_safety()}{_FOOT}"
    )


def _section(place: int, key: Key, shown: Mapping[str, Payload], student: str, scored: Scored) -> str:
    heading = f"<section>\n<h2>Question {place}</h2>\n"
    if scored.item in key.uncounted:
        return f"{heading}<p>This question was changed after it was handed out. It counts for nobody.</p>\n</section>\n"
    item, asked = key.items[scored.item], shown[scored.item]
    answer = None if scored.answer is None or scored.problem else json.loads(scored.answer)
    if isinstance(item, Calculated):
        asked = {**asked, **asked["variants"][variant_of(student, item.id, item.variants)]}
    told = asked
    if "feedback" in asked and scored.score < 1:  # "Yes, ..." would be said to who was not right
        told = {**asked, "feedback": {**asked["feedback"], "right": ""}}
    body = (
        f"<div>{asked['question']}</div>{asked.get('picture', '')}\n"
        f"<h3>Your answer: {decimal(scored.score, 2)} of 1 point</h3>\n"
        f"{_given(item, asked, answer, scored)}\n<h3>What is right, and why</h3>\n{solution(told)}\n"
    )
    if item.sensitive:
        body = f"<details>\n<summary>{SENSITIVE}</summary>\n{body}</details>\n"
    return f"{heading}{body}</section>\n"


def _given(item: GradedItem, asked: Payload, answer: Any, scored: Scored) -> str:
    """What the student answered, and what is said to just this answer."""
    if scored.problem:
        return f"<p>It could not be graded: {escape(scored.problem)}</p>"
    if answer is None:
        return "<p>You left this question open.</p>"
    given = _GIVEN[item.type](asked, answer)
    said = html(_said(item, answer)) if scored.score < 1 else ""
    return given + (f"<div>{without_links(said)}</div>" if said else "")


def _said(item: GradedItem, answer: Any) -> str:
    """The words for a wrong answer; of options they stand with the solution."""
    if isinstance(item, Calculated):
        return _said(item.drawn()[answer["variant"]], answer["value"])
    slip = None
    if item.type == "number":
        slip = grading.slip(item, answer)
    elif item.type == "short":
        slip = grading.text_slip(item, answer)
    if slip is not None:
        return slip.feedback
    feedback = getattr(item, "feedback", None)
    return feedback.wrong if feedback else ""


def _option(asked: Payload, answer: int) -> str:
    return f"<div>{asked['options'][answer]['text']}</div>"


def _options(asked: Payload, answer: list[int]) -> str:
    return _list("ul", [asked["options"][place]["text"] for place in sorted(set(answer))]) or "<p>None of them.</p>"


def _number(asked: Payload, answer: Any) -> str:
    value = answer["value"] if isinstance(answer, dict) else answer
    return f"<p>{value:.12g} {escape(asked['unit'])}</p>"


def _order(asked: Payload, answer: list[int]) -> str:
    return _list("ol", [asked["shown"][place] for place in answer])


def _match(asked: Payload, answer: list[int | None]) -> str:
    given = ["nothing" if place is None else asked["shown"][place] for place in answer]
    return _list("ul", [f"{pair['text']}: {match}" for pair, match in zip(asked["pairs"], given, strict=True)])


def _short(asked: Payload, answer: str) -> str:
    return f"<p>{escape(answer)}</p>"


_GIVEN = {
    "choice": _option,
    "hotspot": _option,
    "choices": _options,
    "number": _number,
    "calculated": _number,
    "order": _order,
    "match": _match,
    "short": _short,
}


def _list(tag: str, entries: list[str]) -> str:
    return f"<{tag}>{''.join(f'<li>{entry}</li>' for entry in entries)}</{tag}>" if entries else ""


_INDEX = (
    "<p>Each page holds the key. Do not put this folder where others can read it.</p>\n"
    "<table><thead><tr><th>Student</th><th>Name</th><th>Score</th><th>Status</th></tr></thead><tbody>\n"
)


def _line(row: Row, name: str) -> str:
    cells = (
        f'<a href="{name}">{escape(row.student)}</a>',
        escape(row.name),
        f"{decimal(row.score, 2)} of {row.possible}",
        row.status,
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>\n"


def _head(title: str) -> str:
    head = _HEAD.format(title=escape(title), light=css_variables("light"), dark=css_variables("dark"))
    return f"{head}<h1>{escape(title)}</h1>\n"


def _safety() -> str:
    return f"<section>\n{html('This course teaches; it does not advise anybody. ' + SAFETY)}\n</section>\n"


def _bare(content: Any) -> Any:
    """A payload without links, which would lead nowhere from a page that stands alone."""
    if isinstance(content, dict):
        return {key: _bare(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_bare(value) for value in content]
    return without_links(content) if isinstance(content, str) else content


def _emptied(out: Path) -> None:
    """The folder, without pages of an earlier run."""
    out.mkdir(parents=True, exist_ok=True)
    there = list(out.iterdir())
    strange = [path.name for path in there if not _OURS.fullmatch(path.name)]
    if strange:
        raise GradebookError(f"{out}: the folder holds other files, such as {strange[0]!r}. Name a new folder.")
    for path in there:
        path.unlink()
