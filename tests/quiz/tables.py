"""The table of gradings that Python and JavaScript share, and the items that its short form stands for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from spinemets.quiz.items import AnyItem, Item

_TABLE = json.loads((Path(__file__).parent / "grading_cases.json").read_text(encoding="utf-8"))
CASES: list[dict[str, Any]] = _TABLE["cases"]
HOSTILE: list[tuple[dict[str, Any], Any]] = [(case, answer) for case in _TABLE["hostile"] for answer in case["answers"]]
PICTURE = "bag"
"""The picture of :mod:`tests.quiz.fixtures`, which must be there for a hotspot."""
_ITEM = TypeAdapter(Item)
_SAID = {"right": ".", "wrong": "."}


def built(case: dict[str, Any]) -> AnyItem:
    """The item of a line of the table."""
    common = {"id": "x", "objective": 1, "level": "recall", "evidence": ["marbles-drawn"], "type": case["type"]}
    asked = {} if case["type"] == "case" else {"question": "?", "explanation": "."}
    return _ITEM.validate_python({**common, **asked, **_PARTS[case["type"]](case)})


def _options(case: dict[str, Any]) -> dict[str, Any]:
    return {
        "options": [{"text": f"{i}", "feedback": ".", "correct": i in case["correct"]} for i in range(case["count"])]
    }


def _hotspot(case: dict[str, Any]) -> dict[str, Any]:
    places = ("left", "right")
    options = [{"place": place, "feedback": ".", "correct": i in case["correct"]} for i, place in enumerate(places)]
    return {"picture": PICTURE, "options": options}


def _number(case: dict[str, Any]) -> dict[str, Any]:
    slips = [{"value": value, "tolerance": tolerance, "feedback": "."} for value, tolerance in case["slips"]]
    return {"answer": case["key"], "tolerance": case["tolerance"], "unit": "", "slips": slips, "feedback": _SAID}


def _order(case: dict[str, Any]) -> dict[str, Any]:
    return {"steps": case["steps"], "feedback": _SAID}


def _match(case: dict[str, Any]) -> dict[str, Any]:
    pairs = [{"text": f"{i}", "match": match, "feedback": "."} for i, match in enumerate(case["matches"])]
    return {"pairs": pairs, "others": case["others"]}


def _short(case: dict[str, Any]) -> dict[str, Any]:
    slips = [{"texts": texts, "feedback": "."} for texts in case["slips"]]
    return {"accepted": case["accepted"], "slips": slips, "feedback": _SAID}


def _calculated(case: dict[str, Any]) -> dict[str, Any]:
    """BED of 5 fractions of 2, 4 and 8 Gy, in the order that the digest draws them; the slip is the plain sum."""

    def bed(ratio: float) -> dict[str, Any]:
        return {"function": "radiobiology.bed", "arguments": {"n": 5, "d": "dose", "alpha_beta": ratio}}

    return {
        "parameters": {"dose": [2, 4, 8]},
        "variants": 3,
        "answer": bed(10),
        "tolerance": case["tolerance"],
        "unit": "Gy",
        "slips": [{"answer": bed(1000), "tolerance": 0.5, "feedback": "."}],
        "feedback": _SAID,
    }


def _case(case: dict[str, Any]) -> dict[str, Any]:
    steps = [
        {
            "id": f"s{i}",
            "text": ".",
            "question": "?",
            "options": [
                {"text": f"{j}", "points": points, "consequence": ".", "next": "end" if to < 0 else f"s{to}"}
                for j, (points, to) in enumerate(options)
            ],
        }
        for i, options in enumerate(case["steps"])
    ]
    return {"title": "t", "person": "synthetic", "steps": steps, "ending": "."}


_PARTS = {
    "choice": _options,
    "choices": _options,
    "number": _number,
    "order": _order,
    "match": _match,
    "hotspot": _hotspot,
    "short": _short,
    "calculated": _calculated,
    "case": _case,
}
