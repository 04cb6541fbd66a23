"""A widget as a page in one file: it needs nothing else, and no text within it ends a script or a style."""

from __future__ import annotations

import json
import re

from bs4 import BeautifulSoup

from spinemets.publish.standalone import standalone
from spinemets.quiz import bank, quiz

TRICK = "</script><script>alert(1)</script><!--<b>"


def test_texts_of_a_widget_stay_texts() -> None:
    widget = quiz(bank.stems()[0])
    plain = BeautifulSoup(standalone(widget, "A quiz", course="preview"), "html.parser")
    widget.options = {**widget.options, "title": TRICK}
    page = BeautifulSoup(standalone(widget, TRICK, course='"><b>'), "html.parser")
    assert len(page.find_all("script")) == len(plain.find_all("script")) == 4
    assert page.title.string == page.h1.string == TRICK
    assert TRICK in json.dumps(json.loads(page.select_one("#sm-models").string))
    assert page.select_one("script[data-course]")["data-course"] == '"><b>'


def test_the_page_needs_nothing_else() -> None:
    text = standalone(quiz(bank.stems()[0]), "A quiz", course="preview")
    page = BeautifulSoup(text, "html.parser")
    assert not page.select("link, script[src], iframe, img[src^=http]")
    assert not re.search(r"@font-face|@import|url\((?!['\"]?data:)", "".join(style.string for style in page("style")))
