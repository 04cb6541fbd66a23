"""Findings that grow old, and findings that nothing uses."""

from datetime import timedelta

from typer.testing import CliRunner

from spinemets import audit
from spinemets.cli import app
from spinemets.evidence import bank


def test_findings_grow_old_from_the_day_after_the_limit():
    entries = [*bank().findings.values(), *bank().tables.values()]
    newest = max(one.checked for one in entries)
    oldest = min(one.checked for one in entries)
    assert audit.older_than(30, newest + timedelta(days=31)) == sorted(entries, key=lambda one: (one.checked, one.id))
    assert audit.older_than(30, oldest + timedelta(days=30)) == []


def test_uses_count_links_quotes_lists_and_claims():
    uses = audit.uses()
    assert set(uses) == set(bank().chapter_of)
    assert uses["patchell-walk"] >= 5  # claims, chapter 10, its quiz and its lessons
    assert uses["late-recurrence"] >= 2
    assert set(audit.unused()) == {id for id, number in uses.items() if number == 0}
    used_by_claims = {id for claim in bank().claims.values() for id in claim.findings}
    assert not used_by_claims & set(audit.unused())


def test_the_command_lists_both_on_request():
    run = CliRunner().invoke
    listed = run(app, ["check", "--older-than", "0", "--unused"]).output
    assert "findings were last checked more than 0 days ago" in listed
    idle = audit.unused()
    assert f"{len(idle)} findings are used nowhere yet" in listed
    for id in idle[:5]:
        assert f"used nowhere yet: {id}" in listed
    assert "used nowhere yet: " not in run(app, ["check"]).output
