"""What took the place of something stands where that would have stood."""

from __future__ import annotations

import mnesis
from mnesis.text.decide.update import update
from mnesis.text.find.successors import successors
from mnesis.text.find.words import words
from mnesis.text.rank import chain
from mnesis.text.rank.holding import holding
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.text.recipes import Recipe
from mnesis.text.recipes.verbatim import verbatim
from mnesis.words import replace

HOMES = ("I live in Porto.", "I moved to Lisbon.", "I moved to Ghent.")


def recipe(steps: int = 8) -> Recipe:
    rank = chain(holding(), reciprocal_rank())
    return replace(verbatim(), decide=update(), find=(words(), successors(steps=steps)), rank=rank)


def recalled(steps: int = 8, **options: str) -> list[str]:
    with mnesis.open(recipe=recipe(steps), embedder="none") as space:
        for n, text in enumerate(HOMES):
            space.remember(text, speaker="Ana", at=f"202{n + 3}-01-01")
        space.remember("We live to eat.", speaker="Tom", at="2023-01-01")
        return [hit.text for hit in space.recall("Where does Ana live?", **options)]  # type: ignore[arg-type]


def test_the_end_of_a_chain_inherits_the_reasons_of_its_beginning() -> None:
    assert recalled() == ["I moved to Ghent.", "We live to eat."]


def test_a_chain_longer_than_the_steps_is_not_followed_to_its_end() -> None:
    assert recalled(steps=1) == ["We live to eat."]


def test_at_a_moment_what_held_then_is_found_and_nothing_is_brought() -> None:
    assert recalled(valid_at="2023-06-01") == ["I live in Porto.", "We live to eat."]


def test_asked_from_the_past_nothing_has_ended_yet() -> None:
    assert "I live in Porto." in recalled(now="2023-06-01")
