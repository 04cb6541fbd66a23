"""The front ends of quizzes: plain ES modules beside this file, joined for anywidget, which takes a single module.

Every module imports by name from its neighbours (``import { a, b } from "./elements.mjs";``) and declares names that no
neighbour declares, so that joining is taking the imports out and putting the files one after the other.

A module carried from others (``import { a } from "./fsrs/ts-fsrs.mjs";``, unchanged, in a folder with its licence)
declares what it likes: it becomes the body of a function, of which the import takes what it names.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

_HERE = Path(__file__).parent
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w-]+)\.mjs";\n', re.M)
_CARRIED = re.compile(r'^import (\{[^}]*\}) from "\./(\w+/[\w-]+)\.mjs";\n', re.M)
_EXPORTS = re.compile(r"^export (\{[^}]*\};)$", re.M)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|let|class|function)\b)", re.M)


@lru_cache
def esm(name: str) -> str:
    """The source of a front end with all that it imports; only its own exports stay exports.

    Args:
        name: its file without ``.mjs``, such as ``quiz``.
    """
    needed = [_EXPORT.sub("", _source(one)) for one in _needed(name, []) if one != name]
    return "\n".join([*needed, _source(name)])


def _needed(name: str, found: list[str]) -> list[str]:
    """The module and all that it imports, each after what it needs itself."""
    if name not in found:
        for other in _IMPORT.findall((_HERE / f"{name}.mjs").read_text(encoding="utf-8")):
            _needed(other, found)
        found.append(name)
    return found


def _source(name: str) -> str:
    own = _IMPORT.sub("", (_HERE / f"{name}.mjs").read_text(encoding="utf-8"))
    return _CARRIED.sub(lambda found: f"const {found[1]} = {_enclosed(found[2])};\n", own)


def _enclosed(name: str) -> str:
    """A carried module as a call that gives its exports."""
    source = (_HERE / f"{name}.mjs").read_text(encoding="utf-8")
    return "(() => {\n" + _EXPORTS.sub(r"return \1", source) + "\n})()"
