"""A bank of unsafe concepts in vectors, and how far a text leans towards them; a value that grows by being met."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnesis.words import Floats, replace

NEW = 0.5  # a flagged text less like every concept than this brings one of its own
NAMELESS = "something met before"


@dataclass(frozen=True, slots=True, eq=False)
class Bank:
    """Concepts [C, D] with their names and how often each was met, seen from the `middle` [D] of harmless texts.

    `usual` [C] is what harmless examples do to the concepts, `limit` the distance all but a few of them stay below.
    The `first` concepts were given and stay; at most `room` more are learned.
    """

    concepts: Floats
    names: tuple[str, ...]
    met: NDArray[np.int64]
    harmless: Floats
    middle: Floats
    usual: Floats
    limit: float
    rare: float
    room: int
    first: int

    def distance(self, vectors: Floats) -> Floats:
        """How far each of these vectors [M, D] leans towards the concepts, beyond what is usual for the harmless."""
        return _beyond(_seen(vectors, self.middle) @ self.concepts.T, self.usual)

    def flags(self, vector: Floats) -> bool:
        """Whether a vector [D] leans further than the harmless do."""
        return bool(self.distance(vector[None])[0] > self.limit)

    def nearest(self, vector: Floats) -> tuple[str, float]:
        """The name of the concept a vector is most like, and the cosine."""
        alike = self.concepts @ _seen(vector[None], self.middle)[0]
        return self.names[int(alike.argmax())], float(alike.max())

    def met_with(self, vector: Floats) -> Bank:
        """The bank after a flagged text: the concept it is like was met once more; when it is like none enough, what
        the nearest ones do not say of it becomes a concept, in the place of the learned one that was met least."""
        seen = _seen(vector[None], self.middle)[0]
        alike = self.concepts @ seen
        met = self.met.copy()
        met[alike.argmax()] += 1
        if float(alike.max()) >= NEW or not self.room:
            return replace(self, met=met)
        near = np.argsort(-alike)[:3]
        share = np.exp(5 * alike[near])
        rest = seen - (share / share.sum() * alike[near]) @ self.concepts[near]
        rest /= max(float(np.linalg.norm(rest)), 1e-9)
        stay = np.arange(len(self.names))
        if len(stay) - self.first >= self.room:
            stay = np.delete(stay, self.first + int(met[self.first :].argmin()))
        names = (*(self.names[each] for each in stay), NAMELESS)
        concepts = np.concatenate([self.concepts[stay], rest[None]]).astype(np.float32)
        return _calibrated(
            concepts, names, np.append(met[stay], 1), self.harmless, self.middle, self.rare, self.room, self.first
        )


def bank(concepts: Floats, names: tuple[str, ...], harmless: Floats, rare: float = 0.03, room: int = 24) -> Bank:
    """A bank of concepts [C, D]; what is usual is learned from harmless examples [N, D] alone."""
    middle = harmless.mean(axis=0)
    seen = _seen(concepts, middle)
    return _calibrated(
        seen, names, np.zeros(len(names), np.int64), _seen(harmless, middle), middle, rare, room, len(names)
    )


def _calibrated(
    concepts: Floats,
    names: tuple[str, ...],
    met: NDArray[np.int64],
    harmless: Floats,
    middle: Floats,
    rare: float,
    room: int,
    first: int,
) -> Bank:
    felt = harmless @ concepts.T
    part = np.arange(len(felt)) % 5  # each example is held against what the others say is usual
    off = [_beyond(felt[part == each], felt[part != each].mean(axis=0)) for each in range(5)]
    limit = float(np.quantile(np.concatenate(off), 1 - rare))
    return Bank(concepts, names, met, harmless, middle, felt.mean(axis=0), limit, rare, room, first)


def _seen(vectors: Floats, middle: Floats) -> Floats:
    """Vectors as directions from the middle of what is harmless."""
    off = vectors - middle
    out: Floats = (off / np.maximum(np.linalg.norm(off, axis=1, keepdims=True), 1e-9)).astype(np.float32)
    return out


def _beyond(felt: Floats, usual: Floats) -> Floats:
    out: Floats = np.linalg.norm(np.maximum(felt - usual, 0), axis=1).astype(np.float32)
    return out
