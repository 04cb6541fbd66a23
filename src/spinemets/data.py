"""The data files that the course carries, each checked against the checksum it was published with."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from .course import CourseError, root


class DataError(CourseError):
    """A data file is missing or is not the one that the chapters' numbers come from."""


def read(name: str) -> bytes:
    """The content of a file in ``data/``, such as ``"rotterdam/rotterdam_metastasis.csv"``.

    Raises:
        DataError: the file is not listed in ``data/CHECKSUMS``, is missing, or has changed.
    """
    return _read(root() / "data", name)


@lru_cache(maxsize=8)
def _read(folder: Path, name: str) -> bytes:
    listed = {}
    for row in (folder / "CHECKSUMS").read_text(encoding="utf-8").splitlines():
        checksum, _, listed_name = row.partition("  ")
        listed[listed_name] = checksum
    if name not in listed:
        raise DataError(f"data/{name} is not in data/CHECKSUMS; expected one of {', '.join(listed)}")
    try:
        content = (folder / name).read_bytes()
    except FileNotFoundError:
        raise DataError(f"data/{name} is missing; fetch it again with: git checkout -- data/{name}") from None
    found = sha256(content).hexdigest()
    if found != listed[name]:
        raise DataError(
            f"data/{name} has changed: expected SHA-256 {listed[name][:12]}..., found {found[:12]}... "
            f"The chapters' numbers belong to the published file. Get it back with: git checkout -- data/{name}. "
            "To work with your own copy, save it under another name, or change data/CHECKSUMS as data/README.md says."
        )
    return content
