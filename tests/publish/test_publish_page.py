"""The page around the content."""

import re
from pathlib import Path

import pydata_sphinx_theme

from spinemets.publish import fonts, page

THEME = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "static" / "styles"


def test_the_themes_style_keeps_its_rules_and_loses_fontawesomes_fonts():
    css = (THEME / "pydata-sphinx-theme.css").read_text(encoding="utf-8")
    slim = page.without_font_awesome(css)
    assert "vendor/fontawesome" in css and "vendor/fontawesome" not in slim
    assert ".fa-user-xmark" not in slim
    assert slim.count("{") == slim.count("}")
    for rule in (".bd-sidebar-primary", ".admonition", "--pst-color-primary"):
        assert slim.count(rule) == css.count(rule)


def test_tables_of_the_text_scroll_in_a_box_that_the_keyboard_reaches():
    body = '<table class="table"><tr><td>1</td></tr></table><table class="sm-table"></table>'
    wrapped = page.scrolling_tables(body)
    assert wrapped.startswith(
        '<div class="sm-scroll" role="group" aria-label="Table" tabindex="0"><table class="table">'
    )
    assert wrapped.endswith('</div><table class="sm-table"></table>')


def test_print_is_light_also_for_a_reader_in_dark_mode():
    css = page.palette_css()
    assert css.index("html[data-theme=dark]") < css.index("@media print { html[data-theme] { --sm-paper: #fffffe")


def test_the_font_is_small_the_same_each_time_and_has_what_figures_write():
    data = fonts.woff("DejaVuSans.ttf")
    assert data[:4] == b"wOFF" and len(data) < 60_000
    fonts.woff.cache_clear()
    assert fonts.woff("DejaVuSans.ttf") == data
    assert {ord(letter) for letter in "aé≥−→α²–’"} <= set(fonts.CHARACTERS)


def test_every_icon_that_a_page_asks_for_is_drawn(tiny):
    icons = (page.HERE / "static" / "sm-icons.css").read_text(encoding="utf-8")
    asked = set()
    for file in (tiny / "_build" / "html").rglob("*.html"):
        for classes in re.findall(
            r'<(?:i|span) class="((?:theme-switch )?fa[sb]?[ -][^"]*)"', file.read_text(encoding="utf-8")
        ):
            asked |= {name for name in classes.split() if name.startswith("fa-")}
    asked -= {"fa-solid", "fa-lg"}
    assert len(asked) > 5
    assert {name for name in asked if not re.search(rf"\.{name}\b", icons)} == set()


def test_the_arrows_of_the_sidebar_are_named_after_their_page():
    toggle = '<details><summary><span class="toctree-toggle"></span></summary></details>'
    sidebar = f'<li><a class="reference internal" href="evidence.html">Evidence</a>{toggle}</li>'
    assert '<summary aria-label="Pages of Evidence">' in page.named_toggles(sidebar)
    on_the_page_itself = sidebar.replace('class="reference internal"', 'class="current reference internal"')
    assert '<summary aria-label="Pages of Evidence">' in page.named_toggles(on_the_page_itself)
    plain = '<li><a class="reference internal" href="a.html">A</a></li>'
    assert page.named_toggles(plain) == plain
