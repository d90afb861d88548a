"""The SQLite store as a file: opened again, shared, damaged, refused, and what lies beside it."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mnesis
from mnesis.errors import BadInput, Conflict, MnesisError, NotFound, SpaceError
from mnesis.memory import Space
from mnesis.models.scripted import scripted
from mnesis.store import sqlite as module
from mnesis.store import vectorindex
from mnesis.store.sqlite import SqliteStore
from mnesis.words import Add, Connect, Erase, Event, Link, MemCube, Retire, Revise

SOURCE = Path(mnesis.__file__).parent
START = datetime(2026, 1, 1, tzinfo=UTC)
THINGS = "kettle lamp boat river window garden pencil violin stone bread cloud ladder button candle".split()
WHO = ("Ana", "Tom", "Ines")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "space.mnesis"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits lowered, so that a few hundred memories are saved beside the space and mapped again."""
    monkeypatch.setattr(module, "PULL", 50)


@pytest.fixture
def parts(small: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, and vectors lie in parts of a few hundred each."""
    monkeypatch.setattr(vectorindex, "PART", 256)


def space_at(path: Path, **options: Any) -> Space:
    return Space(path, embedder=scripted(dim=16), **{"clock": lambda: START, **options})


def event(n: int) -> Event:
    text = f"{WHO[n % 3]} saw a {THINGS[n % 14]} and the {THINGS[n * 5 % 13]} number{n} yesterday."
    return Event(text, WHO[n % 3], START + timedelta(hours=n), f"chat:{n}", f"s{n // 20}")


def answers(space: Space) -> Any:
    """What a space says to a number of questions, in every detail a caller can see."""
    asked = ["Where is the kettle?", "What did Ana see yesterday?", "number17 and the violin", "bread", "cloud stone"]
    hits = [space.recall(each, k=7, now=START + timedelta(days=3)) for each in asked]
    cubes = list(space.cubes())
    return (
        [[(hit.cube, round(hit.score, 5), sorted(hit.why)) for hit in each] for each in hits],
        cubes,
        [None if cube.vector is None else cube.vector.tolist() for cube in cubes],
        [space.history(cube.id) for cube in cubes[:20]],
        list(space.journal()),
        space.namespaces(),
    )


def files(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in sorted(folder.iterdir()) if each.is_file()}


# ------------------------------------------------------------------------------------------------- opened again


def test_a_space_opened_again_is_as_it_was(path: Path) -> None:
    with space_at(path) as space:
        kept = space.remember([event(n) for n in range(60)])
        space.revise(kept[3].id, "Ana saw a telescope, no kettle.")
        space.forget(kept[4].id)
        space.forget(kept[5].id, erase=True)
        before = answers(space)
    with space_at(path) as space:
        assert answers(space) == before
        assert space.verify().ok


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    "harm", ["none", "deleted", "cut", "garbage", "overwritten", "emptied", "one gone", "another schema"]
)
def test_the_index_beside_a_space_may_be_lost_or_damaged(path: Path, harm: str) -> None:
    folder = path.with_name(path.name + "-index")
    with space_at(path) as space:
        for n in range(0, 400, 40):
            space.remember([event(each) for each in range(n, n + 40)])
        chosen = [hit.cube.id for hit in space.recall("number17 violin", k=3)]
        space.revise(chosen[0], "Ana saw a telescope.")
        space.forget(chosen[1])
        space.remember([event(n) for n in range(400, 430)])
        before = answers(space)
    saved = [each for each in folder.rglob("*") if each.is_file()]
    assert {each.suffix for each in saved} == {".json", ".npz", ".part", ".seg"}
    if harm == "deleted":
        shutil.rmtree(folder)
    for each in saved:
        if harm == "cut":
            each.write_bytes(each.read_bytes()[:-100])
        elif harm == "garbage":
            each.write_bytes(b"PK\x03\x04 garbage")
        elif harm == "overwritten":
            each.write_bytes(b"\xff" * len(each.read_bytes()))
        elif harm == "emptied":
            each.write_bytes(b"")
        elif harm == "one gone" and each.suffix == ".seg":
            each.unlink()
            break
        elif harm == "another schema" and each.suffix == ".json":
            each.write_text(json.dumps({**json.loads(each.read_text()), "format": 0}))
    with space_at(path) as space:
        assert answers(space) == before
        assert space.verify().ok
        space.remember([event(n) for n in range(430, 600)])
        grown = answers(space)
    shutil.rmtree(folder)
    with space_at(path) as space:
        assert answers(space) == grown


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize("harm", ["none", "cut", "overwritten"])
def test_saved_vectors_may_be_damaged(path: Path, harm: str) -> None:
    planted = [7, 130, 222, 399]

    def found(space: Space) -> tuple[list[int], list[set[str]]]:
        hits = [space.recall(f"number{n} {THINGS[n % 14]}", k=20) for n in planted]
        view = space._view("default")
        mind = space._minds.of(view.model)
        near = [view.near(mind.asked(event(n).text, frozenset(view.speakers()))).top(20) for n in planted]
        assert all(int(each[0].sources[0].split(":")[1]) == n for each, n in zip(hits, planted, strict=True))
        return [len(each) for each in hits], [set(rows.tolist()) for rows, _ in near]

    with space_at(path) as space:
        for n in range(0, 400, 40):
            space.remember([event(each) for each in range(n, n + 40)])
            space.recall("kettle")
        before = found(space)
    saved = list(path.with_name(path.name + "-index").rglob("*.part"))
    assert len(saved) == 2
    for each in saved:
        if harm == "cut":
            each.write_bytes(each.read_bytes()[:-100])
        elif harm == "overwritten":
            each.write_bytes(b"\xff" * len(each.read_bytes()))
    with space_at(path) as space:
        after = found(space)
        assert after[0] == before[0]
        assert after[1] == before[1]
        space.remember([event(n) for n in range(400, 600)])
        found(space)
        assert space.verify().ok


@pytest.mark.usefixtures("small")
def test_a_saved_index_is_taken_up_and_not_built_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with space_at(path) as space:
        space.remember([event(n) for n in range(400)])
        space.recall("kettle")
    store = SqliteStore(path)
    added: list[int] = []
    whole = module.Shelf.add
    monkeypatch.setattr(
        module.Shelf, "add", lambda self, rows, *rest: (added.append(len(rows)), whole(self, rows, *rest))
    )
    assert len(store.view("default")) == 400
    assert sum(added) == 0
    store.close()


def test_the_space_is_in_wal_mode(path: Path) -> None:
    with space_at(path) as space:
        space.remember("A kettle.")
    with sqlite3.connect(path) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    raw.close()


def test_no_extension_is_ever_loaded() -> None:
    called = [each.name for each in SOURCE.rglob("*.py") if "load_extension" in each.read_text(encoding="utf-8")]
    assert called == []


def test_the_language_of_a_space_stays(path: Path) -> None:
    with space_at(path, language="french") as space:
        space.remember("Les continuelles pluies.")
    with space_at(path) as space:
        assert space.recall("continuellement")[0].text == "Les continuelles pluies."


# ----------------------------------------------------------------------------------------------------- refused


def a_future_space(path: Path) -> None:
    SqliteStore(path).close()
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE facts SET value = '99' WHERE name = 'schema'")
    raw.close()


def somebody_elses_database(path: Path) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE albums (title TEXT)")
        raw.execute("INSERT INTO albums VALUES ('Kind of Blue')")
    raw.close()


def somebody_elses_facts(path: Path) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE facts (name TEXT, value TEXT)")
        raw.execute("INSERT INTO facts VALUES ('schema', 'public')")
    raw.close()


def a_cut_space(path: Path) -> None:
    with space_at(path) as space:
        space.remember([event(n) for n in range(200)])
    path.write_bytes(path.read_bytes()[:9000])


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (a_future_space, "newer mnesis .schema 99.*install"),
        (somebody_elses_database, "an SQLite file, but not a mnesis space"),
        (somebody_elses_facts, "an SQLite file, but not a mnesis space"),
        (lambda path: path.write_text("Dear diary, " * 200), "not a mnesis space, or it is damaged"),
        (lambda path: path.write_bytes(b"SQLite format 3\0" + b"\1" * 4000), "not a mnesis space, or it is damaged"),
        (a_cut_space, "damaged"),
    ],
    ids=["future", "database", "facts", "text", "header", "cut"],
)
def test_files_that_are_no_space_are_refused_and_left_alone(
    tmp_path: Path, path: Path, make: Callable[[Path], Any], says: str
) -> None:
    make(path)
    before = files(tmp_path)
    for _ in range(2):
        with pytest.raises(SpaceError, match=says) as refused:
            space_at(path)
        assert str(path) in str(refused.value)
    assert files(tmp_path) == before


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpaceError, match="is a folder; a space is a file"):
        space_at(tmp_path)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpaceError, match="does not exist; make it first"):
        space_at(tmp_path / "nowhere" / "space.mnesis")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_becomes_a_space(path: Path) -> None:
    path.touch()
    with space_at(path) as space:
        space.remember("A kettle.")
        assert space.verify().ok


@pytest.fixture
def locked(path: Path) -> Iterator[Path]:
    with space_at(path) as space:
        space.remember("A blue kettle.")
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        (path.parent / "probe").touch()
    except OSError:
        yield path
    else:
        pytest.skip("this user may write everywhere, so nothing is read-only for it")
    finally:
        path.parent.chmod(0o755)
        path.chmod(0o644)


def test_a_file_that_may_not_be_written_says_so(locked: Path) -> None:
    before = locked.read_bytes()
    with pytest.raises(SpaceError, match=r"may read and write|Nothing was written"), space_at(locked) as space:
        space.remember("A red pot.")
    assert locked.read_bytes() == before


def test_a_folder_that_may_not_be_written_says_so(locked: Path) -> None:
    with pytest.raises(SpaceError, match="Check that you may read and write it"):
        space_at(locked.with_name("another.mnesis"))


def test_a_full_or_locked_disk_leaves_the_space_as_it_was(path: Path) -> None:
    with space_at(path) as space:
        space.remember("A blue kettle.")
        space._store._connection.execute("PRAGMA max_page_count = 1")
        with pytest.raises(SpaceError, match="Nothing was written"):
            space.remember([event(n) for n in range(500)])
        assert [cube.text for cube in space.cubes()] == ["A blue kettle."]
        space._store._connection.execute("PRAGMA max_page_count = 1000000")
        space.remember("A red pot.")
        assert space.verify().ok


def test_refused_options_leave_no_file(path: Path) -> None:
    for options in ({"recipe": "defualt"}, {"embedder": "statik"}, {"language": "englisch", "embedder": "none"}):
        with pytest.raises(BadInput, match="did you mean"):
            Space(path, **options)
    assert list(path.parent.iterdir()) == []


# ------------------------------------------------------------------------------------------------------ shared


def test_threads_lose_nothing(path: Path) -> None:
    with space_at(path) as space:

        def work(thread: int) -> None:
            for n in range(50):
                space.remember(f"Thread {thread} saw item{thread}x{n}.", session=f"t{thread}", source=f"t{thread}:{n}")
                if n % 10 == 0:
                    assert space.recall(f"item{thread}x{n}", k=1)[0].text.endswith(f"item{thread}x{n}.")

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(work, range(8)))
        assert len({cube.text for cube in space.cubes()}) == 400
        assert [commit.seq for commit in space.journal()] == list(range(1, 401))
        assert space.verify().ok


def test_one_of_many_revisions_wins_each_time(path: Path) -> None:
    with space_at(path) as space:
        (cube,) = space.remember("Version 1.")

        def work(thread: int) -> int:
            won = 0
            for _ in range(20):
                version = space.get(cube.id).version
                try:
                    space.revise(cube.id, f"Version {version + 1}, by {thread}.", expected_version=version)
                    won += 1
                except Conflict:
                    continue
            return won

        with ThreadPoolExecutor(4) as pool:
            won = sum(pool.map(work, range(4)))
        assert space.get(cube.id).version == 1 + won
        assert [each.version for each in space.history(cube.id)] == list(range(1, won + 2))


WRITER = """
import sys
from mnesis.memory import Space
from mnesis.models.scripted import scripted
path, name = sys.argv[1:]
with Space(path, embedder=scripted(dim=16)) as space:
    for n in range(40):
        space.remember(f"Process {name} saw item{name}x{n}.", source=f"{name}:{n}", session=name)
    assert space.recall(f"item{name}x7", k=1)[0].sources == (f"{name}:7",)
"""


def test_processes_that_make_and_fill_one_space_lose_nothing(path: Path) -> None:
    running = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), name], stderr=subprocess.PIPE, text=True)
        for name in "abc"
    ]
    failed = [error for each in running if (error := each.communicate(timeout=120)[1])]
    assert failed == []
    with space_at(path) as space:
        assert len({cube.text for cube in space.cubes()}) == 120
        assert [commit.seq for commit in space.journal()] == list(range(1, 121))
        assert space.verify().ok


ENDLESS = """
import itertools, sys
from mnesis.memory import Space
from mnesis.models.scripted import scripted
space = Space(sys.argv[1], embedder=scripted(dim=16))
for n in itertools.count():
    space.remember([f"Line {n}, part {part}." for part in range(20)])
    print(n, flush=True)
"""


def test_a_process_that_is_killed_leaves_whole_commits(path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ENDLESS, str(path)], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        for _ in range(8):
            last = running.stdout.readline()
        running.kill()
    with space_at(path) as space:
        commits = list(space.journal())
        assert len(commits) > int(last)
        assert len(list(space.cubes())) == 20 * len(commits)
        assert space.verify().ok
        space.remember("It goes on.")


def test_a_reader_is_never_in_the_way_of_a_writer(path: Path) -> None:
    with space_at(path) as space, space_at(path) as other:
        space.remember("A blue kettle, item0.")
        view = other._store.view("default")
        reading = other.journal()
        next(reading)
        done = threading.Event()
        seen: list[int] = []

        def read() -> None:
            while not done.is_set():
                seen.append(len(other.recall("item", k=100)))

        reader = threading.Thread(target=read)
        reader.start()
        for n in range(1, 60):
            space.remember(f"A blue kettle, item{n}.")
        done.set()
        reader.join()
        assert seen == sorted(seen)
        assert len(view) == 1
        assert len(list(other.cubes())) == 60


@pytest.mark.usefixtures("small")
def test_two_spaces_on_one_file_see_each_other(path: Path) -> None:
    with space_at(path) as one, space_at(path) as two:
        kept = one.remember([event(n) for n in range(200)])
        assert answers(one) == answers(two)
        two.revise(kept[0].id, "Ana saw a zeppelin.")
        two.forget(kept[1].id)
        assert one.recall("zeppelin", k=1)[0].cube.version == 2
        with pytest.raises(Conflict):
            one.revise(kept[0].id, "Ana saw nothing.", expected_version=1)
        two.forget(kept[0].id, erase=True)
        assert all("zeppelin" not in hit.text for hit in one.recall("zeppelin", k=50))
        with pytest.raises(NotFound):
            one.history(kept[0].id)
        one.remember([event(n) for n in range(200, 260)])
        assert answers(one) == answers(two)
        assert one.verify().ok
        assert two.verify().ok


def test_the_embedder_of_a_new_space_is_settled_once(path: Path) -> None:
    first, second = SqliteStore(path), SqliteStore(path)
    assert first.claim(embedder="a", dim="4")["embedder"] == "a"
    assert second.claim(embedder="b", dim="8") == first.facts()
    first.close()
    second.close()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files are counted where Linux lists them")
def test_threads_that_ended_keep_no_file_open(path: Path) -> None:
    with space_at(path) as space:
        space.remember("A blue kettle.")
        for _ in range(60):
            thread = threading.Thread(target=space.recall, args=("kettle",))
            thread.start()
            thread.join()
        links = [os.readlink(each) for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
        assert sum(each == str(path) for each in links) <= 5


def test_a_namespace_that_is_only_asked_for_is_not_kept(path: Path) -> None:
    with space_at(path) as space:
        space.remember("A blue kettle.")
        space.recall("kettle")
        for n in range(50):
            assert space.recall("kettle", namespace=f"nobody/{n}") == []
        assert list(space._store._shelves) == ["default"]


# ----------------------------------------------------------------------------------------------------- erasing


@pytest.mark.usefixtures("small")
def test_erased_text_is_in_no_file(path: Path) -> None:
    secret = "xylophone"
    with space_at(path) as space:
        kept = space.remember([event(n) for n in range(150)])
        (cube,) = space.remember(Event(f"My {secret} is green.", "Ana", source="x:1", session="s1"))
        space.revise(cube.id, f"My {secret} is yellow.")
        space.remember([event(n) for n in range(150, 400)])
        space.recall(secret)
        with space_at(path) as other:
            other.recall(secret)
            receipt = space.forget(cube.id, erase=True)
            assert not isinstance(receipt, list)
            assert (receipt.versions, receipt.bytes) == (
                2,
                len(f"My {secret} is green.") + len(f"My {secret} is yellow."),
            )
            assert secret not in str([hit.text for hit in other.recall(secret, k=50)])
        left = [each for each in path.parent.rglob("*") if each.is_file() and secret.encode() in each.read_bytes()]
        assert left == []
        assert space.verify().ok
        before = answers(space)
        assert len(space.recall(kept[7].text, k=1)) == 1
    with space_at(path) as space:
        assert answers(space) == before


def test_a_recall_goes_on_while_memories_are_erased(path: Path) -> None:
    with space_at(path) as space:
        kept = space.remember([Event(f"A blue kettle, item{n}.", source=f"s:{n}") for n in range(60)])
        failed: list[BaseException] = []
        done = threading.Event()

        def read() -> None:
            while not done.is_set():
                try:
                    space.recall("blue kettle", k=60)
                except Exception as err:
                    failed.append(err)

        reader = threading.Thread(target=read)
        reader.start()
        for cube in kept[:40]:
            space.forget(cube.id, erase=True)
        done.set()
        reader.join()
        assert failed == []
        assert len(space.recall("blue kettle", k=60)) == 20


# ------------------------------------------------------------------------------------------------------ verify


def told(path: Path) -> None:
    store = SqliteStore(path)
    store.record(embedder="test", dim="2")

    def put(*changes: Any) -> None:
        store.commit(changes, author="me", reason="", at=START, namespace="a")

    cubes = [MemCube(f"c{n}", f"Memory {n}.", "a", events=(f"c{n}",), meta={"n": n}) for n in range(6)]
    put(*(Add(cube, Event(cube.text, meta={"n": cube.meta["n"]}, id=cube.id)) for cube in cubes))
    put(Add(MemCube("part", "A part.", "a", events=("e1",)), Event("A part of more.", id="e1")))
    put(Revise(MemCube("c1", "Memory 1, revised.", "a", version=2)), Connect(Link("c1", "c2", "next", 0.5, "a")))
    put(Retire("c2", "old"))
    put(Erase("c3"))
    assert store.verify() == []
    store.close()


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        ("UPDATE cubes SET text = 'Memory nought.' WHERE id = 'c0'", "Cube c0, version 1, was altered"),
        ("UPDATE cubes SET body = replace(body, '5', '9') WHERE id = 'c5'", "Cube c5, version 1, was altered"),
        ("UPDATE cubes SET body = 'no JSON' WHERE id = 'c5'", "Cube c5, version 1, was altered"),
        ("UPDATE cubes SET at = 0 WHERE id = 'c4'", "Cube c4, version 1, was altered"),
        ("UPDATE cubes SET speaker = 99 WHERE id = 'c4'", "Cube c4, version 1, was altered"),
        ("UPDATE cubes SET digest = zeroblob(16) WHERE id = 'c4'", "Commit 1 or what it brought was altered"),
        ("UPDATE cubes SET died = NULL WHERE id = 'c2'", "Cube c2, version 1, ended at commit None"),
        ("UPDATE cubes SET died = 4 WHERE id = 'c5'", "Cube c5, version 1, ended at commit 4"),
        ("UPDATE cubes SET died = NULL WHERE id = 'c1' AND version = 1", "Cube c1, version 1, ended at commit None"),
        ("UPDATE cubes SET born = 2 WHERE id = 'c0'", "Cube c0, version 1, stands in the space, but no commit 2"),
        ("DELETE FROM cubes WHERE id = 'c0'", "Commit 1 or what it brought was altered"),
        ("DELETE FROM erased", "Commit 1 or what it brought was altered"),
        ("UPDATE events SET body = replace(body, 'more', 'less') WHERE id = 'e1'", "Event e1 was altered"),
        ("DELETE FROM events WHERE id = 'e1'", "Commit 2 or what it brought was altered"),
        ("UPDATE links SET tail = 'c5'", "The link 'next' from c1 to c5 is not as commit 3"),
        ("DELETE FROM commits WHERE seq = 3", "Commit 3 is missing"),
        ("DELETE FROM commits WHERE seq IN (2, 3)", "Commits 2 to 3 are missing"),
        ("DELETE FROM commits WHERE seq = 1", "Commit 1 is missing"),
        ("DELETE FROM commits WHERE seq >= 2", "Cube part, version 1, stands in the space, but no commit 2"),
        ("UPDATE commits SET author = 'you' WHERE seq = 2", "Commit 2 or what it brought was altered"),
        ("UPDATE commits SET at = at + 1 WHERE seq = 2", "Commit 2 or what it brought was altered"),
        ("UPDATE commits SET body = 'no deflate' WHERE seq = 2", "Commit 2 or what it brought was altered"),
        ("UPDATE commits SET ns = 99 WHERE seq = 2", "Commit 2 or what it brought was altered"),
    ],
)
def test_verify_finds_what_was_altered(path: Path, harm: str, says: str) -> None:
    told(path)
    with sqlite3.connect(path) as raw:
        raw.execute(harm)
    raw.close()
    store = SqliteStore(path)
    problems = store.verify()
    store.close()
    assert any(says in each for each in problems), problems


def test_verify_finds_a_damaged_file(path: Path) -> None:
    with space_at(path) as space:
        space.remember([event(n) for n in range(300)])
    raw = bytearray(path.read_bytes())
    for at in range(8192, len(raw), 4096):
        raw[at : at + 64] = bytes(64)
    path.write_bytes(raw)
    try:
        with space_at(path) as space:
            problems = space.verify().problems
    except MnesisError as err:
        problems = (str(err),) if "damaged" in str(err) else ()
    assert problems


def test_looking_up_one_memory_does_not_walk_through_all(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "purge", lambda *_: True)  # rewrites the whole file on purpose
    store = SqliteStore(path)
    store.record(embedder="none", dim="0")
    ids = [f"c{n}" for n in range(5000)]
    drawn = [Connect(Link(one, other, "next", namespace="a")) for one, other in itertools.pairwise(ids)]
    store.commit(
        [Add(MemCube(id, "A text.", "a", events=(id,))) for id in ids], author="", reason="", at=START, namespace="a"
    )
    store.commit(drawn, author="", reason="", at=START, namespace="a")
    view = store.view("a")
    steps = [0]

    def count() -> int:
        steps[0] += 1
        return 0

    for connection in (store._reader(), store._connection):
        connection.set_progress_handler(count, 1000)
    assert view.get("c2500") is not None
    assert len(view.history("c2500")) == 1
    assert view.event("c2500") is not None
    assert len(view.links("c2500")) == 2
    assert store.namespaces_of("c2500") == ["a"]
    changes = [Retire("c2500"), Revise(MemCube("c2501", "New.", "a", version=2)), Erase("c2502")]
    store.commit(
        [*changes, Connect(Link("c1", "c9", "next", namespace="a"))], author="", reason="", at=START, namespace="a"
    )
    assert steps[0] <= 3
    store.close()


def test_verify_reads_many_memories_quickly(path: Path) -> None:
    store = SqliteStore(path)
    store.record(embedder="none", dim="0")
    cubes = [Add(MemCube(f"c{n}", f"Memory {n}.", "a", events=(f"c{n}",))) for n in range(5000)]
    store.commit(cubes, author="", reason="", at=START, namespace="a")
    statements = [0]
    store._reader().set_trace_callback(lambda _: statements.__setitem__(0, statements[0] + 1))
    assert store.verify() == []
    assert statements[0] < 100
    store.close()


def test_a_year_before_the_first_is_refused_and_not_kept(path: Path) -> None:
    from datetime import timezone

    edge = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5)))
    with space_at(path) as space:
        with pytest.raises(BadInput, match="year"):
            space.remember(Event("Long ago.", at=edge))
        with pytest.raises(BadInput, match="year"):
            space.remember("Long ago.", at="0001-01-01T00:00:00+05:00")
        space.remember("The first day.", at="0001-01-01")
        space.remember("The last day.", at="9999-12-31T23:59:59")
        assert len(space.recall("day")) == 2
        assert np.isfinite([cube.at.timestamp() for cube in space.cubes() if cube.at]).all()
