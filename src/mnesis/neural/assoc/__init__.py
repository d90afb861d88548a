"""Slot: patterns, cues -> patterns. An associative memory gives a pattern back from a part of it or a noisy copy.

Patterns are rows of X [n, d]; what is unknown of a cue is NaN. ``fit(X)`` begins anew, ``partial_fit(X)`` adds,
``recall(cues)`` completes, ``forget(X)`` takes out what is named and leaves the rest, ``capacity()`` says how full it
is. Options are the constructor's, read and changed with ``get_params`` and ``set_params``; everything learned lies in
``state_``, a flat dict of arrays, so ``numpy.savez(path, **memory.state_)`` saves a memory and ``load`` brings it back.
Chance comes from the option `seed` alone. A pattern stored again is stored once.

A memory implements `begin` (the empty state), `store`, `complete`, `remove` and `limit`; rows have been checked before
they get there. `kind` says what its patterns are made of: real numbers, zeros and ones, or symbols (0, 1, 2, …).
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mnesis.errors import BadInput, UnknownName
from mnesis.neural.assoc._patterns import Array, Kind, checked, drawn

State = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Capacity:
    """How full a memory is: patterns in it, about how many random ones it can hold, and the bytes of its state.

    `because` says where the limit comes from; it is infinite where every pattern gets a place of its own.
    """

    stored: int
    limit: float
    bytes: int
    because: str

    @property
    def load(self) -> float:
        """The share of the limit that is used."""
        return 0.0 if math.isinf(self.limit) else self.stored / self.limit


@dataclass
class Memory(ABC):
    kind: ClassVar[Kind] = "real"

    state_: State = field(init=False, default_factory=dict, repr=False, compare=False)

    @abstractmethod
    def begin(self, features: int) -> State:
        """The state before the first pattern."""

    @abstractmethod
    def store(self, patterns: Array) -> None:
        """Learn these rows, one after the other."""

    @abstractmethod
    def complete(self, cues: Array) -> Array:
        """The pattern each cue brings back; the state stays as it is."""

    @abstractmethod
    def remove(self, patterns: Array) -> None:
        """Take these rows out; a row that is not stored is an error (`absent`)."""

    @abstractmethod
    def count(self) -> int:
        """How many patterns are stored."""

    @abstractmethod
    def limit(self) -> tuple[float, str]:
        """About how many random patterns can be stored, and why."""

    def draw(self, rng: np.random.Generator, n: int, features: int = 64) -> Array:
        """Random patterns of the kind this memory is made for."""
        return drawn(rng, self.kind, n, features, self.ones(features))

    def ones(self, features: int) -> int:
        """How many ones a binary pattern of this length should have."""
        return max(1, features // 8)

    def fit(self, X: ArrayLike) -> Self:
        """Forget everything and store the rows of X."""
        patterns = checked(X, self.kind)
        self.state_ = self.begin(patterns.shape[1])
        self.store(patterns)
        return self

    def partial_fit(self, X: ArrayLike) -> Self:
        """Store the rows of X beside what is stored."""
        if not self.state_:
            return self.fit(X)
        self.store(checked(X, self.kind, self.features))
        return self

    def recall(self, cues: ArrayLike) -> Array:
        """What each cue brings back; NaN where a cue does not know."""
        self._holds_something()
        return self.complete(checked(cues, self.kind, self.features, cue=True))

    def forget(self, X: ArrayLike) -> Self:
        """Take the rows of X out, however often they were stored; all of them or, where one is unknown, none."""
        self._holds_something()
        rows = checked(X, self.kind, self.features)
        patterns = rows[np.sort(np.unique(rows, axis=0, return_index=True)[1])]
        before = {name: value.copy() for name, value in self.state_.items()}
        try:
            self.remove(patterns)
        except BadInput:
            self.state_ = before
            raise
        return self

    def capacity(self) -> Capacity:
        """How full this memory is."""
        if not self.state_:
            raise BadInput("Capacity depends on how long patterns are; store some first with fit(X).")
        limit, because = self.limit()
        return Capacity(self.count(), limit, sum(each.nbytes for each in self.state_.values()), because)

    @property
    def features(self) -> int:
        """How long the stored patterns are."""
        return int(self.state_["features"])

    @property
    def n_features_in_(self) -> int:
        """The same under scikit-learn's name."""
        return self.features

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Every option by name."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.init}

    def set_params(self, **params: Any) -> Self:
        """Change options; what is stored stays, so sizes take effect with the next fit."""
        known = self.get_params()
        for name in params:
            if name not in known:
                raise UnknownName(f"option of {type(self).__name__}", name, known)
        replace(self, **params)  # refuses what the constructor refuses
        for name, value in params.items():
            setattr(self, name, value)
        return self

    def load(self, state: Mapping[str, NDArray[Any]]) -> Self:
        """Take over a state that a memory with the same options left in `state_`."""
        wanted = set(self.begin(1))
        if set(state) != wanted:
            raise BadInput(f"A state of {type(self).__name__} holds {sorted(wanted)}, not {sorted(state)}.")
        self.state_ = {name: np.array(value) for name, value in state.items()}
        return self

    def _holds_something(self) -> None:
        if not self.state_ or not self.count():
            raise BadInput("Nothing is stored; store patterns first with fit(X).")


def absent(row: int) -> BadInput:
    """What is raised where a pattern that is not stored should be forgotten."""
    return BadInput(f"Pattern {row} of those to forget is not stored, so nothing was forgotten; see recall(X).")
