"""The font of the figures: a subset of DejaVu Sans, which matplotlib carries and lays its text out with.

With the same font in the page a label is as wide as matplotlib thought when it placed it.
"""

from __future__ import annotations

import shutil
from functools import lru_cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from sphinx.application import Sphinx

FACES = {"sm-sans.woff": "DejaVuSans.ttf", "sm-sans-bold.woff": "DejaVuSans-Bold.ttf"}
"""File beside the page -> file of matplotlib."""
LICENCE = ("sm-sans-LICENSE.txt", "LICENSE_DEJAVU")
"""The fonts' licence asks that its text goes with every copy."""

CHARACTERS = (
    [*range(0x20, 0x7F), *range(0xA0, 0x180)]  # Latin with the accents of European names
    + [*range(0x391, 0x3CA)]  # Greek letters, as in TNF-alpha
    + [*range(0x2010, 0x2027), 0x202F, 0x2030, 0x2032, 0x2033, *range(0x2070, 0x209D)]  # dashes, super- and subscripts
    + [*range(0x2190, 0x2194), 0x2212, 0x2248, 0x2260, 0x2264, 0x2265, 0x221E, 0x221A, 0x2211]  # arrows, maths
    + [0x25A0, 0x25A1, 0x25B2, 0x25B6, 0x25BC, 0x25CF, 0x25CB, 0x2713, 0x2717, 0x20AC]
)


@lru_cache
def woff(face: str) -> bytes:
    """One of matplotlib's fonts, reduced to :data:`CHARACTERS`, as WOFF; the same bytes each time."""
    from fontTools import subset  # only the first build needs it

    options = subset.Options(flavor="woff", layout_features=["kern"], hinting=False, recalc_timestamp=False)
    options.drop_tables = [*options.drop_tables, "FFTM"]  # FontForge's time stamp
    font = subset.load_font(_carried(face), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=CHARACTERS)
    subsetter.subset(font)
    written = BytesIO()
    subset.save_font(font, written, options)
    return written.getvalue()


def _carried(name: str) -> Path:
    """The file, found without importing matplotlib, which takes longer than all else here."""
    return Path(find_spec("matplotlib").origin).parent / "mpl-data" / "fonts" / "ttf" / name


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    for name, face in FACES.items():
        path = Path(app.outdir, "_static", name)
        if not path.is_file():
            path.write_bytes(woff(face))
    name, licence = LICENCE
    shutil.copyfile(_carried(licence), Path(app.outdir, "_static", name))


def connect(app: Sphinx) -> None:
    """Write the fonts into ``_static`` once, and their licence beside them."""
    app.connect("build-finished", _write)
