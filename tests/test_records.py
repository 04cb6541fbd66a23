"""Records of progress: a table of imports (test_publish_host.py holds the page to the same) and the laws of merging."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spinemets import progress, records
from spinemets.progress import ProgressError

CASES = json.loads((Path(__file__).parent / "merge_cases.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_imports(case: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPINEMETS_PROGRESS", str(tmp_path / "progress.sqlite"))
    for step in case["imports"]:
        if step["expect"] == "refused":
            with pytest.raises(ProgressError, match="othing was changed"):
                progress.import_(step["data"])
        else:
            assert progress.import_(step["data"]) == step["expect"]
    assert {f"{one['item']} {one['hash']}": one["record"] for one in progress.all()} == case["records"]
    again = progress.export()
    assert progress.import_(again) == {"added": 0, "merged": 0, "replaced": 0, "kept": len(case["records"])}


# --- laws -----------------------------------------------------------------------------------------------------------

MOMENTS = st.integers(1, 5).map(lambda day: f"2026-01-{day:02}T12:00:00.000Z")  # few, so that they collide
ATTEMPTS = st.builds(
    lambda at, answer, score, more: {"answer": answer, "score": score, "hints": 0, "at": at, **more},
    MOMENTS,
    st.integers(0, 2) | st.text("aé\U0001d11e\uff5e", max_size=2),
    st.sampled_from([0, 0.5, 1]),
    st.dictionaries(st.just("sure"), st.sampled_from(["guess", "sure"])),
)
RECORDS = st.fixed_dictionaries(
    {}, optional={"type": st.just("case"), "at": MOMENTS, "history": st.lists(ATTEMPTS, max_size=4), "path": ATTEMPTS}
)
ENTRIES = st.builds(lambda saved, record: records.entry("item", "hash", saved, record), MOMENTS, RECORDS)


def moments(*entries: dict) -> set[str]:
    return {one["at"] for entry in entries for one in entry["record"].get("history", [])}


@given(ENTRIES, ENTRIES, ENTRIES)
def test_merging_knows_no_order_no_grouping_and_no_repetition(a: dict, b: dict, c: dict) -> None:
    both = records.merged(a, b)
    assert both == records.merged(b, a)
    assert records.merged(both, c) == records.merged(a, records.merged(b, c))
    assert records.merged(a, a) == a
    assert records.merged(both, a) == both


@given(ENTRIES, ENTRIES)
def test_no_attempt_is_lost_and_what_is_merged_is_a_record(a: dict, b: dict) -> None:
    both = records.merged(a, b)
    assert moments(both) == moments(a, b)
    assert records.entry("item", "hash", both["saved"], both["record"]) == both
    assert both["saved"] == max(a["saved"], b["saved"])


@given(ENTRIES, ENTRIES)
def test_saving_over_a_record_keeps_its_attempts(stored: dict, new: dict) -> None:
    kept = records.continued(stored, new)
    assert moments(kept) == moments(stored, new)
    own = new["record"].get("history", [])
    assert [one for one in kept["record"].get("history", []) if one["at"] in moments(new)] == own
    assert {**kept["record"], "history": own} == {**new["record"], "history": own}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | MOMENTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["history", "at", "score", "now", "first", "hints", "x"]), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(JSON, JSON, JSON, JSON)
def test_anything_else_is_refused_or_stays_what_it_is(
    item: object, hash: object, saved: object, record: object
) -> None:
    entry = records.entry(item, hash, saved, record)
    if entry is not None:
        assert json.loads(json.dumps(entry, allow_nan=False)) == entry
    entry = records.entry("item", "hash", saved, record)
    if entry is not None:
        assert records.entry(*(entry[name] for name in ("item", "hash", "saved", "record"))) == entry
        assert records.merged(entry, entry) == entry


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf"), 10**400])
def test_numbers_that_no_browser_knows_are_refused(number: float) -> None:
    assert records.entry("item", "hash", None, {"answer": [number]}) is None
