"""Softmax attention over everything: the ceiling, with a state that grows.

Source: Ashish Vaswani, Noam Shazeer, Niki Parmar, Jakob Uszkoreit, Llion Jones, Aidan N. Gomez, Lukasz Kaiser, Illia
    Polosukhin, Attention Is All You Need, 2017. arXiv 1706.03762
Needs: torch
Cost: quadratic in time; 2 * W numbers of state for every step ever seen
Shapes: x [B, T, W] -> y [B, T, W]; state k and v [B, T, H, D]
Differs: rotary positions.

What the others are compared with: it keeps every key and value, so it recalls what it has seen as long as it can tell
positions apart, and pays for it with every further step.
"""

from __future__ import annotations

from mnesis.neural.layer.window import window
from mnesis.neural.recipes import Layer


def softmax(width: int = 32, heads: int = 2) -> Layer:
    """Attention without a window."""
    return window(width, heads, span=None)
