"""The state is a network of two layers, trained on the sequence while it is read.

Source: Yu Sun, Xinhao Li, Karan Dalal, Jiarui Xu, Arjun Vikram, et al., Learning to (Learn at Test Time): RNNs with
    Expressive Hidden States, 2024. arXiv 2407.04620
Needs: torch
Cost: linear in time; two matrices and their copies a head
Shapes: x [B, T, W] -> y [B, T, W]; state A0, W0 [B, H, D, 2 D], A1, W1 [B, H, 2 D, D], n [B]
Differs: as `ttt_linear`; hidden layer twice as wide instead of four times, SiLU between the layers.

The same as `ttt_linear` with more room: what a matrix would have to superpose, hidden units can keep apart.
"""

from __future__ import annotations

import torch

from mnesis.neural.layer.mixer import mixer
from mnesis.neural.pieces import scalar_gate
from mnesis.neural.recipes import Layer
from mnesis.neural.retention import kept
from mnesis.neural.rule.gradient import gradient
from mnesis.neural.structure import mlp


def ttt_mlp(width: int = 32, heads: int = 2, every: int = 16) -> Layer:
    """A residual network, squared error, nothing forgotten."""
    rate = (width // heads) ** -0.5
    rule = gradient(mlp(residual=True), retention=kept(), every=every)
    return mixer(rule, width, heads, gates={"lr": scalar_gate(width, heads, lambda z: rate * torch.sigmoid(z))})
