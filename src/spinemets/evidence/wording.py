"""How a value is written: for reading on a card, and which wordings in prose count as this number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from .models import Finding, Number, Table, Value

RATIOS = {"HR", "OR", "RR", "ratio", "mortality ratio", "incidence-rate ratio", "kappa", "ICC", "AUC", "coefficient"}
"""Units whose numbers are never rounded in prose: 0.65 is not 0.7."""
COUNTS = {"patients", "women", "cases", "raters", "clinicians", "studies", "samples", "cells", ""}
"""Units of plain counts, which have no interval."""
_SPANS = ("hours", "days", "weeks", "months", "years", "minutes", "mm", "mL", "mSv", "points", "fold")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def plain(number: Number) -> str:
    """The number with thousands separators, as the source prints it."""
    return f"{number:,}"


def shown(value: Value) -> str:
    """The value for reading, such as ``94%``, ``14 days``, ``HR 0.65`` or ``20 to 80%``."""
    if isinstance(value.value, str):
        return value.value + (value.unit if value.unit == "%" else f" {value.unit}" if value.unit else "")
    numbers = [plain(number) for number in value.numbers]
    pair = len(numbers) == 2 and "range" in value.note.split("; ")
    text = " to ".join(numbers) if pair else " / ".join(numbers)
    if value.unit == "%":
        return text + "%"
    if value.unit in {"HR", "OR", "RR"}:
        return f"{value.unit} {text}"
    return f"{text} {value.unit}".strip()


def interval(value: Value) -> str:
    """The interval for reading, such as ``41.0 to 70.7 (90% interval)``; empty if none is given."""
    if not value.interval:
        return ""
    level = "" if value.interval_level == 95 else f" ({value.interval_level}% interval)"
    return limits(value.interval) + level


def limits(pair: list[Number]) -> str:
    """Two limits with the same number of decimals, such as ``0.30 to 0.84``."""
    places = max(-Decimal(str(limit)).as_tuple().exponent for limit in pair)
    return " to ".join(f"{limit:,.{max(places, 0)}f}" for limit in pair)


def has_interval(value: Value) -> bool:
    """True if an interval could be given at all: not for counts and texts."""
    return bool(value.numbers) and value.unit not in COUNTS and "arithmetic" not in value.computed


def samples(value: Value) -> list[str]:
    """The chief wordings, shown on the card so that an author sees what to write."""
    wordings = [shown(value)]
    if value.unit == "%" and isinstance(value.value, int):
        wordings.append(f"{value.value} of 100")
    if value.count is not None and value.n is not None:
        wordings.append(f"{plain(value.count)} of {plain(value.n)}")
    if value.interval:
        wordings.append(limits(value.interval))
    return list(dict.fromkeys([*wordings, *value.wordings]))


def accepted(entry: Finding | Table) -> set[str]:
    """All wordings of numbers that agree with a finding or table, in the form of ``normal``."""
    texts: set[str] = set()
    if isinstance(entry, Finding):
        for value in entry.values:
            texts.update(_of_value(value))
        texts.update(_of_text(entry.statement))
    else:
        for row in entry.rows:
            texts.update(_of_row(row))
        for text in entry.notes:
            texts.update(_of_text(text))
        texts.update(_of_text(_words(entry.extra)))
    return {normal(text) for text in texts}


def agrees(text: str, entry: Finding | Table) -> str | None:
    """Check a linked text against its card.

    Returns:
        None if every number in the text is a wording of the entry, else the first that is not.
    """
    wordings = accepted(entry)
    longest = max(map(len, wordings), default=0)
    text = re.sub(r"(?<![\d.])(?:90|95|99|70)%\s*(?:CI|interval|confidence interval)", "", normal(text))
    position = 0
    while match := _NUMBER.search(text, position):
        start = match.start()
        ends = range(min(len(text), start + longest), start, -1)
        end = next((end for end in ends if _fits(text, start, end, wordings)), 0) or _pair(text, start, wordings)
        if not end:
            return text[start:].split(" against ")[0]
        position = end
    return None


def _fits(text: str, start: int, end: int, wordings: set[str]) -> bool:
    """True if the piece is a wording and does not cut a number, or its unit, in two."""
    piece, rest = text[start:end], text[end:]
    if piece not in wordings or re.match(r"\.?\d|%|-\d", rest):
        return False
    return bool(re.search(r"[a-z%]$", piece)) or not re.match(rf"/\d| of \d|\s?(?:{'|'.join(_SPANS)})\b", rest)


def _pair(text: str, start: int, wordings: set[str]) -> int:
    """The end of "from 55.2 to 87.8%" where each end is a value of its own; 0 if it is no such pair."""
    match = re.compile(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)(%| [a-z]+)?").match(text, start)
    if not match:
        return 0
    low, high, unit = match.groups("")
    return match.end() if low + unit in wordings and high + unit in wordings else 0


def normal(text: str) -> str:
    """The text in the form in which wordings are compared."""
    text = re.sub(r"[‐‑‒–—−]", "-", text.replace(" ", " ").replace(" ", " "))
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub(r"\s*(?:%|per cent|percent)", "%", text)
    text = re.sub(r"(?<=\d)%?\s?(?:-|to|and)\s?(?=\d)", "-", text)
    text = re.sub(r"\b(\d+) (?:in|out of) (?:every )?(?=\d)", r"\1 of ", text)
    return re.sub(r"\s+", " ", text).strip()


def _of_value(value: Value) -> Iterator[str]:
    yield from value.wordings
    if isinstance(value.value, str):
        yield from _of_text(value.value, value.unit)
    if value.note:
        yield from _of_text(value.note)
    yield from _of_text(value.name)
    for number in value.numbers:
        for form in _forms(number, value.unit):
            yield from _with_unit(form, value.unit)
        if value.unit == "%":
            yield from _of_people(number)
    for limits in (value.interval, value.range, value.numbers):
        if limits and len(limits) == 2:
            yield from _spans(limits, value.unit)
    for limit in value.range or ():
        yield from (wording for form in _forms(limit, value.unit) for wording in _with_unit(form, value.unit))
    if value.n is not None:
        yield str(value.n)
        if value.unit in COUNTS:
            yield from (f"{number} of {value.n}" for number in value.numbers)
    if value.count is not None:
        yield str(value.count)
        if value.n is not None:
            yield from (f"{value.count} of {value.n}", f"{value.count}/{value.n}")


def _forms(number: Number, unit: str) -> list[str]:
    """The number as printed, without its sign, and rounded where a rounded number still says the same."""
    exact = Decimal(str(abs(number)))
    forms = [str(exact), f"{exact.normalize():f}"]
    places = -exact.as_tuple().exponent
    forms += [f"{exact:.{more}f}" for more in (1, 2) if places < more]
    if unit in RATIOS:
        forms += _rounded(exact, 2) if places > 2 else []
    else:
        forms += _rounded(exact, 1) if places > 1 else []
        forms += _rounded(exact, 0) if places and exact >= 1 else []
    if exact >= 1_000_000:
        forms += [f"{form} million" for digits in (0, 1, 2) for form in _rounded(exact / 1_000_000, digits)]
    return list(dict.fromkeys(forms))


def _rounded(exact: Decimal, places: int) -> list[str]:
    """Rounded to decimal places; at a tie both ways count."""
    step = Decimal(1).scaleb(-places)
    return sorted({str(exact.quantize(step, rule)) for rule in (ROUND_HALF_UP, ROUND_HALF_EVEN)})


def _with_unit(form: str, unit: str) -> Iterator[str]:
    yield form
    if unit == "%":
        yield from (f"{form}%", f"{form} of 100", f"{form}/100")
    elif unit:
        yield f"{form} {unit}"
        if unit.endswith("s"):
            yield f"{form} {unit[:-1]}"


def _of_people(percent: Number) -> Iterator[str]:
    """A percentage as people of 1,000 or 10,000, where that is a whole number."""
    for whole in (1000, 10_000):
        people = Decimal(str(percent)) * whole / 100
        if people == people.to_integral_value():
            yield f"{people:f}".split(".")[0] + f" of {whole}"


def _spans(limits: list[Number], unit: str) -> Iterator[str]:
    low, high = sorted(map(abs, limits))
    for lower in _forms(low, unit):
        for upper in _forms(high, unit):
            yield from _with_unit(f"{lower}-{upper}", unit)


def _of_text(text: str, unit: str = "") -> Iterator[str]:
    """The numbers of a text as they stand there, alone and with what belongs to them."""
    text = normal(text)
    for match in re.finditer(r"\d+(?:\.\d+)?(?:-\d+(?:\.\d+)?)?(?:%|/\d+| of \d+)?", text):
        piece = match.group()
        yield piece
        yield piece.removesuffix("%")
        if unit:
            yield from _with_unit(piece.removesuffix("%"), unit)
        if word := re.match(r"\s?([a-zA-Z]+)", text[match.end() :]):
            yield f"{piece} {word.group(1)}"
        if "/" in piece:
            yield piece.replace("/", " of ")


def _of_row(row: dict) -> Iterator[str]:
    for name, cell in row.items():
        if isinstance(cell, bool) or cell is None:
            continue
        if isinstance(cell, list) and len(cell) == 2 and all(isinstance(one, Number) for one in cell):
            yield from _spans(cell, "%")
        for one in cell if isinstance(cell, list) else [cell]:
            if isinstance(one, Number):
                unit = "%" if re.search(r"pct|percent|sensitivity|specificity|bone|brain|liver|lung", name) else ""
                for form in _forms(one, unit):
                    yield from _with_unit(form, unit)
            else:
                yield from _of_text(str(one))
    wholes = [cell for name, cell in row.items() if name in {"n", "scans"} and isinstance(cell, int)]
    parts = [cell for name, cell in row.items() if name in {"events", "count", "metastatic"} and isinstance(cell, int)]
    yield from (f"{part} of {whole}" for whole in wholes for part in parts)


def _words(data: object) -> str:
    if isinstance(data, dict):
        return " ; ".join(f"{key} {_words(one)}" for key, one in data.items())
    if isinstance(data, list) and len(data) == 2 and all(isinstance(one, Number) for one in data):
        return f"{data[0]}-{data[1]}"
    if isinstance(data, Iterable) and not isinstance(data, str):
        return " ; ".join(map(_words, data))
    return str(data)
