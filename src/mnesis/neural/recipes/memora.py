"""A network whose weights are shares: they change by factors and sum to one.

Source: Ali Behrouz, Meisam Razaviyayn, Peilin Zhong, Vahab Mirrokni, It's All Connected: A Journey Through Test-Time
    Memorization, Attentional Bias, Retention, and Online Optimization, 2025. arXiv 2504.13173
Needs: torch
Cost: linear in time; two matrices and their copies a head, built for every step
Shapes: x [B, T, W] -> y [B, T, W]; state A and W [B, H, D, 2 D] and [B, H, 2 D, D], n [B]
Differs: shares sum to 1 over the inputs of each unit; the paper leaves the axis open. Keys may have any length.

A penalty on the divergence from the weights before makes a gradient step a product: W <- softmax(decay * log W -
lr * gradient). What matters grows, the rest shrinks, and nothing can blow up.
"""

from __future__ import annotations

from torch.nn.functional import softplus

from mnesis.neural.layer.mixer import mixer
from mnesis.neural.pieces import scalar_gate, slow
from mnesis.neural.recipes import Layer
from mnesis.neural.retention import simplex
from mnesis.neural.rule.gradient import gradient
from mnesis.neural.structure import mlp


def memora(width: int = 32, heads: int = 2, every: int = 16) -> Layer:
    """Squared error, weights on a simplex."""
    gates = {
        "lr": scalar_gate(width, heads, lambda z: (width // heads) * softplus(z)),
        "decay": scalar_gate(width, heads, slow(), bias=3.0),
    }
    return mixer(gradient(mlp(), retention=simplex(), every=every), width, heads, gates=gates)
