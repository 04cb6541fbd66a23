"""Chapter 10: every state draws within its limits, and says what evidence and clinic say."""

from __future__ import annotations

import re
from functools import lru_cache

import matplotlib.font_manager as fonts
import nbformat
import pytest
from matplotlib.textpath import TextPath

from spinemets import course
from spinemets.clinic import noms as rules
from spinemets.clinic import scores as scores_of
from spinemets.clinic import sins
from spinemets.evidence import entry, finding
from spinemets.explore import Explorer
from spinemets.explore import frame as frames
from spinemets.explore.palette import PALETTE
from spinemets.lessons import complications as risks
from spinemets.lessons import noms, prognosis, surgery, walking
from spinemets.lessons.people import AMINA, INGRID, MARIA, PEOPLE, ROSA, person
from spinemets.quiz import bank

EXPLORERS: list[Explorer] = [getattr(surgery, name) for name in surgery.__all__]
LIGHT = {light for light, _ in PALETTE.values()}


@lru_cache(maxsize=4096)
def width(words: str, size: float, weight: str) -> float:
    face = fonts.FontProperties(family="DejaVu Sans", weight=weight)
    return TextPath((0, 0), words, size=size, prop=face).get_extents().x1


def texts(picture: str) -> list[tuple[str, float, float, str, str]]:
    """Words, x, size, anchor and weight of every text of a picture."""
    found = []
    for attributes, words in re.findall(r"<text ([^>]*)>([^<]*)</text>", picture):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))
        anchor, weight = given.get("text-anchor", "start"), given.get("font-weight", "normal")
        found.append((words, float(given["x"]), float(given["font-size"]), anchor, weight))
    return found


@pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda explorer: explorer.id)
def test_every_state_draws_within_the_limits(explorer: Explorer) -> None:
    for indices in explorer.grid():
        view = frames.view(explorer, indices)
        frame = frames.frame(view, "test", explorer.title)
        state = explorer.keys(indices)
        assert frame["summary"].endswith((".", "!", "?")), state
        assert frame["table"] and frame["table"]["rows"] and frame["table"]["caption"], state
        assert frames.nodes(frame["picture"]) <= 300, state
        assert len(frame["picture"].encode()) <= 30_000, state
        assert set(re.findall(r"#[0-9a-f]{6}", str(view.picture))) <= LIGHT, state


@pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda explorer: explorer.id)
def test_text_is_legible_on_a_phone_and_stays_inside(explorer: Explorer) -> None:
    for indices in explorer.grid():
        picture = str(frames.view(explorer, indices).picture)
        assert 'viewBox="0 0 400 ' in picture
        for words, x, size, anchor, weight in texts(picture):
            assert size >= 11, words
            room = {"start": 400 - x, "end": x, "middle": 2 * min(x, 400 - x)}[anchor]
            assert width(words, size, weight) <= room + 0.5, (explorer.keys(indices), words)


def test_the_opening_frames_show_no_figure_on_survival() -> None:
    for explorer in EXPLORERS:
        summary = explorer().summary.lower()
        assert explorer.sensitive or not re.search(r"surviv|die|death|dead|alive|lived", summary), summary


# --- people ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("someone", PEOPLE, ids=lambda someone: someone.key)
def test_findings_of_the_people_fit_together(someone) -> None:
    found = sins.score(**vars(someone.sins))
    assert sins.location_of(someone.vertebra) == someone.sins.location
    assert (found.category == "unstable") == (someone.spine == "gross instability")
    assert (someone.frankel == "E") == (someone.escc not in ("2", "3"))
    assert (someone.organs == "none") == (someone.organ_spread == "none")
    assert person(someone.key) is someone


def test_maria_has_the_sins_of_her_story() -> None:
    found = sins.score(**vars(MARIA.sins))
    assert list(found.points.values()) == [3, 3, 2, 2, 3, 1]
    assert found.total == 14
    assert found.category == "unstable"


def test_an_unknown_person_is_named() -> None:
    with pytest.raises(KeyError, match="nobody.*maria"):
        person("nobody")


# --- NOMS -----------------------------------------------------------------------------------------------------------


def test_every_plan_is_the_clinics_and_every_disagreement_stands_in_the_table() -> None:
    for indices in surgery.noms.grid():
        state = surgery.noms.values(indices)
        plan = rules.options(**state)
        rows = {row[0]: row for row in surgery.noms(**state).table.rows}
        for name, option in (
            ("Plan: radiation", plan.radiation),
            ("Plan: free the cord", plan.decompression),
            ("Plan: steady the spine", plan.stabilisation),
        ):
            answer = rows[name][1]
            assert option.what in answer if option.verdict != "no" else answer == "no"
            assert rows[name][2] == option.why
            assert answer.startswith("disputed") == (option.verdict == "disputed")
        for disagreement in plan.disagreements:
            words = rows[f"Disputed: {disagreement.question}"][2]
            assert all(position.words in words for position in disagreement.positions)


def test_the_first_disagreement_is_drawn_in_purple_with_every_position() -> None:
    view = surgery.noms(escc="3", tumour="radiosensitive", spine="stable", fit=True)
    drawn = " ".join(words for words, *_ in texts(str(view.picture)))
    first = rules.options("3", "radiosensitive", "stable", True).disagreements[0]
    for position in first.positions:
        assert position.words in drawn.replace("&#x27;", "'")
    assert "42 of 50" in drawn
    assert "29 of 51" in drawn


def test_only_the_mechanical_question_asks_for_marias_operation() -> None:
    assert "Only the mechanical question" in surgery.noms_person(person=MARIA).summary
    voices = noms._voices(noms.answers(MARIA))
    assert [voice.letter for voice in voices if voice.colour == noms.OPERATE] == ["M"]


@pytest.mark.parametrize(
    ("someone", "change", "said"),
    [
        (INGRID, "as she is", "NOMS radiates, the trial favours surgery first"),
        (ROSA, "as she is", "still treated"),
        (AMINA, "as she is", "No question asks for an operation"),
        (MARIA, "an operation is too much for her", "the plan changes. Who cannot bear"),
        (ROSA, "she grows fit for an operation", "the plan stays"),
        (AMINA, "her spine gives way", "the plan changes. Only the mechanical"),
    ],
    ids=lambda value: getattr(value, "key", None),
)
def test_one_changed_finding_moves_the_plan_or_not(someone, change: str, said: str) -> None:
    assert said in surgery.noms_person(person=someone, change=change).summary


def test_a_change_that_is_none_is_impossible_with_its_reason() -> None:
    with pytest.raises(ValueError, match="for Ingrid this is so already"):
        surgery.noms_person(person=INGRID, change="her cord is pressed")


# --- who walks ------------------------------------------------------------------------------------------------------


def test_the_arms_of_the_trial_add_up_to_the_printed_counts() -> None:
    found = finding("patchell-walk")
    for arm, short in zip(walking.trial(), ("surgery", "radiotherapy"), strict=True):
        everybody, again = found[f"able to walk after treatment, {short} arm"], found[f"regained walking, {short}"]
        assert (arm.walked, arm.total) == (everybody.count, everybody.n)
        assert (arm.regained, arm.regained + arm.never) == (again.count, again.n)
        assert min(arm.kept, arm.lost) >= 0


def test_figures_of_the_trial_are_its_people() -> None:
    for group, shares in (
        ("everybody", ("42 of 50", "29 of 51")),
        ("walking before", ("32 of 34", "26 of 35")),
        ("not walking before", ("10 of 16", "3 of 16")),
    ):
        view = surgery.walking(source="randomised trial", group=group)
        assert all(share in view.summary for share in shares)
        assert [f"{row[1]} of {row[2]}" for row in view.table.rows] == list(shares)
        assert str(view.picture).count("people") >= 2


def test_intervals_of_the_trial_are_those_of_the_evidence() -> None:
    found = finding("patchell-walk")
    view = surgery.walking(source="randomised trial", group="not walking before")
    rows, drawn = view.table.rows, " ".join(words for words, *_ in texts(str(view.picture)))
    for row, short in zip(rows, ("surgery", "radiotherapy"), strict=True):
        low, high = found[f"regained walking, {short}"].interval
        assert row[4] == f"{low:.0f} to {high:.0f}%"
        assert row[4] in drawn


def test_gaps_are_shown_as_gaps() -> None:
    assert "Not reported" in " ".join(
        words for words, *_ in texts(str(surgery.walking(source="pooled series", group="walking before").picture))
    )
    assert "interval not given" in str(surgery.walking(source="breast cancer series", group="walking before").picture)


def test_three_of_eleven_not_three_of_four() -> None:
    view = surgery.walking(source="breast cancer series", group="not walking before")
    assert view.summary.startswith("3 of 11, not 3 of 4")
    assert ("as a share of all", "27%") in view.table.rows


# --- complications --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("event", risks.EVENTS, ids=lambda event: event.label)
def test_both_frames_say_one_risk(event: risks.Event) -> None:
    value = finding(event.finding)[event.value]
    count = round(10 * value.value)
    happens, not_ = (surgery.complications(event=event, frame=frame) for frame in (risks.HAPPENS, risks.DOES_NOT))
    assert f"{count} {event.has}" in happens.summary
    assert f"{1000 - count} {event.has_not}" in not_.summary
    assert happens.table == not_.table
    if value.interval:
        low, high = (round(10 * bound) for bound in value.interval)
        assert happens.table.rows[0][2] == f"{low} to {high}"
        assert f"{low} to {high}" in happens.summary
        assert f"{high} in all" in str(happens.picture)
    else:
        assert "interval not given" in str(happens.picture)
        assert "no interval" in happens.summary


def test_deaths_are_marked_sensitive() -> None:
    for event in risks.EVENTS:
        assert event.sensitive == ("mortality" in event.value)
    options = surgery.complications.controls["event"].options
    assert [option.sensitive for option in options] == [event.sensitive for event in risks.EVENTS]


# --- scores ---------------------------------------------------------------------------------------------------------

TOTALS = {
    # Tokuhashi, Tomita, Bauer, Katagiri, van der Linden; each sum worked by hand from the tables.
    "maria": (1 + 2 + 1 + 2 + 5 + 2, 1 + 0 + 2, 1 + 1 + 1 + 0, 0 + 0 + 0 + 0 + 0 + 1, 1 + 3 + 1),
    "ingrid": (0 + 1 + 2 + 2 + 5 + 1, 1 + 0 + 2, 1 + 1 + 1 + 0, 0 + 0 + 1 + 1 + 1 + 1, None),
    "rosa": (1 + 0 + 0 + 0 + 5 + 2, 1 + 4 + 2, 0 + 1 + 1 + 0, 0 + 1 + 1 + 1 + 1 + 1, 1 + 3 + 0),
    "amina": (2 + 2 + 2 + 2 + 5 + 2, 1 + 0 + 1, 1 + 1 + 1 + 1, 2 + 0 + 0 + 0 + 1 + 0, 2 + 3 + 1),
}


@pytest.mark.parametrize("someone", PEOPLE, ids=lambda someone: someone.key)
def test_totals_are_those_worked_by_hand(someone) -> None:
    found = [prognosis.result(someone, id) for id in prognosis._SCORES]
    assert tuple(one and one.total for one in found) == TOTALS[someone.key]


def test_a_score_is_not_worked_for_somebody_it_was_not_made_for() -> None:
    with pytest.raises(ValueError, match="without neurological deficit"):
        surgery.scores(person=INGRID, score="vanderlinden-2005")
    assert "not made for" in str(surgery.scores(person=INGRID).picture)


def test_scores_open_only_on_request_and_never_call_themselves_a_forecast() -> None:
    assert surgery.scores.sensitive
    for indices in surgery.scores.grid():
        assert surgery.scores(**surgery.scores.values(indices)).summary.endswith("A score is not a forecast.")


def test_the_record_in_breast_cancer_is_the_evidences() -> None:
    drawn = " ".join(words for words, *_ in texts(str(surgery.scores(person=MARIA).picture)))
    assert finding("score-accuracy-breast")["accuracy breast"].text in drawn


def test_agreement_is_counted_over_the_scores_made_for_her() -> None:
    assert "All 5 scores agree" in surgery.scores(person=AMINA).summary
    assert "names no operation" in surgery.scores(person=AMINA).summary
    assert "Of 4 scores 2 put her in their longest band" in surgery.scores(person=INGRID).summary


# --- quiz and notebook ----------------------------------------------------------------------------------------------

QUIZ = bank.load("10-surgery")
ITEMS = {item.id: item for item in (*QUIZ.items, *QUIZ.exercises)}


def best(case: str, step: str) -> str:
    """The best option of a step."""
    found = next(one for one in ITEMS[case].steps if one.id == step)
    return max(found.options, key=lambda option: option.points).text


def test_the_cases_say_what_the_clinic_says() -> None:
    points = sins.score(**vars(MARIA.sins)).points.values()
    assert best("surgery-case-maria", "scan") == f"{sum(points)}: {' + '.join(map(str, points))}"
    assert rules.options("1b", "radiosensitive", "gross instability", True).stabilisation.verdict == "yes"
    assert best("surgery-case-maria", "board").startswith("Steady T11 first")
    assert best("surgery-case-ingrid", "scan").startswith(f"Grade {INGRID.escc}")
    words = " ".join(step.text for step in ITEMS["surgery-case-ingrid"].steps)
    assert f"SINS {sins.score(**vars(INGRID.sins)).total}" in words
    assert f"{prognosis.result(INGRID, 'tokuhashi-2005').total} points, the middle band" in words
    assert rules.options("3", "radiosensitive", "stable", True).decompression.verdict == "disputed"
    tomita = prognosis.result(MARIA, "tomita-2001")
    assert any(
        f"Tomita score of {tomita.total}" in o.text for s in ITEMS["surgery-case-maria"].steps for o in s.options
    )


@pytest.mark.parametrize("case", ["surgery-case-maria", "surgery-case-ingrid"])
def test_wrong_turns_lead_somewhere_else_and_every_path_ends(case: str) -> None:
    steps = {step.id: step for step in ITEMS[case].steps}

    def paths(step: str) -> list[list[str]]:
        if step == "end":
            return [[]]
        return [[step, *rest] for option in steps[step].options for rest in paths(option.next)]

    found = {tuple(path) for path in paths(QUIZ_FIRST[case])}
    assert len(found) >= 4
    assert {step for path in found for step in path} == set(steps)


QUIZ_FIRST = {case: ITEMS[case].steps[0].id for case in ("surgery-case-maria", "surgery-case-ingrid")}


def test_numbers_asked_for_are_those_of_evidence_and_clinic() -> None:
    dora = scores_of.tokuhashi(60, 1, 3, "removable", "E")
    assert ITEMS["surgery-tokuhashi"].answer == dora.total
    failed = finding("complications-review")["instrumentation failure"].value
    assert ITEMS["surgery-frame"].answer == pytest.approx(1000 - 10 * failed)
    assert ITEMS["odds-from-counts"].answer.resolve() == pytest.approx((42 / 8) / (29 / 22), abs=0.005)
    denominator = ITEMS["denominator"]
    assert abs(denominator.answer.resolve() - 100 * 3 / 11) <= denominator.tolerance


def test_each_objective_has_two_items_and_two_items_repeat_earlier_chapters() -> None:
    graded = [item for item in QUIZ.items if item.type not in ("prediction", "case")]
    for objective in range(1, 6):
        own = [item for item in graded if item.objective == objective and not item.from_]
        assert len(own) >= 2, objective
    assert {item.from_ for item in graded if item.from_} == {"05-metastasis", "07-spine-diagnosis"}
    assert sum(item.core for item in graded) == 5
    keys = [[option.correct for option in item.options].index(True) for item in graded if item.type == "choice"]
    assert max(map(keys.count, range(4))) - min(map(keys.count, range(4))) <= 1


def test_items_cite_evidence_that_exists() -> None:
    for item in ITEMS.values():
        for id in item.evidence:
            entry(id)


def test_the_notebook_opens_with_the_safety_text_and_folds_its_explorers() -> None:
    cells = nbformat.read(course.root() / "notebooks" / "10-surgery.ipynb", as_version=4).cells
    assert cells[0].source.startswith("# ")
    assert cells[1].source.startswith("**If you have or had cancer:** new weakness, trouble walking")
    assert "This course teaches; it does not advise." in cells[1].source
    shown = [cell for cell in cells if cell.cell_type == "code" and cell.source.startswith("explore(surgery.")]
    assert len(shown) == len(EXPLORERS)
    for cell in shown:
        assert "hide-input" in cell.metadata.tags
        assert cell.metadata.jupyter.source_hidden


@pytest.mark.parametrize("state", list(surgery.noms.grid()))
def test_a_disputed_decompression_is_named_in_the_sentence(state: tuple[int, ...]) -> None:
    view = surgery.noms(**surgery.noms.keys(state))
    disputed = any("free the cord" in str(row[0]) and "disputed" in str(row[1]) for row in view.table.rows)
    named = "disputed" in view.summary or "the trial favours surgery first" in view.summary
    assert disputed == named, view.summary
