"""A damaged space says what is wrong with it, and what can be read of it is told to a new one."""

from __future__ import annotations

import random
import shutil
import sqlite3
import struct
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mnesis.errors import NotFound, SpaceError
from mnesis.memory import Space
from mnesis.models.scripted import scripted
from mnesis.store import doctor
from mnesis.store.doctor import examine
from mnesis.store.pages import read_rows, record, shapes, varint
from mnesis.store.salvage import Rescue, damaged_rows, salvage
from mnesis.store.sql import schema
from mnesis.store.sqlite import SqliteStore
from mnesis.words import Connect, Disconnect, Event, Link, MemCube, Touch

START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = START + timedelta(days=400)
THINGS = "kettle lamp boat river window garden pencil violin stone bread cloud ladder button candle".split()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "space.mnesis"


def event(n: int) -> Event:
    text = f"Ana saw a {THINGS[n % 14]} and the {THINGS[n * 5 % 13]} number{n} yesterday."
    long = " It was large." * (400 if n % 50 == 7 else 0)  # runs over several pages
    return Event(text + long, "Ana", START - timedelta(hours=n), f"chat:{n}", f"s{n // 20}", meta={"n": n})


def fill(path: Path, count: int = 300) -> None:
    """Memories with everything that can happen to them, two namespaces, several commits."""
    days = iter(range(10**6))
    with Space(path, embedder=scripted(dim=16), clock=lambda: START + timedelta(days=next(days))) as space:
        kept = [cube for n in range(0, count, 50) for cube in space.remember([event(n + m) for m in range(50)])]
        space.remember("Tom keeps bees.", namespace="tom", source="bees:1", trust="user")
        for cube in kept[:5]:
            space.revise(cube.id, f"{cube.text} And a telescope.")
        space.forget(kept[5].id, reason="not true")
        space.forget(kept[6].id, erase=True)
        next_to = Link(kept[8].id, kept[9].id, "next", 0.5, valid_from=START)
        space._commit([Connect(next_to), Connect(Link(kept[9].id, "entity:tea", "mentions"))], "", "link", "default")
        space._commit([Disconnect(next_to), Touch(kept[8].id, strength=0.25)], "", "cut", "default")
        space._commit([Touch(kept[each].id, used=START, gain=0.5) for each in (1, 9)], "", "recall", "default")
        space.revise(kept[9].id, f"{kept[9].text} And a harp.")


def answers(path: Path) -> dict[str, Any]:
    """What a space says, in every detail that a rescue must keep."""
    with Space(path, embedder=scripted(dim=16), clock=lambda: NOW) as space:
        assert space.verify().ok
        cubes = [cube for name in space.namespaces() for cube in space.cubes(namespace=name)]
        return {
            "cubes": sorted(map(repr, cubes)),
            "vectors": sorted((cube.id, cube.vector.tolist()) for cube in cubes if cube.vector is not None),
            "history": {cube.id: [repr(each) for each in space.history(cube.id)] for cube in cubes},
            "events": {(cube.namespace, id): told(space, cube.namespace, id) for cube in cubes for id in cube.events},
            "links": {cube.id: space._view("default").links(cube.id) for cube in cubes},
            "hits": [
                [hit.cube.id for hit in space.recall(each, k=5, now=NOW)] for each in ("kettle boat", "telescope")
            ],
            "then": [
                [hit.text for hit in space.recall("kettle boat", k=5, as_of=each, now=NOW)] for each in (2, START)
            ],
            "uses": {cube.id: uses(space, cube) for cube in cubes},
            "journal": [(each.seq, each.at, each.author, each.reason) for each in space.journal()],
        }


def uses(space: Space, cube: MemCube) -> list[float]:
    view = space._view(cube.namespace)
    return view.uses(view.rows([cube.id]))[1].tolist()


def told(space: Space, namespace: str, id: str) -> str:
    try:
        return repr(space.event(id, namespace=namespace))
    except NotFound:
        return "lost"


def rescued(path: Path) -> Rescue:
    """Salvage into another file beside it."""
    store = SqliteStore(path.with_name("rescued.mnesis"))
    try:
        return salvage(damaged_rows(path), store)
    finally:
        store.close()


# --------------------------------------------------------------------------------------------------------- salvaging


def test_a_healthy_space_is_rescued_whole(path: Path) -> None:
    fill(path)
    report = rescued(path)
    assert report.whole, report
    assert "lost" not in answers(path)["events"].values()
    assert (report.cubes, report.links) == (299, 2)
    assert answers(path.with_name("rescued.mnesis")) == answers(path)


def test_a_vault_is_rescued_with_what_its_key_was_made_with(path: Path) -> None:
    pytest.importorskip("cryptography")
    with Space(path, embedder="none", key="correct horse") as space:
        space.remember("A kettle.")
        space.remember("The code is 4711.", type="vault")
    assert rescued(path).whole
    with Space(path.with_name("rescued.mnesis"), key="correct horse") as space:
        assert [hit.text for hit in space.recall("code", types=("vault",))] == ["The code is 4711."]
    path.with_name("rescued.mnesis").unlink()
    raw = sqlite3.connect(path)
    raw.execute("DELETE FROM facts WHERE name = 'vault_salt'")
    raw.commit()
    raw.close()
    report = rescued(path)
    assert (report.lost_keys, report.whole) == (1, False)


def test_pages_are_read_as_sqlite_reads_them(path: Path) -> None:
    fill(path)
    with Space(path, embedder=scripted(dim=16)) as space:
        space.remember("Still only in the log.", source="late:1")
        found = read_rows(path, shapes(schema("sqlite")))
        raw = sqlite3.connect(path)
        raw.row_factory = sqlite3.Row
        for shape in shapes(schema("sqlite")):
            theirs = sorted((dict(row) for row in raw.execute(f"SELECT * FROM {shape.table}")), key=repr)
            ours = (
                [{name: row[name] for name in theirs[0]} for row in found.rows.get(shape.table, [])] if theirs else []
            )
            assert sorted(ours, key=repr) == theirs, shape.table
        raw.close()
    assert (found.torn_pages, found.torn_rows, found.missing_pages) == (0, 0, 0)


def harmed(path: Path, harm: Callable[[bytearray], bytearray]) -> None:
    raw = bytearray(path.read_bytes())
    path.write_bytes(harm(raw))
    for name in ("-wal", "-shm"):
        path.with_name(path.name + name).unlink(missing_ok=True)


def zero(raw: bytearray, start: int, stop: int) -> bytearray:
    raw[start:stop] = bytes(stop - start)
    return raw


@pytest.mark.parametrize("harm", ["first page", "inner pages", "half", "a few pages", "header"])
def test_what_can_be_read_is_rescued(path: Path, harm: str) -> None:
    fill(path)
    before = answers(path)
    if harm == "first page":
        harmed(path, lambda raw: zero(raw, 0, 4096))
    elif harm == "header":
        harmed(path, lambda raw: zero(raw, 16, 60))
    elif harm == "half":
        harmed(path, lambda raw: raw[: len(raw) // 2 + 100])
    elif harm == "inner pages":
        pages = range(4096, path.stat().st_size, 4096)
        harmed(path, lambda raw: [zero(raw, at, at + 4096) for at in pages if raw[at] in (2, 5)][-1])
    else:
        chance = random.Random(3)
        pages = chance.sample(range(1, path.stat().st_size // 4096), 12)
        harmed(path, lambda raw: [zero(raw, at * 4096, at * 4096 + 4096) for at in pages][-1])
    assert wrong(path)
    damaged = path.read_bytes()
    report = rescued(path)
    assert path.read_bytes() == damaged
    after = answers(path.with_name("rescued.mnesis"))
    if harm in ("first page", "inner pages", "header"):  # no row was hit
        facts_lost = harm == "first page"
        assert report.cubes == 299
        assert not report.damaged
        assert after["cubes"] == before["cubes"] or facts_lost
        assert after["history"].keys() == before["history"].keys()
        assert after["links"] == before["links"]
        assert after["journal"] == before["journal"]
    else:
        assert not report.whole
        assert list(after["events"].values()).count("lost") <= report.lost_events
        assert report.lost_versions > 0
        assert report.cubes > 20
        whole = {each for each in after["cubes"] if "'damaged': True" not in each and "made_by='salvage'" not in each}
        assert whole <= set(before["cubes"])


def test_a_flipped_bit_in_a_text_is_named(path: Path) -> None:
    fill(path)
    with Space(path, embedder=scripted(dim=16)) as space:
        (hit,) = space.recall("number123", k=1)
    at = path.read_bytes().index(b"number123 yesterday")

    def flip(raw: bytearray) -> bytearray:
        raw[at] ^= 1
        return raw

    harmed(path, flip)
    report = rescued(path)
    assert report.damaged == [hit.cube.id]
    with Space(path.with_name("rescued.mnesis"), embedder=scripted(dim=16)) as space:
        cube = space.get(hit.cube.id)
        assert "oumber123" in cube.text
        assert cube.meta["damaged"] is True
        assert space.verify().ok


def test_an_event_that_has_lost_its_cubes_becomes_one(path: Path) -> None:
    with Space(path, embedder="none") as space:
        (first,) = space.remember(Event("I moved to Lisbon.", "Ana", source="chat:1"))
        space.revise(first.id, "I moved to Porto.")
        space.remember("Another.", source="chat:2")
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("DELETE FROM cubes WHERE id = ?", (first.id,))
    raw.close()
    report = rescued(path)
    assert len(report.from_events) == 2
    with Space(path.with_name("rescued.mnesis")) as space:
        assert {cube.text for cube in space.cubes()} == {"I moved to Lisbon.", "I moved to Porto.", "Another."}


def test_lost_vectors_are_made_anew_where_the_embedder_is_there(path: Path) -> None:
    fill(path, 50)
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("UPDATE vectors SET vector = zeroblob(32)")
    raw.close()
    store = SqliteStore(path.with_name("rescued.mnesis"))
    report = salvage(damaged_rows(path), store, scripted(dim=16).embed)
    store.close()
    assert report.embedded_again == len(report.without_vectors) == report.cubes
    with Space(path.with_name("rescued.mnesis"), embedder=scripted(dim=16)) as space:
        assert all(cube.vector is not None for cube in space.cubes())
        assert space.verify().ok


def test_vectors_of_another_model_are_rescued_too(path: Path) -> None:
    fill(path, 50)
    with Space(path, embedder=scripted(dim=16)) as space:
        space.reembed(scripted(dim=8))
    assert rescued(path).whole
    with Space(path.with_name("rescued.mnesis"), embedder=scripted(dim=8)) as space:
        assert all(cube.vector is not None and cube.vector.shape == (8,) for cube in space.cubes())


def test_what_was_erased_is_not_brought_back(path: Path) -> None:
    with Space(path, embedder="none") as space:
        (cube,) = space.remember("The secret is zanzibar.", source="x:1")
        space.remember("Something else.", source="x:2")
        space.forget(cube.id, erase=True)
    harmed(path, lambda raw: zero(raw, 0, 4096))
    rescued(path)
    assert b"zanzibar" not in path.with_name("rescued.mnesis").read_bytes()


@pytest.mark.parametrize("seed", range(20))
def test_random_damage_never_stops_a_rescue(path: Path, seed: int) -> None:
    fill(path, 100)
    chance = random.Random(seed)

    def harm(raw: bytearray) -> bytearray:
        for _ in range(chance.choice((1, 20, 400))):
            raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
        return raw[: chance.choice((len(raw), len(raw), chance.randrange(len(raw) // 2, len(raw))))]

    harmed(path, harm)
    report = rescued(path)
    with Space(path.with_name("rescued.mnesis"), embedder="none" if not _embedded(path) else scripted(dim=16)) as space:
        assert space.verify().ok
        assert sum(space.namespaces().values()) == report.cubes > 0


def _embedded(path: Path) -> bool:
    store = SqliteStore(path.with_name("rescued.mnesis"))
    try:
        return "embedder" in store.facts()
    finally:
        store.close()


def test_nothing_is_rescued_from_what_is_no_space(path: Path) -> None:
    path.write_bytes(b"Dear diary, " * 4000)
    with pytest.raises(SpaceError, match="backup"):
        damaged_rows(path)


def test_a_rescue_does_not_write_into_a_space_that_is_in_use(path: Path) -> None:
    fill(path, 50)
    store = SqliteStore(path)
    with pytest.raises(SpaceError, match="new space"):
        salvage(damaged_rows(path), store)
    store.close()


def test_numbers_and_rows_of_the_file_format() -> None:
    assert varint(bytes([0x7F]), 0) == (127, 1)
    assert varint(b"\xff" * 9, 0) == (2**64 - 1, 9)
    raw = bytes([6, 0, 1, 7, 13 + 2 * 2, 12 + 2 * 1]) + b"\xfe" + struct.pack(">d", 0.5) + b"hi" + b"\0"
    assert record(raw) == (None, -2, 0.5, "hi", b"\0")
    with pytest.raises(ValueError, match="as long as it says"):
        record(raw + b"x")
    with pytest.raises(ValueError, match="runs out"):
        record(raw[:-1])


# ------------------------------------------------------------------------------------------------------- the doctor


def wrong(path: Path, now: datetime = NOW) -> list[str]:
    """What the doctor finds, each with advice."""
    found = examine(path, now)
    assert all(each.wrong and each.do for each in found)
    return [each.wrong for each in found]


def test_nothing_is_wrong_with_a_healthy_space(path: Path) -> None:
    fill(path, 50)
    assert wrong(path) == []
    path.with_name("empty.mnesis").touch()
    assert wrong(path.with_name("empty.mnesis")) == []


def test_the_doctor_says_what_is_wrong(path: Path, tmp_path: Path) -> None:
    assert "There is no file" in wrong(path)[0]
    assert "is a folder" in wrong(tmp_path)[0]
    assert "does not exist" in wrong(tmp_path / "nowhere" / "space.mnesis")[0]
    fill(path, 50)
    whole = path.read_bytes()
    path.write_bytes(whole[:20_000])
    assert any("is cut short" in each for each in wrong(path))
    assert all("--salvage" in each.do for each in examine(path, NOW))
    path.write_bytes(b"Dear diary, " * 400)
    assert "does not begin as an SQLite file" in wrong(path)[0]
    path.write_bytes(whole)
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE cubes SET text = 'Never said.' WHERE row = 3")
    raw.close()
    (found,) = examine(path, NOW)
    assert "was altered: its digest does not fit" in found.wrong
    assert "past mnesis" in found.do


def test_the_doctor_sees_a_future_schema_and_other_peoples_files(path: Path) -> None:
    SqliteStore(path).close()
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE facts SET value = '99' WHERE name = 'schema'")
    raw.close()
    assert "newer mnesis" in wrong(path)[0]
    other = path.with_name("music.sqlite")
    with sqlite3.connect(other) as raw:
        raw.execute("CREATE TABLE albums (title TEXT)")
    raw.close()
    assert "not a mnesis space" in wrong(other)[0]


def test_the_doctor_sees_a_clock_that_was_wrong(path: Path) -> None:
    with Space(path, embedder="none", clock=lambda: NOW + timedelta(days=3000)) as space:
        space.remember("From afar.")
    assert "a clock was or is wrong" in wrong(path)[0]
    with Space(path, clock=lambda: NOW) as space:
        space.remember("Back again.")
        first, second = space.journal()
        assert second.at == first.at


def test_the_doctor_sees_a_full_disk(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(path, 50)
    monkeypatch.setattr(doctor, "ROOM", 10**18)
    assert "bytes are free" in wrong(path)[0]


def test_the_doctor_sees_who_does_not_stop_writing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(path, 50)
    monkeypatch.setattr(doctor, "PATIENCE", 0.1)
    with sqlite3.connect(path, isolation_level=None) as raw:
        raw.execute("BEGIN IMMEDIATE")
        assert wrong(path) == ["Another process has been writing for a while."]
        raw.execute("ROLLBACK")
    raw.close()
    assert wrong(path) == []


def test_the_doctor_may_look_while_others_write(path: Path) -> None:
    fill(path, 50)
    done = threading.Event()
    with Space(path, embedder=scripted(dim=16), clock=lambda: NOW) as space:

        def work() -> None:
            while not done.is_set():
                space.remember("A kettle.")
                done.wait(0.005)

        writer = threading.Thread(target=work)
        writer.start()
        try:
            assert [wrong(path) for _ in range(5)] == [[]] * 5
        finally:
            done.set()
            writer.join()


def test_a_log_that_was_left_behind_is_taken_up(path: Path, tmp_path: Path) -> None:
    """What a killed process leaves: the file and a log beside it."""
    with Space(path, embedder="none") as space:
        space.remember("In the file.")
        space.remember("In the log.")
        (tmp_path / "left").mkdir()
        for name in ("", "-wal"):
            shutil.copy(path.with_name(path.name + name), tmp_path / "left" / ("space.mnesis" + name))
    left = tmp_path / "left" / "space.mnesis"
    found = damaged_rows(left)
    assert {row["text"] for row in found.rows["cubes"]} == {"In the file.", "In the log."}
    assert wrong(left, datetime.now(UTC)) == []
    with Space(left) as space:
        assert len(list(space.cubes())) == 2
