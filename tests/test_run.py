"""The main script: clear sentences instead of tracebacks, and no work that was done already."""

import argparse
import importlib.util
import shutil
import socket
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "run.py"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """run.py as a module whose folder is an empty one."""
    spec = importlib.util.spec_from_file_location("run_script", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "requirements.txt").write_text("nothing\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    venv = tmp_path / ".venv"
    for name, value in {
        "ROOT": tmp_path,
        "VENV": venv,
        "PYTHON": venv / "bin" / "python",
        "STAMP": venv / "spinemets-installed",
        "HTML": tmp_path / "_build" / "html",
    }.items():
        monkeypatch.setattr(module, name, value)
    return module


def refused(run, *arguments):
    with pytest.raises(SystemExit) as stop:
        run.main(list(arguments))
    return str(stop.value.code)


def test_every_verb_of_the_help_has_a_function_and_a_make_target(run):
    makefile = (SCRIPT.parent / "Makefile").read_text()
    named = makefile.split(".PHONY:")[1].split("\n")[0].split()
    assert sorted(named) == sorted(run.VERBS)


def test_a_python_too_old_is_told_what_to_install(tmp_path):
    pretend = tmp_path / "old.py"
    pretend.write_text(
        f"import sys\nsys.version_info = (3, 9, 1)\nexec(compile(open({str(SCRIPT)!r}).read(), 'run.py', 'exec'))\n"
    )
    done = subprocess.run([sys.executable, str(pretend), "book"], capture_output=True, text=True)
    assert done.returncode == 1
    assert "needs Python 3.11, 3.12 or 3.13" in done.stderr and "Traceback" not in done.stderr


def test_little_disk_space_is_said_before_anything_is_installed(run, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10e9, 9.9e9, 0.1e9))
    message = refused(run, "book")
    assert "0.1 GB of disk space" in message
    assert not run.VENV.exists()


def test_a_full_disk_in_the_middle_is_a_sentence(run, monkeypatch):
    def full():
        raise OSError(run.errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(run, "ensure_environment", full)
    assert "The disk is full" in refused(run, "book")


@pytest.mark.parametrize("verb", ["serve", "lab"])
def test_a_busy_port_names_another_one(run, monkeypatch, verb):
    monkeypatch.setattr(run, "ensure_environment", lambda: None)
    run.HTML.mkdir(parents=True)
    (run.HTML / "index.html").write_text("here")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        message = refused(run, verb, "--port", str(port))
    assert f"Port {port} is in use" in message and f"--port {port + 1}" in message


def test_a_port_whose_server_just_stopped_is_free(run):
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as JupyterLab and http.server do
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as reader:
            served, _ = server.accept()
            served.close()  # the side that closes first leaves its address waiting
            reader.recv(1)
    assert run.port_is_free(port)


@pytest.mark.parametrize("user", [0, 1000], ids=["root", "a user"])
def test_lab_opens_the_notebooks_on_this_computer_only_also_for_root(run, monkeypatch, user):
    commands = []
    monkeypatch.setattr(run, "ensure_environment", lambda: None)
    monkeypatch.setattr(run, "port_is_free", lambda _: True)
    monkeypatch.setattr(run, "run", lambda *command, **_: commands.append(command))
    monkeypatch.setattr(run.os, "geteuid", lambda: user, raising=False)
    run.main(["lab", "--no-browser"])
    (command,) = commands
    assert {"--LabApp.default_url=/lab/tree/notebooks", "--ServerApp.ip=127.0.0.1", "--no-browser"} <= set(command)
    assert ("--allow-root" in command) == (user == 0)
    assert "saveState" in (run.VENV / "share/jupyter/lab/settings/overrides.json").read_text()


def test_an_environment_for_this_lock_is_not_installed_again(run, monkeypatch):
    commands = []
    monkeypatch.setattr(run, "run", lambda *command, **_: commands.append(command))
    run.PYTHON.parent.mkdir(parents=True)
    run.PYTHON.write_text("")
    run.ensure_environment()
    assert len(commands) == 2
    run.ensure_environment()
    assert len(commands) == 2
    (run.ROOT / "requirements.txt").write_text("something else\n")
    run.ensure_environment()
    assert len(commands) == 4


def test_a_failed_installation_is_not_taken_for_done(run, monkeypatch):
    def fail(*command, **_):
        raise SystemExit(1)

    monkeypatch.setattr(run, "run", fail)
    run.PYTHON.parent.mkdir(parents=True)
    run.PYTHON.write_text("")
    assert "could not be installed" in refused(run, "book")
    assert not run.STAMP.exists()


def test_arguments_for_pytest_are_handed_on_as_they_are(run, monkeypatch):
    commands = []
    monkeypatch.setattr(run, "ensure_environment", lambda: None)
    monkeypatch.setattr(run, "run", lambda *command, **_: commands.append(command))
    run.main(["test", "-m", "not browser and not lab", "tests", "-k", "a or b", "--durations=5"])
    assert commands[-1][-6:] == ("-m", "not browser and not lab", "tests", "-k", "a or b", "--durations=5")
    run.main(["test"])
    assert commands[-1][-3:] == ("--nbval", "tests", "notebooks")


def test_an_argument_that_a_verb_does_not_know_is_refused(run, capsys):
    assert refused(run, "serve", "--prot", "8001") == "2"
    assert "serve does not know --prot 8001" in capsys.readouterr().err


def test_clean_keeps_the_environment_unless_asked(run):
    run.VENV.mkdir()
    run.HTML.mkdir(parents=True)
    run.clean(argparse.Namespace(all=False))
    assert run.VENV.exists() and not (run.ROOT / "_build").exists()
    run.clean(argparse.Namespace(all=True))
    assert not run.VENV.exists()
