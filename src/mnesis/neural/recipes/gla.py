"""Linear attention with a gate for every row of its state.

Source: Songlin Yang, Bailin Wang, Yikang Shen, Rameswar Panda, Yoon Kim, Gated Linear Attention Transformers with
    Hardware-Efficient Training, 2023. arXiv 2312.06635
Needs: torch
Cost: linear in time
Shapes: x [B, T, W] -> y [B, T, W]; state S [B, H, D, D]
Differs: full-rank gates, keys as long as values, and a short convolution.

What a row holds is kept by a factor near 1 that the input chooses: the logarithm of a sigmoid, divided by 16.
"""

from __future__ import annotations

from mnesis.neural.layer.mixer import mixer
from mnesis.neural.recipes import Layer
from mnesis.neural.rule.gated import gated


def gla(width: int = 32, heads: int = 2) -> Layer:
    """The gated rule."""
    return mixer(gated(), width, heads)
