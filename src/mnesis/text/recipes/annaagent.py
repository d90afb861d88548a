"""AnnaAgent: three stores across sessions, and a feeling that goes on.

Source: Ming Wang, Peidong Wang, Lin Wu, Xiaocui Yang, Daling Wang, Shi Feng, Yuxin Chen, Bixuan Wang, Yifei Zhang,
    AnnaAgent: Dynamic Evolution Agent System with Multi-Session Memory for Realistic Seeker Simulation, 2025.
    arXiv 2506.00551
Needs: nothing
Cost: one question ("emotion") a turn; `tend` asks two a session
Differs: it remembers for somebody instead of playing them; see the parts.

What was said last is always at hand (real time), a note says how the last ones left the speaker (short term), and
everything ever said can be searched (long term).

>>> import mnesis
>>> space = mnesis.open(recipe="annaagent", embedder="none")
>>> _ = space.remember(["I cried all week, so sad.", "My sister does not call."], session="1", at="2026-01-05")
>>> _ = space.remember("Today I feel so happy and glad!", session="2", at="2026-01-12")
>>> _ = space.tend()
>>> hits = space.recall("How are things?")
>>> max(hits, key=lambda hit: hit.why.get("lately", 0)).cube.mood
'joy'
"""

from __future__ import annotations

from mnesis.text.decide.append import append
from mnesis.text.find.status import status as lately
from mnesis.text.find.vectors import vectors
from mnesis.text.find.words import words
from mnesis.text.guard.wellformed import wellformed
from mnesis.text.pack.greedy import greedy
from mnesis.text.parse.felt import felt
from mnesis.text.rank import chain
from mnesis.text.rank.grounded import grounded
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.text.rank.reserved import reserved
from mnesis.text.recipes import Recipe
from mnesis.text.tend.status import status


def annaagent() -> Recipe:
    """The recipe."""
    return Recipe(
        name="annaagent",
        guard=(wellformed(),),
        parse=felt(),
        decide=append(),
        find=(words(), vectors(), lately()),
        rank=chain(reciprocal_rank(columns=("words", "vectors")), grounded(), reserved("status", 0.2)),
        pack=greedy(),
        tend=(status(),),
    )
