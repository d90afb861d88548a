"""Let noisy firing within an energy limit build cliques of binary links.

Source: Eliott Coyac, Vincent Gripon, Charlotte Langlais, Claude Berrou, Robust Associative Memories Naturally Occuring
    From Recurrent Hebbian Networks Under Noise, 2017. arXiv 1709.08367
Needs: nothing
Cost: d * d links; that many additions a step and cue
Shapes: X [n, d] of zeros and ones, at most `active` ones a row; cues [m, d] -> [m, d]
Differs: links count the patterns they serve, so that one can be unlearned; where they are read they are 0 or 1.

A pattern is shown several times, each time with ones erased and others inserted, as noise in a brain would. Energy
limits how many units fire at once: those with the most support. Only pairs that fired together often enough are linked
for good. What is left is the clean clique of every pattern, though none was ever seen clean, and a cue with many ones
erased grows back into its clique.

>>> memory = clique(active=3).fit([[1, 1, 1, 0, 0, 0], [0, 0, 1, 1, 0, 1]])
>>> memory.recall([[1, 1, 0, 0, 0, 0], [0, 0, 0, 1, 0, 1]]).astype(int).tolist()
[[1, 1, 1, 0, 0, 0], [0, 0, 1, 1, 0, 1]]
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from mnesis.errors import BadInput
from mnesis.neural.assoc import Memory, State, absent
from mnesis.neural.assoc._patterns import Array, Kind

TIES = 0.001  # chance that decides between units driven alike
ENOUGH = 0.4  # of the largest support: what fires must have at least this much


@dataclass
class Clique(Memory):
    """See `clique`."""

    kind: ClassVar[Kind] = "binary"

    active: int = 8
    shows: int = 20
    erased: float = 0.1
    inserted: float = 0.01
    consolidate: float = 0.3
    seed: int = 0

    def __post_init__(self) -> None:
        if self.active < 1 or self.shows < 1:
            raise BadInput(f"active={self.active} and shows={self.shows} must be at least 1.")
        if not (0 <= self.erased < 1 and 0 <= self.inserted < 1 and 0 < self.consolidate <= 1):
            raise BadInput(
                f"erased={self.erased} and inserted={self.inserted} are shares below 1, and consolidate="
                f"{self.consolidate} one above 0."
            )

    def ones(self, features: int) -> int:
        return min(self.active, features)

    def begin(self, features: int) -> State:
        links = np.zeros((features, features), np.int32)
        return {"features": np.array(features), "links": links, "stored": np.array(0), "learned": np.array(0)}

    def store(self, patterns: Array) -> None:
        heavy = np.flatnonzero(patterns.sum(1) > self.active)
        if heavy.size:
            raise BadInput(
                f"Pattern {heavy[0]} has {int(patterns[heavy[0]].sum())} ones, and only active={self.active} units may "
                "fire at once; give sparser patterns or a larger limit."
            )
        for pattern in patterns:
            if self._linked(pattern):
                continue
            rng = np.random.default_rng((self.seed, int(self.state_["learned"])))
            self.state_["links"] = self.state_["links"] + self._consolidated(pattern, rng).astype(np.int32)
            self.state_["stored"], self.state_["learned"] = self.state_["stored"] + 1, self.state_["learned"] + 1

    def complete(self, cues: Array) -> Array:
        known = np.where(np.isnan(cues), 0.0, cues)
        wires = (self.state_["links"] > 0).astype(np.float64)
        np.fill_diagonal(wires, 1.0)  # what fires goes on firing
        firing = known
        for _ in range(8):
            before, firing = firing, _fire(firing @ wires, self.active)
            if np.array_equal(before, firing):
                break
        return firing

    def remove(self, patterns: Array) -> None:
        for row, pattern in enumerate(patterns):
            if not self._linked(pattern):
                raise absent(row)
            pairs = np.outer(pattern, pattern).astype(np.int32)
            self.state_["links"] = np.maximum(self.state_["links"] - pairs, 0)
            self.state_["stored"] = self.state_["stored"] - 1

    def count(self) -> int:
        return int(self.state_["stored"])

    def limit(self) -> tuple[float, str]:
        share = self.ones(self.features) / self.features
        return math.log(2) / share**2, "half of all links are made: ln 2 * (d / active)²"

    def _consolidated(self, pattern: Array, rng: np.random.Generator) -> Array:
        """The pairs that fired together in enough of the noisy shows."""
        together = np.zeros((len(pattern), len(pattern)))
        for show in range(self.shows):
            chance = rng.random(len(pattern))
            seen = np.where(pattern == 1, chance >= self.erased, chance < self.inserted).astype(np.float64)
            support = together @ seen / max(show * seen.sum(), 1.0)  # what fired together before keeps together
            fired = _fire((seen * (1 + support + TIES * rng.random(len(pattern))))[None], self.active)[0]
            together += np.outer(fired, fired)
        linked = together >= self.consolidate * self.shows
        np.fill_diagonal(linked, False)
        return np.asarray(linked, dtype=np.float64)

    def _linked(self, pattern: Array) -> bool:
        """Whether the ones of a pattern are a clique; a single one is a clique if it has any link."""
        on = np.flatnonzero(pattern)
        links = self.state_["links"][np.ix_(on, on)] > 0
        return bool((links | np.eye(len(on), dtype=bool)).all() and self.state_["links"][on].any())


def _fire(drive: Array, active: int) -> Array:
    """The energy limit: at most `active` units a row, the most driven first, and none far below the most driven."""
    rank = np.argsort(np.argsort(-drive, axis=1, kind="stable"), axis=1)
    top = drive.max(axis=1, keepdims=True)
    return np.asarray((rank < active) & (drive > 0) & (drive >= ENOUGH * top), dtype=np.float64)


def clique(
    active: int = 8,
    shows: int = 20,
    erased: float = 0.1,
    inserted: float = 0.01,
    consolidate: float = 0.3,
    seed: int = 0,
) -> Memory:
    """At most `active` units fire; each pattern is shown `shows` times; pairs seen often enough are linked."""
    return Clique(active, shows, erased, inserted, consolidate, seed)
