"""Give moments and concepts an index and an embedding; say scenes in triples.

Source: Volker Tresp, Sahand Sharifzadeh, Dario Konopatzki, Yunpu Ma, The Tensor Brain: Semantic Decoding for Perception
    and Memory, 2020. arXiv 2001.11027
Needs: nothing
Cost: every moment once a cue; to decode, a linear system of as many unknowns as there are facts
Shapes: X [n, d] and cues [m, d], real -> [m, d]; triples [n, 3] of concepts (0, 1, 2, …)
Differs: what is sensed enters the representation layer as it is, concepts have fixed random embeddings, and the decoder
    is solved (ridge regression on products of embeddings) where the paper trains a network.

Four layers. What is sensed (first) appears on the representation layer (second), a canvas without a memory of its own
that everything reads. The index layer (third) has a unit for each concept and each moment; the synapses between a unit
and the canvas are its embedding, read in one direction to recognise and in the other to paint. A cue wakes the moment
it is most like, which paints the whole scene back: episodic memory. To say what is the case, subject, predicate and
object are decoded one after the other, each painted on the canvas with what working memory (fourth) holds of those
said before. Without any scene the same decoder gives what is generally so: semantic memory.

>>> import numpy as np
>>> brain = TensorBrain(concepts=4).tell(np.eye(3), [[0, 3, 1], [1, 3, 2], [2, 3, 0]])
>>> brain.decode(np.array([[0.9, 0.1, 0.0]])).tolist()
[[0, 3, 1]]
>>> int(brain.chances(said=[1, 3]).argmax())  # no scene: what do we know of 1?
2
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from mnesis.errors import BadInput
from mnesis.neural.assoc import Memory, State, absent
from mnesis.neural.assoc._patterns import Array, checked, place

SHARP = 8.0  # how clearly the decoder's scores become chances


@dataclass
class TensorBrain(Memory):
    """See `tensor_brain`."""

    concepts: int = 32
    ridge: float = 0.1
    seed: int = 0

    def __post_init__(self) -> None:
        if self.concepts < 1 or not self.ridge > 0:
            raise BadInput(f"concepts={self.concepts} must be at least 1, and ridge={self.ridge} above 0.")

    def begin(self, features: int) -> State:
        rng = np.random.default_rng(self.seed)
        return {
            "features": np.array(features),
            "moments": np.zeros((0, features)),  # the embedding of a moment is what was on the canvas then
            "embeddings": rng.choice([-1.0, 1.0], (self.concepts, features)),
            "facts": np.zeros((0, 4), np.int64),  # moment, subject, predicate, object
        }

    def store(self, patterns: Array) -> None:
        for pattern in patterns:
            if place(self.state_["moments"], pattern) < 0:
                self.state_["moments"] = np.concatenate([self.state_["moments"], pattern[None]])

    def complete(self, cues: Array) -> Array:
        moments, known = self.state_["moments"], ~np.isnan(cues)
        given = np.where(known, cues, 0.0)
        lengths = np.sqrt(known @ (moments**2).T)
        return np.asarray(moments[(given @ moments.T / np.maximum(lengths, 1e-12)).argmax(1)])

    def remove(self, patterns: Array) -> None:
        for row, pattern in enumerate(patterns):
            if (found := place(self.state_["moments"], pattern)) < 0:
                raise absent(row)
            facts = self.state_["facts"][self.state_["facts"][:, 0] != found]
            facts[:, 0] -= facts[:, 0] > found
            self.state_["moments"] = np.delete(self.state_["moments"], found, axis=0)
            self.state_["facts"] = facts

    def count(self) -> int:
        return len(self.state_["moments"])

    def limit(self) -> tuple[float, str]:
        return math.inf, "every moment has an index of its own"

    def tell(self, X: ArrayLike, triples: ArrayLike) -> Self:
        """Store scenes, and say of each that a subject, a predicate and an object hold; a scene may come repeatedly."""
        rows = checked(X, self.kind)
        said = np.asarray(triples)
        if said.shape != (len(rows), 3) or said.dtype.kind not in "iu":
            raise BadInput(f"Triples have shape {said.shape}; give three whole numbers for each of {len(rows)} scenes.")
        self._known(said.ravel().tolist())
        self.partial_fit(rows)
        moments = [place(self.state_["moments"], row) for row in rows]
        facts = np.concatenate([self.state_["facts"], np.column_stack([moments, said])])
        self.state_["facts"] = facts[np.sort(np.unique(facts, axis=0, return_index=True)[1])]
        return self

    def decode(self, X: ArrayLike, said: Sequence[int] = ()) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        """The likeliest triple of each scene, begun with what is said already: [m, 3]."""
        rows = checked(X, self.kind, self.features)
        triples = np.tile(np.array(said, dtype=np.int64), (len(rows), 1)).reshape(len(rows), len(said))
        self._known(said)
        while triples.shape[1] < 3:
            triples = np.column_stack([triples, self._scores(rows, triples).argmax(1)])
        return triples

    def chances(self, X: ArrayLike | None = None, said: Sequence[int] = ()) -> Array:
        """How likely each concept is said next, scene by scene; without a scene, what is generally so."""
        if len(said) > 2:
            raise BadInput(f"said={list(said)}: after three concepts nothing follows; give at most two.")
        self._known(said)
        rows = np.zeros((1, self.features)) if X is None else checked(X, self.kind, self.features)
        scores = SHARP * self._scores(rows, np.tile(np.array(said, dtype=np.int64), (len(rows), 1)))
        raised = np.exp(scores - scores.max(1, keepdims=True))
        return np.asarray(raised / raised.sum(1, keepdims=True))

    def _known(self, concepts: Sequence[int]) -> None:
        many = len(self.state_["embeddings"]) if self.state_ else self.concepts
        wrong = [each for each in concepts if not 0 <= each < many]
        if wrong:
            raise BadInput(f"Concept {wrong[0]} is none of the {many} there are; make the memory with more concepts.")

    def _scores(self, canvas: Array, said: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> Array:
        """How much each concept's embedding answers to the canvas and to what was said: [m, concepts]."""
        facts, many = self.state_["facts"], said.shape[1]
        if not len(facts):
            raise BadInput("No triple has been told, so there is nothing to say; see tell(X, triples).")
        known = self._painted(self.state_["moments"][facts[:, 0]], facts[:, 1 : 1 + many])
        asked = self._painted(canvas, said)
        wanted = np.eye(len(self.state_["embeddings"]))[facts[:, 1 + many]]
        alike = known @ known.T + self.ridge * np.eye(len(facts))
        return np.asarray(asked @ known.T @ np.linalg.solve(alike, wanted))

    def _painted(self, canvas: Array, said: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> Array:
        """The scene, what was said, and the two multiplied: what working memory holds, of length about 1 a part."""
        scale = np.linalg.norm(canvas, axis=1, keepdims=True)
        scene = canvas / np.where(scale > 0, scale, 1.0)
        parts = [scene, np.ones((len(canvas), 1))]
        bound = np.ones((len(canvas), self.features))
        for each in said.T:
            embedding = self.state_["embeddings"][each]
            bound = bound * embedding
            parts += [embedding / math.sqrt(self.features)]
        if said.shape[1]:
            parts += [scene * bound, bound / math.sqrt(self.features)]
        return np.concatenate(parts, axis=1)


def tensor_brain(concepts: int = 32, ridge: float = 0.1, seed: int = 0) -> Memory:
    """Moments and `concepts` as indices; `ridge` is how much the decoder smooths over what it was told."""
    return TensorBrain(concepts, ridge, seed)
