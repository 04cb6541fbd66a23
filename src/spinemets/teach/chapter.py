"""A chapter's notebook as a student of a graded release gets it: without the questions, their outputs and answers.

A cell is known to show or to grade items when it uses a name of ``spinemets.quiz``, however it was imported or renamed.
Besides, an output that repeats a text which the release hides is dropped, wherever it came from.
"""

from __future__ import annotations

import ast
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterable, Mapping
from html import unescape
from typing import Any

from spinemets import quiz as quizzes
from spinemets.quiz.items import words

from .pictures import PictureError, bare, bare_in

PRACTICE = {"check", "exercise"}
"""What practises and is not handed in: such a cell stays, without the outputs that show its answer."""
LEFT_OUT = (
    "*The course asks questions here. The graded version asks them in [hand-in.ipynb](hand-in.ipynb) and, just the "
    "same, in [index.html](index.html).*"
)
SHORTEST_SAID = 5
"""Words; a shorter text may stand anywhere by chance."""

Notebook = dict[str, Any]

_QUIZ = "spinemets.quiz"
_METADATA = ("kernelspec", "language_info")
_CELL_METADATA = ("jupyter", "tags")
_TEXTS = ("text/plain", "text/html", "text/markdown")
_PICTURES = ("image/png", "image/jpeg")
_MARKDOWN_LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\((?!https?:|#)([^)\s]+)\)")
_HTML_LINK = re.compile(r'<a\b(?![^>]*href="https?:)[^>]*>(.*?)</a>', re.S)
_TAG = re.compile(r"<[^>]*>")


def handed_out(notebook: Notebook, hidden: Iterable[str], files: Collection[str]) -> Notebook:
    """The notebook without questions.

    Args:
        notebook: as JSON; it is not changed.
        hidden: texts that must not be said.
        files: names of the files of the release; links to other files of the course become plain text.
    """
    secrets = {said for said in map(words, hidden) if len(said.split()) >= SHORTEST_SAID}
    sources = [_source(cell) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    names = _quiz_names(sources)
    cells: list[dict[str, Any]] = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cells += _code(cell, names, secrets)
        else:
            cells.append({**_bare_cell(cell), "source": _lines(_unlinked(_source(cell), files))})
    metadata = {key: value for key, value in notebook["metadata"].items() if key in _METADATA}
    return {**notebook, "metadata": metadata, "cells": cells}


def as_text(notebook: Notebook) -> str:
    """The notebook as the text of its file."""
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _code(cell: dict[str, Any], names: Mapping[str, bool], secrets: set[str]) -> list[dict[str, Any]]:
    source = _source(cell)
    used = _used(source, names)
    outputs = [] if used else [out for out in map(_bare_output, cell["outputs"]) if out and not _says(out, secrets)]
    if any(names[name] for name in used):
        note = {"cell_type": "markdown", "metadata": {}, "source": _lines(LEFT_OUT)}
        if "id" in cell:
            note["id"] = cell["id"]
        rest = _without(source, names)
        # An id of its own, made of the first one, so that the same notebook gives the same bytes.
        after = {"id": f"{cell['id'][:50]}-rest"} if "id" in cell else {}
        code = {**_bare_cell(cell), **after, "source": _lines(rest), "outputs": [], "execution_count": None}
        return [note, code] if rest else [note]
    return [{**_bare_cell(cell), "outputs": outputs}]


def _quiz_names(sources: Iterable[str]) -> dict[str, bool]:
    """Names that stand for something of ``spinemets.quiz``, and whether it asks what is handed in."""
    names = {_QUIZ: True}
    for statement in (one for source in sources for one in _statements(source)):
        if isinstance(statement, ast.Import):
            for one in statement.names:
                if one.name.startswith(_QUIZ) and one.asname:
                    names[one.asname] = True
                if one.name == "spinemets" and one.asname:
                    names[f"{one.asname}.quiz"] = True
        elif isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith(_QUIZ):
            names |= {one.asname or one.name: one.name not in PRACTICE for one in statement.names if one.name != "*"}
            if any(one.name == "*" for one in statement.names):
                names |= {name: name not in PRACTICE for name in quizzes.__all__}
        elif isinstance(statement, ast.ImportFrom) and statement.module == "spinemets":
            names |= {one.asname or one.name: True for one in statement.names if one.name == "quiz"}
        else:
            found = [names[name] for name in _names_in(statement) if name in names]
            if found:
                names |= dict.fromkeys(_bound(statement), any(found))
    return names


def _bound(statement: ast.stmt) -> list[str]:
    """Names that a statement gives to something, but not those it only borrows."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return [statement.name]
    targets = getattr(statement, "targets", [getattr(statement, "target", None)])
    return [node.id for target in targets if target for node in ast.walk(target) if isinstance(node, ast.Name)]


def _used(source: str, names: Mapping[str, bool]) -> set[str]:
    statements = _statements(source)
    if not statements and source.strip():  # no Python, such as a cell magic: any mention counts
        return {name for name in names if re.search(rf"\b{re.escape(name)}\b", source)}
    return {name for statement in statements if not _imports(statement) for name in _names_in(statement)} & {*names}


def _without(source: str, names: Mapping[str, bool]) -> str:
    """The statements of a cell that ask nothing."""
    kept = [
        ast.get_source_segment(source, statement) or ""
        for statement in _statements(source)
        if _imports(statement) or not any(names.get(name) for name in _names_in(statement))
    ]
    return "\n".join(kept)


def _statements(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError:
        return []


def _imports(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Import | ast.ImportFrom)


def _names_in(statement: ast.stmt) -> set[str]:
    """Names and dotted names within a statement."""
    nodes = [node for node in ast.walk(statement) if isinstance(node, ast.Name | ast.Attribute)]
    return {ast.unparse(node) for node in nodes}


def _bare_cell(cell: dict[str, Any]) -> dict[str, Any]:
    """The cell without what editors and widgets left in it."""
    kept = {key: value for key, value in cell.items() if key != "attachments"}
    return {**kept, "metadata": {key: value for key, value in cell["metadata"].items() if key in _CELL_METADATA}}


def _bare_output(output: dict[str, Any]) -> dict[str, Any] | None:
    """The output with texts and pictures only; nothing for an error, which names files of a computer."""
    if output["output_type"] == "stream":
        return output
    data: dict[str, Any] = {}
    for kind, value in output.get("data", {}).items():
        if kind in _TEXTS:
            data[kind] = _lines(bare_in(_HTML_LINK.sub(r"\1", _unlinked(_joined(value), ()))))
        elif kind in _PICTURES:
            try:
                data[kind] = b64encode(bare(b64decode(_joined(value)))).decode()
            except PictureError:
                continue
    return {**output, "data": data, "metadata": {}} if data else None


def _says(output: Mapping[str, Any], secrets: set[str]) -> bool:
    texts = [output["text"]] if output["output_type"] == "stream" else output["data"].values()
    said = words(" ".join(unescape(_TAG.sub("", _joined(text))) for text in texts))
    return any(secret in said for secret in secrets)


def _unlinked(markdown: str, files: Collection[str]) -> str:
    return _MARKDOWN_LINK.sub(lambda link: link[0] if link[2].split("#")[0] in files else link[1], markdown)


def _source(cell: Mapping[str, Any]) -> str:
    return _joined(cell["source"])


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
