"""Facts become scenes, scenes a persona, and both are put right from the facts.

Source: Wenyu Mao, Haosong Tan, Shuchang Liu, Haoyang Liu, Yifan Xu, Huaxiang Ji, Xiang Wang, Bi-Mem: Bidirectional
    Construction of Hierarchical Memory for Personalized LLMs via Inductive-Reflective Agents, 2026. arXiv 2601.06490
Needs: nothing
Cost: when tending, a few questions for each scene and person that new facts touch; a recall reads the links around it
Differs: facts are what was said, word for word; scenes grow fact by fact.

Construction runs both ways when the space is tended: upwards facts are gathered into scenes and scenes into who each
person is, downwards every claim of a scene is held against the facts and against the persona (`text.tend.scenes`).
A recall runs both ways too: activation spreads from the facts that match to their scenes and to the facts beside them
there. Scenes and personas take a few of the last places, so they never stand in front of what was said.

>>> import mnesis
>>> space = mnesis.open(recipe="bi_mem", embedder="none")
>>> told = ["I planted tomatoes in the garden.", "The tomatoes in the garden are ripe."]
>>> _ = space.remember(told, speaker="Ana"), space.tend()
>>> [cube.meta["level"] for cube in space.cubes() if cube.parents]
['persona', 'scene']
"""

from __future__ import annotations

from mnesis.text.decide.append import append
from mnesis.text.find.spreading import spreading
from mnesis.text.find.vectors import vectors
from mnesis.text.find.who import who
from mnesis.text.find.words import words
from mnesis.text.guard.wellformed import wellformed
from mnesis.text.pack.by_type import by_type
from mnesis.text.parse.turns import turns
from mnesis.text.rank import chain
from mnesis.text.rank.evidence import evidence
from mnesis.text.rank.explained import explained
from mnesis.text.rank.lifted import lifted
from mnesis.text.rank.meaning import meaning
from mnesis.text.rank.reserved import reserved
from mnesis.text.rank.said_first import said_first
from mnesis.text.recipes import Recipe
from mnesis.text.tend.scenes import scenes


def bi_mem() -> Recipe:
    """The recipe."""
    return Recipe(
        name="bi_mem",
        guard=(wellformed(),),
        parse=turns(),
        decide=append(),
        find=(words(), vectors(), who(), spreading()),
        rank=chain(explained(), meaning(), evidence(), lifted(share=0.1), said_first(), reserved("made")),
        pack=by_type(),
        tend=(scenes(),),
    )
