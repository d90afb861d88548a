"""Every tender of the slot text.tend: changes only, with reasons, and a second run changes nothing more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnesis import catalog
from mnesis.asking import ruled
from mnesis.drive import settled
from mnesis.store import Store, View
from mnesis.store.ram import RamStore
from mnesis.store.sqlite import SqliteStore
from mnesis.words import Add, Change, Connect, Event, MemCube, Move, Retire, Revise

SUBJECTS = catalog.names("text.tend")
START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = START + timedelta(days=400)
SAYINGS = (
    "I moved to Lisbon.",
    "i moved to LISBON",
    "The ferry to the island leaves from the northern pier",
    "So the ferry to the islands just leaves from the northern pier",
    "The ferry to the island leaves from the southern pier",
    "Tom beat Ana at chess",
    "Ana beat Tom at chess",
    "Yes, I did.",
    "東京に住んでいます",
    "?!",
    "",
)


def fill(store: Store, cubes: Sequence[MemCube], namespace: str = "test") -> None:
    for each in cubes:
        event = Event(each.text, each.speaker, each.valid_from, id=each.events[0])
        store.commit([Add(each, event)], author="test", reason="", at=START, namespace=namespace)


def cube(n: int, text: str, speaker: str = "Ana", day: int | None = None, namespace: str = "test") -> MemCube:
    at = None if day is None else START + timedelta(days=day)
    return MemCube(f"c{n}", text, namespace, speaker=speaker, events=(f"e{n}",), sources=(f"s{n}",), valid_from=at)


@st.composite
def spaces(draw: st.DrawFn) -> list[MemCube]:
    """Sayings of a few people, many of them more than once, with and without a time."""
    return [
        cube(
            n,
            draw(st.sampled_from(SAYINGS)),
            draw(st.sampled_from(["Ana", "Tom"])),
            draw(st.none() | st.integers(0, 5)),
        )
        for n in range(draw(st.integers(0, 20)))
    ]


def tended(tend: Any, view: View) -> list[Change]:
    """The changes of a tender, its questions answered by the rules."""
    return list(settled(tend(view, NOW), ruled()))


def check_only_changes_with_reasons(changes: Sequence[Change]) -> None:
    assert all(isinstance(each, get_args(Change)) for each in changes)
    assert all(each.reason for each in changes if isinstance(each, Retire | Revise | Move))
    assert {each.cube.namespace for each in changes if isinstance(each, Add | Revise)} <= {"test"}
    assert {each.link.namespace for each in changes if isinstance(each, Connect)} <= {"test"}


@pytest.mark.parametrize("address", SUBJECTS)
@given(cubes=spaces())
@settings(max_examples=60, deadline=None)
def test_a_tender_keeps_its_promises(address: str, cubes: list[MemCube]) -> None:
    store, tend = RamStore(), catalog.make(address)
    fill(store, cubes)
    view = store.view("test")
    alive = view.alive().tolist()
    changes = tended(tend, view)
    check_only_changes_with_reasons(changes)
    assert changes == tended(catalog.make(address), view)
    assert store.view("test").alive().tolist() == alive  # tending writes nothing
    if changes:
        store.commit(changes, author="test", reason="", at=NOW, namespace="test")
    assert tended(tend, store.view("test")) == []
    assert store.verify() == []
    assert all(store.view("test").history(each.id) for each in cubes)  # what is retired can still be told
    assert all(store.view("test").event(each.events[0]) for each in cubes)


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Store]:
    store = SqliteStore(tmp_path / "space.mnesis")
    yield store
    store.close()


@pytest.mark.parametrize("address", SUBJECTS)
def test_the_changes_can_be_committed_to_sqlite(address: str, sqlite: Store) -> None:
    fill(sqlite, [cube(n, text) for n, text in enumerate(2 * SAYINGS)])
    tend = catalog.make(address)
    changes = tended(tend, sqlite.view("test"))
    if changes:
        sqlite.commit(changes, author="test", reason="", at=NOW, namespace="test")
    assert tended(tend, sqlite.view("test")) == []
    assert sqlite.verify() == []


@pytest.mark.parametrize("address", SUBJECTS)
def test_another_namespace_is_not_looked_at(address: str) -> None:
    store, alone = RamStore(), RamStore()
    fill(store, [cube(n, text, namespace="theirs") for n, text in enumerate(SAYINGS)], "theirs")
    for each in (store, alone):
        fill(each, [cube(n, text) for n, text in enumerate(2 * SAYINGS)])
    assert tended(catalog.make(address), store.view("test")) == tended(catalog.make(address), alone.view("test"))


@pytest.mark.parametrize("address", SUBJECTS)
def test_an_empty_space_is_left_alone(address: str) -> None:
    assert tended(catalog.make(address), RamStore().view("test")) == []


@pytest.mark.parametrize("address", SUBJECTS)
def test_in_batches_it_comes_to_rest_too(address: str, sqlite: Store) -> None:
    fill(sqlite, [cube(n, text, day=n % 5) for n, text in enumerate(2 * SAYINGS)])
    tend = catalog.make(address)
    mark, rounds = (0, 0), 0
    while True:
        view = sqlite.view("test").resumed(*mark, most=4)
        changes = tended(tend, view)
        check_only_changes_with_reasons(changes)
        if changes:
            sqlite.commit(changes, author="test", reason="", at=NOW, namespace="test")
        mark, rounds = view.reached(), rounds + 1
        if not mark[1]:
            break
    assert rounds > 3
    assert tended(tend, sqlite.view("test").resumed(*mark)) == []
    assert sqlite.verify() == []


@pytest.mark.parametrize("address", SUBJECTS)
def test_where_nothing_changed_no_question_is_asked(address: str) -> None:
    store, tend = RamStore(), catalog.make(address)
    fill(store, [cube(n, text, day=n % 5) for n, text in enumerate(2 * SAYINGS)])
    changes = tended(tend, store.view("test"))
    if changes:
        store.commit(changes, author="test", reason="", at=NOW, namespace="test")
    view = store.view("test")
    asked: list[Any] = []
    assert settled(tend(view.resumed(view.commit), NOW), asked.append) == []
    assert asked == []
