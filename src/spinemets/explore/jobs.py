"""What waits to be baked, and what frames depend on; told without drawing, so that a build that draws nothing starts
without matplotlib.
"""

from __future__ import annotations

import ast
import platform
import sys
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from .. import course

_LIBRARIES = ("matplotlib", "numpy", "pandas", "lifelines", "pillow", "resvg-py")
_NEVER_DRAWS = {"quiz", "publish", "progress.py", "articlemap.py", "audit.py", "generated.py", "cli.py"}
"""Parts that stand above explorers and lessons: no explorer can import them."""


def project_digest(root: Path | None = None) -> str:
    """SHA-256 of all that a library explorer's frames depend on.

    That is: the code of the package (docstrings, comments and layout aside), evidence, sources, data, the versions
    of the libraries that compute and draw and of Python, and the machine's architecture, which moves the last
    digits of sums.
    """
    root = root or course.root()
    package = Path(__file__).resolve().parents[1]
    # A copy of the course brings its own code; an installed package has none beside the course.
    source = root / "src" / "spinemets" if (root / "src" / "spinemets").is_dir() else package
    total = sha256()
    drawing = [path for path in source.rglob("*.py") if path.relative_to(source).parts[0] not in _NEVER_DRAWS]
    for path in sorted(drawing):
        total.update(f"{path.relative_to(source).as_posix()} {_digest_of_code(path, _stamp(path))}\n".encode())
    content = [*(root / "evidence").glob("*.yml"), *(root / "evidence").glob("*.bib"), *(root / "data").rglob("*")]
    for path in sorted(path for path in content if path.is_file()):
        total.update(f"{path.relative_to(root).as_posix()} {_digest_of_bytes(path, _stamp(path))}\n".encode())
    versions = " ".join(version(name) for name in _LIBRARIES)
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    total.update(f"{versions} {python} {platform.machine()}".encode())
    return total.hexdigest()


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=4096)
def _digest_of_code(path: Path, _: tuple[int, int]) -> str:
    tree = ast.parse(path.read_bytes())
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and body:
            node.body = [part for part in body if not _is_text(part)]
    return sha256(ast.dump(tree).encode()).hexdigest()


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


@lru_cache(maxsize=4096)
def _digest_of_bytes(path: Path, _: tuple[int, int]) -> str:
    return sha256(path.read_bytes()).hexdigest()


def waiting_jobs(folder: Path) -> list[Path]:
    """The jobs ``DIGEST.job.json`` of a folder that have no ``DIGEST.frames`` yet."""
    return [path for path in sorted(folder.glob("*.job.json")) if not frames_of(path).exists()]


def frames_of(job: Path) -> Path:
    """Where the frames of a job go."""
    return job.with_name(job.name.replace(".job.json", ".frames"))
