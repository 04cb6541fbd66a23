"""NOMS: four questions (neurologic, oncologic, mechanical, systemic) and the options that published rules attach.

The rules of 2010 (table ``noms-decision``, finding ``noms-2010-rules``) and an implementation of them (table
``noms-full``) mostly agree. Where they or others part ways, or no rule was read, the option says "disputed" and the
disagreement stands beside it as data (table ``noms-disagreements``). This describes rules for teaching and advises
nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ..evidence import table
from . import escc as scale
from .errors import ClinicError
from .inputs import one_of, truth

SOURCE = "tables noms-decision and noms-full"
Tumour = Literal["radiosensitive", "radioresistant"]
Spine = Literal["stable", "pain on load", "gross instability"]
TUMOURS: tuple[Tumour, ...] = ("radiosensitive", "radioresistant")
SPINES: tuple[Spine, ...] = ("stable", "pain on load", "gross instability")
Verdict = Literal["yes", "no", "disputed"]


@dataclass(frozen=True)
class Option:
    """One part of a plan.

    Attributes:
        verdict: what the rules say; "disputed" where they differ.
        what: the treatment in a few words.
        why: the reason in one sentence.
        evidence: ids of the findings and tables that say so.
    """

    verdict: Verdict
    what: str
    why: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Position:
    """What one source says in a disagreement, with its evidence id."""

    words: str
    evidence: str


@dataclass(frozen=True)
class Disagreement:
    """A question that published sources answer differently, or not at all."""

    id: str
    question: str
    positions: tuple[Position, ...]


@dataclass(frozen=True)
class Plan:
    """The options for one state of the four questions."""

    radiation: Option
    decompression: Option
    stabilisation: Option
    disagreements: tuple[Disagreement, ...]
    rule: Mapping[str, object]
    """The row of ``noms-full`` that speaks of this state, with its basis."""


def options(escc: str, tumour: str, spine: str, fit: bool) -> Plan:
    """The options for a state.

    Args:
        escc: grade of epidural compression, 0 to 3.
        tumour: radiosensitive or radioresistant to conventional fractions; breast counts as the first.
        spine: stable, pain on load (without gross instability) or gross instability.
        fit: whether an open operation can be borne.

    Raises:
        ClinicError: a value that is no answer to its question.
    """
    state = _State(escc, tumour, spine, fit)
    return Plan(
        _radiation(state),
        _decompression(state),
        _stabilisation(state),
        tuple(map(disagreement, _disputed(state))),
        _row(state),
    )


@dataclass(frozen=True)
class _State:
    escc: str
    tumour: str
    spine: str
    fit: bool

    def __post_init__(self) -> None:
        one_of("escc", self.escc, scale.GRADES, scale.SOURCE)
        one_of("tumour", self.tumour, TUMOURS, SOURCE)
        one_of("spine", self.spine, SPINES, SOURCE)
        truth("fit", self.fit, SOURCE)

    @property
    def pressed(self) -> bool:
        """High grade in the tradition of NOMS."""
        return scale.group(self.escc) == "high"

    @property
    def sensitive(self) -> bool:
        return self.tumour == "radiosensitive"


def _radiation(state: _State) -> Option:
    if state.sensitive:
        return Option(
            "yes",
            "conventional",
            "Conventional fractions control a radiosensitive tumour at every degree of compression.",
            ("noms-2010-rules", "noms-decision", "noms-breast-class"),
        )
    if state.pressed and state.fit:
        return Option(
            "yes",
            "radiosurgery after the operation",
            "Once the cord has room, the whole tumour can have the high dose that it needs.",
            ("noms-2010-rules", "noms-decision", "noms-full"),
        )
    if state.pressed:
        return Option(
            "disputed",
            "conventional, for comfort",
            "A published program proposes it; the rules of 2010 have no row and leave it to what can be borne.",
            ("noms-full", "noms-decision"),
        )
    if state.fit:
        return Option(
            "yes",
            "radiosurgery",
            "A radioresistant tumour needs a high dose; as the cord is not compressed, radiosurgery can give it.",
            ("noms-2010-rules", "noms-decision", "noms-full"),
        )
    return Option(
        "disputed",
        "radiosurgery or conventional",
        "The rules of 2010 leave radiosurgery open, since it is no operation; a published program does not.",
        ("noms-2010-rules", "noms-full"),
    )


def _decompression(state: _State) -> Option:
    if not state.pressed:
        if state.escc == "1c" and not state.sensitive and state.fit:
            return Option(
                "disputed",
                "decompression",
                "The tumour touches the cord without pressing it; the best treatment of this grade is called unclear.",
                ("noms-decision", "escc-high-low", "escc-grouping-conflict"),
            )
        return Option("no", "none", "The cord is not compressed.", ("noms-decision", "noms-full"))
    if not state.fit:
        return Option("no", "none", "The operation cannot be borne.", ("noms-2010-rules", "noms-full"))
    if state.sensitive:
        return Option(
            "disputed",
            "decompression before radiation",
            "NOMS radiates a radiosensitive tumour first; a trial and a guideline speak for operating in some people.",
            ("noms-decision", "noms-full", "patchell-walk", "astro"),
        )
    return Option(
        "yes",
        "decompression (separation surgery)",
        "Radiation cannot reach the dose beside a compressed cord, so a gap is made first.",
        ("noms-2010-rules", "noms-decision", "noms-full"),
    )


def _stabilisation(state: _State) -> Option:
    if state.spine == "gross instability":
        if state.fit:
            return Option(
                "yes",
                "open operation with instrumentation",
                "Radiation does not hold up a spine that gives way.",
                ("noms-2010-rules", "noms-decision"),
            )
        return Option(
            "no", "none", "It needs an open operation, which cannot be borne.", ("noms-2010-rules", "noms-full")
        )
    if state.spine == "pain on load":
        return _supported(state)
    if state.pressed and not state.sensitive and state.fit:
        return Option(
            "disputed",
            "instrumentation with the decompression",
            "The rules add metalwork to separation surgery; a published program, only if the spine is unstable.",
            ("noms-decision", "noms-full"),
        )
    return Option("no", "none", "The spine carries.", ("noms-decision", "noms-full"))


def _supported(state: _State) -> Option:
    """A spine that hurts on load without gross instability."""
    if state.pressed:
        if not state.fit:
            return Option("no", "none", "The operation cannot be borne.", ("noms-full",))
        what = "stabilisation" if state.sensitive else "instrumentation with the decompression"
        return Option("yes", what, "The vertebra hurts when it bears load.", ("noms-full",))
    if state.fit:
        return Option(
            "yes",
            "cement through the skin",
            "Cement supports a vertebra that hurts on load; no open operation is needed.",
            ("noms-2010-rules", "noms-decision", "noms-full"),
        )
    return Option(
        "disputed",
        "cement through the skin, or none",
        "The rules of 2010 leave cement to whoever can bear it; a published program rules out every procedure.",
        ("noms-decision", "noms-full"),
    )


def disagreement(id: str) -> Disagreement:
    """A disagreement with its positions, from the table ``noms-disagreements``.

    Raises:
        ClinicError: no such disagreement.
    """
    rows = table("noms-disagreements").rows
    one_of("id", id, tuple(dict.fromkeys(row["id"] for row in rows)), "table noms-disagreements")
    own = [row for row in rows if row["id"] == id]
    return Disagreement(id, own[0]["question"], tuple(Position(row["position"], row["evidence"]) for row in own))


def _disputed(state: _State) -> list[str]:
    """Which disagreements touch a state."""
    found = []
    if state.pressed and state.sensitive and state.fit:
        found.append("radiation-or-operation-first")
    if scale.disputed(state.escc):
        found.append("grade-1c")
    if state.spine == "pain on load" and state.fit:
        found.append("cement-or-screws")
    if state.spine == "pain on load" and not state.fit and not state.pressed:
        found.append("cement-if-not-fit")
    if state.spine == "stable" and state.pressed and not state.sensitive and state.fit:
        found.append("metalwork-with-decompression")
    if not state.sensitive and not state.fit:
        found.append("no-rule-if-not-fit" if state.pressed else "radiosurgery-if-not-fit")
    if not state.fit:
        found.append("who-is-fit")
    if state.sensitive:
        found.append("class-of-breast-cancer")
    return found


def _row(state: _State) -> Mapping[str, object]:
    wanted = {
        "escc": "high" if state.pressed else "low",
        "tumour": state.tumour,
        "stability": "stable" if state.spine == "stable" else "unstable",
        "fit": state.fit,
    }
    for row in table("noms-full").rows:
        if all(row[key] in (value, "any") for key, value in wanted.items()):
            return row
    raise ClinicError("state", wanted, "a state that has a row", "table noms-full")
