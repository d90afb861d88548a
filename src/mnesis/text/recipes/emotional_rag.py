"""Emotional RAG: what was felt as the asker feels now is remembered better.

Source: Le Huang, Hengzhi Lan, Zijun Sun, Chuan Shi, Ting Bai, Emotional RAG: Enhancing Role-Playing Agents through
    Emotional Retrieval, 2024. arXiv 2410.23041
Needs: nothing
Cost: one question ("emotion") a turn and a recall
Differs: search is by words and vectors where the paper's is by vectors alone; see the parts.

>>> import mnesis
>>> space = mnesis.open(recipe="emotional_rag", embedder="none")
>>> _ = space.remember(["At the lake I cried, so sad.", "At the lake I laughed, so happy!"])
>>> space.recall("What was it like at the lake? I feel sad.")[0].text
'At the lake I cried, so sad.'
>>> space.recall("What was it like at the lake? I am happy!")[0].text
'At the lake I laughed, so happy!'
"""

from __future__ import annotations

from mnesis.text.decide.append import append
from mnesis.text.find.vectors import vectors
from mnesis.text.find.words import words
from mnesis.text.guard.wellformed import wellformed
from mnesis.text.pack.greedy import greedy
from mnesis.text.parse.felt import felt
from mnesis.text.rank import chain
from mnesis.text.rank.mood import mood
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.text.recipes import Recipe


def emotional_rag(strategy: str = "add") -> Recipe:
    """The recipe, with one of the strategies of `text.rank.mood`."""
    return Recipe(
        name="emotional_rag",
        guard=(wellformed(),),
        parse=felt(),
        decide=append(),
        find=(words(), vectors()),
        rank=chain(reciprocal_rank(), mood(strategy)),
        pack=greedy(),
    )
