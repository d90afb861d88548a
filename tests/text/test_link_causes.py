"""A memory is linked to the newest of those it follows from, and to nobody else's."""

from __future__ import annotations

from typing import Any

from mnesis.drive import Ask, replay, settled
from mnesis.models.rules import answer
from mnesis.store.ram import RamStore
from mnesis.text.link.causes import causes
from mnesis.words import Add, Connect, Link, MemCube, moment

START = moment("2026-01-01")
assert START is not None


def said(id: str, text: str, speaker: str = "Ana", day: str = "2026-01-01") -> MemCube:
    return MemCube(id, text, "test", speaker=speaker, session="s", valid_from=moment(day))


def kept(*cubes: MemCube) -> RamStore:
    store = RamStore()
    for cube in cubes:
        links = settled(causes()([cube], store.view("test")), answer)
        changes = [Add(cube), *map(Connect, links)]
        store.commit(changes, author="test", reason="", at=START, namespace="test")
    return store


def drawn(store: RamStore, *ids: str) -> list[tuple[str, str, str]]:
    return sorted({(link.head, link.tail, link.kind) for link in store.view("test").linked(ids)})


def test_a_third_step_follows_the_second_and_not_the_first() -> None:
    store = kept(
        said("a", "I live in Porto.", day="2024-01-01"),
        said("b", "I moved to Lisbon.", day="2025-01-01"),
        said("c", "I moved to Madrid.", day="2026-01-01"),
    )
    assert drawn(store, "a", "b", "c") == [("a", "b", "changes"), ("b", "c", "changes")]


def test_questions_and_other_people_are_left_out() -> None:
    store = kept(said("a", "I live in Porto."), said("b", "Do I live in Porto?"), said("c", "I live in Lisbon.", "Tom"))
    assert drawn(store, "a", "b", "c") == []


def test_what_was_said_earlier_does_not_follow_from_what_came_later() -> None:
    store = kept(said("a", "I moved to Lisbon.", day="2026-01-01"), said("b", "I live in Porto.", day="2020-01-01"))
    assert drawn(store, "a", "b") == []


def test_no_more_is_asked_than_allowed_and_nobody_is_no_link() -> None:
    store = RamStore()
    old = [said(f"a{n}", f"My boat has a leak, number {n}.") for n in range(9)]
    store.commit([Add(each) for each in old], author="test", reason="", at=START, namespace="test")
    links, asked = replay(causes(most=2)([said("b", "My boat sank because of the leak.")], store.view("test")), [])
    assert links == []
    assert [ask.purpose for ask in asked] == ["relation", "relation"]


def test_a_reply_names_the_kind() -> None:
    store = RamStore()
    store.commit([Add(said("a", "The boat has a leak."))], author="t", reason="", at=START, namespace="test")

    def mind(ask: Ask) -> Any:
        return "hindered_by"

    (link,) = settled(causes()([said("b", "The boat trip waits.")], store.view("test")), mind)
    assert isinstance(link, Link)
    assert (link.head, link.tail, link.kind, link.made_by) == ("a", "b", "hindered_by", "text.link.causes")
