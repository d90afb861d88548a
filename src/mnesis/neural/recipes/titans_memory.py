"""A network trained on surprise, with momentum and a gate that forgets.

Source: Ali Behrouz, Peilin Zhong, Vahab Mirrokni, Titans: Learning to Memorize at Test Time, 2025. arXiv 2501.00663
Needs: torch
Cost: linear in time; two matrices, their momentum and their copies a head
Shapes: x [B, T, W] -> y [B, T, W]; state A, S and W [B, H, D, 2 D] and [B, H, 2 D, D], n [B]
Differs: memory of two layers with a residual connection; step sizes below 1 over the root of the key's length.

The gradient of the error at a token is how surprising it is. Surprise is carried on with momentum, since what follows a
surprising moment matters too; how much, how fast and how much is forgotten, each token decides. This is the memory on
its own; `titans_mac`, `titans_mag` and `titans_mal` put it beside attention.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.functional import logsigmoid

from mnesis.neural.layer.mixer import mixer
from mnesis.neural.learner import momentum
from mnesis.neural.pieces import scalar_gate, slow
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import Rule
from mnesis.neural.rule.gradient import gradient
from mnesis.neural.structure import mlp


def titans_memory(width: int = 32, heads: int = 2, every: int = 16) -> Layer:
    """The long-term memory alone."""
    return mixer(surprise_rule(every), width, heads, gates=surprise_gates(width, heads))


def surprise_rule(every: int) -> Rule:
    """A residual network learned with momentum and forgetting."""
    return gradient(mlp(residual=True), learner=momentum(), every=every)


def surprise_gates(width: int, heads: int) -> dict[str, nn.Module]:
    """How much a token is learned, how long surprise lasts and how much is forgotten."""
    rate = (width // heads) ** -0.5
    return {
        "lr": scalar_gate(width, heads, lambda z: rate * torch.sigmoid(z)),
        "momentum": scalar_gate(width, heads, logsigmoid),
        "decay": scalar_gate(width, heads, slow(), bias=3.0),
    }
