"""An item analysis as one HTML page without script, for a screen, a phone, or two sheets of paper."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from spinemets import files
from spinemets.explore.palette import css_variables

from . import charts, gradebook, releases
from .analysis import (
    EASY,
    FEWEST,
    GROUP,
    HARD,
    IDLE,
    LOW,
    QUICK,
    Analysis,
    AnalysisError,
    ItemAnalysis,
    Use,
    analyse,
    percent,
)
from .questions import bank_questions
from .statistics import Estimate

_LONGEST = 70
"""Letters of a question in the overview."""


def write(analysis: Analysis, path: Path, title: str) -> None:
    """Write the page, whole or not at all.

    Raises:
        AnalysisError: the file cannot be written.
    """
    try:
        files.write(path, page(analysis, title))
    except OSError as error:
        raise AnalysisError(
            f"{path}: {error.strerror or error}. Name a file in a folder that you can write to. "
            "Example: --out items.html"
        ) from error


def report(book: str | Path, out: Path, release: str | None = None) -> Analysis:
    """Analyse a gradebook and write the page; what ``spinemets analyse`` does.

    Args:
        book: a SQLite file, the CSV file beside it, or a SQLAlchemy URL.
        out: the HTML file.
        release: its id; may be left out if the gradebook has one.

    Raises:
        GradebookError: there is no such gradebook or release.
        AnalysisError: there is nothing to analyse, or the page cannot be written.
        QuizError, ReleaseError: a quiz or a release of the course is malformed.
    """
    with gradebook.reading(book) as connection:
        found = analyse(connection, bank_questions(), release, progress=True)
    known = releases.every()
    write(found, out, known[found.release].title if found.release in known else found.release)
    return found


def page(analysis: Analysis, title: str) -> str:
    """The page; the same analysis gives the same bytes.

    Args:
        analysis: of a release.
        title: what was handed out, in words.
    """
    style = "\n".join(
        [
            f":root {{ {css_variables('light')} }}",
            f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {css_variables('dark')} }} }}",
            Path(__file__).with_name("report.css").read_text(encoding="utf-8"),
        ]
    )
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        # Answers of others stand on this page; nothing in them may load or run.
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}: which questions work</title><style>\n{style}</style>"
    )
    parts = [
        f"<h1>{escape(title)}: which questions work</h1>",
        _facts(analysis),
        *(f'<p class="warning">{escape(words)}</p>' for words in _warnings(analysis)),
        _pictures(analysis),
        _look_first(analysis),
        _overview(analysis),
        _details(analysis),
        _method(analysis),
    ]
    body = "\n".join(parts)
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n<body><main>\n{body}\n</main></body></html>\n'


def _facts(analysis: Analysis) -> str:
    most = len(analysis.items)
    mean = f"{analysis.mean:.1f} of {most} points ({percent(analysis.mean / most)})"
    facts = {
        "Hand-ins that count": f"{analysis.n:,}",
        "Questions": f"{most}",
        "Mean total": mean,
        "Standard deviation": "—" if analysis.sd is None else f"{analysis.sd:.1f} points",
        f"Reliability ({analysis.coefficient})": _said(analysis.reliability),
    }
    return f'<dl class="facts">{"".join(f"<div><dt>{k}</dt><dd>{v}</dd></div>" for k, v in facts.items())}</dl>'


def _warnings(analysis: Analysis) -> list[str]:
    found = list(analysis.warnings)
    if analysis.ungraded:
        found.append(f"Left out, since they could not be graded for anybody: {', '.join(analysis.ungraded)}.")
    return found


def _pictures(analysis: Analysis) -> str:
    most, width = len(analysis.items), analysis.width
    counted = [f"{_range(place, width, most)}: {count:,}" for place, count in enumerate(analysis.totals) if count]
    totals = charts.histogram(
        analysis.totals,
        width,
        most,
        analysis.mean,
        f"Histogram of totals. Points and hand-ins: {'; '.join(counted)}. Mean {analysis.mean:.1f}.",
    )
    dots = [
        charts.Dot(number, item.statistics.difficulty.value or 0, item.statistics.with_rest, bool(item.flags))
        for number, item in enumerate(analysis.items, start=1)
    ]
    scatter = charts.scatter(
        dots,
        (HARD, EASY, LOW),
        "Scatter of the questions: mean score across, discrimination upwards. The table below has the values.",
    )
    flagged = any(dot.flagged for dot in dots)
    return (
        f'<div class="pictures"><figure><figcaption>Totals</figcaption>{totals}</figure>'
        f"<figure><figcaption>Questions by their number{': ◆ look at these again' if flagged else ''}</figcaption>"
        f"{scatter}</figure></div>"
    )


def _range(place: int, width: int, most: int) -> str:
    low = place * width
    if place == -(-most // width):
        return f"{most}"
    return f"{low} to below {min(low + width, most)}"


def _look_first(analysis: Analysis) -> str:
    flagged = [(number, item) for number, item in enumerate(analysis.items, start=1) if item.flags]
    if not flagged:
        words = "No question is flagged." if analysis.n >= FEWEST else "With so few hand-ins nothing is flagged."
        return f"<h2>Look at these again</h2><p>{words}</p>"
    order = ["key", "negative", "low", "quick", "hard", "easy", "idle"]
    flagged.sort(key=lambda one: min(order.index(flag.kind) for flag in one[1].flags))
    lines = [
        f'<li><a href="#{escape(item.question.id)}">{number}</a> '
        f"{' '.join(escape(flag.words) for flag in item.flags)}</li>"
        for number, item in flagged
    ]
    return f'<h2>Look at these again</h2><ul class="flags">{"".join(lines)}</ul>'


def _overview(analysis: Analysis) -> str:
    timed = any(item.seconds for item in analysis.items)
    heads = ["No.", "Question", "Mean score", "Discrimination", "Chosen by"] + (["Time"] if timed else [])
    rows = [_row(number, item, analysis, timed) for number, item in enumerate(analysis.items, start=1)]
    chosen = f"the {percent(GROUP)} who did least well (light) and best (dark)" if analysis.groups else "all"
    return (
        "<h2>Every question</h2>"
        f"<p class=muted>The bars show what {chosen} chose; ✓ is right. Lines are 95 % intervals.</p>"
        f'<table class="items" role="table"><thead role="rowgroup"><tr role="row">'
        f"{''.join(f'<th scope=col role=columnheader>{head}</th>' for head in heads)}</tr></thead>"
        f'<tbody role="rowgroup">{"".join(rows)}</tbody></table>'
    )


def _row(number: int, item: ItemAnalysis, analysis: Analysis, timed: bool) -> str:
    question, found = item.question, item.statistics
    mark = ' <span role="img" aria-label="look again">◆</span>' if item.flags else ""
    cells = [
        f'<td class="number" role="cell">{number}{mark}</td>',
        f'<th scope="row" role="rowheader" class="question"><span class="id">{escape(question.id)}</span> '
        f'<a href="#{escape(question.id)}">{escape(_short(question.text))}</a></th>',
        _estimate("Mean score", found.difficulty, (0, 1), (HARD, EASY), percents=True),
        _estimate("Discrimination", found.with_rest, (-1, 1), (0, LOW)),
        f'<td data-label="Chosen by" role="cell">{_bars(item, analysis)}</td>',
    ]
    if timed:
        time = "" if item.seconds is None else f"{item.seconds.median} s"
        cells.append(f'<td class="values" data-label="Time (median)" role="cell">{time}</td>')
    return f'<tr role="row">{"".join(cells)}</tr>'


def _estimate(
    label: str, estimate: Estimate, ends: tuple[float, float], marks: tuple[float, float], *, percents: bool = False
) -> str:
    words = _said(estimate, percents)
    picture = charts.interval(estimate, *ends, marks, f"{label} {words}")
    return f'<td class="values" data-label="{label}" role="cell">{picture}{words}</td>'


def _bars(item: ItemAnalysis, analysis: Analysis) -> str:
    # A match has too many pairs for a small picture: the right one of each text is drawn.
    groups, uses = analysis.groups, [one for one in _labelled(item) if one[1].right or item.question.type != "match"]
    if not any(use.n for _, use in uses):
        return ""
    if len(uses) > charts.MOST_BARS:
        most = sorted(uses, key=lambda one: -one[1].n)[: charts.MOST_BARS]
        uses = [one for one in uses if one in most]
    bars = []
    for label, use in uses:
        lower = use.lower / groups.lower if groups else use.n / analysis.n
        upper = use.upper / groups.upper if groups else use.n / analysis.n
        bars.append(charts.Bar(label, lower, upper, use.right))
    if groups is None:
        return charts.bars(bars, f"Chosen by all. {'; '.join(f'{bar.label}: {percent(bar.lower)}' for bar in bars)}.")
    words = "; ".join(f"{bar.label}: {percent(bar.lower)} and {percent(bar.upper)}" for bar in bars)
    return charts.bars(bars, f"Chosen by those who did least well and best. {words}.")


def _labelled(item: ItemAnalysis) -> Iterator[tuple[str, Use]]:
    """Each use with its letter, the number of its text in a match, or its rank; a tick marks what is right."""
    question = item.question
    width = len(question.options) // len(question.key) if question.type == "match" and question.key else 1
    rank = 0
    for place, use in enumerate(item.uses):
        rank += not use.right
        if question.type == "match":
            name = f"{place // width + 1}"
        elif question.options:
            name = chr(ord("A") + place)
        else:
            name = "" if use.right else f"{rank}"
        yield f"{name}✓" if use.right else name, use


def _details(analysis: Analysis) -> str:
    every = "".join(_detail(number, item) for number, item in enumerate(analysis.items, start=1))
    return f'<section class="details"><h2>Who chose what</h2>{every}</section>'


def _detail(number: int, item: ItemAnalysis) -> str:
    question, found = item.question, item.statistics
    lines = [
        f"Answered by {item.answered:,}.",
        f"Correlation with the total: {_said(found.with_total)}; with the total without this question (the "
        f"discrimination): {_said(found.with_rest)}.",
    ]
    if found.alpha_without is not None:
        lines.append(f"Reliability without this question: {_decimal(found.alpha_without)}.")
    if item.seconds is not None:
        time = item.seconds
        lines.append(f"Half took {time.low} to {time.high} s, the middle one {time.median} s ({time.n:,} say so).")
    flags = "".join(f"<li>{escape(flag.words)}</li>" for flag in item.flags)
    return (
        f'<details id="{escape(question.id)}"{" open" if item.flags else ""}>'
        f"<summary>{number}. {escape(question.text)} <span class='muted'>{escape(question.id)}</span></summary>"
        f"{f'<ul class=flags>{flags}</ul>' if flags else ''}<p>{' '.join(lines)}</p>{_uses(item)}</details>"
    )


def _uses(item: ItemAnalysis) -> str:
    if not item.uses:
        return ""
    head = "Option" if item.question.options else "Answer (wrong ones that two or more gave)"
    rows = [
        f"<tr><th scope=row>{escape(label)} {escape(use.words)}</th><td class=number>{use.n:,}</td>"
        f"<td class=number>{use.lower:,}</td><td class=number>{use.upper:,}</td>"
        f"<td class=number>{'—' if use.rest is None else f'{use.rest:.1f}'}</td></tr>"
        for label, use in _labelled(item)
        if use.n or item.question.type != "match"
    ]
    return (
        f'<div class="scroll" role="group" tabindex="0" aria-label="Who chose what: {escape(item.question.id)}">'
        f"<table><thead><tr><th scope=col>{head}</th><th scope=col class=number>All</th>"
        "<th scope=col class=number>Least well</th><th scope=col class=number>Best</th>"
        "<th scope=col class=number>Mean of the rest (points)</th></tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _method(analysis: Analysis) -> str:
    groups = analysis.groups
    grouped = (
        f"Here that is {groups.lower:,} with {groups.low:g} points or fewer, and {groups.upper:,} with {groups.high:g} "
        "or more."
        if groups
        else "Here the totals do not part two such groups."
    )
    lines = [
        "Each question gives 0 to 1 point; left out gives 0. <b>Mean score</b>: the higher, the easier (Wilson's "
        "interval). <b>Discrimination</b>: the correlation of a question with the total of the other questions, also "
        "called corrected point-biserial (Fisher's interval). Around 0, who knows more does no better here.",
        f"<b>Reliability</b>: {analysis.coefficient} with Feldt's interval; near 1, another test of such questions "
        "would rank these students alike.",
        f"<b>Least well, best</b>: the lower and the upper {percent(GROUP)} by total, with ties. {grouped}",
        f"A question is flagged only from {FEWEST} hand-ins on, and only if its whole interval lies beyond the limit: "
        f"mean score below {percent(HARD)} or above {percent(EASY)}; discrimination below {LOW:g} or below 0; an "
        f"option that fewer than {percent(IDLE)} of those chose who missed the question; a wrong option that most of "
        f"the best chose; a median time below {percent(QUICK)} of the usual one. A flag says “look again”, not “bad”.",
    ]
    return f'<section class="method"><h2>How to read this</h2>{"".join(f"<p>{line}</p>" for line in lines)}</section>'


def _said(estimate: Estimate, percents: bool = False) -> str:
    if estimate.value is None:
        return "not defined"
    text = percent(estimate.value) if percents else _decimal(estimate.value)
    if estimate.low is None or estimate.high is None:
        return text
    ends = [percent(end) if percents else _decimal(end) for end in (estimate.low, estimate.high)]
    return f"{text} ({ends[0]} to {ends[1]})"


def _decimal(value: float) -> str:
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rsplit(' ', 1)[0]} …"
