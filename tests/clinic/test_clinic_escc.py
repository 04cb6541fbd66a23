"""ESCC over every description and grade."""

import itertools

import pytest

from spinemets.clinic import escc
from spinemets.clinic.errors import ClinicError
from spinemets.evidence import finding, table

COHERENT = {
    (False, False, False, False): "0",
    (True, False, False, False): "1a",
    (True, True, False, False): "1b",
    (True, True, True, False): "1c",
}


@pytest.mark.parametrize("described", list(itertools.product([False, True], repeat=4)))
@pytest.mark.parametrize("fluid", [None, False, True])
def test_every_description_has_its_grade_or_is_refused(described, fluid):
    if described == (True, True, True, True) and fluid is not None:
        assert escc.grade(*described, fluid) == ("2" if fluid else "3")
    elif described in COHERENT and fluid is not False:
        assert escc.grade(*described, fluid) == COHERENT[described]
    else:
        with pytest.raises(ClinicError, match="bilsky2010"):
            escc.grade(*described, fluid)


def test_a_contradiction_is_named():
    with pytest.raises(ClinicError, match="cord_touched: False .* since cord_compressed is"):
        escc.grade(True, True, False, True, True)
    with pytest.raises(ClinicError, match="tells 2 from 3"):
        escc.grade(True, True, True, True)


def test_the_grades_are_those_of_the_table():
    assert [str(row["grade"]) for row in table("escc").rows] == list(escc.GRADES)
    assert all(escc.meaning(grade) for grade in escc.GRADES)


def test_low_and_high_in_both_traditions():
    assert [escc.group(grade) for grade in escc.GRADES] == ["low"] * 4 + ["high"] * 2
    assert [escc.group(grade, "radiology") for grade in escc.GRADES] == ["normal"] + ["low"] * 2 + ["high"] * 3
    assert [grade for grade in escc.GRADES if escc.disputed(grade)] == ["1c"]


def test_each_grouping_is_a_row_of_the_evidence_and_names_a_finding_that_exists():
    assert [grouping.key for grouping in escc.groupings()] == [row["key"] for row in table("escc-groupings").rows]
    for grouping in escc.groupings():
        assert finding(grouping.finding)
        assert list(grouping.groups) == list(escc.GRADES)
        assert set(grouping.groups.values()) <= {"normal", "low", "high"}


@pytest.mark.parametrize("wrong", [1, "yes", None, float("nan")])
@pytest.mark.parametrize("place", range(5))
def test_a_description_is_made_of_true_and_false(place, wrong):
    described = [True] * 5
    described[place] = wrong
    with pytest.raises(ClinicError, match="True or False") as caught:
        escc.grade(*described)
    assert caught.value.argument == ("epidural_tumour", "sac_deformed", "cord_touched", "cord_compressed",
                                     "fluid_visible")[place]  # fmt: skip


@pytest.mark.parametrize("call", [escc.meaning, escc.group, escc.disputed])
@pytest.mark.parametrize("grade", ["1", "4", "1d", "", 2, None, True, []])
def test_no_such_grade(call, grade):
    with pytest.raises(ClinicError, match="'0' or '1a' or '1b' or '1c' or '2' or '3'"):
        call(grade)


def test_no_such_grouping():
    for wrong in ("surgery", None, 1, []):
        with pytest.raises(ClinicError, match="'noms' or 'radiology'"):
            escc.group("1c", wrong)
    with pytest.raises(ClinicError, match=r"Did you mean 'radiology'\?"):
        escc.group("1c", "radiologie")
