"""MemoryOS: a short memory paged out into segments, a long one of the hot ones.

Source: Jiazheng Kang, Mingming Ji, Zhe Zhao, Ting Bai, Memory OS of AI Agent, 2025. arXiv 2506.06326
Needs: nothing
Cost: writing asks nothing; tending asks a question a segment that grew and one a page of a hot one, and a recall writes
Differs: turns that were pushed out stay findable word for word beside the segment that sums them up; the profile is the
    facts drawn from hot segments.

Three tiers: the last turns (working memory, always found), segments of like pages in the middle (episodic pages under a
semantic summary), and what hot segments say of people (core memory). Pages move as in an operating system: first in,
first out between the first two, by heat between the last.

>>> import mnesis
>>> space = mnesis.open(recipe="memoryos", embedder="none")
>>> _ = space.remember([f"Turn {n} of our chat about the garden." for n in range(9)])
>>> _ = space.tend()
>>> sorted({cube.type for cube in space.cubes()})
['episodic', 'semantic', 'working']
"""

from __future__ import annotations

from mnesis.text.decide.append import append
from mnesis.text.find.always import always
from mnesis.text.find.latest import latest
from mnesis.text.find.vectors import vectors
from mnesis.text.find.words import words
from mnesis.text.guard.wellformed import wellformed
from mnesis.text.pack.greedy import greedy
from mnesis.text.parse.turns import turns
from mnesis.text.rank import chain
from mnesis.text.rank.behind import behind
from mnesis.text.rank.once import once
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.text.rank.reserved import reserved
from mnesis.text.recipes import Recipe
from mnesis.text.tend.pages import pages
from mnesis.text.use.strengthen import strengthen

REASONS = ("words", "vectors")


def memoryos() -> Recipe:
    """The recipe."""
    return Recipe(
        name="memoryos",
        guard=(wellformed(),),
        parse=turns(),
        decide=append(type="working"),
        find=(words(), vectors(), latest(turns=7), always(few=3)),
        rank=chain(reciprocal_rank(columns=REASONS), behind("latest", after=8), once(), reserved()),
        pack=greedy(),
        use=(strengthen(top=3),),
        tend=(pages(room=7),),
    )
