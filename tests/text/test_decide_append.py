"""text.decide.append: everything is kept, once."""

from __future__ import annotations

from mnesis.text.decide.append import append
from mnesis.words import Add


def test_contradictions_stand_side_by_side(world) -> None:
    world.tell("I live in Porto.", speaker="Ana")
    new = world.cube("I live in Lisbon now.", speaker="Ana")
    assert append()([new], world.view) == [Add(new)]


def test_the_same_text_under_another_id_is_kept_too(world) -> None:
    world.tell("It rains.")
    world.commit(append()([world.cube("It rains.")], world.view))
    assert world.texts() == ["It rains.", "It rains."]


def test_an_id_given_twice_is_added_once(world) -> None:
    new = world.cube("It rains.")
    assert append()([new, new], world.view) == [Add(new)]
