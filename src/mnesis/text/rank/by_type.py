"""Memories of the types a question asks for come before others that fit as well.

Source: Yiming Du, Hongru Wang, Zhengyi Zhao, Bin Liang, Baojun Wang, Wanjun Zhong, Zezhong Wang, Kam-Fai Wong, PerLTQA:
    A Personal Long-Term Memory Dataset for Memory Classification, Retrieval, and Synthesis in Question Answering, 2024.
    arXiv 2402.16288
Needs: nothing
Cost: one question ("wanted_types"); a rule answers it without a model
Shapes: score [N] -> score [N]
Differs: the paper weighs by the probabilities of a trained classifier; here by the order in which types are named.

"How do I descale the kettle?" asks for a procedure, "When did we meet?" for an episode, "Who is Tom?" for what is
known. The question is classified as memories are, and candidates of the type named first gain `share` of their score,
those of the next half of that, and so on; nothing is dropped.
"""

from __future__ import annotations

import numpy as np

from mnesis.drive import Asking
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.ask import wanted_types
from mnesis.text.rank import Rank
from mnesis.words import MEMORY_TYPES, Found, Query


def by_type(share: float = 0.2) -> Rank:
    """Weigh by memory type; it stands behind the rankers that score."""
    if share < 0:
        raise BadInput(f"share={share} cannot be below 0; 0 leaves the order as it is.")

    def rank(query: Query, found: Found, view: View) -> Asking[Found]:
        if not len(found):
            return found
        wanted = yield wanted_types(query.text)
        fits = np.zeros(len(found), np.float32)
        types = view.column("type", found.rows)
        for place, name in enumerate(dict.fromkeys(wanted or ())):
            fits = np.maximum(fits, np.where(types == MEMORY_TYPES.index(name), np.float32(0.5**place), 0))
        if not fits.any():
            return found.best()
        scale = np.maximum(found.score, 0) * (1 + share * fits)
        return found.scored(np.where(found.score > 0, scale, found.score), by_type=fits.astype(np.float32)).best()

    return rank
