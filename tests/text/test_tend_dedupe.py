"""text.tend.dedupe: repeats are retired, the oldest stays and names every source."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mnesis.errors import BadInput
from mnesis.store.sqlite import SqliteStore
from mnesis.text.tend.dedupe import dedupe
from mnesis.words import Retire, Revise

NOW = datetime(2026, 4, 1, tzinfo=UTC)


def test_the_oldest_stays_and_takes_over_the_sources(world) -> None:
    late = world.tell("I moved to Lisbon.", speaker="Ana", at="2026-03-05")
    early = world.tell("I moved to Lisbon!", speaker="Ana", at="2026-03-02")
    third = world.tell("i moved to lisbon", speaker="Ana")
    changes = dedupe()(world.view, NOW)
    assert [type(each) for each in changes] == [Revise, Retire, Retire]
    assert {each.id for each in changes[1:]} == {late.id, third.id}
    assert all(early.id in each.reason for each in changes[1:])
    world.commit(changes)
    (stays,) = world.view.cubes(world.view.alive())
    assert stays.id == early.id
    assert set(stays.events) == {*early.events, *late.events, *third.events}
    assert set(stays.sources) == {*early.sources, *late.sources, *third.sources}
    assert world.view.event(late.events[0]).text == "I moved to Lisbon."


LONG = (
    "Yesterday evening our whole choir rehearsed the winter programme twice, because the conductor found the tempo of "
    "the second movement far too slow and the altos kept missing their entry after the long pause."
)


def test_near_duplicates_of_the_same_words_go(world) -> None:
    world.tell("The ferry to the island leaves from the northern pier", speaker="Ana")
    world.tell("So the ferry to the islands just leaves from the northern pier", speaker="Ana")
    world.commit(dedupe()(world.view, NOW))
    assert len(world.texts()) == 1


def test_the_overlap_says_how_near(world) -> None:
    world.tell(LONG, speaker="Ana")
    world.tell(LONG.replace("winter ", ""), speaker="Ana")
    assert dedupe(overlap=1.0)(world.view, NOW) == []
    assert len(dedupe(overlap=0.9)(world.view, NOW)) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tom beat Ana at chess in the garden", "Ana beat Tom at chess in the garden"),
        ("dogs chase cats around the garden", "cats chase dogs around the garden"),
        ("she gave him her blue car yesterday", "he gave her his blue car yesterday"),
        ("I have 2 cats and a garden", "I have 3 cats and a garden"),
        ("I would sell the old garden house", "I would not sell the old garden house"),
        ("they flew from Rome to Oslo yesterday", "they flew to Rome from Oslo yesterday"),
        ("they flew to the island yesterday", "they flew from the island yesterday"),
        ("You sold the garden house?", "You sold the garden house."),
        ("Yes, I did.", "Yes, I did."),
    ],
)
def test_what_says_something_else_stays(world, one: str, other: str) -> None:
    world.tell(one, speaker="Ana")
    world.tell(other, speaker="Ana")
    assert dedupe(overlap=0.6)(world.view, NOW) == []


def test_other_speakers_and_types_stay(world) -> None:
    world.tell("I moved to Lisbon.", speaker="Ana")
    world.tell("I moved to Lisbon.", speaker="Tom")
    world.tell("I moved to Lisbon.", speaker="Ana", type="semantic")
    assert dedupe()(world.view, NOW) == []


def test_a_thousand_repeats_of_a_few_texts_in_no_time(world) -> None:
    for n in range(1000):
        world.tell(f"The ferry number {n % 7} leaves from the northern pier", speaker="Ana")
    world.commit(dedupe()(world.view, NOW))
    assert len(world.texts()) == 7
    assert dedupe()(world.view, NOW) == []


def test_sqlite_takes_the_same_changes(world, tmp_path) -> None:
    world.store = SqliteStore(tmp_path / "space.mnesis")
    first = world.tell("I moved to Lisbon.", speaker="Ana")
    again = world.tell("I moved to Lisbon!", speaker="Ana")
    world.commit(dedupe()(world.view, NOW))
    assert world.texts() == [first.text]
    assert world.view.event(again.events[0]).text == again.text
    assert dedupe()(world.view, NOW) == []
    world.store.close()


def test_no_overlap_is_refused() -> None:
    with pytest.raises(BadInput, match="overlap"):
        dedupe(overlap=0)
