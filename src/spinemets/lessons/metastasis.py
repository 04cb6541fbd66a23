"""Explorers of chapter 05: roads to a vertebra, the cascade, where metastases go, and where in the spine."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from ..clinic.cascade import at_least_one, clustered, share_per_step, simulate
from ..evidence import finding, table
from ..explore import Choice, Predict, Slider, Table, View, explorer
from ..explore.view import Markup
from ..figures import spine
from ..figures.svg import SMALL, WIDTH, paragraph, path, polyline, rect, svg, text
from .roads import roads

__all__ = ["cascade", "levels", "roads", "sites"]

EDGE = 10


def _of(share: float) -> str:
    """A percentage as a natural frequency: of 100, or of 1,000 where it is small."""
    return f"{_whole(share)} of 100" if share >= 5 else f"{_whole(10 * share)} of 1,000"


def _whole(number: float) -> int:
    """Rounded as on paper: a half goes up."""
    return int(number + 0.5)


# --- The cascade ---------------------------------------------------------------------------------------------------

SHED = {
    "100,000": 10**5,
    "1 million": 10**6,
    "10 million": 10**7,
    "60 million": 6 * 10**7,
    "1 billion": 10**9,
}
TRAVELLING = ("single cells", "clusters, low estimate", "clusters, high estimate")
_STAGES = ("shed by the tumour", "alive in the circulation", "out in the tissue", "grown to a metastasis")
_ROW = 78
_WIDEST = 9
"""Powers of ten that the widest bar stands for."""


def _rate(travelling: str) -> tuple[float, float | None]:
    """Metastases for each cell shed, and how many times likelier clusters make it (from mice)."""
    single = 1 / finding("inefficiency-model")["cells shed per metastasis"].value
    if travelling == "single cells":
        return single, None
    fold = finding("ctc-clusters")["fold"].value[TRAVELLING.index(travelling) - 1]
    return clustered(single, fold), fold


@explorer(
    "cascade",
    title="The cascade of spread (synthetic)",
    shed=Choice(SHED, value=6 * 10**7, label="Cells shed"),
    travelling=Choice(list(TRAVELLING), label="They travel as"),
    seed=Slider(1, 5, value=2, label="Run of chance"),
    predict=Predict(
        "Enough cells are shed for one metastasis on average. In how many of 100 such runs is there at least one?",
        "about 63",
        "One on average does not mean one each time: chance makes runs with none, one, two or three. With many cells "
        "and a tiny chance each, about 37 of 100 runs end with none.",
        options=("about 37", "about 50", "about 63", "all 100"),
    ),
)
def cascade(shed: int, travelling: str, seed: int) -> View:
    """One synthetic run of the cascade: what is measured and what is assumed stand apart."""
    single, _ = _rate("single cells")
    rate, fold = _rate(travelling)
    left = simulate(shed, rate, seed)
    runs = round(100 * at_least_one(shed, rate))
    one_in = _whole(1 / share_per_step(rate))
    parts, y = _banner(
        10, f"Measured as a whole (fitted model): 1 metastasis for {_million(1 / single)} million cells shed.", "green"
    )
    clusters = f"Measured in mice: clusters do so {fold} times as often." if fold else _SINGLE
    for words, tone in (
        (clusters, "green"),
        (f"Assumed: the same loss at each step, 1 in {one_in:,} goes on.", "orange"),
    ):
        more, y = _banner(y, words, tone)
        parts += more
    y += 8
    for stage, (name, count) in enumerate(zip(_STAGES, left, strict=True)):
        parts += _stage(y, name, count, left[stage + 1] if stage < len(left) - 1 else None)
        y += _ROW
    often = f"Of 100 such runs {runs} end with one metastasis or more." if 0 < runs < 100 else _RARE[runs > 0]
    note = (
        f"{often} A tenth of the width is a factor of ten. If the cells shed were a line of 1 km, those alive in the "
        f"circulation would be {_length(left[1] / shed)} of it, those in the tissue {_length(left[2] / shed)}."
    )
    said, y = paragraph(EDGE, y - 22, note, WIDTH - 2 * EDGE, size=SMALL, fill="muted")
    caption = f"One synthetic run: {shed:,} cells shed, travelling as {travelling}"
    rows = tuple((name, count) for name, count in zip(_STAGES, left, strict=True))
    summary = (
        f"Of {shed:,} cells shed {_number(left[-1])} grew to a metastasis in this synthetic run. Nearly all die or "
        "sleep: settling, not moving, is the bottleneck. Only the whole loss is measured; its split is assumed."
    )
    return View(svg(y, [*parts, said], caption), summary, Table(("step", "cells left"), rows, caption))


_SINGLE = "Single cells: the measured rate as it stands."
_RARE = {
    False: "Fewer than 1 of 100 such runs end with a metastasis.",
    True: "More than 99 of 100 such runs end with a metastasis.",
}


def _million(cells: float) -> str:
    return f"{cells / 1e6:.0f}"


def _length(share: float) -> str:
    """A share as a part of one kilometre."""
    metres = 1000 * share
    if metres >= 1:
        return f"{metres:.1f} m"
    return f"{1000 * metres:.0f} mm" if metres >= 0.001 else "under 1 mm"


def _number(count: int) -> str:
    return {0: "none", 1: "one"}.get(count, f"{count:,}")


def _banner(y: float, words: str, colour: str) -> tuple[list[Markup], float]:
    said, below = paragraph(EDGE + 10, y + 16, words, WIDTH - 2 * EDGE - 20, size=SMALL, fill=colour)
    box = rect(EDGE, y, WIDTH - 2 * EDGE, below - y - 4, fill=f"{colour}-wash", radius=6)
    return [box, said], below + 2


def _half(count: int) -> float:
    """Half the width of a bar: a tenth of the full width for each power of ten."""
    return 0 if count == 0 else (WIDTH / 2 - EDGE) * (math.log10(count) + 1) / (_WIDEST + 1)


def _stage(y: float, name: str, count: int, following: int | None) -> list[Markup]:
    """A step: its name, how many cells are left, the bar, and what narrows to the next bar."""
    middle, half = WIDTH / 2, _half(count)
    parts = []
    if following is not None:
        below = _half(following)
        slope = [
            (middle - half, y + 36),
            (middle + half, y + 36),
            (middle + below, y + _ROW + 18),
            (middle - below, y + _ROW + 18),
        ]
        parts.append(path(polyline(slope, closed=True), fill="orange-wash"))
    parts.append(text(EDGE, y + 12, name, bold=True))
    last = following is None
    words = f"{count:,}" if not last or count else "none this time"
    parts.append(text(WIDTH - EDGE, y + 12, words, anchor="end", bold=True, fill="purple" if last else "ink"))
    if half:
        parts.append(rect(middle - half, y + 18, 2 * half, 18, fill="purple" if last else "blue", radius=3))
    elif last:
        parts.append(
            path(polyline([(middle - 12, y + 27), (middle + 12, y + 27)]), stroke="purple", width=2, dash="4 3")
        )
    return parts


# --- Where does it go? ---------------------------------------------------------------------------------------------

SITES = ("bone", "liver", "lung", "brain")
SUBTYPES = ("luminal A", "luminal B", "HER2-positive", "triple-negative")
COUNTS = ("at first diagnosis", "women with a relapse", "share of sites", "whole course")
_IN_KAPLAN = {"HER2-positive": "HER2-overexpressing"}
_IN_WU = {"luminal A": "luminal A (HR+/HER2-)", "luminal B": "luminal B (HR+/HER2+)", "HER2-positive": "HER2+"}
_IN_SAVCI = {
    "luminal A": "ER+/HER2- low Ki67",
    "luminal B": "ER+/HER2- high Ki67",
    "HER2-positive": "HER2+",
    "triple-negative": "ER-/HER2-",
}
_ODDS = {
    "luminal B": {"bone": "bone, HR+/HER2+ vs HR+/HER2-"},
    "triple-negative": {
        "bone": "bone, triple-negative vs HR+/HER2-",
        **{site: f"{site}, triple-negative" for site in ("liver", "lung", "brain")},
    },
}


@dataclass(frozen=True)
class _Share:
    """What one count says of one site.

    Attributes:
        percent: ``None`` for a gap.
        of_all: the paper gives it for all subtypes together only.
    """

    site: str
    percent: float | None
    interval: tuple[float, float] | None = None
    of_all: bool = False
    note: str = ""


def _at_diagnosis(subtype: str) -> tuple[str, list[_Share]]:
    found = finding("sites-at-diagnosis")
    shares = []
    for site in SITES:
        name = _ODDS.get(subtype, {}).get(site)
        if name:
            odds = found[name]
            low, high = odds.interval
            note = f"odds against HR+/HER2-: {odds.value:.2f} ({low:.2f} to {high:.2f})"
        else:
            note = "what the other subtypes are compared with" if subtype == "luminal A" else "odds not reported"
        shares.append(_Share(site, found[site].value, None, True, note))
    return f"{found['bone'].n:,} women on the day of diagnosis, all subtypes together", shares


def _at_relapse(subtype: str) -> tuple[str, list[_Share]]:
    name = _IN_KAPLAN.get(subtype, subtype)
    rows = {row["site"]: row for row in table("sites-by-subtype-kaplan-ci").rows if row["subtype"] == name}
    shares = [
        _Share(site, rows[site]["pct"], tuple(rows[site]["ci95"]), note=f"{rows[site]['events']} women")
        for site in SITES
    ]
    return f"{rows['bone']['n']} women whose {name} cancer came back", shares


def _of_sites(subtype: str) -> tuple[str, list[_Share]]:
    name = _IN_WU.get(subtype, subtype)
    row = next(row for row in table("sites-by-subtype-wu").rows if row["subtype"] == name)
    return f"all sites of metastasis counted at first diagnosis, {name}", [_Share(site, row[site]) for site in SITES]


def _over_course(subtype: str) -> tuple[str, list[_Share]]:
    found = finding("sites-course")
    name = _IN_SAVCI[subtype]
    shares = [
        _Share("bone", found[f"bone, {name}"].value, note=name),
        _Share("liver", found["liver"].value, of_all=True),
        _Share("lung", found["lung"].value, of_all=True),
        _Share("brain", None),
    ]
    return "263 people with metastases, over the whole course", shares


_COUNTED = {
    "at first diagnosis": _at_diagnosis,
    "women with a relapse": _at_relapse,
    "share of sites": _of_sites,
    "whole course": _over_course,
}


@explorer(
    "sites",
    title="Where does it go?",
    subtype=Choice(list(SUBTYPES), label="Subtype"),
    count=Choice(list(COUNTS), value="women with a relapse", label="Who or what is counted"),
)
def sites(subtype: str, count: str) -> View:
    """Sites of metastasis of one subtype, each bar inside its whole; gaps stay gaps."""
    whole, shares = _COUNTED[count](subtype)
    label, _ = paragraph(EDGE + 10, 44, whole, WIDTH - 2 * EDGE - 20, bold=True)
    parts = [
        rect(EDGE, 8, WIDTH - 2 * EDGE, 60, fill="wash", radius=6),
        text(EDGE + 10, 26, "The whole (100 %):", size=SMALL, fill="muted"),
        label,
    ]
    y = 84.0
    for share in shares:
        parts += _site_row(share, y, per_woman=count != "share of sites")
        y += 63
    said, y = paragraph(EDGE, y + 2, _SITES_NOTE[count], WIDTH - 2 * EDGE, size=SMALL, fill="muted")
    rows = tuple(_site_cells(share) for share in shares)
    caption = f"{subtype}, {count}: percent of {whole}"
    data = Table(("site", "percent", "95% interval", "remark"), rows, caption)
    return View(svg(y, [*parts, said], caption), _sites_summary(subtype, count, shares), data)


_SITES_NOTE = {
    "at first diagnosis": "Hollow: interval not given. Each woman can stand in several rows.",
    "women with a relapse": "Line: 95% interval. A woman can stand in several rows, so they exceed 100 together.",
    "share of sites": "Hollow: interval not given. Sites are counted, not women: the four add up to 100 and nobody "
    "knows from them how many women had bone metastases.",
    "whole course": "Hollow: interval not given; the number of women by subtype is not in the part read. "
    "Pale: all subtypes together.",
}
_LEFT, _RIGHT = EDGE, WIDTH - EDGE


def _site_row(share: _Share, y: float, per_woman: bool) -> list[Markup]:
    """A site: its name, its natural frequency, and a bar inside the track of the whole."""
    track = _RIGHT - _LEFT
    parts = [text(_LEFT, y + 10, share.site, size=13, bold=True)]
    if share.percent is None:
        parts.append(text(_RIGHT, y + 10, "not reported", anchor="end", fill="muted"))
        parts.append(path(polyline([(_LEFT, y + 17), (_RIGHT, y + 17), (_RIGHT, y + 33), (_LEFT, y + 33)], closed=True),
                          stroke="line", dash="4 3"))  # fmt: skip
        return parts
    colour = "muted" if share.of_all else "blue"
    said = _of(share.percent) if per_woman else f"{_whole(share.percent)} of 100 sites"
    words = f"{said}, all subtypes" if share.of_all else said
    length = track * share.percent / 100
    parts.append(text(_RIGHT, y + 10, words, anchor="end", fill=colour, bold=not share.of_all))
    parts.append(rect(_LEFT, y + 17, track, 16, fill="wash"))
    if share.interval:
        low, high = (_LEFT + track * bound / 100 for bound in share.interval)
        parts.append(rect(_LEFT, y + 17, length, 16, fill=colour))
        ends = polyline([(low, y + 21), (low, y + 29)]) + polyline([(high, y + 21), (high, y + 29)])
        parts.append(path(polyline([(low, y + 25), (high, y + 25)]) + ends, stroke="ink", width=1.8))
    else:
        fill = "wash" if share.of_all else "blue-wash"
        parts.append(rect(_LEFT, y + 17, length, 16, fill=fill, stroke=colour))
    if share.note:
        parts.append(text(_LEFT, y + 46, share.note, size=SMALL, fill="muted"))
    return parts


def _site_cells(share: _Share) -> tuple[object, ...]:
    if share.percent is None:
        return share.site, "not reported", "", ""
    interval = f"{share.interval[0]:.1f} to {share.interval[1]:.1f}" if share.interval else "not given"
    remark = "; ".join(part for part in ("all subtypes together" if share.of_all else "", share.note) if part)
    return share.site, share.percent, interval, remark


def _sites_summary(subtype: str, count: str, shares: list[_Share]) -> str:
    bone = shares[0]
    assert bone.percent is not None
    if count == "at first diagnosis":
        return (
            f"On the day of diagnosis {_of(bone.percent)} women have bone metastases: most women have none anywhere. "
            "Percentages by subtype were not in the part read, only odds."
        )
    if count == "share of sites":
        return (
            f"{_whole(bone.percent)} of 100 counted sites in {subtype} disease are bone. This is not a woman's risk: "
            "sites are the whole, and a woman with two sites counts twice."
        )
    if count == "whole course":
        return (
            f"Of women who have metastases, in {subtype} disease {_whole(bone.percent)} of 100 have them in bone "
            "sooner or later. Women without metastases are not part of this whole."
        )
    return f"Of women with a relapse of {subtype} cancer {_of(bone.percent)} have it in bone. {_leader(shares)}"


def _leader(shares: list[_Share]) -> str:
    """Which site leads, and whether the interval of the next one reaches it."""
    first, second = sorted(shares, key=lambda share: share.percent or 0, reverse=True)[:2]
    assert first.interval and second.interval
    if second.interval[1] >= first.interval[0]:
        return f"{first.site.capitalize()} and {second.site} are too close to call: their intervals overlap."
    return f"{first.site.capitalize()} leads clearly here; by how much depends on who is counted."


# --- Where in the spine? -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Level:
    """The share of one or two regions."""

    regions: tuple[str, ...]
    percent: float
    interval: tuple[float, float] | None = None
    count: str = ""

    @property
    def name(self) -> str:
        return " + ".join(self.regions)


@dataclass(frozen=True)
class _LevelCount:
    whole: str
    levels: tuple[_Level, ...]
    note: str
    summary: str


LEVEL_COUNTS = ("lesions on MRI", "first bone site, breast", "lesions with symptoms", "cord compression")


def _level_count(count: str) -> _LevelCount:
    if count == "lesions on MRI":
        found = finding("levels-lesions-mri")
        names = {
            "thoracic": ("thoracic",),
            "lumbar": ("lumbar",),
            "cervical and sacral together": ("cervical", "sacral"),
        }
        levels = tuple(
            _Level(regions, found[name].value, found[name].interval, f"{found[name].count} of {found[name].n}")
            for name, regions in names.items()
        )
        return _LevelCount(
            f"{found['thoracic'].n} lesions of 89 people treated with radiation, several primaries",
            levels,
            "Line: 95% interval. Lesions are the whole: a person with ten of them counts ten times.",
            f"Of 100 lesions {_whole(levels[0].percent)} are thoracic, as one expects of a region with half of all "
            "vertebrae.",
        )
    if count == "first bone site, breast":
        found = finding("spine-levels-breast")
        levels = tuple(
            _Level(
                ("sacral" if name == "sacrum" else name,),
                found[name].value,
                None,
                f"{found[name].count} of {found[name].n} women",
            )
            for name in ("cervical", "thoracic", "lumbar", "sacrum")
        )
        return _LevelCount(
            f"{found['lumbar'].n} women with breast cancer and a first bone metastasis",
            levels,
            "Hollow: interval not given. A woman can have several regions, so they exceed 100 together.",
            f"In these women lumbar vertebrae ({_whole(levels[2].percent)} of 100) and thoracic ones "
            f"({_whole(levels[1].percent)} of 100) were affected about equally often.",
        )
    found = finding("levels-symptomatic")
    if count == "lesions with symptoms":
        shares = found["symptomatic thoracic / lumbar / cervical"].value
        regions = (("thoracic",), ("lumbar",), ("cervical",))
        return _LevelCount(
            "lesions that cause symptoms, all cancers (a review's round figures)",
            tuple(_Level(region, share) for region, share in zip(regions, shares, strict=True)),
            "Hollow: interval not given, and the number of people neither.",
            f"Among lesions that cause symptoms {shares[0]} of 100 are thoracic, far more than among all lesions.",
        )
    shares = found["cord compression thoracic / cervical / lumbosacral"].value
    regions = (("thoracic",), ("cervical",), ("lumbar", "sacral"))
    return _LevelCount(
        "cord compressions, all cancers (a review's round figures)",
        tuple(_Level(region, share) for region, share in zip(regions, shares, strict=True)),
        "Hollow: interval not given. Several levels at once: "
        f"{found['cord compression at several levels'].value} of 100.",
        f"Of 100 cord compressions about {shares[0]} are thoracic: there the canal is narrow and leaves the cord "
        "little room.",
    )


_SPINE = spine.place("side", x=EDGE, y=52, height=372)
_BAR = 138
"""Where the bars begin."""
_RULER = 2.4
"""Units of a percentage point."""


@explorer(
    "levels",
    title="Where in the spine?",
    count=Choice(list(LEVEL_COUNTS), label="What is counted"),
    predict=Predict(
        "Of lesions seen on MRI about half are thoracic. How is the thoracic share among cord compressions?",
        "larger",
        "The thoracic canal is narrow: a lesion of the same size presses on the cord sooner there than in the lumbar "
        "spine. So the whole matters: lesions, symptoms and compression have different maps.",
        options=("smaller", "about the same", "larger"),
    ),
)
def levels(count: str) -> View:
    """The spine shaded by region, with the share of each and its whole."""
    counted = _level_count(count)
    whole, _ = paragraph(EDGE, 18, f"Of {counted.whole}:", WIDTH - 2 * EDGE, bold=True)
    parts = [whole, _bones()]
    for level in counted.levels:
        parts += _shade(level)
    for level in counted.levels:
        parts += _level_bar(level)
    said, y = paragraph(EDGE, _SPINE.height + 72, counted.note, WIDTH - 2 * EDGE, size=SMALL, fill="muted")
    rows = tuple(
        (level.name, level.percent, _interval(level.interval), level.count or "not given") for level in counted.levels
    )
    caption = f"Percent of {counted.whole}"
    summary = f"{counted.summary} {_SHIFT}"
    return View(
        svg(y, [*parts, said], caption), summary, Table(("region", "percent", "95% interval", "count"), rows, caption)
    )


_SHIFT = "The map depends on the whole: lesions, women, symptoms or compression."


def _interval(interval: tuple[float, float] | None) -> str:
    return f"{interval[0]:.1f} to {interval[1]:.1f}" if interval else "not given"


def _members(region: str) -> list[str]:
    return [level for level in spine.LEVELS if spine.region(level) == region]


@lru_cache(maxsize=1)
def _bones() -> Markup:
    """The column without shading: the same in every state."""
    return _SPINE.draw(cord=False)


def _shade(level: _Level) -> list[Markup]:
    """The regions' bones, the fuller in colour the larger the share."""
    bones = "".join(map(_outlines, level.regions))
    return [path(bones, fill="blue", opacity=round(0.15 + level.percent / 100, 2))]


@lru_cache(maxsize=8)
def _outlines(region: str) -> str:
    return "".join(polyline(_SPINE.outline(bone), closed=True) for bone in _members(region))


@lru_cache(maxsize=8)
def _middle(region: str) -> float:
    centres = [_SPINE.centre(bone)[1] for bone in _members(region)]
    return (min(centres) + max(centres)) / 2


def _level_bar(level: _Level) -> list[Markup]:
    y = _middle(level.regions[0])
    name = level.name.capitalize()
    end = _BAR + level.percent * _RULER
    parts = [text(_BAR, y - 14, name, bold=True)]
    words = f"{_whole(level.percent)} of 100" + (f": {level.count}" if level.count else "")
    parts.append(text(_BAR, y + 24, words, size=SMALL, fill="ink"))
    parts.append(rect(_BAR, y - 8, 100 * _RULER, 16, fill="wash"))
    if level.interval:
        low, high = (_BAR + bound * _RULER for bound in level.interval)
        parts.append(rect(_BAR, y - 8, end - _BAR, 16, fill="blue"))
        ends = polyline([(low, y - 4), (low, y + 4)]) + polyline([(high, y - 4), (high, y + 4)])
        parts.append(path(polyline([(low, y), (high, y)]) + ends, stroke="ink", width=1.8))
    else:
        parts.append(rect(_BAR, y - 8, end - _BAR, 16, fill="blue-wash", stroke="blue"))
    for region in level.regions[1:]:
        far = _middle(region)
        parts.append(
            path(polyline([(_BAR - 10, y), (_BAR - 16, y), (_BAR - 16, far), (_BAR - 10, far)]), stroke="blue")
        )
    return parts
