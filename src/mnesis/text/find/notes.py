"""Take notes while searching, search by them, stop when they stay the same.

Source: Wang, Zha, Yu, Zhao, Chen, Wang, Wang, Yan, Liu, Han, Liu and Sun, Retriever-and-Memory: Towards Adaptive
    Note-Enhanced Retrieval-Augmented Generation, 2024. arXiv 2410.08821
Needs: nothing
Cost: at most `rounds` word searches and two questions a round
Differs: without a language model the note is the sentences that say most of what the question still lacks, and the
    next search is made of the names in them that the question does not hold.

The best note so far is kept; each round searches for what it is missing, writes a new note of the old one and what was
found, and keeps the better of the two. When `patience` rounds bring nothing better, exploring stops: the paper's
"what to retrieve and when to stop". Memories that a kept note rests on are brought, the earliest highest.
"""

from __future__ import annotations

import numpy as np

from mnesis.drive import Asking, nobody, settled
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.store.terms import terms
from mnesis.text import ask
from mnesis.text.find import Find
from mnesis.text.question import content
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.words import NOTHING, Found, MemCube, Query

TAKEN = 0.6  # of the words of a memory that a note holds which rests on it


def notes(rounds: int = 4, patience: int = 1, seeds: int = 5, limit: int | None = None) -> Find:
    """A finder by notes: at most `rounds` searches, `patience` of them in a row without a better note."""
    if min(rounds, patience, seeds) < 1:
        raise BadInput("rounds, patience and seeds must each be at least 1.")

    def find(query: Query, view: View, found: Found) -> Asking[Found]:
        worth: dict[int, float] = {}
        note, wanted, idle = "", query.text, 0
        if not content(query.text):
            return NOTHING
        for turn in range(rounds):
            fresh = _searched(query, view, found, wanted, seeds, first=not turn, seen=set(worth))
            if not fresh:
                break
            texts = [cube.text for _, cube in fresh]
            better = yield ask.noted(query.text, note, texts)
            if better in (None, ask.NONE):
                break
            if better.strip() == note.strip():
                idle += 1
                if idle >= patience:
                    break
            else:
                said = set(terms(better))
                for row, cube in fresh:  # what the note took from a memory
                    held = set(terms(cube.text))
                    if held and len(held & said) >= TAKEN * len(held):
                        worth.setdefault(row, 1.0 / (1 + turn))
                note, idle = better, 0
            wanted = yield ask.lacking(query.text, note)
            if wanted in (None, ask.NONE):
                break
        if not worth:
            return NOTHING
        rows = np.array(sorted(worth), np.int64)
        column = np.array([worth[row] for row in rows.tolist()], np.float32)
        return Found(rows, column, {"notes": column}).best(limit or query.limit)

    return find


def _searched(
    query: Query, view: View, found: Found, wanted: str, most: int, first: bool, seen: set[int]
) -> list[tuple[int, MemCube]]:
    """The best memories that were not seen yet: at first those found so far, then by the words wanted."""
    if first and len(found):
        rows = settled(reciprocal_rank()(query, found, view), nobody).best(most).rows
    else:
        rows = view.words(content(wanted)).top(most + len(seen))[0]
    fresh = [row for row in rows.tolist() if row not in seen][:most]
    return list(zip(fresh, view.cubes(np.array(fresh, np.int64)), strict=False))
