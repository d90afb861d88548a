"""A memory of the whole drafts clues, and the clues are searched for.

Source: Qian, Liu, Zhang, Mao, Lian, Dou and Huang, MemoRAG: Moving towards Next-Gen RAG Via Memory-Inspired Knowledge
    Discovery, 2024. arXiv 2409.05591
Needs: nothing
Cost: a recall adds a spread of activation, one question and up to five word searches
Differs: the global memory is the graph of all that was stated, not a model with a long context (`text.find.clues`).

A question that shares no word with its answer is answered by way of what is known of the whole.

>>> import mnesis
>>> space = mnesis.open(recipe="memorag", embedder="none")
>>> _ = space.remember(["Ana keeps bees.", "The bees need lime trees.", "Tom plays chess."])
>>> [hit.text for hit in space.recall("What does Ana depend on?", k=2)]
['Ana keeps bees.', 'The bees need lime trees.']
"""

from __future__ import annotations

from mnesis.text.decide.append import append
from mnesis.text.find.clues import clues
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


def memorag() -> Recipe:
    """The recipe."""
    return Recipe(
        name="memorag",
        guard=(wellformed(),),
        parse=turns(),
        decide=append(),
        link=(entities(), phrases(), facts(), aliases()),
        find=(words(), vectors(), clues()),
        rank=weighted({"words": 0.5, "vectors": 0.5, "clues": 0.6}),
        pack=greedy(),
        tend=(same(), timelines(), openie()),
    )
