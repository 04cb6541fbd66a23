"""The page of an item analysis: what it says, what it never contains, and that it comes out the same."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from spinemets.explore.palette import PALETTE
from spinemets.quiz.handin import packed
from spinemets.teach import analysis, charts, classes, report
from spinemets.teach.analysis import AnalysisError, Use
from spinemets.teach.grade import grade
from spinemets.teach.gradebook import GradebookError
from spinemets.teach.questions import Question
from spinemets.teach.statistics import Estimate

from .hand_ins import content

TITLE = "A synthetic class"


@pytest.fixture(scope="module")
def large() -> analysis.Analysis:
    return classes.analysed(600, 4)[0]


@pytest.fixture(scope="module")
def small() -> analysis.Analysis:
    return classes.analysed(12, 4)[0]


def soup(found: analysis.Analysis) -> BeautifulSoup:
    return BeautifulSoup(report.page(found, TITLE), "html.parser")


def test_the_same_class_gives_the_same_bytes(large):
    again, _ = classes.analysed(600, 4)
    assert report.page(again, TITLE) == report.page(large, TITLE)


def test_the_page_needs_nothing_and_runs_nothing(large):
    text = report.page(large, TITLE)
    page = BeautifulSoup(text, "html.parser")
    assert not page.find_all(["script", "link", "img", "iframe", "object"])
    assert "http" not in re.sub(r"http-equiv", "", text) and "url(" not in text
    assert "default-src 'none'" in page.find("meta", attrs={"http-equiv": True})["content"]
    assert not re.search(r"\son\w+=", text)


def test_every_colour_is_of_the_palette_in_both_themes(large):
    text = report.page(large, TITLE)
    colours = set(re.findall(r"#[0-9a-f]{6}\b", text))
    assert colours == {value for pair in PALETTE.values() for value in pair}
    used = set(re.findall(r"var\(--sm-([\w-]+)\)", text))
    assert used and used <= set(PALETTE)


def test_links_lead_to_a_place_of_the_page_and_ids_are_unique(large):
    page = soup(large)
    ids = [one["id"] for one in page.find_all(id=True)]
    assert len(ids) == len(set(ids)) == 12
    assert {link["href"][1:] for link in page.find_all("a")} == set(ids)


def test_every_picture_says_what_it_shows(large):
    pictures = soup(large).find_all("svg")
    assert len(pictures) == 2 + 3 * 12
    assert all(picture["role"] == "img" and len(picture["aria-label"]) > 15 for picture in pictures)
    words = pictures[0]["aria-label"]
    assert f"7 to below 8: {large.totals[7]}" in words and f"12: {large.totals[12]}." in words


def test_the_table_has_the_numbers_with_their_intervals(large):
    page = soup(large)
    rows = page.select("table.items tbody tr")
    assert len(rows) == 12
    for row, item in zip(rows, large.items, strict=True):
        words = " ".join(row.get_text(" ").split())
        level, rest = item.statistics.difficulty, item.statistics.with_rest
        assert f"{100 * level.value:.0f} % ({100 * level.low:.0f} % to {100 * level.high:.0f} %)" in words
        minus = [f"{number:.2f}".replace("-", "−") for number in (rest.value, rest.low, rest.high)]
        assert f"({minus[1]} to {minus[2]})".replace("−0.00", "0.00") in words
        assert f"{item.seconds.median} s" in words
        assert bool(row.select("[aria-label='look again']")) == bool(item.flags)
    assert "KR-20" in page.get_text() and f"{large.reliability.value:.2f} (" in page.find("dl").get_text()


def test_flags_come_first_and_a_possibly_wrong_key_before_all(large):
    page = soup(large)
    first, *others = page.select("main > ul.flags > li")
    assert "Is the key right?" in first.get_text() and len(others) == 3
    assert "Was it known beforehand?" in page.get_text()


def test_who_chose_what_is_a_table(large):
    (detail,) = (one for one in soup(large).find_all("details") if one["id"] == "synthetic-03")
    rows = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in detail.select("tbody tr")]
    item = large.items[2]
    assert [row[0].split()[-1] for row in rows] == ["North", "East", "South", "West"]
    assert [int(row[1]) for row in rows] == [use.n for use in item.uses]
    assert [int(row[3]) for row in rows] == [use.upper for use in item.uses]
    assert "✓" in rows[0][0] and not any("✓" in row[0] for row in rows[1:])


def test_a_small_class_is_warned_of_and_nothing_is_flagged(small):
    page = soup(small)
    assert "Only 12 hand-ins" in page.select_one(".warning").get_text()
    assert "With so few hand-ins nothing is flagged." in page.get_text() and "◆" not in page.find("main").get_text()


def test_words_of_others_stay_words(large):
    evil = "<script>alert(1)</script>\"'&"
    item = replace(
        large.items[0],
        question=Question("x", "short", evil, ""),
        uses=(Use(evil, False, 3, 1.0, 1, 1),),
        flags=(analysis.Flag("idle", evil),),
    )
    text = report.page(replace(large, items=(item,), warnings=(evil,), ungraded=(evil,)), evil)
    page = BeautifulSoup(text, "html.parser")
    assert (
        not page.find_all("script") and evil in page.find("details").get_text() and evil in page.find("h1").get_text()
    )


def test_no_student_is_named(large):
    assert "student" not in re.sub(r"these students", "", soup(large).get_text()).lower()


def test_what_is_not_defined_is_said(large):
    item = replace(
        large.items[0], statistics=replace(large.items[0].statistics, with_rest=Estimate(None)), seconds=None, uses=()
    )
    page = soup(replace(large, items=(item,), sd=None, groups=None, reliability=Estimate(None)))
    words = page.get_text()
    assert "not defined" in words and "—" in words and "do not part two such groups" in words
    assert not [head for head in page.select(".items thead th") if head.get_text() == "Time"]


def test_without_two_groups_the_bars_show_all(large):
    page = soup(replace(large, groups=None))
    assert "The bars show what all chose" in page.get_text()
    assert page.select_one('td[data-label="Chosen by"] svg')["aria-label"].startswith("Chosen by all. A: ")


def test_left_out_questions_are_named(large):
    assert "could not be graded for anybody: lost-one" in soup(replace(large, ungraded=("lost-one",))).get_text()


def test_long_questions_are_cut_in_the_overview_alone(large):
    text = "word " * 60
    item = replace(large.items[0], question=replace(large.items[0].question, text=text.strip()))
    page = soup(replace(large, items=(item,)))
    assert page.select_one(".items th.question a").get_text().endswith("word …")
    assert page.find("summary").get_text().count("word") == 60


@pytest.mark.parametrize("items", [2, 5, 40])
def test_any_number_of_questions_stays_within_the_pictures(items):
    found, _ = classes.analysed(200, 1, items)
    page = soup(found)
    for picture in page.find_all("svg"):
        *_, width, height = map(float, picture["viewbox"].split())
        for rect in picture.find_all("rect"):
            x, y, wide, high = (float(rect[name]) for name in ("x", "y", "width", "height"))
            assert x >= -0.1 and x + wide <= width + 0.1 and y >= -0.1 and y + high <= height + 0.1
        for label in picture.find_all("text"):
            assert 0 <= float(label["x"]) <= width and 0 <= float(label["y"]) <= height
    assert len(found.totals) <= analysis.MOST_BARS + 1


def test_flagged_questions_keep_their_number_where_others_lose_theirs():
    dots = [charts.Dot(i, 0.5, Estimate(0.3, 0.2, 0.4), i == 30) for i in range(1, 31)]
    page = BeautifulSoup(charts.scatter(dots, (0.3, 0.9, 0.2), "words"), "html.parser")
    numbers = [label.get_text() for label in page.find_all("text")]
    assert "30" in numbers and len([number for number in numbers if number.isdigit()]) < 15


# --- from files to the page -----------------------------------------------------------------------------------------


def test_from_hand_ins_to_the_page(course, release, tmp_path):
    folder = tmp_path / "hand-ins"
    folder.mkdir()
    for number in range(40):
        wrong = {"marbles": 0} if number % 2 else {}
        made = content(release, student=f"s{number}", name=f"Secret Name {number}", answers=wrong)
        (folder / f"{number}.json").write_text(packed(made), encoding="utf-8")
    out = tmp_path / "gradebook.csv"
    grade(folder, out, workers=1, say=lambda _: None)
    found = report.report(out, tmp_path / "items.html")
    assert found.n == 40 and not found.ungraded
    (marbles,) = (item for item in found.items if item.question.id == "marbles")
    assert [use.n for use in marbles.uses] == [20, 20, 0] and marbles.statistics.difficulty.value == 0.5
    others = [item for item in found.items if item is not marbles]
    assert all(item.statistics.difficulty.value == 1 and item.answered == 40 for item in others)
    for item in others:
        assert {use.n for use in item.uses if use.right} == {40} and not any(
            use.n for use in item.uses if not use.right
        )
    text = (tmp_path / "items.html").read_text(encoding="utf-8")
    assert "<h1>Sample: which questions work</h1>" in text and "Secret" not in text


def test_a_missing_gradebook_and_a_missing_folder_are_explained(course, tmp_path, small):
    with pytest.raises(GradebookError, match="Make one: spinemets grade"):
        report.report(tmp_path / "gradebook.csv", tmp_path / "items.html")
    with pytest.raises(AnalysisError, match=r"Example: --out items.html"):
        report.write(small, Path(tmp_path / "nowhere" / "items.html"), TITLE)
