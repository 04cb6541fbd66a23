"""The data files of the course, each checked against the checksum it was published with.

Most lie in ``data/``. Some come with an installed package; ``data/PACKAGE/CHECKSUMS`` says which, and which version.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from importlib.util import find_spec
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


def read_installed(package: str, name: str) -> bytes:
    """The content of a file of an installed package, such as ``("lifelines", "datasets/gbsg2.csv")``.

    Raises:
        DataError: the file is not listed in ``data/PACKAGE/CHECKSUMS``, is missing, or has changed.
    """
    return _read_installed(root() / "data" / package, package, name)


@lru_cache(maxsize=8)
def _read(folder: Path, name: str) -> bytes:
    expected = _listed(folder / "CHECKSUMS", name, "data/CHECKSUMS")
    try:
        content = (folder / name).read_bytes()
    except FileNotFoundError:
        raise DataError(f"data/{name} is missing; fetch it again with: git checkout -- data/{name}") from None
    return _unchanged(
        content,
        expected,
        f"data/{name}",
        f"the published file. Get it back with: git checkout -- data/{name}. To work with your own copy, save it under "
        "another name, or change data/CHECKSUMS as data/README.md says.",
    )


@lru_cache(maxsize=8)
def _read_installed(folder: Path, package: str, name: str) -> bytes:
    expected = _listed(folder / "CHECKSUMS", name, f"data/{package}/CHECKSUMS")
    again = "install the course's own version again with: python -m pip install --require-hashes -r requirements.txt"
    spec = find_spec(package)  # finds it without importing it, which may take a second
    try:
        if spec is None or spec.origin is None:
            raise FileNotFoundError
        content = (Path(spec.origin).parent / name).read_bytes()
    except FileNotFoundError:
        raise DataError(f"{name} of the package {package} is missing; {again}") from None
    return _unchanged(
        content,
        expected,
        f"{name} of the package {package}",
        f"the version in requirements.txt; {again}. If a newer version is wanted, compare its numbers with the tests "
        f"and change data/{package}/CHECKSUMS.",
    )


def _listed(path: Path, name: str, shown: str) -> str:
    """The checksum that a list in the form of ``sha256sum`` has for a file."""
    try:
        rows = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise DataError(f"{shown} is missing; fetch it again with: git checkout -- {shown}") from None
    listed = {}
    for number, row in enumerate(rows, start=1):
        checksum, gap, listed_name = row.partition("  ")
        if not gap or len(checksum) != 64:
            raise DataError(f"{shown}:{number}: expected a SHA-256, two spaces and a file, as sha256sum prints them")
        listed[listed_name] = checksum
    if name not in listed:
        raise DataError(f"{name} is not in {shown}; expected one of {', '.join(listed)}")
    return listed[name]


def _unchanged(content: bytes, expected: str, shown: str, belong: str) -> bytes:
    """The content, if it has the checksum; else an error that says to what the chapters' numbers belong."""
    found = sha256(content).hexdigest()
    if found != expected:
        raise DataError(
            f"{shown} has changed: expected SHA-256 {expected[:12]}..., found {found[:12]}... "
            f"The chapters' numbers belong to {belong}"
        )
    return content
