"""A network trained on the third power of its error, its weights held in a ball.

Source: Ali Behrouz, Meisam Razaviyayn, Peilin Zhong, Vahab Mirrokni, It's All Connected: A Journey Through Test-Time
    Memorization, Attentional Bias, Retention, and Online Optimization, 2025. arXiv 2504.13173
Needs: torch
Cost: linear in time; two matrices and their copies a head, built for every step
Shapes: x [B, T, W] -> y [B, T, W]; state A and W [B, H, D, 2 D] and [B, H, 2 D, D], n [B]
Differs: the image is taken at every step; the paper takes it once a chunk.

A power above 2 cares little about small errors and much about large ones; a norm of a high order keeps every weight
small without shrinking those that are.
"""

from __future__ import annotations

import torch

from mnesis.neural.layer.mixer import mixer
from mnesis.neural.objective import power
from mnesis.neural.pieces import scalar_gate, slow
from mnesis.neural.recipes import Layer
from mnesis.neural.retention import bounded
from mnesis.neural.rule.gradient import gradient
from mnesis.neural.structure import mlp


def moneta(width: int = 32, heads: int = 2, p: float = 3.0, q: float = 4.0, every: int = 16) -> Layer:
    """Error to the power p, weights by their q-norm."""
    gates = {
        "lr": scalar_gate(width, heads, torch.sigmoid),
        "decay": scalar_gate(width, heads, slow(), bias=3.0),
    }
    return mixer(gradient(mlp(), power(p), bounded(q), every=every), width, heads, gates=gates)
