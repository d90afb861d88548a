"""A memory graph that is edited: insert, replace, delete; and a selector.

Source: Wang, Li, Jiang, Tu and Shi, Crafting Personalized Agents through Retrieval-Augmented Generation on Editable
    Memory Graphs, 2024. arXiv 2409.19401
Needs: nothing
Cost: one question a memory that is told (a rule answers it where nobody is asked); a recall adds one local push
Differs: the selector is greedy instead of trained (`text.rank.selected`); what is replaced is retired, not lost.

Each new memory inserts itself, replaces one that it brings up to date, or deletes one that is no longer true; the facts
they state come and go with them. What is recalled is selected for what it adds.

>>> import mnesis
>>> space = mnesis.open(recipe="emg_rag", embedder="none")
>>> _ = space.remember("I live in Porto.", speaker="Ana")
>>> _ = space.remember("I moved to Lisbon.", speaker="Ana")
>>> [cube.text for cube in space.cubes()]
['I moved to Lisbon.']
"""

from __future__ import annotations

from mnesis.text.decide.edits import edits
from mnesis.text.find.ppr import ppr
from mnesis.text.find.vectors import vectors
from mnesis.text.find.who import who
from mnesis.text.find.words import words
from mnesis.text.guard.wellformed import wellformed
from mnesis.text.link.aliases import aliases
from mnesis.text.link.entities import entities
from mnesis.text.link.facts import facts
from mnesis.text.link.phrases import phrases
from mnesis.text.pack.greedy import greedy
from mnesis.text.parse.turns import turns
from mnesis.text.rank import chain
from mnesis.text.rank.selected import selected
from mnesis.text.rank.weighted import weighted
from mnesis.text.recipes import Recipe
from mnesis.text.tend.openie import openie
from mnesis.text.tend.same import same
from mnesis.text.tend.timelines import timelines


def emg_rag() -> Recipe:
    """The recipe."""
    return Recipe(
        name="emg_rag",
        guard=(wellformed(),),
        parse=turns(),
        decide=edits(),
        link=(entities(), phrases(), facts(), aliases()),
        find=(words(), vectors(), ppr(), who()),
        rank=chain(weighted({"words": 0.5, "vectors": 0.5, "ppr": 0.5, "who": 1.2}), selected()),
        pack=greedy(),
        tend=(same(), timelines(), openie()),
    )
