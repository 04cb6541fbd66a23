"""The look of matplotlib figures."""

import io
import re
import threading

import numpy as np
import pytest

from spinemets.explore.frame import frame
from spinemets.explore.palette import PALETTE, colour
from spinemets.explore.view import View
from spinemets.figures.style import figure, label, step_band, title


def as_svg(drawn):
    out = io.StringIO()
    drawn.savefig(out, format="svg")
    return out.getvalue()


def example():
    drawn, (upper, lower) = figure(rows=2, height=2.2)
    times = np.linspace(0, 15, 1500)
    curve = np.exp(-times / 20)
    step_band(upper, times, curve, curve - 0.05, curve + 0.05, name="blue", until=15)
    step_band(lower, times, curve, name="orange", dashed=True)
    for ax in (upper, lower):
        ax.set(xlabel="years", ylabel="share", xlim=(0, 15), ylim=(0, 1))
    title(upper, "A panel")
    label(upper, 10, 0.8, "ER-positive", "blue")
    return drawn


def test_width_and_every_colour_come_from_the_course():
    drawn = example()
    assert drawn.get_size_inches()[0] <= 4.2
    used = {match.lower() for match in re.findall(r"#[0-9a-fA-F]{6}\b", as_svg(drawn))}
    assert used <= {light for light, _ in PALETTE.values()}


def test_all_words_are_ten_points():
    ax = example().axes[0]
    words = [*ax.get_xticklabels(), ax.xaxis.label, ax.yaxis.label, ax.texts[0]]
    assert all(word.get_size() >= 10 for word in words)


def test_a_step_curve_is_thinned_but_right():
    drawn, (ax,) = figure()
    step_band(ax, [0, 1, 2], [1.0, 0.5, 0.25], until=2, points=5)
    assert list(ax.lines[0].get_ydata()) == [1.0, 1.0, 0.5, 0.5, 0.25]
    step_band(ax, np.linspace(0, 10, 5000), np.linspace(1, 0, 5000))
    assert len(ax.lines[1].get_xdata()) == 100
    assert ax.lines[0].get_color() == colour("blue")
    with pytest.raises(ValueError, match="both bounds"):
        step_band(ax, [0, 1], [1, 0], low=[0, 0])


def test_panels_do_not_overlap():
    drawn, panels = figure(rows=3)
    boxes = [ax.get_position() for ax in panels]
    assert all(lower.y1 < upper.y0 for upper, lower in zip(boxes, boxes[1:], strict=False))


def test_threads_draw_alike_since_no_global_state_is_used():
    expected = re.sub(r"<dc:date>.*?</dc:date>|[mp][0-9a-f]{10}", "", as_svg(example()))
    results = []
    threads = [
        threading.Thread(
            target=lambda: results.append(re.sub(r"<dc:date>.*?</dc:date>|[mp][0-9a-f]{10}", "", as_svg(example())))
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 4


def test_two_curves_with_bands_fit_into_a_frame():
    drawn, (ax,) = figure(height=3.2)
    times = np.linspace(0, 15, 1500)
    for name, half_life in (("blue", 8), ("orange", 12)):
        curve = 0.5 ** (times / half_life)
        step_band(ax, times, curve, curve * 0.9, curve * 1.1, name=name)
    assert len(frame(View(drawn, "Two curves"), "test")["picture"]) < 30_000
