"""Who walks after surgery plus radiotherapy and after radiotherapy alone, as people."""

from __future__ import annotations

from dataclasses import dataclass

from ..clinic.diagnostics import wilson
from ..evidence import finding
from ..explore import Choice, Predict, Table, View, explorer
from ..figures import people as dots
from ..figures.svg import paragraph, rect, svg
from .surgery_parts import LEFT, RIGHT

_TRIAL, _POOLED, _BREAST = "randomised trial", "pooled series", "breast cancer series"
_ALL, _WALKING, _NOT_WALKING = "everybody", "walking before", "not walking before"
_NO_INTERVAL = "interval not given"


@dataclass(frozen=True)
class Arm:
    """People of one arm of the trial, by their walk before and after."""

    name: str
    kept: int
    regained: int
    lost: int
    never: int

    @property
    def total(self) -> int:
        return self.kept + self.regained + self.lost + self.never

    @property
    def walked(self) -> int:
        """Who walked after treatment."""
        return self.kept + self.regained


def trial() -> tuple[Arm, Arm]:
    """The two arms of the randomised trial (finding ``patchell-walk``), surgery first.

    Printed are those who walked after treatment, of all, and those who walked again, of those who could not. The
    second are part of the first; who kept and who lost a walk follows by subtraction.
    """
    found = finding("patchell-walk")

    def arm(name: str, short: str) -> Arm:
        everybody = found[f"able to walk after treatment, {short} arm"]
        again = found[f"regained walking, {short}"]
        if everybody.n is None or everybody.count is None or again.n is None or again.count is None:
            raise ValueError("finding patchell-walk: expected n and count for each arm")
        kept = everybody.count - again.count
        return Arm(name, kept, again.count, everybody.n - again.n - kept, again.n - again.count)

    return arm("Surgery plus radiotherapy", "surgery"), arm("Radiotherapy alone", "radiotherapy")


_PARTS = {
    _ALL: ("kept", "regained", "lost", "never"),
    _WALKING: ("kept", "lost"),
    _NOT_WALKING: ("regained", "never"),
}
_WALKED = {"kept", "regained"}
_WORDS = {
    "kept": ("walked before and after", "blue"),
    "regained": ("walked again", "green"),
    "lost": ("lost the walk", "orange"),
    "never": ("could not walk, before or after", "line"),
}


def _trial_view(group: str) -> View:
    arrays, rows = [], []
    for arm in trial():
        counts = {part: getattr(arm, part) for part in _PARTS[group]}
        whole, walked = sum(counts.values()), sum(count for part, count in counts.items() if part in _WALKED)
        low, high = wilson(walked, whole)
        arrays.append((f"{arm.name}: {whole} people", [dots.Group(w, counts[p], c) for p, (w, c) in _shown(group)]))
        rows.append((arm.name, walked, whole, f"{100 * walked / whole:.0f}%", f"{100 * low:.0f} to {100 * high:.0f}%"))
    notes = {
        _ALL: "Who kept and who lost a walk follows by subtraction.",
        _WALKING: "By subtraction: everybody less those who could not walk before.",
        _NOT_WALKING: "Two small groups, wide intervals.",
    }
    intervals = f"Walking after treatment, 95% intervals: {rows[0][4]} with surgery, {rows[1][4]} without."
    columns = ("treatment", "walking after", "of", "share", "95% interval (Wilson, computed)")
    return View(
        dots.compare(arrays, note=f"{intervals} {notes[group]}"),
        _trial_summary(group),
        Table(columns, tuple(rows), f"Randomised trial, {group}"),
    )


def _shown(group: str) -> list[tuple[str, tuple[str, str]]]:
    return [(part, _WORDS[part]) for part in _PARTS[group]]


def _trial_summary(group: str) -> str:
    ours, other = trial()
    if group == _ALL:
        return (
            f"{ours.walked} of {ours.total} could walk after surgery plus radiotherapy, "
            f"{other.walked} of {other.total} after radiotherapy alone. Of the {ours.walked}, {ours.kept} had walked "
            "before: an operation more often keeps a walk than gives one back."
        )
    if group == _WALKING:
        return (
            f"Of those still walking, {ours.kept} of {ours.kept + ours.lost} kept their walk with surgery and "
            f"{other.kept} of {other.kept + other.lost} without it. The best time to act is before a walk is lost."
        )
    return (
        f"{ours.regained} of {ours.regained + ours.never} walked again with surgery, {other.regained} of "
        f"{other.regained + other.never} without it. With surgery {ours.never} still did not: a chance, not a promise."
    )


def _pooled_view(group: str) -> View:
    found = finding("klimo-ma")
    if group == _WALKING:
        return _gap_view(
            "Pooled series, walking before",
            "Not reported in what was read. The pooled share mixes people who walked before with people who did not.",
            "A gap: without knowing who walked before, a share after treatment says little of what treatment did.",
            (("walking before and after", "not reported"),),
        )
    if group == _NOT_WALKING:
        ratio = found["ratio, regaining"].value
        return _gap_view(
            "Pooled series, not walking before",
            f"Only a ratio is printed: {ratio} times as likely to walk again after surgery. Of how many, and with "
            "which interval, was not read.",
            f"A ratio of {ratio} cannot be drawn as people: twice a small chance and twice a large one are not the "
            "same news.",
            (("ratio of walking again", str(ratio)), ("shares", "not reported"), ("95% interval", "not given")),
        )
    after = {name: found[f"walking after {name}"] for name in ("surgery", "radiotherapy")}
    arrays = [
        (
            f"After {name}: 100 people as in the series",
            [
                dots.Group("could walk after treatment", round(value.numbers[0]), "blue"),
                dots.Group("could not", 100 - round(value.numbers[0]), "line"),
            ],
        )
        for name, value in after.items()
    ]
    first, second = after.values()
    rows = tuple((name, value.text, value.n, "not given") for name, value in after.items())
    return View(
        dots.compare(arrays, note=f"Series without a control group, pooled; {_NO_INTERVAL}."),
        f"{first.value} of 100 walked after surgery, {second.value} of 100 after radiotherapy, but these were "
        "different people: who was fit for an operation had one. Only random assignment makes two groups alike.",
        Table(("treatment", "walking after", "people in the series", "95% interval"), rows, "Pooled series"),
    )


def _breast_view(group: str) -> View:
    found = finding("shehadi")
    before, not_before = (round(found[f"{name} before surgery"].numbers[0]) for name in ("walking", "not walking"))
    if group == _ALL:
        return View(
            dots.people(
                [
                    dots.Group("walked before their operation", before, "blue"),
                    dots.Group("could not walk before it", not_before, "orange"),
                ],
                before + not_before,
                title=f"{before + not_before} women operated on, one hospital",
                note="Before the operation. How many of all walked afterwards was not read.",
            ),
            f"Most of these women, {before} of {before + not_before}, still walked when they were operated on, and "
            "nobody went without surgery for comparison. Such results describe whom a hospital chose.",
            Table(
                ("before the operation", "women"),
                (("walking", before), ("not walking", not_before)),
                "Breast cancer series, before surgery",
            ),
        )
    if group == _WALKING:
        share = found["walkers who stayed walkers"]
        kept = round(share.numbers[0])
        return View(
            dots.people(
                [dots.Group("kept their walk", kept, "blue"), dots.Group("lost it", 100 - kept, "orange")],
                100,
                title=f"100 women as the {share.n} who walked before",
                note=f"{share.text} of {share.n} women; {_NO_INTERVAL}; nobody to compare with.",
            ),
            f"{kept} of 100 kept their walk. How many would have kept it with radiotherapy alone this series cannot "
            "say, since all had an operation.",
            Table(
                ("women walking before", "kept their walk", "95% interval", "compared with"),
                ((share.n, share.text, "not given", "nobody"),),
                "Breast cancer series, walking before",
            ),
        )
    return _eleven(not_before)


def _eleven(whole: int) -> View:
    """The women who could not walk before: a lesson in denominators."""
    found = finding("shehadi")
    printed = found["non-walkers assessed at 3 months who regained"]
    again, seen = printed.count or 0, printed.n or 0
    share = f"{100 * again / whole:.0f}%"
    return View(
        dots.people(
            [
                dots.Group("walked at three months", again, "green"),
                dots.Group("was seen at three months and did not walk", seen - again, "line"),
                dots.Group("could not be counted any more", whole - seen, "muted"),
            ],
            whole,
            title=f"{whole} women who could not walk before",
            note=f"Printed as {printed.text}: {again} of the {seen} who could still be counted.",
        ),
        f"{again} of {whole}, not {again} of {seen}: a woman who asks before her operation is one of the {whole}.",
        Table(
            ("women", "number"),
            (
                ("not walking before", whole),
                ("counted at three months", seen),
                ("of these walking", again),
                ("as a share of those counted", printed.text),
                ("as a share of all", share),
            ),
            "Breast cancer series, not walking before",
        ),
    )


def _gap_view(title: str, why: str, summary: str, rows: tuple[tuple[object, ...], ...]) -> View:
    heading, _ = paragraph(LEFT, 24, title, RIGHT - LEFT, bold=True)
    words, y = paragraph(LEFT + 14, 60, why, RIGHT - LEFT - 28)
    box = rect(LEFT, 36, RIGHT - LEFT, y - 36, fill="wash", radius=8)
    return View(svg(y + 12, [heading, box, words], title), summary, Table(("what", "value"), rows, title))


_OURS = trial()[0]


@explorer(
    "who-walks",
    title="Who walks?",
    source=Choice(
        {"Randomised trial": _TRIAL, "Pooled series": _POOLED, "Breast cancer series": _BREAST}, label="Source"
    ),
    group=Choice({"Everybody": _ALL, "Walking before": _WALKING, "Not walking before": _NOT_WALKING}, label="People"),
    predict=Predict(
        f"In the trial {_OURS.walked} of {_OURS.total} people walked after surgery plus radiotherapy. How many of "
        f"these {_OURS.walked} had walked before it?",
        answer=_OURS.kept,
        unit=f"of {_OURS.walked}",
        model_answer=f"{_OURS.kept} had. The other {_OURS.regained} got their walk back. A walk is easier to keep than "
        "to regain, which is why the hours before treatment count.",
    ),
)
def walking(source: str, group: str) -> View:
    """Who could walk after treatment, by source and by the walk before."""
    return {_TRIAL: _trial_view, _POOLED: _pooled_view, _BREAST: _breast_view}[source](group)
