"""Explorers for the tests of baking: another process must be able to import them."""

from matplotlib.figure import Figure

from spinemets.explore import Slider, Svg, Table, View, asset, colour, explorer, render


@explorer(
    "circles", title="Circles", valid=lambda n, mark: mark != "b" or n < 8 or "b ends at 7", n=(0, 19), mark=["a", "b"]
)
def circles(n: int, mark: str) -> View:
    marks = [render('<circle cx="{x}" cy="9" r="2" fill="{c}"/>', x=3 * i, c=colour("blue")) for i in range(n)]
    return View(
        Svg(render('<svg viewBox="0 0 60 20">{marks}</svg>', marks=marks)),
        f"{n} circles, {mark}.",
        Table(("n", "mark"), ((n, mark),)),
    )


@explorer("lines", n=Slider(0, 3))
def lines(n: int) -> View:
    figure = Figure(figsize=(3, 2))
    figure.subplots().plot([0, n], color=colour("blue"))
    return View(figure, f"It rises to {n}.")


@explorer("scans", n=Slider(0, 3))
def scans(n: int) -> View:
    raster = asset(b"\x89PNG slice %d" % (n % 2))
    return View(Svg(f'<svg viewBox="0 0 9 9"><image href="{raster}"/></svg>'), f"Slice {n}.")


@explorer("breaks", n=Slider(0, 3))
def breaks(n: int) -> View:
    if n == 2:
        raise ZeroDivisionError("no two")
    return View(Svg('<svg viewBox="0 0 9 9"/>'), "Said.")
