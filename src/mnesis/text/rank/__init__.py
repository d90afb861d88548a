"""Slot: Query, candidates, View -> candidates. A ranker gives a new order; it may drop but never invents.

`chain` runs rankers one after the other. Scores only order the candidates of one recall; they are not comparable
between recalls unless a ranker says so.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Protocol

from mnesis.drive import Asking, through
from mnesis.store import View
from mnesis.words import Found, Query


class Rank(Protocol):
    def __call__(self, query: Query, found: Found, view: View) -> Found | Asking[Found]: ...


def chain(*rankers: Rank) -> Rank:
    """Rankers one after the other, as one ranker; it asks where one of them does."""

    def chained(query: Query, found: Found, view: View) -> Found | Asking[Found]:
        for n, rank in enumerate(rankers):
            made = rank(query, found, view)
            if isinstance(made, Generator):
                return rest(made, n + 1, query, view)
            found = made
        return found

    def rest(asking: Asking[Found], start: int, query: Query, view: View) -> Asking[Found]:
        found = yield from asking
        for rank in rankers[start:]:
            found = yield from through(rank(query, found, view))
        return found

    return chained
