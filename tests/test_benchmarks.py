"""The benchmarks' own parts: statistics, sizes, what is kept, and the page that ours is compared with."""

import gzip
import json
import shutil

import nbformat
import pytest
from benchmarks import __main__ as command
from benchmarks import book, browser, build, lab, page, sizes
from benchmarks.report import Figure, MissingError, Report, median, number, p95, packed, show, write
from bs4 import BeautifulSoup

from spinemets.publish.widgets import WIDGET_STATE, WIDGET_VIEW

OURS = """<!DOCTYPE html><html><head><script>document.title = "x";</script>
<script src="../_static/doctools.js"></script>
<script data-course="c" defer="defer" src="../_static/host.js?v=1"></script>
<script defer="defer" src="../_static/esm/0123456789abcdef.js?v=1"></script>
<link rel="stylesheet" href="../_static/esm/0123456789abcdef.css"></head><body>
<div class="sm-widget" id="roads" data-model="m1"><div class="sm-fallback"><div>a picture</div></div></div>
<p>Words</p><script type="application/json" id="sm-models">{"m1": {}}</script></body></html>"""
STATE = {"m1": {"model_module": "anywidget", "state": {"_esm": "export default '</script><b>'"}}}


def test_the_95th_percentile_is_a_measured_value_that_95_percent_do_not_exceed():
    assert p95(range(1, 101)) == 95
    assert p95([3.0]) == 3.0
    assert p95([5, 1, 2, 3, 4]) == 5
    with pytest.raises(ValueError, match="no values"):
        p95([])


def test_the_median_of_an_even_number_lies_between():
    assert median([4, 1, 3, 2]) == 2.5


def test_packed_counts_what_gzip_makes():
    data = b"spine " * 1000
    assert packed(data) == len(gzip.compress(data, 9)) < len(data) / 50


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (2000, "2,000"),
        (1176.6, "1,177"),
        (25.23, "25.2"),
        (7.805, "7.80"),
        (0.4696, "0.470"),
        (-0.5, "-0.500"),
    ],
)
def test_numbers_show_three_figures(value, text):
    assert number(value) == text


def test_a_budget_is_met_from_the_right_side():
    assert Figure("a", 8, "ms", 8).met
    assert not Figure("a", 8.1, "ms", 8).met
    assert Figure("a", 3, "times", 3, least=True).met
    assert not Figure("a", 2.9, "times", 3, least=True).met
    assert Figure("a", 1, "s").met is None


def report(name="page"):
    made = Report(name, versions={"Chromium": "1.2"})
    made.add("size", 41, "kB", 40)
    made.skip("npm was not found [here].")
    return made


def test_results_name_value_budget_and_versions_and_keep_other_benchmarks(tmp_path):
    path = tmp_path / "new" / "results.json"
    write(report("page"), path)
    write(report("bake"), path)
    kept = json.loads(path.read_text())
    assert set(kept) == {"page", "bake"}
    assert kept["page"]["figures"] == [
        {"name": "size", "value": 41, "unit": "kB", "budget": 40, "least": False, "met": False}
    ]
    assert {"Python", "Chromium", "matplotlib"} <= set(kept["page"]["versions"])
    assert [entry.name for entry in path.parent.iterdir()] == ["results.json"]


def test_results_that_are_damaged_are_written_afresh(tmp_path):
    path = tmp_path / "results.json"
    path.write_text("{")
    write(report(), path)
    assert set(json.loads(path.read_text())) == {"page"}


def test_the_table_says_what_is_over_budget_and_what_was_skipped(capsys):
    show(report())
    printed = capsys.readouterr().out
    row = next(line for line in printed.splitlines() if "size" in line)
    assert "41 kB" in row and "≤ 40" in row and "no" in row
    assert "npm was not found [here]." in printed


def test_the_page_with_html_manager_has_its_scripts_and_state_in_place_of_ours():
    soup = BeautifulSoup(page.with_manager(OURS, STATE, "../"), "html.parser")
    sources = [script["src"] for script in soup.find_all("script", src=True)]
    assert sources == ["../_static/doctools.js", "../_manager/require.js", "../_manager/embed-amd.js"]
    assert not soup.select('#sm-models, [href*="esm"], .sm-fallback')
    view = json.loads(soup.find("script", type=WIDGET_VIEW).string)
    assert view["model_id"] == "m1" and soup.find(id="roads").find("script", type=WIDGET_VIEW)
    assert json.loads(soup.find("script", type=WIDGET_STATE).string)["state"] == STATE
    assert soup.find("p").text == "Words"


def test_inline_scripts_are_those_that_run():
    assert page.inline_scripts(OURS).strip() == 'document.title = "x";'


def test_host_and_front_ends_are_counted_as_interactive():
    assert page.is_interactive("ours/_static/host.js")
    assert page.is_interactive("ours/_static/esm/0123456789abcdef.js")
    assert not page.is_interactive("ours/_static/doctools.js")


def test_without_npm_the_comparison_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(MissingError, match="npm was not found"):
        page.fetch_manager(tmp_path)


def test_without_chromium_a_sentence_says_how_to_get_one(monkeypatch):
    monkeypatch.setattr(browser, "chromium_path", lambda playwright: None)
    with pytest.raises(MissingError, match="apt install chromium"), browser.chromium(Report("page")):
        pass


def test_the_largest_frame_is_found_by_bytes_and_by_elements():
    heavy = {"picture": "<svg>" + "é" * 500 + "</svg>", "summary": "", "table": None}
    busy = {"picture": "<svg><g/><g/></svg>", "summary": "", "table": None}
    size, count = sizes.largest([heavy, busy])
    assert size > 1000
    assert count == 3


def test_an_edit_to_prose_changes_no_code(tmp_path):
    path = tmp_path / "a.ipynb"
    cells = [nbformat.v4.new_markdown_cell("# A"), nbformat.v4.new_code_cell("1 + 1")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    build.edit_notebook(path)
    edited = nbformat.read(path, as_version=4)
    assert "benchmark" in edited.cells[0].source
    assert edited.cells[1].source == "1 + 1"


def test_the_notebook_of_both_ways_has_valid_code(tmp_path):
    lab.write_notebook(tmp_path / "both.ipynb")
    first, second = nbformat.read(tmp_path / "both.ipynb", as_version=4).cells
    compile(first.source, "first", "exec")
    compile(second.source.replace("%matplotlib inline\n", ""), "second", "exec")


def test_an_unknown_name_lists_the_benchmarks(capsys):
    assert command.main(["speed"]) == 1
    there_are = "there are page, change, bake, sizes, build, clinic, hand-ins, items, graders, test"
    assert f"'speed'; {there_are}" in capsys.readouterr().err


def test_without_a_book_a_sentence_says_what_to_do(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(book, "root", lambda: tmp_path)
    monkeypatch.setattr(command, "root", lambda: tmp_path)
    assert command.main(["sizes"]) == 1
    assert "Build it: python run.py book" in " ".join(capsys.readouterr().out.split())
