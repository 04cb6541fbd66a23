"""Dose and effect: published examples, what must hold for all doses, and the cord's limits from the evidence."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spinemets.clinic.errors import ClinicError
from spinemets.clinic.radiobiology import (
    Course,
    bed,
    cord_limit,
    cord_limits,
    dose_per_fraction,
    doubt,
    effect,
    eqd2,
    equivalent,
    fractions,
    second_course,
)
from spinemets.evidence import finding, table

ns = st.integers(1, 100)
ds = st.floats(0.01, 100)
ratios = st.floats(0.1, 1000)


@pytest.mark.parametrize(
    "row", table("bed-eqd2-worked").rows, ids=lambda row: f"{row['schedule']}-{row['alpha_beta_gy']}"
)
def test_the_worked_table(row):
    found = effect(row["fractions"], row["dose_per_fraction_gy"], row["alpha_beta_gy"])
    assert found.total == row["total_gy"]
    assert round(found.bed, 1) == row["bed_gy"]
    assert round(found.eqd2, 1) == row["eqd2_gy"]


@pytest.mark.parametrize(("n", "d", "alpha_beta", "gray"), [(30, 2, 10, 72), (30, 2, 3, 100), (25, 2.4, 10, 74.4)])
def test_the_usual_textbook_schedules(n, d, alpha_beta, gray):
    assert bed(n, d, alpha_beta) == pytest.approx(gray)


@given(ns, ratios)
def test_fractions_of_2_gray_are_their_own_eqd2(n, alpha_beta):
    assert eqd2(n, 2, alpha_beta) == pytest.approx(2 * n)


@given(ns, ds, ratios)
def test_dose_and_number_of_fractions_are_found_back(n, d, alpha_beta):
    whole = bed(n, d, alpha_beta)
    assert dose_per_fraction(whole, n, alpha_beta) == pytest.approx(d)
    assert fractions(whole, d, alpha_beta) == pytest.approx(n)
    assert equivalent(n, d, alpha_beta, n) == pytest.approx(d)


@given(st.integers(1, 99), st.floats(0.01, 99), st.floats(0.1, 999), st.floats(0.001, 1))
def test_more_dose_does_more_and_a_lower_ratio_makes_it_more(n, d, alpha_beta, more):
    assert bed(n + 1, d, alpha_beta) > bed(n, d, alpha_beta)
    assert bed(n, d + more, alpha_beta) > bed(n, d, alpha_beta)
    assert bed(n, d, alpha_beta) > bed(n, d, alpha_beta + more)
    assert bed(n, d, alpha_beta) > n * d


@given(st.integers(1, 99), ds, ratios)
def test_fewer_fractions_need_a_larger_dose_each_and_a_smaller_sum(n, d, alpha_beta):
    fewer = equivalent(n + 1, d, alpha_beta, n)
    assert fewer > d
    assert n * fewer < (n + 1) * d


@given(ns, ds)
def test_a_tissue_that_ignores_the_size_of_fractions(n, d):
    assert bed(n, d, 1000) == pytest.approx(n * d, rel=d / 1000 + 1e-9)


@given(ds)
def test_where_the_formula_is_doubted_the_result_says_so(d):
    low, high = (value.value for value in finding("lq-limits").values)
    expected = "validated" if d <= low else "disputed" if d <= high else "beyond"
    assert doubt(d).degree == expected == effect(1, d, 2).doubt.degree
    assert doubt(d).above < d or doubt(d).above == 0


def test_the_limits_of_doubt_themselves():
    assert [doubt(d) for d in (10, 10.1, 18, 18.1)] == [
        ("validated", 0),
        ("disputed", 10),
        ("disputed", 10),
        ("beyond", 18),
    ]


def test_the_five_limits_of_the_cord_are_one_eqd2_until_the_ratio_changes():
    limits = cord_limits()
    assert [limit.fractions for limit in limits] == [1, 2, 3, 4, 5]
    for limit, row in zip(limits, table("cord-limits").rows, strict=True):
        each = limit.total / limit.fractions
        assert limit == cord_limit(limit.fractions)
        assert round(bed(limit.fractions, each, limit.alpha_beta), 1) == row["bed_gy"]
        assert eqd2(limit.fractions, each, limit.alpha_beta) == pytest.approx(row["eqd2_gy"], abs=0.051)
    fitted = finding("cord-quantec")["alpha/beta, spinal cord (fitted)"].value

    def spread(alpha_beta):
        found = [eqd2(limit.fractions, limit.total / limit.fractions, alpha_beta) for limit in limits]
        return max(found) - min(found)

    assert spread(2) < 0.2 < 4 < spread(fitted)
    assert cord_limit(1).upper == 14.0 and cord_limit(2).upper is None


def names(conditions, met):
    return {(c.source, c.name.split(",")[-1].strip()) for c in conditions if c.met is met}


def test_two_courses_within_all_conditions():
    """30 Gy in 10 is EQD2 37.5 (BED 75), 10 Gy in 2 is 17.5 (35): sums 55 and 110, share 0.318."""
    found = second_course(Course(10, 3), Course(2, 5), 6, "thoracic")
    assert all(condition.met for condition in found)
    values = [condition.value for condition in found]
    assert values == pytest.approx([55, 17.5, 17.5 / 55, 6, 110, 75, 6])


def test_the_two_sets_of_conditions_can_disagree():
    found = {c.source: c.met for c in second_course(Course(10, 3), Course(2, 5), 5, "thoracic") if c.unit == "months"}
    assert found == {"cord-hytec": True, "cord-nieder": False}


def test_the_lumbar_cord_has_another_ratio_in_one_set():
    thoracic = second_course(Course(20, 2), Course(5, 4), 12, "thoracic")
    lumbar = second_course(Course(20, 2), Course(5, 4), 12, "lumbar")
    assert [c.value for c in thoracic[:4]] == [c.value for c in lumbar[:4]]
    assert [c.value for c in lumbar[4:6]] == pytest.approx([100, 60])
    assert [c.value for c in thoracic[4:6]] == pytest.approx([140, 80])
    assert not thoracic[4].met and lumbar[4].met


@given(st.integers(1, 40), st.floats(0.5, 20), st.integers(1, 10), st.floats(0.5, 20), st.floats(0, 60))
def test_a_condition_is_met_exactly_within_its_limit(n, d, other_n, other_d, months):
    for c in second_course(Course(n, d), Course(other_n, other_d), months, "cervical"):
        at_least = c.unit == "months"
        assert c.met == (c.value >= c.limit if at_least else c.value <= c.limit + 1e-9)
        assert finding(c.source)[c.name].value == c.limit


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: bed(0, 2, 10), "n"),
        (lambda: bed(2.5, 2, 10), "n"),
        (lambda: bed("5", 2, 10), "n"),
        (lambda: bed(101, 2, 10), "n"),
        (lambda: bed(5, 0, 10), "d"),
        (lambda: bed(5, 200, 10), "d"),
        (lambda: bed(5, math.nan, 10), "d"),
        (lambda: bed(5, None, 10), "d"),
        (lambda: bed(5, 2, 0), "alpha_beta"),
        (lambda: eqd2(5, 2, math.inf), "alpha_beta"),
        (lambda: eqd2(5, 2, True), "alpha_beta"),
        (lambda: dose_per_fraction(0, 5, 10), "effect"),
        (lambda: dose_per_fraction(math.nan, 5, 10), "effect"),
        (lambda: fractions(-1, 2, 10), "effect"),
        (lambda: equivalent(5, 4, 10, 0), "other_n"),
        (lambda: equivalent(0, 4, 10, 5), "n"),
        (lambda: effect(None, 3.0, 10.0), "n"),
        (lambda: effect(5, "3", 10.0), "d"),
        (lambda: effect(5, 3, None), "alpha_beta"),
        (lambda: bed(10**400, 2, 10), "n"),
        (lambda: doubt(-1), "d"),
        (lambda: cord_limit(6), "n"),
        (lambda: cord_limit(1.5), "n"),
        (lambda: second_course(Course(10, 3), Course(2, 5), -1, "lumbar"), "months"),
        (lambda: second_course(Course(10, 3), Course(2, 5), 6, "sacral"), "region"),
        (lambda: second_course(30, Course(2, 5), 6, "lumbar"), "first"),
        (lambda: second_course(Course(10, 3), Course(2, 500), 6, "lumbar"), "d"),
    ],
)
def test_what_is_not_covered_is_refused_by_name(call, argument):
    with pytest.raises(ClinicError, match="definition: (finding|table) ") as caught:
        call()
    assert caught.value.argument == argument


def test_alpha_beta_has_no_default():
    with pytest.raises(TypeError):
        bed(10, 3)
