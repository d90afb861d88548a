"""A few slots that take in only what they do not hold yet.

Source: Mahdi Karami, Razvan Pascanu, Vahab Mirrokni, Lattice: Learning to Efficiently Compress the Memory, 2025. arXiv
    2504.05646
Needs: torch
Cost: linear in time, one step after the other; `slots` * W numbers
Shapes: x [B, T, W] -> y [B, T, W]; state S [B, H, slots, D], the tail of the convolution
Differs: no approximation in chunks; a short convolution, a decay and an output gate as the other recipes here have.

A sum of outer products is drowned by what is said often. Here a slot's direction is taken out of every value before it
is written, so that repetition costs nothing and what is new disturbs what is stored as little as it can.
"""

from __future__ import annotations

from mnesis.neural.layer.mixer import mixer
from mnesis.neural.recipes import Layer
from mnesis.neural.rule.orthogonal import orthogonal


def lattice(width: int = 32, heads: int = 2, slots: int = 16) -> Layer:
    """The orthogonal rule with `slots` slots a head."""
    return mixer(orthogonal(), width, heads, keys=slots)
