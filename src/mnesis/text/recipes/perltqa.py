"""Memories and questions are classified alike; contexts are put together by class.

Source: Yiming Du, Hongru Wang, Zhengyi Zhao, Bin Liang, Baojun Wang, Wanjun Zhong, Zezhong Wang, Kam-Fai Wong, PerLTQA:
    A Personal Long-Term Memory Dataset for Memory Classification, Retrieval, and Synthesis in Question Answering, 2024.
    arXiv 2402.16288
Needs: nothing
Cost: one question a new memory, one a recall
Differs: memory types stand for the paper's profile and relations (core), knowledge (semantic), events and dialogues
    (episodic); rules, or a language model, classify where the paper trains a classifier.

Classification: each memory gets its type when it is kept, each question the types it asks for. Retrieval: memories of
those types come before others that fit as well. Synthesis: the context goes from who somebody is and what is known to
what happened, so that an episode is read in the light of the person.

>>> import mnesis
>>> space = mnesis.open(recipe="perltqa", embedder="none")
>>> _ = space.remember(["Yesterday I talked about my violin.", "My favourite instrument is the violin."], speaker="Ana")
>>> [hit.cube.type for hit in space.recall("What is Ana's favourite, the violin?")]
['core', 'episodic']
"""

from __future__ import annotations

from mnesis.text.decide.typed import typed
from mnesis.text.find.time_window import time_window
from mnesis.text.find.vectors import vectors
from mnesis.text.find.who import who
from mnesis.text.find.words import words
from mnesis.text.guard.wellformed import wellformed
from mnesis.text.pack.by_type import by_type
from mnesis.text.parse.turns import turns
from mnesis.text.rank import chain
from mnesis.text.rank.by_type import by_type as of_types
from mnesis.text.rank.evidence import evidence
from mnesis.text.rank.explained import explained
from mnesis.text.rank.meaning import meaning
from mnesis.text.recipes import Recipe


def perltqa() -> Recipe:
    """The recipe."""
    return Recipe(
        name="perltqa",
        guard=(wellformed(),),
        parse=turns(),
        decide=typed(),
        find=(words(), vectors(), who(), time_window()),
        rank=chain(explained(), meaning(), evidence(), of_types()),
        pack=by_type(),
    )
