"""Bring the core memories, whatever the question is.

Source: Yu Wang, Xi Chen, MIRIX: Multi-Agent Memory System for LLM-Based Agents, 2025. arXiv 2507.07957
Needs: nothing
Cost: one look at the types of all memories
Differs: nothing.

Who the user is and what they always want matters to every answer and is asked for by none. Memories of type ``core``
are brought without being searched for: those of people the question names first, then the newest, at most `few`.
"""

from __future__ import annotations

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.store.terms import terms
from mnesis.text.find import Find
from mnesis.text.names import named
from mnesis.words import MEMORY_TYPES, NOTHING, Found, Query

CORE = MEMORY_TYPES.index("core")


def always(few: int = 6) -> Find:
    """A finder of core memories."""
    if few < 1:
        raise BadInput(f"few={few} leaves no core memory; give 1 or more.")

    def find(query: Query, view: View, found: Found) -> Found:
        if not terms(query.text):
            return NOTHING
        rows = view.alive()
        rows = rows[view.column("type", rows) == CORE]
        if not len(rows):
            return NOTHING
        people = [view.code(name) for name in named(query.text, frozenset(view.speakers()))]
        meant = np.isin(view.column("speaker", rows), people)
        kept = rows[np.lexsort((-rows, ~meant))][: min(few, query.limit)]
        column = np.ones(len(kept), np.float32)
        return Found(kept, column, {"always": column})

    return find
