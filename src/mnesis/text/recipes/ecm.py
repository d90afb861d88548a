"""ECM: a state of mind and a vocabulary of emotions choose what is said.

Source: Hao Zhou, Minlie Huang, Tianyang Zhang, Xiaoyan Zhu, Bing Liu, Emotional Chatting Machine: Emotional
    Conversation Generation with Internal and External Memory, 2017. arXiv 1704.01074
Needs: nothing
Cost: one question ("emotion") a recall; eight numbers are kept after a recall that stirs or spends the state
Differs: it chooses among memories and generates nothing; see the parts.

>>> import mnesis
>>> space = mnesis.open(recipe="ecm", embedder="none")
>>> _ = space.remember(["The trip was long.", "The trip made me furious and angry."])
>>> space.recall("Tell me of the trip")[0].text
'The trip was long.'
>>> _ = space.recall("I am so angry!")
>>> space.recall("Tell me of the trip")[0].text
'The trip made me furious and angry.'
"""

from __future__ import annotations

from mnesis.text.decide.append import append
from mnesis.text.find.vectors import vectors
from mnesis.text.find.words import words
from mnesis.text.guard.wellformed import wellformed
from mnesis.text.pack.greedy import greedy
from mnesis.text.parse.turns import turns
from mnesis.text.rank import chain
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.text.rank.stirred import stirred
from mnesis.text.recipes import Recipe
from mnesis.text.use.feel import feel


def ecm(half_life: float = 6.0) -> Recipe:
    """The recipe; half of the state of mind is gone after `half_life` hours."""
    return Recipe(
        name="ecm",
        guard=(wellformed(),),
        parse=turns(),
        decide=append(),
        find=(words(), vectors()),
        rank=chain(reciprocal_rank(), stirred(half_life=half_life)),
        pack=greedy(),
        use=(feel(half_life=half_life),),
    )
