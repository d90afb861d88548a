"""RMM: topics summed up ahead, and a reranker that learns from what answers cite.

Source: Zhen Tan, Jun Yan, I-Hung Hsu, Rujun Han, Zifeng Wang, Long T. Le, Yiwen Song, Yanfei Chen, Hamid Palangi,
    George Lee, Anand Iyer, Tianlong Chen, Huan Liu, Chen-Yu Lee, Tomas Pfister, In Prospect and Retrospect: Reflective
    Memory Management for Long-term Personalized Dialogue Agents, 2025. arXiv 2503.08026
Needs: nothing
Cost: as plain hybrid search; `tend` asks one or two questions a topic, each citation keeps some 3 kB
Differs: turns are found by themselves too, not only through their topic; see the parts for what they do otherwise.

`tend` is the reflection ahead: it puts sessions away topic by topic. `cite` is the reflection back: told which memories
an answer rested on, the reranker moves those up for questions like it.

>>> import mnesis
>>> space = mnesis.open(recipe="rmm", embedder="none")
>>> _ = space.remember(["The boat has a new engine.", "Tom sold the boat."])
>>> hits = space.recall("What about the boat?")
>>> for _ in range(5):
...     _ = space.cite("What about the boat?", hits[-1:])
>>> space.recall("What about the boat?")[0].text == hits[-1].text
True
"""

from __future__ import annotations

from mnesis.text.decide.append import append
from mnesis.text.find.members import members
from mnesis.text.find.vectors import vectors
from mnesis.text.find.words import words
from mnesis.text.guard.wellformed import wellformed
from mnesis.text.pack.greedy import greedy
from mnesis.text.parse.turns import turns
from mnesis.text.rank import chain
from mnesis.text.rank.adapted import adapted
from mnesis.text.rank.grounded import grounded
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.text.recipes import Recipe
from mnesis.text.tend.ongoing_topics import ongoing_topics
from mnesis.text.use.adapt import adapt


def rmm() -> Recipe:
    """The recipe."""
    return Recipe(
        name="rmm",
        guard=(wellformed(),),
        parse=turns(),
        decide=append(),
        find=(words(), vectors(), members()),
        rank=chain(reciprocal_rank(), grounded(), adapted()),
        pack=greedy(),
        tend=(ongoing_topics(),),
        use=(adapt(),),
    )
