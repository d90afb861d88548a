"""RMM: sessions put away by topic, and a cited hit that rises the next time."""

from __future__ import annotations

from typing import Any

import pytest

import mnesis
from mnesis import Space

SAILING = (
    "The old boat leaks at the keel.",
    "We bought paint for the boat and its keel.",
    "The boat will be in the water by May.",
)
BAKING = (
    "My sourdough bread did not rise in the oven.",
    "A colder oven made the sourdough bread dense.",
    "The baker gave me a new sourdough for the bread.",
)
MORE = ("The boat got a new mast and a keel.", "The keel of the boat was painted red.")
ASKED = "What about the boat?"


def told(space: Space, texts: tuple[str, ...], session: str, day: int, **given: Any) -> None:
    turns = [mnesis.Event(text, "Ana", f"2026-03-{day:02}", session=session) for text in texts]
    space.remember(turns, **given)


def summaries(space: Space) -> dict[str, tuple[str, ...]]:
    return {cube.text: cube.parents for cube in space.cubes() if cube.made_by == "text.tend.ongoing_topics"}


def test_rules_put_sessions_away_by_topic_and_go_on_with_known_ones() -> None:
    with mnesis.open(recipe="rmm", embedder="none") as space:
        told(space, (*SAILING, *BAKING), "s1", 1)
        space.tend()
        first = summaries(space)
        assert sorted(len(parents) for parents in first.values()) == [3, 3]
        told(space, MORE, "s2", 9)
        space.tend()
        assert sorted(len(parents) for parents in summaries(space).values()) == [3, 5]  # the boat goes on
        assert space.tend() == []
        assert [hit.text for hit in space.recall(ASKED, k=4)].count(SAILING[0]) <= 1
        grown = next(cube for cube in space.cubes() if len(cube.parents) == 5)
        assert len(space.history(grown.id)) == 2
        assert set(grown.events) == set(grown.parents)


def test_a_cited_hit_rises_next_time() -> None:
    with mnesis.open(recipe="rmm", embedder="none") as space:
        told(space, (*SAILING, *BAKING), "s1", 1)
        hits = space.recall(ASKED)
        (wanted,) = (hit for hit in hits if hit.text == SAILING[1])
        places = []
        for _ in range(5):
            places.append([hit.text for hit in space.recall(ASKED)].index(SAILING[1]))
            space.cite(ASKED, [wanted])
        assert places[0] > 0
        assert places[-1] == 0
        # The bread is none the wiser, and a recall alone teaches nothing.
        head = space.head()
        assert space.recall("How is the sourdough bread?")[0].text in BAKING
        assert space.head() == head
        assert [hit.text for hit in space.recall(ASKED, as_of=1)] == [hit.text for hit in hits]


def test_a_mind_sums_up_and_says_what_belongs_together(script: Any) -> None:
    mind = script(
        summary=lambda parts: "Ana repairs a boat." if "boat" in parts["texts"][0] else "Ana bakes.",
        relation=lambda parts: "same_topic" if "boat" in parts["earlier"] and "boat" in parts["later"] else "none",
    )
    with mnesis.open(recipe="rmm", embedder="none", mind=mind) as space:
        told(space, (*SAILING, *BAKING), "s1", 1)
        space.tend(questions=10)
        assert set(summaries(space)) == {"Ana repairs a boat.", "Ana bakes."}
        told(space, MORE, "s2", 9)
        space.tend(questions=10)
        assert "relation" in mind.purposes()
        assert len(summaries(space)["Ana repairs a boat."]) == 5
        assert "Ana repairs a boat." in [hit.text for hit in space.recall("Who repairs something?")]
        # The summary leads to turns that share no word with the question.
        assert SAILING[2] in [hit.text for hit in space.recall("Who repairs something?")]


def test_without_an_answer_the_turns_stay_and_no_topic_is_made(script: Any) -> None:
    mind = script(summary=17)
    with mnesis.open(recipe="rmm", embedder="none", mind=mind) as space:
        told(space, SAILING, "s1", 1)
        space.tend(questions=9)
        assert summaries(space) == {}
        assert space.recall(ASKED)


@pytest.mark.parametrize("erase", [False, True])
def test_a_topic_forgets_what_was_forgotten(erase: bool) -> None:
    with mnesis.open(recipe="rmm", embedder="none") as space:
        told(space, SAILING, "s1", 1)
        space.tend()
        (keel,) = (cube for cube in space.cubes() if cube.text == SAILING[0])
        space.forget(keel.id, erase=erase)
        space.tend()
        for text, parents in summaries(space).items():
            assert keel.id not in parents
            assert "leaks" not in text
        assert space.tend() == []
        assert space.verify().ok
