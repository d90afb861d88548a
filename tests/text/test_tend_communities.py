"""Communities of the graph: found, summed up in their own words, renewed when they change."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

import numpy as np
import pytest

import mnesis
from mnesis import Space
from mnesis.drive import Ask
from mnesis.errors import Unavailable
from mnesis.text.communities import communities as found_in
from mnesis.text.communities import summary
from mnesis.text.graph import graph
from mnesis.text.link.entities import entities
from mnesis.text.link.phrases import phrases
from mnesis.text.recipes.verbatim import verbatim
from mnesis.text.tend.communities import communities
from mnesis.words import replace

NOW = datetime(2026, 6, 1, tzinfo=UTC)
BOAT = [f"The red boat {what}." for what in ("was holed at the bow", "needs a mast", "lies at the pier", "was painted")]
BEES = [f"The bees of the orchard {what}." for what in ("swarmed", "need lime blossom", "gave honey", "sleep")]


def opened(mind: object = None) -> Space:
    recipe = replace(verbatim(), link=(entities(), phrases()), tend=(communities(resolution=0.3),))
    space = mnesis.open(recipe=recipe, embedder="none", clock=lambda: NOW, **({"mind": mind} if mind else {}))
    space.remember([*BOAT, *BEES])
    return space


def written(space: Space) -> list[str]:
    return [cube.text for cube in space.cubes() if cube.made_by == "text.tend.communities"]


def test_each_community_is_summed_up_in_its_own_sentences() -> None:
    space = opened()
    space.tend()
    texts = written(space)
    assert len(texts) == 2
    assert {("boat" in text, "bees" in text) for text in texts} == {(True, False), (False, True)}
    assert all(sentence in " ".join([*BOAT, *BEES]) for text in texts for sentence in text.split(". "))
    made = next(cube for cube in space.cubes() if cube.made_by == "text.tend.communities")
    assert len(made.parents) == len(made.events) == 4
    assert space.tend() == []


def test_a_community_that_grew_is_summed_up_anew() -> None:
    space = opened()
    space.tend()
    before = {cube.id for cube in space.cubes() if cube.made_by}
    space.remember("The red boat won the race.")
    space.tend()
    after = [cube for cube in space.cubes() if cube.made_by == "text.tend.communities"]
    assert sorted(len(cube.parents) for cube in after) == [4, 5]
    assert len(before & {cube.id for cube in after}) == 1
    assert space.verify().ok


class Writer:
    name = "writer"

    def answer(self, ask: Ask) -> str:
        return json.dumps(f"About {len(ask.parts['memories'])} things.")


def test_a_mind_may_write_the_summaries() -> None:
    space = opened(Writer())
    space.tend(questions=2)
    assert written(space) == ["About 4 things."] * 2


def test_the_same_seed_finds_the_same_communities() -> None:
    web = graph(opened()._view("default"))
    one, same = found_in(web, seed=3), found_in(web, seed=3)
    assert all(np.array_equal(a, b) for a, b in zip(one, same, strict=True))
    assert sum(len(each) for each in found_in(web, least=1)) == int((web.degree > 0).sum())


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "leidenalg", None)
    with pytest.raises(Unavailable, match=r"mnesis\[graph\]"):
        found_in(graph(opened()._view("default")))


def test_a_summary_makes_nothing_up() -> None:
    assert summary(BOAT, 2).count(".") == 2
    assert summary([], 3) == ""
