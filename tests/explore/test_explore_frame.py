"""Frames: markup without matplotlib's ballast, text that stays text, tables as JSON, PNGs that are small."""

import io
import re
from html.parser import HTMLParser

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from PIL import Image

from spinemets.explore import Html, Svg, Table, View, asset, colour, render
from spinemets.explore import frame as frames
from spinemets.explore.spec import make


def plot(n=3):
    figure = Figure(figsize=(4.2, 3))
    axes = figure.subplots()
    axes.plot(np.linspace(0, 1, 50), np.linspace(0, n, 50) ** 2, color=colour("blue"))
    axes.plot([0.2, 0.4], [1, 2], "o", color=colour("red"), alpha=0.35)
    axes.set_title("p = 0.03125 & n < 4")
    axes.set_xlabel("time (months)")
    return figure


def drawn(picture, summary="Said.", table=None, scope="demo"):
    return frames.frame(View(picture, summary, table), scope, "A title")


SVG = Svg(
    f'<svg width="100" height="50" viewBox="0 0 320 200"><defs><clipPath id="c"><rect width="9" height="9"/></clipPath>'
    f'</defs><g clip-path="url(#c)"><rect fill="{colour("blue")}" width="5" height="5"/></g>'
    '<use href="#c"/><a href="#chapter">x</a></svg>'
)


def test_a_figure_becomes_slim_themed_markup():
    picture = drawn(plot())["picture"]
    head = picture[: picture.index(">")]
    assert 'viewBox="0 0 302.4 216"' in head
    assert 'role="img" aria-label="A title"' in head
    assert "width=" not in head.replace("max-width", "")
    assert "height=" not in head
    assert frames.FONTS in head
    for ballast in (
        "<style",
        "<metadata",
        "<!--",
        "<?xml",
        "xlink",
        "font-family: 'DejaVu Sans'",
        "#000000",
        "#ffffff",
    ):
        assert ballast not in picture
    assert "var(--sm-blue)" in picture
    assert colour("blue") not in picture


def test_only_ids_that_are_used_remain_and_they_carry_the_scope():
    picture = drawn(plot())["picture"]
    ids = re.findall(r' id="([^"]+)"', picture)
    used = re.findall(r'(?:href="#|url\(#)([^"\)]+)', picture)
    assert ids
    assert set(ids) == set(used)
    assert all(name.startswith("demo-") for name in ids)


def test_coordinates_are_rounded_and_text_is_not():
    picture = drawn(plot())["picture"]
    assert "p = 0.03125 &amp; n &lt; 4" in picture
    assert "opacity: 0.35" in picture
    paths = " ".join(re.findall(r' d="([^"]+)"', picture))
    assert not re.search(r"\.\d\d", paths)


def test_nothing_in_the_markup_is_broken():
    opened = []

    class Balanced(HTMLParser):
        def handle_starttag(self, tag, attrs):
            opened.append(tag)

        def handle_startendtag(self, tag, attrs):
            pass

        def handle_endtag(self, tag):
            assert opened.pop() == tag

    Balanced().feed(drawn(plot())["picture"])
    assert opened == []


def test_the_same_figure_gives_the_same_frame_whatever_the_settings():
    first = drawn(plot())
    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": None, "svg.id": "x"}):
        figure = plot()
        second = drawn(figure)
    assert first == second


def test_drawing_leaves_the_figure_as_it_was():
    figure = plot()
    canvas, dpi = figure.canvas, figure.dpi
    first = drawn(figure)
    assert (figure.canvas, figure.dpi) == (canvas, dpi)
    assert drawn(figure) == first
    figure.savefig(io.BytesIO(), format="png")


def test_an_image_in_a_figure_keeps_its_place():
    figure = Figure(figsize=(2, 2))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.imshow(np.arange(49).reshape(7, 7), interpolation="none")
    picture = drawn(figure)["picture"]
    assert "data:image/png;base64," in picture
    matrix = re.search(r"matrix\(([^)]+)\)", picture)
    across = float(matrix[1].split()[0]) * 7
    assert across == pytest.approx(144, abs=0.01), "a rounded matrix would change the size of the image"


def test_layout_engines_work_without_a_trial_savefig():
    figure = Figure(figsize=(4, 3), layout="constrained")
    figure.subplots(2, 1)[0].set_xlabel("one")
    assert drawn(figure)["picture"].count("<text") > 10


def test_svg_loses_its_fixed_size_and_scopes_only_its_own_ids():
    picture = drawn(SVG)["picture"]
    assert picture.startswith('<svg viewBox="0 0 320 200" role="img" aria-label="A title" style="max-width:480px">')
    assert 'id="demo-c"' in picture
    assert 'clip-path="url(#demo-c)"' in picture
    assert '<use href="#demo-c"/>' in picture
    assert '<a href="#chapter">' in picture
    assert 'fill="var(--sm-blue)"' in picture


def test_svg_needs_a_view_box():
    with pytest.raises(frames.ViewError, match="no viewBox"):
        drawn(Svg("<svg width='3'></svg>"))


def test_html_is_themed_too():
    assert "var(--sm-red)" in drawn(Html(f'<p style="color:{colour("red")}">x</p>'))["picture"]


def test_templates_escape_text_and_keep_markup():
    inner = render("<b>{x}</b>", x="<script>&\"'")
    assert inner == "<b>&lt;script&gt;&amp;&quot;&#x27;</b>"
    assert render("<p>{a}{b}{n:.1f}</p>", a=inner, b=["<", inner], n=2.34) == f"<p>{inner}&lt;{inner}2.3</p>"
    with pytest.raises(KeyError):
        render("{missing}")


def test_tables_become_json():
    frame = pd.DataFrame(
        {"n": np.array([1, 2]), "share": [0.123456789, np.nan]}, index=pd.Index(["a", "b"], name="arm")
    )
    assert frames.table(frame) == {
        "columns": ["arm", "n", "share"],
        "rows": [["a", 1, 0.1235], ["b", 2, None]],
        "caption": "",
    }
    several = frame.set_index("n", append=True)
    assert frames.table(several)["columns"] == ["arm", "n", "share"]
    assert frames.table(Table(("x", "y"), ((1, 123456.789), (2.0, 0.00012346)), "c"))["rows"] == [
        [1, 123457],
        [2, 0.0001235],
    ]
    with pytest.raises(frames.ViewError, match="the table is a list"):
        frames.table([1])
    with pytest.raises(ValueError, match="expected 2"):
        Table(("x", "y"), ((1,),))


def test_elements_are_counted():
    assert frames.nodes("<svg><g><path/></g><text>1 < 2</text></svg>") == 4


# --- what a function may return -----------------------------------------------------------------------------------


def of(function, library=False):
    made = make(function, id="demo", controls={}, library=library)
    return frames.view(made, made.default)


def test_a_notebook_function_may_return_a_bare_figure_or_axes():
    figure = plot()
    assert of(lambda: figure).picture is figure
    assert of(lambda: figure.axes[0]).picture is figure


def test_pyplot_forgets_a_figure_that_an_explorer_shows():
    from matplotlib import pyplot as plt

    kept = plt.figure()
    try:
        of(lambda: plt.subplots()[0])
        assert plt.get_fignums() == [kept.number]
    finally:
        plt.close(kept)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda: None, "returned NoneType. Return View"),
        (lambda: View("text", "x"), "the picture is a str"),
        (lambda: View(render("<svg/>"), "x"), r"must be wrapped: Svg\(render"),
    ],
)
def test_other_returns_say_what_was_expected(function, message):
    with pytest.raises(frames.ViewError, match=message):
        of(function)


def test_the_library_must_say_what_is_seen():
    with pytest.raises(frames.ViewError, match="no summary"):
        of(lambda: View(SVG, " "), library=True)
    assert of(lambda: View(SVG, "")).summary == ""


# --- PNG ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("picture", [plot, lambda: SVG])
def test_pngs_are_small_repeatable_and_without_metadata(picture):
    data = frames.png(View(picture(), ""))
    assert data == frames.png(View(picture(), ""))
    assert len(data) <= frames.PNG_LIMIT
    image = Image.open(io.BytesIO(data))
    assert image.width >= 400
    assert not image.text


def test_a_png_of_noise_keeps_the_limit():
    noise = np.random.default_rng(1).integers(0, 255, (600, 600, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).save(out, format="PNG")
    svg = Svg(f'<svg viewBox="0 0 600 600"><image href="{asset(out.getvalue())}" width="600" height="600"/></svg>')
    data = frames.png(View(svg, ""))
    assert len(data) <= frames.PNG_LIMIT
    colours = Image.open(io.BytesIO(data)).convert("L").getextrema()
    assert colours[1] - colours[0] > 20, "the raster is missing"


def test_text_of_an_svg_is_in_its_png():
    def ink(words):
        svg = Svg(f'<svg viewBox="0 0 200 40"><text x="5" y="30" font-size="24">{words}</text></svg>')
        return np.asarray(Image.open(io.BytesIO(frames.png(View(svg, "")))).convert("L")) < 128

    assert ink("wwww").sum() > 500
    assert ink("").sum() == 0


def test_html_has_no_png():
    assert frames.png(View(Html("<p>x</p>"), "")) is None


def test_an_svg_that_is_not_well_formed_says_so():
    with pytest.raises(frames.ViewError, match="not well formed"):
        frames.png(View(Svg('<svg viewBox="0 0 1 1"><b></svg>'), ""))
