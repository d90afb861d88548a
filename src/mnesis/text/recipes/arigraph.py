"""Facts and the episodes that told them, searched one after the other.

Source: Anokhin, Semenov, Sorokin, Evseev, Kravchenko, Burtsev and Burnaev, AriGraph: Learning Knowledge Graph World
    Models with Episodic Memory for LLM Agents, 2024. arXiv 2407.04363
Needs: nothing
Cost: one scan of each observation; a recall compares some hundred facts with the question
Differs: facts are read off by rules when nobody else reads them; those of which one holds at a time end when a later
    one is told (`text.tend.timelines`), where the paper lets a language model mark what is outdated.

An agent that looks around a world keeps what it saw (episodes) and what that says (facts). Facts are found by what is
wanted, facts around them follow, and the episodes that told most of them come with them.

>>> import mnesis
>>> space = mnesis.open(recipe="arigraph", embedder="none")
>>> _ = space.remember(["The cellar is under the kitchen. The lamp is in the cellar.", "The attic is dusty."])
>>> space.recall("Where is the lamp?", k=1)[0].why["episodes"] > 0
True
"""

from __future__ import annotations

from mnesis.text.decide.append import append
from mnesis.text.find.episodes import episodes
from mnesis.text.find.vectors import vectors
from mnesis.text.find.words import words
from mnesis.text.guard.wellformed import wellformed
from mnesis.text.link.aliases import aliases
from mnesis.text.link.entities import entities
from mnesis.text.link.facts import facts
from mnesis.text.link.phrases import phrases
from mnesis.text.pack.greedy import greedy
from mnesis.text.parse.turns import turns
from mnesis.text.rank.weighted import weighted
from mnesis.text.recipes import Recipe
from mnesis.text.tend.openie import openie
from mnesis.text.tend.same import same
from mnesis.text.tend.timelines import timelines


def arigraph() -> Recipe:
    """The recipe."""
    return Recipe(
        name="arigraph",
        guard=(wellformed(),),
        parse=turns(),
        decide=append(),
        link=(entities(), phrases(), facts(), aliases()),
        find=(words(), vectors(), episodes()),
        rank=weighted({"words": 0.5, "vectors": 0.5, "episodes": 1.0}),
        pack=greedy(),
        tend=(same(), timelines(), openie()),
    )
