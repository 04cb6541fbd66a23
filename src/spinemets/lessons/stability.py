"""Explorers of two scores read from images: SINS for the stability of one vertebra, ESCC for the room of the cord."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from ..clinic import escc as escc_scale
from ..clinic import sins as sins_score
from ..evidence import finding, span, table
from ..explore import Choice, Control, Table, View, explorer
from ..explore.view import Markup
from ..figures.spine import Spine, place
from ..figures.svg import SMALL, WIDTH, Point, circle, line, number, paragraph, path, rect, rounded, svg, text
from .people import MARIA

# ESCC ----------------------------------------------------------------------------------------------------------------

_SAC = (200.0, 196.0, 52.0, 35.0)
"""Centre and half axes of the thecal sac in the picture."""
_BULGE = {"0": 0.0, "1a": 12.0, "1b": 25.0, "1c": 34.0, "2": 47.0, "3": 58.0}
"""How far tumour reaches from the back wall of the body into the canal, in the picture's units."""
_BACK_WALL = 150.0
_MAY_NOT = {
    "0": "Nothing presses. Pain may still come from the bone, and a later scan may differ.",
    "1a": "There is tumour in the canal, and room around the sac.",
    "1b": "The sac is dented; fluid still lies between tumour and cord.",
    "1c": "Tumour and cord touch. Some sources call this low grade, others high: say the grade.",
    "2": "The cord is pressed and fluid is still seen around it.",
    "3": "The cord is pressed and no fluid is left around it.",
}


@explorer(
    "escc",
    title="ESCC: how much room the cord has",
    grade=Choice(list(escc_scale.GRADES), value="1b", label="Grade", play=True),
)
def escc(grade: escc_scale.Grade) -> View:
    """The six grades of epidural compression on a schematic axial T2 image."""
    name, meaning = grade, escc_scale.meaning(grade)
    parts = [text(WIDTH / 2, 20, f"ESCC grade {name}", size=15, anchor="middle", bold=True), *_axial(name)]
    label_y = 292.0
    words, y = paragraph(14, label_y, f"{meaning[0].upper()}{meaning[1:]}.", WIDTH - 28, bold=True)
    parts.append(words)
    step = (WIDTH - 28) / len(escc_scale.GRADES)
    for i, other in enumerate(escc_scale.GRADES):
        x = 14 + i * step
        parts.append(rect(x, y, step - 4, 22, fill="red-wash" if other == grade else "wash", radius=3))
        parts.append(text(x + step / 2 - 2, y + 15, other, anchor="middle", bold=other == grade))
    note, y = paragraph(
        14,
        y + 40,
        "Schematic, seen from below as on a scan; the front of the body is up. The grade is read at the tightest place "
        "on axial T2 images.",
        WIDTH - 28,
        size=SMALL,
        fill="muted",
    )
    return View(
        svg(y - 4, [*parts, note], f"Schematic axial section, ESCC grade {name}"),
        f"{_MAY_NOT[name]} The grade describes the picture at one level, not what the legs can do: legs are examined.",
        Table(
            ("Grade", "On axial T2 images"),
            tuple((each, escc_scale.meaning(each)) for each in escc_scale.GRADES),
            "Sources differ on whether 1c is low or high grade, so the grade itself is given.",
        ),
    )


def _axial(grade: str) -> list[Markup]:
    x, y, wide, high = _SAC
    tip = _BACK_WALL + _BULGE[grade]
    pressed = grade in ("2", "3")
    arch = (
        "M118 150C112 176 116 214 134 232C152 248 178 252 188 262L188 276Q200 284 212 276L212 262"
        "C222 252 248 248 266 232C284 214 288 176 282 150"
    )
    parts = [
        path(arch, fill="bone", stroke="bone-edge", width=1.5),
        path(
            "M118 172L74 190L70 208L128 214ZM282 172L326 190L330 208L272 214Z",
            fill="bone",
            stroke="bone-edge",
            width=1.5,
        ),
        path("M132 150C128 196 146 240 200 243C254 240 272 196 268 150Z", fill="paper", stroke="bone-edge", width=1.5),
        path(
            "M100 92C100 48 146 34 200 34C254 34 300 48 300 92C300 124 290 148 268 150Q200 141 132 150"
            "C110 148 100 124 100 92Z",
            fill="bone",
            stroke="bone-edge",
            width=1.5,
        ),
    ]
    no_fluid = grade == "3"
    parts.append(
        path(
            _ellipse((x, y), (wide, high)),
            fill="purple-wash" if no_fluid else "blue-wash",
            stroke="blue",
            width=1.5,
        )
    )
    if not no_fluid:
        half = (26.0, 17.0) if not pressed else (30.0, 10.5)
        middle = y + 4 if not pressed else tip + half[1]
        parts.append(
            path(
                _ellipse((x, middle), half),
                fill="purple-wash",
                stroke="purple",
                width=1.5,
            )
        )
    spread = {"0": 0, "1a": 34, "1b": 40, "1c": 40, "2": 44, "3": 52}[grade]
    inside = "M158 146C150 112 172 84 202 86C236 88 250 116 240 146"
    if spread:
        near, far, low = spread * 0.45, spread, number(tip + 2)
        inside += f"L{200 + far} 146C{200 + far} {low} {200 + near:g} {number(tip)} 200 {number(tip)}"
        inside += f"C{200 - near:g} {number(tip)} {200 - far} {low} {200 - far} 146Z"
    else:
        inside += "Q200 140 158 146Z"
    parts.append(path(inside, fill="red-wash", stroke="red", width=1.5))
    parts += [
        text(200, 118, "tumour", fill="red", anchor="middle"),
        text(116, 66, "body", size=SMALL, fill="muted"),
        text(330, 244, "arch", size=SMALL, fill="muted"),
        line((272, 238), (326, 241), stroke="muted"),
    ]
    cord_y = 226.0 if no_fluid else y + 4 if not pressed else tip + 10
    parts += [
        line((222, cord_y), (338, 150), stroke="purple"),
        text(342, 152, "cord", fill="purple"),
    ]
    if no_fluid:
        parts.append(text(8, 152, "no fluid left", fill="blue"))
    else:
        parts += [
            line((156, y + 10), (64, 152), stroke="blue"),
            text(8, 148, "fluid in", fill="blue"),
            text(8, 162, "the sac", fill="blue"),
        ]
    return parts


def _ellipse(centre: Point, half: Point) -> str:
    (x, y), (wide, high) = centre, half
    arc = f"a{number(wide)} {number(high)} 0 1 0 "
    return f"M{number(x - wide)} {number(y)}{arc}{number(2 * wide)} 0{arc}{number(-2 * wide)} 0"


# SINS ----------------------------------------------------------------------------------------------------------------

_NAMES = {
    "location": "Location",
    "pain": "Pain",
    "lesion": "Bone lesion",
    "alignment": "Alignment",
    "collapse": "Collapse",
    "posterolateral": "Posterolateral",
}
_SHORT = {
    "mechanical": "mechanical",
    "occasional": "occasional, not mechanical",
    "painless": "none",
    "deformity": "new deformity",
    "over half": "over 50%",
    "under half": "under 50%",
    "no collapse, over half involved": "none; over 50% involved",
}
_BAND_COLOURS = {"stable": "green", "indeterminate": "orange", "unstable": "red"}
_EXAMPLE = {"junctional": "T11", "mobile": "L3", "semirigid": "T7", "rigid": "sacrum"}
"""The vertebra that stands for each location in the picture."""
_SHOWN = {"junctional": ("T10", "T12"), "mobile": ("L2", "L4"), "semirigid": ("T6", "T8"), "rigid": ("L5", "sacrum")}
_LOSS = {"over half": 0.6, "under half": 0.3}
"""Share of the front height that is drawn as lost."""


def _sins_choice(item: sins_score.Item) -> Control:
    options = {option.words[0].upper() + option.words[1:]: option.key for option in item.options}
    return Choice(options, value=getattr(MARIA.sins, item.key), label=_NAMES[item.key])


@explorer(
    "sins",
    title="SINS on the spine, item by item",
    **{item.key: _sins_choice(item) for item in sins_score.items()},
)
def sins(location: str, pain: str, lesion: str, alignment: str, collapse: str, posterolateral: str) -> View:
    """The six items of SINS, their points, the total and what it leaves out, on the outline of the spine."""
    chosen = dict(zip(_NAMES, (location, pain, lesion, alignment, collapse, posterolateral), strict=True))
    score = sins_score.score(**chosen)
    parts = [
        text(8, 16, f"Drawn at {'the sacrum' if location == 'rigid' else _EXAMPLE[location]}", bold=True),
        *_segment(location, lesion, alignment, collapse, posterolateral),
        text(8, 268, "back", size=SMALL, fill="muted"),
        text(176, 268, "front", size=SMALL, fill="muted", anchor="end"),
    ]
    y = 16.0
    for item in sins_score.items():
        most = max(option.points for option in item.options)
        points = score.points[item.key]
        parts += [
            text(196, y, _NAMES[item.key], bold=True),
            text(196, y + 15, _SHORT.get(chosen[item.key], chosen[item.key]), size=SMALL),
            text(WIDTH - 8, y, f"{points} of {most}", bold=True, anchor="end"),
            _squares(y + 7, points, most),
        ]
        y += 43
    parts += _total_bar(284, score)
    note, y = paragraph(
        8,
        354,
        "Schematic on real outlines. SINS rates one vertebra and leaves out the cord, the legs and the person. S1 "
        "alone and a collapse of exactly half are not defined.",
        WIDTH - 16,
        size=SMALL,
        fill="muted",
    )
    return View(
        svg(y - 4, [*parts, note], "SINS, six items on the spine"),
        _sins_summary(score),
        Table(
            ("Item", "Finding", "Points"),
            (
                *(
                    (_NAMES[item.key], option.words, option.points)
                    for item in sins_score.items()
                    for option in item.options
                    if option.key == chosen[item.key]
                ),
                ("Total", score.meaning, score.total),
            ),
            "Definition: table sins. A missing item means no total, never zero points.",
        ),
    )


def _squares(y: float, points: int, most: int) -> Markup:
    """So many of the item's possible points, as filled squares at the right."""
    box = "M{x} {y}h9v9h-9Z"
    squares = [box.format(x=WIDTH - 17 - 12 * i, y=number(y)) for i in reversed(range(most))]
    empty = path("".join(squares[points:]), fill="wash", stroke="line") if points < most else Markup("")
    return Markup((path("".join(squares[:points]), fill="ink") if points else "") + empty)


def _total_bar(y: float, score: sins_score.Score) -> list[Markup]:
    """The range from 0 to 18 with its bands and where the total lies."""
    low, high = table("sins").extra["total_range"]
    step = (WIDTH - 16) / (high - low + 1)
    parts = []
    for band in table("sins").extra["bands"]:
        totals = span(band["score"])
        name = band["meaning"].split(":")[0]
        here = name == score.category
        x, wide = 8 + (totals[0] - low) * step, len(totals) * step
        parts.append(rect(x, y, wide - 2, 24, fill=f"{_BAND_COLOURS[name]}-wash", radius=3))
        parts.append(text(x + wide / 2, y + 42, f"{name} {band['score']}", size=SMALL, anchor="middle", bold=here))
    x = 8 + (score.total - low + 0.5) * step
    parts.append(circle((x, y + 12), 13, fill=_BAND_COLOURS[score.category]))
    parts.append(text(x, y + 16.5, str(score.total), fill="paper", anchor="middle", bold=True))
    return parts


def _sins_summary(score: sins_score.Score) -> str:
    lead = f"SINS {score.total}: {score.category}. "
    if score.category == "unstable":
        advice = "A surgeon looks at this before anybody loads the spine; the score does not choose the treatment."
    elif score.category == "indeterminate":
        share = finding("sins-distribution")["indeterminate"].value
        advice = (
            f"Most fall here ({share:.0f}% in one emergency unit); a surgeon is asked, and the middle decides least."
        )
    else:
        missed = finding("sins-misses")["not flagged by SINS of 7 or more"].value
        advice = (
            f"Stable is not safe: of people later operated for a pressed cord {missed:g}% had not been flagged by a "
            "score of 7 or more."
        )
    return f"{lead}{advice} SINS rates one vertebra's stability, not the safety of the cord."


# The vertebra and its neighbours, bent as the items say --------------------------------------------------------------

Bend = Callable[[Point], Point]


def _segment(location: str, lesion: str, alignment: str, collapse: str, posterolateral: str) -> list[Markup]:
    spine = place("side", _SHOWN[location], x=16, y=48, height=206, width=150)
    middle = _EXAMPLE[location]
    if middle == "sacrum":
        return _sacrum(spine, lesion, alignment, posterolateral)
    squash = _squash(spine.body(middle), _LOSS.get(collapse, 0))
    shift = _above(spine.body(middle), squash, alignment)
    parts = []
    upper = True
    for level in spine.levels:
        if level == middle:
            bend, upper = squash, False
        else:
            bend = shift if upper else _still
        outline = rounded([bend(point) for point in spine.outline(level)], 4)
        parts.append(path(outline, fill="bone", stroke="bone-edge", width=1.5, round=True))
        if level == middle:
            parts.append(_lesion([bend(corner) for corner in spine.body(level)], lesion, collapse))
            parts += _pedicle([bend(corner) for corner in spine.body(level)], posterolateral)
    return parts


def _still(point: Point) -> Point:
    return point


def _squash(body: Sequence[Point], loss: float) -> Bend:
    """Lower the top of the body by ``loss`` of its height at the front, less towards the back, nothing in the arch."""
    upper_back, upper_front, lower_front, lower_back = body
    across = upper_front[0] - upper_back[0]

    def bend(point: Point) -> Point:
        forward = (point[0] - upper_back[0]) / across
        if forward <= 0 or not loss:
            return point
        share = min(1.0, 0.25 + 0.75 * forward) * min(1.0, forward * 6)
        floor = lower_back[1] + (lower_front[1] - lower_back[1]) * min(forward, 1.0)
        return point[0], floor - (floor - point[1]) * (1 - loss * share)

    return bend


def _above(body: Sequence[Point], squash: Bend, alignment: str) -> Bend:
    """Where the levels above go: down with the collapsed body, tilted forward, or slipped forward."""
    upper_back, upper_front, lower_front, lower_back = body
    drop = squash(upper_front)[1] - upper_front[1]
    tilt = {"normal": 0.0, "deformity": 14.0, "subluxation": 9.0}[alignment]
    slip = 0.30 * (upper_front[0] - upper_back[0]) if alignment == "subluxation" else 0.0
    angle = math.radians(tilt)

    def bend(point: Point) -> Point:
        x, y = point[0] - upper_back[0], point[1] - upper_back[1]
        turned = x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)
        return upper_back[0] + turned[0] + slip, upper_back[1] + turned[1] + drop * 0.4

    return bend


def _lesion(corners: Sequence[Point], lesion: str, collapse: str) -> Markup:
    """The lesion in the body: light where bone is gone, dark where it was added."""
    inner = 0.42 if collapse == "none" else 0.84
    middle = sum(x for x, _ in corners) / 4, sum(y for _, y in corners) / 4
    small = [(middle[0] + (x - middle[0]) * inner, middle[1] + (y - middle[1]) * inner) for x, y in corners]
    edge = rounded(small, 5)
    if lesion == "blastic":
        return path(edge, fill="ink", opacity=0.55)
    drawn = path(edge, fill="red-wash", stroke="red", width=1.5)
    if lesion == "mixed":
        (a, b), (c, d), (e, f), (g, h) = small
        dots = "".join(
            f"M{number((a + (c - a) * u) * (1 - v) + (g + (e - g) * u) * v)} "
            f"{number((b + (d - b) * u) * (1 - v) + (h + (f - h) * u) * v)}h.01"
            for u in (0.2, 0.5, 0.8)
            for v in (0.3, 0.7)
        )
        drawn = Markup(drawn + path(dots, stroke="ink", width=5, opacity=0.6, round=True))
    return drawn


def _pedicle(corners: Sequence[Point], posterolateral: str) -> list[Markup]:
    """A mark behind the body; the side view cannot show two sides, so words do."""
    if posterolateral == "none":
        return []
    (x, y), (_, below) = corners[0], corners[3]
    left, right = x - 0.38 * (corners[1][0] - x), x + 2
    top, bottom = y + 0.06 * (below - y), y + 0.5 * (below - y)
    mark = rounded([(left, top), (right, top), (right, bottom), (left, bottom)], 3)
    words = {"unilateral": "pedicle, one side", "bilateral": "pedicles, both sides"}[posterolateral]
    return [path(mark, fill="red-wash", stroke="red", width=1.5), text(8, 32, words, size=SMALL, fill="red")]


def _sacrum(spine: Spine, lesion: str, alignment: str, posterolateral: str) -> list[Markup]:
    """The sacrum has no body of its own outline to squash: it is marked as a whole."""
    parts = [spine.draw(cord=False)]
    x, y = spine.centre("sacrum")
    fill = "ink" if lesion == "blastic" else "red-wash"
    parts.append(circle((x - 8, y), 12, fill=fill, stroke="red"))
    said = [
        {"normal": "", "deformity": "new deformity", "subluxation": "slipped"}[alignment],
        {"none": "", "unilateral": "joint, one side", "bilateral": "joints, both sides"}[posterolateral],
    ]
    parts += [text(8, 32 + 14 * i, words, size=SMALL, fill="red") for i, words in enumerate(filter(None, said))]
    return parts
