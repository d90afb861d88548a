"""Where a conversation surprises: a turn that what was said before it gave no reason to expect.

A cache model expects the terms of the turns before, recent ones more than old ones, and besides them any term at all.
How far it is off, in bits a term, is the surprise of a turn; one that lies `gamma` deviations above what was usual in
the last turns opens a new episode. This is the threshold of EM-LLM (Zafeirios Fountas, Martin A. Benfeghoul and others,
Human-like Episodic Memory for Infinite Context LLMs, 2024, arXiv 2407.09450), with a cache of terms in the place of a
language model's probabilities and without its refinement of boundaries. It looks back only, so a turn is judged once.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnesis.words import Floats

FADE = 0.8  # what a turn counts for beside the one after it
ANY = 0.1  # the share of a term nobody said yet
WINDOW = 12  # turns whose surprise is the usual one
SLIGHT = 0.05  # a deviation is not taken to be a smaller share of what is usual
Row: TypeAlias = NDArray[np.float64]


def surprise(terms: Sequence[Sequence[Any]]) -> Row:
    """Bits a term of each turn [N]; the first one, with nothing before it, has 0, as has a turn without terms.

    >>> surprise([[1, 2], [1, 2], [7, 8]]).round(2).tolist()
    [0.0, 0.89, 3.46]
    """
    held: dict[Any, float] = defaultdict(float)
    total, out = 0.0, []
    for n, turn in enumerate(terms):
        if n and turn and total:
            shares = [(1 - ANY) * held.get(term, 0.0) / total + ANY / 1.1 for term in turn]
            out.append(-sum(math.log2(share) for share in shares) / len(shares))
        else:
            out.append(0.0)
        for term in held:
            held[term] *= FADE
        total *= FADE
        for term in turn:
            held[term] += 1
            total += 1
    return np.array(out)


def strangeness(vectors: Sequence[Floats | None]) -> Row:
    """How far each turn's vector points away from where the turns before it did, in 0..2 [N]; 0 where it has none.

    >>> strangeness([np.array([1.0, 0.0]), np.array([1.0, 0.0]), np.array([0.0, 1.0])]).tolist()
    [0.0, 0.0, 1.0]
    """
    usual: Floats | None = None
    out = []
    for vector in vectors:
        if vector is None:
            out.append(0.0)
            continue
        long = 0.0 if usual is None else float(np.linalg.norm(usual))
        out.append(0.0 if usual is None or not long else 1 - float(vector @ usual) / long)
        usual = vector if usual is None else np.float32(FADE) * usual + vector
    return np.array(out)


def episodes(
    terms: Sequence[Sequence[Any]],
    vectors: Sequence[Floats | None] | None = None,
    gamma: float = 1.0,
    least: int = 2,
) -> list[int]:
    """The places (each the number of the first turn of an episode) at which a turn surprises.

    `terms` are the terms of each turn, `vectors` its embedding or None; no episode but the last is shorter than
    `least` turns. What comes later changes no cut that was made before.

    >>> episodes([[1, 2], [2, 1], [1, 2, 3], [2, 3, 1], [7, 8], [8, 9, 7], [7, 9], [9, 8]])
    [4]
    """
    signs = [surprise(terms)]
    if vectors is not None and sum(each is not None for each in vectors) > 1:
        signs.append(strangeness(vectors))
    found: list[int] = []
    for at in range(max(3, least), len(terms)):
        off = [_off(sign[at], sign[max(1, at - WINDOW) : at]) for sign in signs]
        if np.mean(off) > gamma and at - (found[-1] if found else 0) >= least:
            found.append(at)
    return found


def _off(now: float, past: Row) -> float:
    """By how many deviations a turn is off from what was usual."""
    usual = float(past.mean())
    return (float(now) - usual) / max(float(past.std()), SLIGHT * usual, 1e-6)
