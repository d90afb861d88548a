"""Leave out what is not true any more at the moment asked about.

Source: Richard T. Snodgrass, Ilsoo Ahn, Temporal Databases, 1986. doi 10.1109/MC.1986.1663327
Needs: nothing
Cost: one column of the candidates
Differs: of the two times of the paper only the end of validity is looked at; what was known when is `as_of`.

A memory whose validity has ended stays where it is, so that a question about its time (`valid_at`) finds it; such a
view holds nothing else anyway. Asked about the present it would only contradict what replaced it, so it goes. It
stands before the rankers whose work it spares.

>>> import mnesis
>>> from mnesis.text.recipes.verbatim import verbatim
>>> from mnesis.words import replace
>>> recipe = replace(verbatim(), rank=holding())
>>> space = mnesis.open(recipe=recipe, embedder="none")
>>> _ = space.remember("The key is under the mat.")
>>> len(space.recall("Where is the key?"))
1
"""

from __future__ import annotations

import numpy as np

from mnesis.store import View
from mnesis.text.rank import Rank
from mnesis.words import Found, Query


def holding() -> Rank:
    """Keep what holds at the query's `now`; everything, where the view is of a moment."""

    def rank(query: Query, found: Found, view: View) -> Found:
        if view.valid_at is not None or query.now is None or not len(found):
            return found
        holds = view.column("until", found.rows) > query.now.timestamp()
        return found if np.all(holds) else found.take(holds)

    return rank
