"""text.link.titles: memories meet at what they are about."""

from __future__ import annotations

from mnesis.text.link.titles import titles
from mnesis.words import MemCube


def test_memories_of_one_title_meet_at_its_node(world) -> None:
    one = MemCube("a", "It is a ship.", "test", meta={"title": "Vela (ship)"})
    two = MemCube("b", "It is a constellation.", "test", meta={"title": "Vela"})
    links = titles()([one, two], world.view)
    assert [(each.head, each.tail, each.kind) for each in links] == [
        ("a", "entity:vela", "titled"),
        ("b", "entity:vela", "titled"),
    ]


def test_what_has_no_title_is_not_linked(world) -> None:
    assert (
        titles()([MemCube("a", "we went home", "test"), MemCube("b", "Ida was here", "test", session="s")], world.view)
        == []
    )
