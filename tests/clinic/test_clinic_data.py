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
        ("lifelines", "LICENSE-MIT.txt", "MIT License"),
    ],
)
def test_each_folder_has_provenance_and_the_whole_licence(folder, licence, words):
    place = root() / "data" / folder
    text = (place / licence).read_text(encoding="utf-8")
    assert words in text and len(text) > (1_000 if "MIT" in licence else 10_000)
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


def test_the_tables_of_lifelines_are_those_of_the_chapters(copy):
    rows = (copy / "lifelines/CHECKSUMS").read_text().splitlines()
    assert len(rows) == 2
    assert all(data.read_installed("lifelines", row.split("  ")[1]) for row in rows)


def test_a_table_that_lifelines_changed_is_refused_with_the_way_back(copy):
    path = copy / "lifelines/CHECKSUMS"
    path.write_text(path.read_text().replace("695954", "000000"))
    with pytest.raises(data.DataError, match=r"package lifelines has changed: expected SHA-256 .* requirements\.txt"):
        data.read_installed("lifelines", "datasets/gbsg2.csv")


def test_a_file_that_a_package_lacks_or_that_is_not_listed_is_explained(copy):
    path = copy / "lifelines/CHECKSUMS"
    path.write_text(path.read_text() + "0" * 64 + "  datasets/other.csv\n")
    with pytest.raises(data.DataError, match="datasets/other.csv of the package lifelines is missing"):
        data.read_installed("lifelines", "datasets/other.csv")
    with pytest.raises(data.DataError, match="is not in data/lifelines/CHECKSUMS"):
        data.read_installed("lifelines", "datasets/rossi.csv")
    (copy / "nothing").mkdir()
    (copy / "nothing/CHECKSUMS").write_text("0" * 64 + "  a.csv\n")
    with pytest.raises(data.DataError, match="of the package nothing is missing"):
        data.read_installed("nothing", "a.csv")


def test_a_broken_list_is_refused_with_its_line(copy):
    path = copy / "CHECKSUMS"
    path.write_text(path.read_text() + "abc scans/other.npz\n")
    with pytest.raises(data.DataError, match="data/CHECKSUMS:4: expected a SHA-256"):
        data.read("scans/spine_ct_mri.npz")
    path.unlink()
    with pytest.raises(data.DataError, match="data/CHECKSUMS is missing"):
        data.read("anatomy/spine_outlines.json")
