"""ECOG and Karnofsky, and what each published conversion says."""

import itertools
import math

import pytest

from spinemets.clinic import performance
from spinemets.clinic.errors import ClinicError
from spinemets.evidence import sources, table

STATUSES = range(10, 101, 10)


def test_every_grade_and_status_has_words():
    assert len({performance.ecog(grade) for grade in range(6)}) == 6
    assert len({performance.karnofsky(status) for status in range(0, 101, 10)}) == 11


def test_the_conversions_are_those_that_were_published():
    """As printed: groups of Karnofsky statuses for ECOG 0, 1, 2, 3, 4."""
    printed = {
        "Princess Margaret 2010": [[100], [90, 80], [70, 60], [50, 40], [30, 20, 10]],
        "Prasad 2018": [[100], [90, 80], [70], [60, 50], [40, 30, 20, 10]],
        "Buccheri 1996": [[100, 90, 80], [100, 90, 80], [70, 60], [50, 40, 30, 20, 10], [50, 40, 30, 20, 10]],
        "web page": [[100, 90], [80, 70], [60, 50], [40, 30], [20, 10]],
    }
    for grade in range(5):
        found = performance.karnofsky_from_ecog(grade)
        assert {who: list(statuses) for who, statuses in found.items()} == {
            who: groups[grade] for who, groups in printed.items()
        }


def test_every_status_has_every_source_and_the_disputed_ones_are_named():
    for status in STATUSES:
        found = performance.ecog_from_karnofsky(status)
        assert found.karnofsky == status
        assert len(found.positions) == len(table("kps-to-ecog-disagree").extra["mappings"]) == 4
        for position in found.positions:
            assert position.source in sources() and position.source in table("kps-to-ecog-disagree").sources
            assert position.basis and set(position.grades) <= set(range(5))
        assert found.disputed == (not found.shared)
    disputed = [status for status in STATUSES if performance.ecog_from_karnofsky(status).disputed]
    assert disputed == [30, 40, 50, 60, 70, 90]
    assert {s: performance.ecog_from_karnofsky(s).shared for s in (10, 20, 80, 100)} == {
        10: (4,), 20: (4,), 80: (1,), 100: (0,),
    }  # fmt: skip


def test_a_better_status_never_has_a_worse_grade():
    for better, worse in itertools.pairwise(reversed(STATUSES)):
        pairs = zip(
            performance.ecog_from_karnofsky(better).positions,
            performance.ecog_from_karnofsky(worse).positions,
            strict=True,
        )
        for one, other in pairs:
            assert one.who == other.who and one.grades <= other.grades


def test_there_and_back():
    for status, grade in itertools.product(STATUSES, range(5)):
        for position in performance.ecog_from_karnofsky(status).positions:
            assert (grade in position.grades) == (status in performance.karnofsky_from_ecog(grade)[position.who])


def test_a_grade_and_walking_that_exclude_each_other():
    excluded = {(0, False), (1, False), (2, False), (4, True), (5, True)}
    for grade, walks in itertools.product(range(6), (True, False)):
        if (grade, walks) in excluded:
            with pytest.raises(ClinicError, match=f"walks: {walks} .* since ecog is {grade}") as caught:
                performance.with_walking(grade, walks)
            assert caught.value.argument == "walks"
        else:
            assert performance.with_walking(grade, walks) == grade


@pytest.mark.parametrize("wrong", [None, -1, 6, 0.5, True, "1", math.nan, math.inf, []])
def test_no_such_ecog_grade(wrong):
    for call in (performance.ecog, performance.karnofsky_from_ecog, lambda g: performance.with_walking(g, True)):
        with pytest.raises(ClinicError, match=r"a whole number, 0 to \d .*table") as caught:
            call(wrong)
        assert caught.value.argument == "grade"
    with pytest.raises(ClinicError, match="0 to 4"):
        performance.karnofsky_from_ecog(5)


@pytest.mark.parametrize("wrong", [None, -10, 75, 110, True, "70", math.nan, math.inf, []])
def test_no_such_karnofsky_status(wrong):
    for call in (performance.karnofsky, performance.ecog_from_karnofsky):
        with pytest.raises(ClinicError, match="a number in tens") as caught:
            call(wrong)
        assert caught.value.argument == "status"
    with pytest.raises(ClinicError, match="10 to 100"):
        performance.ecog_from_karnofsky(0)


def test_walking_is_true_or_false():
    for wrong in (None, "yes", 1):
        with pytest.raises(ClinicError, match="True or False"):
            performance.with_walking(3, wrong)
