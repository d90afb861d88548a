"""Neighbours: a chain along every session, going on from what stands."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mnesis import Space, catalog
from mnesis.errors import BadInput
from mnesis.store.ram import RamStore
from mnesis.text.decide.dedupe import dedupe
from mnesis.text.link.neighbours import neighbours
from mnesis.words import Add, Event, MemCube, replace

AT = datetime(2023, 6, 14, tzinfo=UTC)


def cube(id: str, session: str) -> MemCube:
    return MemCube(id, f"text {id}", "n", session=session)


def pairs(batch: list[MemCube], standing: list[MemCube], reach: int = 256) -> list[tuple[str, str]]:
    store = RamStore()
    if standing:
        store.commit([Add(each) for each in standing], author="t", reason="r", at=AT, namespace="n")
    links = neighbours(reach)(batch, store.view("n"))
    store.close()
    assert {link.kind for link in links} <= {"next"}
    return [(link.head, link.tail) for link in links]


def test_sessions_are_chained_apart() -> None:
    batch = [cube("a", "s"), cube("b", "t"), cube("c", "s"), cube("d", ""), cube("e", "t")]
    assert pairs(batch, []) == [("a", "c"), ("b", "e")]


def test_a_chain_goes_on_from_what_stands() -> None:
    standing = [cube("a", "s"), cube("b", "s"), cube("c", "t"), cube("d", "")]
    assert pairs([cube("e", "s"), cube("f", "s"), cube("g", "u")], standing) == [("b", "e"), ("e", "f")]


def test_the_chain_reaches_back_so_far() -> None:
    standing = [cube("a", "s"), cube("b", "t"), cube("c", "t")]
    assert pairs([cube("d", "s")], standing, reach=3) == [("a", "d")]
    assert pairs([cube("d", "s")], standing, reach=2) == []
    assert pairs([cube("d", "s")], standing, reach=0) == []
    with pytest.raises(BadInput, match="reach=-1"):
        neighbours(reach=-1)


def test_a_memory_taken_in_again_does_not_follow_itself() -> None:
    assert pairs([cube("b", "s")], [cube("a", "s"), cube("b", "s")]) == []


def test_a_memory_that_is_not_kept_gets_no_link() -> None:
    recipe = replace(catalog.make("text.recipes.verbatim"), link=(neighbours(),), decide=dedupe())
    texts = ("My boat is red.", "my boat is RED", "The garden gate is green.", "Our kettle is blue.")
    with Space(recipe=recipe, embedder="none") as space:
        space.remember([Event(text, session="s", id=f"e{n}") for n, text in enumerate(texts)])
        ids = [cube.id for cube in space.cubes()]
        links = {link for id in (*ids, "e1") for link in space._view("default").links(id)}
        assert len(ids) == 3
        assert [(link.head, link.tail) for link in links] == [("e2", "e3")]
        space.remember(Event("Our kettle leaks now.", session="s", id="e4"))
        assert [link.head for link in space._view("default").links("e4")] == ["e3"]
