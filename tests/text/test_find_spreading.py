"""Activation brings what shares no word with the question but is linked with what does."""

from __future__ import annotations

from mnesis import Space
from mnesis.text.find.spreading import spreading
from mnesis.text.find.words import words
from mnesis.text.rank import chain
from mnesis.text.rank.lifted import lifted
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.text.recipes.verbatim import verbatim
from mnesis.words import Connect, Link, replace


def opened(share: float) -> Space:
    rank = chain(reciprocal_rank(columns=("words",)), lifted(share=share))
    return Space(recipe=replace(verbatim(), find=(words(), spreading()), rank=rank), embedder="none")


def test_a_linked_memory_comes_and_one_further_away_counts_less() -> None:
    with opened(0.9) as space:
        boat, storm, tea, far = space.remember(
            ["The boat sank.", "There was a storm.", "We had tea.", "Tom sells umbrellas."]
        )
        pairs = [(boat, storm), (storm, far)]
        space._commit(
            [Connect(Link(a.id, b.id, "cause", namespace="default")) for a, b in pairs], "", "link", "default"
        )
        hits = space.recall("What about the boat?")
        assert [hit.cube.id for hit in hits] == [boat.id, storm.id, far.id]
        held = [hit.why["spreading"] for hit in hits]
        assert held[0] > held[1] > held[2] > 0
        assert tea.id not in [hit.cube.id for hit in hits]


def test_without_links_nothing_is_brought() -> None:
    with opened(0.9) as space:
        space.remember(["The boat sank.", "There was a storm."])
        assert [hit.text for hit in space.recall("What about the boat?")] == ["The boat sank."]
