"""LongMemEval: rounds as values, facts as keys, questions expanded in time.

Source: Di Wu, Hongwei Wang, Wenhao Yu, Yuwei Zhang, Kai-Wei Chang, Dong Yu, LongMemEval: Benchmarking Chat Assistants
    on Long-Term Interactive Memory, 2024. arXiv 2410.10813
Needs: nothing
Cost: one question a round, one a recall that names a time
Differs: a round told turn by turn stays two memories, found together because each brings the one beside it; time ranks
    instead of filtering; rules answer where no language model is asked. The reader's notes are up to who reads.

The best of the paper's combinations: sessions decomposed into rounds (a question with its answer), keys expanded by the
facts a round states, and the search told which days are meant.

>>> import mnesis
>>> space = mnesis.open(recipe="longmemeval", embedder="none")
>>> _ = space.remember("Q: Which boat?\\nA: The blue one.\\nQ: And when?\\nA: On Sunday.", at="2026-03-02")
>>> [hit.text for hit in space.recall("Which boat was it?", k=1)]
['Q: Which boat?\\nA: The blue one.']
"""

from __future__ import annotations

from mnesis.text.decide.keyed import keyed
from mnesis.text.find.expanded import expanded
from mnesis.text.find.neighbours import neighbours
from mnesis.text.find.vectors import vectors
from mnesis.text.find.who import who
from mnesis.text.find.words import words
from mnesis.text.guard.wellformed import wellformed
from mnesis.text.pack.by_time import by_time
from mnesis.text.parse.exchanges import exchanges
from mnesis.text.rank import chain
from mnesis.text.rank.behind import behind
from mnesis.text.rank.newest import newest
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.text.recipes import Recipe

REASONS = ("words", "vectors", "who", "expanded")


def longmemeval() -> Recipe:
    """The recipe."""
    return Recipe(
        name="longmemeval",
        guard=(wellformed(),),
        parse=exchanges(),
        decide=keyed(),
        find=(words(), vectors(), neighbours(reach=1), who(), expanded()),
        rank=chain(reciprocal_rank(columns=REASONS), behind("neighbours"), newest()),
        pack=by_time(),
    )
