"""Whatever is altered behind a store's back, `verify` finds it; and a head kept elsewhere shows a rewritten journal."""

from __future__ import annotations

import shutil
import sqlite3
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mnesis.errors import BadInput, MnesisError
from mnesis.memory import Space
from mnesis.store import Store, seal
from mnesis.store.generations import Made
from mnesis.store.heads import read_head, rewritten
from mnesis.store.ram import RamStore
from mnesis.store.sqlite import SqliteStore
from mnesis.words import (
    Add,
    Change,
    Connect,
    Disconnect,
    Erase,
    Event,
    Head,
    Link,
    MemCube,
    Move,
    Once,
    Restore,
    Retire,
    Revise,
    Touch,
    replace,
)

START = datetime(2026, 1, 1, tzinfo=UTC)
STORES: dict[str, Callable[[Path], Any]] = {
    "ram": lambda folder: RamStore(),
    "sqlite": lambda folder: SqliteStore(folder / "space.mnesis"),
}


def put(store: Store, *changes: Change, day: int = 0) -> None:
    store.commit(changes, author="me", reason="because", at=START + timedelta(days=day), namespace="a")


def add(id: str, n: int, **more: Any) -> Add:
    """A cube with two vectors and an event of its own."""
    speaker = f"Speaker {n % 5}"  # the name of one who is erased stays in use
    cube = MemCube(id, f"Memory {n} of the kettle.", "a", speaker=speaker, made_by="hand", events=(f"e{n}",), **more)
    vectors = np.array([[n, 1], [1, n + 1]], np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Add(cube, Event(f"Told {n}, at length.", meta={"n": n}, id=f"e{n}"), vectors, (7 * n + 1, 7 * n + 2))


def fill(store: Store) -> None:
    """A little of everything a store can hold."""
    store.record(embedder="test", dim="2")
    link = Link("c0", "entity:tea", "mentions", 0.5, "a", START, START + timedelta(days=3), "text.link.entities")
    held = add("c4", 4, strength=0.5, importance=0.25, sources=("s",), valid_from=START, meta={"x": [1]})
    put(store, *(add(f"c{n}", n) for n in range(4)), held)
    put(store, Connect(link), Connect(Link("c1", "c2", "next", namespace="a")), day=1)
    put(store, Connect(Link("c2", "c3", "next", namespace="a")), Connect(Link("c3", "c4", "next", namespace="a")))
    put(store, Touch("c0", strength=0.25), Touch("c1", importance=0.75), Touch("c4", importance=0.5), day=2)
    revised = MemCube("c1", "Memory 1, revised.", "a", version=2, events=("c1",), strength=0.75)
    put(store, Revise(revised), Move("c3", "core"), Retire("c2", "old"), day=3)
    put(store, Disconnect(link), day=4)
    put(store, Once("key", "said"), add("c5", 5), add("c6", 6), Restore("c3", 1), Restore("c2", 1), day=5)
    put(store, Touch("c0", importance=0.5), Touch("c0", strength=0.5), Erase("c5"), day=6)
    again = store.generations()
    again.begin("another", 2, "")
    waiting = again.waiting(100)
    made = [Made(each.row, (each.row, 1), np.eye(2, dtype=np.float32)) for each in waiting[:-1]]
    assert again.fill(0, waiting[-1].row, made)  # the last has no vectors any more
    assert again.switch(False, lambda rest: [])
    assert store.verify() == []


@pytest.fixture(params=sorted(STORES))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    made = STORES[request.param](tmp_path)
    yield made
    made.close()


# ---------------------------------------------------------------------------------------------- SQLite, field by field


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("filled") / "space.mnesis"
    store = SqliteStore(path)
    fill(store)
    store.close()
    return path


def tables(path: Path) -> dict[str, list[str]]:
    """Every table and its columns."""
    with sqlite3.connect(path) as raw:
        names = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: [row[1] for row in raw.execute(f"PRAGMA table_info({name})")] for name in names}
    found["links"].remove("pk")  # says nothing but in which order links come
    raw.close()
    return found


def other(value: Any, draw: st.DataObject) -> Any:
    """Another value of the same kind."""
    if value is None:
        return draw.draw(st.sampled_from([2, 0.5, "x"]))
    if isinstance(value, int):
        return value + draw.draw(st.sampled_from([-1, 1, 4096, 10**6]))
    if isinstance(value, float):
        return draw.draw(st.sampled_from([value + 1, -value - 1, None]))
    raw = bytearray(value.encode() if isinstance(value, str) else value)
    if not raw:
        return "x" if isinstance(value, str) else b"x"
    at = draw.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= draw.draw(st.sampled_from([1, 2, 4, 16, 32]))
    return raw.decode("utf-8", "replace") if isinstance(value, str) else bytes(raw)


def said(value: Any) -> Any:
    """A value, inflated where it is deflated: the bits that fill up the last byte of that say nothing."""
    try:
        return zlib.decompress(value)
    except (zlib.error, TypeError):
        return value


def problems(path: Path) -> list[str]:
    """What opening and checking a space says."""
    try:
        store = SqliteStore(path)
    except MnesisError as err:
        return [str(err)]
    try:
        return store.verify()
    finally:
        store.close()


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(draw=st.data())
def test_no_field_of_any_row_can_be_altered_unseen(
    filled: Path, tmp_path_factory: pytest.TempPathFactory, draw: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("altered") / "space.mnesis"
    shutil.copy(filled, path)
    table, columns = draw.draw(
        st.sampled_from(sorted((name, tables(path)[name]) for name in {name for name, _ in rows(path)}))
    )
    raw = sqlite3.connect(path, isolation_level=None)
    named = {"facts": "name", "events": "id", "touches": "row || '.' || seq", "once": "key"}
    named |= {"derived": "ns || source || row", "tombs": "digest"}
    key = named.get(table, "rowid")
    keys = [each for (each,) in raw.execute(f"SELECT {key} FROM {table} ORDER BY {key}")]
    chosen = draw.draw(st.sampled_from(keys))
    column = draw.draw(st.sampled_from(columns))
    (value,) = raw.execute(f"SELECT {column} FROM {table} WHERE {key} = ?", (chosen,)).fetchone()
    new = other(value, draw)
    try:
        raw.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (new, chosen))
    except sqlite3.IntegrityError:
        return  # SQLite itself refuses it
    finally:
        (kept,) = raw.execute(
            f"SELECT count(*) FROM {table} WHERE {column} IS ? AND {key} IS ?", (value, chosen)
        ).fetchone()
        raw.close()
    if not kept and said(value) != said(new):
        assert problems(path), f"{table}.{column} of {chosen}: {value!r} -> {new!r}"


def rows(path: Path) -> list[tuple[str, int]]:
    """Every row of a space: its table and how many came before it."""
    with sqlite3.connect(path) as raw:
        found = [
            (table, n)
            for table in tables(path)
            for n in range(int(raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0]))
        ]
    raw.close()
    return found


def test_no_row_can_be_taken_away_unseen(filled: Path, tmp_path: Path) -> None:
    for table, n in rows(filled):
        path = tmp_path / "space.mnesis"
        shutil.copy(filled, path)
        raw = sqlite3.connect(path, isolation_level=None)
        columns = tables(path)[table]
        row = raw.execute(f"SELECT {', '.join(columns)} FROM {table} LIMIT 1 OFFSET {n}").fetchone()
        wanted = " AND ".join(f"{each} IS ?" for each in columns)
        assert raw.execute(f"DELETE FROM {table} WHERE {wanted}", row).rowcount == 1
        raw.close()
        assert problems(path), f"{table}: {row}"


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        ("UPDATE vectors SET vector = zeroblob(4) WHERE pk = 4096 + 1", "The vectors of cube c0, version 1, were alt"),
        ("UPDATE vectors SET digest = 5 WHERE pk = 4096", "The vectors of cube c0, version 1, were altered"),
        ("DELETE FROM vectors WHERE pk / 4096 = 2", "The vectors of cube c1, version 1, are missing"),
        ("INSERT INTO vectors VALUES (99 * 4096, 1, zeroblob(4))", "The vectors of row 99 belong to no cube"),
        ("UPDATE cubes SET strength = 1 WHERE id = 'c0'", "Cube c0, version 1, is held with 1.0 and 0.5, but the jou"),
        ("UPDATE cubes SET importance = 0 WHERE id = 'c4'", "Cube c4, version 1, is held with 0.5 and 0.0, but the"),
        ("UPDATE cubes SET strength = NULL WHERE id = 'c1' AND version = 2", "says 0.75 and 0.0"),
        ("UPDATE links SET died = NULL", "The link 'mentions' from c0 to entity:tea is not as commit 2"),
        ("UPDATE links SET until = until + 1", "The link 'mentions' from c0 to entity:tea is not as commit 2"),
        ("DELETE FROM links WHERE head = 'c3'", "The link 'next' from c3 to c4, which commit 3 drew, is missing"),
        ("INSERT INTO links SELECT 99, ns, head, 'c9', kind, 1, 0, 0, 0, 2, 0 FROM links LIMIT 1", "c0 to c9 is not"),
        ("UPDATE links SET pk = 99 WHERE pk = 1", "Links stand in another order"),
        ("UPDATE names SET name = 'Eve' WHERE name = 'Speaker 3'", "Cube c3, version 1, was altered"),
        ("DELETE FROM erased", "Tombstones of commit 8 in namespace 'a' are missing"),
        ("UPDATE erased SET seq = 3", "The tombstone of row 8 says that commit 3 erased it"),
        ("UPDATE facts SET value = 'french' WHERE name = 'language'", "'language' is not as it was written"),
        ("UPDATE touches SET strength = 9 WHERE seq = 8", "Cube c0, version 1, was held differently before it was"),
        ("DELETE FROM touches WHERE seq = 4", "was held differently before it was touched"),
        ("DELETE FROM once", "The key key of commit 7 is missing"),
        ("UPDATE once SET row = 1", "The key key of commit 7 is not as the journal says"),
        ("INSERT INTO facts VALUES ('owner', 'Eve')", "'owner' is not as it was written"),
        ("UPDATE commits SET seq = -seq WHERE seq IN (3, 4)", "Commits 3 to 4 are missing"),
    ],
)
def test_what_was_altered_is_named(filled: Path, tmp_path: Path, harm: str, says: str) -> None:
    path = tmp_path / "space.mnesis"
    shutil.copy(filled, path)
    with sqlite3.connect(path) as raw:
        raw.execute(harm)
    raw.close()
    assert any(says in each for each in problems(path)), problems(path)


def test_entries_that_changed_places_are_named(filled: Path, tmp_path: Path) -> None:
    path = tmp_path / "space.mnesis"
    shutil.copy(filled, path)
    with sqlite3.connect(path) as raw:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            raw.execute("UPDATE commits SET seq = ? WHERE seq = ?", (new, old))
    raw.close()
    found = problems(path)
    assert {f"Commit {n} or what it brought was altered: its hash does not fit." for n in (2, 3)} <= set(found)


# --------------------------------------------------------------------------------------------------------- in memory


def altered_text(store: RamStore) -> None:
    version = store._versions[1]
    version.cube = replace(version.cube, text="Memory nought.")


def altered_vector(store: RamStore) -> None:
    vectors = store._versions[1].vectors
    assert vectors is not None
    vectors[0, 0] += 0.25


def stronger(store: RamStore) -> None:
    version = store._versions[2]
    version.cube = replace(version.cube, strength=9.0)


def longer_lived(store: RamStore) -> None:
    store._versions[3].died = None


def another_link(store: RamStore) -> None:
    store._edges[1].link = replace(store._edges[1].link, tail="c4")


def another_author(store: RamStore) -> None:
    store._commits[1] = replace(store._commits[1], author="you")


def lost_commit(store: RamStore) -> None:
    del store._commits[2]


def swapped(store: RamStore) -> None:
    store._commits[1:3] = store._commits[2:0:-1]


def another_event(store: RamStore) -> None:
    born, event, digest = store._events["a", "e1"]
    store._events["a", "e1"] = born, replace(event, text="Never told."), digest


def lost_cube(store: RamStore) -> None:
    del store._versions[1]


def lost_tombstone(store: RamStore) -> None:
    store._tombs.clear()


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (altered_text, "Cube c0, version 1, was altered"),
        (altered_vector, "The vectors of cube c0, version 1, were altered"),
        (stronger, "Cube c1, version 1, is held with 9.0"),
        (longer_lived, "Cube c2, version 1, ended at commit None"),
        (another_link, "The link 'next' from c1 to c4 is not as commit 2"),
        (another_author, "Commit 2 or what it brought was altered"),
        (lost_commit, "Commit 3 is missing"),
        (swapped, "Commit 2 is missing"),
        (another_event, "Event e1 was altered"),
        (lost_cube, "Commit 1 or what it brought was altered"),
        (lost_tombstone, "Tombstones of commit 8 in namespace 'a' are missing"),
    ],
)
def test_memory_that_was_altered_is_named(harm: Callable[[RamStore], None], says: str) -> None:
    store = RamStore()
    fill(store)
    harm(store)
    found = store.verify()
    assert any(says in each for each in found), found


# -------------------------------------------------------------------------------------------------------- every store


def test_the_two_stores_chain_alike(tmp_path: Path) -> None:
    heads = []
    for make in STORES.values():
        store = make(tmp_path)
        fill(store)
        heads.append((store.head(), [each.hash for each in store.journal()]))
        store.close()
    assert heads[0] == heads[1]


def test_a_head_is_found_again_after_more_commits(store: Any) -> None:
    assert rewritten(store, Head()) == []
    assert str(store.head()) == "0:"
    fill(store)
    head = store.head()
    assert (head.seq, head.hash) == (8, list(store.journal())[-1].hash)
    put(store, add("late", 9))
    assert rewritten(store, str(head)) == []
    assert rewritten(store, store.head()) == []
    assert "is gone" in rewritten(store, Head(99, head.hash))[0]
    assert "Commit 7 has not the hash" in rewritten(store, Head(7, head.hash))[0]
    put(store, Erase("c0"))
    assert rewritten(store, head) == []
    assert store.verify() == []


def test_a_journal_that_was_cut_off_is_found_with_a_head(tmp_path: Path) -> None:
    """Without one, the newest commits can be taken away together with all they brought."""
    path = tmp_path / "space.mnesis"
    with Space(path, embedder="none") as space:
        space.remember("A kettle.")
        space.remember("A lamp.")
        head = space.head()
    with sqlite3.connect(path) as raw:
        raw.execute("DELETE FROM cubes WHERE born = 2")
        raw.execute("DELETE FROM commits WHERE seq = 2")
    raw.close()
    with Space(path) as space:
        assert space.verify().ok
        assert space.verify(against=head).problems == (
            "The journal ends at commit 1; commit 2, whose hash was exported, is gone.",
        )


def test_a_journal_written_anew_is_found_with_a_head(tmp_path: Path) -> None:
    """Somebody who knows how the chain is made can make another; but not one that holds an exported hash."""
    path = tmp_path / "space.mnesis"
    with Space(path, embedder="none") as space:
        for n in range(3):
            space.remember(f"Kettle {n}.")
        head = space.head()
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("UPDATE commits SET author = 'Eve' WHERE seq = 2")
    before = b""
    query = "SELECT c.seq, c.at, n.name, c.author, c.reason, c.body FROM commits c JOIN names n ON n.id = c.ns"
    for seq, at, namespace, author, reason, body in raw.execute(f"{query} ORDER BY seq").fetchall():
        changes = seal.json.loads(zlib.decompress(body))
        brought = [each for (each,) in raw.execute("SELECT digest FROM cubes WHERE born = ? ORDER BY row", (seq,))]
        before = seal.chained(before, seq, at, namespace, author, reason, changes, brought)
        raw.execute("UPDATE commits SET hash = ? WHERE seq = ?", (before, seq))
    raw.close()
    with Space(path) as space:
        assert space.verify().ok
        assert "rewritten" in space.verify(against=str(head)).problems[0]


@pytest.mark.parametrize("text", ["", "3", "x:00", "3:xyz", "-1:00", "0:00", "3:"])
def test_what_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="SEQ:HASH"):
        read_head(text)


def test_a_redacted_change_keeps_its_place_in_the_chain() -> None:
    changes = [{"op": "connect", "link": {"head": "x", "tail": "entity:secret"}}, {"op": "add", "rows": [1, 2]}]
    told = (b"", 1, 0.0, "a", "me", "because")
    whole = seal.chained(*told, changes, [])
    assert seal.chained(*told, [seal.redacted(changes[0]), changes[1]], []) == whole
    assert "secret" not in str(seal.redacted(changes[0]))


def test_a_clock_that_jumps_back_does_not_turn_time_around(store: Any) -> None:
    put(store, Add(MemCube("x", "One.", "a")), day=5)
    put(store, Revise(MemCube("x", "Two.", "a", version=2)), day=1)
    put(store, Revise(MemCube("x", "Three.", "a", version=3)), day=9)
    times = [each.at for each in store.journal()]
    assert times == [START + timedelta(days=day) for day in (5, 5, 9)]
    assert [each.text for each in store.view("a", START + timedelta(days=2)).history("x")] == []
    assert [each.text for each in store.view("a", START + timedelta(days=6)).history("x")] == ["One.", "Two."]
    for each in store.view("a").history("x"):
        assert each.known_from is not None
        assert each.known_to is None or each.known_from <= each.known_to
    assert store.verify() == []
