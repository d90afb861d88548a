"""Gather evidence in a pool until it is complete, each search asking for the gap.

Source: Li, Shi, Zhou, Wei, Yang, Jin and Yang, Retrieval Feedback Memory Enhancement Large Model Retrieval Generation
    Method, 2025. arXiv 2508.17862
Needs: nothing
Cost: at most `rounds` word searches and two questions a round
Differs: the feedback model that judges completeness is a question to a mind; without one the pool is complete when it
    covers the words of the question that anybody wrote, and the gap is said by the relations of the evidence.

Rounds of a usual iterative search forget each other. Here what was found stays in a pool, as relations; the next query
is made of the relation whose end nothing in the pool tells about and of the words that are not covered yet; and
gathering ends when the evidence is judged complete or nothing new comes. Everything in the pool is brought.
"""

from __future__ import annotations

import numpy as np

from mnesis.drive import Asking, nobody, settled
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text import ask
from mnesis.text.find import Find
from mnesis.text.question import content
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.words import NOTHING, Found, MemCube, Query


def pool(rounds: int = 4, seeds: int = 4, limit: int | None = None) -> Find:
    """A finder by a pool of evidence: at most `rounds` searches of `seeds` memories each."""
    if min(rounds, seeds) < 1:
        raise BadInput(f"rounds={rounds} and seeds={seeds} must both be at least 1.")

    def find(query: Query, view: View, found: Found) -> Asking[Found]:
        if not content(query.text):
            return NOTHING
        held: dict[int, tuple[int, MemCube]] = {}
        wanted = query.text
        for turn in range(rounds):
            if not turn and len(found):
                rows = settled(reciprocal_rank()(query, found, view), nobody).best(seeds).rows
            else:
                rows = view.words(content(wanted)).top(seeds + len(held))[0]
            fresh = [row for row in rows.tolist() if row not in held][:seeds]
            if not fresh:
                break
            held.update((row, (turn, cube)) for row, cube in zip(fresh, view.cubes(np.array(fresh)), strict=False))
            evidence = [f"{cube.speaker}: {cube.text}" if cube.speaker else cube.text for _, cube in held.values()]
            if (yield ask.complete(query.text, evidence)):
                break
            wanted = yield ask.gap(query.text, evidence)
            if wanted in (None, ask.NONE):
                break
        if not held:
            return NOTHING
        column = np.array([1.0 / (1 + turn) for turn, _ in held.values()], np.float32)
        return Found(np.array(list(held), np.int64), column, {"pool": column}).best(limit or query.limit)

    return find
