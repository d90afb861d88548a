"""A-MEM: every memory is a note, linked to others and changing them.

Source: Wujiang Xu, Zujie Liang, Kai Mei, Hang Gao, Juntao Tan, Yongfeng Zhang, A-MEM: Agentic Memory for LLM Agents,
    2025. arXiv 2502.12110
Needs: nothing
Cost: two questions a memory; up to five older cards get a new version
Differs: the text of a memory is never rewritten, only its card; rules answer where no language model is asked.

A note that is found brings those linked with it.

>>> import mnesis
>>> space = mnesis.open(recipe="a_mem", embedder="none")
>>> _ = space.remember("I planted tomatoes on the balcony.", speaker="Ana", at="2026-04-01")
>>> cube = space.recall("What grows on the balcony?")[0].cube
>>> sorted(cube.meta["note"])
['context', 'keywords', 'tags']
"""

from __future__ import annotations

from mnesis.text.decide.evolve import evolve
from mnesis.text.find.linked import linked
from mnesis.text.find.time_window import time_window
from mnesis.text.find.vectors import vectors
from mnesis.text.find.who import who
from mnesis.text.find.words import words
from mnesis.text.guard.wellformed import wellformed
from mnesis.text.pack.greedy import greedy
from mnesis.text.parse.turns import turns
from mnesis.text.rank import chain
from mnesis.text.rank.behind import behind
from mnesis.text.rank.newest import newest
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.text.recipes import Recipe

REASONS = ("words", "vectors", "who", "time", "happened")


def a_mem() -> Recipe:
    """The recipe."""
    return Recipe(
        name="a_mem",
        guard=(wellformed(),),
        parse=turns(),
        decide=evolve(n=5),
        find=(words(), vectors(), who(), time_window(), linked(("related",))),
        rank=chain(reciprocal_rank(columns=REASONS), behind("linked", after=20), newest()),
        pack=greedy(),
    )
