"""The files around the code: what they promise a newcomer is there and true."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import tomllib
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SYSTEMS = [
    {"python_version": python, "python_full_version": f"{python}.9", "sys_platform": system, "os_name": name,
     "platform_system": title, "implementation_name": "cpython", "extra": ""}
    for python in ("3.11", "3.12", "3.13")
    for system, name, title in (("linux", "posix", "Linux"), ("darwin", "posix", "Darwin"), ("win32", "nt", "Windows"))
]  # fmt: skip


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def yaml(name: str) -> dict:
    return YAML(typ="safe", pure=True).load(read(name))


# --- the lock -------------------------------------------------------------------------------------------------------


def locked() -> list[tuple[Requirement, list[str]]]:
    """Each entry of requirements.txt with its hashes."""
    lines = "".join(line for line in read("requirements.txt").splitlines(True) if not line.lstrip().startswith("#"))
    entries = [entry.split("--hash=") for entry in lines.replace("\\\n", " ").splitlines() if entry.strip()]
    return [(Requirement(first), [hash.strip() for hash in hashes]) for first, *hashes in entries]


def test_the_lock_pins_every_package_with_hashes_and_names_no_registry():
    assert "://" not in read("requirements.txt") and "index-url" not in read("requirements.txt")
    for entry, hashes in locked():
        assert re.fullmatch(r"==[^*,]+", str(entry.specifier)), entry
        assert hashes and all(re.fullmatch(r"sha256:[0-9a-f]{64}", hash) for hash in hashes), entry


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: f"{system['sys_platform']}-{system['python_version']}")
def test_the_lock_has_what_the_project_and_its_extras_ask_for(system):
    here = {
        canonicalize_name(entry.name): str(entry.specifier)[2:]
        for entry, _ in locked()
        if entry.marker is None or entry.marker.evaluate(system)
    }
    extras = PROJECT["optional-dependencies"]
    assert set(extras) >= {"test", "bench", "build"}
    for text in [*PROJECT["dependencies"], *(one for extra in extras.values() for one in extra)]:
        wanted = Requirement(text)
        assert wanted.specifier.contains(here.get(canonicalize_name(wanted.name), "none")), text


# --- what runs elsewhere --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["test", "publish"])
def test_workflows_call_verbs_that_run_py_has(name):
    flow = yaml(f".github/workflows/{name}.yml")
    assert flow["on"] and all(job["runs-on"] and job["steps"] for job in flow["jobs"].values())
    commands = [step["run"] for job in flow["jobs"].values() for step in job["steps"] if "run" in step]
    verbs = [verb for command in commands for verb in re.findall(r"run\.py (\w+)", command)]
    assert verbs and set(verbs) <= set(verbs_of_run_py())


def test_the_tests_run_on_three_systems_and_publishing_goes_to_pages():
    jobs = yaml(".github/workflows/test.yml")["jobs"]
    assert "ubuntu" in jobs["linux"]["runs-on"]
    assert {one.split("-")[0] for one in jobs["others"]["strategy"]["matrix"]["os"]} == {"macos", "windows"}
    uses = [step.get("uses", "") for step in yaml(".github/workflows/publish.yml")["jobs"]["publish"]["steps"]]
    assert any(one.startswith("actions/deploy-pages@") for one in uses)


@pytest.mark.skipif(os.name == "nt", reason="a shell script")
@pytest.mark.parametrize("chromium", [False, True], ids=["without Chromium", "with Chromium"])
def test_ci_fetches_chromium_only_if_absent_and_lets_no_browser_test_skip(tmp_path, chromium):
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    (tmp_path / ".ci").mkdir()
    shutil.copy(script, tmp_path / ".ci" / "run")
    tools = tmp_path / "bin"
    tools.mkdir()
    said = tmp_path / "said"
    for name in ["apt-get", "make", *(["chromium"] if chromium else [])]:
        (tools / name).write_text(f'#!/bin/sh\necho "{name} $* [$SPINEMETS_REQUIRE_BROWSER]" >> {said}\n')
        (tools / name).chmod(0o755)
    for name in ("bash", "dirname"):
        (tools / name).symlink_to(shutil.which(name))
    subprocess.run([str(tools / "bash"), ".ci/run"], cwd=tmp_path, env={"PATH": str(tools)}, check=True)
    *fetched, last = said.read_text().splitlines()
    assert last == "make test [1]"
    assert any("install" in line and "chromium" in line for line in fetched) != chromium


def verbs_of_run_py() -> list[str]:
    spec = importlib.util.spec_from_file_location("run_script", ROOT / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return list(module.VERBS)


# --- what a newcomer reads ------------------------------------------------------------------------------------------


def test_commands_and_files_of_the_readme_exist():
    text = read("README.md")
    verbs = re.findall(r"run\.py (\w+)", text) + re.findall(r"make (\w+)`", text)
    assert {"book", "lab", "serve", "test", "notebooks"} <= set(verbs) <= set(verbs_of_run_py())
    named = re.findall(r"`([\w./-]+\.(?:md|yml|cff)|[\w.-]+/)`", text) + re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    missing = [name for name in named if not (ROOT / name).exists()]
    assert len(named) > 5 and not missing
    assert f"Version {PROJECT['version'].rpartition('.')[0]}" in text


def test_parts_that_the_architecture_names_exist():
    text = read("docs/architecture.md")
    modules = re.findall(r"`(spinemets(?:\.\w+)+)`", text)
    assert modules and all(importlib.util.find_spec(name) for name in modules)
    files = re.findall(r"`((?:explore|quiz|publish|docs)/[\w./]+\.\w+|\w+\.(?:mjs|js|css))`", text)
    there = {path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("docs/*"), *ROOT.glob("src/spinemets/**/*")]}
    assert files and all(any(f"/{path}".endswith(f"/{name}") for path in there) for name in files), files


def test_the_citation_is_complete_and_of_this_version():
    citation = yaml("CITATION.cff")
    assert citation["cff-version"] == "1.2.0" and citation["message"] and citation["title"]
    assert all(set(author) <= {"name", "family-names", "given-names", "orcid"} for author in citation["authors"])
    assert citation["type"] in ("software", "dataset")
    assert citation["version"] == PROJECT["version"]
    assert set(citation["license"]) == set(PROJECT["license"].split(" AND "))
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(citation["date-released"]))


def test_every_carried_work_has_its_notice():
    for folder in (path for path in (ROOT / "data").iterdir() if path.is_dir()):
        assert f"`{folder.name}/`" in read("data/README.md")
        assert list(folder.glob("LICENSE*"))
    assert "data/README.md" in read("LICENSE") and "DejaVu" in read("LICENSE")
    assert "Creative Commons Attribution 4.0" in read("LICENSE-CONTENT")


def test_the_wheel_has_all_of_the_package(tmp_path):
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    names = set(zipfile.ZipFile(wheel).namelist())
    package = ROOT / "src"
    files = {path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file()}
    wanted = {name for name in files if "__pycache__" not in name}
    assert {"spinemets/explore/explorer.mjs", "spinemets/quiz/front/quiz.mjs"} <= wanted
    assert {"spinemets/publish/static/host.js", "spinemets/quiz/front/fsrs/LICENSE"} <= wanted
    assert not wanted - names
    assert {Path(name).name for name in names} >= {"LICENSE", "LICENSE-CONTENT"}


# --- how the parts depend on one another ----------------------------------------------------------------------------

BELOW = {
    "course": set(),
    "data": {"course"},
    "files": set(),
    "mathml": set(),
    "records": set(),
    "progress": {"course", "records"},
    "evidence": {"course"},
    "explore": {"course", "progress"},
    "clinic": {"course", "data", "evidence"},
    "figures": {"course", "data", "explore"},
    "quiz": {"course", "files", "mathml", "progress", "evidence", "explore"},
    "teach": {"course", "files", "evidence", "explore", "quiz"},
    "lessons": {"clinic", "figures", "evidence", "explore"},
    "publish": {"course", "mathml", "explore", "evidence", "quiz"},
    "articlemap": {"course", "evidence", "quiz"},
    "audit": {"course", "evidence"},
    "generated": {"course", "files", "articlemap", "evidence", "quiz"},
    "cli": {"course", "files", "audit", "generated", "evidence", "publish", "quiz", "teach"},
}
"""What each part of the package may import; see docs/architecture.md."""


def parts_imported(path: Path) -> set[str]:
    """Parts of the package that a module imports."""
    package = ["spinemets", *path.relative_to(ROOT / "src" / "spinemets").parts[:-1]]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            start = [*base, *(node.module.split(".") if node.module else [])]
            found |= {".".join([*start, name.name]) for name in node.names}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return {name.split(".")[1] for name in found if name.startswith("spinemets.")}


def test_imports_point_down():
    package = ROOT / "src" / "spinemets"
    up = []
    for path in package.rglob("*.py"):
        part = path.relative_to(package).parts[0].removesuffix(".py")
        if part != "__init__":
            up += [f"{path.relative_to(package)} imports {one}" for one in parts_imported(path) - BELOW[part] - {part}]
    assert up == []
    assert parts_imported(package / "lessons" / "walking.py") >= {"clinic", "figures", "explore"}
