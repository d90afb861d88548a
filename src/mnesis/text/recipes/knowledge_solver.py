"""Answers looked for along the edges of a graph, given back with the whole path.

Source: Feng, Zhang and Fei, Knowledge Solver: Teaching LLMs to Search for Domain Knowledge from Knowledge Graphs,
    2023. arXiv 2309.03118
Needs: nothing
Cost: a recall walks up to four steps from up to three things, choosing among a dozen facts each time
Differs: the graph is what memories state; where nobody is asked, a rule chooses each step (`text.find.steps`).

What is found is evidence as a path: the memory that states the first fact, then the one that states the next. Memories
between two things that a question names are found too, whatever their words (`text.find.path`).

>>> import mnesis
>>> space = mnesis.open(recipe="knowledge_solver", embedder="none")
>>> _ = space.remember(["Tom owns the Petrel.", "The Petrel is moored in Ribe.", "Ana owns a piano."])
>>> [hit.text for hit in space.recall("In which harbour is what Tom owns moored?", k=2)]
['Tom owns the Petrel.', 'The Petrel is moored in Ribe.']
"""

from __future__ import annotations

from mnesis.text.decide.append import append
from mnesis.text.find.path import path
from mnesis.text.find.steps import steps
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


def knowledge_solver() -> Recipe:
    """The recipe."""
    return Recipe(
        name="knowledge_solver",
        guard=(wellformed(),),
        parse=turns(),
        decide=append(),
        link=(entities(), phrases(), facts(), aliases()),
        find=(words(), vectors(), path(), steps()),
        rank=weighted({"words": 0.5, "vectors": 0.5, "path": 0.3, "steps": 1.0}),
        pack=greedy(),
        tend=(same(), timelines(), openie()),
    )
