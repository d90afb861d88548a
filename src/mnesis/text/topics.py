"""Where a conversation goes on to another topic: the cuts that leave the turns of each stretch most alike.

Two turns are alike by the words they share (rare ones count more) and, where there are vectors, by how much nearer
they lie than turns of the conversation usually do. The cost of a stretch is how far its turns lie from its own mean;
the cheapest cutting of all is found exactly, each cut costing `price`. One odd turn within a topic is not worth a cut
on either side; a lasting change of what is spoken of is (Arlot, Celisse and Harchaoui, A Kernel Multiple Change-point
Algorithm via Model Selection, 2019; the kernel and the price are ours).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnesis.words import Floats

# What a cut costs, by words alone and with vectors too; at a price of 1 turns with nothing in common are all parted.
PRICE, MIXED = 1.25, 1.4
LONGEST = 400  # turns that are cut at once; more are taken in parts, each beginning with the last cut of the former
Square: TypeAlias = NDArray[np.float64]


def cuts(
    terms: Sequence[Sequence[Any]],
    vectors: Sequence[Floats | None] | None = None,
    price: float | None = None,
    least: int = 2,
) -> list[int]:
    """The places (each the number of the first turn of a new topic) at which turns are to be cut.

    `terms` are the terms of each turn, `vectors` its embedding or None; no topic has fewer than `least` turns.

    >>> cuts([[1, 2], [2, 1], [1, 2, 3], [2, 3, 1], [7, 8], [8, 9, 7], [7, 9], [9, 8]])
    [4]
    """
    if price is None:
        price = PRICE if vectors is None or all(each is None for each in vectors) else MIXED
    found: list[int] = []
    begin = 0
    while True:
        end = min(len(terms), begin + LONGEST)
        some = None if vectors is None else vectors[begin:end]
        inside = [begin + each for each in _cut(alike(terms[begin:end], some), price, least)]
        if end == len(terms):
            return [*found, *inside]
        found += inside or [end]
        begin = found[-1]


def alike(terms: Sequence[Sequence[Any]], vectors: Sequence[Floats | None] | None = None) -> Square:
    """How alike each two turns are, in 0..1, [N, N]; a turn is wholly like itself, one without terms like none."""
    shared = _lexical(terms)
    if vectors is None or sum(each is not None for each in vectors) < 2:
        return shared
    width = next(len(each) for each in vectors if each is not None)
    rows = np.stack([np.zeros(width) if each is None else np.asarray(each, np.float64) for each in vectors])
    cosine = rows @ rows.T
    known = np.array([each is not None for each in vectors])
    pairs = np.triu(np.outer(known, known), 1)
    usual = float(cosine[pairs].mean()) if pairs.any() else 0.0
    near = np.clip((cosine - usual) / max(1e-6, 1 - usual), 0, 1) * np.outer(known, known)
    mixed: Square = np.maximum(shared, 0.5 * (shared + near))
    return mixed


def _lexical(terms: Sequence[Sequence[Any]]) -> Square:
    """Cosines of the turns' distinct terms, each weighed by how few of the turns hold it."""
    spread = Counter(term for each in terms for term in set(each))
    names = {term: n for n, term in enumerate(sorted(spread))}
    held = np.zeros((len(terms), max(1, len(names))))
    for n, each in enumerate(terms):
        for term in set(each):
            held[n, names[term]] = np.log(1 + len(terms) / spread[term])
    norms = np.linalg.norm(held, axis=1, keepdims=True)
    held /= np.maximum(norms, 1e-9)
    likeness: Square = held @ held.T
    return likeness


def _cut(kernel: Square, price: float, least: int) -> list[int]:
    """The cheapest cuts of N turns: cost of a stretch = sum k(i, i) - sum k(i, j) / its length."""
    n = len(kernel)
    if n < 2 * least:
        return []
    own = np.concatenate([[0.0], np.cumsum(np.diag(kernel))])
    block = np.zeros((n + 1, n + 1))
    block[1:, 1:] = kernel.cumsum(0).cumsum(1)
    best = np.full(n + 1, np.inf)
    best[0] = -price
    back = np.zeros(n + 1, np.int64)
    diagonal = np.diag(block)
    for end in range(least, n + 1):
        starts = np.arange(0, end - least + 1)
        inside = block[end, end] - 2 * block[starts, end] + diagonal[starts]
        cost = best[starts] + price + own[end] - own[starts] - inside / (end - starts)
        back[end] = starts[np.argmin(cost)]
        best[end] = cost.min()
    out, at = [], int(back[n])
    while at > 0:
        out.append(at)
        at = int(back[at])
    return out[::-1]


__all__ = ["alike", "cuts"]
