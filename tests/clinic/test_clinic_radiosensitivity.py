"""Radiosensitivity by three sources."""

import pytest

from spinemets.clinic import radiosensitivity
from spinemets.clinic.errors import ClinicError
from spinemets.clinic.noms import TUMOURS
from spinemets.evidence import table

SOURCES = {"aofoundation", "spinehub", "sahgal2021"}


def test_every_tumour_has_a_word_from_every_source_and_every_row_is_used():
    used = set()
    for histology in radiosensitivity.histologies():
        found = radiosensitivity.classes(histology)
        assert set(found.by_source) == SOURCES <= set(table("radiosensitivity").sources)
        assert set(found.by_source.values()) <= {*TUMOURS, "not said"}
        used |= {(histology, group, source) for source, group in found.by_source.items()}
    for row in table("radiosensitivity").rows:
        assert row["histology"] == "every other" or (row["histology"], row["group"], row["source"]) in used


def test_breast_is_radiosensitive_for_noms_and_the_trial_and_not_named_by_the_surgical_reference():
    found = radiosensitivity.classes("breast")
    assert found.by_source == {
        "aofoundation": "not said", "spinehub": "radiosensitive", "sahgal2021": "radiosensitive",
    }  # fmt: skip
    assert found.noms == "radiosensitive" and not found.disputed


def test_the_tumours_that_change_sides():
    disputed = [one for one in radiosensitivity.histologies() if radiosensitivity.classes(one).disputed]
    assert disputed == ["thyroid", "non-small cell lung"]


def test_what_a_source_does_not_name_is_not_said_but_the_trial_called_every_other_radiosensitive():
    assert radiosensitivity.classes("liver").by_source["sahgal2021"] == "not said"
    assert radiosensitivity.classes("ovary").by_source["sahgal2021"] == "radiosensitive"
    assert radiosensitivity.classes("ovary").by_source["aofoundation"] == "not said"


@pytest.mark.parametrize("wrong", ["", "every other", "bone", None, 1, True, []])
def test_a_tumour_that_no_source_names(wrong):
    with pytest.raises(ClinicError, match="'breast'.*table radiosensitivity") as caught:
        radiosensitivity.classes(wrong)
    assert caught.value.argument == "histology"


def test_a_misspelt_tumour_is_asked_back():
    with pytest.raises(ClinicError, match=r"Did you mean 'melanoma'\?"):
        radiosensitivity.classes("melanom")
