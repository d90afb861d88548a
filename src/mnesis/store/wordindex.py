"""The word index: immutable segments of postings, merged as they grow, matched with BM25.

Source of the scores: Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009
(doi 10.1561/1500000019), in the non-negative form of the idf. A segment covers the rows [low, high) of a shelf;
new rows make small segments, and segments of like size are merged, so that there are few of them at any size. A
segment is arrays only: it can be saved as one file and memory-mapped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnesis.store.arrayfile import mapped, write
from mnesis.store.largest import largest
from mnesis.words import Floats, Rows

K1, B = 1.2, 0.75
FAN_OUT = 4
Array = NDArray[Any]
PARTS = ("vocab", "start", "docs", "freq", "first", "held")


@dataclass(frozen=True, slots=True)
class Segment:
    """Postings of the rows [low, high).

    vocab uint64 [T] sorted codes; start int64 [T+1]; docs int32 [P] row - low, ascending within a term; freq uint8 [P];
    first int64 [rows+1] and held uint32 [P]: the sorted distinct terms (as positions in vocab) of each row.
    """

    low: int
    high: int
    vocab: Array
    start: Array
    docs: Array
    freq: Array
    first: Array
    held: Array

    def save(self, path: Path) -> None:
        """Write the segment as one file."""
        write(path, {"low": self.low, "high": self.high}, {name: getattr(self, name) for name in PARTS})

    @staticmethod
    def load(path: Path) -> Segment:
        """Map a saved segment into memory."""
        head, arrays = mapped(path)
        return Segment(head["low"], head["high"], **arrays)


def segment(low: int, codes: Sequence[Sequence[int]]) -> Segment:
    """Index the term codes of consecutive rows, the first of which is `low`."""
    counts = np.fromiter((len(each) for each in codes), np.int64, len(codes))
    flat = np.fromiter((code for each in codes for code in each), np.uint64, int(counts.sum()))
    vocab, term = np.unique(flat, return_inverse=True)
    doc = np.repeat(np.arange(len(codes), dtype=np.int64), counts)
    pair, times = np.unique(term * len(codes) + doc, return_counts=True) if len(codes) else (flat, flat)
    return _postings(low, low + len(codes), vocab, pair // max(1, len(codes)), pair % max(1, len(codes)), times)


def merged(parts: Sequence[Segment]) -> Segment:
    """One segment in place of several that follow each other."""
    low, high = parts[0].low, parts[-1].high
    vocab = np.unique(np.concatenate([each.vocab for each in parts]))
    term = np.concatenate(
        [np.repeat(np.searchsorted(vocab, each.vocab), np.diff(each.start)).astype(np.int32) for each in parts]
    )
    doc = np.concatenate([each.docs + np.int32(each.low - low) for each in parts])
    freq = np.concatenate([each.freq for each in parts])
    order = np.argsort(term, kind="stable")
    return _postings(low, high, vocab, term[order], doc[order], freq[order])


def _postings(low: int, high: int, vocab: Array, term: Array, doc: Array, freq: Array) -> Segment:
    start = np.zeros(len(vocab) + 1, np.int64)
    np.cumsum(np.bincount(term, minlength=len(vocab)), out=start[1:])
    doc = doc.astype(np.int32)
    first = np.zeros(high - low + 1, np.int64)
    np.cumsum(np.bincount(doc, minlength=high - low), out=first[1:])
    held = term[np.argsort(doc, kind="stable")].astype(np.uint32)
    return Segment(low, high, vocab, start, doc, np.minimum(freq, 255).astype(np.uint8), first, held)


class WordIndex:
    """The segments of one shelf, oldest rows first, without gaps."""

    def __init__(self, segments: Sequence[Segment] = ()) -> None:
        self.segments: tuple[Segment, ...] = tuple(segments)
        self._counted = (0, 0)  # so many rows hold so many terms

    @property
    def high(self) -> int:
        return self.segments[-1].high if self.segments else 0

    def add(self, codes: Sequence[Sequence[int]]) -> None:
        """Index the next rows and merge what has become many."""
        segments = [*self.segments, segment(self.high, codes)]
        while len(segments) > 1:
            # The newest run of segments that are not much larger than what they would become is merged.
            size = segments[-1].high - segments[-1].low
            run = 1
            while run < len(segments) and segments[-run - 1].high - segments[-run - 1].low <= FAN_OUT * size:
                run += 1
            if run < FAN_OUT:
                break
            segments[-run:] = [merged(segments[-run:])]
        self.segments = tuple(segments)

    def terms_in(self, length: Array, size: int) -> int:
        """How many terms the rows below `size` hold, where `length` tells it of each."""
        rows, terms = self._counted if self._counted[0] <= size else (0, 0)
        terms += int(length[rows:size].sum(dtype=np.int64))
        self._counted = (size, terms)
        return terms

    def forms(self, row: int) -> Array:
        """The sorted distinct term codes of a row."""
        for each in self.segments:
            if each.low <= row < each.high:
                at = row - each.low
                return np.asarray(each.vocab[each.held[each.first[at] : each.first[at + 1]]])
        return np.zeros(0, np.uint64)


class BM25:
    """A bag of query terms matched against every row below `size`; see `store.Match`.

    Rows are scored all at once when their scores are first asked for; what a few rows hold is looked up.
    """

    def __init__(self, index: WordIndex, length: Array, size: int, codes: Sequence[int], dead: Rows | None) -> None:
        codes = list(dict.fromkeys(codes))
        self._size = size
        self._length = length
        self._dead = dead
        self._scores: Floats | None = None
        self._slices: list[list[tuple[Segment, int, int]]] = [[] for _ in codes]
        if codes and size:
            self._find(index.segments, np.array(codes, np.uint64))
        held = np.array([sum(stop - start for _, start, stop in each) for each in self._slices], np.float64)
        self.idf: Floats = np.log1p((size - held + 0.5) / (held + 0.5)).astype(np.float32)
        self._average = max(1.0, index.terms_in(length, size) / size) if size else 1.0
        self.attainable = float(self.idf.sum() * (K1 + 1))

    def _find(self, segments: Sequence[Segment], codes: Array) -> None:
        for each in segments:
            at = np.searchsorted(each.vocab, codes)
            for t, i in enumerate(at.tolist()):
                if i < len(each.vocab) and each.vocab[i] == codes[t]:
                    start, stop = int(each.start[i]), int(each.start[i + 1])
                    if each.high > self._size:  # rows that came later count neither as hits nor for the idf
                        stop = start + int(np.searchsorted(each.docs[start:stop], self._size - each.low))
                    if stop > start:
                        self._slices[t].append((each, start, stop))

    def _score(self) -> Floats:
        if self._scores is None:
            out = np.zeros(self._size + 1, np.float32)  # the last one answers for row -1
            for idf, parts in zip(self.idf, self._slices, strict=True):
                weight = idf * np.float32(K1 + 1)
                for each, start, stop in parts:
                    rows = each.docs[start:stop] + np.int64(each.low)
                    freq = each.freq[start:stop].astype(np.float32)
                    norm = self._length[rows] * np.float32(K1 * B / self._average)
                    norm += freq + np.float32(K1 * (1 - B))
                    freq /= norm
                    freq *= weight
                    out[rows] += freq
            if self._dead is not None and len(self._dead):
                out[self._dead] = 0
            self._scores = out
        return self._scores

    def top(self, limit: int) -> tuple[Rows, Floats]:
        """The best rows and their scores, best first; ties by row."""
        if limit < 1 or not any(self._slices):
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        scores = self._score()
        rows = largest(scores[: self._size], limit, bound=0.0)
        score = scores[rows]
        order = np.lexsort((rows, -score))
        return rows[order], score[order]

    def at(self, rows: Rows) -> Floats:
        """Scores of these rows; 0 for row -1."""
        return self._score()[rows]

    def bits(self, rows: Rows) -> Array:
        """uint64 [N]: bit t is set where the row holds query term t; the first 64 terms have one."""
        out = np.zeros(len(rows), np.uint64)
        for t, at, _ in self._held(rows):
            if t < 64:
                out[at] |= np.uint64(1 << t)
        return out

    def saturation(self, rows: Rows) -> Floats:
        """[N, T] in 0..1: how fully each row speaks of each query term; 0 for row -1.

        It is the part of a BM25 score that does not depend on the term, f / (f + k1 (1 - b + b length / average)).
        """
        out = np.zeros((len(rows), len(self._slices)), np.float32)
        norm = np.float32(K1 * (1 - B)) + self._length[rows] * np.float32(K1 * B / self._average)
        for t, at, freq in self._held(rows):
            out[at, t] = freq / (freq + norm[at])
        return out

    def _held(self, rows: Rows) -> Iterator[tuple[int, Rows, Floats]]:
        """The terms, the places in `rows` of those that hold them, and how often they do."""
        order = np.argsort(rows, kind="stable")
        wanted = rows[order]
        for t, parts in enumerate(self._slices):
            for each, start, stop in parts:
                first, last = np.searchsorted(wanted, (max(each.low, 0), min(each.high, self._size)))
                docs = each.docs[start:stop]
                local = (wanted[first:last] - each.low).astype(docs.dtype)  # else `docs` would be copied
                at = np.minimum(np.searchsorted(docs, local), len(docs) - 1)
                hit = np.flatnonzero(docs[at] == local)
                if len(hit):
                    yield t, order[first + hit], each.freq[start + at[hit]].astype(np.float32)
