"""Slot: Query, candidates, View -> candidates. A ranker gives a new order; it may drop but never invents.

`chain` runs rankers one after the other. Scores only order the candidates of one recall; they are not comparable
between recalls unless a ranker says so.
"""

from __future__ import annotations

from typing import Protocol

from mnesis.store import View
from mnesis.words import Found, Query


class Rank(Protocol):
    def __call__(self, query: Query, found: Found, view: View) -> Found: ...


def chain(*rankers: Rank) -> Rank:
    """Rankers one after the other, as one ranker."""

    def chained(query: Query, found: Found, view: View) -> Found:
        for rank in rankers:
            found = rank(query, found, view)
        return found

    return chained
