"""Facts held against what is known, where several things meet."""

from __future__ import annotations

from typing import Any

import pytest

import mnesis
from mnesis.drive import replay
from mnesis.errors import BadInput
from mnesis.store.ram import RamStore
from mnesis.text.decide.operation import operation
from mnesis.text.decide.update import update
from mnesis.words import Add, Connect, Event, MemCube, Retire, Revise, moment


def turn(id: str, text: str, at: str = "") -> MemCube:
    return MemCube(id, text, speaker="Ana", events=(id,), sources=(f"s:{id}",), valid_from=moment(at))


def changes(cubes: list[MemCube], replies: list[Any]) -> list[Any]:
    made, _ = replay(operation()(cubes, RamStore("english").view("default")), replies)
    return made


def test_each_cube_is_changed_once_however_often_a_batch_touches_it() -> None:
    told = [turn("a", "I live in Porto.", "2025-01-01"), turn("b", "I live in Porto.", "2025-02-01")]
    told.append(turn("c", "I live in Lisbon.", "2026-01-01"))
    noop = {"operation": "NOOP", "target": "", "text": ""}
    over = {"operation": "UPDATE", "target": "a", "text": "I live in Lisbon."}
    made = changes(told, [[told[0].text], [told[1].text], noop, [told[2].text], over])
    added = {each.cube.id: each.cube for each in made if isinstance(each, Add)}
    assert list(added) == ["a", "b", "c"]
    assert not [each for each in made if isinstance(each, Revise | Retire)]
    assert added["a"].sources == ("s:b", "s:a")
    # The repetition said nothing else, so it ends with what it repeated.
    assert [added[id].valid_to for id in "abc"] == [moment("2026-01-01"), moment("2026-01-01"), None]
    kinds = [each.link.kind for each in made if isinstance(each, Connect)]
    assert sorted(kinds) == ["repeats", "supersedes"]


def test_an_update_that_adds_keeps_both_witnesses() -> None:
    told = [turn("a", "I have a dog.", "2025-01-01"), turn("b", "The dog is called Miso.", "2025-02-01")]
    richer = {"operation": "UPDATE", "target": "a", "text": "Ana has a dog called Miso."}
    made = changes(told, [["I have a dog."], ["The dog is called Miso."], richer])
    (new,) = (each.cube for each in made if isinstance(each, Add) and each.cube.text == richer["text"])
    assert set(new.sources) == {"s:a", "s:b"}
    assert set(new.parents) == {"a", "b"}


def test_what_was_said_later_is_not_ended_by_what_was_said_earlier() -> None:
    with mnesis.open(recipe="mem0", embedder="none") as space:
        space.remember(Event("I moved to Lisbon.", "Ana", "2026-03-02"))  # type: ignore[arg-type]
        space.remember(Event("I live in Porto.", "Ana", "2025-01-09"))  # type: ignore[arg-type]
        lisbon = next(each for each in space.cubes() if "Lisbon" in each.text)
        assert lisbon.valid_to is None


@pytest.mark.parametrize("make", [operation, update])
def test_nothing_to_compare_with_is_refused(make: Any) -> None:
    with pytest.raises(BadInput, match="at least 1"):
        make(n=0)
