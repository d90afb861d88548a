"""A view for remembering: it answers what a remember usually asks without bringing the shelf up to date.

Who spoke in the namespace and whether ids are new, the store itself can tell. Whatever else is asked for brings the
shelf, and from then on this is a view like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from mnesis.store.shelf import Shelf
from mnesis.store.view import Backing, ShelfView
from mnesis.words import Rows


class Glance(ShelfView):
    """See `store.Store.glance`; `bring` gives the shelf up to the latest commit."""

    def __init__(
        self, backing: Backing, namespace: str, model: str, speakers: Sequence[str], bring: Callable[[], Shelf]
    ) -> None:
        self.namespace = namespace
        self.model = model
        self._backing = backing
        self._speakers = tuple(speakers)
        self._bring = bring

    def __getattr__(self, name: str) -> Any:
        """Called where something was not found: what a view of a shelf has and this one has not yet."""
        if self._brought:
            raise AttributeError(f"A view has no attribute {name!r}.")
        shelf = self._bring()
        super().__init__(self._backing, shelf, shelf.commit, None)
        return getattr(self, name)

    @property
    def _brought(self) -> bool:
        return "_shelf" in self.__dict__

    def rows(self, ids: Sequence[str]) -> Rows:
        if not self._brought and not self._backing.read_keys(self.namespace, ids):
            return np.full(len(ids), -1, np.int64)
        return super().rows(ids)

    def speakers(self) -> tuple[str, ...]:
        return super().speakers() if self._brought else self._speakers
