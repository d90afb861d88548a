"""Spiking neurons that learn by timing; any fragment wakes a cue, it the rest.

Source: Daniel Casanueva-Morato, Alvaro Ayuso-Martinez, Juan P. Dominguez-Morales, Angel Jimenez-Fernandez, Gabriel
    Jimenez-Moreno, Bio-inspired computational memory model of the Hippocampus: an approach to a neuromorphic
    spike-based Content-Addressable Memory, 2023. arXiv 2310.05868
Needs: nothing
Cost: 2 * d * cues synapses; that many additions a millisecond and cue, up to 400 milliseconds
Shapes: X [n, d] of zeros and ones; cues [m, d] -> [m, d]; synapses inward [d, cues] and outward [cues, d]
Differs: in steps of a millisecond in place of neuromorphic hardware; free and oldest cues are handed out in order.

Every memory has a cue neuron. Learning makes content fire just before and just after it: synapses whose spikes come in
that order grow, and those of a cue neuron that fires while content is silent shrink, so a cue that is used again
unlearns what it stood for, and one that fires alone forgets. A fragment charges all cue neurons; the one it belongs to
reaches its threshold first, silences the others and fires the whole content. Synapses onto a neuron share a fixed
strength, which lets a memory that is part of another be told from it.

>>> memory = ca3(cues=4).fit([[1, 1, 0, 0, 0], [1, 1, 1, 0, 1]])
>>> memory.recall([[1, 1, 0, 0, 0], [0, 0, 0, 0, 1]]).astype(int).tolist()
[[1, 1, 0, 0, 0], [1, 1, 1, 0, 1]]
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from mnesis.errors import BadInput
from mnesis.neural.assoc import Memory, State, absent
from mnesis.neural.assoc._patterns import Array, Kind

LEAK = math.exp(-1 / 1000)  # of the membrane of a cue neuron, a millisecond
GAIN = 0.02  # what a spike over a full synapse adds to the membrane; the threshold is 1
WINDOW = 400  # milliseconds within which a cue has to be found
TRACE = math.exp(-1 / 4)  # of what a spike leaves at a synapse, a millisecond
RATE, LOST = 1.0, 0.3  # how fast synapses change; a trace below this makes them shrink
PAIRINGS = 4  # how often a memory is fired to be learned
STRONG = 0.5  # a synapse that makes a content neuron fire by itself


@dataclass
class Ca3(Memory):
    """See `ca3`."""

    kind: ClassVar[Kind] = "binary"

    cues: int = 32

    def __post_init__(self) -> None:
        if self.cues < 1:
            raise BadInput(f"cues={self.cues} must be at least 1: every memory needs a cue neuron.")

    def begin(self, features: int) -> State:
        return {
            "features": np.array(features),
            "inward": np.zeros((features, self.cues)),
            "outward": np.zeros((self.cues, features)),
            "age": np.zeros(self.cues, np.int64),  # when a cue was last taught; 0 while it is free
        }

    def store(self, patterns: Array) -> None:
        for pattern in patterns:
            age = self.state_["age"]
            held = self._cue_of(pattern)
            cue = held if held >= 0 else int(age.argmin())
            self._fire_together(cue, pattern)
            self.state_["age"] = np.where(np.arange(len(age)) == cue, age.max() + 1, age)

    def complete(self, cues: Array) -> Array:
        spikes = np.where(np.isnan(cues), 0.0, cues)
        lengths = np.linalg.norm(self.state_["inward"], axis=0)
        synapses = self.state_["inward"] / np.where(lengths > 0, lengths, 1.0)
        charge = GAIN * spikes @ synapses  # the fragment goes on firing every millisecond
        membrane, content = np.zeros_like(charge), np.zeros_like(spikes)
        waiting = np.ones(len(spikes), dtype=bool)
        for _ in range(WINDOW):
            membrane = membrane * LEAK + charge
            fired = waiting & (membrane >= 1).any(1)
            first = membrane.argmax(1)  # it crossed first within the millisecond, and its inhibition stops the others
            content[fired] = self.state_["outward"][first[fired]] >= STRONG
            waiting &= ~fired
            if not waiting.any():
                break
        return content

    def remove(self, patterns: Array) -> None:
        for row, pattern in enumerate(patterns):
            if (cue := self._cue_of(pattern)) < 0:
                raise absent(row)
            self._fire_together(cue, np.zeros_like(pattern))
            self.state_["age"] = np.where(np.arange(len(self.state_["age"])) == cue, 0, self.state_["age"])

    def count(self) -> int:
        return int((self.state_["age"] > 0).sum())

    def limit(self) -> tuple[float, str]:
        return float(len(self.state_["age"])), "one cue neuron a memory; the oldest is used again after that"

    def _cue_of(self, pattern: Array) -> int:
        same = ((self.state_["outward"] >= STRONG) == (pattern == 1)).all(1) & (self.state_["age"] > 0)
        return int(same.argmax()) if same.any() else -1

    def _fire_together(self, cue: int, content: Array) -> None:
        """Content, the cue a millisecond later, content again: what the traces have left decides what grows."""
        inward, outward = self.state_["inward"].copy(), self.state_["outward"].copy()
        for _ in range(PAIRINGS):
            before = TRACE * content  # the content's trace when the cue fires
            inward[:, cue] = np.clip(inward[:, cue] + RATE * (before - LOST), 0, 1)
            after = TRACE * content  # the cue's trace when content fires; none where it stays silent
            outward[cue] = np.clip(outward[cue] + RATE * (after - LOST), 0, 1)
        self.state_["inward"], self.state_["outward"] = inward, outward


def ca3(cues: int = 32) -> Memory:
    """A spiking content-addressable memory with `cues` cue neurons, one a memory."""
    return Ca3(cues)
