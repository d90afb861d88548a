"""MemoryBank: what is recalled lasts, the rest fades, days and people remain.

Source: Wanjun Zhong, Lianghong Guo, Qiqi Gao, He Ye, Yanlin Wang, MemoryBank: Enhancing Large Language Models with
    Long-Term Memory, 2023. arXiv 2305.10250
Needs: nothing
Cost: writing asks nothing; tending asks a question a day and one a person with something new, and a recall writes
Differs: a memory below a retention of 0.05 is retired where the paper forgets by lot; turns are searched by words too.

Every recall adds 1 to the strength of what it brought and begins its forgetting curve anew. `tend` writes a summary of
each day, keeps a portrait of each person, and lets go of turns whose retention exp(-t / S) is spent.

>>> import mnesis
>>> space = mnesis.open(recipe="memorybank", embedder="none")
>>> _ = space.remember("My spare key is under the blue pot.", speaker="Ana", at="2026-03-02")
>>> hit = space.recall("Where is the spare key?")[0]
>>> space.get(hit.cube.id).strength
2.0
"""

from __future__ import annotations

from mnesis.text.decide.append import append
from mnesis.text.find.always import always
from mnesis.text.find.vectors import vectors
from mnesis.text.find.words import words
from mnesis.text.guard.wellformed import wellformed
from mnesis.text.pack.greedy import greedy
from mnesis.text.parse.turns import turns
from mnesis.text.rank import chain
from mnesis.text.rank.once import once
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.text.rank.reserved import reserved
from mnesis.text.recipes import Recipe
from mnesis.text.tend.days import days
from mnesis.text.tend.ebbinghaus import ebbinghaus
from mnesis.text.tend.portraits import portraits
from mnesis.text.use.strengthen import strengthen

REASONS = ("words", "vectors")


def memorybank() -> Recipe:
    """The recipe."""
    return Recipe(
        name="memorybank",
        guard=(wellformed(),),
        parse=turns(),
        decide=append(),
        find=(words(), vectors(), always(few=3)),
        rank=chain(reciprocal_rank(columns=REASONS), once(), reserved()),
        pack=greedy(),
        use=(strengthen(top=3),),
        tend=(days(), portraits(), ebbinghaus()),
    )
