"""Everything said is kept; a controller says what of it is needed, and how fully.

Source: Bing Wang, Xinnian Liang, Jian Yang, Hui Huang, Shuangzhi Wu, Peihao Wu, Lu Lu, Zejun Ma, Zhoujun Li,
    Unleashing Infinite-Length Input Capacity for Large-scale Language Models with Self-Controlled Memory System, 2023.
    arXiv 2304.13343
Needs: nothing
Cost: one question for a long memory when it is kept, one for each recall
Differs: whether summaries are enough is told from the budget of the context and not asked.

The stream keeps every turn, and a summary of the long ones. A recall always has the last turns at hand (flash memory);
the controller says whether the archive is to be activated at all ("Thanks!" needs none of it), and activated memories
are ordered by how well they fit and how recent they are. Where they do not fit in full, the weaker ones are given by
their summaries.

>>> import mnesis
>>> space = mnesis.open(recipe="scm", embedder="none")
>>> _ = space.remember(["My locker code is 4711.", "The pool was full.", "I swam a mile.", "Then I had a tea."])
>>> [hit.text for hit in space.recall("Thanks, good night!")]
['Then I had a tea.', 'I swam a mile.']
"""

from __future__ import annotations

from mnesis.text.decide.summed import summed as with_summary
from mnesis.text.find.latest import latest
from mnesis.text.find.vectors import vectors
from mnesis.text.find.who import who
from mnesis.text.find.words import words
from mnesis.text.guard.wellformed import wellformed
from mnesis.text.pack.summed import summed
from mnesis.text.parse.turns import turns
from mnesis.text.rank import chain
from mnesis.text.rank.activated import activated
from mnesis.text.rank.evidence import evidence
from mnesis.text.rank.explained import explained
from mnesis.text.rank.meaning import meaning
from mnesis.text.rank.recency import recency
from mnesis.text.rank.reserved import reserved
from mnesis.text.recipes import Recipe


def scm() -> Recipe:
    """The recipe."""
    return Recipe(
        name="scm",
        guard=(wellformed(),),
        parse=turns(),
        decide=with_summary(),
        find=(words(), vectors(), who(), latest(2)),
        rank=activated(chain(explained(), meaning(), evidence(), recency(365.0, 0.2), reserved("latest", 0.1))),
        pack=summed(),
    )
