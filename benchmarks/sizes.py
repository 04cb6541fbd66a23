"""How much each explorer of the book weighs."""

from __future__ import annotations

import json

from spinemets.explore import bake
from spinemets.explore.frame import Frame, nodes

from .book import baked, explorers, html
from .report import MissingError, Report


def largest(frames: list[Frame]) -> tuple[int, int]:
    """Bytes of the heaviest frame, and elements of the one with most."""
    return (
        max(len(json.dumps(frame, ensure_ascii=False).encode()) for frame in frames),
        max(nodes(frame["picture"]) for frame in frames),
    )


def measure(report: Report) -> None:
    """Compressed size, states and largest frame of each explorer."""
    html()
    for id, digest in sorted(explorers().items()):
        path = baked() / f"{digest}.frames"
        try:
            frames = bake.read_frames(path)["frames"]
        except bake.FramesError as error:
            raise MissingError(str(error)) from None
        size, count = largest(frames)
        report.add(f"{id}: compressed", path.stat().st_size / 1000, "kB", bake.PACKED_BYTES / 1000)
        report.add(f"{id}: states", len(frames), "", bake.STATES)
        report.add(f"{id}: largest frame", size / 1000, "kB", bake.FRAME_BYTES / 1000)
        report.add(f"{id}: most elements", count, "", bake.FRAME_NODES)
