"""A small memory for tests of the parts: what is told is committed to a real store and seen through a real view."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from mnesis.store.ram import RamStore
from mnesis.store.view import ShelfView
from mnesis.text.when import mentions
from mnesis.words import Add, Change, Event, Found, MemCube, moment


@dataclass
class World:
    """One namespace of a store in memory."""

    namespace: str = "test"
    store: RamStore = field(default_factory=RamStore)
    told: int = 0

    def cube(self, text: str, speaker: str = "", at: str | None = None, session: str = "", **more: Any) -> MemCube:
        """A cube as a parser makes it, with an event and a source of its own."""
        self.told += 1
        name, when = more.pop("id", f"c{self.told}"), moment(at)
        dates = [[each.start, each.end] for each in mentions(text, when)]
        meta = {"dates": dates} if dates else {}
        given = {"events": (f"e-{name}",), "sources": (f"s-{name}",), "valid_from": when, "meta": meta, **more}
        return MemCube(name, text, self.namespace, speaker=speaker, session=session, **given)

    def tell(self, text: str, speaker: str = "", at: str | None = None, session: str = "", **more: Any) -> MemCube:
        """Commit one cube as it is."""
        cube = self.cube(text, speaker, at, session, **more)
        event = Event(text, speaker, cube.valid_from, cube.sources[0] if cube.sources else "", session)
        object.__setattr__(event, "id", cube.events[0] if cube.events else f"e-{cube.id}")
        self.commit([Add(cube, event)])
        return cube

    def commit(self, changes: Sequence[Change]) -> None:
        """Commit changes, if there are any."""
        if changes:
            now = datetime(2026, 1, 1, tzinfo=UTC)
            self.store.commit(list(changes), author="test", reason="", at=now, namespace=self.namespace)

    @property
    def view(self) -> ShelfView:
        """What stands now."""
        return self.store.view(self.namespace)

    def texts(self) -> list[str]:
        """The texts that stand, oldest first."""
        return [cube.text for cube in self.view.cubes(self.view.alive())]

    def found(self, score: Sequence[float], **why: Sequence[float]) -> Found:
        """The first cubes as candidates with these scores and columns."""
        columns = {name: np.array(column, np.float32) for name, column in why.items()}
        return Found(np.arange(len(score)), np.array(score, np.float32), columns)

    def read(self, found: Found) -> list[str]:
        """The texts of candidates, in their order."""
        return [cube.text for cube in self.view.cubes(found.rows)]


MakeWorld = Callable[[], World]


@pytest.fixture
def world() -> World:
    """An empty memory."""
    return World()
