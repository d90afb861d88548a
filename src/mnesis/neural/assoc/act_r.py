"""Recall what was used often and lately and fits what is asked.

Source: Viet-Anh Tran, Guillaume Salha-Galvan, Bruno Sguerra, Romain Hennequin, Transformers Meet ACT-R: Repeat-Aware
    and Sequential Listening Session Recommendation, 2024. arXiv 2408.16578
Needs: nothing
Cost: every chunk and every time it was met, once a cue
Shapes: X [n, d] of symbols (0, 1, 2, …), a column a slot; cues [m, d] -> [m, d]
Differs: the equations of the theory itself, with its usual constants, in place of weights learned from listening.

A chunk's activation is the sum of three parts, as in Anderson's theory. Base level: ln of the sum over all times it was
met of (seconds since) ** -decay, so frequency and recency both count and both fade by a power law. Spreading: every
slot the cue knows sends its share of attention to the chunks that hold the same, the less the more chunks do (the fan).
Partial matching: a slot that differs costs `mismatch`. The strongest chunk is recalled if it reaches the threshold,
otherwise nothing comes to mind: a row of NaN. Storing a pattern again is meeting it again; one row takes `pace`
seconds, and `wait` lets time pass.

>>> memory = act_r().fit([[1, 2, 3], [1, 5, 6]])
>>> memory.recall([[1, 5, float("nan")]]).astype(int).tolist()
[[1, 5, 6]]
>>> memory.base_level().round(3).tolist()  # ln(2 ** -0.5) and ln(1 ** -0.5)
[-0.347, 0.0]
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from mnesis.errors import BadInput
from mnesis.neural.assoc import Memory, State, absent
from mnesis.neural.assoc._patterns import Array, Kind, place


@dataclass
class ActR(Memory):
    """See `act_r`."""

    kind: ClassVar[Kind] = "symbols"

    decay: float = 0.5
    strength: float = 2.0
    mismatch: float = 1.0
    threshold: float = -math.inf
    noise: float = 0.25
    pace: float = 1.0

    def __post_init__(self) -> None:
        for name, value in (("decay", self.decay), ("noise", self.noise), ("pace", self.pace)):
            if not value > 0:
                raise BadInput(f"{name}={value} must be above 0.")
        if self.mismatch < 0 or math.isnan(self.threshold):
            raise BadInput(f"mismatch={self.mismatch} must not be negative, threshold={self.threshold} is a number.")

    def begin(self, features: int) -> State:
        return {
            "features": np.array(features),
            "chunks": np.zeros((0, features)),
            "met": np.zeros(0, np.int64),  # which chunk was met …
            "when": np.zeros(0),  # … and when, in seconds
            "now": np.array(0.0),
        }

    def store(self, patterns: Array) -> None:
        for pattern in patterns:
            found = place(self.state_["chunks"], pattern)
            if found < 0:
                found = self.count()
                self.state_["chunks"] = np.concatenate([self.state_["chunks"], pattern[None]])
            self.state_["met"] = np.append(self.state_["met"], found)
            self.state_["when"] = np.append(self.state_["when"], self.state_["now"])
            self.state_["now"] = self.state_["now"] + self.pace

    def complete(self, cues: Array) -> Array:
        active = self.activation(cues)
        found = self.state_["chunks"][active.argmax(1)]
        return np.where(active.max(1, keepdims=True) >= self.threshold, found, np.nan)

    def remove(self, patterns: Array) -> None:
        for row, pattern in enumerate(patterns):
            if (found := place(self.state_["chunks"], pattern)) < 0:
                raise absent(row)
            met, when = self.state_["met"], self.state_["when"]
            self.state_["chunks"] = np.delete(self.state_["chunks"], found, axis=0)
            self.state_["when"] = when[met != found]
            self.state_["met"] = met[met != found] - (met[met != found] > found)

    def count(self) -> int:
        return len(self.state_["chunks"])

    def limit(self) -> tuple[float, str]:
        return math.inf, "every chunk has a place of its own; time and likeness decide what is found"

    def wait(self, seconds: float) -> Self:
        """Let time pass."""
        if not seconds >= 0:
            raise BadInput(f"seconds={seconds}: time passes forwards; give 0 or more.")
        self.state_["now"] = self.state_["now"] + seconds
        return self

    def base_level(self) -> Array:
        """How active each chunk is by its past alone."""
        ages = self.state_["now"] - self.state_["when"]
        return np.log(np.bincount(self.state_["met"], ages**-self.decay, minlength=self.count()))

    def activation(self, cues: Array) -> Array:
        """How active each cue makes each chunk: [m, chunks]."""
        chunks = self.state_["chunks"]
        known = ~np.isnan(cues)
        same = cues[:, None] == chunks[None]  # [m, chunks, d]; what is not known is never the same
        fan = np.maximum(same.sum(1), 1)  # how many chunks hold what the cue says of a slot: [m, d]
        weight = known / known.sum(1, keepdims=True)  # attention is shared among the slots that are known
        spread = (same * (weight * (self.strength - np.log(fan)))[:, None]).sum(2)
        off = (known[:, None] & ~same).sum(2)
        return np.asarray(self.base_level() + spread - self.mismatch * off)

    def chance(self, cues: Array) -> Array:
        """The probability that each chunk is the one recalled, noise of this scale added to every activation."""
        active = self.activation(cues) / (math.sqrt(2) * self.noise)
        raised = np.exp(active - active.max(1, keepdims=True))
        return np.asarray(raised / raised.sum(1, keepdims=True))


def act_r(
    decay: float = 0.5,
    strength: float = 2.0,
    mismatch: float = 1.0,
    threshold: float = -math.inf,
    noise: float = 0.25,
    pace: float = 1.0,
) -> Memory:
    """Declarative memory of ACT-R: activation by `decay` over time, associative `strength` and `mismatch` penalty."""
    return ActR(decay, strength, mismatch, threshold, noise, pace)
