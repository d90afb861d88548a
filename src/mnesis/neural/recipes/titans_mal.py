"""Titans, memory as layer: the memory first, then a window over what it said.

Source: Ali Behrouz, Peilin Zhong, Vahab Mirrokni, Titans: Learning to Memorize at Test Time, 2025. arXiv 2501.00663
Needs: torch
Cost: linear in time; the memory's state and a window
Shapes: x [B, T, W] -> y [B, T, W]; the memory's state and the window's k and v
Differs: the two stand in a residual chain; see `titans_memory`.

The usual way to build hybrids, and the weakest of the three in the paper: attention sees only what the memory has left.
"""

from __future__ import annotations

from functools import partial

from mnesis.neural.layer.chain import chain
from mnesis.neural.layer.window import window
from mnesis.neural.recipes import Layer
from mnesis.neural.recipes.titans_memory import titans_memory


def titans_mal(width: int = 32, heads: int = 2, span: int = 32, persistent: int = 4) -> Layer:
    """Memory, window."""
    return chain([titans_memory, partial(window, span=span, persistent=persistent)], width, heads)
