"""A release for students: what it holds, and that no byte of it tells a key."""

from __future__ import annotations

import base64
import gzip
import json
import re
import zlib
from html import escape
from pathlib import Path
from typing import Any

import pytest

from spinemets import course
from spinemets.quiz import asked, bank
from spinemets.quiz.asked import can_be_asked
from spinemets.quiz.items import words
from spinemets.quiz.parts import strings
from spinemets.teach import chapter, pictures, releases
from spinemets.teach import release as module
from spinemets.teach.release import release
from spinemets.teach.releases import ReleaseError

from . import marked
from .marked import STEM, Secrets, found, leaks

NUMBERS = ["73519.25", "84627.5", "96318.5"]
"""The key of the number item, its slip, and the key of the exercise."""


@pytest.fixture
def marbles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Secrets, dict[str, Any]]:
    """A course whose secrets are markers: its folder, the markers and the quiz."""
    root = tmp_path / "course"
    secret, content = marked.write_course(root)
    monkeypatch.setenv("SPINEMETS_ROOT", str(root))
    return root, secret, content


def told(folder: Path, secret: Secrets) -> dict[str, set[str]]:
    """Secrets in a release of the course of marbles: markers, keys in numbers, hashes of items with their keys."""
    items = bank.load(STEM).items
    own = next(item for item in items if item.id == "own-numbers")
    drawn = [number for one in own.drawn() for number in (one.answer, *(slip.value for slip in one.slips))]
    computed = {form for number in drawn for form in (repr(number), f"{number:g}", f"{number:.3f}")}
    # A short form such as "9e+04" stands in no text by chance, "12" may.
    return leaks(
        [*secret, *NUMBERS, *(form for form in computed if len(form) > 4), *(item.hash for item in items)], folder
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


# --- the search finds what it looks for -------------------------------------------------------------------------------

MARKER = 'zqkey"é<1>qz'


@pytest.mark.parametrize(
    "data",
    [
        MARKER.encode(),
        MARKER.encode().upper(),
        json.dumps(MARKER).encode(),
        json.dumps(json.dumps(MARKER)).encode(),
        escape(MARKER).encode(),
        base64.b64encode(MARKER.encode()),
        b"data:text/plain;base64," + base64.b64encode(b"x" + MARKER.encode()),
        base64.urlsafe_b64encode(base64.b64encode(MARKER.encode())),
        base64.b64encode(gzip.compress(MARKER.encode())),
        b"before" + zlib.compress(json.dumps(MARKER).encode()) + b"after",
        marked.png(Comment=MARKER),
        json.dumps({"image/png": base64.b64encode(marked.png(Comment=MARKER)).decode()}).encode(),
        marked.jpeg(MARKER),
        b'spinemets.frames("x", "' + base64.b64encode(gzip.compress(escape(MARKER).encode())) + b'")',
    ],
)
def test_the_search_sees_through_every_wrapping(data: bytes) -> None:
    assert found([MARKER, "zqotherqz"], data) == {MARKER}


# --- no byte tells a key ----------------------------------------------------------------------------------------------


def test_no_byte_of_a_release_tells_a_secret(marbles, tmp_path: Path) -> None:
    _, secret, _ = marbles
    made = release([STEM], tmp_path / "out", due="2026-12-01")
    assert len(secret) > 80
    assert told(made.folder, secret) == {}
    assert made.files == ("01-marbles.ipynb", "README.md", "bank.json", "hand-in.ipynb", "index.html")
    assert set(contents(made.folder)) == set(made.files)
    assert made.left_out == ("guess", "lost")


def let_through(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """Break one of the means by which secrets stay behind."""
    content = dict(asked._CONTENT)
    if what == "feedback":
        kind = next(kind for kind in content if kind.__name__ == "Choice")
        content[kind] = lambda item: {"options": [option.model_dump() for option in item.options]}
    elif what == "variants":
        kind = next(kind for kind in content if kind.__name__ == "Calculated")
        content[kind] = lambda item: {"variants": [number.content() for number in item.drawn()]}
    elif what == "item hash":
        kind = next(kind for kind in content if kind.__name__ == "Number")
        content[kind] = lambda item: {"question": item.question, "of": item.hash}
    elif what == "pictures":
        monkeypatch.setattr(module, "bare_in", lambda text: text)
    elif what == "outputs":
        monkeypatch.setattr(chapter, "_quiz_names", lambda sources: {})
    elif what == "renamed":
        monkeypatch.setattr(chapter, "_bound", lambda statement: [])
    elif what == "repeated":
        monkeypatch.setattr(chapter, "_says", lambda output, secrets: False)
    elif what == "pictures of outputs":
        monkeypatch.setattr(chapter, "bare", lambda picture: picture)
    elif what == "widget state":
        monkeypatch.setattr(chapter, "_METADATA", ("kernelspec", "language_info", "widgets"))
    monkeypatch.setattr(asked, "_CONTENT", content)


@pytest.mark.parametrize(
    "what",
    ["feedback", "variants", "item hash", "pictures", "outputs", "renamed", "repeated", "pictures of outputs",
     "widget state"],
)  # fmt: skip
def test_a_secret_that_is_let_through_is_found(marbles, tmp_path: Path, monkeypatch, what: str) -> None:
    let_through(monkeypatch, what)
    assert told(release([STEM], tmp_path / "out").folder, marbles[1])


def test_another_key_changes_no_byte(marbles, tmp_path: Path) -> None:
    root, _, content = marbles
    first, keys = release([STEM], tmp_path / "first"), [item.hash for item in bank.load(STEM).items]
    marked.write_quiz(root, marked.other_key(content))
    assert sum(a != b for a, b in zip(keys, (item.hash for item in bank.load(STEM).items), strict=True)) == 9
    other = release([STEM], tmp_path / "other")
    assert [item.hash for item in bank.load(STEM).items][:9] != [
        item["hash"] for item in content["items"] if "hash" in item
    ]
    assert contents(first.folder) == contents(other.folder)
    assert first.release == other.release


def test_another_question_changes_the_release(marbles, tmp_path: Path) -> None:
    root, _, content = marbles
    first = release([STEM], tmp_path / "first").release
    content["items"][0]["options"][0]["text"] = "Green"
    marked.write_quiz(root, content)
    other = release([STEM], tmp_path / "other").release
    assert first.id != other.id
    assert [a == b for a, b in zip(first.items, other.items, strict=True)] == [False] + [True] * 8


def test_real_quizzes_tell_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "keep", lambda made: None)
    stems = [stem for stem in bank.stems() if (course.root() / "notebooks" / f"{stem}.ipynb").exists()]
    made = release(stems, tmp_path / "out")
    items = [item for stem in stems for item in bank.load(stem).items]
    assert leaks([item.hash for item in items], made.folder) == {}
    shown = " ".join(words(re.sub(r"\\u003c|<[^>]*>", " ", text.decode())) for text in contents(made.folder).values())
    asked_ones = filter(can_be_asked, items)
    hidden = {text for item in asked_ones for text in {*strings(item.content())} - {*strings(asked.asked(item))}}
    long = [text for text in hidden if len(words(text).split()) >= 8 and "[" not in text]
    assert len(long) > 100
    assert [text for text in long if words(text) in shown] == []


def keys_of(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {*value} | {key for inner in value.values() for key in keys_of(inner)}
    return {key for inner in value for key in keys_of(inner)} if isinstance(value, list) else set()


def test_the_bank_has_only_fields_that_ask(marbles, tmp_path: Path) -> None:
    made = release([STEM], tmp_path / "out", title="Marbles, graded", due="2026-12-01T18:00+01:00")
    content = json.loads((made.folder / "bank.json").read_text())
    assert keys_of(content.pop("items")) == {
        "id", "type", "hash", "question", "rule", "sensitive", "options", "text", "unit", "shown", "pairs", "place",
        "picture", "label", "variants",
    }  # fmt: skip
    assert content == {
        "format": "spinemets-release", "version": 1, "release": made.release.id, "course": course.COURSE_ID,
        "title": "Marbles, graded", "due": "2026-12-01T17:00:00.000Z",
    }  # fmt: skip


def test_texts_show_formulas_and_pictures_and_lose_links(marbles, tmp_path: Path) -> None:
    made = release([STEM], tmp_path / "out")
    items = {item["id"]: item for item in json.loads((made.folder / "bank.json").read_text())["items"]}
    question = items["marbles"]["question"]
    assert "<mfrac>" in question and "(source)" in question and "<a" not in question and "evidence/" not in question
    for kind in ("png", "jpeg", "webp", "svg+xml"):
        assert f'src="data:image/{kind};base64,' in question
    assert 'alt="A png"' in question
    assert items["steps"]["shown"] == ["Draw a marble", "Put it back", "Take the bag"]
    assert items["colours"]["shown"] == ["blue", "green", "red"]
    assert [variant["question"] for variant in items["own-numbers"]["variants"]] == [
        f"{n} times of 8?" for n in (re.match(r"\d", v["question"])[0] for v in items["own-numbers"]["variants"])
    ]
    assert items["last"]["sensitive"] is True


def test_no_place_of_a_computer_or_a_network(marbles, tmp_path: Path) -> None:
    root, _, _ = marbles
    made = release([STEM], tmp_path / "out")
    for name, data in contents(made.folder).items():
        text = data.decode()
        for place in (
            str(root),
            str(tmp_path),
            str(Path.home()),
            str(Path(module.__file__).parents[3]),
            "site-packages",
        ):
            assert place not in text, (name, place)
        addresses = set(re.findall(r"https?://[\w.-]+", text)) - {"http://www.w3.org", "https://example.org"}
        assert addresses == set(), name
    page = (made.folder / "index.html").read_text()
    assert "default-src 'none'" in page
    assert re.findall(r'<(?:script|link|img|iframe)[^>]*\b(?:src|href)="(?!data:)', page) == []


# --- the chapter's notebook -------------------------------------------------------------------------------------------


def test_the_chapter_keeps_its_lessons(marbles, tmp_path: Path) -> None:
    made = release([STEM], tmp_path / "out")
    cells = json.loads((made.folder / f"{STEM}.ipynb").read_text())["cells"]
    sources = ["".join(cell["source"]) for cell in cells]
    assert sources[0] == "# Marbles\nSee 75 %, [this](01-marbles.ipynb#x), far and [a site](https://example.org)."
    assert sources.count(chapter.LEFT_OUT) == 6
    assert "bag = 3" in sources  # what the cell does besides asking stays
    assert 'answer = 3\n\ncheck("try-it", answer)' in sources and 'exercise("try-it")' in sources
    by_source = {"".join(cell["source"]): cell for cell in cells}
    assert by_source["print(bag)"]["outputs"][0]["text"] == ["3\n"]
    assert by_source['exercise("try-it")']["outputs"] == []
    [picture] = by_source["draw()"]["outputs"]
    assert picture["data"].keys() == {"image/png", "text/plain"}
    assert base64.b64decode(picture["data"]["image/png"]) == marked.png()
    assert by_source["print(kept)"]["outputs"] == []
    assert by_source["stop()"]["outputs"] == []
    assert not any("quiz(" in source or "ask(" in source for source in sources)


def test_real_chapters_stay_valid_notebooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import nbformat

    monkeypatch.setattr(module, "keep", lambda made: None)
    made = release(["05-metastasis"], tmp_path / "out")
    for name in ("05-metastasis.ipynb", "hand-in.ipynb"):
        nbformat.validate(nbformat.read(made.folder / name, as_version=4))
    text = (made.folder / "05-metastasis.ipynb").read_text()
    assert "image/png" in text and "explore(metastasis.roads)" in text and "../evidence/" not in text
    assert not re.search(r'quiz\(\\"|question\(\\"|recall\(\\"', text)


SHOWN = {
    "%matplotlib inline\nfrom spinemets.quiz import quiz": ['quiz("01-marbles")', '%time quiz("01-marbles")'],
    "%%capture\nfrom spinemets.quiz import question as ask": ['ask("01-marbles", "marbles")'],
    "from spinemets.quiz import *": ['q = quiz("01-marbles")\nq', "for one in [recall]:\n    one('01-marbles')"],
    "import spinemets.quiz as s": ['s.quiz("01-marbles")', 'print(s.widget.question("01-marbles", "marbles"))'],
    "import spinemets": ['spinemets.quiz.quiz("01-marbles")'],
    "import spinemets.quiz": ['spinemets.quiz.quiz("01-marbles")'],
    "import spinemets as sm": ['sm.quiz.quiz("01-marbles")'],
    "def show():\n    from spinemets.quiz import quiz\n    return quiz('01-marbles')": [
        "show()",
        "again = show\nagain()",
    ],
    "later()\n": ["def later():\n    return one()", "from spinemets.quiz import before as one", "later()"],
    "x = = 1; from spinemets.quiz import quiz": ['quiz("01-marbles")'],
    "if True:\n    from spinemets.quiz.widget import Quiz, recall as r": ["[r('01-marbles')]", "Quiz([])"],
}


@pytest.mark.parametrize("first", SHOWN)
def test_cells_that_ask_are_known_by_what_they_call(first: str) -> None:
    said = {"output_type": "stream", "name": "stdout", "text": ["zqsaidqz"]}

    def code(source: str) -> dict[str, Any]:
        return {"cell_type": "code", "metadata": {}, "execution_count": 1, "source": source, "outputs": [said]}

    other = code('title = "One question, one quiz"  # check and recall\nprint(title)')
    cells = [code(first), *map(code, SHOWN[first]), other]
    made = chapter.handed_out({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, [], [])
    kept = ["".join(cell["source"]) for cell in made["cells"]]
    asking = [source for source in SHOWN[first] if "import" not in source and not source.startswith("def")]
    assert kept.count(chapter.LEFT_OUT) >= len(asking)
    assert not any("('01-marbles')" in text or '("01-marbles' in text for text in kept if text != first)
    assert made["cells"][-1]["outputs"] == [said]
    calls = [cell for cell in made["cells"][1:-1] if cell["cell_type"] == "code" and cell["outputs"]]
    assert all("".join(cell["source"]).startswith(("def", "from")) for cell in calls)


HIDDEN = 'Because "red" & blue marbles roll further down the slope than green ones'


@pytest.mark.parametrize(
    "output",
    [
        {"text/html": f"<p>Because &quot;red&quot; &amp; <b>bl</b>ue {HIDDEN[21:]}</p>"},
        {"text/html": f"<p data-said='{HIDDEN}'>Right.</p>", "text/plain": "Right."},
        {"text/html": ["<p>Right.</p><!-- ", HIDDEN.upper(), " -->"]},
        {"text/markdown": f"> {HIDDEN}"},
    ],
)
def test_an_output_that_says_a_hidden_text_in_any_place_is_dropped(output: dict[str, Any]) -> None:
    def kept(data: dict[str, Any]) -> list[Any]:
        shown = {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": data}
        cell = {"cell_type": "code", "metadata": {}, "execution_count": 1, "source": "show()", "outputs": [shown]}
        book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5, "said": HIDDEN}
        made = chapter.handed_out(book, [HIDDEN], [])
        assert made.keys() == {"cells", "metadata", "nbformat", "nbformat_minor"}
        return made["cells"][0]["outputs"]

    assert kept(output) == []
    assert len(kept({"text/html": "<p title='red and blue marbles'>roll further</p>"})) == 1


# --- pictures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [lambda s: marked.png(Comment=s), marked.jpeg, marked.webp, marked.svg])
def test_pictures_lose_their_words_and_nothing_else(make) -> None:
    said, bare = make("zqsaidqz"), pictures.bare(make("zqsaidqz"))
    assert found(["zqsaidqz"], said) and not found(["zqsaidqz"], bare)
    assert bare == pictures.bare(make("something else")) == pictures.bare(bare)


def test_a_picture_draws_as_before() -> None:
    from io import BytesIO

    from PIL import Image

    said = Image.open(BytesIO(marked.png(Comment="zq")))
    bare = Image.open(BytesIO(pictures.bare(marked.png(Comment="zq"))))
    assert said.getpixel((0, 0)) == bare.getpixel((0, 0)) == (255, 0, 0)
    for kind in ("JPEG", "WEBP"):
        kept = BytesIO()
        Image.new("RGB", (9, 7), (10, 200, 30)).save(kept, kind, exif=b"Exif\0\0zqexifqz", comment=b"zqexifqz")
        one, other = Image.open(kept), Image.open(BytesIO(pictures.bare(kept.getvalue())))
        assert one.tobytes() == other.tobytes()
        assert b"zqexifqz" in kept.getvalue() and b"zqexifqz" not in pictures.bare(kept.getvalue())


def test_a_second_picture_behind_a_jpeg_stays_behind() -> None:
    # Cameras append previews with their own end mark.
    bare = pictures.bare(marked.jpeg("zqonezq") + marked.jpeg("zqtwozq"))
    assert bare == pictures.bare(marked.jpeg("")) and bare.count(b"\xff\xd9") == 1


def test_the_scans_of_a_jpeg_and_what_lies_between_them() -> None:
    def segment(kind: int, data: bytes) -> bytes:
        return bytes([0xFF, kind]) + (len(data) + 2).to_bytes(2, "big") + data

    scan = segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x12\xff\x00\xd9\xff\xd0\x34"
    table, between = segment(0xC4, b"\x10\xff\xd9"), segment(0xFE, b"zqsaidzq \xff\xd9")
    made = b"\xff\xd8" + scan + table + between + scan + b"\xff\xd9"
    assert pictures.bare(made) == made.replace(between, b"")


def test_a_picture_within_a_picture_loses_its_words() -> None:
    inner = base64.b64encode(marked.png(Comment="zqsaidzq")).decode()
    bare = pictures.bare(
        marked.svg("x").replace(b"<rect", b'<image href="data:image/png;base64,%s"/><rect' % inner.encode())
    )
    assert base64.b64encode(marked.png()) in bare and found(["zqsaidzq"], bare) == set()


NO_END = marked.jpeg("x")[: marked.jpeg("x").index(b"\xff\xd9")]


@pytest.mark.parametrize("broken", [b"", b"GIF89a", marked.png()[:30], marked.jpeg("x")[:9], NO_END, b"<svg", b"<p/>"])
def test_a_broken_picture_is_refused(broken: bytes) -> None:
    with pytest.raises(pictures.PictureError):
        pictures.bare(broken)


# --- the folder and the record ----------------------------------------------------------------------------------------


def test_the_same_course_gives_the_same_bytes(marbles, tmp_path: Path) -> None:
    first, again = (release([STEM], tmp_path / name, due="2026-12-01") for name in ("first", "again"))
    assert contents(first.folder) == contents(again.folder)


def test_the_record_of_a_release(marbles, tmp_path: Path) -> None:
    root, secret, _ = marbles
    made = release([STEM], tmp_path / "out", title="One").release
    assert releases.every() == {made.id: made}
    assert releases.read(root / "releases" / f"{made.id}.json") == made
    assert leaks([*secret, *NUMBERS], root / "releases") == {}
    assert (made.title, made.stems, made.due, len(made.items)) == ("One", (STEM,), None, 9)
    later = release([STEM], tmp_path / "out", title="One", due="2027-01-01").release
    assert later.id == made.id and releases.every()[made.id].due == "2027-01-01T23:59:59.999Z"
    assert release([STEM], tmp_path / "out").release.title == "Graded quiz: Marbles"


@pytest.mark.parametrize(
    "due", ["tomorrow", "2026-12-01T18:00", "2026-13-01", "12/01/2026", "0001-01-01T00:00+14:00", ""]
)
def test_a_due_date_needs_its_zone(due: str) -> None:
    with pytest.raises(ReleaseError, match="is not a due date. Expected"):
        releases.due_at(due)


def test_broken_records_are_named(marbles) -> None:
    root, _, _ = marbles
    with pytest.raises(ReleaseError, match="no such release. Expected one of: none yet"):
        releases.read(releases.path_of("abc"))
    (root / "releases").mkdir()
    for text in ("{", "[]", '{"id": "a", "title": 3}'):
        releases.path_of("abc").write_text(text)
        with pytest.raises(ReleaseError, match=r"abc\.json: .* Take the file from a copy"):
            releases.every()


def test_a_folder_of_others_is_left_alone(marbles, tmp_path: Path) -> None:
    root, _, _ = marbles
    out = tmp_path / "mine"
    out.mkdir()
    release([STEM], out)  # empty
    release([STEM], out)  # made by a release
    (out / "thesis.txt").write_text("mine")
    with pytest.raises(ReleaseError, match=r"not made by a release: it holds thesis\.txt"):
        release([STEM], out)
    assert (out / "thesis.txt").read_text() == "mine"
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "README.md").write_text("mine")
    with pytest.raises(ReleaseError, match=r"it holds README\.md"):
        release([STEM], plain)
    with pytest.raises(ReleaseError, match="is a file"):
        release([STEM], plain / "README.md")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["course", "mine", "plain"]


def test_a_release_appears_whole_or_not_at_all(marbles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    release([STEM], out, title="Before")
    before = contents(out)
    rename = Path.rename

    def full(self: Path, target: Path) -> Path:
        if (
            target == out
            and self.name.endswith(tuple("abcdefghijklmnopqrstuvwxyz0123456789_"))
            and "old" not in self.name
        ):
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(ReleaseError, match="could not be written: No space left on device"):
        release([STEM], out, title="After")
    assert contents(out) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["course", "out"]


def test_what_cannot_be_released_is_said(marbles, tmp_path: Path) -> None:
    root, _, content = marbles
    out = tmp_path / "out"
    with pytest.raises(bank.QuizError, match="no such quiz. Expected one of: 01-marbles"):
        release(["02-other"], out)
    with pytest.raises(ReleaseError, match="'01-marbles' comes twice"):
        release([STEM, STEM], out)
    with pytest.raises(ReleaseError, match="nothing to hand in"):
        release([], out)
    content["items"][7]["question"] = "Is it {answer:.2f}?"
    marked.write_quiz(root, content)
    with pytest.raises(ReleaseError, match="own-numbers: the question names {answer}, so it tells it"):
        release([STEM], out)
    content["items"] = content["items"][-2:]
    marked.write_quiz(root, content)
    with pytest.raises(ReleaseError, match="Cases and predictions are not released"):
        release([STEM], out)
    assert not out.exists() and not (root / "releases").exists()


def test_a_quiz_without_a_notebook_is_released(marbles, tmp_path: Path) -> None:
    root, _, _ = marbles
    (root / "notebooks" / f"{STEM}.ipynb").unlink()
    (root / "_toc.yml").write_text("format: jb-book\n")
    made = release([STEM], tmp_path / "out")
    assert made.without_notebook == (STEM,) and f"{STEM}.ipynb" not in made.files
    assert made.release.title == "Graded quiz: 01-marbles"
