"""What every linker owes: the same links for the same cubes, no self-links, ends that exist, one namespace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnesis import catalog
from mnesis.drive import settled
from mnesis.models.rules import answer
from mnesis.store import Store, View
from mnesis.store.ram import RamStore
from mnesis.words import Add, Connect, Link, MemCube

SUBJECTS = catalog.names("text.link")
NODES = ("entity:", "day:", "fact:", "same:")  # what a link may end in besides a cube
AT = datetime(2023, 6, 14, 23, tzinfo=UTC)

TALK = [
    ("Ana", "Hi Tom! I am back from Lisbon. Call me Annie.", "s1"),
    ("Tom", "Ana's boat is called Lisbon, isn't it? She sails with New York's fleet.", "s1"),
    ("Ana", "", ""),
    ("", "東京でアナさんに会いました。", "s2"),
    ("Ana", "Lisbon. Lisbon! Last Friday, on May 7, the University of Porto opened.", "s2"),
    ("", "Lisbon (Lisboa) is a city on the Tagus.", ""),
]


def made(address: str) -> Callable[..., Any]:
    """The part, with its questions answered by the rules."""
    part = catalog.make(address)
    return lambda *given: settled(part(*given), answer)


def cubes(prefix: str, namespace: str = "ana") -> list[MemCube]:
    return [
        MemCube(
            f"{prefix}{n}",
            text,
            namespace,
            speaker=speaker,
            session=session,
            valid_from=AT + timedelta(hours=n) if n != 3 else None,
        )
        for n, (speaker, text, session) in enumerate(TALK)
    ]


@pytest.fixture
def store() -> Iterator[Store]:
    """A store that holds an earlier part of the talk, and the like of it in another namespace."""
    made = RamStore()
    for space in ("ana", "bob"):
        changes = [Add(each) for each in cubes("old", space)]
        made.commit(changes, author="test", reason="remember", at=AT, namespace=space)
    yield made
    made.close()


@pytest.fixture
def view(store: Store) -> View:
    return store.view("ana")


def check(links: list[Link], batch: list[MemCube], view: View, address: str) -> None:
    ids = {each.id for each in batch}
    for link in links:
        assert link.head != link.tail
        for end in (link.head, link.tail):
            assert end in ids or view.get(end) is not None or end.startswith(NODES)
        assert {link.head, link.tail} & ids
        assert link.namespace == view.namespace
        assert link.made_by == address
        assert link.kind
        assert link.weight > 0
    assert len(set(links)) == len(links)


@pytest.mark.parametrize("address", SUBJECTS)
def test_links_are_sound(address: str, view: View) -> None:
    batch = cubes("new")
    links = made(address)(batch, view)
    assert links
    check(links, batch, view, address)


@pytest.mark.parametrize("address", SUBJECTS)
def test_the_same_cubes_give_the_same_links(address: str, view: View) -> None:
    assert made(address)(cubes("new"), view) == made(address)(cubes("new"), view)


@pytest.mark.parametrize("address", SUBJECTS)
def test_cubes_that_stand_already_are_not_linked_to_themselves(address: str, view: View) -> None:
    check(made(address)(cubes("old"), view), cubes("old"), view, address)


@pytest.mark.parametrize("address", SUBJECTS)
def test_no_cubes_no_links(address: str, view: View) -> None:
    assert made(address)([], view) == []


@pytest.mark.parametrize("address", SUBJECTS)
def test_links_are_drawn_in_an_empty_namespace_too(address: str, store: Store) -> None:
    view, batch = store.view("nobody"), cubes("new", "nobody")
    check(made(address)(batch, view), batch, view, address)


@pytest.mark.parametrize("address", SUBJECTS)
def test_the_store_takes_the_links(address: str, store: Store) -> None:
    batch = cubes("new")
    links = made(address)(batch, store.view("ana"))
    changes = [*(Add(each) for each in batch), *(Connect(each) for each in links)]
    store.commit(changes, author="test", reason="remember", at=AT, namespace="ana")
    assert set(links) <= {link for each in batch for link in store.view("ana").links(each.id)}


@pytest.mark.parametrize("address", SUBJECTS)
@settings(max_examples=40, deadline=None)
@given(texts=st.lists(st.tuples(st.text(max_size=30), st.text(max_size=6), st.sampled_from(["", "s1"])), max_size=5))
def test_any_cubes_are_linked_soundly(address: str, texts: list[tuple[str, str, str]]) -> None:
    store = RamStore()
    batch = [
        MemCube(f"c{n}", text, "ana", speaker=speaker, session=session, valid_from=AT)
        for n, (text, speaker, session) in enumerate(texts)
    ]
    check(made(address)(batch, store.view("ana")), batch, store.view("ana"), address)
    store.close()
