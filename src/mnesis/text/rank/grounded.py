"""Of the first places only a share goes to what was made of other memories.

Source: mnesis, 2026.
Needs: nothing
Cost: the types of the candidates
Differs: nothing.

A summary shares words with every question about its subject, and many of them would push out what was said. Semantic
memories beyond `share` of the `k` places asked for (at least one) stand behind everything else, in their order.
"""

from __future__ import annotations

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.rank import Rank
from mnesis.words import MEMORY_TYPES, Found, Query

SEMANTIC = MEMORY_TYPES.index("semantic")


def grounded(share: float = 0.3) -> Rank:
    """Leave at least 1 - `share` of the places to what was told; it stands last."""
    if not 0 <= share <= 1:
        raise BadInput(f"share={share} must lie between 0 (one place for what was made) and 1 (any number).")

    def rank(query: Query, found: Found, view: View) -> Found:
        found = found.best()
        made = view.column("type", found.rows) == SEMANTIC
        late = made & (np.cumsum(made) > max(1, int(share * query.k)))
        if not late.any() or late.all():
            return found
        drop = float(found.score.max()) - float(found.score.min()) + 1.0
        return found.scored(found.score - np.float32(drop) * late).best()

    return rank
