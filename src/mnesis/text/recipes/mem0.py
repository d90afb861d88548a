"""Mem0: facts are extracted, and each adds, updates, deletes or passes.

Source: Prateek Chhikara, Dev Khant, Saket Aryan, Taranjeet Singh, Deshraj Yadav, Mem0: Building Production-Ready AI
    Agents with Scalable Long-Term Memory, 2025. arXiv 2504.19413
Needs: nothing
Cost: a question for the facts of a turn and one for each fact that resembles something known
Differs: turns are kept word for word beside the facts; what is updated or deleted ends at the date of what did it, so
    it is gone from now and found at its time; rules answer where no language model is asked.

>>> import mnesis
>>> space = mnesis.open(recipe="mem0", embedder="none")
>>> _ = space.remember("I live in Porto.", speaker="Ana", at="2025-01-09")
>>> _ = space.remember("I moved to Lisbon.", speaker="Ana", at="2026-03-02")
>>> [hit.text for hit in space.recall("Where does Ana live?")]
['I moved to Lisbon.']
>>> [hit.text for hit in space.recall("Where does Ana live?", valid_at="2025-06-01")]
['I live in Porto.']
"""

from __future__ import annotations

from mnesis.text.decide.operation import operation
from mnesis.text.find.successors import successors
from mnesis.text.find.time_window import time_window
from mnesis.text.find.vectors import vectors
from mnesis.text.find.who import who
from mnesis.text.find.words import words
from mnesis.text.guard.wellformed import wellformed
from mnesis.text.pack.greedy import greedy
from mnesis.text.parse.turns import turns
from mnesis.text.rank import chain
from mnesis.text.rank.holding import holding
from mnesis.text.rank.newest import newest
from mnesis.text.rank.once import once
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.text.recipes import Recipe


def mem0() -> Recipe:
    """The recipe."""
    return Recipe(
        name="mem0",
        guard=(wellformed(),),
        parse=turns(),
        decide=operation(n=5),
        find=(words(), vectors(), successors(), who(), time_window()),
        rank=chain(holding(), reciprocal_rank(), newest(overlap=0.45), once()),
        pack=greedy(),
    )
