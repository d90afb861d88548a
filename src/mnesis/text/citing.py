"""What is learned from citations: which memories help which questions, as one small matrix of numbers.

A question and a memory are each sketched in `WIDTH` numbers, and the matrix says how well they go together. It is kept
in the space as a cube that is no text, so it has a history, can be rolled back, and is read as of any commit.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from functools import cache

import numpy as np
from numpy.typing import NDArray

from mnesis.store import View
from mnesis.store.terms import code, terms
from mnesis.words import Add, Change, Floats, MemCube, Query, Revise, Rows, digest, replace

WIDTH = 32
MADE_BY = "text.use.adapt"
MIX = np.uint64(0x9E3779B97F4A7C15)  # spreads term codes over the sketch


def sketches(query: Query, rows: Rows, view: View) -> tuple[Floats, Floats]:
    """The question [WIDTH] and these memories [N, WIDTH], each of length 1: from their vectors where the question has
    one, and else from their terms."""
    if query.vector is None:
        asked = np.array([code(term) for term in terms(query.text)], np.uint64)
        return _of_terms(asked), _stacked([_of_terms(each) for each in view.terms(rows)])
    dim = len(query.vector)
    held = np.zeros((len(rows), dim), np.float32)
    for at, vector in enumerate(view.vectors(rows)):
        if vector is not None:
            held[at] = vector
    both = np.concatenate([query.vector[None].astype(np.float32), held]) @ _plane(dim)
    both /= np.maximum(np.linalg.norm(both, axis=1, keepdims=True), 1e-9)
    return both[0], both[1:]


def _stacked(sketches: list[Floats]) -> Floats:
    return np.stack(sketches) if sketches else np.zeros((0, WIDTH), np.float32)


@cache
def _plane(dim: int) -> Floats:
    """A fixed projection [dim, WIDTH] that keeps directions apart."""
    return np.random.default_rng(dim).normal(size=(dim, WIDTH)).astype(np.float32)


def _of_terms(codes: NDArray[np.uint64]) -> Floats:
    """Each term adds or takes one, at a place of its own."""
    with np.errstate(over="ignore"):
        mixed = codes.astype(np.uint64) * MIX
    out = np.zeros(WIDTH, np.float32)
    signs = np.where(mixed >> np.uint64(63), -1.0, 1.0)
    np.add.at(out, ((mixed >> np.uint64(40)) % np.uint64(WIDTH)).astype(np.int64), signs)
    return out / max(float(np.linalg.norm(out)), 1e-9)


def kept(view: View) -> tuple[MemCube | None, Floats]:
    """The cube that holds the matrix and the matrix; zeros where there is none, or it was learned of other vectors."""
    cube = view.state(_id(view.namespace))
    if cube is None or cube.meta.get("model") != view.model:
        return cube, np.zeros((WIDTH, WIDTH), np.float32)
    held = np.frombuffer(b64decode(cube.meta["matrix"]), np.float16)
    return cube, held.reshape(WIDTH, WIDTH).astype(np.float32)


def keep(cube: MemCube | None, matrix: Floats, view: View) -> list[Change]:
    """The change that keeps a matrix in place of the one of `cube`."""
    numbers = b64encode(matrix.astype(np.float16).tobytes()).decode()
    meta = {"matrix": numbers, "model": view.model}
    if cube is not None:
        if cube.meta == meta:
            return []
        return [Revise(replace(cube, meta=meta, version=cube.version + 1, known_from=None))]
    return [
        Add(
            MemCube(
                _id(view.namespace), "what citations taught", view.namespace, "weights", "procedural", made_by=MADE_BY,
                meta=meta,
            )
        )
    ]  # fmt: skip


def _id(namespace: str) -> str:
    return digest(MADE_BY, namespace)
