"""NOMS: four questions asked in order, the plan they lead to, and where published sources part ways."""

from __future__ import annotations

from dataclasses import dataclass

from ..clinic import escc as scale
from ..clinic import noms as rules
from ..evidence import finding
from ..explore import Choice, Table, View, explorer
from ..explore.view import Markup
from ..figures.svg import SMALL, circle, line, paragraph, rect, svg, text
from .people import PEOPLE, Person
from .surgery_parts import LEFT, RIGHT, box
from .walking import trial

CALM, RADIATE, OPERATE, DISPUTED, CLOSES = "muted", "blue", "orange", "purple", "ink"
"""What the answer to a question asks for, as a colour."""
_CORD_FREE = "Nothing: the cord has room."
_ASKS_CORD = {"0": _CORD_FREE, "1a": _CORD_FREE, "1b": _CORD_FREE, "1c": "Care: the tumour is at the cord."}
_ASKS_TUMOUR = {
    "radiosensitive": "Conventional radiation.",
    "radioresistant": "A high dose that spares the cord: radiosurgery.",
}
_ASKS_SPINE = {
    "stable": "Nothing: the vertebra carries.",
    "pain on load": "Support from inside, such as cement.",
    "gross instability": "Metalwork: radiation holds nothing up.",
}


@dataclass(frozen=True)
class Answers:
    """The answers to the four questions, in the words of :mod:`spinemets.clinic.noms`."""

    escc: scale.Grade
    tumour: rules.Tumour
    spine: rules.Spine
    fit: bool

    def plan(self) -> rules.Plan:
        return rules.options(self.escc, self.tumour, self.spine, self.fit)

    @property
    def pressed(self) -> bool:
        """High grade in the tradition of NOMS: the cord itself is compressed."""
        return scale.group(self.escc) == "high"


@dataclass(frozen=True)
class _Voice:
    """One question, its answer, and what the answer asks for."""

    letter: str
    question: str
    options: tuple[str, ...]
    chosen: int
    asks: str
    colour: str
    meaning: str = ""


def _voices(a: Answers) -> tuple[_Voice, ...]:
    # What the cord asks for does not depend on fitness or stability, so it is read from the state without them.
    freed = rules.options(a.escc, a.tumour, "stable", True).decompression.verdict
    disputed = freed == "disputed" or scale.disputed(a.escc)
    cord = DISPUTED if disputed else OPERATE if freed == "yes" else CALM
    return (
        _Voice(
            "N", "Neurologic: is the cord pressed?", scale.GRADES, scale.GRADES.index(a.escc),
            _ASKS_CORD.get(a.escc, "Room for the cord."), cord, f"ESCC {a.escc}: {scale.meaning(a.escc)}",
        ),
        _Voice(
            "O", "Oncologic: does radiation control it?", rules.TUMOURS, rules.TUMOURS.index(a.tumour),
            _ASKS_TUMOUR[a.tumour], RADIATE,
        ),
        _Voice(
            "M", "Mechanical: does the spine carry?", rules.SPINES, rules.SPINES.index(a.spine),
            _ASKS_SPINE[a.spine], CALM if a.spine == "stable" else OPERATE,
        ),
        _Voice(
            "S", "Systemic: can an operation be borne?", ("fit", "not fit"), int(not a.fit),
            "Nothing: an operation is possible." if a.fit else "No operation: what can be borne decides.",
            CALM if a.fit else CLOSES,
        ),
    )  # fmt: skip


def _found(a: Answers) -> str:
    """What studies found in people with such answers."""
    if a.pressed and not a.fit:
        walked = finding("scorad")
        one, five = walked["walking, single"], walked["walking, five fractions"]
        return (
            f"Radiation alone, randomised: {one.text} walked after one visit, {five.text} after five. Intervals of the "
            "two not given."
        )
    if a.pressed and a.tumour == "radiosensitive":
        ours, other = trial()
        return (
            f"Randomised: {ours.walked} of {ours.total} walked after surgery plus radiotherapy, {other.walked} of "
            f"{other.total} after radiotherapy alone; of those who could not walk before, {ours.regained} of "
            f"{ours.regained + ours.never} and {other.regained} of {other.regained + other.never}."
        )
    if a.pressed:
        grown = finding("separation")
        high, low = (grown[f"local progression at 1 year, {dose}-dose hypofractionated"] for dose in ("high", "low"))
        return (
            f"After separation surgery the tumour grew again within a year in {high.text} with high doses, {low.text} "
            "with low ones. Not randomised; intervals not given."
        )
    if a.spine == "pain on load" and a.fit:
        change = finding("cafe")["change, kyphoplasty"]
        less, least, most = (abs(number) for number in (change.numbers[0], *reversed(change.interval or ())))
        return (
            f"Cement, randomised: a month later disability was {less:g} of 24 points lower than before ({least:g} to "
            f"{most:g})."
        )
    if a.spine == "gross instability" and a.fit:
        series = finding("ppsf")
        walked, harmed = series["walking within 3 days"], series["patients with a complication"]
        return (
            f"Screws through the skin, one series: {walked.text} walked within three days; {harmed.count} of "
            f"{harmed.n} had a complication."
        )
    return "No trial of an operation for such a spine was read. Chapter 11 follows the radiation."


def _noms_view(a: Answers, heading: str = "", story: str = "") -> View:
    voices, plan, found = _voices(a), a.plan(), _found(a)
    parts: list[Markup] = []
    y = 4.0
    if heading:
        words, y = paragraph(LEFT, y + 30, story, RIGHT - LEFT, fill="muted")
        parts += [text(LEFT, 16, heading, size=14, bold=True), words]
    top = y + 12
    stations: list[Markup] = []
    for voice in voices:
        row, y = _station(voice, y)
        stations += row
    parts += [line((26, top), (26, y + 8), stroke="line", width=3), *stations]
    for draw in (_plan_panel, _dispute_panel):
        panel, y = draw(plan, y)
        parts += panel
    panel, y = box(y, "What was found", [found], "ink", "wash")
    return View(
        svg(y, [*parts, *panel], "NOMS, question by question"),
        _noms_summary(a, voices, plan),
        _noms_table(voices, plan, found),
    )


def _station(voice: _Voice, top: float) -> tuple[list[Markup], float]:
    """One question: its letter on the path, its options with the chosen one filled, what the answer asks for."""
    y = top + 16
    parts = [
        circle((26, y - 4), 13, fill=voice.colour),
        text(26, y + 0.5, voice.letter, size=13, fill="paper", anchor="middle", bold=True),
        text(48, y, voice.question, bold=True),
    ]
    y += 8
    gap, x = 4, 48.0
    letters = [max(len(option), 10) for option in voice.options]
    room = RIGHT - x - gap * (len(letters) - 1)
    for i, option in enumerate(voice.options):
        width, chosen = room * letters[i] / sum(letters), i == voice.chosen
        edge = voice.colour if chosen else "line"
        parts.append(rect(x, y, width, 22, fill=edge if chosen else "paper", stroke=edge, radius=5))
        fill = "paper" if chosen else "muted"
        parts.append(text(x + width / 2, y + 15, option, size=SMALL, fill=fill, anchor="middle", bold=chosen))
        x += width + gap
    y += 36
    if voice.meaning:
        words, y = paragraph(48, y, voice.meaning, RIGHT - 48, size=SMALL, fill="muted")
        parts.append(words)
        y += 2
    parts.append(text(48, y, "asks:", size=SMALL, fill="muted"))
    words, y = paragraph(84, y, voice.asks, RIGHT - 84, fill="ink" if voice.colour == CALM else voice.colour)
    return [*parts, words], y + 2


def _lines(plan: rules.Plan) -> tuple[tuple[str, rules.Option], ...]:
    return (
        ("Radiation", plan.radiation),
        ("Free the cord", plan.decompression),
        ("Steady the spine", plan.stabilisation),
    )


def _answer(option: rules.Option) -> str:
    return {"yes": option.what, "no": "no", "disputed": f"disputed: {option.what}"}[option.verdict]


def _plan_panel(plan: rules.Plan, top: float) -> tuple[list[Markup], float]:
    parts: list[Markup] = []
    y = top + 24
    for name, option in _lines(plan):
        colour = {"yes": RADIATE if name == "Radiation" else OPERATE, "no": CALM, "disputed": DISPUTED}[option.verdict]
        parts.append(circle((26, y - 4), 5, fill="paper" if option.verdict == "no" else colour, stroke=colour))
        parts.append(text(40, y, name, bold=True))
        words, y = paragraph(
            166, y, _answer(option), RIGHT - 168, fill="ink" if colour == CALM else colour, bold=colour != CALM
        )
        why, y = paragraph(40, y, option.why, RIGHT - 50, size=SMALL, fill="muted")
        parts += [words, why]
        y += 7
    return [rect(LEFT, top + 4, RIGHT - LEFT, y - top - 14, fill="none", stroke="ink", radius=8), *parts], y - 4


def _dispute_panel(plan: rules.Plan, top: float) -> tuple[list[Markup], float]:
    """The first disagreement with its positions; further ones by their question, with their positions in the table."""
    if not plan.disagreements:
        return [], top
    first, *others = plan.disagreements
    also = [f"Also disputed (see the table): {' '.join(other.question for other in others)}"] if others else []
    return box(top, first.question, [position.words for position in first.positions] + also, "purple", "purple-wash")


def _noms_summary(a: Answers, voices: tuple[_Voice, ...], plan: rules.Plan) -> str:
    """Which question decides, and what that means for the plan."""
    names = {"N": "neurologic", "M": "mechanical"}
    asking = [names[voice.letter] for voice in voices if voice.colour == OPERATE]
    if not a.fit:
        said = "Who cannot bear an operation is still treated, with radiation, drugs and care of pain."
        unmet = (
            f" The {asking[0]} question asked for an operation and goes without."
            if len(asking) == 1
            else f" The {' and the '.join(asking)} questions asked for an operation and go without."
        )
        return said + (unmet if asking else "")
    if a.pressed and a.tumour == "radiosensitive":
        said = (
            "The cord is pressed by a tumour that radiation can control: NOMS radiates, the trial favours surgery "
            "first, and both belong in the talk."
        )
        return said + ("" if a.spine == "stable" else " The spine has to be steadied in any case.")
    if asking == ["neurologic", "mechanical"]:
        return "Two questions ask for an operation, room for the dose and support for the spine; one answers both."
    if asking == ["neurologic"]:
        return (
            "The neurologic question asks for an operation: beside a pressed cord the dose that this tumour needs "
            "cannot be given."
        )
    # Reached only by a cord that is not pressed: at 1c the tumour touches it.
    disputed = plan.decompression.verdict == "disputed"
    touched = " Whether to free a cord that is touched and not pressed is disputed." if disputed else ""
    means = "radiosurgery" if plan.radiation.what == "radiosurgery" else f"{plan.radiation.what} radiation"
    if asking:
        step = "a procedure" if a.spine == "pain on load" else "an operation"
        return (
            f"Only the mechanical question asks for {step}: radiation calms the tumour and does not hold the "
            f"vertebra up. Steady it, and treat the tumour with {means}.{touched}"
        )
    clearly = " clearly" if disputed else ""
    return (
        f"No question{clearly} asks for an operation. What the vertebra needs beside drugs, {means} can give.{touched}"
    )


def _noms_table(voices: tuple[_Voice, ...], plan: rules.Plan, found: str) -> Table:
    rows = [(voice.question, voice.meaning or voice.options[voice.chosen], f"asks: {voice.asks}") for voice in voices]
    rows += [(f"Plan: {name.lower()}", _answer(option), option.why) for name, option in _lines(plan)]
    for disagreement in plan.disagreements:
        words = " ".join(position.words for position in disagreement.positions)
        rows.append((f"Disputed: {disagreement.question}", "sources differ", words))
    rows.append(("What was found", "", found))
    return Table(("question", "answer", "what it asks for, or why"), tuple(rows), "NOMS: four answers and what follows")


@explorer(
    "noms",
    title="NOMS, question by question",
    escc=Choice(scale.GRADES, value="1b", label="Cord: ESCC grade"),
    tumour=Choice(rules.TUMOURS, label="Tumour (breast counts as radiosensitive)"),
    spine=Choice(rules.SPINES, label="Spine"),
    fit=Choice({"yes": True, "no": False}, label="Fit for an operation"),
)
def noms(escc: scale.Grade, tumour: rules.Tumour, spine: rules.Spine, fit: bool) -> View:
    """The four questions, the plan they lead to, and where sources part ways."""
    return _noms_view(Answers(escc, tumour, spine, fit))


_AS_SHE_IS, _PRESSED, _UNSTABLE, _FRAIL, _FIT = (
    "as she is",
    "her cord is pressed",
    "her spine gives way",
    "an operation is too much for her",
    "she grows fit for an operation",
)


def answers(someone: Person, change: str = _AS_SHE_IS) -> Answers:
    """A person's answers, or those with one finding changed."""
    return Answers(
        "3" if change == _PRESSED else someone.escc,
        someone.tumour,
        "gross instability" if change == _UNSTABLE else someone.spine,
        {_FRAIL: False, _FIT: True}.get(change, someone.fit),
    )


def _is_news(person: Person, change: str) -> bool | str:
    if change != _AS_SHE_IS and answers(person, change) == answers(person):
        return f"for {person.first_name} this is so already"
    return True


@explorer(
    "noms-person",
    title="From a person to a plan",
    person=Choice({f"{someone.name}, {someone.age}": someone for someone in PEOPLE}, label="Synthetic person"),
    change=Choice([_AS_SHE_IS, _PRESSED, _UNSTABLE, _FRAIL, _FIT], label="What if"),
    valid=_is_news,
)
def noms_person(person: Person, change: str) -> View:
    """The same picture for a synthetic person, as she is or with one finding changed."""
    view = _noms_view(answers(person, change), f"{person.name}, {person.age} (synthetic)", person.story)
    if change == _AS_SHE_IS:
        return View(view.picture, f"{person.first_name}: {view.summary}", view.table)
    before, after = ([_answer(option) for _, option in _lines(answers(person, c).plan())] for c in (_AS_SHE_IS, change))
    turn = "the plan stays." if before == after else "the plan changes."
    return View(view.picture, f"If {change}, {turn} {view.summary}", view.table)
