"""Time travel in every store: a view as of a commit shows what a view at that commit showed, whatever came after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from mnesis.errors import Conflict, NotFound
from mnesis.store import Store, View
from mnesis.words import (
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
    Once,
    Restore,
    Retire,
    Revise,
    Touch,
    replace,
)

DAY = datetime(2026, 3, 1, tzinfo=UTC)


def put(store: Store, *changes: Change, namespace: str = "a", at: datetime = DAY) -> Commit:
    return store.commit(changes, author="me", reason="because", at=at, namespace=namespace)


def add(id: str, text: str = "", *, vectors: Sequence[Sequence[float]] = (), told: str = "", **more: Any) -> Add:
    made = MemCube(id, text or f"The text of {id}.", **{"namespace": "a", "events": (id,), **more})
    event = Event(told or made.text, made.speaker, made.valid_from, role=made.role, session=made.session, id=id)
    if not vectors:
        return Add(made, event)
    rows = np.array(vectors, np.float32)
    return Add(made, event, rows / np.linalg.norm(rows, axis=1, keepdims=True), tuple(range(1, len(rows) + 1)))


def standing(view: View, id: str) -> MemCube:
    cube = view.get(id)
    assert cube is not None
    return cube


# ------------------------------------------------------------------------------------- what is told of as it was


def test_how_strongly_a_cube_was_held(store: Store) -> None:
    put(store, add("x", strength=0.8), add("y"))
    put(store, Touch("x", strength=0.5))
    put(store, Touch("x", importance=0.9), Touch("x", strength=0.4), Touch("y", importance=0.1))
    put(store, Revise(MemCube("x", "New.", "a", version=2, strength=0.3, importance=0.7)))
    put(store, Touch("x", strength=0.2))
    for commit, held in [(1, (0.8, 0.0)), (2, (0.5, 0.0)), (3, (0.4, 0.9)), (4, (0.3, 0.7)), (5, (0.2, 0.7))]:
        view = store.view("a", commit)
        cube = standing(view, "x")
        assert (cube.strength, cube.importance) == held, commit
        assert view.column("importance", view.rows(["x"]))[0] == pytest.approx(held[1])
        assert [each.strength for each in view.history("x")][-1] == held[0]
    assert [each.strength for each in store.view("a").history("x")] == [0.4, 0.2]
    assert [each.strength for each in store.view("a", 2).history("x")] == [0.5]
    assert standing(store.view("a", 2), "y").importance == 0
    assert store.verify() == []


def test_a_view_that_was_taken_before_a_touch_stands_still(store: Store) -> None:
    put(store, add("x"))
    view = store.view("a")
    put(store, Touch("x", importance=0.9, strength=0.1))
    store.view("a")
    assert (standing(view, "x").strength, standing(view, "x").importance) == (1, 0)
    assert view.column("importance", view.rows(["x"])).tolist() == [0]


def test_how_strongly_is_known_after_something_else_was_erased(store: Store) -> None:
    put(store, add("x", importance=0.1), add("gone"))
    put(store, Touch("x", importance=0.9))
    put(store, Touch("gone", importance=0.8))
    put(store, Erase("gone"))
    for commit, held in [(1, 0.1), (2, 0.9), (4, 0.9)]:
        view = store.view("a", commit)
        assert view.column("importance", view.rows(["x"]))[0] == pytest.approx(held)
        assert standing(view, "x").importance == held
    put(store, Add(MemCube("gone", "Again.", "a")))
    assert standing(store.view("a"), "gone").importance == 0
    assert store.verify() == []


def test_who_had_spoken_and_in_which_roles(store: Store) -> None:
    put(store, add("x", speaker="Ana", role="user"))
    view = store.view("a")
    put(store, add("y", speaker="Tom", role="assistant"), add("z", speaker="Ana", role="tool"))
    put(store, add("u", speaker="Eve"))
    now = store.view("a")
    for each in (view, store.view("a", 1)):
        assert each.speakers() == ("Ana",)
        assert (each.known("speaker", "Ana"), each.known("speaker", "Tom")) == (True, False)
        assert (each.known("role", "user"), each.known("role", "assistant")) == (True, False)
    assert store.view("a", 2).speakers() == ("Ana", "Tom")
    assert store.view("a", 0).speakers() == ()
    assert now.speakers() == ("Ana", "Tom", "Eve")
    assert now.known("role", "assistant")


def test_events_we_were_not_told_yet(store: Store) -> None:
    put(store, add("x"))
    put(store, add("y", told="Another wording."), add("z"))
    for id in ("y", "z"):
        assert store.view("a", 1).event(id) is None
        assert store.view("a", 2).event(id) is not None
    assert store.view("a", 1).event("x") is not None


def test_links_that_stood_and_links_that_held(store: Store) -> None:
    lives = Link("x", "entity:berlin", "lives", namespace="a", valid_from=DAY, valid_to=DAY + timedelta(days=9))
    always = Link("x", "entity:tea", "likes", namespace="a")
    put(store, add("x"), Connect(lives), Connect(always))
    put(store, Disconnect(lives))
    put(store, Connect(replace(lives, weight=0.5)))
    assert store.view("a", 1).links("x") == [lives, always]
    assert store.view("a", 2).links("x") == [always]
    assert store.view("a", 3).links("x") == [always, replace(lives, weight=0.5)]
    for days, held in [(-1, [always]), (0, [lives, always]), (8, [lives, always]), (9, [always])]:
        assert store.view("a", 1, DAY + timedelta(days=days)).links("x") == held, days


def test_the_nearest_then(store: Store) -> None:
    put(store, *(add(f"c{n}", vectors=[(1, n, 0, 0), (1, 0, n, 1)]) for n in range(9)))
    query = np.array([1, 0, 0, 0], np.float32)
    then = store.view("a").near(query).top(5)
    put(store, *(add(f"d{n}", vectors=[(1, n / 100, 0, 0)]) for n in range(50)))
    put(store, Retire("c0"), Revise(MemCube("c1", "New.", "a", version=2), None, query[None]))
    again = store.view("a", 1).near(query)
    assert again.top(5)[0].tolist() == then[0].tolist()
    np.testing.assert_array_equal(again.top(5)[1], then[1])
    assert again.at(then[0]).tolist() == then[1].tolist()


# ---------------------------------------------------------------------------------------------------- restoring


def test_an_earlier_version_stands_again(store: Store) -> None:
    put(store, add("x", "One.", vectors=[(1, 0, 0, 0), (0, 0, 1, 0)], place="here", session="s"), add("y", session="s"))
    put(store, Revise(MemCube("x", "Two.", "a", version=2), None, np.array([[0, 1, 0, 0]], np.float32)))
    first = standing(store.view("a", 1), "x")
    entry = put(store, Restore("x", 1), at=DAY + timedelta(days=1))
    assert dict(entry.changes[0]) == {"op": "restore", "rows": [4, 4], "id": "x", "version": 3, "of": 1, "ends": 2}
    view = store.view("a")
    assert standing(view, "x") == replace(first, version=3)
    assert [(each.text, each.known_to) for each in view.history("x")] == [
        ("One.", DAY), ("Two.", DAY + timedelta(days=1)), ("One.", None),
    ]  # fmt: skip
    assert view.near(np.array([0, 0, 1, 0], np.float32)).top(1)[1][0] == pytest.approx(1, abs=1e-3)
    assert view.beside(view.rows(["x"]), 1).tolist() == view.rows(["y"]).tolist()
    assert standing(store.view("a", 2), "x").text == "Two."
    assert store.verify() == []


def test_what_was_retired_stands_again_where_it_stood(store: Store) -> None:
    put(store, *(add(f"c{n}", session="s") for n in range(4)))
    put(store, Retire("c1"), Touch("c3", 0.5))
    put(store, add("c4", session="s"), Revise(MemCube("c2", "New.", "a", session="s", version=2)))
    assert dict(put(store, Restore("c1", 1)).changes[0]) == {
        "op": "restore", "rows": [7, 7], "id": "c1", "version": 2, "of": 1,
    }  # fmt: skip
    for commit, order in [(4, "c0 c1 c2 c3 c4"), (3, "c0 c2 c3 c4"), (2, "c0 c2 c3"), (1, "c0 c1 c2 c3")]:
        view, names = store.view("a", commit), order.split()
        rows = view.rows(names)
        assert view.beside(rows, 1).tolist() == [*rows[1:].tolist(), -1], commit
        assert view.beside(rows, -1).tolist() == [-1, *rows[:-1].tolist()], commit
    assert [each.known_to for each in store.view("a").history("c1")] == [DAY, None]
    assert store.verify() == []


def test_what_cannot_be_restored(store: Store) -> None:
    put(store, add("x"))
    for change in (Restore("x", 2), Restore("nobody", 1)):
        with pytest.raises(NotFound, match="has no version"):
            put(store, change)
    put(store, Erase("x"))
    with pytest.raises(NotFound):
        put(store, Restore("x", 1))


def test_a_restored_version_can_be_revised_moved_and_erased(store: Store) -> None:
    put(store, add("x"), Move("x", "core"), Restore("x", 1), Retire("x"), Restore("x", 2))
    assert [each.type for each in store.view("a").history("x")] == ["episodic", "core", "episodic", "core"]
    put(store, Revise(MemCube("x", "New.", "a", version=5)))
    assert standing(store.view("a"), "x").text == "New."
    assert store.verify() == []
    assert put(store, Erase("x")).changes[0]["versions"] == 5
    assert store.verify() == []


# ------------------------------------------------------------------------------------- several commits, and keys


def test_commits_that_belong_together_are_all_there_or_none(store: Store) -> None:
    put(store, add("x"))

    def plan(last: Change) -> Any:
        return lambda: [("a", [Retire("x")]), ("b", [add("y", namespace="b"), last])]

    with pytest.raises(NotFound):
        store.together(plan(Retire("nobody")), author="me", reason="both", at=DAY)
    assert store.namespaces() == {"a": 1}
    assert len(list(store.journal())) == 1
    done = store.together(plan(add("z", namespace="b")), author="me", reason="both", at=DAY)
    assert [(each.seq, each.namespace, each.reason) for each in done] == [(2, "a", "both"), (3, "b", "both")]
    assert list(store.journal(1)) == done
    assert store.namespaces() == {"b": 2}
    assert store.together(list, author="me", reason="nothing", at=DAY) == []
    assert store.verify() == []


def test_what_a_plan_reads_is_what_it_is_applied_to(store: Store) -> None:
    put(store, add("x"))

    def plan() -> list[tuple[str, list[Change]]]:
        version = standing(store.view("a"), "x").version
        return [("a", [Revise(MemCube("x", f"Version {version + 1}.", "a", version=version + 1))])]

    for _ in range(3):
        store.together(plan, author="me", reason="again", at=DAY)
    assert standing(store.view("a"), "x").text == "Version 4."


def test_a_key_is_used_once_in_a_namespace(store: Store) -> None:
    entry = put(store, Once("k1", "told"), add("x"), add("y"))
    assert dict(entry.changes[0]) == {"op": "once", "key": "k1", "said": "told"}
    put(store, Touch("x", 0.5), Revise(MemCube("y", "New.", "a", version=2)))
    put(store, add("z"))
    with pytest.raises(Conflict, match="Commit 1 was made under this key") as taken:
        put(store, add("w"), Once("k1", "told"))
    assert taken.value.found == 1
    assert store.view("a").get("w") is None
    kept = store.kept("a", "k1")
    assert kept is not None
    assert (kept.commit, kept.said, [each.id for each in kept.cubes]) == (1, "told", ["x", "y"])
    assert [(each.strength, each.text) for each in kept.cubes] == [(1, "The text of x."), (1, "The text of y.")]
    assert (store.kept("a", "k2"), store.kept("b", "k1"), store.kept("nowhere", "k1")) == (None, None, None)
    put(store, Once("k1"), add("x", namespace="b"), namespace="b")
    put(store, Erase("x"))
    assert [each.id for each in (store.kept("a", "k1") or kept).cubes] == ["y"]
    assert store.verify() == []


def test_a_key_is_free_again_when_its_commit_failed(store: Store) -> None:
    with pytest.raises(NotFound):
        put(store, Once("k1"), add("x"), Retire("nobody"))
    assert store.kept("a", "k1") is None
    put(store, Once("k1"), add("x"))
    assert store.kept("a", "k1") is not None


def test_a_lost_race_shows_both_versions(store: Store) -> None:
    put(store, add("x", "One."))
    put(store, Revise(MemCube("x", "Two.", "a", version=2)))
    with pytest.raises(Conflict) as lost:
        put(store, Revise(MemCube("x", "Also two.", "a", version=2)))
    assert lost.value.known is not None
    assert lost.value.standing is not None
    assert (lost.value.known.text, lost.value.standing.text) == ("One.", "Two.")
    assert (lost.value.expected, lost.value.found) == (1, 2)
    with pytest.raises(Conflict) as ahead:
        put(store, Revise(MemCube("x", "Nine.", "a", version=9)))
    assert ahead.value.known is None
    assert ahead.value.standing == standing(store.view("a"), "x")
