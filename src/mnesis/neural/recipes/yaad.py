"""A network trained on its error, but never pulled harder than a threshold.

Source: Ali Behrouz, Meisam Razaviyayn, Peilin Zhong, Vahab Mirrokni, It's All Connected: A Journey Through Test-Time
    Memorization, Attentional Bias, Retention, and Online Optimization, 2025. arXiv 2504.13173
Needs: torch
Cost: linear in time; two matrices and their copies a head
Shapes: x [B, T, W] -> y [B, T, W]; state A and W [B, H, D, 2 D] and [B, H, 2 D, D], n [B]
Differs: beyond the threshold the pull has its length, along the error; the paper pulls every coordinate alike.

An outlier is a step whose error is large; under the Huber loss it moves the memory no further than any other bad step,
so one strange token cannot wipe out what is stored. Each token sets the threshold.
"""

from __future__ import annotations

import torch

from mnesis.neural.layer.mixer import mixer
from mnesis.neural.objective import huber
from mnesis.neural.pieces import scalar_gate, slow
from mnesis.neural.recipes import Layer
from mnesis.neural.rule.gradient import gradient
from mnesis.neural.structure import mlp


def yaad(width: int = 32, heads: int = 2, every: int = 16) -> Layer:
    """Huber loss, fading weights."""
    gates = {
        "lr": scalar_gate(width, heads, torch.sigmoid),
        "decay": scalar_gate(width, heads, slow(), bias=3.0),
    }
    return mixer(gradient(mlp(), huber(), every=every), width, heads, gates=gates)
