"""Every decider of the slot text.decide: it only proposes, loses nothing and says the same when asked again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnesis import catalog
from mnesis.drive import settled
from mnesis.intake import witnessed
from mnesis.models.rules import answer
from mnesis.store import Store, View
from mnesis.store.ram import RamStore
from mnesis.store.sqlite import SqliteStore
from mnesis.text.alike import normal
from mnesis.words import Add, Change, Connect, Event, MemCube, Retire, Revise

SUBJECTS = catalog.names("text.decide")
START = datetime(2026, 1, 1, tzinfo=UTC)
SAYINGS = (
    "I live in Porto.",
    "i live in PORTO",
    "I moved to Lisbon.",
    "I live in Lisbon now.",
    "My phone number is 555-1234.",
    "I changed my phone number to 555-9876.",
    "I eat meat.",
    "I no longer eat meat.",
    "Actually, the meeting is on Thursday.",
    "The meeting is on Tuesday.",
    "Yes, I did.",
    "東京に住んでいます",
    "?!",
    "",
)


def made(address: str) -> Callable[..., Any]:
    """The part, with its questions answered by the rules."""
    part = catalog.make(address)
    return lambda *given: settled(part(*given), answer)


def cube(n: int, text: str, speaker: str = "Ana", day: int | None = None, namespace: str = "test") -> MemCube:
    at = None if day is None else START + timedelta(days=day)
    return MemCube(
        f"c{n}", text, namespace, speaker=speaker, events=(f"e{n}",), sources=(f"s{n}",), valid_from=at, order=n
    )


def commit(store: Store, changes: Sequence[Change], namespace: str = "test") -> None:
    """Commit as the front door does: every event goes with the first change that names it."""
    told: dict[str, Event] = {}
    for change in changes:
        for id in change.cube.events if isinstance(change, Add | Revise) else ():
            if store.view(namespace).event(id) is None:
                told.setdefault(id, Event(change.cube.text, change.cube.speaker, change.cube.valid_from, id=id))
    if changes:
        ready = witnessed(changes, list(told.values()))
        store.commit(ready, author="test", reason="", at=START, namespace=namespace)


@st.composite
def histories(draw: st.DrawFn) -> list[list[MemCube]]:
    """A few batches of sayings by a few people, in any order of time."""
    count = draw(st.integers(1, 12))
    cubes = [
        cube(
            n,
            draw(st.sampled_from(SAYINGS)),
            draw(st.sampled_from(["Ana", "Tom", ""])),
            draw(st.none() | st.integers(0, 9)),
        )
        for n in range(count)
    ]
    cut = draw(st.integers(0, count))
    return [cubes[:cut], cubes[cut:]]


def check_nothing_is_lost(changes: Sequence[Change], cubes: Sequence[MemCube], view: View) -> None:
    """The text of every new cube is in a change, or stands already and gains the new source."""
    written = [each.cube for each in changes if isinstance(each, Add | Revise)]
    for each in cubes:
        same = [made for made in written if normal(made.text) == normal(each.text)]
        assert any(set(each.events) <= set(made.events) and set(each.sources) <= set(made.sources) for made in same)


def check_the_namespace_is_carried(changes: Sequence[Change]) -> None:
    assert {each.cube.namespace for each in changes if isinstance(each, Add | Revise)} <= {"test"}
    assert {each.link.namespace for each in changes if isinstance(each, Connect)} <= {"test"}


def check_ends_exist_and_reasons_are_given(changes: Sequence[Change], view: View) -> None:
    added = {each.cube.id for each in changes if isinstance(each, Add)}
    for each in changes:
        if isinstance(each, Connect):
            assert each.link.head != each.link.tail
            for name in (each.link.head, each.link.tail):  # a cube, or a node such as entity:ana
                assert ":" in name or name in added or view.get(name)
        if isinstance(each, Retire):
            assert each.reason


@pytest.mark.parametrize("address", SUBJECTS)
@given(history=histories())
@settings(max_examples=60, deadline=None)
def test_a_decider_keeps_its_promises(address: str, history: list[list[MemCube]]) -> None:
    store, decide = RamStore(), made(address)
    for batch in history:
        view = store.view("test")
        alive = view.alive().tolist()
        changes = decide(batch, view)
        assert changes == made(address)(batch, view)
        check_nothing_is_lost(changes, batch, view)
        check_the_namespace_is_carried(changes)
        check_ends_exist_and_reasons_are_given(changes, view)
        assert store.view("test").alive().tolist() == alive  # deciding writes nothing
        commit(store, changes)
        for each in batch:
            assert store.view("test").event(each.events[0]) is not None
    assert store.verify() == []


@pytest.mark.parametrize("address", SUBJECTS)
@given(history=histories())
@settings(max_examples=30, deadline=None)
def test_deciding_the_same_again_changes_nothing(address: str, history: list[list[MemCube]]) -> None:
    store, decide = RamStore(), made(address)
    batch = [each for part in history for each in part]
    commit(store, decide(batch, store.view("test")))
    assert decide(batch, store.view("test")) == []


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Store]:
    store = SqliteStore(tmp_path / "space.mnesis")
    yield store
    store.close()


@pytest.mark.parametrize("address", SUBJECTS)
def test_the_changes_can_be_committed_to_sqlite(address: str, sqlite: Store) -> None:
    decide = made(address)
    for start in (0, len(SAYINGS)):
        batch = [cube(start + n, text, day=start + n) for n, text in enumerate(SAYINGS)]
        commit(sqlite, decide(batch, sqlite.view("test")))
        assert all(sqlite.view("test").event(each.events[0]) for each in batch)
    assert sqlite.verify() == []


@pytest.mark.parametrize("address", SUBJECTS)
def test_another_namespace_is_not_looked_at(address: str) -> None:
    store, decide = RamStore(), made(address)
    others = [cube(n, text, namespace="theirs") for n, text in enumerate(SAYINGS)]
    store.commit([Add(each) for each in others], author="test", reason="", at=START, namespace="theirs")
    batch = [cube(100 + n, text) for n, text in enumerate(SAYINGS)]
    assert decide(batch, store.view("test")) == decide(batch, RamStore().view("test"))


@pytest.mark.parametrize("address", SUBJECTS)
def test_nothing_new_changes_nothing(address: str) -> None:
    store = RamStore()
    assert made(address)([], store.view("test")) == []
    commit(store, [Add(cube(1, "I live in Porto."))])
    assert made(address)([], store.view("test")) == []
