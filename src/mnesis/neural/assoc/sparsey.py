"""Give every input a sparse code as near to other codes as the input is to others.

Source: Rod Rinkus, Jasmin Leveille, Superposed Episodic and Semantic Memory via Sparse Distributed Representation,
    2017. arXiv 1710.07829
Needs: nothing
Cost: d * modules * cells synapses, looked at once to find a code and once to read it; the same however much is stored
Shapes: X [n, d] of zeros and ones; cues [m, d] -> [m, d]
Differs: one field and no sequences; synapses count the codes they serve, so that one can be unlearned.

A code is one winner in each module. How familiar an input is, from 0 to 1, is the mean of the best match in every
module; that sets how much of chance there is in drawing the winners: an input that is known gets the code it has, one
that is new a random one, and one that is half known shares about half of its code with what it is like. One exposure
is enough: every active input is wired to every winner, up and down. A part of an input wins the same code, and the
code says the whole input.

>>> memory = sparsey().fit([[1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1]])
>>> memory.recall([[1, 0, 1, 0, 0, 0]]).astype(int).tolist()
[[1, 1, 1, 0, 0, 0]]
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mnesis.errors import BadInput
from mnesis.neural.assoc import Memory, State, absent
from mnesis.neural.assoc._patterns import Array, Kind

STEEP, MIDDLE = 10.0, 0.5  # of the curve from a cell's match to its odds
AGREED = 0.75  # the share of a code that must be wired to an input for the code to say it

Code = NDArray[np.intp]


@dataclass
class Sparsey(Memory):
    """See `sparsey`."""

    kind: ClassVar[Kind] = "binary"

    modules: int = 24
    cells: int = 12
    contrast: float = 4.0
    seed: int = 0

    def __post_init__(self) -> None:
        if self.modules < 1 or self.cells < 2 or not self.contrast > 0:
            raise BadInput(
                f"modules={self.modules} must be at least 1, cells={self.cells} at least 2 "
                f"and contrast={self.contrast} above 0."
            )

    def begin(self, features: int) -> State:
        synapses = np.zeros((features, self.modules, self.cells), np.int32)
        return {
            "features": np.array(features),
            "synapses": synapses,  # up and down learn the same pairs, so that one array is both
            "ones": np.array(0),
            "stored": np.array(0),
            "learned": np.array(0),
        }

    def store(self, patterns: Array) -> None:
        for pattern in patterns:
            if self._holds(pattern):
                continue
            code = self._drawn(pattern, np.random.default_rng((self.seed, int(self.state_["learned"]))))
            self._wire(pattern, code, 1)
            self.state_["ones"] = self.state_["ones"] + int(pattern.sum())
            self.state_["stored"], self.state_["learned"] = self.state_["stored"] + 1, self.state_["learned"] + 1

    def complete(self, cues: Array) -> Array:
        known = np.where(np.isnan(cues), 0.0, cues)
        return self._said(self._match(known).argmax(2))

    def remove(self, patterns: Array) -> None:
        for row, pattern in enumerate(patterns):
            if not self._holds(pattern):
                raise absent(row)
            self._wire(pattern, self.code(pattern[None])[0], -1)
            self.state_["ones"] = self.state_["ones"] - int(pattern.sum())
            self.state_["stored"] = self.state_["stored"] - 1

    def count(self) -> int:
        return int(self.state_["stored"])

    def limit(self) -> tuple[float, str]:
        cells = self.state_["synapses"].shape[2]
        ones = float(self.state_["ones"]) / max(self.count(), 1) or 1.0
        many = math.log(4 / 3) * cells * self.features / ones
        return many, "a quarter of all synapses are made: ln 4/3 * cells * d / ones"

    def code(self, cues: Array) -> Code:
        """The winner in every module, cue by cue: [m, modules]."""
        return np.asarray(self._match(np.where(np.isnan(cues), 0.0, cues)).argmax(2), dtype=np.intp)

    def familiarity(self, cues: Array) -> Array:
        """How well each cue is known, 0 to 1: the mean over modules of the best match."""
        return np.asarray(self._match(np.where(np.isnan(cues), 0.0, cues)).max(2).mean(1))

    def _match(self, known: Array) -> Array:
        """Of the active inputs, the share wired to each cell: [m, modules, cells]."""
        wired = (self.state_["synapses"] > 0).astype(np.float64)
        active = np.maximum(known.sum(1), 1.0)[:, None, None]
        return np.asarray(np.einsum("md,dqk->mqk", known, wired) / active)

    def _drawn(self, pattern: Array, rng: np.random.Generator) -> Code:
        """A winner in each module, by chance the more the less the pattern is known."""
        match = self._match(pattern[None])[0]
        known = match.max(1).mean()
        gain = self.contrast * match.shape[1] * known**2
        odds = 1 + gain / (1 + np.exp(-STEEP * (match - MIDDLE)))
        sums = np.cumsum(odds / odds.sum(1, keepdims=True), axis=1)
        drawn = (sums < rng.random(len(match))[:, None]).sum(1)
        return np.asarray(np.minimum(drawn, match.shape[1] - 1), dtype=np.intp)

    def _said(self, codes: Code) -> Array:
        wired = self.state_["synapses"] > 0
        votes = np.stack([wired[:, np.arange(codes.shape[1]), code].mean(1) for code in codes])
        return np.asarray(votes >= AGREED, dtype=np.float64)

    def _holds(self, pattern: Array) -> bool:
        known = bool(self.familiarity(pattern[None])[0] >= 1 - 1e-9)
        return known and np.array_equal(self._said(self.code(pattern[None]))[0], pattern)

    def _wire(self, pattern: Array, code: Code, by: int) -> None:
        on = np.flatnonzero(pattern)
        synapses = self.state_["synapses"].copy()
        synapses[on[:, None], np.arange(len(code)), code] += by
        self.state_["synapses"] = np.maximum(synapses, 0)


def sparsey(modules: int = 24, cells: int = 12, contrast: float = 4.0, seed: int = 0) -> Memory:
    """Codes of one winner in each of `modules` of `cells`; `contrast` is how strongly likeness draws codes together."""
    return Sparsey(modules, cells, contrast, seed)
