"""Keep Me Updated: a new statement passes, replaces, joins or cancels old ones.

Source: Sanghwan Bae, Donghyun Kwak, Soyoung Kang, Min Young Lee, Sungdong Kim, Yuin Jeong, Hyeri Kim, Sang-Woo Lee,
    Woomyoung Park, Nako Sung, Keep Me Updated! Memory Management in Long-term Conversations, 2022. arXiv 2210.08750
Needs: nothing
Cost: a question for the statements of a turn and one for each pair of statements that share words
Differs: after every turn instead of every session; turns are kept word for word; rules answer where no language
    model is asked.

>>> import mnesis
>>> space = mnesis.open(recipe="keep_me_updated", embedder="none")
>>> _ = space.remember("I have a cold.", speaker="Ana", at="2026-03-01")
>>> _ = space.remember("I no longer have a cold.", speaker="Ana", at="2026-03-09")
>>> [hit.cube.type for hit in space.recall("Does Ana have a cold?")]  # nothing but what was said
['episodic']
"""

from __future__ import annotations

from mnesis.text.decide.update import update
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


def keep_me_updated() -> Recipe:
    """The recipe."""
    return Recipe(
        name="keep_me_updated",
        guard=(wellformed(),),
        parse=turns(),
        decide=update(n=5),
        find=(words(), vectors(), successors(), who(), time_window()),
        rank=chain(holding(), reciprocal_rank(), newest(overlap=0.45), once()),
        pack=greedy(),
    )
