"""What bands predict and how well scores did: all of it read from the evidence."""

import pytest

from spinemets.clinic import record
from spinemets.clinic.errors import ClinicError
from spinemets.clinic.scores import NAMES
from spinemets.evidence import finding, sources, table


@pytest.mark.parametrize("id", NAMES)
def test_bands_cover_the_range_and_name_their_sources(id):
    bands = record.bands(id)
    low, high = table(id).extra["total_range"]
    assert [total for band in bands for total in range(band.low, band.high + 1)] == list(range(low, high + 1))
    for band, row in zip(bands, table(id).extra["bands"], strict=True):
        assert band.sensitive and row["sensitive"] is True
        assert band.sources and set(band.sources) <= set(table(id).sources) and set(band.sources) <= set(sources())
        assert all(row[name] == value for name, value in band.survival.items())


def test_only_tomitas_bands_say_nothing_of_survival():
    silent = [id for id in NAMES if not all(band.survival for band in record.bands(id))]
    assert silent == ["tomita-2001"]


def test_every_figure_is_the_findings_own():
    rows = table("score-record").rows
    assert {row["score"] for row in rows} <= set(NAMES)
    for id in NAMES:
        for one in record.record(id):
            assert one.value is finding(one.finding)[one.value.name]
    assert sum(len(record.record(id)) for id in NAMES) == len(rows)
    assert len({(row["score"], row["finding"], row["value"]) for row in rows}) == len(rows)


def test_the_sources_of_the_record_are_those_of_its_findings():
    named = {key for row in table("score-record").rows for key in finding(row["finding"]).sources}
    assert set(table("score-record").sources) == named


def test_in_breast_cancer_only_the_revised_tokuhashi_score_has_a_record():
    found = {id: [one.value.name for one in record.record(id, breast=True)] for id in NAMES}
    assert {id: names for id, names in found.items() if names} == {"tokuhashi-2005": ["accuracy breast"]}
    assert record.record("tokuhashi-2005", breast=True)[0].value.value == finding("score-accuracy-breast").value


@pytest.mark.parametrize("call", [record.bands, record.record])
@pytest.mark.parametrize("wrong", ["", "nesms", "osri", None, 1, []])
def test_no_such_score(call, wrong):
    with pytest.raises(ClinicError, match="'tokuhashi-2005'") as caught:
        call(wrong)
    assert caught.value.argument == "id"


@pytest.mark.parametrize("wrong", ["no", None, 1, []])
def test_breast_is_true_or_false(wrong):
    with pytest.raises(ClinicError, match="True or False") as caught:
        record.record("tomita-2001", wrong)
    assert caught.value.argument == "breast"


def test_partial_scores_say_what_is_missing_and_are_not_offered():
    rows = table("partial-scores").rows
    assert all(row["known"] and row["missing"] and row["source"] in sources() for row in rows)
    offered = {name.lower() for name in NAMES.values()}
    assert not offered & {row["score"].lower() for row in rows}
