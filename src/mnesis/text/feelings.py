"""Emotions as numbers: those of a text, those of a memory, and the state a space is in, which fades.

There are eight (`ask.EMOTIONS`), each between 0 and 1. The state is kept in the space as a cube that is no text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import numpy as np

from mnesis.models.rules.emotion import BY_WORD
from mnesis.store import View
from mnesis.store.terms import code, terms
from mnesis.text.ask import EMOTIONS
from mnesis.words import Add, Change, Floats, MemCube, Revise, Rows, digest, replace

MADE_BY = "text.use.feel"


def strengths(scores: Any) -> Floats:
    """The eight strengths of a reply to `ask.emotion`; zeros where there is none.

    >>> strengths({"joy": 1.0, "anger": 0.5}).tolist()
    [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5, 0.0]
    """
    held = scores if isinstance(scores, Mapping) else {}
    return np.array([float(held.get(name, 0.0)) for name in EMOTIONS], np.float32)


def named(felt: Floats) -> dict[str, float]:
    """Only those that are felt, by name, for a cube's meta."""
    return {name: round(value, 3) for name, value in zip(EMOTIONS, felt.tolist(), strict=True) if value > 0.0005}


def alike(felt: Floats, other: Floats) -> Floats:
    """Cosines [N] of what memories [N, 8] and somebody [8] feel; 0 where nothing is felt."""
    size = np.linalg.norm(felt, axis=1) * max(float(np.linalg.norm(other)), 1e-9)
    out: Floats = np.where(size > 1e-6, felt @ other / np.maximum(size, 1e-9), 0.0).astype(np.float32)
    return out


@cache
def _vocabulary() -> dict[int, Floats]:
    """Term code -> the emotions a word shows."""
    held: dict[int, Floats] = {}
    for word, names in sorted(BY_WORD.items()):
        for term in terms(word):
            shown = strengths(dict.fromkeys(names, 1.0))
            held[code(term)] = np.maximum(held.get(code(term), shown), shown)
    return held


def shown(rows: Rows, view: View) -> Floats:
    """What the words of memories show [N, 8]: the share of their words that are of each emotion's vocabulary."""
    out = np.zeros((len(rows), len(EMOTIONS)), np.float32)
    words = _vocabulary()
    for at, codes in enumerate(view.terms(rows)):
        held = [words[each] for each in codes.tolist() if each in words]
        if held:
            out[at] = np.minimum(1.0, np.sum(held, axis=0) / np.sqrt(max(1, len(codes))))
    return out


def state(view: View, now: datetime | None, half_life: float) -> tuple[MemCube | None, Floats]:
    """The cube that holds the state of a space, and what is left of it now: half after every `half_life` hours."""
    cube = view.state(_id(view.namespace))
    if cube is None:
        return None, np.zeros(len(EMOTIONS), np.float32)
    since = timedelta(0) if now is None else now - datetime.fromisoformat(cube.meta["at"])
    left = 0.5 ** (max(0.0, since.total_seconds()) / 3600 / half_life)
    return cube, strengths(cube.meta["state"]) * np.float32(left)


def keep(cube: MemCube | None, felt: Floats, now: datetime, view: View) -> list[Change]:
    """The change that keeps a state in place of the one of `cube`."""
    meta = {"state": named(felt), "at": now.isoformat()}
    if cube is not None:
        return [Revise(replace(cube, meta=meta, version=cube.version + 1, known_from=None))]
    id = _id(view.namespace)
    return [Add(MemCube(id, "state of mind", view.namespace, "weights", "procedural", made_by=MADE_BY, meta=meta))]


def _id(namespace: str) -> str:
    return digest(MADE_BY, namespace)
