"""The benchmark of grading: its synthetic hand-ins are what it says they are."""

import pytest
from benchmarks import hand_ins, other_graders
from benchmarks.report import MissingError

from spinemets.course import root
from spinemets.teach.grade import grade


def test_synthetic_hand_ins_are_graded_but_for_the_late_the_double_and_the_damaged():
    before = root()
    with hand_ins.course() as scratch:
        assert root() == (scratch / "course").resolve()
        release, items = hand_ins.released()
        hand_ins.make(scratch / "in", 200, release, items)
        said = []
        found = grade(scratch / "in", scratch / "gradebook.csv", workers=1, say=said.append)
    assert (found.files, found.students, found.counts) == (200, 196, 194)
    assert (found.superseded, found.late, found.refused) == (2, 2, 2)
    assert sum("expected" in line for line in said) > 2 * 30
    assert root() == before and not scratch.exists()


def test_without_the_other_graders_it_says_how_to_get_them(monkeypatch, tmp_path):
    monkeypatch.setenv("SPINEMETS_GRADERS", str(tmp_path))
    with pytest.raises(MissingError, match="SPINEMETS_GRADERS=X/bin"):
        other_graders.programs()
