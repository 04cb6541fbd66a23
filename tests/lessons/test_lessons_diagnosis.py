"""The explorers of the chapter on diagnosis: every state draws, says what is true, and keeps a frame's limits."""

import re

import pytest

from spinemets.clinic import diagnostics
from spinemets.clinic import escc as escc_scale
from spinemets.clinic import sins as sins_score
from spinemets.evidence import finding
from spinemets.explore.frame import frame, nodes
from spinemets.explore.palette import PALETTE
from spinemets.lessons import diagnosis
from spinemets.lessons.people import MARIA

EXPLORERS = (diagnosis.tests, diagnosis.suspicion, diagnosis.laboratory, diagnosis.sins, diagnosis.escc)
STATES = {"tests": 20, "suspicion": 100, "laboratory": 130, "sins": 1296, "escc": 6}


def views(explorer, step: int = 1):
    for indices in list(explorer.grid())[::step]:
        yield explorer.values(indices), explorer.function(**explorer.values(indices))


@pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda explorer: explorer.id)
def test_every_state_draws_within_the_limits(explorer) -> None:
    assert sum(1 for _ in explorer.grid()) == STATES[explorer.id]
    colours = {light for light, _ in PALETTE.values()}
    # Every option of SINS comes up often in each eleventh of its states.
    for state, view in views(explorer, 11 if explorer.id == "sins" else 1):
        drawn = frame(view, explorer.id, explorer.title)
        assert len(drawn["picture"].encode()) <= 30_000, state
        assert nodes(drawn["picture"]) <= 300, state
        assert set(re.findall(r"#[0-9a-f]{6}", str(view.picture))) <= colours, state
        assert min(float(size) for size in re.findall(r'font-size="([\d.]+)"', str(view.picture))) >= 11
        assert float(re.search(r'viewBox="0 0 ([\d.]+)', str(view.picture))[1]) <= 400
        assert view.summary.endswith(".") and 40 < len(view.summary) < 340, view.summary
        assert drawn["table"]["rows"]


@pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda explorer: explorer.id)
def test_no_text_runs_out_of_the_picture(explorer) -> None:
    """A letter of DejaVu Sans takes some 0.58 of its size, a bold one 0.66."""
    for state, view in views(explorer, 37 if explorer.id == "sins" else 1):
        for attributes, words in re.findall(r"<text ([^>]*)>([^<]*)</text>", str(view.picture)):
            x = float(re.search(r'x="([-\d.]+)"', attributes)[1])
            size = float(re.search(r'font-size="([\d.]+)"', attributes)[1])
            wide = len(words) * size * (0.66 if "bold" in attributes else 0.58)
            start = x - {"end": wide, "middle": wide / 2}.get((re.findall(r'anchor="(\w+)"', attributes) or [""])[0], 0)
            assert start >= -6 and start + wide <= 412, (state, words)


@pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda explorer: explorer.id)
def test_the_sentence_changes_with_the_state(explorer) -> None:
    for name, control in explorer.controls.items():
        if explorer.id == "sins":
            continue  # its sentence follows the band; see below
        said = {
            explorer(**{name: option.value}).summary
            for option in control.options
            if explorer.reason(
                tuple(c.index(option.value) if n == name else c.default for n, c in explorer.controls.items())
            )
            is None
        }
        assert len(said) > 1, name


def test_each_test_shows_the_numbers_of_its_card() -> None:
    for unit in ("patient", "lesion"):
        card = finding(f"acc-harlianto-{unit}")
        rows = {row[0]: row for row in diagnosis.tests(unit=unit, population="spine").table.rows}
        for shown, name in (("CT", "CT"), ("MRI", "MRI"), ("bone scan", "bone scintigraphy"), ("SPECT", "SPECT")):
            for column, measure in ((1, "sensitivity"), (2, "specificity")):
                value = card[f"{name} {measure}"].value
                assert rows[shown][column] == f"{value}%, interval not given"


def test_breast_cancer_shows_intervals_and_gaps() -> None:
    rows = {row[0]: row for row in diagnosis.tests(population="breast").table.rows}
    low, high = finding("acc-zamanian2023-breast")["bone scintigraphy sensitivity"].interval
    assert f"({low:g} to {high:g})" in rows["bone scan"][1]
    assert rows["SPECT"][1:] == ("not reported", "not reported", "none")
    assert rows["CT"][2] == "not reported"
    gap = diagnosis.tests(test="SPECT", population="breast")
    assert "not a zero" in gap.summary
    assert all(row[1] == "not reported" for row in diagnosis.tests(unit="lesion", population="breast").table.rows)


def test_a_probability_is_that_of_bayes_theorem() -> None:
    view = diagnosis.suspicion(before="symptoms", first="CT", positive=False)
    before = finding("symptoms-cancer-clinic")["positive predictive value"].value / 100
    accuracy = finding("acc-harlianto-patient")
    ct = diagnostics.Test(accuracy["CT sensitivity"].value / 100, accuracy["CT specificity"].value / 100)
    expected = before * 0.30 / (before * 0.30 + (1 - before) * 0.74)
    assert diagnostics.post_test(before, [(ct, False)]) == pytest.approx(expected)
    assert view.table.rows[-1][1] == f"{100 * expected:.0f}%"


def test_people_add_up_and_a_second_result_narrows_them() -> None:
    for state, view in views(diagnosis.suspicion):
        left = [row[2] for row in view.table.rows]
        assert left[0] == 1000 and left == sorted(left, reverse=True), state
        assert (
            sum(int(n.replace(",", "")) for n in re.findall(r'font-weight="bold">([\d,]+)</text>', str(view.picture)))
            == 1000
        )
        assert "independently" in str(view.picture)


def test_a_second_mri_is_no_new_test() -> None:
    with pytest.raises(ValueError, match="errs where the first did"):
        diagnosis.suspicion(first="MRI", then="MRI agrees")


def test_the_prediction_on_suspicion_is_what_the_explorer_shows() -> None:
    view = diagnosis.suspicion(before="history", first="CT", positive=True)
    shown = float(view.table.rows[-1][1].rstrip("%"))
    options = {text: float(re.search(r"\d+", text)[0]) for text in diagnosis.suspicion.predict.options}
    nearest = min(options, key=lambda text: abs(options[text] - shown))
    assert nearest == diagnosis.suspicion.predict.answer


def test_the_prediction_on_the_laboratory_is_what_it_shows() -> None:
    rows = diagnosis.laboratory(kind="lytic", size="medium", place="inside").table.rows
    clearest = max(rows, key=lambda row: row[1])[0]
    assert clearest == "MRI, marrow-sensitive (T1)"
    assert diagnosis.laboratory.predict.answer == "Marrow-sensitive MRI"
    assert "18 mm" in diagnosis.laboratory.predict.question


def test_every_picture_of_a_lesion_says_that_it_is_synthetic() -> None:
    for state, view in views(diagnosis.laboratory):
        assert "synthetic" in str(view.picture) and "synthetic" in view.summary, state


def test_the_laboratory_names_the_images_that_miss() -> None:
    view = diagnosis.laboratory(kind="marrow", size="medium", place="inside", image="marrow")
    assert "Nothing shows on the radiograph, CT or the bone scan" in view.summary
    assert {row[2] for row in view.table.rows if row[0] in ("Radiograph", "CT", "Bone scan")} == {"Nothing to see"}


def test_sins_draws_what_the_score_says_for_every_state() -> None:
    keys = [item.key for item in sins_score.items()]
    assert list(diagnosis.sins.controls) == keys
    for state, view in views(diagnosis.sins, 7):
        score = sins_score.score(**state)
        assert view.table.rows[-1] == ("Total", score.meaning, score.total)
        assert view.summary.startswith(f"SINS {score.total}: {score.category}.")
        assert [row[2] for row in view.table.rows[:-1]] == [score.points[key] for key in keys]
        assert "not the safety of the cord" in view.summary


def test_sins_opens_with_maria() -> None:
    start = diagnosis.sins.values(diagnosis.sins.default)
    assert start == vars(MARIA.sins)
    assert diagnosis.sins().summary.startswith("SINS 14: unstable")


def test_the_three_bands_of_sins_say_different_things() -> None:
    still = {"alignment": "normal", "collapse": "none", "posterolateral": "none"}
    stable = diagnosis.sins(location="rigid", pain="painless", lesion="blastic", **still)
    middle = diagnosis.sins(location="junctional", pain="mechanical", lesion="lytic", **still)
    assert len({stable.summary, middle.summary, diagnosis.sins().summary}) == 3
    assert f"{finding('sins-misses').value}%" in stable.summary


def test_each_grade_of_escc_is_drawn_with_its_meaning() -> None:
    pictures = set()
    for grade in escc_scale.GRADES:
        view = diagnosis.escc(grade=grade)
        first = escc_scale.meaning(grade).split(",")[0]
        assert first[1:] in str(view.picture)
        assert "legs are examined" in view.summary
        pictures.add(str(view.picture))
    assert len(pictures) == len(escc_scale.GRADES)
    assert "others high" in diagnosis.escc(grade="1c").summary
