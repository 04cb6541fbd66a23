"""What stands where a widget was displayed, and what the page knows of its model."""

import base64
import gzip
import json

import pytest

from spinemets.publish.frames import frames_script, publish_frames
from spinemets.publish.widgets import linked, mount_point, page_models, table

FRAME = {
    "picture": '<svg viewBox="0 0 1 1"><image href="asset:0123456789abcdef.png"/></svg>',
    "summary": "Fewer than 5 & more.",
    "table": {"columns": ["what", "n"], "rows": [["<b>", 3]], "caption": "All"},
}
STATE = {"spec": {"id": "roads", "title": "Roads", "predict": None, "sensitive": ""}, "frame": FRAME}


def test_picture_words_and_table_are_there_without_a_script():
    markup = mount_point("m1", STATE, {}, "../")
    assert markup.startswith('<div class="sm-widget" id="roads" data-model="m1">')
    assert 'href="../_static/frames/assets/0123456789abcdef.png"' in markup
    assert "Fewer than 5 &amp; more." in markup
    assert '<th scope="row">&lt;b&gt;</th><td>3</td>' in markup
    assert '<details class="sm-sensitive">' not in markup


def test_a_question_hides_the_figure_until_the_script_has_asked_it():
    asked = {**STATE, "spec": {**STATE["spec"], "predict": {"question": "?"}}}
    assert 'class="sm-widget sm-gated"' in mount_point("m1", asked, {}, "")


def test_a_sensitive_explorer_opens_on_request_only():
    closed = {**STATE, "spec": {**STATE["spec"], "sensitive": "Figures on survival."}}
    markup = mount_point("m1", closed, {}, "")
    before, _, inside = markup.partition('<details class="sm-sensitive">')
    assert "<svg" not in before and "Fewer" not in before and "<svg" in inside
    assert "Figures on survival." in inside


@pytest.mark.parametrize(
    ("bundle", "expected"),
    [
        ({"text/html": "<ol><li>Q</li></ol>", "image/png": "AAAA", "text/plain": "x"}, "<ol><li>Q</li></ol>"),
        (
            {"image/png": "AAAA\n", "text/plain": 'a "plot"'},
            '<img alt="a &quot;plot&quot;" src="data:image/png;base64,AAAA">',
        ),
        ({"text/plain": "<Counter>"}, "<pre>&lt;Counter&gt;</pre>"),
        ({"text/plain": "<m.Counter object at 0x7f00>"}, "<pre>An interactive figure, which needs JavaScript.</pre>"),
        ({}, "<pre>An interactive figure, which needs JavaScript.</pre>"),
    ],
)
def test_other_widgets_show_the_best_form_they_have(bundle, expected):
    assert expected in mount_point("m1", {}, bundle, "")


def test_links_in_widgets_lead_to_pages():
    assert linked('<a href="../evidence/05-x.md#a">') == '<a href="../evidence/05-x.html#a">'
    assert linked('<a href="https://example.org/x.md">') == '<a href="https://example.org/x.md">'
    assert linked({"a": ['href="x.ipynb"', 3]}) == {"a": ['href="x.html"', 3]}


def test_no_table_without_data():
    assert table(None) == ""


def test_sources_are_stored_once_and_nobodys_progress_is_published():
    model = {"_esm": "export default 1", "_css": "p {}", "_view_name": "x", "n": 1, "progress": {"q": "mine"}}
    baked = {"_esm": "export default 1", "baked": "d1", "assets": {"x.png": "data:..."}}
    layout = {"_model_name": "LayoutModel"}
    kept, sources = page_models({"a": {"state": model}, "b": {"state": baked}, "c": {"state": layout}})
    assert set(kept) == {"a", "b"} and kept["a"]["esm"] == kept["b"]["esm"]
    assert kept["a"]["state"] == {"n": 1, "progress": {}}
    assert kept["b"]["state"]["assets"] == {}
    assert sorted(name.rpartition(".")[2] for name in sources) == ["css", "js"]
    script = sources[f"{kept['a']['esm']}.js"]
    assert script == f'spinemets.esm("{kept["a"]["esm"]}", "export default 1");\n'


def packed(*pictures: str) -> bytes:
    frames = [{"picture": picture, "summary": "", "table": None} for picture in pictures]
    return gzip.compress(json.dumps({"order": list(range(len(frames))), "frames": frames}).encode(), mtime=0)


def test_frames_and_their_rasters_are_published_and_old_ones_removed(tmp_path):
    bake, target = tmp_path / "bake", tmp_path / "frames"
    (bake / "assets").mkdir(parents=True)
    (bake / "assets" / "0123456789abcdef.png").write_bytes(b"png")
    (bake / "new.frames").write_bytes(packed('<image href="asset:0123456789abcdef.png"/>', "<svg/>"))
    (bake / "unasked.frames").write_bytes(packed("<svg/>"))
    target.mkdir()
    (target / "old.js").write_text("stale", encoding="utf-8")
    publish_frames(["new"], bake, target)
    assert sorted(path.name for path in target.rglob("*") if path.is_file()) == ["0123456789abcdef.png", "new.js"]
    text = (target / "new.js").read_text(encoding="utf-8")
    assert text == frames_script("new", (bake / "new.frames").read_bytes())
    assert json.loads(gzip.decompress(base64.b64decode(text.split('"')[3])))["order"] == [0, 1]
