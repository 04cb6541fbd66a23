"""Explorers of the chapter on diagnosis: what each test sees, what a result means, and what a scan can show."""

from __future__ import annotations

from dataclasses import dataclass

from ..clinic import diagnostics
from ..clinic.diagnostics import Test
from ..evidence import finding
from ..explore import Choice, Predict, Table, View, explorer, render
from ..explore.view import Markup
from ..figures import scans
from ..figures.people import Group, array
from ..figures.svg import SMALL, TEXT, WIDTH, circle, line, paragraph, path, polyline, rect, svg, text
from .stability import escc, sins

__all__ = ["escc", "laboratory", "sins", "suspicion", "tests"]

# What each test sees -------------------------------------------------------------------------------------------------

_PATIENT, _LESION = "patient", "lesion"
_SPINE, _BREAST = "spine", "breast"


@dataclass(frozen=True)
class _Test:
    """An imaging test: its name in the findings, and what stands in its card."""

    name: str
    sees: str
    misses: str
    dose: str
    time: str = "no source found"


def _dose(*names: str) -> str:
    values = finding("radiation-doses")
    return ", ".join(f"{name.removesuffix(' (tracer only)')} {values[name].value:g} mSv" for name in names)


def _tests() -> dict[str, _Test]:
    minutes = finding("acquisition-wbmri")["measuring time"].value
    tracer = finding("radiation-doses")["99mTc-MDP bone scan"].value
    return {
        "CT": _Test(
            "CT",
            "The density of bone: destruction, new bone, collapse, alignment.",
            "Tumour among intact bone trabeculae; the cord.",
            _dose("chest CT", "abdominal CT"),
        ),
        "MRI": _Test(
            "MRI",
            "Marrow, tumour in the canal, cord and nerve roots.",
            "Fine bone detail; some people cannot have it.",
            "none",
            f"whole body {minutes:g} minutes (2004)",
        ),
        "bone scan": _Test(
            "bone scintigraphy",
            "Bone being made, in the whole skeleton at once.",
            "Tumour inside marrow; it cannot tell repair or wear from tumour.",
            f"{tracer:g} mSv",
        ),
        "SPECT": _Test(
            "SPECT",
            "Bone being made, in slices, so that body and arch come apart.",
            "What a bone scan misses, though less often.",
            f"tracer as for a bone scan, {tracer:g} mSv",
        ),
        "FDG PET/CT": _Test(
            "FDG PET/CT",
            "Sugar use of tumour cells, laid over a CT.",
            "Many sclerotic lesions.",
            _dose("18F-FDG PET (tracer only)") + " for the tracer, and the CT's own",
        ),
    }


@dataclass(frozen=True)
class _Accuracy:
    """Sensitivity or specificity in per cent, where it was reported."""

    value: float | None
    interval: tuple[float, float] | None = None
    source: str = ""

    @property
    def words(self) -> str:
        if self.value is None:
            return "not reported"
        if self.interval is None:
            return f"{self.value:g}%, interval not given"
        return f"{self.value:g}% ({self.interval[0]:g} to {self.interval[1]:g})"


_BREAST_SOURCES = {
    "bone scan": ("acc-zamanian2023-breast", ("sensitivity", "specificity")),
    "FDG PET/CT": ("acc-zamanian2023-breast", ("sensitivity", "specificity")),
    "MRI": ("acc-liu2011-breast", ("sensitivity",)),
    "CT": ("breast-lesion-type", ("sensitivity",)),
}
"""Where each test was measured in breast cancer, per patient, and what was reported."""


def _accuracy(test: str, measure: str, unit: str, population: str) -> _Accuracy:
    if population == _SPINE:
        source = f"acc-harlianto-{unit}"
    elif unit == _LESION or test not in _BREAST_SOURCES or measure not in _BREAST_SOURCES[test][1]:
        return _Accuracy(None)
    else:
        source = _BREAST_SOURCES[test][0]
    found = finding(source)[f"{_tests()[test].name} {measure}"]
    return _Accuracy(float(found.value), tuple(found.interval) if found.interval else None, source)


@explorer(
    "tests",
    title="What each test sees",
    test=Choice(
        {"CT": "CT", "MRI": "MRI", "Bone scan": "bone scan", "SPECT": "SPECT", "FDG PET/CT": "FDG PET/CT"},
        value="bone scan",
        label="Test",
    ),
    unit=Choice({"per patient": _PATIENT, "per lesion": _LESION}, label="Counted"),
    population=Choice(
        {"spine, all cancers": _SPINE, "any bone, breast cancer": _BREAST},
        label="Measured in",
        help="The newest review of the spine gives no intervals; the breast cancer reviews count patients only.",
    ),
)
def tests(test: str, unit: str, population: str) -> View:
    """Sensitivity and specificity of five imaging tests, with the chosen one's card."""
    names = list(_tests())
    values = {
        name: tuple(_accuracy(name, measure, unit, population) for measure in ("sensitivity", "specificity"))
        for name in names
    }
    parts = [
        text(14, 18, "Sensitivity", bold=True, fill="blue"),
        text(14, 34, "found, of 100 who have it", size=SMALL, fill="blue"),
        text(WIDTH - 14, 18, "Specificity", bold=True, fill="orange", anchor="end"),
        text(WIDTH - 14, 34, "cleared, of 100 who do not", size=SMALL, fill="orange", anchor="end"),
    ]
    y = 44.0
    for name in names:
        parts += _test_row(y, name, *values[name], chosen=name == test)
        y += 38
    parts += [line((_left(0), y), (_left(100), y), stroke="muted")]
    for tick in (0, 50, 100):
        parts.append(text(_left(tick), y + 14, f"{tick}%", size=SMALL, fill="muted", anchor="middle"))
    y += 24
    legend = (
        "Hollow: interval not given." if population == _SPINE else "Hollow: interval not given. Line: 95% interval."
    )
    parts.append(text(14, y + 10, legend, size=SMALL, fill="muted"))
    card, bottom = _test_card(y + 20, test)
    sensitivity, specificity = values[test]
    return View(
        svg(bottom, [*parts, *card], "Sensitivity and specificity of five imaging tests"),
        _tests_summary(test, unit, population, sensitivity, specificity),
        Table(
            ("Test", "Sensitivity", "Specificity", "Evidence"),
            tuple(
                (name, pair[0].words, pair[1].words, ", ".join(sorted({a.source for a in pair if a.source})) or "none")
                for name, pair in values.items()
            ),
            f"Counted per {unit}; {'spine, all cancers' if population == _SPINE else 'any bone, breast cancer'}.",
        ),
    )


def _left(value: float) -> float:
    """Where a percentage lies on the axis of :func:`tests`."""
    return 112 + value * 2.66


def _test_row(y: float, name: str, sensitivity: _Accuracy, specificity: _Accuracy, chosen: bool) -> list[Markup]:
    parts = [rect(6, y + 1, WIDTH - 12, 36, fill="wash", radius=6)] if chosen else []
    parts.append(text(14, y + 23, name[0].upper() + name[1:], bold=chosen))
    for accuracy, at, fill in ((sensitivity, y + 12, "blue"), (specificity, y + 27, "orange")):
        if accuracy.value is None:
            parts.append(text(_left(0), at + 4, "not reported", size=SMALL, fill="muted"))
            continue
        parts.append(line((_left(0), at), (_left(100), at)))
        x = _left(accuracy.value)
        if accuracy.interval:
            ends = [_left(bound) for bound in accuracy.interval]
            bar = "".join(polyline([(end, at - 4), (end, at + 4)]) for end in ends)
            parts.append(path(polyline([(ends[0], at), (ends[1], at)]) + bar, stroke=fill, width=2))
        paint = {"fill": fill} if accuracy.interval else {"fill": "paper", "stroke": fill, "width": 2}
        parts.append(circle((x, at), 5, **paint))
        beside = _left(accuracy.interval[0] if accuracy.interval else accuracy.value) - 8
        parts.append(
            text(
                beside,
                at + 4,
                f"{accuracy.value:g}",
                size=SMALL if not chosen else TEXT,
                fill=fill,
                anchor="end",
                bold=chosen,
            )
        )
    return parts


def _test_card(y: float, test: str) -> tuple[list[Markup], float]:
    card = _tests()[test]
    parts = []
    rows = (
        ("Sees", card.sees),
        ("Misses", card.misses),
        ("Radiation", card.dose),
        ("Time", card.time),
        ("Cost", "no current price found"),
    )
    y += 14
    for name, words in rows:
        parts.append(text(14, y, name, size=SMALL, bold=True))
        drawn, y = paragraph(86, y, words, WIDTH - 96, size=SMALL)
        parts.append(drawn)
        y += 4
    return parts, y - 6


def _tests_summary(test: str, unit: str, population: str, sensitivity: _Accuracy, specificity: _Accuracy) -> str:
    name = {"bone scan": "a bone scan", "FDG PET/CT": "FDG PET/CT"}.get(test, test)
    things = "people with metastases" if unit == _PATIENT else "metastases"
    if sensitivity.value is None:
        return (
            f"No pooled value for {name} counted by {unit} in breast cancer was found. A gap is not a zero; look at "
            "the spine in all cancers, and say that you did."
        )
    found = f"Of 100 {things}, {name} finds {sensitivity.value:g}"
    doubt = "" if sensitivity.interval else " The source gives no interval."
    if specificity.value is None:
        cleared = f"how often it is right to clear {'a person' if unit == _PATIENT else 'a spot'} was not reported."
        return f"{found}; {cleared}{doubt}"
    cleared = (
        f"and of 100 {'people' if unit == _PATIENT else 'spots'} without, {specificity.value:g} are rightly cleared"
    )
    return f"{found}, {cleared}. {_tests_lesson(test, unit) if population == _SPINE else ''}".strip() + doubt


def _tests_lesson(test: str, unit: str) -> str:
    """What to take from a test's numbers in the spine."""
    if test == "bone scan":
        other = _LESION if unit == _PATIENT else _PATIENT
        cleared = _accuracy(test, "specificity", other, _SPINE).value
        return f"Counted by {other} the same scan clears {cleared:g}: name the unit before you compare."
    if test == "CT":
        missed = 100 - (_accuracy(test, "sensitivity", unit, _SPINE).value or 0)
        return f"It misses {missed:g} in 100, so a clean CT does not close the matter."
    if test == "MRI":
        return "No other test here shows the cord so well, which is one reason why it comes first."
    if test == "SPECT":
        return "Slices find more than the flat bone scan does, with the same tracer."
    return "Its tracer follows sugar use, so quiet sclerotic lesions can escape it."


# From suspicion to probability ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Before:
    """Whom the test is done in: how likely metastases are before it, and where that number comes from."""

    who: str
    evidence: str
    value: str

    @property
    def percent(self) -> float:
        return float(finding(self.evidence)[self.value].value)


_BEFORE = {
    "primary": _Before(
        "back pain in primary care", "pretest-primary-care-cochrane", "tumours among primary-care back-pain patients"
    ),
    "history": _Before(
        "back pain in primary care and a history of cancer", "redflags-cochrane-postprob", "with history of cancer"
    ),
    "clinic": _Before(
        "all people at a cancer clinic, at first diagnosis", "symptoms-cancer-clinic", "spinal metastases"
    ),
    "symptoms": _Before(
        "those at the cancer clinic with symptoms", "symptoms-cancer-clinic", "positive predictive value"
    ),
    "highest": _Before(
        "back pain and a history of cancer, highest setting studied",
        "redflags-postprob-cancer-history",
        "post-test probability with cancer history (abstract, highest setting)",
    ),
}
_FOLLOW = {"nothing": None, "MRI agrees": True, "MRI disagrees": False}


def _imaging(name: str) -> Test:
    """Accuracy per patient in the spine, all cancers."""
    accuracy = (_accuracy(name, measure, _PATIENT, _SPINE).value for measure in ("sensitivity", "specificity"))
    sensitivity, specificity = (float(value or 0) / 100 for value in accuracy)
    return Test(sensitivity, specificity)


def _second_mri(before: str, first: str, positive: bool, then: str) -> bool | str:
    if first == "MRI" and then != "nothing":
        return "a second MRI errs where the first did, so it would not count as a new test"
    return True


def _percent(probability: float) -> str:
    """In whole per cent, with one decimal below 10; never zero, since no test here makes it so."""
    percent = 100 * probability
    if percent < 0.05:
        return "under 0.1%"
    return f"{percent:.1f}%" if percent < 10 else f"{percent:.0f}%"


@explorer(
    "suspicion",
    title="From suspicion to probability",
    valid=_second_mri,
    before=Choice(
        {f"{_percent(setting.percent / 100)}: {setting.who}": key for key, setting in _BEFORE.items()},
        value="history",
        label="Before the test",
    ),
    first=Choice({"CT": "CT", "MRI": "MRI", "Bone scan": "bone scan", "FDG PET/CT": "FDG PET/CT"}, label="First test"),
    positive=Choice({"positive": True, "negative": False}, label="Its result"),
    then=Choice({name: name for name in _FOLLOW}, label="Then"),
    predict=Predict(
        "In primary care, people with back pain and a history of cancer have a CT. Of 100 with a positive CT, how "
        "many have a spinal metastasis?",
        "About 10",
        "Metastases are rare in this group, so the false alarms among the many without one outnumber the true alarms "
        "among the few who have one.",
        options=("About 10", "About 40", "About 70", "About 90"),
    ),
)
def suspicion(before: str, first: str, positive: bool, then: str) -> View:
    """What a result means, in natural frequencies of 1,000 people; a second test may follow."""
    setting = _BEFORE[before]
    start = setting.percent / 100
    results = [(_imaging(first), positive)]
    names = [first]
    if _FOLLOW[then] is not None:
        results.append((_imaging("MRI"), positive == _FOLLOW[then]))
        names.append("MRI")
    signs = ["positive" if result else "negative" for _, result in results]
    labels = ["before the test", *(f"{name} {sign}" for name, sign in zip(names, signs, strict=True))]
    said = " and ".join(f"a {sign} {name}" for name, sign in zip(names, signs, strict=True))
    chances = diagnostics.steps(start, results)
    counts = diagnostics.people(start, results)
    groups = [
        Group(f"with a metastasis and {said}", counts.diseased, "purple"),
        Group(f"without one, and {said}", counts.healthy, "orange"),
        Group("with a metastasis and other results", counts.other_diseased, "purple-wash"),
        Group("without one, and other results", counts.other_healthy, "line"),
    ]
    parts, y = array(groups, 1000, f"1,000 people: {setting.who}", "", 0)
    ladder, y = _ladder(y + 4, labels, chances)
    note, y = paragraph(
        10,
        y + 12,
        "Rounded to whole people. Accuracy per patient, spine, all cancers; interval not given. The tests are taken to "
        "err independently; two scans often err on the same people.",
        WIDTH - 20,
        size=SMALL,
        fill="muted",
    )
    return View(
        svg(y - 4, [*parts, *ladder, note], "A thousand people and what a result means"),
        _suspicion_summary(chances, counts, said, results[-1][1]),
        Table(
            ("Step", "Probability of a spinal metastasis", "People left of 1,000", "of these with a metastasis"),
            tuple(
                (label, _percent(chance), step.matching, step.diseased)
                for label, chance, step in zip(
                    labels, chances, (diagnostics.people(start, results[:i]) for i in range(len(labels))), strict=True
                )
            ),
            f"Before: {setting.evidence}; accuracy: acc-harlianto-patient. Independence of the tests is assumed.",
        ),
    )


def _ladder(y: float, labels: list[str], chances: list[float]) -> tuple[list[Markup], float]:
    """A bar for the probability after each step."""
    parts: list[Markup] = []
    for label, chance in zip(labels, chances, strict=True):
        parts += [
            text(10, y + 13, label[0].upper() + label[1:], size=SMALL),
            rect(142, y + 3, 190, 13, fill="wash", radius=2),
            rect(142, y + 3, max(1.0, 190 * chance), 13, fill="purple", radius=2),
            text(WIDTH - 10, y + 14, _percent(chance), bold=True, anchor="end"),
        ]
        y += 21
    return parts, y


_RARE = 0.05
"""Probability before the test below which a sentence calls the disease rare."""
_STILL_FALSE = "A positive result raises the probability, and is still more often false than true"


def _suspicion_summary(chances: list[float], counts: diagnostics.People, said: str, last: bool) -> str:
    now = _percent(chances[-1])
    if counts.matching == 0:
        return f"Fewer than one in 1,000 people has these results ({said}); one who does has a probability of {now}."
    lead = (
        f"Of {counts.matching:,} people with {said}, {counts.diseased:,} "
        f"{'has' if counts.diseased == 1 else 'have'} a spinal metastasis: {_percent(chances[0])} became {now}. "
    )
    if len(chances) == 3 and last != (chances[1] > chances[0]):
        return lead + "Two tests that disagree leave doubt; the better test weighs more, and the symptoms still count."
    if len(chances) == 3 and last and chances[-1] < 0.5:
        return lead + "Where the disease is this rare, even two positive scans may be wrong; tissue decides."
    if last and chances[-1] < 0.5:
        why = "Where the disease is rare, most positives are false" if chances[0] < _RARE else _STILL_FALSE
        return lead + why + "; a second, different test is worth its time."
    if last:
        return (
            lead + "Now a metastasis is more likely than not; what is still missing is its name, and biopsy gives it."
        )
    if len(chances) == 3:
        return (
            lead
            + "Two negative tests miss few, if they do not err on the same people; new signs start the clock again."
        )
    if chances[0] >= _RARE:
        return lead + "A negative result lowers the probability and does not close the matter while symptoms go on."
    return lead + "Few are missed here because few had it, not because the test is perfect."


# Scan laboratory -----------------------------------------------------------------------------------------------------

_HIDDEN, _FAINT = 2.0, 8.0
"""This laboratory's own convention for a change of grey in per cent: below the first bound nothing shows, below the
second it is easy to miss."""
_KINDS = {
    "Marrow only": ("marrow", "tumour among intact bone trabeculae"),
    "Lytic": ("lytic", "bone destroyed"),
    "Sclerotic": ("sclerotic", "new, dense bone"),
    "Mixed": ("mixed", "bone destroyed and bone made"),
}
_SIZES = {
    f"{scans.DIAMETER_MM['small']:g} mm": "small",
    f"{scans.DIAMETER_MM['medium']:g} mm": "medium",
    "the whole body": "whole",
}
_PLACES = {"inside the marrow": "inside", "under the back wall": "under", "through the back wall": "through"}
_TECHNIQUES: dict[str, scans.Technique] = {
    "Radiograph": "radiograph",
    "CT": "ct",
    "MRI, T2": "t2",
    "MRI, marrow-sensitive (T1)": "marrow",
    "Bone scan": "bonescan",
}
_SHORT = {
    "radiograph": "the radiograph",
    "ct": "CT",
    "t2": "T2",
    "marrow": "marrow-sensitive MRI",
    "bonescan": "the bone scan",
}


def _lesion_exists(kind: str, size: str, place: str, image: str) -> bool | str:
    return scans.impossible(kind, size, place) or True


@explorer(
    "laboratory",
    title="Scan laboratory: a synthetic lesion on real scans",
    valid=_lesion_exists,
    kind=Choice({name: kind for name, (kind, _) in _KINDS.items()}, value="lytic", label="Lesion (synthetic)"),
    size=Choice(_SIZES, value="medium", label="Size"),
    place=Choice(_PLACES, label="Place in the vertebral body"),
    image=Choice(_TECHNIQUES, value="ct", label="Image"),
    predict=Predict(
        "A lytic lesion of 18 mm lies inside the marrow; the cortex is whole. Which image shows it best?",
        "Marrow-sensitive MRI",
        "MRI sees the tumour itself, since tumour holds water where marrow held fat. CT and radiograph see missing "
        "bone, and spongy bone has little to miss; the bone scan sees bone's answer, and there is none yet.",
        options=("Radiograph", "CT", "Marrow-sensitive MRI", "Bone scan"),
    ),
)
def laboratory(kind: scans.Kind, size: scans.Size, place: scans.Place, image: scans.Technique) -> View:
    """A lesion painted into a real scan, and what one kind of image makes of it."""
    lesion = scans.Lesion(kind, size, place)
    panel = scans.panel(lesion, image)
    wide, high = 190.0, 190.0 * scans.HIGH_MM / scans.WIDE_MM
    parts = [text(6, 15, "Without a lesion", bold=True), text(204, 15, "With a synthetic lesion", bold=True)]
    for x, picture in ((6.0, panel.before), (204.0, panel.after)):
        parts.append(_scaled(picture, x, 22, wide))
    y = 22 + high
    left, right = ("left", "right") if image == "bonescan" else ("front", "back")
    for x in (6.0, 204.0):
        parts.append(text(x, y + 13, left, size=SMALL, fill="muted"))
        parts.append(text(x + wide, y + 13, right, size=SMALL, fill="muted", anchor="end"))
    y += 20
    small = 128.0
    parts += [
        rect(6, y, small, small * scans.HIGH_MM / scans.WIDE_MM, fill="paper", stroke="line"),
        _scaled(scans.truth(lesion, image), 6, y, small),
        text(6, y + small * scans.HIGH_MM / scans.WIDE_MM + 14, "What is there (red)", size=SMALL, fill="red"),
    ]
    verdict, fill = _verdict(panel.change)
    words_y = y + 13
    parts.append(text(146, words_y, verdict, bold=True, fill=fill))
    drawn, words_y = paragraph(146, words_y + 16, scans.RULES[image], WIDTH - 152, size=SMALL)
    parts.append(drawn)
    measured, words_y = paragraph(146, words_y + 4, _measured(panel), WIDTH - 152, size=SMALL, fill="muted")
    parts.append(measured)
    bottom = max(y + small * scans.HIGH_MM / scans.WIDE_MM + 22, words_y - 6)
    changes = {technique: scans.change(lesion, technique) for technique in _TECHNIQUES.values()}
    return View(
        svg(bottom, parts, "A vertebra without and with a painted synthetic lesion"),
        _laboratory_summary(lesion, image, changes),
        Table(
            ("Image", "Change of grey at the clearest part, % of the scale", "In words"),
            tuple(
                (name, round(changes[technique], 1), _verdict(changes[technique])[0])
                for name, technique in _TECHNIQUES.items()
            ),
            f"Synthetic lesion. Below {_HIDDEN:g}% nothing shows, below {_FAINT:g}% it is easy to miss: a convention "
            "of this laboratory, not a measure of diagnosis.",
        ),
    )


def _scaled(drawing: Markup, x: float, y: float, width: float) -> Markup:
    """Something in the panel's millimetres, put into a box; what reaches beyond is cut off."""
    return render(
        '<svg x="{x:g}" y="{y:g}" width="{width:g}" height="{height:.1f}" viewBox="0 0 {wide:g} {high:g}">'
        "{drawing}</svg>",
        x=x,
        y=y,
        width=width,
        height=width * scans.HIGH_MM / scans.WIDE_MM,
        wide=scans.WIDE_MM,
        high=scans.HIGH_MM,
        drawing=drawing,
    )


def _verdict(change: float) -> tuple[str, str]:
    if change < _HIDDEN:
        return "Nothing to see", "muted"
    if change < _FAINT:
        return "Easy to miss", "orange"
    return "Visible", "green"


def _measured(panel: scans.Panel) -> str:
    words = f"Change of grey: {panel.change:.0f}% of the scale."
    if panel.mineral_loss is None:
        return words
    low, high = finding("radiograph-threshold")["classical threshold"].value
    if panel.mineral_loss < 0:
        return f"{words} Mineral was added along the rays."
    return (
        f"{words} Mineral lost along the rays: {panel.mineral_loss:.0f}%; the old rule asks for {low:g} to {high:g}%."
    )


def _laboratory_summary(lesion: scans.Lesion, image: scans.Technique, changes: dict[scans.Technique, float]) -> str:
    verdict, what = _verdict(changes[image])[0], _described(lesion)
    lead = {
        "Nothing to see": f"On {_SHORT[image]} nothing shows of {what}",
        "Easy to miss": f"On {_SHORT[image]} {what} is there for those who know where to look",
        "Visible": f"On {_SHORT[image]} {what} shows",
    }[verdict]
    hidden = [_SHORT[technique] for technique, change in changes.items() if change < _HIDDEN]
    others = f" Nothing shows on {' or '.join(_listed(hidden))}." if hidden and verdict == "Visible" else ""
    return f"{lead}: {_WHY[image](lesion)}{others} The lesion is synthetic."


def _described(lesion: scans.Lesion) -> str:
    kind = "marrow-only" if lesion.kind == "marrow" else lesion.kind
    if lesion.size == "whole":
        return f"a {kind} lesion of the whole body"
    size = scans.DIAMETER_MM[lesion.size]
    where = next(words for words, place in _PLACES.items() if place == lesion.place)
    return f"{'an' if size == 18 else 'a'} {size:g} mm {kind} lesion {where}"


def _listed(names: list[str]) -> list[str]:
    return [", ".join(names[:-1]), names[-1]] if len(names) > 2 else names


def _why_radiograph(lesion: scans.Lesion) -> str:
    if lesion.kind == "marrow":
        return "no bone is missing, so no X-ray is missed."
    if lesion.kind in ("sclerotic", "mixed"):
        return "new bone absorbs X-rays. A real film, with bowel and scatter in front, shows less."
    if lesion.size == "whole":
        return "so much bone is gone that even a sum over the whole width of the body shows it."
    return "each ray crosses much healthy bone as well, which hides what is missing."


def _why_ct(lesion: scans.Lesion) -> str:
    if lesion.kind == "marrow":
        return "tumour that leaves the trabeculae standing has nearly the density of marrow."
    if lesion.kind in ("sclerotic", "mixed"):
        return "new bone is far denser than marrow."
    if lesion.place == "through" and lesion.size == "small":
        return "only a few millimetres of the back wall are gone, and the rest was hardly denser than soft tissue."
    if lesion.place == "through":
        return "the back wall of the body is gone, and CT sees cortex best."
    return "this person's spongy bone is hardly denser than soft tissue, so only lost cortex would stand out."


def _why_t2(lesion: scans.Lesion) -> str:
    if lesion.kind == "sclerotic":
        return "new bone holds little water and turns dark."
    if lesion.kind == "mixed":
        return "bright tumour and dark new bone lie side by side."
    return "tumour is a little brighter than marrow; beside fatty marrow the step is smaller than on T1."


def _why_marrow(lesion: scans.Lesion) -> str:
    if lesion.kind == "sclerotic":
        return "new bone pushes out fatty marrow, and T1 turns dark. CT says which of the two it is."
    return "fat is gone from the marrow and T1 turns dark there, whether or not bone is destroyed."


def _why_bonescan(lesion: scans.Lesion) -> str:
    cortex = finding("bonescan-cortex")
    if lesion.kind == "marrow":
        return "a bone scan sees bone's answer, not the tumour in the marrow."
    if lesion.kind in ("sclerotic", "mixed"):
        return "tracer goes where new bone is made, but repair and wear take it up as well."
    if lesion.place == "inside":
        share = cortex["intramedullary lesions"].value
        return (
            f"while the cortex is whole, bone makes no answer; in a study {share:g}% of lesions inside marrow showed."
        )
    name = "subcortical lesions" if lesion.place == "under" else "transcortical lesions"
    return f"tracer gathers where the lesion meets cortex; in a study {cortex[name].value:g}% of such lesions showed."


_WHY = {
    "radiograph": _why_radiograph,
    "ct": _why_ct,
    "t2": _why_t2,
    "marrow": _why_marrow,
    "bonescan": _why_bonescan,
}
