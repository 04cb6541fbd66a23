"""Generated pages: fresh, safe to read first, and cleared away when nothing makes them any more."""

import re

from spinemets import course, generated
from spinemets.evidence.bank import files
from spinemets.evidence.markdown import SAFETY


def test_pages_are_fresh():
    assert [path.name for path in generated.stale()] == [], "run: spinemets cards"


def test_every_chapter_has_cards_and_references_and_the_toc_names_all_pages():
    root = course.root()
    made = {path.relative_to(root).as_posix() for path in generated.pages()}
    for path in files():
        assert {f"evidence/{path.stem}.md", f"book/references/{path.stem}.md"} <= made
    toc = (root / "_toc.yml").read_text(encoding="utf-8")
    for name in made:
        assert re.search(rf"file: {re.escape(name.removesuffix('.md'))}$", toc, re.M), name


def test_pages_begin_with_the_safety_text():
    for path, text in generated.pages().items():
        assert SAFETY in text[:900], path.name


def test_links_between_generated_pages_lead_to_a_page_and_an_anchor():
    pages = {path.resolve(): text for path, text in generated.pages().items()}
    anchors = {
        path: set(re.findall(r'id="([\w-]+)"', text)) | {line.strip() for line in re.findall(r"^#+ (.+)$", text, re.M)}
        for path, text in pages.items()
    }
    for path, text in pages.items():
        for target, anchor in re.findall(r"\]\(([^)#:\s]+\.md)#?([\w-]*)\)", text):
            there = (path.parent / target).resolve()
            assert there in pages, (path.name, target)
            assert not anchor or anchor in anchors[there], (path.name, target, anchor)


def test_a_page_that_nothing_makes_is_stale_and_taken_away(tmp_path, monkeypatch):
    made = {tmp_path / "book" / "a.md": f"{generated.GENERATED}\nfresh\n"}
    monkeypatch.setattr(generated, "pages", lambda: made)
    (tmp_path / "book").mkdir()
    old, own = tmp_path / "book" / "old.md", tmp_path / "book" / "own.md"
    old.write_text(f"# Old\n{generated.GENERATED}\n", encoding="utf-8")
    own.write_text("# Written by hand\n", encoding="utf-8")
    assert generated.stale() == [tmp_path / "book" / "a.md", old]
    assert generated.write() == [tmp_path / "book" / "a.md", old]
    assert not old.exists()
    assert own.exists()
    assert generated.stale() == []
