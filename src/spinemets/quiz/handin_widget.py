"""The widget of a hand-in in JupyterLab: asks a release's items, keeps a draft, writes the file. Nothing is graded.

The front end (``handin.mjs``) is the same as on the page of a release (:mod:`spinemets.quiz.handin_page`), where the
browser keeps the draft and makes the file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from spinemets import files
from spinemets.course import CourseError

from . import handin
from .widget import front

_FIELDS = {"format", "version", "release", "course", "title", "due", "items"}


class HandInError(CourseError):
    """The questions cannot be read, or an answer not be written; the message says which file, and what to do."""


class HandIn(anywidget.AnyWidget):
    """The items of a release to answer; made by :func:`hand_in`."""

    _esm, _css = front("handin")

    bank = traitlets.Dict().tag(sync=True)
    draft = traitlets.Dict().tag(sync=True)
    options = traitlets.Dict().tag(sync=True)

    def __init__(self, bank: dict[str, Any], folder: Path) -> None:
        self._folder = folder
        self._draft = folder / f"draft-{bank['release']}.json"
        draft, notice = _kept(self._draft)
        options = {
            "where": f"in the file {self._draft.name}, beside this notebook",
            "after": "It lies beside this notebook.",
            "notice": notice,
        }
        super().__init__(bank=bank, draft=draft, options=options)
        self.on_msg(lambda _widget, content, _buffers: self.receive(content))

    def receive(self, message: dict[str, Any]) -> None:
        """Answer a message of the front end; what cannot be done is answered with an error, never raised."""
        kind = message.get("kind")
        try:
            self.send({"kind": kind, **self._answer(message)})
        except (OSError, ValueError, KeyError, TypeError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            self.send({"kind": kind, "error": f"{self._folder} could not take the file: {reason}."})

    def _answer(self, message: dict[str, Any]) -> dict[str, Any]:
        if message["kind"] == "draft":
            files.write(self._draft, json.dumps(message["draft"]) + "\n")
            self.draft = message["draft"]
            return {}
        if message["kind"] == "hand in":
            content = message["content"]
            text = handin.packed(content)
            name = handin.file_name(content["student"]["id"])
            files.write(self._folder / name, text)
            return {"file": name, "checksum": json.loads(text)["checksum"]}
        raise ValueError(f"it was asked for {message['kind']!r}, which this version does not know; run the cell again")

    def __repr__(self) -> str:
        return f"Hand-in {self.bank['title']}: {len(self.bank['items'])} items (release {self.bank['release']})"


def hand_in(path: str | Path = "bank.json") -> HandIn:
    """The questions of a release, to answer and to hand in.

    The draft of the answers and the file to hand in are written beside the questions.

    Args:
        path: the ``bank.json`` of the release.

    Raises:
        HandInError: there is no such file, or it is none of a release.
    """
    path = Path(path).resolve()
    try:
        bank = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise HandInError(
            f'{path} does not exist. Put bank.json beside this notebook. Example: hand_in("bank.json")'
        ) from None
    except (OSError, ValueError) as error:
        raise HandInError(f"{path} cannot be read ({error}). Take the file again from the release.") from None
    if not isinstance(bank, dict) or not bank.keys() >= _FIELDS or bank["format"] != "spinemets-release":
        raise HandInError(f"{path} holds no questions of a release. Take bank.json again from the release.")
    if bank["version"] != 1:
        raise HandInError(f"{path} has version {bank['version']}; this spinemets knows version 1. Install a newer one.")
    return HandIn(bank, path.parent)


def _kept(path: Path) -> tuple[dict[str, Any], str]:
    """The kept draft and, if it cannot be read, a notice; the broken file stays under another name."""
    try:
        draft = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(draft, dict):
            return draft, ""
    except FileNotFoundError:
        return {}, ""
    except (OSError, ValueError):
        pass
    aside = path.with_suffix(".damaged.json")
    try:
        path.replace(aside)
    except OSError:
        aside = path
    return {}, f"The draft of your answers was damaged. It is kept as {aside.name}; please answer again."
