"""A pool of evidence, filled by asking for its gaps until it is complete.

Source: Li, Shi, Zhou, Wei, Yang, Jin and Yang, Retrieval Feedback Memory Enhancement Large Model Retrieval Generation
    Method, 2025. arXiv 2508.17862
Needs: nothing
Cost: a recall makes up to four searches, each with two questions; a rule answers them where nobody is asked
Differs: the feedback model is a question (`text.find.pool`), not a trained classifier.

Every round remembers what the rounds before it found, and asks for what relations in the pool leave open.

>>> import mnesis
>>> space = mnesis.open(recipe="rfm_rag", embedder="none")
>>> _ = space.remember(["The Petrel belongs to Ruth Grey.", "Ruth Grey hails from Ribe.", "Tom hails from Oslo."])
>>> sorted(hit.text for hit in space.recall("What town is the owner of the Petrel from?", k=2))
['Ruth Grey hails from Ribe.', 'The Petrel belongs to Ruth Grey.']
"""

from __future__ import annotations

from mnesis.text.decide.append import append
from mnesis.text.find.pool import pool
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


def rfm_rag() -> Recipe:
    """The recipe."""
    return Recipe(
        name="rfm_rag",
        guard=(wellformed(),),
        parse=turns(),
        decide=append(),
        link=(entities(), phrases(), facts(), aliases()),
        find=(words(), vectors(), pool()),
        rank=weighted({"words": 0.5, "vectors": 0.5, "pool": 1.0}),
        pack=greedy(),
        tend=(same(), timelines(), openie()),
    )
