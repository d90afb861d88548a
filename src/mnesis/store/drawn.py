"""The links of a namespace as columns, filled from the store when somebody first asks and then as they are drawn.

A graph algorithm wants arrays and not one query a node. Every link is a row: who (two numbers of names), of which
kind, how heavy, when it was true and between which commits it stood; so one set of columns serves every view.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

FOREVER = np.iinfo(np.int64).max
TYPES: Mapping[str, Any] = {
    "head": np.int32, "tail": np.int32, "kind": np.int16, "weight": np.float32,
    "since": np.float64, "until": np.float64, "born": np.int64, "died": np.int64, "key": np.int64,
}  # fmt: skip


class Row(NamedTuple):
    """One link as a store keeps it; `key` grows with every link."""

    key: int
    head: str
    tail: str
    kind: str
    weight: float
    since: float | None
    until: float | None
    born: int
    died: int | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """The links of a view, in the order they were drawn: `head` and `tail` [E] are numbers of `names`, `kind` [E] of
    `kinds`. `names` may hold more than these links use (and grow behind `size`). What is derived of these links may be
    left in `kept`, what is derived of the names alone in `memo`, which later views of the namespace find again."""

    names: Sequence[str]
    index: Mapping[str, int]
    kinds: tuple[str, ...]
    size: int
    head: NDArray[np.int32]
    tail: NDArray[np.int32]
    kind: NDArray[np.int16]
    weight: NDArray[np.float32]
    kept: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.head)

    def of_kind(self, *kinds: str) -> NDArray[np.bool_]:
        """bool [E]: which links are of one of these kinds."""
        codes = [code for code, name in enumerate(self.kinds) if name in kinds]
        return np.isin(self.kind, codes)


class Drawing:
    """The columns of one namespace; the store fills them under `lock`."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.names: list[str] = []
        self.index: dict[str, int] = {}
        self.kinds: list[str] = []
        self.columns: dict[str, NDArray[Any]] = {name: np.zeros(0, kind) for name, kind in TYPES.items()}
        self.commit = 0
        self.last = 0  # the greatest key
        self.seen = 0  # how many links of all namespaces were looked at
        self.memo: dict[str, Any] = {}
        self._whole: Drawn | None = None

    def extend(self, rows: Iterable[Row], commit: int) -> None:
        """Take in links drawn since, up to a commit."""
        self.commit = max(self.commit, commit)
        fresh: list[tuple[Any, ...]] = []
        for row in rows:
            if row.kind not in self.kinds:
                self.kinds.append(row.kind)
            fresh.append(
                (
                    self._number(row.head), self._number(row.tail), self.kinds.index(row.kind), row.weight,
                    -np.inf if row.since is None else row.since, np.inf if row.until is None else row.until,
                    row.born, FOREVER if row.died is None else row.died, row.key,
                )
            )  # fmt: skip
        if not fresh:
            return
        self.last = max(self.last, fresh[-1][-1])
        self._whole = None
        for (name, kind), values in zip(TYPES.items(), zip(*fresh, strict=True), strict=True):
            self.columns[name] = np.concatenate([self.columns[name], np.array(values, kind)])

    def end(self, died: Mapping[int, int]) -> None:
        """Note at which commit links (by key) were taken away."""
        if died:
            self._whole = None
            column = self.columns["died"].copy()
            column[np.searchsorted(self.columns["key"], list(died))] = list(died.values())
            self.columns["died"] = column

    def _number(self, name: str) -> int:
        found = self.index.get(name)
        if found is None:
            found = self.index[name] = len(self.names)
            self.names.append(name)
        return found

    def at(self, commit: int, valid_at: datetime | None = None) -> Drawn:
        """What stood at a commit and was true at a moment."""
        columns = self.columns
        stood = (columns["born"] <= commit) & (columns["died"] > commit)
        if valid_at is not None:
            moment = valid_at.timestamp()
            stood &= (columns["since"] <= moment) & (columns["until"] > moment)
        latest = commit >= self.commit and valid_at is None
        if latest and self._whole is not None:
            return self._whole
        if not stood.all():
            columns = {name: columns[name][stood] for name in ("head", "tail", "kind", "weight")}
        drawn = Drawn(
            self.names, self.index, tuple(self.kinds), len(self.names),
            columns["head"], columns["tail"], columns["kind"], columns["weight"], memo=self.memo,
        )  # fmt: skip
        if latest:
            self._whole = drawn
        return drawn


__all__ = ["Drawing", "Drawn", "Row"]
