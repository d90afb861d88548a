"""What patterns are made of: drawn at random, spoiled, and checked at the door."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mnesis.errors import BadInput

Array = NDArray[np.float64]
Kind = Literal["real", "binary", "symbols"]
SYMBOLS = 16  # how many different ones random patterns are made of
SAME = 1e-6


def checked(X: ArrayLike, kind: Kind, features: int | None = None, cue: bool = False) -> Array:
    """X as rows of float64, or a sentence about what is wrong; a cue may hold NaN for what it does not know."""
    what = "cues" if cue else "patterns"
    try:
        rows = np.array(X, dtype=np.float64)
    except (TypeError, ValueError) as err:
        raise BadInput(f"The {what} are not rows of numbers of one length: {err}.") from err
    if rows.ndim != 2:
        raise BadInput(f"The {what} have shape {rows.shape}; give rows [n, d] (X[None] makes one row of a vector).")
    if not rows.size:
        raise BadInput(f"There are no {what} in an array of shape {rows.shape}; give at least one row and one column.")
    if features is not None and rows.shape[1] != features:
        raise BadInput(f"The {what} are {rows.shape[1]} long, and those stored {features}; give the same length.")
    unknown = np.isnan(rows)
    if unknown.any() and not cue:
        raise BadInput("A pattern to store or to forget is known throughout; only cues may hold NaN.")
    if unknown.all(1).any():
        raise BadInput(f"Cue {int(unknown.all(1).argmax())} knows nothing; one number at least must not be NaN.")
    if np.isinf(rows).any():
        raise BadInput(f"The {what} hold infinity; give finite numbers.")
    known = rows[~unknown]
    if kind == "binary" and not np.isin(known, (0.0, 1.0)).all():
        raise BadInput(f"This memory is made for {what} of zeros and ones; give 0, 1 or, in a cue, NaN.")
    if kind == "binary" and not cue and not rows.any(1).all():
        raise BadInput(f"Pattern {int((~rows.any(1)).argmax())} holds no one; a binary pattern needs at least one.")
    if kind == "symbols" and ((known < 0) | (known != np.round(known))).any():
        raise BadInput(f"This memory is made for {what} of symbols: whole numbers from 0, or NaN in a cue.")
    return rows


def drawn(rng: np.random.Generator, kind: Kind, n: int, features: int, ones: int = 8) -> Array:
    """Random patterns: normal numbers, `ones` ones among zeros, or any symbols."""
    if kind == "real":
        return rng.standard_normal((n, features))
    if kind == "symbols":
        return rng.integers(0, SYMBOLS, (n, features)).astype(np.float64)
    rank = rng.random((n, features)).argsort(1).argsort(1)
    return (rank < ones).astype(np.float64)


def partly(rng: np.random.Generator, patterns: Array, share: float) -> Array:
    """Cues that do not know this share of every pattern (of its ones, where it is binary and mostly zeros)."""
    unknown = rng.random(patterns.shape).argsort(1).argsort(1) < round(share * patterns.shape[1])
    return np.where(unknown, np.nan, patterns)


def noisy(rng: np.random.Generator, patterns: Array, kind: Kind, share: float) -> Array:
    """Cues with this share of every pattern replaced: of numbers, of symbols, or of the ones, put elsewhere."""
    if kind != "binary":
        hit = rng.random(patterns.shape).argsort(1).argsort(1) < round(share * patterns.shape[1])
        return np.where(hit, drawn(rng, kind, len(patterns), patterns.shape[1]), patterns)
    cues = patterns.copy()
    for cue in cues:
        on, off = np.flatnonzero(cue == 1), np.flatnonzero(cue == 0)
        moved = min(round(share * len(on)), len(off))
        cue[rng.permutation(on)[:moved]] = 0
        cue[rng.permutation(off)[:moved]] = 1
    return cues


def agreement(found: Array, patterns: Array, kind: Kind) -> Array:
    """How far each row is recalled, 1 where it is the pattern: cosine, shared ones over all ones, shared symbols."""
    if kind == "symbols":
        return np.asarray((found == patterns).mean(1))
    if kind == "binary":
        either = np.maximum(found, patterns).sum(1)
        return np.asarray(np.minimum(found, patterns).sum(1) / np.maximum(either, 1))
    lengths = np.linalg.norm(found, axis=1) * np.linalg.norm(patterns, axis=1)
    return np.asarray((found * patterns).sum(1) / np.maximum(lengths, 1e-12))


def place(rows: Array, pattern: Array) -> int:
    """Which of the rows is this pattern; -1 where none is."""
    same = np.flatnonzero(np.abs(rows - pattern).max(1, initial=0.0) <= SAME)
    return int(same[0]) if same.size else -1
