"""MemGAS: sessions at several granularities, associated by a mixture, and the most decided granularity counts most."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import mnesis
from mnesis import Event, Space
from mnesis.store.ram import RamStore
from mnesis.text.rank.router import router
from mnesis.text.tend.units import upper
from mnesis.words import Found, Query

THEMES = {
    "boat": (
        "The boat needs paint for its keel.",
        "We sailed the boat past the lighthouse.",
        "The keel held in the wind.",
    ),
    "bread": ("The sourdough bread rose in the oven.", "I gave the oven more steam.", "The bread crust was dark."),
    "violin": ("The violin lost a string.", "My teacher tuned the violin.", "We played the violin duet."),
}


def live(space: Space, rounds: int = 4, **given: Any) -> None:
    for each in range(rounds):
        for theme, texts in THEMES.items():
            session = f"{theme}{each}"
            space.remember([Event(f"{text} ({each})", "Ana", session=session) for text in texts])
            space.tend(**given)


def theme_of(space: Space, id: str) -> str:
    cube = space.get(space.get(id).parents[0])
    return cube.session.rstrip("0123456789")


@pytest.mark.parametrize("embedder", ["none", "static"])
def test_rules_associate_sessions_that_go_together(embedder: str) -> None:
    with mnesis.open(recipe="memgas", embedder=embedder) as space:
        live(space)
        view = space._view("default")
        summaries = [cube for cube in space.cubes() if cube.meta.get("unit") == "summary"]
        assert len(summaries) == 12
        links = {(link.head, link.tail) for cube in summaries for link in view.links(cube.id, "associated")}
        assert len(links) >= 6
        inside = [theme_of(space, head) == theme_of(space, tail) for head, tail in links]
        assert np.mean(inside) > 0.9
        assert space.tend() == []


def test_an_association_brings_what_the_question_does_not_name() -> None:
    with mnesis.open(recipe="memgas", embedder="none") as space:
        live(space)
        space.remember([Event("The boat was sold to a fisherman.", "Ana", session="boat9")])
        space.tend()
        hits = space.recall("Who is the fisherman?", k=20)
        assert hits[0].text == "The boat was sold to a fisherman."
        beside = [hit for hit in hits if "associated" in hit.why]
        assert beside
        assert all("boat" in hit.cube.session for hit in beside)


def test_units_lead_to_turns_and_are_not_shown() -> None:
    with mnesis.open(recipe="memgas", embedder="none") as space:
        live(space, rounds=2)
        hits = space.recall("Who tuned the violin?")
        assert hits[0].text.startswith("My teacher tuned the violin.")
        assert not [hit for hit in hits if hit.cube.made_by == "text.tend.units"]
        assert {"routed turn", "routed summary"} <= {name for hit in hits for name in hit.why}


def test_a_mind_writes_units_that_are_found_by_its_words(script: Any) -> None:
    mind = script(
        summary=lambda parts: "Repairs in the shipyard." if "boat" in parts["texts"][0] else "Something else.",
        note=lambda parts: {
            "keywords": ["maritime" if "boat" in parts["text"] else "other"],
            "tags": [],
            "context": "",
        },
    )
    with mnesis.open(recipe="memgas", embedder="none", mind=mind) as space:
        live(space, rounds=1, questions=4)
        for question in ("What happened in the shipyard?", "Anything maritime?"):
            hits = space.recall(question)
            assert {hit.cube.session for hit in hits} == {"boat0"}
            assert len(hits) == 3


def test_a_session_of_several_topics_stands_topic_by_topic() -> None:
    def topics(space: Space) -> list[tuple[str, ...]]:
        made = [cube for cube in space.cubes() if cube.meta.get("unit") == "topic"]
        return sorted(tuple(space.get(id).text for id in cube.parents) for cube in made)

    sailing = ("The old boat leaks at the keel.", "We bought paint for the boat and its keel.", "The keel of the boat!")
    baking = (
        "My sourdough bread did not rise in the oven.",
        "The oven made the bread dense.",
        "Sourdough bread, oven.",
    )
    with mnesis.open(recipe="memgas", embedder="none") as space:
        space.remember([Event(text, "Ana", session="s") for text in sailing])
        space.tend()
        assert topics(space) == []  # one topic is the session
        space.remember([Event(text, "Ana", session="s") for text in baking])
        space.tend()
        assert topics(space) == sorted([sailing, baking])
        hits = space.recall("Does it leak?")
        assert {"topic", "routed topic"} <= set(hits[0].why)
        for cube in list(space.cubes()):
            if cube.text in baking:
                space.forget(cube.id)
        space.tend()
        assert topics(space) == []
        assert space.tend() == []
        assert space.verify().ok


def test_the_mixture_tells_two_groups_apart() -> None:
    draw = np.random.default_rng(3)
    values = np.concatenate([draw.normal(0.2, 0.04, 40), draw.normal(0.6, 0.05, 8)])
    assert (upper(values) > 0.5).tolist() == [False] * 40 + [True] * 8
    assert upper(np.full(6, 0.3)).tolist() == [0.0] * 6


def test_the_column_that_is_decided_counts_most() -> None:
    rows = np.arange(6)
    flat, sharp = np.full(6, 0.5, np.float32), np.array([0.1, 0.1, 0.1, 0.1, 0.1, 0.9], np.float32)
    flat[0] = 0.6
    found = Found(rows, np.zeros(6, np.float32), {"turn": flat, "summary": sharp})
    ranked = router()(Query("?"), found, RamStore().view("n"))
    assert isinstance(ranked, Found)
    assert ranked.rows[0] == 5
    assert ranked.why["routed summary"][0] > 3 * ranked.why["routed turn"][0]
