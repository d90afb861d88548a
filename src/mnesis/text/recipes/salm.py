"""SALM: storing, finding and forgetting adapt to how the memory is used.

Source: Zihong He, Weizhe Lin, Hao Zheng, Fan Zhang, Matt W. Jones, Laurence Aitchison, Xuhai Xu, Miao Liu, Per Ola
    Kristensson, Junxiao Shen, Human-inspired Perspectives: A Survey on AI Long-term Memory, 2024. arXiv 2411.00489
Needs: nothing
Cost: no question; one pass over the columns when it tends, and a recall writes
Differs: the survey proposes the architecture and leaves the policies open; these are ours, and none needs a model.

Storage: a new state of a thing takes the place of the old one, and what is used again is carried to a lasting tier.
Retrieval: every answer strengthens what it brought, and lasting memories come unasked. Forgetting: the rates of use
that this memory has shown decide which memories will hardly be asked for again.

>>> import mnesis
>>> space = mnesis.open(recipe="salm", embedder="none")
>>> _ = space.remember("I live in Porto.", speaker="Ana", at="2026-01-05")
>>> _ = space.remember("I live in Lisbon now.", speaker="Ana", at="2026-03-05")
>>> space.recall("Where does Ana live?")[0].text
'I live in Lisbon now.'
"""

from __future__ import annotations

from mnesis.text.decide.supersede import supersede
from mnesis.text.find.always import always
from mnesis.text.find.vectors import vectors
from mnesis.text.find.words import words
from mnesis.text.guard.wellformed import wellformed
from mnesis.text.pack.greedy import greedy
from mnesis.text.parse.turns import turns
from mnesis.text.rank import chain
from mnesis.text.rank.newest import newest
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.text.rank.reserved import reserved
from mnesis.text.recipes import Recipe
from mnesis.text.tend.adaptive import adaptive
from mnesis.text.tend.promote import promote
from mnesis.text.use.strengthen import strengthen

REASONS = ("words", "vectors")


def salm() -> Recipe:
    """The recipe."""
    return Recipe(
        name="salm",
        guard=(wellformed(),),
        parse=turns(),
        decide=supersede(),
        find=(words(), vectors(), always(few=3)),
        rank=chain(reciprocal_rank(columns=REASONS), newest(), reserved()),
        pack=greedy(),
        use=(strengthen(top=3),),
        tend=(promote(), adaptive()),
    )
