"""Same day: memories of one calendar day meet at its node."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from mnesis.store.ram import RamStore
from mnesis.text.link.same_day import same_day
from mnesis.words import Add, Connect, MemCube

EVENING = datetime(2023, 5, 7, 22, tzinfo=UTC)


def test_memories_of_one_day_meet_across_batches() -> None:
    store = RamStore()
    for id, at in [("a", EVENING), ("b", EVENING + timedelta(hours=1)), ("c", EVENING + timedelta(hours=3))]:
        cube = MemCube(id, f"text {id}", "n", valid_from=at)
        links = same_day()([cube], store.view("n"))
        store.commit([Add(cube), *map(Connect, links)], author="t", reason="r", at=EVENING, namespace="n")
    assert {link.head for link in store.view("n").links("day:2023-05-07", "on")} == {"a", "b"}
    assert {link.head for link in store.view("n").links("day:2023-05-08", "on")} == {"c"}
    store.close()


def test_the_day_is_the_one_of_its_own_offset() -> None:
    store = RamStore()
    west = EVENING.replace(tzinfo=timezone(timedelta(hours=-9)))
    (link,) = same_day()([MemCube("a", "x", "n", valid_from=west)], store.view("n"))
    assert link.tail == "day:2023-05-07"
    store.close()


def test_without_a_time_there_is_no_day() -> None:
    store = RamStore()
    assert same_day()([MemCube("a", "x", "n")], store.view("n")) == []
    store.close()
