"""NOMS over all its 72 states, against the two published tables."""

import itertools
import time

import pytest

from spinemets.clinic import noms
from spinemets.clinic.errors import ClinicError
from spinemets.clinic.escc import GRADES
from spinemets.evidence import entry, table

STATES = list(itertools.product(GRADES, noms.TUMOURS, noms.SPINES, (True, False)))


@pytest.fixture(params=STATES, ids=lambda state: "-".join(map(str, state)))
def state(request):
    return request.param


def test_there_are_72_states():
    assert len(STATES) == 72


def test_every_state_has_options_with_reasons_and_evidence_that_exists(state):
    plan = noms.options(*state)
    for option in (plan.radiation, plan.decompression, plan.stabilisation):
        assert option.verdict in ("yes", "no", "disputed")
        assert option.what and option.why.endswith(".")
        assert option.evidence and all(entry(id) for id in option.evidence)
    for disagreement in plan.disagreements:
        assert disagreement.question.endswith("?")
        assert len(disagreement.positions) >= 2
        assert all(entry(position.evidence) for position in disagreement.positions)


def test_what_is_disputed_is_explained_by_a_disagreement(state):
    plan = noms.options(*state)
    disputed = [o for o in (plan.radiation, plan.decompression, plan.stabilisation) if o.verdict == "disputed"]
    beyond = [d for d in plan.disagreements if d.id not in ("class-of-breast-cancer", "who-is-fit")]
    assert len(beyond) >= len(disputed)


def test_no_operation_for_whoever_cannot_bear_it(state):
    plan = noms.options(*state)
    if not state[3]:
        assert plan.decompression.verdict == "no"
        assert plan.stabilisation.verdict != "yes"


def test_when_each_operation_is_wanted_disputed_or_out_of_question(state):
    escc, tumour, spine, fit = state
    plan = noms.options(*state)
    pressed, resistant = escc in ("2", "3"), tumour == "radioresistant"
    free = "no"
    if fit and pressed:
        free = "yes" if resistant else "disputed"
    elif fit and resistant and escc == "1c":
        free = "disputed"
    assert plan.decompression.verdict == free
    if spine == "gross instability":
        steady = "yes" if fit else "no"
    elif spine == "pain on load":
        steady = "yes" if fit else "no" if pressed else "disputed"
    else:
        steady = "disputed" if fit and pressed and resistant else "no"
    assert plan.stabilisation.verdict == steady
    assert plan.radiation.verdict == ("disputed" if resistant and not fit else "yes")


def test_which_disagreements_stand_beside_a_state(state):
    escc, tumour, spine, fit = state
    pressed, resistant = escc in ("2", "3"), tumour == "radioresistant"
    load = spine == "pain on load"
    expected = {
        "radiation-or-operation-first": pressed and not resistant and fit,
        "grade-1c": escc == "1c",
        "cement-or-screws": load and fit,
        "cement-if-not-fit": load and not fit and not pressed,
        "metalwork-with-decompression": spine == "stable" and pressed and resistant and fit,
        "radiosurgery-if-not-fit": resistant and not fit and not pressed,
        "no-rule-if-not-fit": resistant and not fit and pressed,
        "who-is-fit": not fit,
        "class-of-breast-cancer": not resistant,
    }
    found = [disagreement.id for disagreement in noms.options(*state).disagreements]
    assert sorted(found) == sorted(id for id, applies in expected.items() if applies)


def test_every_disagreement_of_the_evidence_is_shown_for_some_state_in_the_evidences_words():
    rows = table("noms-disagreements").rows
    shown = {one.id: one for state in STATES for one in noms.options(*state).disagreements}
    assert {row["id"] for row in rows} == set(shown)
    for id, one in shown.items():
        own = [row for row in rows if row["id"] == id]
        assert {row["question"] for row in own} == {one.question}
        assert [(p.words, p.evidence) for p in one.positions] == [(row["position"], row["evidence"]) for row in own]
        assert one == noms.disagreement(id)
    named = {key for row in rows for key in entry(row["evidence"]).sources}
    assert set(table("noms-disagreements").sources) <= named


def test_no_such_disagreement():
    with pytest.raises(ClinicError, match=r"Did you mean 'who-is-fit'\?"):
        noms.disagreement("who-is-fitt")


def test_options_agree_with_the_implementations_row(state):
    escc, tumour, spine, fit = state
    plan = noms.options(*state)
    row = plan.rule
    assert row["escc"] == ("high" if escc in ("2", "3") else "low")
    assert row["tumour"] in (tumour, "any") and row["fit"] is fit
    assert row["radiation"].split(" ")[0].strip(",") in plan.radiation.what
    if "decompression (separation" in row["surgery"]:
        assert plan.decompression.verdict == "yes"
    if "stabilisation" in row["surgery"]:
        assert plan.stabilisation.verdict == "yes"
    if row["surgery"] == "none":
        assert plan.decompression.verdict == "no" or escc == "1c"
        assert plan.stabilisation.verdict in ("no", "disputed")


def test_options_agree_with_the_rules_of_2010(state):
    """Each row of ``noms-decision`` that speaks of the state is followed, or its conflict stands beside it."""
    escc, tumour, spine, fit = state
    plan = noms.options(*state)
    pressed = escc in ("2", "3")
    for row in table("noms-decision").rows:
        if not (
            {"low": not pressed, "high": pressed, "no ": not pressed, "any": True}[_start(row["neurologic"])]
            and row["oncologic"] in (tumour, "any")
            and row["mechanical"].split(" (")[0].replace("axial load", "load") == spine
            and (fit or row["systemic"].startswith("any"))
        ):
            continue
        if row["stabilisation"] == "none":
            assert plan.stabilisation.verdict == "no"
        elif row["stabilisation"] == "percutaneous cement augmentation":
            assert "cement" in plan.stabilisation.what
        else:
            assert "instrumentation" in plan.stabilisation.what
        if row["surgery"] == "decompression (separation surgery)":
            assert plan.decompression.verdict == "yes"
        if row["radiotherapy"].startswith("conventional"):
            assert plan.radiation.what == "conventional"
        if row["radiotherapy"].startswith("stereotactic"):
            assert "radiosurgery" in plan.radiation.what


def _start(words):
    return next(begin for begin in ("low", "high", "no ", "any") if words.startswith(begin))


def test_breast_cancer_with_high_grade_compression_shows_the_conflict():
    plan = noms.options("3", "radiosensitive", "stable", True)
    assert plan.radiation.what == "conventional"
    assert plan.decompression.verdict == "disputed"
    first = plan.disagreements[0]
    assert {position.evidence for position in first.positions} >= {"noms-decision", "patchell-walk", "astro"}


def test_the_synthetic_patient():
    """T11: low grade, radiosensitive, unstable, fit: stabilisation, then conventional radiation."""
    plan = noms.options("1b", "radiosensitive", "gross instability", True)
    assert (plan.radiation.what, plan.decompression.verdict) == ("conventional", "no")
    assert plan.stabilisation.verdict == "yes"


@pytest.mark.parametrize(
    ("answers", "argument"),
    [
        (("1", "radiosensitive", "stable", True), "escc"),
        (("0", "breast", "stable", True), "tumour"),
        (("0", "radiosensitive", "unstable", True), "spine"),
        (("0", "radiosensitive", "stable", "yes"), "fit"),
        (("0", "radiosensitive", "stable", 1), "fit"),
        (("0", "radiosensitive", "stable", None), "fit"),
        (("0", None, "stable", True), "tumour"),
        (("0", "radiosensitive", float("nan"), True), "spine"),
        ((None, "radiosensitive", "stable", True), "escc"),
    ],
)
def test_what_is_no_answer_is_refused(answers, argument):
    with pytest.raises(ClinicError, match="is not covered") as caught:
        noms.options(*answers)
    assert caught.value.argument == argument


def test_options_are_quick():
    noms.options(*STATES[0])
    start = time.perf_counter()
    for state in STATES:
        noms.options(*state)
    assert (time.perf_counter() - start) / len(STATES) < 0.005
