"""Move engrams from working to long memory and link what fires together.

Source: Sangjun Park, JinYeong Bak, Memoria: Hebbian Memory Architecture for Human-Like Sequential Processing, 2023.
    arXiv 2310.03052
Needs: nothing
Cost: the engrams within reach a cue; n * n counts for n engrams that live
Shapes: X [n, d] and cues [m, d], real -> [m, d]
Differs: engrams come one by one, so working memory slides; likeness is exp of minus the mean squared difference, and a
    recall alone changes nothing.

A new engram enters working memory and pushes the oldest into short-term memory, that one's oldest into long-term
memory. What is in mind reminds of short-term engrams by likeness, and of long-term ones by association only: from those
reminded along the strongest links, some steps far. All that is in mind fires, and how often two fired together, of the
times the first did, is the link between them: Hebb's rule as a count. To be reminded of lengthens a life; every step
shortens all of them, and an engram whose life is over is forgotten.

>>> import numpy as np
>>> X = np.eye(3) * 4
>>> memory = memoria(lifetime=3).fit(X)  # the first has lived its three steps
>>> memory.recall([[0, 0, 3]]).tolist(), memory.capacity().stored
([[0.0, 0.0, 4.0]], 2)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnesis.errors import BadInput
from mnesis.neural.assoc import Memory, State, absent
from mnesis.neural.assoc._patterns import Array, place

WORKING, SHORT, LONG = 0, 1, 2
Rows = NDArray[np.intp]


@dataclass
class Memoria(Memory):
    """See `memoria`."""

    working: int = 4
    short: int = 16
    reminds: int = 4
    depth: int = 3
    lifetime: float = 100.0
    gain: float = 1.0

    def __post_init__(self) -> None:
        sizes = {"working": self.working, "short": self.short, "reminds": self.reminds}
        for name, size in sizes.items():
            if size < 1:
                raise BadInput(f"{name}={size} must be at least 1.")
        if self.depth < 0 or not self.lifetime > 0 or self.gain < 0:
            raise BadInput(
                f"depth={self.depth} and gain={self.gain} must not be negative, and lifetime={self.lifetime} above 0."
            )

    def begin(self, features: int) -> State:
        return {
            "features": np.array(features),
            "E": np.zeros((0, features)),  # engrams, oldest first
            "level": np.zeros(0, np.int64),
            "life": np.zeros(0),
            "together": np.zeros((0, 0)),  # how often each two fired together; how often each fired on the diagonal
        }

    def store(self, patterns: Array) -> None:
        for pattern in patterns:
            self._enter(pattern)
            self._age(self._fire())

    def complete(self, cues: Array) -> Array:
        return np.stack([self._answer(cue) for cue in cues])

    def remove(self, patterns: Array) -> None:
        for row, pattern in enumerate(patterns):
            if (found := place(self.state_["E"], pattern)) < 0:
                raise absent(row)
            self._keep(np.arange(len(self.state_["E"])) != found)

    def count(self) -> int:
        return len(self.state_["E"])

    def limit(self) -> tuple[float, str]:
        reached = self.working + self.short + self.reminds * self.depth
        return min(self.lifetime, float(reached)), "what a cue reaches over the links there are, or what lives so long"

    def links(self) -> Array:
        """The share of the times the first of two fired in which the second did too: [n, n]."""
        together = self.state_["together"]
        return np.asarray(together / np.maximum(np.diag(together), 1.0)[:, None])

    def reminded(self, cue: Array) -> Rows:
        """The engrams a cue brings to mind, most alike first."""
        near = self._likeness(cue[None])
        found = self._reminded(near)
        return found[np.argsort(-near[found], kind="stable")]

    def _answer(self, cue: Array) -> Array:
        """The engram most like the cue among those in working memory and those it reminds of."""
        near = self._likeness(cue[None])
        mind = np.concatenate([np.flatnonzero(self.state_["level"] == WORKING), self._reminded(near)])
        return np.asarray(self.state_["E"][mind[near[mind].argmax()]])

    def _likeness(self, minds: Array) -> Array:
        """How alike each engram is to what is in mind, on average; parts that are not known do not count."""
        gaps = np.nanmean((self.state_["E"][:, None] - minds[None]) ** 2, axis=2)
        return np.asarray(np.exp(-gaps).mean(1))

    def _reminded(self, near: Array) -> Rows:
        level, links = self.state_["level"], self.links()
        short = np.flatnonzero(level == SHORT)
        short = short[np.argsort(-near[short], kind="stable")][: self.reminds]
        waiting, front = np.flatnonzero(level == LONG).tolist(), short.tolist()
        found: list[int] = []
        for _ in range(self.depth):
            after: list[int] = []
            for row in front:
                if waiting and links[row, waiting].max() > 0:
                    after.append(waiting.pop(int(links[row, waiting].argmax())))
            found, front = found + after, after
        long = np.array(sorted(found, key=lambda row: -near[row])[: self.reminds], dtype=np.intp)
        return np.concatenate([short, long])

    def _enter(self, pattern: Array) -> None:
        """Into working memory, or again to mind if it is an engram already."""
        state, found = self.state_, place(self.state_["E"], pattern)
        if found >= 0:
            life = state["life"].copy()
            life[found] = max(life[found], self.lifetime)
            state["life"] = life
            order = np.r_[np.delete(np.arange(len(life)), found), found]
            self._keep(order)
        else:
            state["E"] = np.concatenate([state["E"], pattern[None]])
            state["life"] = np.append(state["life"], self.lifetime)
            state["level"] = np.append(state["level"], WORKING)
            state["together"] = np.pad(state["together"], ((0, 1), (0, 1)))
        level = state["level"].copy()
        level[-1] = WORKING
        for here, room in ((WORKING, self.working), (SHORT, self.short)):
            at = np.flatnonzero(level == here)
            level[at[: max(0, len(at) - room)]] = here + 1
        state["level"] = level

    def _fire(self) -> Array:
        """All that is in mind fires; gives what each life is lengthened by."""
        mind = np.flatnonzero(self.state_["level"] == WORKING)
        near = self._likeness(self.state_["E"][mind])
        reminded = self._reminded(near)
        fired = np.zeros(len(near))
        fired[mind] = fired[reminded] = 1
        self.state_["together"] = self.state_["together"] + np.outer(fired, fired)
        longer = np.zeros(len(near))
        if len(reminded):
            shares = near[reminded] / max(near[reminded].sum(), 1e-300)
            longer[reminded] = self.gain * len(reminded) * shares
        return longer

    def _age(self, longer: Array) -> None:
        self.state_["life"] = self.state_["life"] + longer - 1
        self._keep(self.state_["life"] > 0)

    def _keep(self, rows: NDArray[np.bool_] | Rows) -> None:
        state = self.state_
        for name in ("E", "level", "life"):
            state[name] = state[name][rows]
        state["together"] = state["together"][rows][:, rows]


def memoria(
    working: int = 4, short: int = 16, reminds: int = 4, depth: int = 3, lifetime: float = 100.0, gain: float = 1.0
) -> Memory:
    """Engrams in three memories; each lives `lifetime` steps, longer if it is among the `reminds` that come to mind."""
    return Memoria(working, short, reminds, depth, lifetime, gain)
