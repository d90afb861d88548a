"""MemOS: cubes with provenance and versions, carried between tiers by their use.

Source: Zhiyu Li, Chenyang Xi, Chunyu Li, Ding Chen, Boyu Chen, Shichao Song, Simin Niu, Hanyu Wang and others, MemOS: A
    Memory OS for AI System, 2025. arXiv 2507.03724
Needs: nothing
Cost: no question; one pass over the columns when it tends, and a recall writes
Differs: its MemCube, lifecycle and governance are what every recipe here stands on; its scheduler works on the tiers of
    text, and carries nothing into keys and values or weights.

What comes in is working memory. What nobody asks for settles as an episode, what is asked for again and again becomes
semantic and then core memory, which comes unasked; what cools down comes back. Every move is a version with a reason,
so it can be explained, followed and undone.

>>> import mnesis
>>> space = mnesis.open(recipe="memos", embedder="none")
>>> _ = space.remember("The boiler is reset with the red lever.")
>>> for _ in range(3):
...     hit = space.recall("How is the boiler reset?")[0]
>>> _ = space.tend()
>>> space.get(hit.cube.id).type
'semantic'
"""

from __future__ import annotations

from mnesis.text.decide.append import append
from mnesis.text.find.always import always
from mnesis.text.find.vectors import vectors
from mnesis.text.find.words import words
from mnesis.text.guard.suspicious import suspicious
from mnesis.text.guard.wellformed import wellformed
from mnesis.text.pack.by_type import by_type
from mnesis.text.parse.turns import turns
from mnesis.text.rank import chain
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.text.rank.reserved import reserved
from mnesis.text.recipes import Recipe
from mnesis.text.tend.dedupe import dedupe
from mnesis.text.tend.promote import promote
from mnesis.text.use.strengthen import strengthen

REASONS = ("words", "vectors")


def memos() -> Recipe:
    """The recipe."""
    return Recipe(
        name="memos",
        guard=(wellformed(), suspicious()),
        parse=turns(),
        decide=append(type="working"),
        find=(words(), vectors(), always()),
        rank=chain(reciprocal_rank(columns=REASONS), reserved()),
        pack=by_type(),
        use=(strengthen(top=3),),
        tend=(dedupe(), promote()),
    )
