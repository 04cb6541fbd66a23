"""Prognostic scores of synthetic people: do they agree, and how good is their record?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..clinic import scores as scores_of
from ..evidence import finding, span, table
from ..explore import Choice, Table, View, explorer
from ..explore.view import Markup
from ..figures.svg import SMALL, circle, paragraph, rect, svg, text
from .noms import answers
from .people import PEOPLE, Person
from .surgery_parts import LEFT, RIGHT, box

_TREATABLE: Mapping[str, scores_of.Visceral] = {"none": "none", "removable": "treatable", "unremovable": "untreatable"}
_SCORES: Mapping[str, Callable[[Person], scores_of.Result]] = {
    "tokuhashi-2005": lambda p: scores_of.tokuhashi(p.karnofsky, p.extraspinal_bone, p.vertebrae, p.organs, p.frankel),
    "tomita-2001": lambda p: scores_of.tomita("slow", _TREATABLE[p.organs], p.bone_metastases),
    "bauer-modified": lambda p: scores_of.bauer(p.organs != "none", p.bone_metastases),
    "katagiri-2014": lambda p: scores_of.katagiri(
        "slow" if p.hormone_dependent else "moderate",
        p.organ_spread,
        p.laboratory,
        p.ecog,
        p.chemotherapy,
        p.bone_metastases,
    ),
    "vanderlinden-2005": lambda p: scores_of.van_der_linden(p.karnofsky, p.organs != "none"),
}
_NO_DEFICIT = "vanderlinden-2005"
"""Made from people without neurological deficit, so it is not worked for anybody else."""


def result(someone: Person, score: str) -> scores_of.Result | None:
    """A score of a synthetic person, or ``None`` if it was not made for people like her."""
    if score == _NO_DEFICIT and someone.frankel != "E":
        return None
    return _SCORES[score](someone)


def _made_for(person: Person, score: str) -> bool | str:
    if result(person, score) is None:
        return f"it was made from people without neurological deficit, and {person.first_name} has one"
    return True


def _bands(found: scores_of.Result) -> list[range]:
    """The totals of each band of a score."""
    return [span(band["score"]) for band in table(found.id).extra["bands"]]


def _proposes(band: Mapping[str, object]) -> str:
    """What a band proposes to do or, where it proposes nothing, what it predicts."""
    return str(band.get("strategy", "")) or _predicts(band)


def _record(score: str) -> str:
    """How often the score was right, as far as that was read."""
    if score == "tokuhashi-2005":
        breast = finding("score-accuracy-breast")["accuracy breast"]
        everybody = finding("score-accuracy-tok")["overall accuracy"]
        return (
            f"Right band in {breast.text} in breast cancer (about a fifth of {breast.n} people), in {everybody.text} "
            f"of {everybody.n:,} people with all cancers. Intervals not given."
        )
    if score == "tomita-2001":
        found, cleared, _ = finding("tok-tom-accuracy")["Tomita sensitivity / specificity / DOR"].numbers
        return (
            f"All cancers pooled: right for {found:g}% of those who lived six months and for {cleared:g}% of those who "
            "did not. Breast cancer alone: not read. Intervals not given."
        )
    return "How often it was right in breast cancer was not read."


def _predicts(band: Mapping[str, object]) -> str:
    """What a band predicts; a strategy's goal where it predicts nothing."""
    if "survival_pct" in band:
        shares: Mapping[str, float] = band["survival_pct"]  # type: ignore[assignment]
        return f"{band['risk']} risk: " + ", ".join(f"{share:g}% lived {time}" for time, share in shares.items())
    if "median_months" in band:
        return f"group {band['group']}: median survival {band['median_months']:g} months"
    words = str(band.get("predicted") or band.get("survival") or band["goal"])
    for sign, said in ((">= ", "at least "), ("< ", "under "), ("> ", "over ")):
        words = words.replace(sign, f"survival {said}")
    return words


@explorer(
    "scores",
    title="Do the scores agree?",
    sensitive="It names bands of expected survival, for synthetic people.",
    person=Choice({f"{someone.name}, {someone.age}": someone for someone in PEOPLE}, label="Synthetic person"),
    score=Choice({scores_of.NAMES[id]: id for id in _SCORES}, label="Score"),
    valid=_made_for,
)
def scores(person: Person, score: str) -> View:
    """All scores of a synthetic person on one direction, and one of them item by item."""
    chosen = result(person, score)
    if chosen is None:
        raise ValueError(f"{scores_of.NAMES[score]}: {_made_for(person, score)}")
    everything = {id: result(person, id) for id in _SCORES}
    parts: list[Markup] = [text(LEFT, 16, f"{person.name}, {person.age} (synthetic)", size=14, bold=True)]
    words, y = paragraph(LEFT, 34, person.story, RIGHT - LEFT, fill="muted")
    parts += [words, text(_TRACK, y + 4, "shorter", size=SMALL, fill="muted")]
    parts.append(text(RIGHT, y + 4, "longer", size=SMALL, fill="muted", anchor="end"))
    y += 10
    for id, found in everything.items():
        row, y = _score_row(id, found, id == score, y)
        parts += row
    y += 8
    name, (low, high) = scores_of.NAMES[score], chosen.range
    better = "higher" if chosen.higher_is_better else "lower"
    title = f"{name}: {_points(chosen.total)} ({low} to {high}, {better} is better)"
    heading, y = paragraph(LEFT, y + 14, title, RIGHT - LEFT, fill="blue", bold=True)
    parts.append(heading)
    for item, part in chosen.parts.items():
        parts.append(text(LEFT + 16, y + 3, f"{part.points}", bold=True, anchor="end"))
        item_words = f"{item.split(' (')[0]}: {part.option}"
        words, y = paragraph(LEFT + 26, y + 3, item_words, RIGHT - LEFT - 30, size=SMALL)
        parts.append(words)
        y += 2
    record, y = box(y + 2, "Its record", [_record(score)], "ink", "wash")
    return View(
        svg(y, [*parts, *record], "Scores of a synthetic person"),
        f"{person.first_name} has {_points(chosen.total)} by {name}: {_proposes(chosen.band)}. "
        f"{_agreement(everything)} NOMS, which asks what her spine needs, names {_operation(person)}. "
        "A score is not a forecast.",
        Table(
            ("score", "total", "range", "better", "band", "what it proposes", "what it predicts"),
            tuple(_row(id, found) for id, found in everything.items()),
            f"Scores of {person.name} (synthetic)",
        ),
    )


def _row(id: str, found: scores_of.Result | None) -> tuple[object, ...]:
    if found is None:
        return scores_of.NAMES[id], "not made for her", "", "", "", "", ""
    better = "higher" if found.higher_is_better else "lower"
    span = f"{found.range[0]} to {found.range[1]}"
    band = str(found.band["score"])
    return scores_of.NAMES[id], found.total, span, better, band, _proposes(found.band), _predicts(found.band)


def _agreement(everything: Mapping[str, scores_of.Result | None]) -> str:
    """How many of the scores put the person at which end."""
    places = []
    for found in everything.values():
        if found is not None:
            bands = _bands(found) if found.higher_is_better else _bands(found)[::-1]
            places.append([found.total in totals for totals in bands].index(True) / (len(bands) - 1))
    short, long, all_ = places.count(0), places.count(1), len(places)
    if all_ in (short, long):
        return f"All {all_} scores agree on their {'longest' if long else 'shortest'} band."
    return (
        f"Of {all_} scores {long or 'none'} put her in their longest band and {short or 'none'} in their shortest, so "
        "they differ."
    )


def _points(total: int) -> str:
    return "1 point" if total == 1 else f"{total} points"


def _operation(someone: Person) -> str:
    plan = answers(someone).plan()
    verdicts = plan.decompression.verdict, plan.stabilisation.verdict
    if verdicts[1] == "yes":
        return "an operation to steady it"
    return "an operation that is disputed" if "disputed" in verdicts else "no operation"


_TRACK = 120.0
"""Where the lines of the scores begin."""


def _score_row(id: str, found: scores_of.Result | None, chosen: bool, top: float) -> tuple[list[Markup], float]:
    """One score on a line from shorter to longer, its bands as blocks, the person as a dot, what the band proposes."""
    y = top + 16
    name = text(LEFT, y, scores_of.NAMES[id].split(",")[0], size=SMALL, fill="blue" if chosen else "ink", bold=chosen)
    if found is None:
        return [name, text(_TRACK, y, "not made for people like her", size=SMALL, fill="muted")], top + 34
    low, high = found.range
    cell = (RIGHT - _TRACK) / (high - low + 1)

    def place(total: float) -> float:
        return _TRACK + cell * (total - low if found.higher_is_better else high - total)

    parts = [name]
    for totals in _bands(found):
        left, width = min(place(totals[0]), place(totals[-1])) + 1, cell * len(totals) - 2
        fill, edge = ("blue-wash", "blue") if found.total in totals else ("wash", "line")
        parts.append(rect(left, y - 10, width, 14, fill=fill, stroke=edge, radius=3))
    parts.append(circle((place(found.total) + cell / 2, y - 3), 5, fill="blue"))
    words, y = paragraph(_TRACK, y + 18, f"{found.total}: {_proposes(found.band)}", RIGHT - _TRACK, size=SMALL)
    return [*parts, words], y - 4
