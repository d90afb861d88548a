"""Personalised AGI: a fast memory, a slow one, and ties that grow and are pruned.

Source: Rajeev Gupta, Suhani Gupta, Ronak Parikh, Divya Gupta, Amir Javaheri, Jairaj Singh Shaktawat, Personalized
    Artificial General Intelligence (AGI) via Neuroscience-Inspired Continuous Learning Systems, 2025. arXiv 2504.20109
Needs: nothing
Cost: tending asks a question a day with something new; a recall writes
Differs: the paper describes an architecture; its modules are the tiers of a text memory here, its synapses are links.

The fast module keeps every turn at once. The slow one grows when it rests (`tend`): days are consolidated, and what is
used becomes lasting. Memories used together are tied (Hebb), each by few ties (a sparse code), and ties nobody uses
are pruned; a recall follows them.

>>> import mnesis
>>> space = mnesis.open(recipe="personal_agi", embedder="none")
>>> _ = space.remember(["The boat is moored in Horta.", "Horta has a blue cafe."])
>>> _ = space.recall("Where is the boat moored, in Horta?")
>>> [commit.changes[0]["link"]["kind"] for commit in space.tend() if "link" in commit.changes[0]]
['together']
"""

from __future__ import annotations

from mnesis.text.decide.append import append
from mnesis.text.find.linked import linked
from mnesis.text.find.vectors import vectors
from mnesis.text.find.words import words
from mnesis.text.guard.wellformed import wellformed
from mnesis.text.pack.greedy import greedy
from mnesis.text.parse.turns import turns
from mnesis.text.rank import chain
from mnesis.text.rank.behind import behind
from mnesis.text.rank.once import once
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.text.recipes import Recipe
from mnesis.text.tend.days import days
from mnesis.text.tend.hebbian import hebbian
from mnesis.text.tend.promote import promote
from mnesis.text.use.strengthen import strengthen

REASONS = ("words", "vectors")


def personal_agi() -> Recipe:
    """The recipe."""
    return Recipe(
        name="personal_agi",
        guard=(wellformed(),),
        parse=turns(),
        decide=append(type="working"),
        find=(words(), vectors(), linked(("together",))),
        rank=chain(reciprocal_rank(columns=REASONS), behind("linked", after=5), once()),
        pack=greedy(),
        use=(strengthen(top=4),),
        tend=(days(), hebbian(), promote()),
    )
