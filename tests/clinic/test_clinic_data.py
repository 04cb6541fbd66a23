"""Carried data: present, unchanged, with licence and provenance."""

import shutil

import pytest

from spinemets import data
from spinemets.course import root


@pytest.mark.parametrize(
    ("folder", "licence", "words"),
    [
        ("rotterdam", "LICENSE-GPL-2.txt", "GNU GENERAL PUBLIC LICENSE"),
        ("anatomy", "LICENSE-Apache-2.0.txt", "Apache License"),
        ("scans", "LICENSE-Apache-2.0.txt", "Apache License"),
    ],
)
def test_each_folder_has_provenance_and_the_whole_licence(folder, licence, words):
    place = root() / "data" / folder
    text = (place / licence).read_text(encoding="utf-8")
    assert words in text and len(text) > 10_000
    readme = (place / "README.md").read_text(encoding="utf-8")
    assert "**Provenance.**" in readme and "**Licence.**" in readme


@pytest.fixture
def copy(tmp_path, monkeypatch):
    shutil.copytree(root() / "data", tmp_path / "data")
    (tmp_path / "_toc.yml").touch()
    monkeypatch.setenv("SPINEMETS_ROOT", str(tmp_path))
    return tmp_path / "data"


def test_every_listed_file_is_as_published(copy):
    names = [row.split("  ")[1] for row in (copy / "CHECKSUMS").read_text().splitlines()]
    assert len(names) == 3
    assert all(data.read(name) for name in names)


def test_a_changed_file_is_refused_with_the_way_back(copy):
    name = "anatomy/spine_outlines.json"
    (copy / name).write_bytes((copy / name).read_bytes() + b" ")
    with pytest.raises(data.DataError, match=r"has changed: expected SHA-256 .* git checkout -- data/anatomy"):
        data.read(name)


def test_a_missing_or_unlisted_file_is_explained(copy):
    (copy / "anatomy/spine_outlines.json").unlink()
    with pytest.raises(data.DataError, match="is missing"):
        data.read("anatomy/spine_outlines.json")
    with pytest.raises(data.DataError, match="expected one of rotterdam/"):
        data.read("anatomy/other.json")
