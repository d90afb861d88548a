"""text.decide.dedupe: a repeated text becomes another witness of the cube that stands."""

from __future__ import annotations

import pytest

from mnesis.text.decide.dedupe import dedupe
from mnesis.words import Add, Retire, Revise


def test_a_repetition_adds_its_sources_and_no_cube(world) -> None:
    first = world.tell("I moved to Lisbon!", speaker="Ana")
    again = world.cube("  i moved -- to LISBON", speaker="Ana")
    changes = dedupe()([again], world.view)
    assert [type(each) for each in changes] == [Revise]
    world.commit(changes)
    (standing,) = world.view.cubes(world.view.alive())
    assert standing.id == first.id
    assert standing.text == "I moved to Lisbon!"
    assert standing.version == 2
    assert standing.sources == (*first.sources, *again.sources)
    assert standing.events == (*first.events, *again.events)
    assert len(world.view.history(first.id)) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It is -5 degrees.", "It is 5 degrees."),
        ("It costs 3.5 euros.", "It costs 35 euros."),
        ("You live in Porto.", "You live in Porto?"),
        ("I like C.", "I like C++."),
        ("Tom beat Ana.", "Ana beat Tom."),
        ("I can swim.", "I can't swim."),
        ("Yes, I did.", "Yes, I did."),
    ],
)
def test_what_may_mean_something_else_is_added(world, one: str, other: str) -> None:
    world.tell(one, speaker="Ana")
    new = world.cube(other, speaker="Ana")
    assert dedupe()([new], world.view) == [Add(new)]


def test_another_speaker_is_another_memory(world) -> None:
    world.tell("I moved to Lisbon.", speaker="Ana")
    new = world.cube("I moved to Lisbon.", speaker="Tom")
    assert dedupe()([new], world.view) == [Add(new)]


def test_repetitions_within_a_batch_each_bring_their_event(world) -> None:
    cubes = [world.cube("I moved to Lisbon.", speaker="Ana") for _ in range(3)]
    changes = dedupe()(cubes, world.view)
    assert [type(each) for each in changes] == [Add, Revise, Revise]
    # Each change names one event that no change before it named: that is how events get into the journal.
    assert [change.cube.events[at] for at, change in enumerate(changes)] == [cube.events[0] for cube in cubes]
    world.commit(changes)
    assert world.texts() == ["I moved to Lisbon."]


def test_a_retired_memory_can_be_said_anew(world) -> None:
    old = world.tell("I moved to Lisbon.", speaker="Ana")
    world.commit([Retire(old.id)])
    new = world.cube("I moved to Lisbon.", speaker="Ana")
    assert dedupe()([new], world.view) == [Add(new)]


def test_the_right_one_is_found_among_many_with_the_same_words(world) -> None:
    for n in range(60):
        world.tell(f"boat boat boat {n}", speaker="Ana")
        world.tell("The boat is red.", speaker=f"guest {n}")
    mine = world.tell("The boat is red.", speaker="Ana")
    (change,) = dedupe()([world.cube("the boat is red", speaker="Ana")], world.view)
    assert isinstance(change, Revise)
    assert change.cube.id == mine.id
