"""The vector index: the newest vectors searched exactly, the bulk in graphs, both answering for every row.

Up to `EXACT` vectors are kept in one matrix and compared exactly. Beyond that they go, a batch at a time, into
usearch graphs (HNSW, Malkov and Yashunin 2016, arXiv 1603.09320) of at most `PART` vectors of half precision, which
are saved beside the space and mapped into memory. A row may own several vectors; the best of them counts.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from usearch.index import Index

from mnesis.words import Floats, Rows

EXACT = 16_384  # vectors searched exactly before the first graph is built
BATCH = 4_096  # newest vectors searched exactly once there is a graph
PART = 262_144  # vectors in one graph: bounds what adding one costs at any size
CONNECTIVITY, EXPANSION_ADD, EXPANSION_SEARCH = 20, 56, 1400


class VectorIndex:
    """The vectors of one shelf in the order of its rows; `owner` [V] is the row of each."""

    def __init__(self, dim: int) -> None:
        self.dim = dim
        self.owner = np.zeros(1024, np.int64)
        self.size = 0  # vectors
        self.parts: list[tuple[int, Index]] = []  # (first vector, graph)
        self.saved = 0  # vectors that lie in saved graphs
        self._tail = np.zeros((1024, dim), np.float32)
        self._tail_from = 0

    def add(self, rows: Rows, vectors: Floats) -> None:
        """Add vectors [N, dim] owned by `rows` [N], which never decrease."""
        n = len(rows)
        if self.size + n > len(self.owner):
            self.owner = np.concatenate([self.owner, np.zeros(max(n, len(self.owner)), np.int64)])
        self.owner[self.size : self.size + n] = rows
        held = self.size - self._tail_from
        if held + n > len(self._tail):
            grown = np.zeros((max(held + n, 2 * len(self._tail)), self.dim), np.float32)
            grown[:held] = self._tail[:held]
            self._tail = grown
        self._tail[held : held + n] = vectors
        self.size += n
        self._settle()

    def _settle(self) -> None:
        held = self.size - self._tail_from
        if held < (BATCH if self.parts else EXACT):
            return
        done = 0
        while done < held:
            if not self.parts or len(self.parts[-1][1]) >= PART:
                self.parts.append((self._tail_from + done, graph(self.dim)))
            index = self.parts[-1][1]
            n = min(held - done, PART - len(index))
            keys = np.arange(self._tail_from + done, self._tail_from + done + n, dtype=np.uint64)
            index.add(keys, self._tail[done : done + n], threads=0)
            done += n
        self._tail_from = self.size
        self._tail = np.zeros((1024, self.dim), np.float32)

    def take(self, vectors: Rows) -> Floats:
        """The stored vectors [N, dim] of these vector numbers."""
        out = np.empty((len(vectors), self.dim), np.float32)
        late = vectors >= self._tail_from
        if late.any():
            out[late] = self._tail[vectors[late] - self._tail_from]
        for at, (first, index) in enumerate(self.parts):
            stop = self.parts[at + 1][0] if at + 1 < len(self.parts) else self._tail_from
            here = (vectors >= first) & (vectors < stop)
            if here.any():
                out[here] = index.get(vectors[here].astype(np.uint64), dtype=np.float32)
        return out

    def nearest(self, query: Floats, limit: int) -> tuple[Rows, Floats]:
        """The best rows by their best vector, and the cosines; nearest first."""
        rows: list[NDArray[Any]] = []
        scores: list[NDArray[Any]] = []
        held = self.size - self._tail_from
        if held:
            cosine = self._tail[:held] @ query
            if held > limit:
                best = np.argpartition(cosine, held - limit)[held - limit :]
            else:
                best = np.arange(held)
            rows.append(self.owner[self._tail_from + best])
            scores.append(cosine[best])
        for _, index in self.parts:
            matches = index.search(query, min(limit, len(index)))
            rows.append(self.owner[matches.keys.astype(np.int64)])
            scores.append(1.0 - matches.distances.astype(np.float32))
        if not rows:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        row, score = np.concatenate(rows), np.concatenate(scores)
        order = np.lexsort((row, -score))
        row, score = row[order], score[order].astype(np.float32)
        _, first = np.unique(row, return_index=True)
        first.sort()
        return row[first[:limit]], score[first[:limit]]

    def save(self, folder: Path) -> list[dict[str, Any]]:
        """Save the graphs that have grown; returns what was saved: file, first vector, how many."""
        listing = []
        for first, index in self.parts:
            name = f"vectors-{first}-{len(index)}.usearch"
            if not (folder / name).exists():
                index.save(str(folder / name))
            listing.append({"file": name, "first": first, "size": len(index)})
        self.saved = self._tail_from
        return listing

    def load(self, folder: Path, listing: list[dict[str, Any]], owner: Rows) -> None:
        """Map saved graphs; `owner` [V] holds the rows of their vectors. The last, growing one is loaded whole."""
        self.parts = []
        for at, each in enumerate(listing):
            last = at == len(listing) - 1 and each["size"] < PART
            index = graph(self.dim)
            index.load(str(folder / each["file"])) if last else index.view(str(folder / each["file"]))
            if len(index) != each["size"]:
                raise ValueError(f"{each['file']} holds {len(index)} vectors, not {each['size']}")
            self.parts.append((each["first"], index))
        self.owner = owner.astype(np.int64)
        self.size = self._tail_from = self.saved = len(owner)


def graph(dim: int) -> Index:
    """An empty graph of cosine neighbours, half precision."""
    return Index(
        ndim=dim,
        metric="cos",
        dtype="f16",
        connectivity=CONNECTIVITY,
        expansion_add=EXPANSION_ADD,
        expansion_search=EXPANSION_SEARCH,
    )
