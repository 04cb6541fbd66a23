"""Explorers draw in threads beside a cell that uses pyplot; nobody gets another's figure."""

import io
import re
import threading

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from spinemets.explore import View, explore

ROUNDS = 25


def explorer_of(word, offset):
    def draw(n):
        figure = Figure(figsize=(3, 2))
        axes = figure.subplots()
        axes.plot([0, 1], [offset, offset + n])
        axes.set_title(f"{word} {n}")
        return View(figure, f"{word} {n}.")

    return explore(draw, id=word, n=(0, ROUNDS))


def pixels(n):
    """A figure by pyplot's one current figure, as a cell would draw it."""
    plt.figure(figsize=(1, 1))
    plt.gcf().set_facecolor((n / 255, 0.0, 0.0))
    plt.axis("off")
    out = io.BytesIO()
    plt.savefig(out, format="rgba", dpi=20)
    plt.close()
    return int(np.frombuffer(out.getvalue(), dtype=np.uint8)[0])


@pytest.fixture
def agg():
    before = plt.get_backend()
    plt.switch_backend("agg")
    yield
    plt.close("all")
    plt.switch_backend(before)


def test_two_explorers_and_a_pyplot_loop_do_not_disturb_each_other(agg):
    widgets = {word: explorer_of(word, offset) for word, offset in (("rise", 0), ("fall", 100))}
    failures = []

    def redraw(word, widget):
        for n in range(1, ROUNDS + 1):
            answer = widget._drawn({"seq": n, "state": {"n": str(n)}})
            if answer["kind"] != "frame":
                failures.append(answer["message"])
                continue
            texts = re.findall(r"<text[^>]*>([a-z]+ \d+)</text>", answer["frame"]["picture"])
            if texts != [f"{word} {n}"] or answer["frame"]["summary"] != f"{word} {n}.":
                failures.append((word, n, texts))

    threads = [threading.Thread(target=redraw, args=item) for item in widgets.items()]
    for thread in threads:
        thread.start()
    drawn = []
    while any(thread.is_alive() for thread in threads) or len(drawn) < 50:
        drawn.append(pixels(len(drawn) % 200))
    for thread in threads:
        thread.join()
    assert failures == []
    assert drawn == [n % 200 for n in range(len(drawn))]
    assert plt.get_fignums() == []
