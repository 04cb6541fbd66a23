#!/usr/bin/env python3
"""Build, read, test and change the course: ``python run.py VERB``.

    book        build the book into _build/html (installs what it needs at the first run)
    serve       show the built book in a browser, from this computer only
    lab         open the notebooks in JupyterLab
    test        run every test, those in a browser included
    notebooks   execute all notebooks and rewrite their stored outputs
    bench       measure speeds and sizes
    clean       remove what was built (with --all also the environment)

It uses the standard library alone, so that it runs before anything is installed, on Linux, macOS and Windows.
"""

import sys

if sys.version_info < (3, 11) or sys.version_info >= (3, 14):  # before any import that an old Python lacks
    sys.exit(
        "This course needs Python 3.11, 3.12 or 3.13; this is Python " + sys.version.split()[0] + ".\n"
        "Install one of them from python.org (or your package manager) and run, for example: python3.12 run.py book"
    )

import argparse
import errno
import functools
import hashlib
import http.server
import json
import os
import shutil
import socket
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
JUPYTER_BOOK = BIN / ("jupyter-book.exe" if os.name == "nt" else "jupyter-book")
STAMP = VENV / "spinemets-installed"
HTML = ROOT / "_build" / "html"
NEEDED_GB = 2.0
"""Disk space that the environment and a first build take, with some room."""
NOBODY = ROOT / "_build" / "nobody" / "progress.sqlite"
"""Progress of no learner, so that stored outputs do not show the answers of whoever makes or tests them."""
STRICT = ("--all", "-W", "--keep-going")
"""Warnings are errors; only a build of all pages shows every warning."""


class SetupError(Exception):
    """Something the user can mend; the message says what."""


def say(text: str) -> None:
    print(text, flush=True)


def run(*command: str | Path, **environment: str) -> None:
    """Run a command in the course's folder; a failure ends this script with the command's own exit code."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env=os.environ | environment)
    if done.returncode:
        sys.exit(done.returncode)


def lock_digest() -> str:
    """What decides whether the environment is up to date: the lock, the package, the Python and the place."""
    parts = [(ROOT / name).read_bytes() for name in ("requirements.txt", "pyproject.toml")]
    parts += [sys.version.encode(), str(ROOT).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def ensure_environment() -> None:
    """Make ``.venv`` and install the locked packages, unless that was done for this lock already."""
    if STAMP.exists() and STAMP.read_text() == lock_digest() and PYTHON.exists():
        return
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < NEEDED_GB:
        raise SetupError(
            f"Only {free:.1f} GB of disk space are free in {ROOT}; the course needs about {NEEDED_GB:g} GB."
        )
    say("Installing the course's packages into .venv (once; a few minutes) ...")
    if not PYTHON.exists() and subprocess.run([sys.executable, "-m", "venv", str(VENV)]).returncode:
        raise SetupError(
            "Python could not make a virtual environment. On Debian or Ubuntu install it with: "
            "sudo apt install python3-venv"
        )
    pip = (PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    try:
        run(*pip, "--require-hashes", "-r", "requirements.txt")
        run(*pip, "--no-deps", "--no-build-isolation", "-e", ".")
    except SystemExit:
        raise SetupError(
            "The packages could not be installed (see above). Check the network and the disk space, then run the same "
            "command again: it goes on where it stopped."
        ) from None
    STAMP.write_text(lock_digest())


def book(arguments: argparse.Namespace) -> None:
    """Execute what changed, bake the explorers, build the pages."""
    ensure_environment()
    run(JUPYTER_BOOK, "build", ".", *(STRICT if arguments.strict else []))
    say(f"\nThe book is in {HTML.relative_to(ROOT)}. Open {HTML / 'index.html'} in a browser,")
    say("or run: python run.py serve")


def serve(arguments: argparse.Namespace) -> None:
    """Show the built book on the loopback address, so that nobody else on the network sees it."""
    if not (HTML / "index.html").exists():
        arguments.strict = False
        book(arguments)
    if not port_is_free(arguments.port):
        raise SetupError(busy(arguments.port, "serve"))
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(HTML))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", arguments.port), handler)
    say(f"The book is at http://127.0.0.1:{server.server_port}/ (stop with Ctrl+C)")
    with server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say("\nStopped.")


def busy(port: int, verb: str) -> str:
    return f"Port {port} is in use by another program. Choose another one: python run.py {verb} --port {port + 1}"


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        if os.name != "nt":  # a server that just stopped leaves its port waiting; on Windows this would steal a port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def keep_widgets_on_saving() -> None:
    """Let JupyterLab store widget state, so that a reopened notebook shows its explorers' last pictures."""
    settings = VENV / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps({"@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True}}, indent=1))


def lab(arguments: argparse.Namespace) -> None:
    """Open JupyterLab with the course's folder as its root, at the notebooks."""
    ensure_environment()
    if not port_is_free(arguments.port):
        raise SetupError(busy(arguments.port, "lab"))
    keep_widgets_on_saving()
    # In a container the user is often root, whom Jupyter refuses; the server listens on this computer only.
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    run(
        PYTHON, "-m", "jupyterlab", f"--ServerApp.root_dir={ROOT}", "--LabApp.default_url=/lab/tree/notebooks",
        "--ServerApp.ip=127.0.0.1", f"--port={arguments.port}", "--ServerApp.port_retries=0",
        *(["--no-browser"] if arguments.no_browser else []), *(["--allow-root"] if as_root else []),
    )  # fmt: skip


def test(arguments: argparse.Namespace) -> None:
    """Build the book with warnings as errors, then run pytest and strict nbval in one run."""
    ensure_environment()
    run(JUPYTER_BOOK, "build", ".", *STRICT)
    run(PYTHON, "-m", "pytest", "--nbval", *(arguments.rest or ["tests", "notebooks"]), SPINEMETS_PROGRESS=str(NOBODY))


def notebooks(arguments: argparse.Namespace) -> None:
    """Execute all notebooks and rewrite their stored outputs."""
    ensure_environment()
    run(PYTHON, "-m", "spinemets.publish.stored", *arguments.rest, SPINEMETS_PROGRESS=str(NOBODY))


def bench(arguments: argparse.Namespace) -> None:
    """Measure what the design sets budgets for; see benchmarks/README.md."""
    ensure_environment()
    run(PYTHON, "-m", "benchmarks", *arguments.rest)


def clean(arguments: argparse.Namespace) -> None:
    """Remove what was built; never notebooks, answers or progress."""
    for folder in [ROOT / "_build"] + ([VENV] if arguments.all else []):
        if folder.exists():
            shutil.rmtree(folder)
            say(f"Removed {folder.relative_to(ROOT)}")


def parser() -> argparse.ArgumentParser:
    verbs = argparse.ArgumentParser(
        prog="run.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    choices = verbs.add_subparsers(dest="verb", required=True, metavar="VERB")
    one = choices.add_parser("book", help=book.__doc__)
    one.add_argument("--strict", action="store_true", help="treat warnings as errors")
    one = choices.add_parser("serve", help=serve.__doc__)
    one.add_argument("--port", type=int, default=8000)
    one = choices.add_parser("lab", help=lab.__doc__)
    one.add_argument("--port", type=int, default=8888)
    one.add_argument("--no-browser", action="store_true")
    choices.add_parser("test", help=test.__doc__, usage="run.py test [arguments for pytest instead of all tests]")
    one = choices.add_parser("notebooks", help=notebooks.__doc__)
    one.add_argument("rest", nargs="*", help="chapters, such as 05-metastasis (all unless named)")
    one = choices.add_parser("bench", help=bench.__doc__)
    one.add_argument("rest", nargs="*", help="benchmarks to run (all unless named)")
    one = choices.add_parser("clean", help=clean.__doc__)
    one.add_argument("--all", action="store_true", help="the environment too")
    return verbs


VERBS = {"book": book, "serve": serve, "lab": lab, "test": test, "notebooks": notebooks, "bench": bench, "clean": clean}


def main(arguments: list[str] | None = None) -> None:
    chosen, others = parser().parse_known_args(arguments)
    if chosen.verb == "test":
        chosen.rest = others  # argparse would take pytest's options, such as -m, for its own
    elif others:
        parser().error(f"{chosen.verb} does not know {' '.join(others)}")
    try:
        VERBS[chosen.verb](chosen)
    except SetupError as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        sys.exit("\nStopped. Nothing is lost: run the same command again to go on.")
    except OSError as error:
        if error.errno == errno.ENOSPC:
            sys.exit(f"The disk is full. Free about {NEEDED_GB:g} GB and run the same command again.")
        raise


if __name__ == "__main__":
    main()
