"""The learner's progress survives edits, other kernels, kills, damage and full disks."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

import spinemets
from spinemets import progress
from spinemets.progress import ProgressError

WORKER = """
import sys
from spinemets import progress
name, count = sys.argv[1], int(sys.argv[2])
for i in range(count):
    progress.save(f"{name}-{i}", "h", {"at": "2026-01-01T00:00:00Z", "i": i})
    print(i, flush=True)
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "folder" / "progress.sqlite"
    monkeypatch.setenv("SPINEMETS_PROGRESS", str(path))
    monkeypatch.setattr(progress, "_notices", [])
    return path


def start(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def record(hour: int, **parts: object) -> dict[str, object]:
    return {"at": f"2026-01-01T{hour:02}:00:00.000Z", **parts}


def test_nothing_is_stored_at_first(file: Path) -> None:
    assert progress.load({"a": "1"}) == {}
    assert progress.all() == []
    assert progress.reset() is None
    assert not file.exists()


def test_what_was_saved_is_loaded(file: Path) -> None:
    progress.save("a", "1", record(1, text="ein Wort – “zwei”"))
    progress.save("a", "1", record(2, text="später"))
    progress.save("b", "1", record(1))
    assert progress.load({"a": "1", "c": "1"}) == {"a": {"hash": "1", "record": record(2, text="später")}}


def test_an_edited_item_starts_afresh_and_the_old_answer_stays(file: Path) -> None:
    progress.save("a", "old", record(1))
    assert progress.load({"a": "new"}) == {}
    progress.save("a", "new", record(2))
    assert progress.load({"a": "new"})["a"]["record"] == record(2)
    assert [entry["hash"] for entry in progress.all()] == ["old", "new"]
    assert progress.load(["a"])["a"]["hash"] == "new"


def test_export_and_import_elsewhere(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    progress.save("a", "1", record(5, score=1))
    progress.save("b", "1", record(5, score=1))
    data = json.loads(json.dumps(progress.export()))
    assert data["course"] == "breast-spine-mets"
    monkeypatch.setenv("SPINEMETS_PROGRESS", str(tmp_path / "other.sqlite"))
    progress.save("a", "1", record(9, score=0))
    progress.save("c", "1", record(5, score=0))
    assert progress.import_(data) == {"added": 1, "merged": 0, "replaced": 0, "kept": 1}
    assert progress.load(["a", "b", "c"]) == {
        "a": {"hash": "1", "record": record(9, score=0)},
        "b": {"hash": "1", "record": record(5, score=1)},
        "c": {"hash": "1", "record": record(5, score=0)},
    }


def test_the_newer_record_wins_and_the_older_is_kept_beside(file: Path) -> None:
    progress.save("a", "1", record(1, score=0))
    newer = {"course": "breast-spine-mets", "records": [{"item": "a", "hash": "1", "record": record(2, score=1)}]}
    assert progress.import_(newer) == {"added": 0, "merged": 0, "replaced": 1, "kept": 0}
    assert progress.load(["a"])["a"]["record"]["score"] == 1
    (kept,) = file.parent.glob("progress-backup-*.json")
    assert json.loads(kept.read_text())["records"][0]["record"] == record(1, score=0)
    assert progress.import_(newer) == {"added": 0, "merged": 0, "replaced": 0, "kept": 1}


def attempt(hour: int, score: float = 1, **more: object) -> dict[str, object]:
    return {"answer": 0, "score": score, "hints": 0, **record(hour), **more}


def graded(*attempts: dict[str, object], **more: object) -> dict[str, object]:
    return {"type": "choice", "history": list(attempts), "at": attempts[-1]["at"], **more}


def test_attempts_of_another_kernel_stay(file: Path) -> None:
    progress.save("a", "1", graded(attempt(1), attempt(2)))
    kept = progress.save("a", "1", graded(attempt(1), attempt(3), path=[1]))
    assert kept == graded(attempt(1), attempt(2), attempt(3), path=[1])
    assert progress.load(["a"])["a"]["record"] == kept


def test_an_import_merges_attempts_and_keeps_what_was_here_beside(file: Path) -> None:
    progress.save("a", "1", graded(attempt(1), attempt(3)))
    lines = [{"item": "a", "hash": "1", "record": graded(attempt(2), attempt(4))}]
    data = {"course": "breast-spine-mets", "version": 2, "records": lines}
    assert progress.import_(data) == {"added": 0, "merged": 1, "replaced": 0, "kept": 0}
    assert progress.load(["a"])["a"]["record"] == graded(*map(attempt, (1, 2, 3, 4)))
    (kept,) = file.parent.glob("progress-backup-*.json")
    assert json.loads(kept.read_text())["records"][0]["record"] == graded(attempt(1), attempt(3))
    assert progress.import_(data)["kept"] == 1
    assert len(list(file.parent.glob("progress-backup-*.json"))) == 1


def test_an_import_of_which_no_backup_can_be_written_changes_nothing(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress.save("a", "1", graded(attempt(1)))
    lines = [{"item": name, "hash": "1", "record": graded(attempt(2))} for name in ("new", "a")]

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(json, "dump", full)
        with pytest.raises(ProgressError, match="full"):
            progress.import_({"course": "breast-spine-mets", "records": lines})
    assert [entry["record"] for entry in progress.all()] == [graded(attempt(1))]


@pytest.mark.parametrize("strange", [{"history": 3}, {"history": [{"at": "now"}]}, {"answer": float("nan")}, [], None])
def test_what_is_no_record_is_not_stored(file: Path, strange: object) -> None:
    progress.save("a", "1", record(1))
    with pytest.raises(ProgressError, match="Not stored: the answer to 'a' does not fit"):
        progress.save("a", "1", strange)  # type: ignore[arg-type]
    assert progress.load(["a"])["a"]["record"] == record(1)


def test_halves_of_letters_are_stored_and_exported(file: Path) -> None:
    progress.save("a", "1", record(1, text="\ud800"))
    progress.import_(progress.export())
    progress.reset()
    (kept,) = file.parent.glob("progress-backup-*.json")
    assert progress.import_(json.loads(kept.read_text()))["added"] == 1
    assert progress.load(["a"])["a"]["record"]["text"] == "\ud800"


def test_a_large_import_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "LARGEST_IMPORT", 1000)
    lines = [{"item": f"i{n}", "hash": "1", "record": record(1)} for n in range(30)]
    with pytest.raises(ProgressError, match="larger than 20 MB, so nothing was changed"):
        progress.import_({"course": "breast-spine-mets", "records": lines})
    assert progress.all() == []


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "not an export of progress"),
        ({"course": "breast-spine-mets"}, "not an export of progress"),
        ({"course": "other", "records": []}, "of the course 'other'"),
        ({"course": "breast-spine-mets", "version": 7, "records": []}, "version 7; this course reads versions 1 to 2"),
        ({"course": "breast-spine-mets", "records": [{"item": "a"}]}, "Record 1 of this export does not fit"),
        ({"course": "breast-spine-mets", "records": [{"item": "a", "hash": 3, "record": {}}]}, "Record 1"),
    ],
)
def test_a_malformed_import_changes_nothing(file: Path, data: object, message: str) -> None:
    progress.save("a", "1", record(1))
    with pytest.raises(ProgressError, match=message) as caught:
        progress.import_(data)
    assert "othing was changed" in str(caught.value)
    assert progress.load(["a"])["a"]["record"] == record(1)


def test_one_bad_record_keeps_all_of_an_import_out(file: Path) -> None:
    good = {"item": "b", "hash": "1", "record": record(1)}
    with pytest.raises(ProgressError, match="Record 2"):
        progress.import_({"course": "breast-spine-mets", "records": [good, "broken"]})
    assert progress.all() == []


def test_reset_leaves_an_export_that_import_takes_back(file: Path) -> None:
    progress.save("a", "1", record(1))
    kept = progress.reset()
    assert progress.all() == []
    assert kept is not None
    assert kept.parent == file.parent
    assert progress.import_(json.loads(kept.read_text()))["added"] == 1
    assert progress.load(["a"])["a"]["record"] == record(1)
    assert progress.reset() != kept


def test_reset_without_a_backup_deletes_nothing(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    progress.save("a", "1", record(1))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(json, "dump", full)
    with pytest.raises(ProgressError, match="full"):
        progress.reset()
    assert progress.load(["a"])
    assert not list(file.parent.glob("*.tmp"))


def test_kernels_write_at_once(file: Path) -> None:
    workers = [start(WORKER, f"kernel{n}", "25") for n in range(3)]
    for worker in workers:
        _, errors = worker.communicate(timeout=120)
        assert worker.returncode == 0, errors
    assert len(progress.all()) == 3 * 25


BEGINNERS = """
import os, sys, time
from spinemets import progress
folder, name, start = sys.argv[1], sys.argv[2], float(sys.argv[3])
for i in range(60):
    os.environ["SPINEMETS_PROGRESS"] = f"{folder}/{i}/progress.sqlite"
    while time.time() < start + i * 0.05:
        pass
    progress.save(name, "h", {"i": i})
"""


def test_kernels_that_begin_one_file_at_once_both_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = str(time.time() + 3)
    kernels = [start(BEGINNERS, str(tmp_path), f"kernel{n}", at) for n in range(2)]
    for kernel in kernels:
        _, errors = kernel.communicate(timeout=120)
        assert kernel.returncode == 0, errors
    for i in range(60):
        monkeypatch.setenv("SPINEMETS_PROGRESS", str(tmp_path / str(i) / "progress.sqlite"))
        assert len(progress.all()) == 2


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_kill_in_the_middle_loses_nothing_that_was_said_to_be_stored(file: Path) -> None:
    survivor = start(WORKER, "survivor", "40")
    for n in range(2):
        victim = start(WORKER, f"victim{n}", "100000")
        assert victim.stdout is not None
        last = -1
        deadline = time.monotonic() + 30
        while last < 12 and time.monotonic() < deadline:
            last = int(victim.stdout.readline())
        victim.send_signal(signal.SIGKILL)
        rest = victim.communicate()[0].splitlines()
        said = [int(line) for line in rest if line.isdigit()]
        last = max([last, *said[:-1]])
        stored = {entry["item"] for entry in progress.all()}
        assert {f"victim{n}-{i}" for i in range(last + 1)} <= stored
    _, errors = survivor.communicate(timeout=120)
    assert survivor.returncode == 0, errors
    assert len([entry for entry in progress.all() if entry["item"].startswith("survivor")]) == 40
    assert progress.notice() == ""


@pytest.mark.parametrize("damage", ["no database", "cut short", "overwritten"])
def test_a_damaged_file_is_set_aside(file: Path, damage: str) -> None:
    for i in range(12):
        progress.save(f"item{i}", "1", record(1, text="x" * 4000))
    broken = {
        "no database": b"This is a text.\n" * 50,
        "cut short": file.read_bytes()[:9000],
        "overwritten": file.read_bytes()[:4096] + b"\xff" * 30000 + file.read_bytes()[34096:],
    }[damage]
    file.write_bytes(broken)
    progress.save("new", "1", record(2))
    assert [entry["item"] for entry in progress.all()] == ["new"]
    (aside,) = [path for path in file.parent.glob("*.corrupt-*") if path.suffix not in ("-wal", "-shm")]
    assert aside.read_bytes()[:4096] == broken[:4096]
    assert str(aside) in progress.notice()
    assert "damaged" in progress.notice()


def test_a_damaged_file_shows_when_reading_too(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"garbage" * 1000)
    assert progress.load(["a"]) == {}
    assert "damaged" in progress.notice()


def test_kernels_that_meet_a_damaged_file_at_once_lose_nothing(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"garbage" * 1000)
    workers = [start(WORKER, f"kernel{n}", "5") for n in range(3)]
    for worker in workers:
        _, errors = worker.communicate(timeout=60)
        assert worker.returncode == 0, errors
    kept = {entry["item"] for entry in progress.all()}
    assert kept == {f"kernel{n}-{i}" for n in range(3) for i in range(5)}


def test_an_older_schema_is_migrated_and_its_file_kept(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    progress.save("a", "1", record(1))
    more = (*progress.MIGRATIONS, "ALTER TABLE record ADD COLUMN note TEXT;")
    monkeypatch.setattr(progress, "MIGRATIONS", more)
    assert progress.load(["a"])["a"]["record"] == record(1)
    with sqlite3.connect(file.with_name("progress.sqlite.v2")) as old:
        assert old.execute("PRAGMA user_version").fetchone() == (2,)
        assert old.execute("SELECT item FROM record").fetchall() == [("a",)]


def first_version(file: Path, *rows: tuple[str, str]) -> None:
    """A file as the first version of the course wrote it: items and the texts of their records."""
    file.parent.mkdir(parents=True)
    with closing(sqlite3.connect(file)) as db:
        db.executescript(progress.MIGRATIONS[0] + "PRAGMA user_version = 1;")
        saved = "2026-01-01T01:00:00.000+00:00"
        line = "INSERT INTO record VALUES ('breast-spine-mets', ?, '1', ?, ?)"
        db.executemany(line, [(item, saved, text) for item, text in rows])
        db.commit()


def old(attempt: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in attempt.items() if key != "hints"}


OLD = {"type": "choice", "first": old(attempt(1, 0)), "now": old(attempt(3)), "tries": 3, **record(3)}


def test_records_of_the_first_version_are_brought_over_and_their_file_kept(file: Path) -> None:
    case = {"type": "case", "path": [1], **record(2)}
    first_version(file, ("a", json.dumps(OLD)), ("b", json.dumps(case)), ("taken", "{}"), ("broken", "{"))
    found = {entry["item"]: entry for entry in progress.all()}
    assert found["a"]["record"] == graded(attempt(1, 0), attempt(3))
    assert found["b"]["record"] == case
    assert (found["taken"]["record"], found["taken"]["saved"]) == ({}, "2026-01-01T01:00:00.000Z")
    assert set(found) == {"a", "b", "taken"}
    with closing(sqlite3.connect(file.with_name("progress.sqlite.v1"))) as kept:
        texts = dict(kept.execute("SELECT item, record FROM record"))
    assert (json.loads(texts["a"]), texts["broken"]) == (OLD, "{")
    with closing(sqlite3.connect(file)) as db:
        stored = dict(db.execute("SELECT item, record FROM record"))
    assert json.loads(stored["a"]) == graded(attempt(1, 0), attempt(3))
    assert stored["broken"] == "{"


def test_a_migration_that_cannot_keep_the_old_file_does_not_begin(file: Path) -> None:
    first_version(file, ("a", json.dumps(OLD)))
    before = file.read_bytes()
    file.with_name("progress.sqlite.v1").mkdir()
    with pytest.raises(ProgressError):
        progress.all()
    assert not list(file.parent.glob("*.tmp"))
    assert not list(file.parent.glob("*.corrupt-*"))
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        assert json.loads(db.execute("SELECT record FROM record").fetchone()[0]) == OLD
    assert len(before) == file.stat().st_size


def test_a_row_that_cannot_be_read_is_passed_over_and_stays(file: Path) -> None:
    texts = ["{", "3", '{"history": 3}', '{"history": [{"at": "now", "score": 1}]}']
    for n, text in enumerate(texts):
        progress.save(f"i{n}", "1", record(1))
        with closing(sqlite3.connect(file)) as db:
            db.execute("UPDATE record SET record = ? WHERE item = ?", (text, f"i{n}"))
            db.commit()
    assert progress.all() == []
    progress.save("i0", "1", record(2))
    lines = [{"item": "i1", "hash": "1", "record": record(2)}]
    assert progress.import_({"course": "breast-spine-mets", "records": lines})["added"] == 1
    assert [entry["item"] for entry in progress.all()] == ["i0", "i1"]
    progress.reset()
    with closing(sqlite3.connect(file)) as db:
        assert sorted(text for (text,) in db.execute("SELECT record FROM record")) == sorted(texts)


def test_a_migration_that_fails_changes_nothing(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    progress.save("a", "1", record(1))
    with monkeypatch.context() as patch:
        patch.setattr(progress, "MIGRATIONS", (*progress.MIGRATIONS, "ALTER TABLE record ADD COLUMN x; NONSENSE;"))
        with pytest.raises(ProgressError):
            progress.all()
    assert progress.load(["a"])["a"]["record"] == record(1)


def test_a_newer_schema_is_left_alone(file: Path) -> None:
    progress.save("a", "1", record(1))
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(ProgressError, match="newer version of this course. Nothing was changed"):
        progress.save("a", "1", record(2))
    with sqlite3.connect(file) as db:
        assert "01:00" in db.execute("SELECT record FROM record").fetchone()[0]


LIMITED = """
import os, resource, signal, sys
from spinemets import progress
progress.save("before", "1", {"at": "2026-01-01T00:00:00Z"})
if sys.argv[1] == "full":
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))
else:
    folder = os.path.dirname(os.environ["SPINEMETS_PROGRESS"])
    os.chmod(os.environ["SPINEMETS_PROGRESS"], 0o444)
    os.chmod(folder, 0o555)
    if os.getuid() == 0:
        os.setuid(65534)
try:
    progress.save("after", "1", {"text": "x" * 200000})
except progress.ProgressError as error:
    print(error)
else:
    sys.exit("it was stored")
"""


@pytest.mark.skipif(os.name == "nt", reason="POSIX limits and permissions")
@pytest.mark.parametrize(
    ("kind", "words"), [("full", "full or failing. Free some space"), ("read-only", "read-only. Make it writable")]
)
def test_a_disk_that_takes_nothing_is_said_in_plain_words(file: Path, kind: str, words: str) -> None:
    for folder in file.parents[1:4]:  # another user must be able to walk there
        if folder.stat().st_uid == os.getuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    worker = start(LIMITED, kind)
    said, errors = worker.communicate(timeout=60)
    file.parent.chmod(0o755)
    file.chmod(0o644)
    assert worker.returncode == 0, errors
    assert words in said
    assert str(file) in said
    assert [entry["item"] for entry in progress.all()] == ["before"]


def test_a_folder_that_cannot_be_made(file: Path) -> None:
    file.parent.write_text("a file where the folder should be")
    with pytest.raises(ProgressError, match="cannot be opened. Check that its folder exists"):
        progress.save("a", "1", record(1))


def test_the_default_place_is_the_users_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPINEMETS_PROGRESS")
    assert progress.path().name == "progress.sqlite"
    assert "spinemets" in str(progress.path())


SENDING = r"\bfetch\(|XMLHttpRequest|sendBeacon|WebSocket|EventSource|WebTransport|RTCPeerConnection|new Image\b"


def test_nothing_that_runs_beside_the_answers_can_send_them() -> None:
    package = Path(spinemets.__file__).parent
    scripts = [*package.rglob("*.mjs"), *package.rglob("*.js"), *package.rglob("*.html")]
    assert {"host.js", "store.mjs", "quiz.mjs", "explorer.mjs"} <= {path.name for path in scripts}
    for path in scripts:
        code = re.sub(r"^\s*(//|\*|/\*).*$", "", path.read_text(encoding="utf-8"), flags=re.M)
        assert re.findall(SENDING, code) == [], path.name
        assert re.findall(r"<form[^>]*\baction=|\.submit\(", code) == [], path.name
    sources = (package / "progress.py").read_text("utf-8") + (package / "records.py").read_text("utf-8")
    assert not re.search(r"\b(?:urllib|http|socket|requests|httpx)\b", sources)


@pytest.fixture(autouse=True)
def _never_the_real_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SPINEMETS_PROGRESS", str(tmp_path / "unused.sqlite"))
