"""MemGAS: units of several granularities, chosen by how decided each is.

Source: Derong Xu, Yi Wen, Pengyue Jia, Yingyi Zhang, Wenlin Zhang, Yichao Wang, Huifeng Guo, Ruiming Tang, Xiangyu
    Zhao, Enhong Chen, Tong Xu, Towards Multi-Granularity Memory Association and Selection for Long-Term Conversational
    Agents, 2025. arXiv 2505.19549
Needs: nothing
Cost: `tend` asks two questions a session; a recall searches turns and units
Differs: units lead to the turns they rest on and are not shown themselves; the last filtering by a language model is
    left to whoever answers; see the parts.

>>> import mnesis
>>> space = mnesis.open(recipe="memgas", embedder="none")
>>> _ = space.remember(["We sailed to the island.", "The wind was strong."], session="s1")
>>> _ = space.tend()
>>> [hit.text for hit in space.recall("Where did we sail?")]
['We sailed to the island.', 'The wind was strong.']
"""

from __future__ import annotations

from mnesis.text.decide.append import append
from mnesis.text.find.granularities import granularities
from mnesis.text.guard.wellformed import wellformed
from mnesis.text.pack.greedy import greedy
from mnesis.text.parse.turns import turns
from mnesis.text.rank.router import router
from mnesis.text.recipes import Recipe
from mnesis.text.tend.units import units


def memgas() -> Recipe:
    """The recipe."""
    return Recipe(
        name="memgas",
        guard=(wellformed(),),
        parse=turns(),
        decide=append(),
        find=(granularities(),),
        rank=router(),
        pack=greedy(),
        tend=(units(),),
    )
