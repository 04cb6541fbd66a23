"""The widget in a kernel: states, messages, errors in words, and what a stored notebook holds."""

import base64
import re
import zipfile
from pathlib import Path

import pytest

from spinemets import progress
from spinemets.explore import Choice, Html, Predict, Slider, Svg, Table, View, asset, explore, explorer
from spinemets.explore import widget as widgets
from spinemets.explore.palette import PALETTE
from spinemets.explore.spec import GridError


@pytest.fixture(autouse=True)
def _own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("SPINEMETS_PROGRESS", str(tmp_path / "progress.sqlite"))
    monkeypatch.delenv("SPINEMETS_BAKE", raising=False)


calls = []


def draw(n, fast=False):
    calls.append((n, fast))
    if n == 5:
        raise RuntimeError("five is not drawn\nand a second line")
    svg = f'<svg viewBox="0 0 10 10"><circle r="{n}"/></svg>'
    return View(Svg(svg), f"n is {n}.", Table(("n", "twice"), ((n, 2 * n),)))


ASKED = Predict("How many?", 3, "Because three.", unit="cells")


def sent(widget):
    """Answers that the widget sends, collected."""
    messages = []
    widget.send = lambda content, buffers=None: messages.append(content)
    return messages


def ask(widget, message):
    messages = sent(widget)
    widget._answer(widget, message, [])
    return messages


def test_traits_are_those_of_the_architecture():
    widget = explore(draw, n=(0, 6), title="Circles", predict=ASKED)
    spec = widget.spec
    assert (spec["id"], spec["title"], spec["version"], spec["impossible"]) == ("draw", "Circles", 1, {})
    assert [control["name"] for control in spec["controls"]] == ["n", "fast"]
    assert spec["controls"][0]["options"][2] == {"key": "2", "label": "2", "sensitive": False}
    assert set(spec["predict"]) == {"question", "options", "answer", "unit", "model_answer", "hash"}
    assert widget.state == {"n": "0", "fast": "no"}
    assert widget.frame["summary"] == widget.summary == "n is 0."
    assert (widget.baked, widget.assets, widget.progress) == ("", {}, {})


def test_a_draw_is_answered_and_becomes_the_state():
    widget = explore(draw, n=(0, 6))
    (answer,) = ask(widget, {"kind": "draw", "seq": 7, "state": {"n": "3", "fast": "yes"}})
    assert (answer["kind"], answer["seq"], answer["state"]) == ("frame", 7, {"n": "3", "fast": "yes"})
    assert answer["frame"]["summary"] == "n is 3."
    assert widget.state == {"n": "3", "fast": "yes"}
    assert widget.summary == widget.view().summary == "n is 3."


def test_an_empty_draw_asks_for_the_present_state():
    widget = explore(draw, n=(0, 6))
    widget.state = {"n": 4}
    (answer,) = ask(widget, {"kind": "draw", "seq": 1, "state": {}})
    assert answer["state"]["n"] == "4"


def test_a_state_is_drawn_once():
    widget = explore(draw, n=(0, 6))
    calls.clear()
    for _ in range(3):
        ask(widget, {"kind": "draw", "seq": 1, "state": {"n": "2"}})
    assert calls == [(2, False)]


def test_the_cache_forgets_the_oldest(monkeypatch):
    monkeypatch.setattr(widgets, "_CACHE", 2)
    widget = explore(draw, n=(0, 4))
    for n in (1, 2, 3):
        widget.state = {"n": n}
    assert len(widget._frames) == 2


def test_a_state_that_raises_is_told_in_one_line_and_changes_nothing():
    widget = explore(draw, n=(0, 6))
    before = (widget.state, widget.frame)
    (answer,) = ask(widget, {"kind": "draw", "seq": 2, "state": {"n": "5", "fast": "no"}})
    assert answer == {"kind": "error", "seq": 2, "message": "RuntimeError: five is not drawn (n = 5, fast = no)"}
    assert (widget.state, widget.frame) == before


def test_python_sets_the_state_in_part_and_by_value():
    widget = explore(draw, n=(0, 6))
    widget.state = {"n": 6}
    assert widget.state == {"n": "6", "fast": "no"}
    assert widget.summary == "n is 6."
    widget.state = {"fast": True}
    assert widget.state == {"n": "6", "fast": "yes"}


@pytest.mark.parametrize(
    ("state", "message"),
    [({"m": 1}, "no control 'm'"), ({"n": 99}, "99 is no option"), ({"n": 5}, "five is not drawn")],
)
def test_a_wrong_state_is_refused_and_the_old_stays(state, message):
    widget = explore(draw, n=(0, 6))
    with pytest.raises((ValueError, RuntimeError), match=message):
        widget.state = state
    assert widget.state == {"n": "0", "fast": "no"}
    assert widget.summary == "n is 0."


def test_answers_are_not_echoed_to_the_front_end():
    widget = explore(draw, n=(0, 6))
    updates = []
    widget.send_state = lambda key=None: updates.append(key)
    ask(widget, {"kind": "draw", "seq": 1, "state": {"n": "3"}})
    assert updates == []
    widget.state = {"n": 4}
    assert {"state", "frame"} <= {key for entry in updates for key in ([entry] if isinstance(entry, str) else entry)}


def test_impossible_states_carry_their_reason():
    widget = explore(draw, n=(0, 3), valid=lambda n, fast: not fast or n < 2 or "too fast")
    assert widget.spec["impossible"] == {"5": "too fast", "7": "too fast"}
    (answer,) = ask(widget, {"kind": "draw", "seq": 1, "state": {"n": "3", "fast": "yes"}})
    assert "too fast" in answer["message"]


def test_a_huge_grid_with_a_rule_names_the_control_to_shrink():
    with pytest.raises(GridError, match=r"180,000 combinations.*'n' has 90000 options"):
        explore(draw, n=(10, 90_009), valid=lambda n, fast: True)


def test_an_explorer_keeps_its_own_controls():
    @explorer("own", n=(0, 2))
    def own(n):
        return View(Svg('<svg viewBox="0 0 1 1"/>'), "Said.")

    assert explore(own, predict=ASKED).spec["predict"]["question"] == "How many?"
    with pytest.raises(TypeError, match="has its own controls"):
        explore(own, n=(0, 9))


# --- progress -------------------------------------------------------------------------------------------------------


def test_a_prediction_is_kept_and_found_again():
    first = explore(draw, n=(0, 3), predict=ASKED)
    digest = first.spec["predict"]["hash"]
    record = {"prediction": 3, "confidence": "sure", "at": "2026-01-01T00:00:00Z"}
    answers = ask(first, {"kind": "save", "item": "predict.draw", "hash": digest, "record": record})
    assert answers == [{"kind": "saved", "item": "predict.draw"}]
    kept = explore(draw, n=(0, 3), predict=ASKED).progress
    assert (kept["hash"], kept["record"]) == (digest, record)


def test_an_edited_question_has_another_hash():
    other = Predict("How many cells?", 3, "Because three.", unit="cells")
    assert (
        explore(draw, n=(0, 1), predict=ASKED).spec["predict"]["hash"]
        != (explore(draw, n=(0, 1), predict=other).spec["predict"]["hash"])
    )


def test_progress_that_cannot_be_kept_is_told(monkeypatch):
    def refuse(*_):
        raise progress.ProgressError("the disk is full")

    monkeypatch.setattr(progress, "save", refuse)
    widget = explore(draw, n=(0, 3), predict=ASKED)
    answers = ask(widget, {"kind": "save", "item": "predict.draw", "hash": "x", "record": {}})
    assert answers == [{"kind": "error", "item": "predict.draw", "message": "the disk is full"}]
    assert widget.progress == {}


def test_progress_that_cannot_be_read_does_not_hide_the_picture(monkeypatch):
    def refuse(_):
        raise progress.ProgressError("damaged")

    monkeypatch.setattr(progress, "load", refuse)
    assert explore(draw, n=(0, 3), predict=ASKED).progress == {}


# --- what a stored notebook holds -----------------------------------------------------------------------------------


def test_the_bundle_has_a_picture_and_stable_words():
    def bundle():
        data, _ = explore(draw, n=(0, 3), title="Circles")._repr_mimebundle_()
        return data

    data = bundle()
    assert set(data) == {"application/vnd.jupyter.widget-view+json", "image/png", "text/plain"}
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert data["text/plain"].splitlines()[:2] == ["Circles (n = 0, fast = no)", "n is 0."]
    assert re.fullmatch(r"Table: 1 rows, 2 columns, digest [0-9a-f]{12}", data["text/plain"].splitlines()[2])
    assert "0x" not in data["text/plain"]
    again = bundle()
    assert (data["text/plain"], data["image/png"]) == (again["text/plain"], again["image/png"])


def test_the_words_change_with_the_table():
    def other(n, fast=False):
        return View(Svg('<svg viewBox="0 0 9 9"/>'), f"n is {n}.", Table(("n", "twice"), ((n, 2 * n + 1),)))

    one, two = explore(draw, n=(0, 3), id="x"), explore(other, n=(0, 3), id="x")
    assert repr(one) != repr(two)


def test_html_falls_back_to_itself():
    raster = asset(b"\x89PNG synthetic")
    data, _ = explore(lambda: View(Html(f'<p><img src="{raster}" alt=""></p>'), "Said."), id="card")._repr_mimebundle_()
    assert "image/png" not in data
    assert data["text/html"].startswith('<p><img src="data:image/png;base64,')


def test_figures_on_survival_are_in_no_stored_output():
    data, _ = explore(draw, n=(1, 3), sensitive="It shows survival.")._repr_mimebundle_()
    assert set(data) == {"application/vnd.jupyter.widget-view+json", "text/plain"}
    assert "n is 1" not in data["text/plain"]
    assert "It shows survival." in data["text/plain"]


def test_rasters_travel_with_the_frame():
    raster = asset(b"\x89PNG slice")
    widget = explore(
        lambda n: View(Svg(f'<svg viewBox="0 0 9 9"><image href="{raster}" width="{n}"/></svg>'), "A slice."),
        id="scan",
        n=Slider(1, 3),
    )
    name = raster.removeprefix("asset:")
    assert widget.assets[name].startswith("data:image/png;base64,")
    (answer,) = ask(widget, {"kind": "draw", "seq": 1, "state": {"n": "2"}})
    assert list(answer["assets"]) == [name]


def test_options_may_be_sensitive():
    made = explore(
        lambda m: View(Svg('<svg viewBox="0 0 1 1"/>'), m), id="m", m=Choice(["pain", "life"], sensitive=["life"])
    )
    assert [option["sensitive"] for option in made.spec["controls"][0]["options"]] == [False, True]


# --- the package ----------------------------------------------------------------------------------------------------


def test_both_themes_have_every_colour():
    css = widgets.stylesheet()
    light, dark = css.index(":root {"), css.index("html[data-theme=dark], body[data-jp-theme-light=false] {")
    for name, values in PALETTE.items():
        assert css.index(f"--sm-{name}: {values[0]};") < dark
        assert css.index(f"--sm-{name}: {values[1]};", dark) > light


def test_the_wheel_holds_the_front_end(tmp_path):
    builder = pytest.importorskip("hatchling.builders.wheel")
    root = Path(__file__).resolve().parents[2]
    (wheel,) = builder.WheelBuilder(str(root)).build(directory=str(tmp_path), versions=["standard"])
    names = zipfile.ZipFile(wheel).namelist()
    assert {"spinemets/explore/explorer.mjs", "spinemets/explore/explorer.css"} <= set(names)
