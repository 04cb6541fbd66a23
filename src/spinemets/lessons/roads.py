"""Roads to a vertebra: four ways from the breast to the marrow, what was tested, and where reviews disagree."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ..evidence import finding, source
from ..explore import Choice, Table, View, explorer
from ..explore.view import Markup
from ..figures import body, spine
from ..figures.svg import SMALL, TEXT, Point, circle, paragraph, path, polyline, rect, svg, text

HEIGHT = 404
PANEL = 198
"""Where the panel beside the body begins."""
TUMOUR = (92.0, -132.0)
"""In the left breast, in millimetres of the front outline."""
TARGET = (0.0, -216.0)
"""The marrow of T11."""
STEPS = {
    1: "growth in the breast",
    2: "into the circulation",
    3: "alive on the way",
    4: "out of the vessel",
    5: "growth or sleep in marrow",
}


@dataclass(frozen=True)
class _Study:
    who: str
    what: str
    limit: str
    evidence: str


@dataclass(frozen=True)
class _Road:
    """One way to the vertebra.

    Attributes:
        segments: step -> colour and courses of its vessels in millimetres of the front outline.
        badges: step -> where its number stands.
        tested: steps that the studies touch; their segments are lit.
        steps: step -> what happens there, in a sentence.
        entry: how the road enters the vertebra, for the close view.
        older, newer: what each of two reviews says of this road.
        test: what tests show, in a few words.
    """

    name: str
    colour: str
    segments: dict[int, tuple[str, tuple[tuple[Point, ...], ...]]]
    badges: dict[int, Point]
    tested: tuple[int, ...]
    steps: dict[int, str]
    whole: str
    entry: str
    studied: str
    older: str
    newer: str
    test: str
    concluded: str


_IN_THE_BREAST = (
    "The cancer grows in the breast. Nothing has left it yet, and nothing tells which road a cell will take."
)
_IN_MARROW = "Most cells that arrive die or sleep. A few divide, at once or years later: settling is the bottleneck."
_TO_HEART = (TUMOUR, (114, -84), (98, -18), (48, 4), (2, -12), (-16, -44), (-14, -100))
_LUNG = ((-10, -112), (-48, -84), (-84, -108), (-72, -142), (-34, -152), (10, -136))
_AORTA = ((14, -110), (14, -66), (28, -48), (44, -64), (42, -130), (38, -216), (36, -300), (28, -352))
_INTO_BONE = ((38, -210), (26, -222), (6, -216))
_AXILLA = (TUMOUR, (130, -112), (148, -76), (132, -38), (98, -18), (48, 4))
_PLEXUS = (
    ((30, 60), (33, -60), (33, -180), (33, -300), (31, -440)),
    ((-30, 60), (-33, -60), (-33, -180), (-33, -300), (-31, -440)),
    *(((-32, y), (32, y)) for y in range(30, -440, -47)),
)

ROADS: dict[str, _Road] = {
    "artery": _Road(
        "Artery",
        "red",
        {2: ("blue", (_TO_HEART,)), 3: ("red", (_LUNG, _AORTA)), 4: ("red", (_INTO_BONE,))},
        {1: TUMOUR, 2: (114, -44), 3: (-86, -112), 4: (58, -222), 5: TARGET},
        (4, 5),
        {
            1: _IN_THE_BREAST,
            2: "Cells slip into small veins of the breast and are carried to the right side of the heart.",
            3: "They must pass the narrow vessels of the lung and leave the left heart in the aorta, still alive.",
            4: "Small arteries bring them into marrow, where a cell can leave the vessel. In mice they lodged here.",
            5: _IN_MARROW,
        },
        "By the artery a cell passes heart and lung first, then reaches any marrow that the aorta feeds.",
        "in by small arteries to the marrow",
        "Mice had cells put into their arteries: this shows what can happen, not what does happen in women.",
        "possible",
        "main road",
        "seeds marrow in mice",
        "The newer review calls the artery the main road, the older the veins. Mice show only that arteries can.",
    ),
    "vertebral veins": _Road(
        "Vertebral veins",
        "blue",
        {
            2: ("blue", ((TUMOUR, (128, -150), (122, -186), (74, -190), (33, -180)),)),
            3: ("blue", _PLEXUS),
            4: ("blue", (((33, -204), (24, -224), (6, -216)),)),
        },
        {1: TUMOUR, 2: (120, -196), 3: (56, -320), 4: (58, -226), 5: TARGET},
        (3,),
        {
            1: _IN_THE_BREAST,
            2: "Cells slip into veins between the ribs, which drain towards the spine as well as towards the heart.",
            3: "Vertebral veins run along the whole column without valves, so blood can turn back towards the bone.",
            4: "Veins leave each vertebral body at its back. Blood that turns round could carry a cell inwards.",
            5: _IN_MARROW,
        },
        "By the vertebral veins a cell goes round heart and lung, and the column is one connected network.",
        "in by the vein at the back",
        "Dye filled these veins in cadavers, from a vein of the pelvis. For the breast it was argued by analogy.",
        "main road",
        "not named as main",
        "fill with dye in cadavers",
        "The older review calls the veins the main road, the newer the artery. Dye shows an open road, not travellers.",
    ),
    "lymph": _Road(
        "Lymph",
        "green",
        {2: ("green", (_AXILLA,)), 3: ("line", (_TO_HEART[3:], _LUNG, _AORTA)), 4: ("line", (_INTO_BONE,))},
        {1: TUMOUR, 2: (150, -76), 3: (-86, -112), 4: (58, -222), 5: TARGET},
        (2,),
        {
            1: _IN_THE_BREAST,
            2: "Cells drift into lymph vessels and lodge in nodes of the armpit. Beyond them lymph joins a large vein.",
            3: "From the vein at the neck onwards this is the road of the blood (grey): lymph itself ends there.",
            4: "The way out into marrow is that of the blood. A cell that comes from a node arrives like any other.",
            5: "In the cancers studied, the distant metastases did not descend from the cells in the armpit's nodes.",
        },
        "Lymph carries cells to the nodes of the armpit, then into the blood: a detour, not a road of its own.",
        "none: lymph ends in the blood",
        "Genomes of patients' own metastases were compared: the nodes had not seeded the distant ones.",
        "possible",
        "not named as main",
        "nodes not the source",
        "The older review lists lymph as possible. Genomes speak against nodes as the source, in few patients so far.",
    ),
    "direct growth": _Road(
        "Direct growth",
        "orange",
        {},
        {1: (62, -216), 5: TARGET},
        (),
        {
            1: "Here the start is not the breast but a deposit that lies against the spine, in chest or abdomen.",
            2: "This road skips the circulation: no vessel is needed.",
            3: "This road skips the journey: no vessel is needed.",
            4: "This road skips the way out of a vessel: the deposit crosses the edge of the bone from outside.",
            5: "The vertebra is invaded from its edge inwards, at the level of the deposit and nowhere else.",
        },
        "Direct growth reaches only a vertebra that a deposit touches; between breast and spine lie ribs and lung.",
        "in through the edge that it touches",
        "No study of this road was found for this course: a gap, which is not the same as evidence against it.",
        "possible",
        "not named as main",
        "not tested",
        "The older review lists direct growth as possible. It cannot explain metastases at several levels.",
    ),
}


_AGREED = "Agreed: blood brings the cells. Open: by artery or by vein."
_PLACE_DOES_NOT_TELL = "The place of a lesion in the vertebra did not settle the question either."
_OLDER, _NEWER = "physio2011", "tse2018"
"""The two reviews of the finding ``routes-review``."""


def _year(key: str) -> str:
    return source(key).fields["year"]


def _studies(road: str) -> list[_Study]:
    """Who was studied on a road; the counts come from the evidence."""
    positions = _Study(
        f"{finding('batson-test')['patients'].value} patients, MRI",
        "cancers thought to use veins or arteries: lesions lay in the same places of the vertebra",
        "the place does not tell the road",
        "batson-test",
    )
    return {
        "artery": [
            _Study(
                "Mice",
                "injected into the arteries: cells lodged in the marrow and left it by openings of veins",
                "the road was given, not found",
                "arguello",
            ),
            positions,
        ],
        "vertebral veins": [
            _Study(
                f"Cadavers, {_year('batson1940')}",
                "dye put into a vein of the pelvis filled the veins along the spine",
                "no cell, no breast",
                "batson",
            ),
            positions,
        ],
        "lymph": [
            _Study(
                f"{finding('nodes-not-source')['patients'].value} patients, "
                f"{finding('nodes-not-source')['samples'].value} samples",
                "genomes: nodes of the armpit had not seeded the distant metastases",
                "few patients, nodes found at the same time",
                "nodes-not-source",
            )
        ],
        "direct growth": [],
    }[road]


_front = spine.place("front", x=71, y=80, height=286)
"""The column inside the body at the left of the figure."""
_close = spine.place("side", ("T10", "T12"), x=212, y=250, height=138)
"""Three vertebrae from the side, their front to the right, at the lower right of the figure."""


def _valid(road: str, layer: str, step: int) -> bool | str:
    if step and layer != "path":
        return "the steps are drawn on the path only; for the other views set the step back to 'the whole road'"
    return True


@explorer(
    "roads",
    title="Roads to a vertebra",
    valid=_valid,
    road=Choice(list(ROADS), label="Road"),
    layer=Choice(["path", "who was studied", "what papers conclude"], label="Show"),
    step=Choice(
        [("the whole road", 0), *((f"{number} {name}", number) for number, name in STEPS.items())],
        label="Step of the cascade",
        play=True,
    ),
)
def roads(road: str, layer: str, step: int) -> View:
    """One road on a body and a vertebra, with its steps, its studies or its verdicts."""
    chosen = ROADS[road]
    parts = [*_body(), *_vessels(chosen, layer, step)]
    if layer == "path":
        parts += [*_badges(chosen, step), *_ladder(chosen, step), *_close_view(chosen)]
        said = chosen.steps[step] if step else chosen.whole
        summary = f"{chosen.name}, step {step} ({STEPS[step]}): {said}" if step else f"{said} {_AGREED}"
    elif layer == "who was studied":
        parts += _cards(chosen, _studies(road))
        summary = (
            f"{chosen.studied} {_PLACE_DOES_NOT_TELL}" if road in ("artery", "vertebral veins") else chosen.studied
        )
    else:
        parts += _verdicts(road)
        summary = f"{chosen.concluded} {_AGREED}"
    return View(svg(HEIGHT, parts, f"{chosen.name}: {layer}"), summary, _table())


@lru_cache(maxsize=1)
def _body() -> tuple[Markup, ...]:
    """Body, organs and column: the same in every state."""
    edge = {"stroke": "line", "width": 1.0}
    parts = [path(body.outline(_front.at), fill="wash", **edge)]
    parts += [path(body.organ(name, _front.at), fill="paper", **edge) for name in ("right lung", "left lung")]
    parts += [
        circle(_front.at(breast), 46 * _front.scale, fill="none", stroke="line", width=1) for breast in body.BREASTS
    ]
    bones = "".join(polyline(_front.outline(level), closed=True) for level in _front.levels)
    return (*parts, path(bones, fill="bone", stroke="bone-edge", width=0.5))


@lru_cache(maxsize=1)
def _vertebrae() -> Markup:
    """Three vertebrae from the side: the same in every state."""
    return _close.draw()


@lru_cache(maxsize=1)
def _heart() -> list[Markup]:
    x, y = _front.at((20, -134))
    return [
        path(body.organ("heart", _front.at), fill="paper", stroke="muted", width=1),
        text(x, y + 4, "heart", size=SMALL, fill="muted", anchor="middle"),
    ]


def _tube(d: str, colour: str, width: float, inside: str = "") -> list[Markup]:
    """A vessel: a coloured wall and a paler inside, set off from what it crosses."""
    return [
        path(d, stroke="paper", width=width + 3, round=True),
        path(d, stroke=colour, width=width, round=True),
        path(d, stroke=inside or f"{colour}-wash", width=max(width - 2.7, 0.9), round=True),
    ]


@lru_cache(maxsize=64)
def _course(points: tuple[Point, ...]) -> str:
    """The ``d`` of a vessel from points in millimetres."""
    return body.through([_front.at(point) for point in points])


def _vessels(road: _Road, layer: str, step: int) -> list[Markup]:
    """The chosen road; where a step or a study is in focus, its segment is full and the rest pale."""
    focus = {step} if step else set(road.segments) if layer != "who was studied" else set(road.tested)
    parts: list[Markup] = []
    for number, (colour, courses) in sorted(road.segments.items(), key=lambda item: item[0] in focus):
        lit = number in focus
        d = "".join(map(_course, courses))
        width = 3.6 if len(courses) > 3 else 5 if number == 4 else 6.5
        pale = not lit or colour == "line"
        parts += _tube(d, "line", width, "wash" if lit else "paper") if pale else _tube(d, colour, width)
    parts += _heart()
    if road.name == "Lymph":
        parts += [
            circle(_front.at(node), 4.5, fill="green", stroke="paper") for node in ((148, -76), (132, -38), (130, -112))
        ]
    if not road.segments:
        parts.append(path(body.through([_front.at(p) for p in _DEPOSIT], closed=True), fill="orange", stroke="paper"))
    else:
        parts.append(circle(_front.at(TUMOUR), 6, fill="purple", stroke="paper"))
    parts.append(circle(_front.at(TARGET), 4, fill="purple", stroke="paper"))
    return parts


_DEPOSIT = ((20, -186), (48, -176), (74, -196), (76, -230), (50, -252), (16, -244), (6, -216))


def _badge(at: Point, number: int, lit: bool) -> list[Markup]:
    return [
        circle(at, 9, fill="ink" if lit else "paper", stroke="paper" if lit else "muted", width=1.2),
        text(at[0], at[1] + 4, str(number), size=SMALL, fill="paper" if lit else "muted", anchor="middle", bold=True),
    ]


def _badges(road: _Road, step: int) -> list[Markup]:
    """The steps' numbers beside the road."""
    parts: list[Markup] = []
    for number, place in road.badges.items():
        x, y = _front.at(place)
        shift = {1: 0.0, 5: -26.0}.get(number, 0.0)
        if step in (0, number):
            parts += _badge((x + shift, y), number, True)
    return parts


def _ladder(road: _Road, step: int) -> list[Markup]:
    """The five steps in words; those that the road skips say so."""
    parts = [text(PANEL, 20, road.name, size=14, fill=road.colour, bold=True)]
    for number, name in STEPS.items():
        y = 44 + (number - 1) * 27
        lit = step in (0, number)
        skipped = number not in road.badges
        parts += _badge((PANEL + 9, y), number, lit and not skipped)
        first = number == 1 and not road.segments
        words = f"{name}: skipped" if skipped else "growth beside the spine" if first else name
        parts.append(
            text(
                PANEL + 25,
                y + 4,
                words,
                size=SMALL,
                fill="ink" if lit and not skipped else "muted",
                bold=step == number,
            )
        )
        if number < 5:
            parts.append(path(polyline([(PANEL + 9, y + 9), (PANEL + 9, y + 18)]), stroke="line", width=1.5))
    return parts


def _close_view(road: _Road) -> list[Markup]:
    """T11 from the side with the way into it."""
    back_top, front_top, front_low, back_low = _close.body("T11")
    front = ((front_top[0] + front_low[0]) / 2, (front_top[1] + front_low[1]) / 2)
    back = ((back_top[0] + back_low[0]) / 2, (back_top[1] + back_low[1]) / 2)
    middle = ((front[0] + back[0]) / 2, (front[1] + back[1]) / 2)
    parts = [text(PANEL, 200, "The way into T11 (schematic):", size=SMALL, fill="muted")]
    words, _ = paragraph(PANEL, 216, road.entry, 400 - PANEL, size=TEXT, fill=road.colour, bold=True)
    parts += [words, _vertebrae()]
    if road.name == "Artery":
        x = front[0] + 40
        parts += _tube(body.through([(x + 6, 250), (x, front[1]), (x - 4, 394)]), "red", 11)
        parts += _tube(body.through([(x, front[1] - 6), (front[0] + 8, front[1]), (middle[0], middle[1])]), "red", 5)
        parts.append(text(x + 12, 304, "aorta", size=SMALL, fill="red"))
    elif road.name == "Vertebral veins":
        canal = [(x + 9, y) for x, y in _close.canal()]
        first, last = canal[0], canal[-1]
        parts += _tube(body.through([(first[0] - 6, 252), *canal, (last[0] + 8, 392)]), "blue", 5)
        parts += _tube(body.through([canal[1], back, middle]), "blue", 5)
    elif road.name == "Direct growth":
        x, y = front
        blob = [
            (x - 12, y - 18),
            (x + 20, y - 34),
            (x + 52, y - 12),
            (x + 48, y + 24),
            (x + 14, y + 32),
            (x - 12, y + 16),
        ]
        parts.append(path(body.through(blob, closed=True), fill="orange", stroke="paper", width=1.5, opacity=0.85))
        parts.append(text(x + 8, y + 5, "deposit", size=SMALL, fill="paper"))
    if road.name != "Lymph":
        parts.append(circle(middle, 5, fill="purple", stroke="paper"))
    parts.append(text(226, 398, "back", size=SMALL, fill="muted"))
    parts.append(text(392, 398, "front", size=SMALL, fill="muted", anchor="end"))
    return parts


def _cards(road: _Road, studies: list[_Study]) -> list[Markup]:
    """Who was studied, what was done, and what the study cannot tell."""
    parts = [text(PANEL, 20, road.name, size=14, fill=road.colour, bold=True)]
    y = 36.0
    room = 400 - PANEL - 20
    if not studies:
        studies = [
            _Study(
                "Nobody",
                "no study of this road was found for this course",
                "a gap, not a counter-proof",
                "routes-review",
            )
        ]
    for study in studies:
        head, below = paragraph(PANEL + 8, y + 18, study.who, room, size=13, bold=True)
        said, below = paragraph(PANEL + 8, below + 2, study.what, room, size=SMALL)
        limit, below = paragraph(PANEL + 8, below + 4, f"Limit: {study.limit}.", room, size=SMALL, fill="orange")
        parts += [rect(PANEL, y, 400 - PANEL - 4, below - y, fill="paper", stroke="line", radius=6), head, said, limit]
        y = below + 10
    return [*parts, *_reach(road)]


def _reach(road: _Road) -> list[Markup]:
    """The steps of the cascade that the studies touch."""
    words = "Steps that the studies touch:" if road.tested else "No step was studied:"
    parts = [text(PANEL, 352, words, size=SMALL, fill="muted")]
    for number in STEPS:
        parts += _badge((PANEL + 10 + (number - 1) * 30, 374), number, number in road.tested)
    return parts


def _verdicts(chosen: str) -> list[Markup]:
    """For each road what two reviews say and what was tested."""
    parts: list[Markup] = []
    parts.append(text(PANEL + 8, 16, f"Reviews of {_year(_OLDER)}, {_year(_NEWER)}; tests", size=SMALL, fill="muted"))
    y = 24.0
    for name, road in ROADS.items():
        if name == chosen:
            parts.append(rect(PANEL, y, 400 - PANEL - 4, 76, fill="wash", stroke=road.colour, radius=6))
        parts.append(text(PANEL + 8, y + 18, road.name, size=13, fill=road.colour, bold=True))
        for i, (said_by, verdict) in enumerate(_opinions(road)):
            line = y + 35 + 16 * i
            strong = verdict == "main road"
            parts.append(text(PANEL + 8, line, said_by, size=SMALL, fill="muted"))
            parts.append(text(PANEL + 50, line, verdict, size=SMALL, bold=strong))
        y += 82
    parts.append(text(PANEL + 8, y + 16, "Agreed: blood brings the cells.", size=SMALL, fill="green"))
    parts.append(text(PANEL + 8, y + 34, "Open: by artery or by vein.", size=SMALL, fill="orange"))
    return parts


def _opinions(road: _Road) -> tuple[tuple[str, str], ...]:
    return ((_year(_OLDER), road.older), (_year(_NEWER), road.newer), ("tests", road.test))


def _table() -> Table:
    rows = []
    for name, road in ROADS.items():
        studied = (
            "; ".join(f"{study.who}: {study.what}" for study in _studies(name)) or "no study found for this course"
        )
        rows.append((road.name, road.whole, studied, road.older, road.newer, road.test))
    columns = ("road", "path", "who was studied", f"review of {_year(_OLDER)}", f"review of {_year(_NEWER)}", "tests")
    return Table(columns, tuple(rows), "Four roads to a vertebra: path, studies and what papers conclude")
