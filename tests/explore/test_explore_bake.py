"""Baking: every state once, the same bytes, never stale, and limits that say what to shrink."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from spinemets import course
from spinemets.explore import Slider, Svg, View, explore, jobs
from spinemets.explore import bake as baking
from spinemets.explore.spec import make

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import bakeable  # noqa: E402 - found through the line above, also by the worker processes


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder to bake into, beside a course of its own that nobody edits while the test runs."""
    course_folder = tmp_path / "course"
    (course_folder / "src" / "spinemets").mkdir(parents=True)
    (course_folder / "_toc.yml").touch()
    monkeypatch.setenv("SPINEMETS_ROOT", str(course_folder))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")]))
    baked = tmp_path / "baked"
    baked.mkdir()
    monkeypatch.setenv("SPINEMETS_BAKE", str(baked))
    monkeypatch.setattr(baking, "_asked", [])
    return baked


def small(function, **controls):
    return make(function, id="small", controls=controls, library=False)


def blank(n):
    return View(Svg('<svg viewBox="0 0 9 9"/>'), f"{n}.")


# --- asking and baking ----------------------------------------------------------------------------------------------


def test_a_library_explorer_leaves_a_job_that_the_pool_bakes(folder):
    widgets = [explore(bakeable.circles), explore(bakeable.lines), explore(bakeable.scans)]
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{w.baked}.job.json" for w in widgets)
    told = []
    written = baking.bake_jobs(folder, jobs=2, progress=lambda done, total: told.append((done, total)))
    assert {path.name for path in written} == {f"{w.baked}.frames" for w in widgets}
    assert told[-1] == (36, 36)
    assert [done for done, _ in told] == sorted(done for done, _ in told)

    baked = baking.read_frames(folder / f"{widgets[0].baked}.frames")
    assert baked["order"] == [flat for flat in range(40) if not (flat % 2 == 1 and flat // 2 >= 8)]
    for flat, frame in zip(baked["order"], baked["frames"], strict=True):
        n, mark = flat // 2, "ab"[flat % 2]
        assert frame["summary"] == f"{n} circles, {mark}."
        assert frame["picture"].count("<circle") == n
        assert frame["table"]["rows"] == [[n, mark]]

    assets = sorted(path.read_bytes() for path in (folder / "assets").iterdir())
    assert assets == [b"\x89PNG slice 0", b"\x89PNG slice 1"]
    assert widgets[2].assets == {}
    assert not list(folder.rglob("*.tmp"))


def test_a_warm_bake_draws_nothing(folder):
    explore(bakeable.lines)
    (path,) = baking.bake_jobs(folder, jobs=1)
    before = path.stat().st_mtime_ns
    assert baking.bake_jobs(folder, jobs=1) == []
    assert path.stat().st_mtime_ns == before


def test_the_page_shows_what_the_kernel_shows(folder):
    widget = explore(bakeable.lines)
    (path,) = baking.bake_jobs(folder, jobs=1)
    baked = baking.read_frames(path)
    for n in range(4):
        widget.state = {"n": n}
        assert baked["frames"][n] == json.loads(json.dumps(widget.frame))


def test_two_bakes_give_the_same_bytes(folder, tmp_path):
    first = baking.bake_here(bakeable.lines, tmp_path / "one").read_bytes()
    second = baking.bake_here(bakeable.lines, tmp_path / "two").read_bytes()
    assert first == second


def test_other_processes_with_other_hash_seeds_give_the_same_bytes(folder, tmp_path):
    """Sets and dictionaries of texts are ordered by the seed; a frame must not be."""
    code = (
        "import sys; from pathlib import Path; import bakeable; from spinemets.explore import bake; "
        "print([bake.bake_here(made, Path(sys.argv[1])).name for made in (bakeable.circles, bakeable.lines)])"
    )
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", code, str(tmp_path / seed)], env=environment, check=True)
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / seed).iterdir()} for seed in ("1", "2"))
    assert one == two and len(one) == 2


def test_a_job_of_an_earlier_build_is_dropped(folder):
    stale = folder / "0123456789abcdef.job.json"
    stale.write_text(json.dumps({"module": "bakeable", "name": "lines"}))
    assert baking.bake_jobs(folder, jobs=1) == []
    assert not stale.exists()


def test_a_function_of_a_notebook_bakes_at_once(folder):
    widget = explore(blank, n=(0, 4))
    baked = baking.read_frames(folder / f"{widget.baked}.frames")
    assert [frame["summary"] for frame in baked["frames"]] == ["0.", "1.", "2.", "3.", "4."]
    assert not list(folder.glob("*.job.json"))


def test_without_a_build_nothing_is_written(folder, monkeypatch):
    monkeypatch.delenv("SPINEMETS_BAKE")
    assert explore(bakeable.lines).baked == ""
    assert list(folder.iterdir()) == []


def test_two_explorers_of_one_cell_do_not_share_frames(folder):
    names = {explore(lambda n, k=k: blank(n + k.real), id="f", n=(0, 2), k=[k]).baked for k in (1, 2)}
    assert len(names) == 2


def test_a_builders_own_progress_is_not_published(folder, monkeypatch):
    from spinemets import progress
    from spinemets.explore import Predict

    monkeypatch.setattr(progress, "load", lambda items: pytest.fail("progress was read"))
    assert explore(bakeable.lines, predict=Predict("?", 1, "Because.")).progress == {}


# --- limits ---------------------------------------------------------------------------------------------------------


def test_too_many_states_name_the_control_to_shrink(folder):
    with pytest.raises(baking.BakeError, match=r"4,000 states, at most 2,000\. The control 'n' has 2000 options"):
        baking.bake_here(small(lambda n, b: blank(n), n=(1, 2000), b=False), folder)


def test_impossible_states_do_not_count(folder):
    made = make(
        lambda n, b: blank(n),
        id="x",
        controls={"n": (1, 2000), "b": False},
        valid=lambda n, b: not b and n < 5,
        library=False,
    )
    assert len(baking.read_frames(baking.bake_here(made, folder))["order"]) == 4


@pytest.mark.parametrize(
    ("markup", "message"),
    [("<path d='%s'/>" % ("M1 2" * 9000), "36,152 bytes"), ("<g/>" * 400, "401 elements")],
)
def test_a_heavy_frame_names_its_state(folder, markup, message):
    def heavy(n):
        return View(Svg(f'<svg viewBox="0 0 9 9">{markup if n == 2 else ""}</svg>'), "Said.")

    with pytest.raises(baking.BakeError, match=r"state {'n': '2'}.*" + message):
        baking.bake_here(small(heavy, n=(0, 3)), folder)
    assert not list(folder.glob("*.frames"))


def test_a_heavy_explorer_names_its_largest_control(folder):
    def noisy(n):
        return View(Svg(f'<svg viewBox="0 0 9 9"><desc>{os.urandom(12_000).hex()}</desc></svg>'), "Said.")

    with pytest.raises(baking.BakeError, match=r"bytes compressed, at most 300,000\. The control 'n' has 40 options"):
        baking.bake_here(small(noisy, n=(1, 40)), folder)


def test_a_state_that_raises_is_named_also_from_another_process(folder):
    explore(bakeable.breaks)
    with pytest.raises(baking.BakeError, match=r"explorer breaks, state {'n': '2'}: ZeroDivisionError: no two"):
        baking.bake_jobs(folder, jobs=2)


# --- reading --------------------------------------------------------------------------------------------------------


def test_missing_frames_say_how_to_make_them(tmp_path):
    with pytest.raises(baking.FramesError, match="no baked frames. Build the book"):
        baking.read_frames(tmp_path / "x.frames")


@pytest.mark.parametrize(
    "data",
    [b"", b"text", gzip.compress(b"{}"), gzip.compress(b'{"order": [1], "frames": []}'), gzip.compress(b"[1]")],
)
def test_damaged_frames_say_what_to_do(tmp_path, data):
    path = tmp_path / "x.frames"
    path.write_bytes(data)
    with pytest.raises(baking.FramesError, match="damaged or cut short.*Delete this file"):
        baking.read_frames(path)


def test_frames_cut_short_at_any_place_are_noticed(tmp_path):
    whole = baking.bake_here(small(blank, n=(0, 3)), tmp_path).read_bytes()
    path = tmp_path / "cut.frames"
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(baking.FramesError):
            baking.read_frames(path)


# --- the digest -----------------------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path):
    """A small course with its own copy of some code."""
    for path, text in {
        "_toc.yml": "format: jb-book",
        "evidence/05.yml": "a: 1",
        "evidence/sources.bib": "@article{a}",
        "data/x/table.csv": "1,2",
        "notebooks/05.ipynb": "{}",
        "src/spinemets/clinic/bayes.py": '"""Bayes."""\n\ndef post(p):\n    """After."""\n    return p  # odds\n',
    }.items():
        target = tmp_path / "course" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return tmp_path / "course"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("evidence/05.yml", "a: 2"),
        ("evidence/sources.bib", "@article{b}"),
        ("evidence/07.yml", "new: 1"),
        ("data/x/table.csv", "1,3"),
        ("src/spinemets/clinic/bayes.py", '"""Bayes."""\n\ndef post(p):\n    """After."""\n    return 2 * p\n'),
        ("src/spinemets/clinic/new.py", "X = 1\n"),
    ],
)
def test_the_digest_changes_with_library_evidence_and_data(project, path, text):
    before = baking.project_digest(project)
    (project / path).write_text(text)
    assert baking.project_digest(project) != before


def test_the_digest_is_deaf_to_comments_docstrings_and_prose(project):
    before = baking.project_digest(project)
    bayes = project / "src/spinemets/clinic/bayes.py"
    bayes.write_text('"""Thomas Bayes."""\n# A comment.\n\n\ndef post(p):\n    """Later."""\n    return (p)\n')
    (project / "notebooks/05.ipynb").write_text('{"prose": 1}')
    assert baking.project_digest(project) == before


def test_the_digest_changes_with_the_versions(project, monkeypatch):
    before = baking.project_digest(project)
    monkeypatch.setattr(jobs, "version", lambda name: "0.0")
    assert baking.project_digest(project) != before


def test_the_digest_names_the_explorer(monkeypatch):
    assert baking.digest(bakeable.circles) != baking.digest(bakeable.lines)
    assert baking.digest(bakeable.circles) == baking.digest(bakeable.circles)


def test_cells_run_before_count_for_a_function_of_a_notebook(monkeypatch):
    made = small(blank, n=Slider(0, 1))
    monkeypatch.setattr(baking, "_asked", [])
    monkeypatch.setattr(baking, "_cells", lambda: ["x = 1"])
    one = baking.digest(made)
    monkeypatch.setattr(baking, "_cells", lambda: ["x = 2"])
    assert baking.digest(made) != one
    library = baking.digest(bakeable.lines)
    monkeypatch.setattr(baking, "_cells", list)
    assert baking.digest(bakeable.lines) == library


def test_the_cells_are_those_of_the_kernel():
    code = (
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        "shell.run_cell('a = 1', store_history=True)\n"
        "shell.run_cell('from spinemets.explore import bake; cells = bake._cells()', store_history=True)\n"
        "print(shell.user_ns['cells'])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=course.root())
    assert "'a = 1', 'from spinemets.explore import bake" in done.stdout
