"""Bind items to a drifting context; recalling one brings back its neighbours.

Source: Li Ji-An, Corey Y. Zhou, Marcus K. Benna, Marcelo G. Mattar, Linking In-context Learning in Transformers to
    Human Episodic Memory, 2024. arXiv 2405.14992
Needs: nothing
Cost: n * n associations each way for n items; n a cue, n * n a free recall
Shapes: X [n, d] and cues [m, d], real -> [m, d]
Differs: items are known by their patterns; a cue's likeness to them is weighed with what the present context supports.

Context is a mixture of what was met lately: each item pulls it towards its own. Two associations are learned: items to
the context they came in, context to the items, the first ones of a list more strongly. In free recall the context
at the end of a list supports its last items; the one recalled reinstates its context, which supports what came around
it, and more what came after, since its own context went on into that. Hence the curves: the beginning and the end of a
list are recalled best, and from an item one goes to its neighbours, forwards more than backwards. It is what an
induction head does with tokens.

>>> import numpy as np
>>> memory = cmr().fit(np.eye(6))
>>> memory.recall([[0, 0, 0.9, 0.1, 0, 0]]).tolist()
[[0.0, 0.0, 1.0, 0.0, 0.0, 0.0]]
>>> sorted(memory.free_recall(np.random.default_rng(0)).tolist())[-1] < 6
True
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnesis.errors import BadInput
from mnesis.neural.assoc import Memory, State, absent
from mnesis.neural.assoc._patterns import Array, place

LIKENESS = 20.0  # how much likeness to a cue outweighs what context supports
FADES = 0.5  # of the primacy, from item to item
FAINT = 1e-6


@dataclass
class Cmr(Memory):
    """See `cmr`."""

    drift: float = 0.5
    reinstate: float = 0.6
    learned: float = 0.2
    primacy: float = 4.0
    sharp: float = 6.0
    stop: float = 0.02
    tire: float = 0.25

    def __post_init__(self) -> None:
        shares = {"drift": self.drift, "reinstate": self.reinstate, "learned": self.learned}
        for name, share in shares.items():
            if not 0 < share <= 1:
                raise BadInput(f"{name}={share} must be above 0 and at most 1.")
        if self.primacy < 0 or not self.sharp > 0 or not 0 <= self.stop <= 1 or self.tire < 0:
            raise BadInput(
                f"primacy={self.primacy} and tire={self.tire} must not be negative, sharp={self.sharp} above 0, "
                f"stop={self.stop} a probability."
            )

    def begin(self, features: int) -> State:
        return {
            "features": np.array(features),
            "items": np.zeros((0, features)),
            "to_context": np.zeros((0, 1)),  # item -> context; unit 0 is the start of the list, unit i + 1 item i's own
            "to_item": np.zeros((0, 1)),  # context -> item, a row an item
            "context": np.ones(1),
            "met": np.array(0),
        }

    def store(self, patterns: Array) -> None:
        for pattern in patterns:
            item = place(self.state_["items"], pattern)
            self._meet(self._new(pattern) if item < 0 else item)

    def complete(self, cues: Array) -> Array:
        items = self.state_["items"]
        known = ~np.isnan(cues)
        given = np.where(known, cues, 0.0)
        lengths = np.sqrt((given**2).sum(1)[:, None] * (known @ (items**2).T))
        alike = (given @ items.T) / np.maximum(lengths, 1e-12)
        fit = LIKENESS * alike + np.log(self._support(self.state_["context"]) + FAINT)
        return np.asarray(items[fit.argmax(1)])

    def remove(self, patterns: Array) -> None:
        for row, pattern in enumerate(patterns):
            if (item := place(self.state_["items"], pattern)) < 0:
                raise absent(row)
            state = self.state_
            state["items"] = np.delete(state["items"], item, axis=0)
            for name in ("to_context", "to_item"):
                state[name] = np.delete(np.delete(state[name], item, axis=0), item + 1, axis=1)
            left = np.delete(state["context"], item + 1)
            state["context"] = left / max(float(np.linalg.norm(left)), FAINT)

    def count(self) -> int:
        return len(self.state_["items"])

    def limit(self) -> tuple[float, str]:
        return math.inf, "every item and its own context have a place; competition decides what is recalled"

    def free_recall(self, rng: np.random.Generator) -> NDArray[np.intp]:
        """The items in the order they come to mind, none twice, until nothing more does."""
        self._holds_something()
        context, said = self.state_["context"], list[int]()
        while len(said) < self.count():
            if rng.random() < min(1.0, self.stop * math.exp(self.tire * len(said))):
                break
            odds = np.maximum(self._support(context), FAINT) ** self.sharp
            odds[said] = 0
            said.append(int(rng.choice(len(odds), p=odds / odds.sum())))
            context = _moved(context, _unit(self.state_["to_context"][said[-1]]), self.reinstate)
        return np.array(said, dtype=np.intp)

    def _support(self, context: Array) -> Array:
        """How much a context calls for each item."""
        return np.asarray(np.maximum(self.state_["to_item"] @ context, 0.0))

    def _new(self, pattern: Array) -> int:
        """A place for an item, with a context of its own that it has brought along."""
        state, item = self.state_, self.count()
        state["items"] = np.concatenate([state["items"], pattern[None]])
        state["context"] = np.append(state["context"], 0.0)
        for name in ("to_context", "to_item"):
            state[name] = np.pad(state[name], ((0, 1), (0, 1)))
            state[name][item, item + 1] = 1 - self.learned
        return item

    def _meet(self, item: int) -> None:
        """The item pulls the context its way, and the two are bound."""
        state = self.state_
        before = state["context"]
        context = _moved(before, _unit(state["to_context"][item]), self.drift)
        strength = 1 + self.primacy * math.exp(-FADES * float(state["met"]))
        for name, by in (("to_context", 1.0), ("to_item", strength)):
            changed = state[name].copy()
            changed[item] += self.learned * by * (before if name == "to_context" else context)
            state[name] = changed
        state["context"], state["met"] = context, state["met"] + 1


def _moved(context: Array, towards: Array, by: float) -> Array:
    """A share of `towards` in the context, the rest of it kept so that its length stays 1."""
    shared = float(context @ towards)
    return np.asarray(math.sqrt(1 + by**2 * (shared**2 - 1)) * context - by * shared * context + by * towards)


def _unit(vector: Array) -> Array:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), FAINT))


def cmr(
    drift: float = 0.5,
    reinstate: float = 0.6,
    learned: float = 0.2,
    primacy: float = 4.0,
    sharp: float = 6.0,
    stop: float = 0.02,
    tire: float = 0.25,
) -> Memory:
    """Context drifts by `drift` with each item and is reinstated by `reinstate` with each recall."""
    return Cmr(drift, reinstate, learned, primacy, sharp, stop, tire)
