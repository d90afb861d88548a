"""Think-in-Memory: thoughts are kept in buckets instead of thought again.

Source: Lei Liu, Xiaoyan Yang, Yue Shen, Binbin Hu, Zhiqiang Zhang, Jinjie Gu, Guannan Zhang, Think-in-Memory: Recalling
    and Post-thinking Enable LLMs with Long-Term Memory, 2023. arXiv 2311.08719
Needs: nothing
Cost: one question an exchange, one for each thought of the same buckets that resembles a new one; six links a thought
Differs: turns are kept word for word beside the thoughts and found by words and meaning as well; rules answer where no
    language model is asked.

>>> import mnesis
>>> space = mnesis.open(recipe="tim", embedder="none")
>>> _ = space.remember("Ana plays the cello.", at="2026-03-01")
>>> _ = space.remember("Ana plays the harp.", at="2026-03-02")
>>> [hit.text for hit in space.recall("What does Ana play?", k=1)]
['Ana plays the cello and the harp.']
"""

from __future__ import annotations

from mnesis.text.decide.post_think import post_think
from mnesis.text.find.lsh import lsh
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


def tim() -> Recipe:
    """The recipe."""
    return Recipe(
        name="tim",
        guard=(wellformed(),),
        parse=turns(),
        decide=post_think(n=4),
        find=(lsh(), words(), vectors(), successors(), who(), time_window()),
        rank=chain(holding(), reciprocal_rank(columns=REASONS), behind("lsh", after=20), newest(overlap=0.45), once()),
        pack=greedy(),
    )
