"""Pages of feedback: what a student reads, and that nothing a student wrote runs or becomes a path."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from spinemets.quiz import bank
from spinemets.quiz.handin import variant_of
from spinemets.teach import feedback
from spinemets.teach.grade import grade
from spinemets.teach.gradebook import GradebookError, reading

from .hand_ins import STEM, content, put

EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


@pytest.fixture
def written(tmp_path, release):
    """A function that grades the hand-ins given and writes the pages: gives the page of each student."""

    def write(*hand_ins: dict, change=None) -> dict[str, BeautifulSoup]:
        folder = tmp_path / "in"
        for number, one in enumerate(hand_ins):
            put(folder, f"{number}.json", one)
        grade(folder, tmp_path / "gradebook.csv", workers=1, say=lambda line: None)
        if change:
            change()
        with reading(tmp_path / "gradebook.csv") as connection:
            feedback.write(connection, release.id, tmp_path / "pages")
        index = soup(tmp_path / "pages" / "index.html")
        return {link.text: soup(tmp_path / "pages" / link["href"]) for link in index.select("a")}

    return write


def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def section(page: BeautifulSoup, release, item: str):
    place = [id for id, _ in release.items].index(item)
    return page.select("section")[place]


def test_a_page_says_what_was_answered_what_is_right_and_why(written, release):
    given = {
        "marbles": 0, "even-faces": [0, 1], "share-red": 25, "way-of-a-marble": [0, 1, 2, 3],
        "who-draws-what": [0, None, 0], "place-of-a-marble": 0, "name-of-the-game": "Dice!", "last-marble": None,
    }  # fmt: skip
    page = written(content(release, answers=given))["ann"]
    assert "Ann Sample (ann)" in page.text and re.search(r"Score: [\d.]+ of 9 points \([\d.]+ %\)", page.text)
    choice = section(page, release, "marbles").text
    assert "0 of 1 point\nBlue\n" in choice and "Right: Red — Three of four are red" in choice
    assert "A larger share is drawn more often." in choice and "Only one of four is blue." in choice
    several = section(page, release, "even-faces")
    assert [entry.text for entry in several.select_one("h3 + ul").select("li")] == ["Two", "Three"]
    number = section(page, release, "share-red").text
    assert "25 %" in number and "This is the share of blue marbles." in number and "75 %" in number
    steps = [one.text for one in section(page, release, "way-of-a-marble").select_one("h3 + ol").select("li")]
    assert steps == sorted(steps) and len(steps) == 4 and "It begins in the bag." in page.text
    pairs = [one.text for one in section(page, release, "who-draws-what").select_one("h3 + ul").select("li")]
    assert pairs[0].startswith("Ann: a ") and pairs[1] == "Ben: nothing"
    spot = section(page, release, "place-of-a-marble")
    assert spot.select("svg") and "the left marble" in spot.text and "The right one is blue." in spot.text
    word = section(page, release, "name-of-the-game").text
    assert "Dice!" in word and "A die has faces." in word and "a marble" in word
    assert "You left this question open." in section(page, release, "last-marble").text


def test_a_right_answer_hears_no_word_for_a_wrong_one(written, release):
    page = written(content(release))["ann"]
    assert "Score: 9 of 9 points (100 %)" in page.text
    for words in ("Count the red ones.", "It begins in the bag.", "It is round.", "Mind the dose of each."):
        assert words not in page.text


def test_a_wrong_answer_hears_no_praise(written, release):
    pages = written(content(release, answers={"share-red": 25}), content(release, "bob", "Bob"))
    told = {
        name: [part.text for part in section(page, release, "share-red").select("div")] for name, page in pages.items()
    }
    assert "Three of four." in told["bob"] and "Three of four." not in told["ann"]
    assert all("Three of four is a share of three quarters." in parts for parts in told.values())


@pytest.mark.parametrize("answer", [None, "right", "wrong", "malformed"])
def test_a_calculated_question_is_that_of_this_student(written, release, answer):
    item = next(item for item in bank.load(STEM).items if item.id == "dose-of-marbles")
    pages = {}
    for student in ("ann", "ben", "cleo", "dora"):
        variant = variant_of(student, item.id, item.variants)
        number = item.drawn()[variant]
        value = {"variant": variant, "value": number.answer + (answer == "wrong")}
        given = {None: None, "malformed": 7}.get(answer, value)
        pages[student] = (content(release, student=student, answers={item.id: given}), number)
    found = written(*(hand_in for hand_in, _ in pages.values()))
    for student, (_, number) in pages.items():
        text = section(found[student], release, item.id).text
        assert f"{number.answer:g} Gy" in text and number.question.split("$")[0].strip() in text


def test_an_answer_that_could_not_be_graded_says_why(written, release):
    page = written(content(release, answers={"marbles": EVIL[:30]}))["ann"]
    text = section(page, release, "marbles").text
    assert "It could not be graded: expected the place of an option" in text


def test_nothing_that_a_student_wrote_runs(written, release, tmp_path):
    evil = content(release, student=EVIL, name=EVIL, answers={"name-of-the-game": EVIL, "marbles": EVIL})
    dots = content(release, student="../../../etc/passwd", name="\\\\server\\share")
    half = content(release, student="half", answers={"name-of-the-game": "\ud800"})
    pages = written(evil, dots, half, content(release, student="nul\u00a0"))
    assert len(pages) == 4
    for path in (tmp_path / "pages").iterdir():
        page = soup(path)
        assert re.fullmatch(r"[0-9a-f]{16}\.html|index\.html", path.name)
        assert not page.select("script, iframe, object, embed, form, link, [onerror], [onload], [src^=http]")
        assert all(link["href"].endswith(".html") and "/" not in link["href"] for link in page.select("a"))
        assert "default-src 'none'" in page.select_one("meta[http-equiv]")["content"]
    assert EVIL in pages[EVIL.lower()].text
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "course", "gradebook.csv", "gradebook.sqlite", "in", "pages"
    ]  # fmt: skip


def test_a_sensitive_question_lies_behind_a_fold(written, release, course):
    path = course / "quizzes" / f"{STEM}.yml"
    text = path.read_text(encoding="utf-8").replace("id: share-red\n", "id: share-red\n    sensitive: true\n")
    path.write_text(text, encoding="utf-8")
    page = written(content(release))["ann"]
    folded = section(page, release, "share-red").select_one("details")
    assert "share of red marbles" in folded.text and "Your answer" in folded.text and not folded.has_attr("open")
    assert folded.select_one("summary").text.startswith("A question on survival")
    assert page.text.count("share of red marbles") == 1
    assert not section(page, release, "marbles").select("details")


def test_a_question_changed_since_the_release_is_not_shown(written, release, course):
    path = course / "quizzes" / f"{STEM}.yml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("What is the share of red", "What share is"), encoding="utf-8"
    )
    page = written(content(release))["ann"]
    assert "counts for nobody" in section(page, release, "share-red").text and "of 8 points" in page.text


def test_a_late_hand_in_says_so(written, release):
    page = written(content(release, finished="2027-02-01T00:00:00Z"))["ann"]
    assert "handed in late" in page.text


def test_a_page_says_that_the_course_does_not_advise(written, release):
    assert "does not advise" in written(content(release))["ann"].text


def test_pages_of_an_earlier_run_go_and_other_files_stop_the_run(written, release, tmp_path):
    written(content(release), content(release, student="ben"))
    (tmp_path / "in" / "1.json").unlink()
    before = {path.name: path.read_bytes() for path in (tmp_path / "pages").iterdir()}
    assert set(written(content(release))) == {"ann"}
    after = {path.name: path.read_bytes() for path in (tmp_path / "pages").iterdir()}
    assert len(before) == 3 and len(after) == 2
    assert all(after[name] == before[name] for name in after if name != "index.html")
    (tmp_path / "pages" / "thesis.docx").write_text("mine")
    with pytest.raises(GradebookError, match=r"thesis\.docx"):
        written(content(release))
    assert (tmp_path / "pages" / "thesis.docx").read_text() == "mine"


def test_a_release_that_is_gone_is_explained(written, release, course):
    def forget() -> None:
        (course / "releases" / f"{release.id}.json").unlink()

    with pytest.raises(GradebookError, match="bring releases/"):
        written(content(release), change=forget)
