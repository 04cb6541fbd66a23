"""Drawing every state of an explorer beforehand, so that a page without a kernel can show them.

``DIGEST.frames`` holds an explorer's frames: gzip of ``{"order": [flat indices], "frames": [frame, ...]}``, the same
bytes for the same input. The digest is of everything that a frame depends on; a file that is there is never stale.
"""

from __future__ import annotations

import gc
import gzip
import importlib
import json
import os
import sys
import zlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypedDict

from . import frame as frames
from .jobs import frames_of, project_digest, waiting_jobs
from .spec import Explorer, Indices, impossible, largest
from .view import asset_bytes

STATES = 2_000
"""Most states of an explorer."""
FRAME_BYTES = 30_000
FRAME_NODES = 300
PACKED_BYTES = 300_000
"""Most bytes of an explorer's frames, compressed."""
_COLLECT = 100  # frames between two collections of garbage


class BakeError(Exception):
    """An explorer cannot be baked; the message names the state, and the control to shrink."""


class FramesError(Exception):
    """Baked frames are missing or damaged; the message says what to do."""


class Baked(TypedDict):
    """Every frame of an explorer; ``order`` gives the flat index of each in the whole grid."""

    order: list[int]
    frames: list[frames.Frame]


Progress = Callable[[int, int], None]
"""Called with the number of frames drawn and the number of all."""


def digest(explorer: Explorer) -> str:
    """Names the baked frames of an explorer: 16 hexadecimal digits of all that they depend on.

    For a function of a notebook that includes every code cell run so far, and its place among the explorers baked
    in this kernel, since one cell may show several.
    """
    function = explorer.function
    parts = [project_digest(), explorer.id, explorer.title, function.__module__, function.__qualname__]
    if not _in_library(explorer):
        parts += [*_cells(), str(len(_asked))]
    return sha256("\0".join(parts).encode()).hexdigest()[:16]


_asked: list[str] = []  # digests of this kernel's own explorers, in order


def _in_library(explorer: Explorer) -> bool:
    """True if another process can import the explorer by module and name."""
    module = sys.modules.get(explorer.function.__module__)
    found = getattr(module, explorer.function.__qualname__, None)
    return isinstance(found, Explorer) and found.function is explorer.function and module.__name__ != "__main__"


def _cells() -> list[str]:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return [str(cell).strip() for cell in shell.user_ns.get("In", [])] if shell else []


# --- asking and baking ----------------------------------------------------------------------------------------------


def ask(explorer: Explorer, folder: Path) -> str:
    """Leave a job for a library explorer, or bake a notebook's function at once; return the digest.

    Raises:
        BakeError: the explorer breaks a limit.
    """
    name = digest(explorer)
    if _in_library(explorer):
        check_size(explorer)
        job = {"module": explorer.function.__module__, "name": explorer.function.__qualname__}
        _write(folder / f"{name}.job.json", json.dumps(job).encode())
    else:
        _asked.append(name)
        bake_here(explorer, folder, name)
    return name


def bake_here(explorer: Explorer, folder: Path, name: str = "") -> Path:
    """Bake in this process into ``folder/DIGEST.frames``, unless it is there; return that path.

    Raises:
        BakeError: the explorer breaks a limit, or a state raises.
    """
    path = folder / f"{name or digest(explorer)}.frames"
    if not path.exists():
        check_size(explorer)
        _store(explorer, path, _draw(explorer, list(explorer.grid())))
    return path


def bake_jobs(folder: Path, jobs: int = 2, progress: Progress | None = None) -> list[Path]:
    """Bake every ``DIGEST.job.json`` of a folder that has no ``DIGEST.frames`` yet, in ``jobs`` processes.

    A job whose digest is no longer that of its explorer is left from an earlier build and is dropped.

    Returns:
        The frames written.

    Raises:
        BakeError: an explorer breaks a limit, or a state raises.
    """
    waiting = waiting_jobs(folder)
    if not waiting:
        return []
    written: list[Path] = []
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        plans = dict(zip(waiting, pool.map(_plan, waiting), strict=True))
        for path in [path for path, grid in plans.items() if grid is None]:
            path.unlink()
            del plans[path]
        total, done = sum(len(grid or ()) for grid in plans.values()), 0
        try:
            for path, grid in plans.items():
                chunks = _chunks(grid or [], jobs)
                futures = [pool.submit(_draw_job, path, chunk) for chunk in chunks]
                for future in as_completed(futures):
                    done += len(future.result())
                    if progress:
                        progress(done, total)
                drawn = [frame for future in futures for frame in future.result()]
                written.append(_store(_load(path), frames_of(path), drawn, grid))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return written


def _load(job: Path) -> Explorer:
    entry = json.loads(job.read_text(encoding="utf-8"))
    return getattr(importlib.import_module(entry["module"]), entry["name"])


def _plan(job: Path) -> list[Indices] | None:
    explorer = _load(job)
    if f"{digest(explorer)}.job.json" != job.name:
        return None
    return list(explorer.grid())


def _chunks(grid: Sequence[Indices], jobs: int) -> list[Sequence[Indices]]:
    """Runs of states, small enough to share the work and to show progress, large enough to pay for the way."""
    size = max(10, -(-len(grid) // (jobs * 4)))
    return [grid[start : start + size] for start in range(0, len(grid), size)]


def _draw_job(job: Path, grid: Sequence[Indices]) -> list[frames.Frame]:
    drawn = _draw(_load(job), grid)
    _store_assets(drawn, job.parent)
    return drawn


@contextmanager
def _without_collection() -> Any:
    """Garbage is collected now and then only: figures are full of cycles, and looking for them costs a quarter."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _draw(explorer: Explorer, grid: Iterable[Indices]) -> list[frames.Frame]:
    drawn: list[frames.Frame] = []
    with _without_collection():
        for count, indices in enumerate(grid, 1):
            drawn.append(_frame(explorer, indices))
            if count % _COLLECT == 0:
                gc.collect()
    return drawn


def _frame(explorer: Explorer, indices: Indices) -> frames.Frame:
    where = f"explorer {explorer.id}, state {explorer.keys(indices)}"
    try:
        frame = frames.frame(frames.view(explorer, indices), explorer.id, explorer.title)
    except Exception as error:
        raise BakeError(f"{where}: {type(error).__name__}: {error}") from error
    size, count = len(json.dumps(frame, ensure_ascii=False).encode()), frames.nodes(frame["picture"])
    if size > FRAME_BYTES or count > FRAME_NODES:
        raise BakeError(
            f"{where}: the frame has {size:,} bytes and {count} elements; at most {FRAME_BYTES:,} and {FRAME_NODES}. "
            "Draw fewer points or marks (one path instead of many), or make a raster an asset."
        )
    return frame


def check_size(explorer: Explorer) -> None:
    """Raise :class:`BakeError` if the explorer has more than 2,000 possible states."""
    states = explorer.size - len(impossible(explorer))
    if states > STATES:
        raise BakeError(f"explorer {explorer.id}: {states:,} states, at most {STATES:,}. {_advice(explorer)}")


def _advice(explorer: Explorer) -> str:
    name, control = largest(explorer)
    return f"The control {name!r} has {len(control.options)} options; give it fewer, such as a larger step."


def _flat(explorer: Explorer, indices: Indices) -> int:
    index = 0
    for position, control in zip(indices, explorer.controls.values(), strict=True):
        index = index * len(control.options) + position
    return index


def _store(explorer: Explorer, path: Path, drawn: list[frames.Frame], grid: Iterable[Indices] | None = None) -> Path:
    baked: Baked = {"order": [_flat(explorer, indices) for indices in grid or explorer.grid()], "frames": drawn}
    text = json.dumps(baked, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    packed = gzip.compress(text.encode(), compresslevel=9, mtime=0)
    if len(packed) > PACKED_BYTES:
        raise BakeError(
            f"explorer {explorer.id}: its {len(drawn)} frames have {len(packed):,} bytes compressed, at most "
            f"{PACKED_BYTES:,}. {_advice(explorer)}"
        )
    _store_assets(drawn, path.parent)
    _write(path, packed)
    return path


def _store_assets(drawn: Iterable[frames.Frame], folder: Path) -> None:
    for name in {name for frame in drawn for name in frames.assets_of(frame["picture"])}:
        path = folder / "assets" / name
        if not path.exists():
            _write(path, asset_bytes(name))


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temporary.write_bytes(data)
    temporary.replace(path)


def read_frames(path: Path) -> Baked:
    """The frames that were baked into a file.

    Raises:
        FramesError: the file is missing, cut short or not such a file.
    """
    try:
        baked = json.loads(gzip.decompress(path.read_bytes()))
        if len(baked["order"]) != len(baked["frames"]):
            raise ValueError("states and frames differ in number")
    except FileNotFoundError:
        raise FramesError(f"{path}: no baked frames. Build the book: python3 run.py book") from None
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise FramesError(
            f"{path}: damaged or cut short ({error}). Delete this file and build the book again: python3 run.py book"
        ) from error
    return baked
