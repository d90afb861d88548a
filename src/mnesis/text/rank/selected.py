"""Select the memories that together say most of what was asked.

Source: Wang, Li, Jiang, Tu and Shi, Crafting Personalized Agents through Retrieval-Augmented Generation on Editable
    Memory Graphs, 2024. arXiv 2409.19401
Needs: nothing
Cost: one comparison a candidate and place, among the first `among`
Shapes: score [N] -> score [N]
Differs: the selector is greedy and exact about what it counts, where the paper's is trained by reinforcement; it orders
    and drops nothing.

The best candidate comes first; each next one is the one that adds most: its own score, and the words of the question
that those before it do not have. A memory that repeats what is there already waits. What was asked in two parts is
answered by two memories, not by two about the first part.
"""

from __future__ import annotations

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.question import of_view
from mnesis.text.rank import Rank
from mnesis.words import Found, Query


def selected(adds: float = 0.3, among: int = 40) -> Rank:
    """Order by what each adds; `adds` is what covering all that is lacking counts beside a score of 1."""
    if adds < 0 or among < 1:
        raise BadInput(f"adds={adds} cannot be below 0, nor among={among} below 1.")

    def rank(query: Query, found: Found, view: View) -> Found:
        found = found.best()
        first = found.take(slice(among))
        asked = of_view(query.text, view)
        if len(first) < 2 or not asked:
            return found
        match = view.words(asked)
        held = match.saturation(first.rows) * (match.idf / max(float(match.idf.sum()), 1e-9))
        scale = max(float(np.abs(first.score).max()), 1e-9)
        covered = np.zeros(held.shape[1], np.float32)
        left = list(range(len(first)))
        order = []
        while left:
            gain = np.maximum(held[left] - covered, 0).sum(axis=1) * adds + first.score[left] / scale
            best = left.pop(int(np.argmax(gain)))
            covered = np.maximum(covered, held[best])
            order.append(best)
        ordered = found.take(np.array([*order, *range(len(first), len(found))]))
        # Scores say the order: each is as good as it was, or a little less than the one before it.
        score = np.minimum.accumulate(ordered.score.astype(np.float64))
        falling = score - np.arange(len(score)) * 1e-6 * scale
        return ordered.scored(falling.astype(np.float32), selected=np.linspace(1, 0, len(score), dtype=np.float32))

    return rank
