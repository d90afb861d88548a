"""What one finder brought by association adds to the score.

Source: Wenyu Mao, Haosong Tan, Shuchang Liu, Haoyang Liu, Yifan Xu, Huaxiang Ji, Xiang Wang, Bi-Mem: Bidirectional
    Construction of Hierarchical Memory for Personalized LLMs via Inductive-Reflective Agents, 2026. arXiv 2601.06490
Needs: nothing
Cost: linear in candidates
Shapes: column [N] -> score [N]
Differs: the paper hands what was evoked over beside what was matched; here both have places in one order.

A memory that was called to mind by those that match shares no words with the question and would be ranked below every
chance match. It gains `share` of the best score there is, times its value in `column` (0..1).
"""

from __future__ import annotations

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.rank import Rank
from mnesis.words import Found, Query


def lifted(column: str = "spreading", share: float = 0.3) -> Rank:
    """Add a column to the score; it stands behind the rankers that score."""
    if share < 0:
        raise BadInput(f"share={share} cannot be below 0; 0 leaves the order as it is.")

    def rank(query: Query, found: Found, view: View) -> Found:
        if column not in found.why or not len(found):
            return found.best()
        gain = share * max(0.0, float(found.score.max())) * np.clip(found.column(column), 0, 1)
        return found.scored((found.score + gain).astype(np.float32)).best()

    return rank
