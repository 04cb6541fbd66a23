"""The benchmark of the item analysis measures the whole way, in a process of its own."""

from benchmarks import item_analysis
from benchmarks.report import Report


def test_it_measures_time_and_memory_and_leaves_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr(item_analysis, "SIZES", (40, 80))
    monkeypatch.setattr(item_analysis.tempfile, "tempdir", str(tmp_path))
    report = Report("item-analysis")
    item_analysis.measure(report)
    figures = {figure.name: figure for figure in report.figures}
    assert figures["80 hand-ins"].unit == "s" and figures["80 hand-ins"].value > 0
    assert figures["a class of 30: memory"].value > 20
    assert "a hand-in among 80 against one among 40" in figures
    assert not list(tmp_path.iterdir())
