"""One turn does not fill an answer with what was made of it."""

from __future__ import annotations

import mnesis
from mnesis.text.rank import chain
from mnesis.text.rank.once import once
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.text.recipes.mem0 import mem0
from mnesis.words import replace

LONG = "The red kite landed. The red kite rose. The red kite turned. The red kite sank."


def sources(every: bool) -> list[tuple[str, ...]]:
    rank = reciprocal_rank() if every else chain(reciprocal_rank(), once())
    with mnesis.open(recipe=replace(mem0(), rank=rank), embedder="none") as space:
        space.remember(LONG, source="long", at="2026-01-01")
        space.remember("Somebody flew a red kite on a very windy day by the sea.", source="short", at="2026-01-02")
        hits = space.recall("red kite", k=3)
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        return [hit.sources for hit in hits]


def test_every_event_speaks_once_before_one_speaks_twice() -> None:
    assert ("short",) not in sources(every=True)
    assert sources(every=False)[:2] == [("long",), ("short",)]
