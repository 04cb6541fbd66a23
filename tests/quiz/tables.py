"""The table of gradings that Python and JavaScript share, and the items that its short form stands for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from spinemets.quiz.items import AnyItem, Item

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "grading_cases.json").read_text(encoding="utf-8"))[
    "cases"
]
_ITEM = TypeAdapter(Item)


def built(case: dict[str, Any]) -> AnyItem:
    """The item of a line of the table."""
    common = {"id": "x", "objective": 1, "evidence": ["y"], "type": case["type"]}
    asked = {**common, "question": "?", "explanation": "."}
    if case["type"] == "case":
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
        return _ITEM.validate_python({**common, "title": "t", "person": "synthetic", "steps": steps, "ending": "."})
    if case["type"] == "number":
        hints = [{"value": value, "tolerance": tolerance, "feedback": "."} for value, tolerance in case["hints"]]
        feedback = {"right": ".", "wrong": "."}
        parts = {
            "answer": case["key"],
            "tolerance": case["tolerance"],
            "unit": "",
            "hints": hints,
            "feedback": feedback,
        }
        return _ITEM.validate_python({**asked, **parts})
    options = [{"text": f"{i}", "feedback": ".", "correct": i in case["correct"]} for i in range(case["count"])]
    return _ITEM.validate_python({**asked, "options": options})
