"""Attention without the softmax: a sum of key-value products carried along.

Source: Angelos Katharopoulos, Apoorv Vyas, Nikolaos Pappas, François Fleuret, Transformers are RNNs: Fast
    Autoregressive Transformers with Linear Attention, 2020. arXiv 2006.16236
Needs: torch
Cost: linear in time
Shapes: x [B, T, W] -> y [B, T, W]; state S [B, H, D, D]
Differs: the output is normalised by its own size instead of by the sum of the keys; short convolution and output gate.

Queries and keys are made positive, so every key read is a weighted mean of what was ever written; nothing fades and
nothing is corrected, which is what the later rules repair.
"""

from __future__ import annotations

from mnesis.neural.layer.mixer import mixer
from mnesis.neural.pieces import Positive
from mnesis.neural.recipes import Layer
from mnesis.neural.rule.additive import additive


def linear_attention(width: int = 32, heads: int = 2) -> Layer:
    """The additive rule with positive features."""
    return mixer(additive(), width, heads, features=Positive(width // heads))
