"""Slot: Query, View, what is found so far -> candidates. A finder brings rows and says how well each fits.

Finders run in the order of the recipe and their candidates are joined (`words.union`); each writes a column of
reasons under its own name. A finder may look at what the earlier ones brought (`found`), for example to add the
turns beside them; it brings at most `query.limit` rows of its own, and may mark every one of theirs.
"""

from __future__ import annotations

from typing import Protocol

from mnesis.drive import Asking
from mnesis.store import View
from mnesis.words import Found, Query


class Find(Protocol):
    def __call__(self, query: Query, view: View, found: Found) -> Found | Asking[Found]: ...
