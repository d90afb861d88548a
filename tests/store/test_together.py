"""One transaction, any number of threads and processes: nothing lost, nothing half seen, nobody waits to read."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mnesis.bench.lives import by_as_of, by_races, by_replay
from mnesis.bench.promises import by_alterations, by_looks, by_processes, by_readers, by_threads, opened, promises
from mnesis.bench.traces import by_erasure, by_vault
from mnesis.errors import SpaceError
from mnesis.store import sqlite

ON_FILE = "memory has one process and one lock, which a commit holds for microseconds"


def test_threads_lose_nothing_and_are_never_refused(place: str | Path) -> None:
    found = by_threads(place)
    assert found == {"threads_written": 400, "threads_lost": 0, "locked": 0}


def test_processes_lose_nothing_and_are_never_refused(place: str | Path) -> None:
    if place == ":memory:":
        pytest.skip(ON_FILE)
    found = by_processes(Path(place))
    assert found == {"processes_written": 800, "processes_lost": 0, "locked": 0}


def test_a_commit_is_seen_whole_or_not_at_all(place: str | Path) -> None:
    found = by_looks(place)
    assert found["half_seen"] == 0
    assert found["looks"] > 0


def test_readers_do_not_wait_for_a_writer(place: str | Path) -> None:
    if place == ":memory:":
        pytest.skip(ON_FILE)
    found = by_readers(Path(place))
    assert found["read_beside_ms"] < max(20 * found["read_idle_ms"], 500), found


def test_every_row_that_is_altered_is_noticed(tmp_path: Path) -> None:
    found = by_alterations(tmp_path / "space.mnesis")
    assert found["unseen"] == 0
    assert found["altered"] > 30


def test_the_bench_writes_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mnesis.bench import promises as module

    monkeypatch.setattr(module, "by_threads", lambda path: by_threads(path, 2, 3))
    monkeypatch.setattr(module, "by_processes", lambda path: by_processes(path, 2, 3))
    monkeypatch.setattr(module, "by_looks", lambda path: by_looks(path, 3))
    monkeypatch.setattr(module, "by_races", lambda path: by_races(path, 2, 3))
    monkeypatch.setattr(module, "by_as_of", lambda path: by_as_of(path, 12))
    monkeypatch.setattr(module, "by_replay", lambda path: by_replay(path, 12))
    monkeypatch.setattr(module, "by_erasure", lambda path: by_erasure(path, 2, 20))
    monkeypatch.setattr(module, "by_vault", lambda path: by_vault(path, 20))
    line = promises(results=tmp_path)
    assert json.loads((tmp_path / "promises.jsonl").read_text("utf-8")) == line
    metrics = {name: each["value"] for name, each in line["metrics"].items()}
    wrong = (
        "threads_lost", "processes_lost", "locked", "half_seen", "unseen", "recalls_differing", "replayed_differing",
        "erased_hits", "foreign_leaks", "vault_hits",
    )  # fmt: skip
    assert {name: metrics[name] for name in wrong} == dict.fromkeys(wrong, 0)
    assert line["n"] == 12


# ------------------------------------------------------------------------------------------ indexes beside the file


def test_an_index_of_another_commit_is_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Saved indexes that are older than the file, newer than it, or of another space."""
    monkeypatch.setattr(sqlite, "PULL", 20)
    path, other = tmp_path / "space.mnesis", tmp_path / "other.mnesis"
    index, theirs = (each.with_name(each.name + "-index") for each in (path, other))
    with opened(path) as space:
        space.remember([f"A blue kettle, item{n}." for n in range(60)])
        space.recall("kettle")
    shutil.copytree(index, tmp_path / "older")
    shutil.copy(path, tmp_path / "older.mnesis")
    with opened(path) as space:
        gone = space.recall("item7", k=1)[0].cube.id
        space.revise(space.recall("item8", k=1)[0].cube.id, "A red lamp, item8.")
        space.forget(gone)
        space.remember([f"A green boat, item{n}." for n in range(60, 130)])
        space.recall("kettle")
        wanted = found(space)
    shutil.copytree(index, tmp_path / "newer")
    with opened(other) as space:
        space.remember([f"A stolen bicycle, thing{n}." for n in range(90)])
        space.recall("bicycle")
    for wrong in (tmp_path / "older", theirs):
        shutil.rmtree(index)
        shutil.copytree(wrong, index)
        with opened(path) as space:
            assert found(space) == wanted
            assert space.verify().ok
    # The file of an earlier day under the index of a later one: a backup copy was put back.
    shutil.copy(tmp_path / "older.mnesis", path)
    shutil.rmtree(index)
    shutil.copytree(tmp_path / "newer", index)
    with opened(path) as space:
        assert [hit.text for hit in space.recall("item7", k=1)] == ["A blue kettle, item7."]
        assert not [hit for hit in space.recall("green boat", k=200) if "boat" in hit.text]
        assert len(list(space.cubes())) == 60
        assert space.verify().ok


def found(space) -> list[list[str]]:
    return [sorted(hit.text for hit in space.recall(f"item{n}", k=3)) for n in range(0, 130, 9)]


# -------------------------------------------------------------------------------------------------------- no room


FILLER = """
import sys
from mnesis.bench.promises import opened
from mnesis.errors import SpaceError
path, limit = sys.argv[1], int(sys.argv[2])
if limit:
    import resource, signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
kept = 0
try:
    space = opened(path)
    while kept < 20000:
        space.remember(f"Line {kept} " + "of a long story " * 40)
        kept += 1
except SpaceError as err:
    print(kept, err)
"""


def filled_up(path: Path, limit: int) -> tuple[int, str]:
    """Write until there is no room: how many memories were acknowledged, and what was said."""
    done = subprocess.run(
        [sys.executable, "-c", FILLER, str(path), str(limit)], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    kept, _, said = done.stdout.partition(" ")
    return int(kept), said


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="this system does not limit the size of files")
def test_a_file_that_may_not_grow_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "space.mnesis"
    kept, said = filled_up(path, 400_000)
    assert kept > 5
    assert "Nothing was written to" in said
    with opened(path) as space:
        assert len(list(space.cubes())) == kept
        assert space.verify().ok
        space.remember("There is room again.")


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("mount") is None, reason="only the superuser can mount a disk")
def test_a_full_disk_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        path = disk / "space.mnesis"
        kept, said = filled_up(path, 0)
        assert kept > 5
        assert "Nothing was written to" in said
        shutil.copytree(disk, tmp_path / "roomy")
    finally:
        subprocess.run(["umount", str(disk)], check=True)
    with opened(tmp_path / "roomy" / "space.mnesis") as space:
        assert len(list(space.cubes())) == kept
        assert space.verify().ok
        space.remember("There is room again.")


def test_a_file_on_a_disk_that_is_only_read_is_refused(tmp_path: Path) -> None:
    """Rights do not bind the superuser; a disk that was mounted to be read does."""
    path = tmp_path / "disk" / "space.mnesis"
    path.parent.mkdir()
    with opened(path) as space:
        space.remember("A blue kettle.")
    before = path.read_bytes()
    if os.geteuid() == 0:
        folder = str(path.parent)
        bound = subprocess.run(["mount", "--bind", "-o", "ro", folder, folder], capture_output=True)
        if bound.returncode:
            pytest.skip("nothing can be mounted here, and rights do not bind the superuser")
        try:
            refused(path)
        finally:
            subprocess.run(["umount", folder], check=True)
    else:
        path.chmod(0o444)
        path.parent.chmod(0o555)
        try:
            refused(path)
        finally:
            path.parent.chmod(0o755)
            path.chmod(0o644)
    assert path.read_bytes() == before


def refused(path: Path) -> None:
    with pytest.raises(SpaceError, match=r"may read and write|Nothing was written"), opened(path) as space:
        space.remember("A red pot.")
