"""The word index: immutable segments of postings, merged as they grow, matched with BM25.

Source of the scores: Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009
(doi 10.1561/1500000019), in the non-negative form of the idf. A segment covers the rows [low, high) of a shelf;
new rows make small segments, and segments of like size are merged, so that there are few of them at any size. A
segment is arrays only: it can be saved as one file and memory-mapped.
"""

from __future__ import annotations

from collections.abc import Sequence
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
SPARSE = 16  # a score for every row is kept where one in so many, or more, holds a word of the question
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

    def rows_of(self, codes: Array, size: int) -> list[Rows]:
        """The rows below `size` that hold each of these term codes, ascending."""
        parts: list[list[Rows]] = [[] for _ in codes]
        for each in self.segments:
            if not len(each.vocab) or each.low >= size:
                continue
            at = np.minimum(np.searchsorted(each.vocab, codes), len(each.vocab) - 1)
            for t in np.flatnonzero(each.vocab[at] == codes).tolist():
                docs = each.docs[each.start[at[t]] : each.start[at[t] + 1]].astype(np.int64) + each.low
                parts[t].append(docs if each.high <= size else docs[: int(np.searchsorted(docs, size))])
        return [np.concatenate(each) if each else np.zeros(0, np.int64) for each in parts]

    def rarity(self, codes: Array, size: int) -> Floats:
        """The idf of each of these term codes among the rows below `size`."""
        held = np.zeros(len(codes), np.int64)
        for each in self.segments:
            if not len(each.vocab) or each.low >= size:
                continue
            at = np.minimum(np.searchsorted(each.vocab, codes), len(each.vocab) - 1)
            known = np.flatnonzero(each.vocab[at] == codes)
            start, stop = each.start[at[known]], each.start[at[known] + 1]
            if each.high > size:  # rows that came later do not count
                below = [np.searchsorted(each.docs[a:b], size - each.low) for a, b in zip(start, stop, strict=True)]
                stop = start + np.array(below, np.int64)
            held[known] += stop - start
        return np.log1p((size - held + 0.5) / (held + 0.5)).astype(np.float32)

    def every_form(self, rows: Rows) -> list[Array]:
        """The same of many rows."""
        out = [np.zeros(0, np.uint64)] * len(rows)
        for each in self.segments:
            here = np.flatnonzero((rows >= each.low) & (rows < each.high))
            if not len(here):
                continue
            first, last = each.first[rows[here] - each.low], each.first[rows[here] - each.low + 1]
            count = last - first
            ends = np.cumsum(count)
            forms = each.vocab[each.held[np.repeat(last - ends, count) + np.arange(int(ends[-1]))]]
            for at, begin, end in zip(here.tolist(), (ends - count).tolist(), ends.tolist(), strict=True):
                out[at] = forms[begin:end]
        return out


class BM25:
    """A bag of query terms matched against every row below `size`; see `store.Match`.

    The postings of all terms stand one after the other under one ascending key, term * (size + 1) + row + 1, so that
    any number of rows is looked up for all terms at once and row -1 is never found.
    """

    def __init__(self, index: WordIndex, length: Array, size: int, codes: Sequence[int], dead: Rows | None) -> None:
        codes = list(dict.fromkeys(codes))
        self._size = size
        self._terms = len(codes)
        self._length = length
        self._dead = np.zeros(0, np.int64) if dead is None else dead
        self._average = max(1.0, index.terms_in(length, size) / size) if size else 1.0
        parts: list[tuple[int, Segment, int, int]] = []
        if codes and size:
            parts = self._slices(index.segments, np.array(codes, np.uint64))
        held = np.zeros(self._terms, np.int64)
        for t, _, start, stop in parts:
            held[t] += stop - start
        self.idf: Floats = np.log1p((size - held + 0.5) / (held + 0.5)).astype(np.float32)
        self.attainable = float(self.idf.sum() * (K1 + 1))
        self._freq = [each.freq[start:stop] for _, each, start, stop in parts]
        keys = [each.docs[start:stop] + np.int64(t * (size + 1) + each.low + 1) for t, each, start, stop in parts]
        self._key: Rows = np.concatenate(keys) if keys else np.zeros(0, np.int64)
        self._term = np.repeat(np.arange(self._terms), held)
        self._full: Floats | None = None

    def _slices(self, segments: Sequence[Segment], codes: Array) -> list[tuple[int, Segment, int, int]]:
        """Where the postings of each term stand: (term, segment, start, stop), by term and row."""
        out = []
        for each in segments:
            if not len(each.vocab):
                continue
            at = np.minimum(np.searchsorted(each.vocab, codes), len(each.vocab) - 1)
            terms = np.flatnonzero(each.vocab[at] == codes)
            spans = zip(terms.tolist(), each.start[at[terms]].tolist(), each.start[at[terms] + 1].tolist(), strict=True)
            for t, start, stop in spans:
                if each.high > self._size:  # rows that came later count neither as hits nor for the idf
                    stop = start + int(np.searchsorted(each.docs[start:stop], self._size - each.low))
                if stop > start:
                    out.append((t, each, start, stop))
        return sorted(out, key=lambda part: (part[0], part[1].low))

    def _saturated(self) -> Floats:
        """How fully the row of each posting speaks of its term, f / (f + k1 (1 - b + b length / average))."""
        if self._full is None:
            freq = np.concatenate(self._freq).astype(np.float32) if self._freq else np.zeros(0, np.float32)
            size = self._length[self._rows()].astype(np.float32)
            norm = np.float32(K1 * (1 - B)) + size * np.float32(K1 * B / self._average)
            self._full = np.divide(freq, freq + norm, dtype=np.float32)
        return self._full

    def _rows(self) -> Rows:
        """The row of each posting."""
        return self._key - self._term * (self._size + 1) - 1

    def top(self, limit: int) -> tuple[Rows, Floats]:
        """The best rows and their scores, best first; ties by row."""
        if not len(self._key) or limit < 1:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        rows = self._rows()
        weighed = self._saturated() * (self.idf * np.float32(K1 + 1))[self._term]
        if len(rows) * SPARSE > self._size:
            score = np.bincount(rows, weighed, self._size).astype(np.float32)
            score[self._dead] = 0
            rows = largest(score, limit, bound=0.0)
            score = score[rows]
        else:
            rows, at = np.unique(rows, return_inverse=True)
            score = np.bincount(at, weighed, len(rows)).astype(np.float32)
            score[self._gone(rows)] = 0
        rows, score = rows[score > 0], score[score > 0]
        order = np.lexsort((rows, -score))[:limit]
        return rows[order], score[order]

    def _gone(self, rows: Rows) -> Array:
        if not len(self._dead):
            return np.zeros(len(rows), bool)
        at = np.minimum(np.searchsorted(self._dead, rows), len(self._dead) - 1)
        return np.asarray(self._dead[at] == rows)

    def _found(self, rows: Rows) -> tuple[Array, Array]:
        """Which of [T, N] rows hold each term, and where the postings of those that do stand."""
        shape = self._terms, len(rows)
        if not len(self._key):
            return np.zeros(shape, bool), np.zeros(0, np.int64)
        wanted = np.where(rows < self._size, rows + 1, 0) + (np.arange(self._terms) * (self._size + 1))[:, None]
        at = np.minimum(np.searchsorted(self._key, wanted), len(self._key) - 1)
        hit = self._key[at] == wanted
        return hit, at[hit]

    def at(self, rows: Rows) -> Floats:
        """Scores of these rows; 0 for row -1."""
        weighed = self.saturation(rows) * (self.idf * np.float32(K1 + 1))
        score: Floats = weighed.sum(axis=1, dtype=np.float64).astype(np.float32)
        score[self._gone(rows)] = 0
        return score

    def bits(self, rows: Rows) -> Array:
        """uint64 [N]: bit t is set where the row holds query term t; the first 64 terms have one."""
        hit, _ = self._found(rows)
        bit = np.uint64(1) << np.arange(min(64, self._terms), dtype=np.uint64)
        return np.asarray(bit @ hit[:64].astype(np.uint64))

    def saturation(self, rows: Rows) -> Floats:
        """[N, T] in 0..1: how fully each row speaks of each query term; 0 for row -1.

        It is the part of a BM25 score that does not depend on the term.
        """
        hit, at = self._found(rows)
        out = np.zeros(hit.shape, np.float32)
        out[hit] = self._saturated()[at]
        return out.T
