"""QA-Memory: questions are keys and answers values, beside their texts.

Source: Wenhu Chen, Pat Verga, Michiel de Jong, John Wieting, William W. Cohen, Augmenting Pre-trained Language Models
    with QA-Memory for Open-Domain Question Answering, 2022. arXiv 2204.04581
Needs: nothing
Cost: one question a memory, and one where the same question was answered before
Differs: pairs are written by rules or a language model and read as text by whoever answers; the paper trains a model to
    write them and one to read them, and retrieves anew for each hop.

>>> import mnesis
>>> space = mnesis.open(recipe="qa_memory", embedder="none")
>>> _ = space.remember("I live in Porto.", speaker="Ana", at="2025-01-09")
>>> space.recall("Where does Ana live?", k=1)[0].sources
()
"""

from __future__ import annotations

from mnesis.text.decide.questions import questions
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


def qa_memory() -> Recipe:
    """The recipe."""
    return Recipe(
        name="qa_memory",
        guard=(wellformed(),),
        parse=turns(),
        decide=questions(most=5),
        find=(words(), vectors(), successors(), who(), time_window()),
        rank=chain(holding(), reciprocal_rank(), newest(overlap=0.45), once()),
        pack=greedy(),
    )
