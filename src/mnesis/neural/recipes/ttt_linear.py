"""The state is a linear model that is trained on the sequence while it is read.

Source: Yu Sun, Xinhao Li, Karan Dalal, Jiarui Xu, Arjun Vikram, et al., Learning to (Learn at Test Time): RNNs with
    Expressive Hidden States, 2024. arXiv 2407.04620
Needs: torch
Cost: linear in time; a matrix and its copy a head
Shapes: x [B, T, W] -> y [B, T, W]; state A0 and W0 [B, H, D, D], n [B]
Differs: queries and keys have length 1 in place of rotary positions; no bias and no step weights by place in a batch.

Every token asks the model to restore its value from its key, through a residual connection and a normalisation; one
gradient step is taken with a learned step size. Gradients of `every` tokens are taken at the same weights, which is
what makes them parallel; the weights to begin with are learned from outside.
"""

from __future__ import annotations

import torch

from mnesis.neural.layer.mixer import mixer
from mnesis.neural.pieces import scalar_gate
from mnesis.neural.recipes import Layer
from mnesis.neural.retention import kept
from mnesis.neural.rule.gradient import gradient
from mnesis.neural.structure import linear


def ttt_linear(width: int = 32, heads: int = 2, every: int = 16) -> Layer:
    """A residual matrix, squared error, nothing forgotten."""
    rate = (width // heads) ** -0.5
    rule = gradient(linear(residual=True), retention=kept(), every=every)
    return mixer(rule, width, heads, gates={"lr": scalar_gate(width, heads, lambda z: rate * torch.sigmoid(z))})
