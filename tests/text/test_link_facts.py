"""What a memory states is linked to it, for as long as it holds."""

from __future__ import annotations

from datetime import UTC, datetime

from mnesis.text.link.facts import facts, read, stated
from mnesis.text.triples import Triple
from mnesis.words import MemCube

DAY = datetime(2026, 3, 2, tzinfo=UTC)


def test_a_passage_speaks_of_its_title() -> None:
    cube = MemCube("a", "Harbour Lights. It was written by Mara Quist.")
    assert Triple("harbour lights", "was written by", "mara quist") in read(cube)
    assert read(MemCube("b", "Well. It was written by Mara Quist.", speaker="Ana")) == []


def test_links_hold_as_long_as_the_memory_does() -> None:
    cube = MemCube("a", "I live in Porto.", valid_from=DAY, valid_to=DAY.replace(month=5), speaker="Ana")
    (link,) = stated(cube, read(cube), "test")
    assert (link.tail, link.kind, link.valid_from, link.valid_to) == (
        "fact:ana|live in|porto", "states", DAY, DAY.replace(month=5),
    )  # fmt: skip


def test_there_is_a_bound_on_what_one_memory_states() -> None:
    text = " ".join(f"Boat{n} sank near Pier{n}." for n in range(30))
    assert len(facts(most=5)([MemCube("a", text)], None)) == 5  # type: ignore[arg-type]
