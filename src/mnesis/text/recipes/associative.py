"""Answers no single passage gives: walks from what is found to what is lacking.

Source: mnesis, 2026.
Needs: nothing
Cost: one word search, one vector search where there is an embedder; two more and a look-up of names for each seed
Differs: nothing.

For documents, articles and notes that speak of each other. Every passage is kept word for word and linked to what it is
about. A recall starts from the best passages by words and meaning, follows the names in them, looks for what the
question asks beyond them, and weighs single passages and steps by weights learned from answered questions. Nobody is
asked, neither when it is written nor when it is read.

>>> import mnesis
>>> space = mnesis.open(recipe="associative", embedder="none")
>>> _ = space.remember(["The Vela Lighthouse was designed by Ida Brandt.", "Ida Brandt was born in Morrow."])
>>> [hit.text for hit in space.recall("Where was the designer of the Vela Lighthouse born?", k=2)][-1]
'Ida Brandt was born in Morrow.'
"""

from __future__ import annotations

from mnesis.text.decide.append import append
from mnesis.text.find.vectors import vectors
from mnesis.text.find.walk import walk
from mnesis.text.find.words import words
from mnesis.text.guard.suspicious import suspicious
from mnesis.text.guard.wellformed import wellformed
from mnesis.text.link.titles import titles
from mnesis.text.pack.greedy import greedy
from mnesis.text.parse.turns import turns
from mnesis.text.rank import chain
from mnesis.text.rank.associative import associative as fused
from mnesis.text.rank.newest import newest
from mnesis.text.recipes import Recipe
from mnesis.text.tend.dedupe import dedupe


def associative() -> Recipe:
    """The recipe."""
    return Recipe(
        name="associative",
        guard=(wellformed(), suspicious()),
        parse=turns(),
        decide=append(),
        link=(titles(),),
        find=(words(), vectors(), walk()),
        rank=chain(fused(), newest()),
        pack=greedy(),
        tend=(dedupe(),),
    )
