"""The vector index: every vector in 16 bits, the upper eight of them compared with every question.

A vector is kept as two planes of whole numbers, x = scale (256 high + low). The high plane alone tells a cosine to
about a thousandth, and SimSIMD multiplies it at the speed of memory; the few hundred best are then compared with both
planes. So nothing near is missed, adding a vector costs a copy, and the same question always gets the same answer. A
graph (HNSW) takes some twenty times as long to build and misses more the larger it grows; clusters and shorter codes,
of which only a part is compared, save half of the time at a million vectors and miss a few in a hundred.

The planes lie in parts of at most `PART` vectors, which are saved beside the space and mapped into memory. A row may
own several vectors; the best of them counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import simsimd
from numpy.typing import NDArray

from mnesis.store.arrayfile import mapped, write
from mnesis.store.largest import largest
from mnesis.words import Floats, Rows, distinct

PART = 65_536  # vectors in one part: a part that grew is saved anew, a full one never again
STEPS = 127 * 256  # a vector's largest number is this many steps of its scale
SPARE = 64  # compared with both planes beyond half as many again as are wanted: the high plane errs a little
Array = NDArray[Any]


class Part:
    """Vectors that follow each other: high and low int8 [N, dim], scale float32 [N]."""

    def __init__(self, first: int, dim: int) -> None:
        self.first = first
        self.size = 0
        self.high = np.zeros((0, dim), np.int8)
        self.low = np.zeros((0, dim), np.int8)
        self.scale = np.zeros(0, np.float32)

    def add(self, vectors: Floats) -> None:
        """Take in vectors [N, dim]; the part must have room for them."""
        size = self.size + len(vectors)
        if size > len(self.scale):  # mapped arrays end where they are full, so nothing is ever written into them
            room = min(PART, max(size, 2 * len(self.scale), 64))
            self.high, self.low, self.scale = (_grown(each, room) for each in (self.high, self.low, self.scale))
        scale = (np.abs(vectors).max(axis=1, initial=0.0) / STEPS).astype(np.float32)
        steps = np.rint(vectors / np.where(scale > 0, scale, 1)[:, None]).astype(np.int16)
        steps = steps.clip(-STEPS, STEPS)
        high = (steps + 128) >> 8
        new = slice(self.size, size)
        self.high[new], self.low[new], self.scale[new] = high, steps - (high << 8), scale
        self.size = size

    def take(self, at: Rows) -> Floats:
        """The vectors [N, dim] at these places."""
        out = self.steps(at)
        out *= self.scale[at, None]
        return out

    def steps(self, at: Rows) -> Floats:
        """The same, each in steps of its own scale."""
        both = self.high.take(at, axis=0).astype(np.int16)
        both <<= 8
        both += self.low.take(at, axis=0).astype(np.int16)
        wide: Floats = both.astype(np.float32)
        return wide

    def against(self, steps: Array, out: Floats) -> None:
        """Write about how long each vector's shadow on a question [1, dim] of int8 is, in steps of the question."""
        dots = simsimd.cdist(steps, self.high[: len(out)], metric="dot", out_dtype="float32")
        np.multiply(np.asarray(dots)[0], self.scale[: len(out)], out=out)

    def save(self, path: Path) -> None:
        """Write the part as one file."""
        arrays = {name: getattr(self, name)[: self.size] for name in ("high", "low", "scale")}
        write(path, {"first": self.first}, arrays)

    @staticmethod
    def load(path: Path, dim: int) -> Part:
        """Map a saved part into memory."""
        head, arrays = mapped(path)
        out = Part(head["first"], dim)
        out.high, out.low, out.scale = arrays["high"], arrays["low"], arrays["scale"]
        out.size = len(out.scale)
        if out.high.shape != (out.size, dim) or out.low.shape != (out.size, dim):
            raise ValueError(f"{path.name} does not hold vectors of {dim} numbers")
        return out


def _grown(array: Array, room: int) -> Array:
    out = np.zeros((room, *array.shape[1:]), array.dtype)
    out[: len(array)] = array
    return out


class VectorIndex:
    """The vectors of one shelf in the order of its rows; `owner` [V] is the row of each."""

    def __init__(self, dim: int) -> None:
        self.dim = dim
        self.owner = np.zeros(1024, np.int64)
        self.size = 0  # vectors
        self.parts: list[Part] = []
        self.several = False  # whether a row owns more than one vector

    def add(self, rows: Rows, vectors: Floats) -> None:
        """Add vectors [N, dim] owned by `rows` [N], which never decrease."""
        n = len(rows)
        if self.size + n > len(self.owner):
            self.owner = np.concatenate([self.owner[: self.size], np.zeros(max(n, self.size), np.int64)])
        self.owner[self.size : self.size + n] = rows
        self.several |= _repeats(self.owner[max(0, self.size - 1) : self.size + n])
        done = 0
        while done < n:
            if not self.parts or self.parts[-1].size >= PART:
                self.parts.append(Part(self.size + done, self.dim))
            part = self.parts[-1]
            some = vectors[done : done + PART - part.size]
            part.add(some)
            done += len(some)
        self.size += n

    def take(self, vectors: Rows) -> Floats:
        """The vectors [N, dim] of these vector numbers."""
        if len(self.parts) == 1:
            return self.parts[0].take(vectors)
        out = np.empty((len(vectors), self.dim), np.float32)
        for part, at, here in self._spread(vectors):
            out[at] = part.take(here)
        return out

    def blend(self, rows: Rows, weights: Floats) -> Floats:
        """Weighted sums [N, dim] of the first vectors of rows [N, J]; a row without one, and row -1, add nothing."""
        once = distinct(rows.ravel())
        first = self.firsts(once)
        have = np.flatnonzero(first >= 0)
        steps = np.zeros((len(once), self.dim), np.float32)
        scale = np.zeros(len(once), np.float32)
        for part, at, here in self._spread(first[have]):
            steps[have[at]], scale[have[at]] = part.steps(here), part.scale[here]
        of = np.searchsorted(once, rows)
        weights = weights * scale[of]
        mix: Floats = np.matmul(weights[:, None, :], steps[of], dtype=np.float32)
        return mix[:, 0]

    def firsts(self, rows: Rows) -> Rows:
        """The first vector of each row, -1 where it has none."""
        if not self.several and self.size and self.owner[self.size - 1] == self.size - 1:  # every row has one
            return np.where(rows < self.size, rows, -1)
        owner = self.owner[: self.size]
        at = np.searchsorted(owner, rows)
        have = (rows >= 0) & (at < self.size)
        have[have] = owner[at[have]] == rows[have]
        return np.where(have, at, -1)

    def _spread(self, vectors: Rows) -> Iterator[tuple[Part, Any, Rows]]:
        """The parts that hold these vectors, which of them each holds, and where in it."""
        if len(self.parts) == 1:
            yield self.parts[0], slice(None), vectors
            return
        order = np.argsort(vectors)
        ordered = vectors[order]
        cuts = np.searchsorted(ordered, [*(part.first for part in self.parts), self.size]).tolist()
        for part, begin, end in zip(self.parts, cuts, cuts[1:], strict=False):
            if end > begin:
                yield part, order[begin:end], ordered[begin:end] - part.first

    def nearest(self, query: Floats, limit: int, below: int | None = None) -> tuple[Rows, Floats]:
        """The best rows by their best vector, and the cosines; nearest first. With `below` only rows before that one
        are looked at, and the answer is to the last bit what it was before any other came."""
        peak = float(np.abs(query).max(initial=0.0))
        size = self.size if below is None else int(np.searchsorted(self.owner[: self.size], below))
        if not size or limit < 1:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        steps = np.rint(query[None] * (127 / peak if peak else 0.0)).astype(np.int8)
        about = np.empty(size, np.float32)
        for part in self.parts:
            if part.first < size:
                part.against(steps, about[part.first : part.first + part.size])
        few = largest(about, limit + limit // 2 + SPARE)
        score: Floats = self.take(few) @ query
        row = self.owner[few]
        order = np.lexsort((row, -score))
        row, score = row[order], score[order]
        if not self.several:
            return row[:limit], score[:limit]
        _, first = np.unique(row, return_index=True)
        first.sort()
        return row[first[:limit]], score[first[:limit]]

    def save(self, folder: Path) -> list[str]:
        """Save the parts that are not saved yet; returns the names of the files that hold them all."""
        names = [f"vectors-{part.first}-{part.size}.part" for part in self.parts]
        for at, name in enumerate(names):
            if not (folder / name).exists():
                self.parts[at].save(folder / name)
        return names

    def load(self, folder: Path, names: list[str], owner: Rows) -> None:
        """Map saved parts; `owner` [V] holds the rows of their vectors."""
        parts = [Part.load(folder / name, self.dim) for name in names]
        ends = np.cumsum([0, *(part.size for part in parts)]).tolist()
        if [*(part.first for part in parts), len(owner)] != ends:
            raise ValueError(f"The parts hold {ends[-1]} vectors, not {len(owner)}, or not in their order")
        self.parts, self.owner, self.size = parts, owner.astype(np.int64), len(owner)
        self.several = _repeats(self.owner)


def _repeats(rows: Rows) -> bool:
    """Whether one of these rows, which never decrease, stands there twice."""
    return bool((rows[1:] == rows[:-1]).any())
