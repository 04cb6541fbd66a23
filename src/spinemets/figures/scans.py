"""Real CT and MRI slices of a lumbar vertebra with a lesion painted in, and what five kinds of image make of it.

The scans are of two people without a metastasis; every lesion is synthetic. It is painted as a change of the voxels,
and each image is then made from the changed voxels by its own rule (:data:`RULES`). CT and T2 are the scans
themselves; the radiograph is a projection of the CT; the marrow image and the bone scan are simulated.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import contourpy
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from ..data import read
from ..explore.palette import colour
from ..explore.view import Markup, asset, render

Kind = Literal["marrow", "lytic", "sclerotic", "mixed"]
Size = Literal["small", "medium", "whole"]
Place = Literal["inside", "under", "through"]
Technique = Literal["radiograph", "ct", "t2", "marrow", "bonescan"]
Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

MM = 1.5
"""Edge of a voxel in both scans."""
DIAMETER_MM: dict[str, float] = {"small": 9.0, "medium": 18.0}
ZOOM = 3
"""Pixels for each voxel in the pictures."""
WIDE_MM, HIGH_MM = 78.0, 66.0
"""What a panel shows."""

RULES: dict[Technique, str] = {
    "radiograph": "Side view, made by adding up the X-ray absorption of the CT along each ray, from side to side. "
    "Scatter and bowel gas are left out; a real film shows less.",
    "ct": "Real CT. Destroyed bone gets the density of soft tissue, new bone that of dense bone. Tumour that only "
    "takes the place of marrow changes nothing here.",
    "t2": "Real T2 image. Tumour is painted somewhat brighter than marrow, new bone dark.",
    "marrow": "Simulated T1 image: fatty marrow bright, water-rich tumour and new bone dark. Contrast is taken as that "
    "of fatty marrow; younger marrow has less.",
    "bonescan": "Simulated, seen from behind, blurred as by a gamma camera. Tracer goes where bone is made: into "
    "sclerosis, and along cortex that tumour reaches. Marrow tumour takes up none.",
}
"""How each image is made; shown beside it."""

_CT_BODY, _CT_TRABECULAR = (49, 50), 50
_FOCUS = {"ct": 22, "mr": 6}
"""Label of the vertebra in the middle of each scan."""
_SOFT_TISSUE_HU, _NEW_BONE_HU = 40.0, 800.0
_T2_TUMOUR, _T2_NEW_BONE = 1.6, 0.35
"""Signal relative to marrow."""
_T1_SIGNAL = {
    "marrow": 0.72,
    "tumour": 0.30,
    "new bone": 0.16,
    "cortex": 0.10,
    "fluid": 0.10,
    "cord": 0.36,
    "disc": 0.34,
}
_CAMERA_BLUR_MM = 4.2
"""Standard deviation: a resolution of about 10 mm."""
_UPTAKE = {"cortex": 1.0, "trabecular": 0.55, "soft": 0.05}
_RESPONSE = {"under": 2.2, "through": 6.0}
"""Extra uptake of cortex beside a lesion; none while the lesion lies inside the marrow."""
_NEW_BONE_UPTAKE = 3.2


@dataclass(frozen=True)
class Lesion:
    """A synthetic lesion in the body of the vertebra in the middle.

    Attributes:
        kind: tumour among intact trabeculae (marrow), bone destroyed (lytic), new bone (sclerotic), both (mixed).
        size: 9 mm, 18 mm, or the whole body.
        place: inside the marrow, under the back wall, or through it.

    Raises:
        ValueError: a combination that :func:`impossible` rules out.
    """

    kind: Kind
    size: Size
    place: Place

    def __post_init__(self) -> None:
        reason = impossible(self.kind, self.size, self.place)
        if reason:
            raise ValueError(f"{self.kind}, {self.size}, {self.place}: {reason}")


@dataclass(frozen=True)
class Panel:
    """An image without and with a lesion, ready for an SVG, and how much the lesion changed it."""

    before: Markup
    """SVG of the scan as it is, ``WIDE_MM`` by ``HIGH_MM`` units."""
    after: Markup
    change: float
    """See :func:`change`."""
    mineral_loss: float | None
    """Radiograph only: per cent of the vertebral body's mineral that is gone along the rays through the lesion;
    negative where bone was added."""


def impossible(kind: str, size: str, place: str) -> str:
    """Why a lesion cannot be painted, or an empty text."""
    if kind == "marrow" and place == "through":
        return "a lesion of the marrow alone leaves the cortex whole"
    if size == "whole" and place == "inside":
        return "a lesion of the whole body reaches the cortex"
    if size == "whole" and place == "under" and kind != "marrow":
        return "a whole body of destroyed or new bone includes the back wall"
    return ""


def panel(lesion: Lesion, technique: Technique) -> Panel:
    """The two pictures of one technique and the change between them."""
    before = _picture(technique)
    after = Markup(before + _overlay(_grey(technique, None), _grey(technique, lesion)))
    loss = _mineral_loss(lesion) if technique == "radiograph" else None
    return Panel(before, after, change(lesion, technique), loss)


@lru_cache(maxsize=512)
def change(lesion: Lesion, technique: Technique) -> float:
    """How much the clearest part of the lesion (its upper tenth) differs from the scan as it was, noise smoothed away,
    in per cent of the scale from black to white."""
    difference = _grey(technique, lesion) - _grey(technique, None)
    smooth = np.abs(ndimage.gaussian_filter(difference, 1.2 * ZOOM))
    return float(np.percentile(smooth[_outline(technique, lesion)], 90) * 100)


def truth(lesion: Lesion, technique: Technique) -> Markup:
    """A drawing of bones and lesion in the panel's units: what is really there."""
    frame = _frame(technique)
    return Markup(_bones(technique) + _painted(frame, _shape(frame.scan, lesion)[0].max(frame.axis), "red", "red"))


@lru_cache(maxsize=8)
def _bones(technique: Technique) -> str:
    frame = _frame(technique)
    return "".join(_painted(frame, mask, fill, edge) for mask, fill, edge in _anatomy(technique))


def _painted(frame: _Frame, mask: Mask, fill: str, edge: str) -> str:
    """A mask as a filled outline in the panel's units; empty where the panel does not show it."""
    d = _contours(frame.cut(mask.astype(float)))
    if not d:
        return ""
    return render(
        '<path d="{d}" fill="{fill}" fill-rule="evenodd" stroke="{edge}" stroke-width=".6"{opacity}/>',
        d=d,
        fill=colour(fill),
        edge=colour(edge),
        opacity=Markup(' fill-opacity="0.75"') if fill == "red" else "",
    )


# The scans and the part of them that a panel shows ------------------------------------------------------------------


@lru_cache(maxsize=1)
def _scans() -> dict[str, NDArray[np.generic]]:
    with np.load(io.BytesIO(read("scans/spine_ct_mri.npz"))) as file:
        return {name: file[name] for name in file.files}


@dataclass(frozen=True)
class _Frame:
    """Which scan a technique is made from, along which axis it is seen, and which part is shown."""

    scan: Literal["ct", "mr"]
    axis: int
    """0: from the side; 1: from behind."""
    start: tuple[int, int]

    def cut(self, plane: Array) -> Array:
        """A plane (across, up) to pixels (down, right): the front of the body, or its left side, at the left."""
        wide, high = round(WIDE_MM / MM), round(HIGH_MM / MM)
        across, up = self.start
        turn = -1 if self.axis == 0 else 1
        return plane[across : across + wide, up : up + high][::turn, ::-1].T


@lru_cache(maxsize=8)
def _frame(technique: Technique) -> _Frame:
    scan: Literal["ct", "mr"] = "mr" if technique in ("t2", "marrow") else "ct"
    axis = 1 if technique == "bonescan" else 0
    middle = np.argwhere(_body(scan)).mean(0)
    shape = _scans()[scan].shape
    wide, high = round(WIDE_MM / MM), round(HIGH_MM / MM)
    across = round(middle[1] - wide * 0.6) if axis == 0 else round(middle[0] - wide / 2)
    limit = shape[1] if axis == 0 else shape[0]
    up = round(middle[2] - high / 2)
    return _Frame(scan, axis, (min(max(across, 0), limit - wide), min(max(up, 0), shape[2] - high)))


@lru_cache(maxsize=2)
def _body(scan: str) -> Mask:
    """The vertebral body in the middle of a scan."""
    scans = _scans()
    return np.isin(scans[f"{scan}_regions"], _CT_BODY) & (scans[f"{scan}_vertebrae"] == _FOCUS[scan])


@lru_cache(maxsize=2)
def _cortex(scan: str) -> Mask:
    """The shell of the body, one voxel thick."""
    return _body(scan) & ~ndimage.binary_erosion(_body(scan))


@lru_cache(maxsize=2)
def _middle(scan: str) -> slice:
    """Three slices around the midline, 4.5 mm together."""
    x = round(float(np.argwhere(_body(scan))[:, 0].mean()))
    return slice(x - 1, x + 2)


# The lesion ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _shape(scan: str, lesion: Lesion) -> tuple[Mask, Array, Array]:
    """The lesion's voxels; the same with a soft edge; and the share of new bone in it, 0 to 1."""
    body, cortex = _body(scan), _cortex(scan)
    centre = np.argwhere(body).mean(0)
    grid = np.indices(body.shape).astype(float)
    core = body[_middle(scan)].any(0)[:, round(centre[2])]
    back = float(np.flatnonzero(core).min())
    if lesion.size == "whole":
        inner = body & ~cortex
        mask = body & (grid[1] < centre[1]) | inner if lesion.place == "through" else inner
    else:
        radius = DIAMETER_MM[lesion.size] / 2 / MM
        middle_y = {"inside": centre[1] + 1, "under": back + 1 + radius, "through": back + 0.55 * radius}[lesion.place]
        # Below the middle of the back wall, where a vein leaves a gap in the cortex of every vertebra.
        middle_z = centre[2] - (0 if lesion.place == "inside" else 3)
        offset = [grid[0] - centre[0], grid[1] - middle_y, grid[2] - middle_z]
        distance = np.sqrt(sum(part**2 for part in offset))
        angle = np.arctan2(offset[2], offset[1])
        uneven = 1 + 0.10 * np.sin(3 * angle + 0.7) + 0.06 * np.sin(5 * angle + 2 + offset[0] / 3)
        mask = body & (distance <= radius * uneven)
        if lesion.place != "through":
            mask &= ~cortex
    soft = ndimage.gaussian_filter(mask.astype(float), 0.6)
    soft = np.where(body, np.clip(soft * 1.25, 0, 1), 0.0)
    if lesion.kind == "sclerotic":
        new_bone = np.ones(body.shape)
    elif lesion.kind == "mixed":
        field = ndimage.gaussian_filter(np.random.default_rng(7).normal(size=body.shape), 1.6)
        new_bone = 1 / (1 + np.exp(-field / field.std() * 4))
    else:
        new_bone = np.zeros(body.shape)
    return mask, soft, new_bone


def _outline(technique: Technique, lesion: Lesion) -> Mask:
    """Where the lesion lies in the picture, in pixels."""
    frame = _frame(technique)
    mask = _shape(frame.scan, lesion)[0].astype(float)
    plane = mask.max(frame.axis) if technique in ("radiograph", "bonescan") else mask[_middle(frame.scan)].max(0)
    return _enlarged(frame.cut(plane), order=1) > 0.5


# The five images -----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _grey(technique: Technique, lesion: Lesion | None) -> Array:
    """The image from 0 (black) to 1 (white), in pixels."""
    make = {"radiograph": _radiograph, "ct": _ct, "t2": _t2, "marrow": _t1, "bonescan": _bone_scan}[technique]
    return np.clip(_enlarged(_frame(technique).cut(make(lesion)), order=3), 0, 1)


@lru_cache(maxsize=4)
def _hounsfield(lesion: Lesion | None) -> Array:
    """The CT with the lesion's change of density; the scan's own noise is kept."""
    values = _scans()["ct"].astype(float)
    if lesion is None or lesion.kind == "marrow":
        return values
    _, soft, new_bone = _shape("ct", lesion)
    noise = np.random.default_rng(11).normal(0, 55, values.shape)
    painted = _SOFT_TISSUE_HU + new_bone * (_NEW_BONE_HU - _SOFT_TISSUE_HU) + noise
    return values * (1 - soft) + painted * soft


def _ct(lesion: Lesion | None) -> Array:
    return (_hounsfield(lesion)[_middle("ct")].mean(0) + 150) / 650


def _radiograph(lesion: Lesion | None) -> Array:
    """Absorption relative to water is 1 + HU / 1000, added up from left to right."""
    absorbed = np.clip(1 + _hounsfield(lesion) / 1000, 0, None).mean(0)
    low, high = np.percentile(np.clip(1 + _hounsfield(None) / 1000, 0, None).mean(0), (5, 99.5))
    return (absorbed - low) / (high - low)


def _mineral_loss(lesion: Lesion) -> float:
    """Per cent of the body's mineral (density above soft tissue) gone along the rays through the lesion."""
    body = _body("ct")
    before, after = (
        np.where(body, np.clip(_hounsfield(which) - _SOFT_TISSUE_HU, 0, None), 0).sum(0) for which in (None, lesion)
    )
    rays = _shape("ct", lesion)[0].any(0)
    return float(100 * (1 - after[rays].sum() / before[rays].sum()))


def _t2(lesion: Lesion | None) -> Array:
    values = _scans()["mr"].astype(float)
    if lesion is not None:
        _, soft, new_bone = _shape("mr", lesion)
        marrow = _marrow_signal()
        signal = _T2_TUMOUR + new_bone * (_T2_NEW_BONE - _T2_TUMOUR)
        texture = 1 + 0.6 * (values / marrow - 1)
        values = values * (1 - soft) + marrow * signal * np.clip(texture, 0.3, 2) * soft
    return np.clip(values[_middle("mr")].mean(0) / 260, 0, 1) ** 0.7


def _t1(lesion: Lesion | None) -> Array:
    """From the label map of the T2 scan; what has no label is taken as muscle with fat where T2 is bright."""
    scans = _scans()
    t2 = scans["mr"].astype(float)
    regions = scans["mr_regions"]
    level = _T1_SIGNAL
    signal = 0.20 + 0.62 * np.clip((ndimage.gaussian_filter(t2, 0.5) - 40) / 160, 0, 1)
    bone = (regions > 0) & (regions < 60)
    bodies = regions == 49
    signal[bone] = level["marrow"] * 0.85
    signal[bodies] = level["marrow"]
    signal[regions == 100] = level["disc"]
    signal[regions == 61] = level["fluid"] + 0.14 * np.clip(1 - t2[regions == 61] / 250, 0, 1)
    signal[regions == 60] = level["cord"]
    signal[bone & ~ndimage.binary_erosion(bone)] = level["cortex"] + 0.14
    signal[(regions == 62) | (bodies & ~ndimage.binary_erosion(bodies))] = level["cortex"] + 0.08
    if lesion is not None:
        _, soft, new_bone = _shape("mr", lesion)
        painted = level["tumour"] + new_bone * (level["new bone"] - level["tumour"])
        signal = signal * (1 - soft) + painted * soft
    texture = np.clip(1 + 0.22 * (t2 / ndimage.gaussian_filter(t2, 2.0).clip(10) - 1), 0.7, 1.3)
    return ndimage.gaussian_filter((signal * texture)[_middle("mr")].mean(0), 0.6)


def _marrow_signal() -> float:
    return float(np.median(_scans()["mr"][_body("mr") & ~_cortex("mr")]))


def _bone_scan(lesion: Lesion | None) -> Array:
    """Uptake added up from front to back, blurred, with the noise of counting; hot is dark."""
    regions = _scans()["ct_regions"]
    uptake = np.where(regions > 0, _UPTAKE["cortex"], _UPTAKE["soft"])
    uptake[regions == _CT_TRABECULAR] = _UPTAKE["trabecular"]
    if lesion is not None:
        uptake = uptake + _bone_response(lesion)
    counts = ndimage.gaussian_filter(uptake.sum(1), _CAMERA_BLUR_MM / MM) * 9
    noise = ndimage.gaussian_filter(np.random.default_rng(3).normal(size=counts.shape), 0.7)
    return np.exp(-(counts + np.sqrt(counts) * noise) / 330)


def _bone_response(lesion: Lesion) -> Array:
    mask, soft, new_bone = _shape("ct", lesion)
    extra = np.zeros(mask.shape)
    if lesion.kind in ("sclerotic", "mixed"):
        extra += _NEW_BONE_UPTAKE * soft * new_bone
    if lesion.kind in ("lytic", "mixed") and lesion.place != "inside":
        beside = ndimage.binary_dilation(mask, iterations=2) & _body("ct") & ~ndimage.binary_erosion(mask)
        near_cortex = ndimage.binary_dilation(_cortex("ct"), iterations=2)
        extra += _RESPONSE[lesion.place] * (beside & near_cortex)
    return extra


# From grey values to SVG ---------------------------------------------------------------------------------------------


def _enlarged(plane: Array, order: int) -> Array:
    return ndimage.zoom(plane, ZOOM, order=order)


@lru_cache(maxsize=8)
def _picture(technique: Technique) -> Markup:
    image = Image.fromarray(_eight_bit(_grey(technique, None)), "L")
    return render(
        '<image width="{wide:g}" height="{high:g}" preserveAspectRatio="none" href="{ref}"/>',
        wide=WIDE_MM,
        high=HIGH_MM,
        ref=asset(_webp(image), "webp"),
    )


def _overlay(base: Array, changed: Array) -> Markup:
    """Only what changed, fading out at its edge, so that the slice itself is stored once."""
    difference = np.abs(_eight_bit(changed).astype(int) - _eight_bit(base).astype(int))
    where = difference > 1
    if not where.any():
        return Markup("")
    rows, columns = (np.flatnonzero(where.any(axis)) for axis in (1, 0))
    margin = 4
    top, left = max(int(rows[0]) - margin, 0), max(int(columns[0]) - margin, 0)
    bottom, right = int(rows[-1]) + margin + 1, int(columns[-1]) + margin + 1
    alpha = ndimage.gaussian_filter(ndimage.binary_dilation(where, iterations=2).astype(float), 1.0)
    cut = (slice(top, bottom), slice(left, right))
    image = Image.merge(
        "LA", (Image.fromarray(_eight_bit(changed)[cut], "L"), Image.fromarray(_eight_bit(alpha)[cut], "L"))
    ).convert("RGBA")
    unit = WIDE_MM / base.shape[1], HIGH_MM / base.shape[0]
    return render(
        '<image x="{x:.2f}" y="{y:.2f}" width="{wide:.2f}" height="{high:.2f}" preserveAspectRatio="none" '
        'href="{ref}"/>',
        x=left * unit[0],
        y=top * unit[1],
        wide=image.width * unit[0],
        high=image.height * unit[1],
        ref=asset(_webp(image), "webp"),
    )


def _eight_bit(values: Array) -> NDArray[np.uint8]:
    return np.round(np.clip(values, 0, 1) * 255).astype(np.uint8)


def _webp(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "WEBP", quality=72, method=4)
    return file.getvalue()


def _anatomy(technique: Technique) -> list[tuple[Mask, str, str]]:
    """Masks of the drawing with their fill and edge."""
    frame = _frame(technique)
    regions = _scans()[f"{frame.scan}_regions"]
    bones = (regions > 0) & (regions < 60)
    if frame.axis == 1:
        return [(bones.any(1), "bone", "bone-edge")]
    part = _middle(frame.scan)
    drawn = [(bones[part].any(0), "bone", "bone-edge")]
    if frame.scan == "mr":
        drawn.insert(0, (np.isin(regions[part], (60, 61)).any(0), "blue-wash", "line"))
        drawn.append(((regions[part] == 100).any(0), "wash", "line"))
    return drawn


def _contours(plane: Array) -> str:
    """Outlines of a mask that has been cut to the panel, as the ``d`` of a path in millimetres."""
    smooth = np.pad(ndimage.gaussian_filter(plane, 0.6), 1)
    found = contourpy.contour_generator(z=smooth).lines(0.5)
    outlines = []
    for points in found:
        if len(points) < 8:
            continue
        points = (points - 0.5) * MM
        outlines.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points[:-1:2]) + "Z")
    return "".join(outlines)
