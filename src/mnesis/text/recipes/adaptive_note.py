"""Notes that grow while searching, until they do not get better.

Source: Wang, Zha, Yu, Zhao, Chen, Wang, Wang, Yan, Liu, Han, Liu and Sun, Retriever-and-Memory: Towards Adaptive
    Note-Enhanced Retrieval-Augmented Generation, 2024. arXiv 2410.08821
Needs: nothing
Cost: a recall makes up to four searches, each with two questions; a rule answers them where nobody is asked
Differs: the note guides the search and is not kept (`text.find.notes`); memories are what is recalled.

What to search for next, and when to stop, follow from the best note so far rather than from the question alone.

>>> import mnesis
>>> space = mnesis.open(recipe="adaptive_note", embedder="none")
>>> _ = space.remember(["The Petrel belongs to Ruth Grey.", "Ruth Grey was born in Ribe.", "Tom was born in Oslo."])
>>> sorted(hit.text for hit in space.recall("Where was the owner of the Petrel born?", k=2))
['Ruth Grey was born in Ribe.', 'The Petrel belongs to Ruth Grey.']
"""

from __future__ import annotations

from mnesis.text.decide.append import append
from mnesis.text.find.notes import notes
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


def adaptive_note() -> Recipe:
    """The recipe."""
    return Recipe(
        name="adaptive_note",
        guard=(wellformed(),),
        parse=turns(),
        decide=append(),
        link=(entities(), phrases(), facts(), aliases()),
        find=(words(), vectors(), notes()),
        rank=weighted({"words": 0.5, "vectors": 0.5, "notes": 1.0}),
        pack=greedy(),
        tend=(same(), timelines(), openie()),
    )
