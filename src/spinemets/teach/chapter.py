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
from functools import lru_cache
from html import unescape
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager

from spinemets import quiz as quizzes
from spinemets.quiz.items import words

from .pictures import PictureError, bare, bare_in

PRACTICE = {"check", "exercise"}
"""What practises and is not handed in: such a cell stays, without the outputs that show its answer."""
LEFT_OUT = (
    "*The course asks questions here. The graded version asks them in [hand-in.ipynb](hand-in.ipynb) and, just the "
    "same, in [index.html](index.html).*"
)
SHORTEST_SAID = 8
"""Words; a shorter text, such as a term that is to be named, may stand anywhere."""

Notebook = dict[str, Any]

_QUIZ = "spinemets.quiz"
_FORMAT = ("nbformat", "nbformat_minor")
_METADATA = ("kernelspec", "language_info")
_CELL_METADATA = ("jupyter", "tags")
_TEXTS = ("text/plain", "text/html", "text/markdown")
_PICTURES = ("image/png", "image/jpeg")
_MARKDOWN_LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\((?!https?:|#)([^)\s]+)\)")
_HTML_LINK = re.compile(r'<a\b(?![^>]*href="https?:)[^>]*>(.*?)</a>', re.S)
_TAG = re.compile(r"<[^>]*>")
_CELL_MAGIC = re.compile(r"\A(?:\s*%%.*\n)+")
_MAGICS = {"run_line_magic", "run_cell_magic"}


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
    return {**{key: notebook[key] for key in _FORMAT}, "metadata": metadata, "cells": cells}


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


def _quiz_names(sources: Collection[str]) -> dict[str, bool]:
    """Names that stand for something of ``spinemets.quiz``, and whether it asks what is handed in."""
    names = {_QUIZ: True}
    for source in sources:
        if _statements(source) is None and "spinemets" in source:  # no Python we can read: any of them may be imported
            names |= {name: name not in PRACTICE for name in quizzes.__all__}
    statements = [statement for source in sources for statement in _statements(source) or ()]
    for node in (node for statement in statements for node in ast.walk(statement)):
        names |= _imported(node)
    known = 0
    while known < len(names):  # a name may be given on before the cell in which it was made
        known = len(names)
        for statement in statements:
            asks = [names[name] for name in _names_in(statement) if name in names]
            if asks:
                names |= {name: names.get(name, False) or any(asks) for name in _bound(statement)}
    return names


def _imported(node: ast.AST) -> dict[str, bool]:
    """Names that an import makes of ``spinemets.quiz``, and whether they ask."""
    if isinstance(node, ast.Import):
        renamed = [(one.name, one.asname) for one in node.names if one.asname]
        within = {new: True for name, new in renamed if name.startswith(_QUIZ)}
        return within | {f"{new}.quiz": True for name, new in renamed if name == "spinemets"}
    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_QUIZ):
        every = [(name, name) for name in quizzes.__all__] if node.names[0].name == "*" else []
        named = every or [(one.name, one.asname or one.name) for one in node.names]
        return {new: name not in PRACTICE for name, new in named}
    if isinstance(node, ast.ImportFrom) and node.module == "spinemets":
        return {one.asname or one.name: True for one in node.names if one.name == "quiz"}
    return {}


def _bound(statement: ast.stmt) -> list[str]:
    """Names that a statement gives to something."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return [statement.name]
    return [node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]


def _used(source: str, names: Mapping[str, bool]) -> set[str]:
    statements = _statements(source)
    if statements is None:
        return _words_of_code(source) & {*names}
    return {name for statement in statements if not _imports(statement) for name in _names_in(statement)} & {*names}


def _without(source: str, names: Mapping[str, bool]) -> str:
    """The statements of a cell that ask nothing."""
    kept = [
        ast.get_source_segment(_python(source), statement) or ""
        for statement in _statements(source) or ()
        if _imports(statement) or not any(names.get(name) for name in _names_in(statement))
    ]
    return "\n".join(kept)


def _python(source: str) -> str:
    """The cell's source with IPython's magics as the calls that they are; what a cell magic runs counts itself."""
    return TransformerManager().transform_cell(_CELL_MAGIC.sub("", source))


@lru_cache(maxsize=256)
def _statements(source: str) -> list[ast.stmt] | None:
    """The statements of a cell; None if it is no Python."""
    try:
        return ast.parse(_python(source)).body
    except SyntaxError:
        return None


def _imports(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Import | ast.ImportFrom)


def _names_in(statement: ast.stmt) -> set[str]:
    """Names and dotted names within a statement, those in the text of a magic included."""
    found: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name | ast.Attribute):
            found.add(ast.unparse(node))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _MAGICS:
            found |= {word for given in node.args for word in _words_of_code(ast.unparse(given))}
    return found


def _words_of_code(text: str) -> set[str]:
    """Names and their dotted beginnings in any text."""
    parts = [name.split(".") for name in re.findall(r"[A-Za-z_][\w.]*", text)]
    return {".".join(part[:end]) for part in parts for end in range(1, len(part) + 1)}


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
    whole = " ".join(map(_joined, texts))
    # A text may be broken by tags, and it may stand within one: in an attribute or a comment.
    said = [words(unescape(text)) for text in (_TAG.sub("", whole), whole)]
    return any(secret in text for text in said for secret in secrets)


def _unlinked(markdown: str, files: Collection[str]) -> str:
    return _MARKDOWN_LINK.sub(lambda link: link[0] if link[2].split("#")[0] in files else link[1], markdown)


def _source(cell: Mapping[str, Any]) -> str:
    return _joined(cell["source"])


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
