"""Mem0 with a graph: relations between entities, and when they were true.

Source: Prateek Chhikara, Dev Khant, Saket Aryan, Taranjeet Singh, Deshraj Yadav, Mem0: Building Production-Ready AI
    Agents with Scalable Long-Term Memory, 2025. arXiv 2504.19413
Needs: nothing
Cost: a question for the relations of a turn and one for each that resembles an older one of its subject
Differs: turns are kept word for word beside the relations; rules answer where no language model is asked, and they know
    few kinds of sentences.

A question finds relations by the entities it names, one step away or two, and by words and meaning as in any other
recipe.

>>> import mnesis
>>> space = mnesis.open(recipe="mem0_graph", embedder="none")
>>> _ = space.remember("Ana lives in Porto.", at="2025-01-09")
>>> _ = space.remember("Ana lives in Lisbon.", at="2026-03-02")
>>> [hit.text for hit in space.recall("Where does Ana live?")][0]
'Ana lives in Lisbon'
"""

from __future__ import annotations

from mnesis.text.decide.relations import relations
from mnesis.text.find.relations import relations as find_relations
from mnesis.text.find.successors import successors
from mnesis.text.find.time_window import time_window
from mnesis.text.find.vectors import vectors
from mnesis.text.find.who import who
from mnesis.text.find.words import words
from mnesis.text.guard.wellformed import wellformed
from mnesis.text.pack.greedy import greedy
from mnesis.text.parse.turns import turns
from mnesis.text.rank import chain
from mnesis.text.rank.behind import behind
from mnesis.text.rank.holding import holding
from mnesis.text.rank.newest import newest
from mnesis.text.rank.once import once
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.text.recipes import Recipe

REASONS = ("words", "vectors", "who", "time", "happened")


def mem0_graph() -> Recipe:
    """The recipe."""
    return Recipe(
        name="mem0_graph",
        guard=(wellformed(),),
        parse=turns(),
        decide=relations(n=5),
        find=(words(), vectors(), find_relations(), successors(), who(), time_window()),
        rank=chain(
            holding(), reciprocal_rank(columns=REASONS), behind("relations", after=20), newest(overlap=0.45), once()
        ),
        pack=greedy(),
    )
