"""JupyterLab with one notebook of two cells: our explorer, and ``ipywidgets.interact``, of the same function."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat

from spinemets.course import root

from .report import MissingError

EXPLORER = "from benchmarks.example import incidence\nfrom spinemets.explore import explore\n\nexplore(incidence)"
INTERACT = """\
%matplotlib inline
from benchmarks.example import incidence
from ipywidgets import IntSlider, interact


def draw(er_from):
    return incidence(er_from=er_from).picture


interact(draw, er_from=IntSlider(10, 1, 100));"""
START = 60
"""Seconds that JupyterLab may take to start."""


def write_notebook(path: Path) -> None:
    """The notebook with both cells."""
    cells = [nbformat.v4.new_code_cell(source) for source in (EXPLORER, INTERACT)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), path)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """Address of the notebook in a running JupyterLab, which has settings of its own in ``folder``.

    Raises:
        MissingError: JupyterLab does not answer.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write_notebook(folder / "both.ipynb")
    port, token = _free_port(), secrets.token_hex(8)
    own = {
        name: str(folder / name.lower()) for name in ("JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR")
    }
    environment = os.environ | own | {"HOME": str(folder), "PYTHONPATH": str(root()), "SPINEMETS_ROOT": str(root())}
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--ServerApp.root_dir={folder}",
        f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}",
        "--LabApp.expose_app_in_browser=True",
    ]  # fmt: skip
    with (folder / "lab.log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=folder)
        try:
            _wait(f"http://127.0.0.1:{port}/api?token={token}", folder / "lab.log")
            yield f"http://127.0.0.1:{port}/lab/tree/both.ipynb?token={token}"
        finally:
            server.terminate()
            server.wait(20)


def _wait(address: str, log: Path) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=2)
            return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.5)
    raise MissingError(f"JupyterLab did not start within {START} s:\n{log.read_text()[-1000:]}")
