"""The best composition of parts we know that needs no language model.

Source: mnesis, 2026.
Needs: nothing
Cost: one word search, one vector search where there is an embedder, one pass over some 400 candidates
Differs: nothing.

Every turn is kept word for word. A question is searched by words and by meaning, the turns beside the best hits are
added, the people and days it names are marked. Candidates are then weighed by how much of the question they explain
together with their neighbours, by meaning, time and speaker, and of two that say nearly the same the newer comes
first. It is the same for chats, logs and documents; signs that do not apply add nothing.

>>> import mnesis
>>> space = mnesis.open(embedder="none")
>>> _ = space.remember("I moved to Lisbon.", speaker="Ana", at="2026-03-02")
>>> _ = space.remember("The weather is lovely.", speaker="Tom", at="2026-03-02")
>>> space.recall("Where did Ana move?")[0].text
'I moved to Lisbon.'
"""

from __future__ import annotations

from mnesis.text.decide.append import append
from mnesis.text.find.neighbours import neighbours
from mnesis.text.find.time_window import time_window
from mnesis.text.find.vectors import vectors
from mnesis.text.find.who import who
from mnesis.text.find.words import words
from mnesis.text.guard.suspicious import suspicious
from mnesis.text.guard.wellformed import wellformed
from mnesis.text.pack.greedy import greedy
from mnesis.text.parse.turns import turns
from mnesis.text.rank import chain
from mnesis.text.rank.evidence import evidence
from mnesis.text.rank.explained import explained
from mnesis.text.rank.meaning import meaning
from mnesis.text.rank.newest import newest
from mnesis.text.recipes import Recipe
from mnesis.text.tend.dedupe import dedupe


def default() -> Recipe:
    """The recipe."""
    return Recipe(
        name="default",
        guard=(wellformed(), suspicious()),
        parse=turns(),
        decide=append(),
        find=(words(), vectors(), neighbours(reach=2, seeds=60), who(), time_window()),
        rank=chain(explained(), meaning(), evidence(), newest()),
        pack=greedy(),
        tend=(dedupe(),),
    )
