"""Keep every turn word for word; find by words and vectors, fused by rank.

Source: Cormack, Clarke and Büttcher, Reciprocal Rank Fusion Outperforms Condorcet and Individual Rank Learning
    Methods, 2009. doi 10.1145/1571941.1572114
Needs: nothing
Cost: one word search, one vector search where there is an embedder
Differs: the plain hybrid search most memories are built on; here as the yardstick for the others.

Nothing is extracted, rewritten or thrown away, and no language model is asked.

>>> import mnesis
>>> space = mnesis.open(recipe="verbatim", embedder="none")
>>> _ = space.remember("The spare key is under the blue pot.")
>>> space.recall("Where is the spare key?")[0].text
'The spare key is under the blue pot.'
"""

from __future__ import annotations

from mnesis.text.decide.append import append
from mnesis.text.find.vectors import vectors
from mnesis.text.find.words import words
from mnesis.text.guard.wellformed import wellformed
from mnesis.text.pack.greedy import greedy
from mnesis.text.parse.turns import turns
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.text.recipes import Recipe


def verbatim() -> Recipe:
    """The recipe."""
    return Recipe(
        name="verbatim",
        guard=(wellformed(),),
        parse=turns(),
        decide=append(),
        find=(words(), vectors()),
        rank=reciprocal_rank(),
        pack=greedy(),
    )
