"""What every store promises, one short check a promise; a new store joins by a line in `conftest.py`."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import MISSING, fields
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnesis.errors import Conflict, MnesisError, NotFound, SpaceError
from mnesis.store.ram import RamStore
from mnesis.store.rewind import rollback
from mnesis.store.sqlite import SqliteStore
from mnesis.store.terms import code, terms
from mnesis.store.view import ShelfView
from mnesis.words import (
    MEMORY_TYPES,
    Add,
    Change,
    Commit,
    Connect,
    Disconnect,
    Erase,
    Event,
    Link,
    MemCube,
    Move,
    Retire,
    Revise,
    Touch,
    replace,
)

AnyStore = RamStore | SqliteStore
DAY = datetime(2026, 3, 1, tzinfo=UTC)


def put(store: AnyStore, *changes: Change, at: datetime = DAY, namespace: str = "a", author: str = "me") -> Commit:
    return store.commit(changes, author=author, reason="because", at=at, namespace=namespace)


def cube(id: str, text: str = "", **more: Any) -> MemCube:
    return MemCube(id, text or f"The text of {id}.", **{"namespace": "a", "events": (id,), **more})


def unit(*values: float) -> Any:
    vector = np.array(values, np.float32)
    return vector / np.linalg.norm(vector)


def add(id: str, text: str = "", *, vector: Sequence[float] | None = None, digest: int = 0, **more: Any) -> Add:
    made = cube(id, text, **more)
    event = Event(made.text, made.speaker, made.valid_from, session=made.session, role=made.role, id=id)
    if vector is None:
        return Add(made, event)
    return Add(made, event, unit(*vector)[None], (digest,) if digest else ())


def told(view: ShelfView) -> list[str]:
    return [each.text for each in view.cubes(view.alive())]


def found(view: ShelfView, text: str) -> list[str]:
    """Ids of the cubes that share words with a text, best first."""
    rows, _ = view.words(list(dict.fromkeys(terms(text)))).top(100)
    return [each.id for each in view.cubes(rows)]


def session(view: ShelfView, id: str, step: int) -> str | None:
    row = view.beside(view.rows([id]), step)
    return view.cubes(row)[0].id if row[0] >= 0 else None


FULL = MemCube(
    id="c1",
    text="Ana said: “I moved to Lisbon — за рекой 🌊”.",
    namespace="a",
    kind="kv",
    type="semantic",
    speaker="Ana",
    role="user",
    session="s1",
    sources=("chat:1", "chat:2"),
    events=("e1", "e2"),
    parents=("p1", "p2"),
    made_by="text.parse.turns",
    valid_from=datetime(2026, 3, 2, 14, 30, 5, 123456, tzinfo=timezone(timedelta(hours=2))),
    valid_to=datetime(2027, 3, 2, tzinfo=UTC),
    known_from=datetime(2026, 3, 3, 1, 2, 3, 4, tzinfo=UTC),
    version=1,
    order=7,
    strength=0.25,
    importance=0.75,
    mood="glad",
    place="Lisbon",
    trust="user",
    meta={"a": [1, 2.5, None, {"b": True}], "dates": [[20514.0, 20515.0]], "text": "é"},
)


# ------------------------------------------------------------------------------------------------- round trips


def test_every_field_of_a_cube_comes_back(store: AnyStore) -> None:
    ours = {"version", "known_to", "keys", "vector"}  # version 1 is the default; the others are the store's own
    plain = [
        each.name
        for each in fields(MemCube)
        if each.name not in ours and each.default is not MISSING and getattr(FULL, each.name) == each.default
    ]
    assert not plain, "FULL must say something in every field"
    put(store, Add(FULL))
    view = store.view("a")
    assert view.get("c1") == FULL
    assert view.cubes(view.alive()) == [FULL]
    assert view.history("c1") == [FULL]


def test_a_cube_that_says_nothing_of_itself_comes_back(store: AnyStore) -> None:
    bare = MemCube("bare", "Nothing else.", "a")
    put(store, Add(bare))
    assert store.view("a").get("bare") == bare
    assert store.view("a").event("bare") is None


@pytest.mark.parametrize("sources", [(), ("one",), ("one", "two")])
@pytest.mark.parametrize("events", [(), ("x",), ("y",), ("x", "y")])
def test_sources_and_events_come_back(store: AnyStore, sources: tuple[str, ...], events: tuple[str, ...]) -> None:
    made = cube("x", sources=sources, events=events)
    put(store, Add(made))
    assert store.view("a").get("x") == made


def test_what_the_caller_does_to_meta_later_does_not_reach_the_store(store: AnyStore) -> None:
    meta: dict[str, Any] = {"tags": ["red"]}
    put(store, Add(cube("x", meta=meta)))
    meta["tags"].append("blue")
    read = store.view("a").get("x")
    assert read is not None
    assert read.meta == {"tags": ["red"]}
    read.meta["more"] = 1  # type: ignore[index]
    again = store.view("a").get("x")
    assert again is not None
    assert again.meta == {"tags": ["red"]}


@pytest.mark.parametrize("same", [True, False], ids=["word for word the cube", "another text"])
def test_every_field_of_an_event_comes_back(store: AnyStore, same: bool) -> None:
    event = Event(
        text="I moved to Lisbon." if same else "Well, I moved to Lisbon, you know.",
        speaker="Ana",
        at=datetime(2026, 3, 2, 23, 30, tzinfo=timezone(timedelta(hours=-5))),
        source="chat:1",
        session="s1",
        role="user",
        trust="agent",
        place="Lisbon",
        meta={"n": 3},
        told_at=datetime(2026, 3, 5, tzinfo=UTC),
        id="e1",
    )
    made = MemCube(
        "e1" if same else "c1",
        "I moved to Lisbon.",
        "a",
        speaker=event.speaker,
        role=event.role,
        session=event.session,
        sources=(event.source,),
        events=("e1",),
        valid_from=event.at,
        known_from=event.told_at,
        trust=event.trust,
        place=event.place,
        meta={"n": 3, "dates": [[20514, 20515]]},
    )
    put(store, Add(made, event))
    assert store.view("a").event("e1") == event
    assert store.view("a").event("nobody") is None


def test_vectors_come_back_in_half_precision(store: AnyStore) -> None:
    both = np.stack([unit(1, 2, 3, 4), unit(-1, 1, 0, 0)])
    put(store, Add(cube("x"), None, both, (11, 12)), add("y"))
    view = store.view("a")
    np.testing.assert_allclose(view.vector("x"), both[0], atol=1e-3)
    assert view.vector("y") is None
    assert view.vector("z") is None
    kept = store.embeddings([11, 12, 13])
    assert sorted(kept) == [11, 12]
    np.testing.assert_allclose(np.frombuffer(kept[12], np.float16), both[1], atol=1e-3)
    rows, cosine = view.near(unit(-1, 1, 0, 0)).top(5)
    assert (rows.tolist(), round(float(cosine[0]), 3)) == ([0], 1.0)


def test_vectors_of_another_dimension_are_refused(store: AnyStore) -> None:
    with pytest.raises(MnesisError, match="4"):
        put(store, Add(cube("x"), None, np.ones((1, 3), np.float32)))
    assert list(store.journal()) == []


def test_facts_are_kept(store: AnyStore) -> None:
    store.record(recipe="default")
    assert store.facts()["recipe"] == "default"
    assert store.facts()["schema"] == "2"
    assert store.claim(recipe="other", colour="red") == store.facts()
    assert (store.facts()["recipe"], store.facts()["colour"]) == ("default", "red")


# ----------------------------------------------------------------------------------------------------- commits


def snapshot(store: AnyStore) -> dict[str, Any]:
    """Everything that can be read, but the order things are held in."""
    view = store.view("a")
    ids = [f"c{n}" for n in range(12)]
    return {
        "journal": list(store.journal()),
        "namespaces": store.namespaces(),
        "cubes": view.cubes(view.alive()),
        "history": [view.history(id) for id in ids],
        "events": [view.event(id) for id in ids],
        "known": store.events_known("a", ids),
        "where": [store.namespaces_of(id) for id in ids],
        "links": [view.links(id) for id in ids],
        "found": found(view, "text c0 c1 c2 c3 c4 c5 c6 c7 c8 c9"),
        "near": view.near(unit(1, 0, 0, 0)).top(9)[0].tolist(),
        "embeddings": store.embeddings(list(range(1, 20))),
    }


def test_a_change_that_fails_takes_the_whole_commit_back(store: AnyStore) -> None:
    put(store, *(add(f"c{n}", vector=(1, n, 0, 0), digest=n + 1) for n in range(4)))
    put(store, Connect(Link("c0", "c1", "next", namespace="a")))
    before = snapshot(store)
    with pytest.raises(NotFound):
        put(
            store,
            add("c5", speaker="Eve", session="new", vector=(1, 0, 0, 1), digest=15),
            Connect(Link("c5", "c1", "next", namespace="a")),
            Disconnect(Link("c0", "c1", "next", namespace="a")),
            Touch("c0", strength=0.1),
            Retire("c0"),
            Revise(cube("c1", "Altogether new.", version=2)),
            Move("c1", type="core"),
            Erase("c2"),
            add("c2", "Under an old name."),
            add("c6"),
            Retire("c9"),
            add("c7"),
        )
    assert snapshot(store) == before
    assert store.verify() == []
    # What was rolled back leaves no trace: the same ids can be used, and new names are read as they were written.
    assert put(store, add("c5", speaker="Tom", session="old")).seq == 3
    read = store.view("a").get("c5")
    assert read is not None
    assert (read.speaker, read.session) == ("Tom", "old")
    assert store.verify() == []


def test_a_cube_of_another_namespace_is_refused(store: AnyStore) -> None:
    with pytest.raises(MnesisError, match="each namespace by itself"):
        put(store, add("x", namespace="b"))
    with pytest.raises(MnesisError, match="each namespace by itself"):
        put(store, Connect(Link("x", "y", "next", namespace="b")))
    assert store.namespaces() == {}


def test_revising_is_compare_and_swap(store: AnyStore) -> None:
    put(store, add("x", "One."))
    put(store, Revise(cube("x", "Two.", version=2)))
    with pytest.raises(Conflict) as late:
        put(store, Revise(cube("x", "Also two.", version=2)))
    assert (late.value.expected, late.value.found) == (1, 2)
    with pytest.raises(Conflict) as early:
        put(store, Revise(cube("x", "Four.", version=4)))
    assert (early.value.expected, early.value.found) == (3, 2)
    with pytest.raises(NotFound):
        put(store, Revise(cube("y", "Nobody.", version=2)))
    assert told(store.view("a")) == ["Two."]


def test_adding_what_stands_is_a_conflict(store: AnyStore) -> None:
    put(store, add("x", "One."))
    for version in (1, 2):
        with pytest.raises(Conflict):
            put(store, Add(cube("x", "Again.", version=version)))
    with pytest.raises(Conflict):
        put(store, add("y"), add("y"))
    assert told(store.view("a")) == ["One."]


def test_a_new_version_keeps_the_vectors_unless_it_brings_its_own(store: AnyStore) -> None:
    put(store, add("x", vector=(1, 0, 0, 0)))
    put(store, Revise(cube("x", version=2, place="here")))
    np.testing.assert_allclose(store.view("a").vector("x"), unit(1, 0, 0, 0), atol=1e-3)
    put(store, Revise(cube("x", "New.", version=3), None, unit(0, 1, 0, 0)[None]))
    np.testing.assert_allclose(store.view("a").vector("x"), unit(0, 1, 0, 0), atol=1e-3)
    rows, cosine = store.view("a").near(unit(1, 0, 0, 0)).top(5)
    assert (len(rows), round(float(cosine[0]), 3)) == (1, 0.0)


def test_several_versions_in_one_commit(store: AnyStore) -> None:
    put(store, add("x", vector=(1, 0, 0, 0)), Revise(cube("x", "Two.", version=2)), Move("x", type="core"))
    assert [each.version for each in store.view("a").history("x")] == [1, 2, 3]
    np.testing.assert_allclose(store.view("a").vector("x"), unit(1, 0, 0, 0), atol=1e-3)
    assert told(store.view("a")) == ["Two."]
    assert store.verify() == []


def test_touching_makes_no_version(store: AnyStore) -> None:
    put(store, add("x"))
    put(store, Touch("x", strength=0.5))
    put(store, Touch("x", importance=0.9))
    read = store.view("a").get("x")
    assert read is not None
    assert (read.strength, read.importance, read.version) == (0.5, 0.9, 1)
    put(store, Touch("x", strength=1.0, importance=0.0))
    assert store.view("a").get("x") == cube("x")
    assert store.verify() == []


def test_moving_carries_a_cube_to_another_tier(store: AnyStore) -> None:
    put(store, add("x", vector=(1, 0, 0, 0)))
    put(store, Move("x", type="core", kind="kv"))
    read = store.view("a").get("x")
    assert read is not None
    assert (read.type, read.kind, read.version, read.text) == ("core", "kv", 2, "The text of x.")
    assert store.view("a").vector("x") is not None
    assert [each.type for each in store.view("a").history("x")] == ["episodic", "core"]


# ------------------------------------------------------------------------------------------------ time travel


def test_what_is_retired_stays_in_history_and_in_as_of_views(store: AnyStore) -> None:
    put(store, add("x", "A blue kettle."), add("y", "A red pot."))
    put(store, Retire("x", "broken"), at=DAY + timedelta(days=1))
    now = store.view("a")
    assert now.get("x") is None
    assert (told(now), found(now, "kettle"), len(now)) == (["A red pot."], [], 1)
    (version,) = now.history("x")
    assert (version.known_from, version.known_to) == (DAY, DAY + timedelta(days=1))
    then = store.view("a", 1)
    assert (told(then), found(then, "kettle")) == (["A blue kettle.", "A red pot."], ["x"])
    assert then.history("x")[0].known_to is None
    assert store.namespaces() == {"a": 1}
    with pytest.raises(NotFound):
        put(store, Retire("x"))


def test_as_of_a_commit_or_a_moment(store: AnyStore) -> None:
    put(store, add("x", "One."), at=DAY)
    put(store, Revise(cube("x", "Two.", version=2)), at=DAY + timedelta(days=1))
    put(store, add("y", "Other."), at=DAY + timedelta(days=2))
    hour = timedelta(hours=1)
    for as_of, expected in [
        (0, []),
        (1, ["One."]),
        (2, ["Two."]),
        (3, ["Two.", "Other."]),
        (99, ["Two.", "Other."]),
        (DAY - hour, []),
        (DAY, ["One."]),
        (DAY + hour, ["One."]),
        (DAY + timedelta(days=1), ["Two."]),
        (DAY + timedelta(days=2) - hour, ["Two."]),
        (DAY + timedelta(days=9), ["Two.", "Other."]),
    ]:
        assert told(store.view("a", as_of)) == expected, as_of
    assert [each.text for each in store.view("a", 1).history("x")] == ["One."]
    assert found(store.view("a", 1), "one two") == ["x"]


def test_as_of_scores_are_those_of_the_time(store: AnyStore) -> None:
    put(store, add("x", "The kettle is blue."), add("y", "The pot is red."))
    then = store.view("a").words(["kettl"]).top(9)
    put(store, *(add(f"n{n}", "Another kettle, and another kettle, of the same make.") for n in range(30)))
    again = store.view("a", 1).words(["kettl"]).top(9)
    assert again[0].tolist() == then[0].tolist()
    np.testing.assert_array_equal(again[1], then[1])


def test_valid_at_asks_what_was_true(store: AnyStore) -> None:
    put(
        store,
        add("old", "Berlin.", valid_from=DAY, valid_to=DAY + timedelta(days=10)),
        add("new", "Lisbon.", valid_from=DAY + timedelta(days=10)),
        add("always", "Oslo."),
    )
    for day, expected in [
        (-1, ["Oslo."]),
        (0, ["Berlin.", "Oslo."]),
        (9, ["Berlin.", "Oslo."]),
        (10, ["Lisbon.", "Oslo."]),
        (99, ["Lisbon.", "Oslo."]),
    ]:
        view = store.view("a", valid_at=DAY + timedelta(days=day))
        assert told(view) == expected, day
        assert len(view) == len(expected)
    assert found(store.view("a", valid_at=DAY), "lisbon berlin") == ["old"]
    assert store.view("a", valid_at=DAY).get("new") is None


# ------------------------------------------------------------------------------------------------------- links


def test_links_come_back_and_can_be_cut(store: AnyStore) -> None:
    link = Link("x", "entity:tea", "mentions", 0.5, "a", DAY, DAY + timedelta(days=1), "text.link.entities")
    other = Link("y", "x", "next", namespace="a")
    put(store, add("x"), add("y"), Connect(link), Connect(other))
    put(store, Disconnect(Link("x", "entity:tea", "mentions", namespace="a")))
    assert store.view("a").links("x") == [other]
    assert store.view("a", 1).links("x") == [link, other]
    assert store.view("a", 1).links("x", "mentions") == [link]
    assert store.view("a", 1).links("entity:tea") == [link]
    assert store.view("a").links("entity:tea") == []
    assert store.view("b").links("x") == []


def test_links_of_many_come_at_once_each_once(store: AnyStore) -> None:
    drawn = [Link(head, tail, kind, namespace="a") for head, tail, kind in EDGES]
    put(store, *(add(id) for id in "xyz"), *map(Connect, drawn))
    put(store, add("x", namespace="b"), Connect(Link("x", "entity:tea", "mentions", namespace="b")), namespace="b")
    view = store.view("a")
    assert view.linked(["x", "entity:tea", "nobody"]) == [drawn[0], drawn[1], drawn[2], drawn[3]]
    assert view.linked(["x", "y"], ["next"]) == [drawn[2], drawn[3]]
    assert view.linked(["z"] * 1000) == [drawn[3]]
    assert view.linked([]) == []
    put(store, Disconnect(drawn[1]))
    assert store.view("a").linked(["entity:tea"]) == [drawn[0]]
    assert view.linked(["entity:tea"]) == drawn[:2]


EDGES = (("x", "entity:tea", "mentions"), ("y", "entity:tea", "mentions"), ("x", "y", "next"), ("z", "x", "next"))


def columns(store: AnyStore, *when: Any) -> list[tuple[str, str, str, float]]:
    drawn = store.view("a", *when).drawn()
    names, kinds = drawn.names, drawn.kinds
    rows = zip(drawn.head.tolist(), drawn.tail.tolist(), drawn.kind.tolist(), drawn.weight.tolist(), strict=True)
    return [(names[head], names[tail], kinds[kind], weight) for head, tail, kind, weight in rows]


def test_all_links_come_as_columns_that_follow_every_change(store: AnyStore) -> None:
    assert columns(store) == []
    put(store, add("x"), add("y"), add("z"), Connect(Link("x", "entity:tea", "mentions", 0.5, "a")))
    assert columns(store) == [("x", "entity:tea", "mentions", 0.5)]
    lives = Link("x", "entity:oslo", "lives in", 1.0, "a", DAY, DAY + timedelta(days=5))
    put(store, Connect(lives), Connect(Link("y", "x", "next", namespace="a")))
    put(
        store,
        add("other", namespace="b"),
        Connect(Link("other", "entity:tea", "mentions", namespace="b")),
        namespace="b",
    )
    assert [each[:3] for each in columns(store)] == [
        ("x", "entity:tea", "mentions"), ("x", "entity:oslo", "lives in"), ("y", "x", "next"),
    ]  # fmt: skip
    assert len(columns(store, 1)) == 1
    assert len(columns(store, None, DAY + timedelta(days=6))) == 2
    put(
        store,
        Disconnect(lives),
        Connect(replace(lives, weight=0.25)),
        Disconnect(Link("y", "x", "next", namespace="a")),
    )
    assert [each[2:] for each in columns(store)] == [("mentions", 0.5), ("lives in", 0.25)]
    assert [each[2] for each in columns(store, 2)] == ["mentions", "lives in", "next"]
    with pytest.raises(NotFound):
        put(store, Connect(Link("z", "x", "next", namespace="a")), Retire("nobody"))
    assert len(columns(store)) == 2  # what was not committed was not drawn
    put(store, Erase("x"))
    assert columns(store) == columns(store, 2) == []
    put(store, Connect(Link("z", "entity:tea", "mentions", namespace="a")))
    assert [each[:3] for each in columns(store)] == [("z", "entity:tea", "mentions")]
    drawn = store.view("a").drawn()
    assert drawn is store.view("a").drawn()
    assert drawn.of_kind("mentions").tolist() == [True]


# ------------------------------------------------------------------------------------------------------ erasing


def test_erasing_leaves_no_text_anywhere(store: AnyStore) -> None:
    secret = "zanzibar"
    put(
        store,
        add("x", f"The {secret} one.", vector=(1, 0, 0, 0), digest=5, session="s", speaker="Ana"),
        add("y", "Another.", session="s"),
        Connect(Link("x", f"entity:{secret}", "mentions", namespace="a")),
        Connect(Link("y", "x", "next", namespace="a")),
    )
    second = Event(f"The {secret} again.", id="e2")
    put(store, Revise(cube("x", f"The {secret} again.", version=2, events=("x", "e2")), second))
    old = store.view("a")
    commit = put(store, Erase("x"))
    assert {name: commit.changes[0][name] for name in ("op", "versions")} == {"op": "erase", "versions": 2}
    for view in (store.view("a"), store.view("a", 2), store.view("a", 1)):
        assert view.get("x") is None
        assert view.history("x") == []
        assert view.event("x") is None
        assert view.event("e2") is None
        assert view.links("x") == []
        assert view.links(f"entity:{secret}") == []
        assert view.links("y") == []
        assert found(view, secret) == []
        assert view.near(unit(1, 0, 0, 0)).top(5)[0].tolist() == []
        assert code(secret) not in np.concatenate(view.terms(view.alive()))
        assert told(view) == ["Another."]
    assert store.embeddings([5]) == {}
    assert store.namespaces_of("x") == []
    assert old.get("x") is None
    assert old.cubes(old.alive()) == store.view("a").cubes(store.view("a").alive())
    assert store.verify() == []
    with pytest.raises(NotFound):
        put(store, Erase("x"))
    put(store, add("x", "A new life."))
    assert [each.text for each in store.view("a").history("x")] == ["A new life."]
    assert store.verify() == []


def test_what_is_retired_can_be_erased(store: AnyStore) -> None:
    put(store, add("x"), add("y"))
    put(store, Retire("x"))
    put(store, Erase("x"))
    assert told(store.view("a", 1)) == ["The text of y."]
    assert store.verify() == []


def test_an_event_others_are_kept_whole_from_outlives_them(store: AnyStore) -> None:
    put(store, add("x", "Word for word."))
    put(store, Add(cube("note", "Derived.", events=("x",))))
    put(store, Erase("note"))
    event = store.view("a").event("x")
    assert event is not None
    assert event.text == "Word for word."


# -------------------------------------------------------------------------------------------------- namespaces


def test_a_namespace_is_a_wall(store: AnyStore) -> None:
    same = "The kettle of Ana is blue."
    put(store, add("x", same, vector=(1, 0, 0, 0), speaker="Ana"), namespace="a")
    there = add("theirs", same, namespace="b", vector=(1, 0, 0, 0), speaker="Bob")
    put(store, there, Connect(Link("theirs", "x", "next", namespace="b")), namespace="b")
    a, b = store.view("a"), store.view("b")
    assert (found(a, "kettle"), found(b, "kettle")) == (["x"], ["theirs"])
    assert (a.get("theirs"), b.get("x")) == (None, None)
    assert (a.history("theirs"), a.event("theirs"), a.links("x"), a.links("theirs")) == ([], None, [], [])
    assert a.rows(["theirs", "x"]).tolist() == [-1, 0]
    assert len(a.near(unit(1, 0, 0, 0)).top(9)[0]) == 1
    assert (a.speakers(), b.speakers()) == (("Ana",), ("Bob",))
    assert (a.known("speaker", "Bob"), b.known("speaker", "Bob")) == (False, True)
    assert store.events_known("a", ["x", "theirs"]) == {"x"}
    for change in (Retire("theirs"), Erase("theirs"), Touch("theirs", 0.5), Move("theirs", "core")):
        with pytest.raises(NotFound):
            put(store, change, namespace="a")
    with pytest.raises(NotFound):
        put(store, Revise(cube("theirs", version=2)), namespace="a")
    assert store.namespaces() == {"a": 1, "b": 1}


def test_the_same_id_may_stand_in_two_namespaces(store: AnyStore) -> None:
    put(store, add("x", "Ours."), namespace="a")
    put(store, add("x", "Theirs.", namespace="b"), namespace="b")
    assert (told(store.view("a")), told(store.view("b"))) == (["Ours."], ["Theirs."])
    assert sorted(store.namespaces_of("x")) == ["a", "b"]
    put(store, Erase("x"), namespace="a")
    assert (told(store.view("a")), told(store.view("b"))) == ([], ["Theirs."])
    assert [each.text for each in store.view("b").history("x")] == ["Theirs."]
    assert store.verify() == []


def test_how_rare_a_word_is_does_not_depend_on_other_namespaces(store: AnyStore) -> None:
    put(store, add("x", "A kettle."), add("y", "A pot."))
    before = store.view("a").words(["kettl"])
    put(store, *(add(f"b{n}", "A kettle.", namespace="b") for n in range(50)), namespace="b")
    after = store.view("a").words(["kettl"])
    assert after.idf.tolist() == before.idf.tolist()
    assert after.top(9)[1].tolist() == before.top(9)[1].tolist()


def test_a_namespace_nobody_wrote_to_is_empty(store: AnyStore) -> None:
    put(store, add("x"))
    view = store.view("nowhere")
    assert (len(view), view.alive().tolist(), view.speakers(), view.get("x")) == (0, [], (), None)
    assert view.near(unit(1, 0, 0, 0)).top(5)[0].tolist() == []
    assert view.words(["text"]).top(5)[0].tolist() == []
    assert view.during(0, 1e12, 5).tolist() == []
    assert store.namespaces() == {"a": 1}
    put(store, add("z", namespace="nowhere"), namespace="nowhere")
    assert len(store.view("nowhere")) == 1
    assert len(view) == 0


# ----------------------------------------------------------------------------------------- what a view can tell


@pytest.fixture
def talk(store: AnyStore) -> AnyStore:
    put(store, *(add(f"c{n}", session="s") for n in range(5)), add("z", session="other"), add("alone"))
    return store


def test_turns_stand_beside_each_other(talk: AnyStore) -> None:
    view = talk.view("a")
    assert [session(view, f"c{n}", 1) for n in range(5)] == ["c1", "c2", "c3", "c4", None]
    assert [session(view, f"c{n}", -2) for n in range(5)] == [None, None, "c0", "c1", "c2"]
    assert session(view, "z", 1) is None
    assert session(view, "alone", -1) is None
    rows = view.rows(["c1", "nobody", "c3"])
    assert view.beside(rows, 1).tolist() == [int(view.rows(["c2"])[0]), -1, int(view.rows(["c4"])[0])]


def test_retired_turns_are_stepped_over(talk: AnyStore) -> None:
    put(talk, Retire("c1"), Retire("c2"), Retire("c4"))
    view = talk.view("a")
    assert (session(view, "c0", 1), session(view, "c3", -1), session(view, "c3", 1)) == ("c3", "c0", None)
    put(talk, add("c5", session="s"))
    assert session(talk.view("a"), "c3", 1) == "c5"


def test_a_revised_turn_keeps_its_place(talk: AnyStore) -> None:
    put(talk, Revise(cube("c2", "New.", version=2, session="s")))
    put(talk, Revise(cube("c4", "New.", version=2, session="s")))
    put(talk, add("c5", session="s"))
    put(talk, Revise(cube("c2", "Newer.", version=3, session="s")))
    order = ["c0", "c1", "c2", "c3", "c4", "c5"]
    view = talk.view("a")
    assert [session(view, each, 1) for each in order] == [*order[1:], None]
    assert [session(view, each, -1) for each in order] == [None, *order[:-1]]


def test_turns_stood_beside_each_other_then(talk: AnyStore) -> None:
    put(talk, Revise(cube("c2", "New.", version=2, session="s")))
    put(talk, add("c5", session="s"), Retire("c3"))
    put(talk, Revise(cube("c4", "New.", version=2, session="s")), Revise(cube("c2", "Newer.", version=3, session="s")))
    for commit, order in [(1, "c0 c1 c2 c3 c4"), (2, "c0 c1 c2 c3 c4"), (3, "c0 c1 c2 c4 c5"), (4, "c0 c1 c2 c4 c5")]:
        view, names = talk.view("a", commit), order.split()
        assert [session(view, each, 1) for each in names] == [*names[1:], None], commit
        assert [session(view, each, -1) for each in names] == [None, *names[:-1]], commit


def test_dates_of_rows(store: AnyStore) -> None:
    put(store, add("x", meta={"dates": [[1, 2], [5, 9]]}), add("y"), add("z", meta={"dates": [[3, 4]]}))
    view = store.view("a")
    owner, first, last = view.dates(view.rows(["z", "y", "x"]))
    assert (owner.tolist(), first.tolist(), last.tolist()) == ([0, 2, 2], [3, 1, 5], [4, 2, 9])
    put(store, add("later", meta={"dates": [[7, 8]]}))
    assert view.dates(view.rows(["z"]))[1].tolist() == [3]


def test_rows_that_speak_of_days(store: AnyStore) -> None:
    put(store, add("w"), add("x", meta={"dates": [[1, 2], [5, 9]]}), add("y"), add("z", meta={"dates": [[3, 6]]}))
    view = store.view("a")
    put(store, add("later", meta={"dates": [[7, 8]]}), add("last"))

    def told(start: float, end: float) -> list[str]:
        return [each.id for each in view.cubes(view.speaking_of(start, end))]

    assert [told(1, 2), told(2, 3), told(5, 6), told(7, 20), told(9, 99)] == [["x"], [], ["x", "z"], ["x"], []]
    assert [each.id for each in store.view("a").cubes(store.view("a").speaking_of(7, 20))] == ["x", "later"]
    put(store, Retire("x"))
    view = store.view("a")
    assert [told(1, 2), told(5, 6)] == [[], ["z"]]


def test_during_gives_a_window_in_time_newest_first(store: AnyStore) -> None:
    days = [3, 1, 2, 5]
    put(store, *(add(f"c{day}", valid_from=DAY + timedelta(days=day)) for day in days), add("never"))
    put(store, Retire("c2"))
    view, start = store.view("a"), DAY.timestamp()

    def window(first: int, last: int, limit: int) -> list[str]:
        return [each.id for each in view.cubes(view.during(start + first * 86400, start + last * 86400, limit))]

    assert window(1, 5, 9) == ["c3", "c1"]
    assert window(0, 99, 9) == ["c5", "c3", "c1"]
    assert window(0, 99, 2) == ["c5", "c3"]


def test_columns_and_codes(store: AnyStore) -> None:
    put(
        store,
        add("x", "Where is it? I know.", speaker="Ana", role="user", session="s", valid_from=DAY),
        add("y", "Blue blue kettle.", valid_to=DAY, type="core"),
    )
    view = store.view("a")
    rows = view.rows(["x", "y"])
    assert view.column("speaker", rows).tolist() == [view.code("Ana"), 0]
    assert view.column("role", rows).tolist() == [view.code("user"), 0]
    assert view.column("session", rows).tolist() == [view.code("s"), 0]
    assert view.column("until", rows).tolist() == [np.inf, DAY.timestamp()]
    assert view.column("length", rows).tolist() == [1, 3]
    assert [MEMORY_TYPES[each] for each in view.column("type", rows)] == ["episodic", "core"]
    assert view.column("at", rows)[0] == DAY.timestamp()
    assert np.isnan(view.column("at", rows)[1])
    assert view.column("asks", rows)[0] == pytest.approx(0.6, abs=0.05)
    assert (view.known("role", "user"), view.known("role", "tool"), view.known("speaker", "Ana")) == (True, False, True)
    assert [sorted(each) for each in view.terms(rows)] == [[code("know")], sorted([code("blue"), code("kettl")])]


def test_a_view_stands_still(store: AnyStore) -> None:
    put(store, add("x", "A kettle.", session="s", vector=(1, 0, 0, 0)))
    view = store.view("a")
    put(store, add("y", "A kettle.", session="s", vector=(1, 0, 0, 0)))
    put(store, Retire("x"))
    store.view("a")
    assert (told(view), found(view, "kettle"), session(view, "x", 1)) == (["A kettle."], ["x"], None)
    assert len(view.near(unit(1, 0, 0, 0)).top(9)[0]) == 1


# ----------------------------------------------------------------------------------------------------- journal


def test_the_journal_tells_what_was_done_in_order(store: AnyStore) -> None:
    link = Link("x", "y", "next", 0.5, "a")
    made = [
        put(store, add("x"), add("y"), Connect(link), add("z"), author="one"),
        put(store, Revise(cube("x", version=2)), Touch("y", strength=0.5), at=DAY + timedelta(days=1)),
        put(store, Move("x", "core"), Retire("y", "old"), Disconnect(link)),
    ]
    journal = list(store.journal())
    assert journal == made
    assert [each.seq for each in journal] == [1, 2, 3]
    assert (journal[0].author, journal[0].reason, journal[1].at) == ("one", "because", DAY + timedelta(days=1))
    assert len({each.hash for each in journal}) == 3
    assert [[change["op"] for change in each.changes] for each in journal] == [
        ["add", "connect", "add"], ["revise", "touch"], ["move", "retire", "disconnect"],
    ]  # fmt: skip
    assert [dict(change) for change in journal[0].changes[:2]] == [
        {"op": "add", "rows": [1, 2]},
        {"op": "connect", "link": {"head": "x", "tail": "y", "kind": "next", "weight": 0.5, "namespace": "a"}},
    ]
    assert [dict(change) for change in journal[1].changes] == [
        {"op": "revise", "rows": [4, 4], "id": "x", "version": 2},
        {"op": "touch", "id": "y", "version": 1, "strength": 0.5},
    ]
    assert [dict(change) for change in journal[2].changes[:2]] == [
        {"op": "move", "rows": [5, 5], "id": "x", "version": 3},
        {"op": "retire", "id": "y", "version": 1, "reason": "old"},
    ]
    assert [each.seq for each in store.journal(2)] == [3]
    assert list(store.journal(3)) == []


def test_the_journal_can_be_read_while_it_grows(store: AnyStore) -> None:
    put(store, add("c0", "A kettle."))
    put(store, add("c1", "A kettle."))
    reading = store.journal()
    next(reading)
    put(store, add("c2", "A kettle."))
    assert len(found(store.view("a"), "kettle")) == 3
    assert next(reading).seq == 2


def test_the_hash_depends_on_everything_said(make_store: Callable[[Path], AnyStore], tmp_path: Path) -> None:
    hashes = set()
    for n, (text, author, at) in enumerate(
        [("One.", "me", DAY), ("Two.", "me", DAY), ("One.", "you", DAY), ("One.", "me", DAY + timedelta(1))]
    ):
        (tmp_path / str(n)).mkdir(exist_ok=True)
        store = make_store(tmp_path / str(n))
        hashes.add(put(store, add("x", text), author=author, at=at).hash)
        store.close()
    assert len(hashes) == 4


def test_a_space_that_was_used_is_in_order(store: AnyStore) -> None:
    assert store.verify() == []
    put(store, *(add(f"c{n}", session="s", vector=(1, n, 0, 0)) for n in range(9)))
    put(store, Revise(cube("c1", version=2)), Retire("c2"), Touch("c3", 0.5), Move("c4", "core"), Erase("c5"))
    put(store, Erase("c2"), Add(cube("c5", "Again.")))
    put(store, add("x", namespace="b"), namespace="b")
    store.view("a")
    assert store.verify() == []


# ----------------------------------------------------------------------------------------------------- closing


def test_a_closed_store_says_so(store: AnyStore) -> None:
    put(store, add("x"))
    view = store.view("a")
    store.close()
    store.close()
    for use in (
        lambda: put(store, add("y")),
        lambda: store.view("a"),
        lambda: list(store.journal()),
        lambda: store.namespaces(),
        lambda: store.namespaces_of("x"),
        lambda: store.events_known("a", ["x"]),
        lambda: store.embeddings([1]),
        lambda: store.verify(),
        lambda: store.record(recipe="x"),
        lambda: view.get("x"),
        lambda: view.history("x"),
    ):
        with pytest.raises(SpaceError, match="closed"):
            use()


def test_finding_an_id_does_not_read_every_memory(store: AnyStore) -> None:
    put(store, *(add(f"c{n}", "A kettle.") for n in range(20_000)))
    begun = time.perf_counter()
    for _ in range(50):
        assert store.namespaces_of("c77") == ["a"]
    assert time.perf_counter() - begun < 0.25
    assert replace(cube("c77"), text="A kettle.") == store.view("a").get("c77")


# ----------------------------------------------------------------------------------- what changed, and what was used


def names(view: ShelfView, rows: Any) -> list[str]:
    return [each.id for each in view.cubes(rows)]


def test_a_view_tells_what_changed_since_a_commit(store: AnyStore) -> None:
    put(store, add("x"), add("y"), add("z"))
    put(store, add("w"))
    view = store.view("a")
    assert view.since == 0
    assert names(view, view.changed()) == ["x", "y", "z", "w"]
    assert names(view, view.resumed(1).changed()) == ["w"]
    assert view.resumed(2).changed().tolist() == view.resumed(2).retired().tolist() == []
    put(store, Revise(cube("y", "Anew.", version=2)), Touch("x", strength=2.0))
    put(store, Retire("z", "old"))
    put(store, add("other", namespace="b"), namespace="b")
    fresh = store.view("a").resumed(2)
    assert names(fresh, fresh.changed()) == ["x", "y"]
    assert names(fresh, fresh.retired()) == ["z"]  # y has a later version in its place
    then = store.view("a", 3).resumed(2)
    assert (names(then, then.changed()), then.retired().tolist()) == (["x", "y"], [])
    assert names(fresh, fresh.resumed(3).changed()) == []
    put(store, Move("x", type="semantic", reason="used often"))
    assert names(store.view("a"), store.view("a").resumed(5).changed()) == ["x"]


def test_what_changed_can_be_seen_a_few_at_a_time(store: AnyStore) -> None:
    put(store, *map(add, "uvwxyz"))
    put(store, Retire("v"))
    seen, mark = [], (0, 0)
    for _ in range(3):
        view = store.view("a").resumed(*mark, most=2)
        seen.append(names(view, view.changed()))
        mark = view.reached()
    assert seen == [["u", "w"], ["x", "y"], ["z"]]
    assert mark == (2, 0)
    assert len(store.view("a").resumed(*mark).changed()) == 0


def test_what_a_rollback_brings_back_has_changed(store: AnyStore) -> None:
    put(store, add("x"), add("y"))
    put(store, Retire("y"))
    rollback(store, 1, namespace=None, author="me", at=DAY)
    view = store.view("a").resumed(2)
    assert names(view, view.changed()) == ["y"]


def test_uses_and_strength_are_columns_too(store: AnyStore) -> None:
    def use(*ids: str, day: int) -> None:
        put(store, *(Touch(id, strength=1.0 + day, used=DAY + timedelta(days=day)) for id in ids))

    put(store, add("x"), add("y"), add("z"))
    use("x", "y", day=1)
    put(store, Touch("x", strength=3.0))  # held otherwise, not used
    view = store.view("a")
    put(store, Move("x", type="semantic"))
    use("x", day=4)
    use("x", day=3)

    def held(view: ShelfView) -> list[list[Any]]:
        rows = view.rows(["x", "y", "z"])
        last = ((view.column("used_at", rows) - DAY.timestamp()) / 86_400).tolist()
        return [
            view.column("uses", rows).tolist(),
            [None if each != each else each for each in last],
            view.column("strength", rows).tolist(),
        ]

    assert held(store.view("a")) == [[3, 1, 0], [4.0, 1.0, None], [4.0, 2.0, 1.0]]
    assert held(view) == held(store.view("a", 3)) == [[1, 1, 0], [1.0, 1.0, None], [3.0, 2.0, 1.0]]
    assert held(store.view("a", 2))[2] == [2.0, 2.0, 1.0]
    put(store, Erase("y"))
    rows = store.view("a").rows(["x", "z"])
    assert store.view("a").column("uses", rows).tolist() == [3, 0]
    assert store.verify() == []


def test_a_view_tells_who_holds_a_term(store: AnyStore) -> None:
    put(store, add("x", "red boat"), add("y", "blue boat"), add("z", "red kettle"))
    put(store, Retire("x"))
    codes = np.array([code("red"), code("boat"), code("green")], np.uint64)
    view = store.view("a")
    assert view.frequency(codes).tolist() == [2, 2, 0]
    assert [names(view, rows) for rows in view.holding(codes)] == [["z"], ["y"], []]
    assert [names(view, rows) for rows in store.view("a", 1).holding(codes)] == [["x", "z"], ["x", "y"], []]


def test_why_a_cube_was_moved_or_revised_is_told(store: AnyStore) -> None:
    put(store, add("x"))
    put(store, Move("x", type="core", reason="used 5 times"), Revise(cube("x", "Anew.", version=3), reason="merged"))
    put(store, Revise(cube("x", "Again.", version=4)))
    assert [each.get("reason") for each in next(iter(store.journal(1))).changes] == ["used 5 times", "merged"]
    assert "reason" not in next(iter(store.journal(2))).changes[0]
    assert store.verify() == []
