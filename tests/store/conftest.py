"""The stores under contract: a new store joins by a line in `STORES` and one in `PLACES`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mnesis.store.ram import RamStore
from mnesis.store.sqlite import SqliteStore

AnyStore = RamStore | SqliteStore
STORES: dict[str, Callable[[Path], AnyStore]] = {
    "ram": lambda folder: RamStore(),
    "sqlite": lambda folder: SqliteStore(folder / "space.mnesis"),
}
# What `Space` is opened with for each; a place that keeps nothing cannot be opened again.
PLACES: dict[str, Callable[[Path], str | Path]] = {
    "ram": lambda folder: ":memory:",
    "sqlite": lambda folder: folder / "space.mnesis",
}


@pytest.fixture(params=sorted(STORES))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AnyStore]:
    """An empty store of each kind, for vectors of four numbers."""
    made = STORES[request.param](tmp_path)
    made.record(embedder="test", dim="4")
    yield made
    made.close()


@pytest.fixture(params=sorted(STORES))
def make_store(request: pytest.FixtureRequest) -> Callable[[Path], AnyStore]:
    """What makes a store of each kind in a folder."""
    return STORES[request.param]


@pytest.fixture(params=sorted(PLACES))
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    """Where a space of each kind lies."""
    return PLACES[request.param](tmp_path)


@pytest.fixture(params=sorted(PLACES))
def at_place(request: pytest.FixtureRequest) -> Callable[[Path], str | Path]:
    """Where a space of each kind lies in a folder, for tests that make many."""
    return PLACES[request.param]
