"""Rollback and undo through the front door of every store: what stood then stands again, and history only grows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mnesis.errors import BadInput, Entangled, NotFound
from mnesis.memory import Space
from mnesis.models.scripted import scripted
from mnesis.store.redact import masked
from mnesis.words import Add, Change, Connect, Disconnect, Erase, Event, Link, MemCube, Retire, Revise, Touch, replace

MORNING = datetime(2026, 6, 1, tzinfo=UTC)


class Clock:
    """A clock that goes on by an hour whenever it is read."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        self.now += timedelta(hours=1)
        return self.now


@pytest.fixture
def space(place: str | Path) -> Iterator[Space]:
    with Space(place, embedder=scripted(dim=8), clock=Clock()) as made:
        yield made


def put(space: Space, *changes: Change, namespace: str = "a") -> int:
    """Commit changes by hand, as a mechanism would; the number of the commit."""
    return space._store.commit(changes, author="me", reason="by hand", at=space._clock(), namespace=namespace).seq


def add(id: str, namespace: str = "a", **more: Any) -> Add:
    return Add(MemCube(id, f"The text of {id}.", namespace, events=(id,), **more))


def stands(space: Space, as_of: int | None = None) -> Any:
    """Everything that stands in every namespace: cubes but for their versions, their vectors, and links."""
    out = {}
    for name in ("a", "b", "c"):
        cubes = [replace(each, version=1, known_from=None) for each in space.cubes(namespace=name, as_of=as_of)]
        vectors = {each.id: None if each.vector is None else each.vector.tolist() for each in cubes}
        view = space._store.view(name, as_of)
        ends = [*(each.id for each in cubes), "entity:tea"]
        links = Counter(link for id in ends for link in view.links(id))
        out[name] = (sorted(cubes, key=lambda each: each.id), vectors, links)
    return out


@pytest.fixture
def lived(space: Space) -> Space:
    """A space in which every kind of change was made, one or more a commit; commit 4 is what tests go back to."""
    link = Link("x", "entity:tea", "mentions", 0.5, "a")
    space.remember([Event(f"Ana has {n} cats.", id=f"e{n}", session="s") for n in range(6)], namespace="a")
    space.remember([Event(f"Tom has {n} dogs.", id=f"d{n}") for n in range(3)], namespace="b")
    put(space, add("x", strength=0.9), add("y", parents=("x",)), Connect(link), Connect(replace(link, head="y")))
    put(space, Touch("x", importance=0.4), Touch("e0", strength=0.7))
    space.revise("e1", "Ana has 11 cats.")
    put(space, Disconnect(link), Connect(replace(link, weight=0.1)), Connect(Link("e0", "e1", "next", namespace="a")))
    put(space, Touch("x", strength=0.1), Touch("e2", importance=0.9), Touch("e1", strength=0.2))
    put(space, Retire("e3"), Retire("y"))
    put(space, Retire("d0"), Revise(MemCube("d1", "Tom has a boat.", "b", version=2)), namespace="b")
    space.remember(Event("Ana has a boat.", id="e9", session="s"), namespace="a")
    space.remember(Event("Eve has a boat.", id="f0"), namespace="c")
    return space


def test_everything_stands_again_as_it_did(lived: Space) -> None:
    journal = list(lived.journal())
    before = {seq: stands(lived, seq) for seq in range(len(journal) + 1)}
    done = lived.rollback(4)
    assert stands(lived) == before[4]
    assert (done.to, done.commits, done.erased) == (4, (12, 13, 14), ())
    assert sorted(done.restored) == ["d0", "d1", "e1", "e2", "e3", "x", "y"]
    assert sorted(done.retired) == ["e9", "f0"]
    assert done.links == 2
    assert list(lived.journal())[:11] == journal
    assert {seq: stands(lived, seq) for seq in before} == before
    assert [(each.reason, each.namespace) for each in lived.journal(11)] == [
        ("rollback to 4", name) for name in ("a", "b", "c")
    ]
    assert lived.history("e1")[-1].version == 3
    assert lived.verify().problems == ()


def test_a_rollback_can_be_repeated_and_rolled_back(lived: Space) -> None:
    before = stands(lived)
    lived.rollback(4)
    again = lived.rollback(4)
    assert (again.commits, again.restored, again.retired, again.links) == ((), (), (), 0)
    assert len(list(lived.journal())) == 14
    lived.rollback(11)
    assert stands(lived) == before
    assert lived.rollback(0).restored == ()
    assert lived.namespaces() == {}
    lived.rollback(11)
    assert stands(lived) == before
    assert lived.verify().problems == ()


def test_a_recall_after_a_rollback_finds_what_it_found_then(lived: Space) -> None:
    asked = {"namespace": "a", "k": 20, "now": "2026-06-02"}
    then = [hit.text for hit in lived.recall("How many cats has Ana?", as_of=4, **asked)]
    lived.rollback(4)
    assert sorted(hit.text for hit in lived.recall("How many cats has Ana?", **asked)) == sorted(then)
    assert [hit.text for hit in lived.recall("How many cats has Ana?", as_of=4, **asked)] == then


def test_what_was_touched_and_then_revised_is_held_as_it_was(space: Space) -> None:
    put(space, add("x", strength=0.8), add("y", importance=0.3))
    put(space, Touch("x", strength=0.5), Touch("y", importance=0.4))
    put(space, Revise(MemCube("x", "New.", "a", version=2)), Retire("y"))
    space.rollback(1)
    assert (space.get("x").text, space.get("x").strength) == ("The text of x.", 0.8)
    assert space.get("y").importance == 0.3
    space.rollback(2)
    assert (space.get("x").strength, space.get("y").importance) == (0.5, 0.4)


def test_a_rollback_to_before_a_change_of_model_brings_vectors_of_the_new_one(space: Space) -> None:
    (cube,) = space.remember("I live in Berlin.", namespace="a")
    (gone,) = space.remember("I have a cat.", namespace="a")
    space.revise(cube.id, "I live in Porto.")
    space.forget(gone)
    space.reembed(scripted(dim=4))
    space.rollback(2)
    for each in (cube, gone):
        vector = space.get(each.id).vector
        assert vector is not None
        assert vector == pytest.approx(scripted(dim=4).embed([each.text])[0], abs=1e-3)
    assert space.recall("Where do you live?", namespace="a", k=1)[0].text == "I live in Berlin."
    assert space.verify().problems == ()


def test_one_namespace_alone_goes_back(lived: Space) -> None:
    now, then = stands(lived), stands(lived, 4)
    assert lived.rollback(4, namespace="b").commits == (12,)
    assert stands(lived) == now | {"b": then["b"]}


def test_a_moment_can_be_named(lived: Space) -> None:
    fourth = list(lived.journal())[3].at
    then = stands(lived, 4)
    assert lived.rollback(fourth + timedelta(minutes=1)).to == 4
    assert stands(lived) == then
    assert lived.rollback("2026-01-01").to == 0
    assert lived.namespaces() == {}


def test_what_was_erased_since_stays_erased_and_is_named(lived: Space) -> None:
    lived.forget("e4", erase=True, namespace="a")
    lived.forget("e9", erase=True, namespace="a")  # which was not there then
    then = stands(lived, 4)
    done = lived.rollback(4)
    assert done.erased == (masked("e4"),)
    assert stands(lived) == then
    with pytest.raises(NotFound):
        lived.history("e4")
    assert lived.verify().problems == ()


@pytest.mark.parametrize("to", [-1, 12, True, 1.5, None, "", "soon", 10**30])
def test_there_is_no_way_back_to_what_is_no_commit(lived: Space, to: Any) -> None:
    before = stands(lived)
    with pytest.raises(BadInput):
        lived.rollback(to)
    with pytest.raises(BadInput, match="author"):
        lived.rollback(1, author="a\ud800")
    with pytest.raises(BadInput, match="namespace"):
        lived.rollback(1, namespace="")
    assert stands(lived) == before
    assert len(list(lived.journal())) == 11


def test_what_was_told_stays_known_after_a_rollback(space: Space) -> None:
    space.remember("A kettle.", source="s:1")
    space.rollback(0)
    assert space.remember("A kettle.", source="s:1") == []
    space.rollback(1)
    assert [cube.text for cube in space.cubes()] == ["A kettle."]


# -------------------------------------------------------------------------------------------------------- undo


@pytest.mark.parametrize("seq", [5, 6, 7, 8, 9, 10, 11])
def test_each_commit_nothing_rests_on_is_undone(lived: Space, seq: int) -> None:
    """What it did is as if it had not been done; everything else stands."""
    before, after, now = stands(lived, seq - 1), stands(lived, seq), stands(lived)
    assert lived.undo(seq).commits == (12,)
    assert list(lived.journal())[-1].reason == f"undo {seq}"
    left = stands(lived)
    for name in ("a", "b", "c"):
        was, became, stood, held = ({each.id: each for each in state[name][0]} for state in (before, after, now, left))
        for id in {*was, *became, *stood}:
            undone = was.get(id) != became.get(id) and stood.get(id) == became.get(id)
            if id != "e1":  # what it says came with commit 5, how strongly it is held with 7
                assert held.get(id) == (was if undone else stood).get(id), id
        links = (state[name][2] for state in (before, after, now, left))
        was_drawn, drawn, stood_drawn, left_drawn = links
        assert left_drawn == stood_drawn - (drawn - was_drawn) + (was_drawn - drawn)
    assert lived.get("e1").text == ("Ana has 1 cats." if seq == 5 else "Ana has 11 cats.")
    assert lived.get("e1").strength == (1.0 if seq == 7 else 0.2)
    assert lived.verify().problems == ()


def test_what_rests_on_a_commit_is_named(space: Space) -> None:
    space.remember(Event("Ana has a cat.", id="e1"), namespace="a")
    space.revise("e1", "Ana has two cats.")
    put(space, add("note", parents=("e1",)))
    put(space, Connect(Link("note", "e1", "about", namespace="a")))
    put(space, add("other"), namespace="a")
    with pytest.raises(Entangled, match=r"commits 4, 3 and 2 rest on it.*or roll back to 0") as err:
        space.undo(1)
    assert err.value.commits == (4, 3, 2)
    with pytest.raises(Entangled, match="commit 3 rests on it") as err:
        space.undo(2)
    assert err.value.commits == (3,)
    assert len(list(space.journal())) == 5
    for seq in (4, 3, 2, 1):
        space.undo(seq)
    assert [cube.id for cube in space.cubes(namespace="a")] == ["other"]
    assert space.verify().problems == ()


def test_what_was_undone_no_longer_stands_in_the_way(space: Space) -> None:
    space.remember(Event("Ana has a cat.", id="e1"), namespace="a")
    space.revise("e1", "Ana has two cats.")
    space.revise("e1", "Ana has three cats.")
    with pytest.raises(Entangled) as err:
        space.undo(2)
    assert err.value.commits == (3,)
    space.undo(3)
    assert space.get("e1").text == "Ana has two cats."
    space.undo(2)
    assert (space.get("e1").text, space.get("e1").version) == ("Ana has a cat.", 5)
    assert space.undo(2).commits == ()
    space.undo(5)
    assert space.get("e1").text == "Ana has two cats."


def test_a_touch_is_undone_and_others_are_kept(space: Space) -> None:
    put(space, add("x", strength=0.9, importance=0.1))
    first = put(space, Touch("x", strength=0.5))
    second = put(space, Touch("x", strength=0.4))
    with pytest.raises(Entangled) as err:
        space.undo(first)
    assert err.value.commits == (second,)
    space.undo(second)
    assert space.get("x").strength == 0.5
    space.undo(first)
    assert (space.get("x").strength, space.get("x").version) == (0.9, 1)
    revised = put(space, Revise(replace(space.get("x"), text="New.", version=2)))
    put(space, Touch("x", importance=0.8))
    space.undo(revised)
    assert (space.get("x").text, space.get("x").importance) == ("The text of x.", 0.8)


def test_a_retirement_is_undone(space: Space) -> None:
    (cube,) = space.remember("A kettle.", session="s")
    space.forget(cube)
    done = space.undo(2)
    assert (done.to, done.restored, done.retired) == (1, (cube.id,), ())
    assert space.recall("kettle")[0].cube.id == cube.id
    again = space.get(cube.id).vector
    assert again is not None
    assert cube.vector is None
    assert space.undo(3).retired == (cube.id,)


def test_an_erasure_is_not_undone(space: Space) -> None:
    space.remember([Event("A kettle.", id="e1"), Event("A pot.", id="e2")], namespace="a")
    put(space, Retire("e1"))
    space.forget("e1", erase=True)
    with pytest.raises(BadInput, match="Commit 3 erased"):
        space.undo(3)
    assert space.undo(2).erased == (masked("e1"),)
    assert space.undo(1).retired == ("e2",)
    put(space, Retire("e2")) if space.namespaces() else put(space, add("z"))
    assert space.verify().problems == ()


@pytest.mark.parametrize("seq", [0, -1, 2, True, None, "1"])
def test_what_is_no_commit_cannot_be_undone(space: Space, seq: Any) -> None:
    space.remember("A kettle.")
    with pytest.raises(NotFound, match="from 1 to 1"):
        space.undo(seq)


def test_an_erased_cube_does_not_come_back_by_hand_either(space: Space) -> None:
    put(space, add("x"), add("y"))
    put(space, Erase("x"))
    space.rollback(1)
    assert [cube.id for cube in space.cubes(namespace="a")] == ["y"]
