"""Keep continuous patterns and answer a cue with one step of attention over them.

Source: Hubert Ramsauer, Bernhard Schäfl, Johannes Lehner, Philipp Seidl, Michael Widrich, et al., Hopfield Networks is
    All You Need, 2020. arXiv 2008.02217
Needs: nothing
Cost: every stored number once a step and cue
Shapes: X [n, d] and cues [m, d], real -> [m, d]
Differs: unknown parts of a cue are left out of the comparison and are filled by the first step.

The stored patterns are the keys and the values, the cue is the query, and the update softmax(beta * cue X') X goes down
an energy. A large beta separates: one step lands on the nearest pattern, and exponentially many fit. A small beta
blends, down to the mean of everything. Inside a network the same update is `neural.layer.window` without a span.

>>> import numpy as np
>>> memory = hopfield().fit([[5.0, 0.0, 5.0], [0.0, 5.0, -5.0]])
>>> memory.recall([[4.0, np.nan, np.nan]]).round(3).tolist()
[[5.0, 0.0, 5.0]]
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mnesis.errors import BadInput
from mnesis.neural.assoc import Memory, State, absent
from mnesis.neural.assoc._patterns import Array, place

SURE = 0.001  # the probability of failure the limit allows for


@dataclass
class Hopfield(Memory):
    """See `hopfield`."""

    beta: float = 1.0
    steps: int = 1

    def __post_init__(self) -> None:
        if not self.beta > 0 or self.steps < 1:
            raise BadInput(f"beta={self.beta} must be above 0, and steps={self.steps} at least 1.")

    def begin(self, features: int) -> State:
        return {"features": np.array(features), "X": np.zeros((0, features))}

    def store(self, patterns: Array) -> None:
        X = self.state_["X"]
        for pattern in patterns:
            if place(X, pattern) < 0:
                X = np.concatenate([X, pattern[None]])
        self.state_["X"] = X

    def complete(self, cues: Array) -> Array:
        X = self.state_["X"]
        now = np.where(np.isnan(cues), 0.0, cues)
        for _ in range(self.steps):
            now = _softmax(self.beta * now @ X.T) @ X
        return now

    def remove(self, patterns: Array) -> None:
        for row, pattern in enumerate(patterns):
            if (found := place(self.state_["X"], pattern)) < 0:
                raise absent(row)
            self.state_["X"] = np.delete(self.state_["X"], found, axis=0)

    def count(self) -> int:
        return len(self.state_["X"])

    def limit(self) -> tuple[float, str]:
        longest = float(np.linalg.norm(self.state_["X"], axis=1).max(initial=0.0))
        radius = longest / math.sqrt(max(self.features - 1, 1))
        many = exponential_capacity(self.features, self.beta, radius) if radius else 1.0
        return many, f"at least so many, on a sphere, stay apart with probability {1 - SURE}: Theorem 3 of the paper"


def _softmax(scores: Array) -> Array:
    """Rows of positive numbers that sum to one."""
    raised = np.exp(scores - scores.max(-1, keepdims=True))
    return np.asarray(raised / raised.sum(-1, keepdims=True))


def growth(features: int, beta: float, radius: float, fail: float = SURE) -> float:
    """The paper's constant c: patterns of length radius * sqrt(d - 1) fit in numbers like c ** ((d - 1) / 4)."""
    free = max(features - 1, 1)
    a = 2 / free * (1 + math.log(2 * beta * radius**2 * fail * free))
    b = 2 * radius**2 * beta / 5
    goal = a + math.log(b)  # w + log w = goal: w is Lambert's W of exp(goal), found without its overflowing
    w = 1 / (1 + math.exp(-goal)) if goal > -700 else math.exp(goal)  # below the root, from where Newton only rises
    for _ in range(100):
        w = w * (1 + goal - math.log(w)) / (1 + w)
    return b / w


def exponential_capacity(features: int, beta: float, radius: float, fail: float = SURE) -> float:
    """How many random patterns fit, at least one."""
    exponent = math.log(growth(features, beta, radius, fail)) * (features - 1) / 4
    return max(1.0, math.exp(min(exponent, 700.0)) * math.sqrt(fail))


def hopfield(beta: float = 1.0, steps: int = 1) -> Memory:
    """A modern Hopfield network: `beta` is how sharply it tells patterns apart, `steps` how often it updates."""
    return Hopfield(beta, steps)
