"""Neighbours: a chain along every session, going on from what stands."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mnesis.errors import BadInput
from mnesis.store.ram import RamStore
from mnesis.text.link.neighbours import neighbours
from mnesis.words import Add, MemCube

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
