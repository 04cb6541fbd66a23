"""What can go wrong after an operation: one event of 1,000 people, in both frames, with its interval."""

from __future__ import annotations

from dataclasses import dataclass

from ..evidence import finding
from ..explore import Choice, Predict, Table, View, explorer
from ..explore.view import Markup, Svg
from ..figures.svg import SMALL, circle, number, paragraph, path, svg, text
from .surgery_parts import LEFT, RIGHT


@dataclass(frozen=True)
class Event:
    """A complication with where it was counted.

    Attributes:
        label: as the control names it.
        has, has_not: words after "of 1,000 people".
        where: in whom it was counted.
        finding, value: where the number stands in the evidence.
        sensitive: a figure on death.
    """

    label: str
    has: str
    has_not: str
    where: str
    finding: str
    value: str
    sensitive: bool = False


_REVIEW = "systematic review, all cancers"
EVENTS = (
    Event("Infection at the wound", "have an infection at the wound", "have no infection at the wound",
          _REVIEW, "complications-review", "surgical site infection"),
    Event("Worse nerve function", "have weaker legs or other nerve loss after it", "have no new nerve loss",
          _REVIEW, "complications-review", "neurological worsening"),
    Event("Metalwork fails", "have screws or rods that fail", "have metalwork that holds",
          _REVIEW, "complications-review", "instrumentation failure"),
    Event("Another operation", "need another operation", "need no other operation",
          _REVIEW, "complications-review", "re-operation"),
    Event("Any, within 30 days", "have at least one complication in 30 days", "have no complication in 30 days",
          "one large series, all cancers", "complications-30d", "any complication within 30 days"),
    Event("Any, screws through the skin", "have at least one complication", "have no complication",
          "one series, screws through the skin, unstable spine", "ppsf", "patients with a complication"),
    Event("Any, breast cancer series", "have at least one complication", "have no complication",
          "one hospital, women with breast cancer", "shehadi", "patients with a complication"),
    Event("Death in 30 days, database", "die within 30 days", "are alive after 30 days",
          "Japanese database, all cancers", "mortality-japan", "30-day mortality", True),
    Event("Death in 30 days, cohort", "die within 30 days", "are alive after 30 days",
          "prospective cohort, cord compression", "aospine", "30-day mortality", True),
)  # fmt: skip

HAPPENS, DOES_NOT = "it happens", "it does not"


Bounds = tuple[int, int] | None


def per_thousand(event: Event) -> tuple[int, Bounds]:
    """Of 1,000 people, how many have the event, and its interval if the source gives what it needs."""
    value = finding(event.finding)[event.value]
    interval = value.interval
    return round(10 * value.numbers[0]), (round(10 * interval[0]), round(10 * interval[1])) if interval else None


def _spread(bounds: Bounds) -> str:
    return f"{bounds[0]} to {bounds[1]}" if bounds else "not given"


_START = next(event for event in EVENTS if event.finding == "complications-30d")


@explorer(
    "complications",
    title="What can go wrong",
    event=Choice(
        {event.label: event for event in EVENTS},
        value=_START,
        label="Event",
        sensitive=[event for event in EVENTS if event.sensitive],
    ),
    frame=Choice([HAPPENS, DOES_NOT], label="Say how often"),
    predict=Predict(
        "In a large series of people operated on for spinal metastases, how many of 1,000 had at least one "
        "complication within 30 days?",
        answer=per_thousand(_START)[0],
        unit="of 1,000",
        model_answer="Nearly one in three, small ones counted with large ones. Ask what a single figure adds up.",
    ),
)
def complications(event: Event, frame: str) -> View:
    """One event of 1,000 people operated on, in one of its two frames, with its interval."""
    count, bounds = per_thousand(event)
    value = finding(event.finding)[event.value]
    counted = f"{value.count} of {value.n:,} people" if value.count else f"{value.n:,} people"
    happens = (count, event.has, bounds)
    not_ = (1000 - count, event.has_not, (1000 - bounds[1], 1000 - bounds[0]) if bounds else None)
    (shown, words, spread), (rest, other_words, _) = (happens, not_) if frame == HAPPENS else (not_, happens)
    colour = "orange" if frame == HAPPENS else "green"
    certainty = (
        f"With {value.n:,} people counted, the data are in keeping with {_spread(spread)}."
        if spread
        else "The source gives no interval, so how sure this is stays open."
    )
    return View(
        _thousand(shown, words, spread, colour, f"Counted in {counted}: {event.where}."),
        f"Of 1,000 people operated on, {shown} {words}. The same risk in the other frame: {rest} {other_words}. "
        f"{certainty}",
        Table(
            ("event", "of 1,000", "95% interval", "counted", "in whom"),
            tuple((words, count, _spread(limits), counted, event.where) for count, words, limits in (happens, not_)),
            event.label,
        ),
    )


def _thousand(count: int, words: str, bounds: Bounds, colour: str, note: str) -> Svg:
    """1,000 dots: filled up to the low end of the interval, rings from there to its high end."""
    low, high = bounds or (count, count)
    columns, top, size = 50, 46.0, (RIGHT - LEFT) / 50 * 0.78
    pitch = (RIGHT - LEFT) / columns

    def spots(first: int, last: int) -> str:
        return "".join(
            f"M{number(LEFT + (i % columns + 0.5) * pitch)} {number(top + (i // columns + 0.5) * pitch)}h.01"
            for i in range(first, last)
        )

    heading, _ = paragraph(LEFT + 16 * len(str(count)) + 10, 16, f"of 1,000 people operated on {words}", 310, bold=True)
    parts = [
        text(LEFT, 26, f"{count}", size=24, fill=colour, bold=True),
        heading,
        path(spots(high, 1000), stroke="line", width=size, round=True),
        path(spots(0, high), stroke=colour, width=size, round=True),
        path(spots(low, high), stroke="paper", width=size - 2.4, round=True) if bounds else Markup(),
    ]
    y = top + 20 * pitch + 22
    if bounds:
        parts += [
            circle((LEFT + 5, y - 4), 5, fill=colour),
            text(LEFT + 16, y, f"{low} at the low end of the 95% interval"),
        ]
        y += 17
        parts.append(circle((LEFT + 5, y - 4), 4, fill="paper", stroke=colour))
        parts.append(text(LEFT + 16, y, f"{high - low} more, {high} in all, at the high end"))
    else:
        parts += [
            circle((LEFT + 5, y - 4), 5, fill=colour),
            text(LEFT + 16, y, f"{count} as printed: interval not given"),
        ]
    below, y = paragraph(LEFT, y + 22, note, RIGHT - LEFT, size=SMALL, fill="muted")
    return svg(y - 4, [*parts, below], f"{count} of 1,000 people operated on {words}")
