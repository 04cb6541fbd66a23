"""Baked frames beside the page: one classic script for each explorer, and the rasters that its frames show."""

from __future__ import annotations

import base64
import gzip
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sphinx.errors import ExtensionError

from spinemets.explore.jobs import waiting_jobs
from spinemets.explore.view import ASSET


def bake(folder: Path) -> None:
    """Bake the jobs that wait in a folder, with a progress bar; nothing is drawn twice.

    Raises:
        ExtensionError: an explorer breaks a limit, or a state raises.
    """
    if not waiting_jobs(folder):
        return
    from spinemets.explore.bake import BakeError, bake_jobs  # imports matplotlib, which most builds do not need

    columns = (TextColumn("baking explorers"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, transient=True) as bar:
        task = bar.add_task("", total=None, visible=False)
        try:
            bake_jobs(
                folder,
                jobs=os.cpu_count() or 2,
                progress=lambda done, total: bar.update(task, completed=done, total=total, visible=True),
            )
        except BakeError as error:
            raise ExtensionError(str(error)) from None


def publish_frames(digests: Iterable[str], folder: Path, target: Path) -> None:
    """Write ``DIGEST.js`` for each digest and the rasters into ``assets/``, and remove what no page asks for.

    Args:
        digests: the frames that the pages ask for.
        folder: where they were baked.
        target: the book's ``_static/frames``.
    """
    wanted: set[Path] = set()
    for digest in sorted(set(digests)):
        packed = (folder / f"{digest}.frames").read_bytes()
        script = target / f"{digest}.js"
        wanted.add(script)
        _write(script, frames_script(digest, packed))
        for match in ASSET.finditer(gzip.decompress(packed).decode("utf-8")):
            name = match[0].removeprefix("asset:")
            raster = target / "assets" / name
            if raster not in wanted:
                wanted.add(raster)
                raster.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / "assets" / name, raster)
    for path in target.rglob("*"):
        if path.is_file() and path not in wanted:
            path.unlink()


def frames_script(digest: str, packed: bytes) -> str:
    """The classic script that hands gzipped frames to the host."""
    return f'spinemets.frames("{digest}", "{base64.b64encode(packed).decode("ascii")}");\n'


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)
