"""What was said last comes whatever the question is, the very last first."""

from __future__ import annotations

from mnesis import Space
from mnesis.text.find.latest import latest
from mnesis.text.recipes.verbatim import verbatim
from mnesis.words import Add, replace


def test_the_last_turns_come_and_nothing_that_was_made_of_others() -> None:
    recipe = replace(verbatim(), find=(latest(2),))
    with Space(recipe=recipe, embedder="none") as space:
        turns = space.remember(["I saw two boats.", "One is red.", "The other is blue."])
        made = replace(turns[0], id="made", text="Two boats, red and blue.", parents=(turns[0].id,), events=())
        space._commit([Add(made)], "", "tend", "default")
        hits = space.recall("And the second one?")
        assert [hit.text for hit in hits] == ["The other is blue.", "One is red."]
        assert [hit.why["latest"] for hit in hits] == [1.0, 0.5]
