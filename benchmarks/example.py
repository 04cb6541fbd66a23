"""The explorer that is drawn in three ways: baked, by a ``savefig`` loop, and by ``ipywidgets.interact``.

It is the figure of the worked analysis of the chapter on metastasis, on the same data, with a slider that has enough
states for a measurement.
"""

from __future__ import annotations

from spinemets.clinic import cohorts
from spinemets.explore import Slider, View, explorer
from spinemets.figures import style

GROUPS = {"positive": "blue", "negative": "orange"}


@explorer("incidence", title="When does it come?", er_from=Slider(1, 100, value=10, unit="fmol/mg"))
def incidence(er_from: int) -> View:
    """Women who have had a metastasis, by receptor status, with death as a competing risk."""
    figure, (axes,) = style.figure(height=3.4, left=0.9)
    at_ten = {}
    for group, colour in GROUPS.items():
        curve = cohorts.cumulative_incidence(cohorts.to_metastasis(cohorts.women(group, er_from)))
        style.step_band(
            axes, curve.times, curve.values, curve.low, curve.high, name=colour, until=min(15, curve.times[-1])
        )
        at_ten[group] = curve.at(10).value
    axes.set(xlim=(0, 15), ylim=(0, 0.7), xlabel="Years since diagnosis")
    style.title(axes, "Women who have had a metastasis")
    shares = ", ".join(f"{share:.0%} (ER-{group})" for group, share in at_ten.items())
    return View(figure, f"At ten years: {shares}.")
