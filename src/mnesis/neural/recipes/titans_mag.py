"""Titans, memory as gate: a window of attention whose answer the memory gates.

Source: Ali Behrouz, Peilin Zhong, Vahab Mirrokni, Titans: Learning to Memorize at Test Time, 2025. arXiv 2501.00663
Needs: torch
Cost: linear in time; the memory's state and a window
Shapes: x [B, T, W] -> y [B, T, W]; the memory's state and the window's k and v
Differs: see `memory_as_gate` and `titans_memory`.

The window is exact and short, the memory long and blurred, and both see every token.
"""

from __future__ import annotations

from mnesis.neural.layer.memory_as_gate import memory_as_gate
from mnesis.neural.recipes import Layer
from mnesis.neural.recipes.titans_memory import titans_memory


def titans_mag(width: int = 32, heads: int = 2, span: int = 32, persistent: int = 4) -> Layer:
    """A window gated by the memory."""
    return memory_as_gate(titans_memory, width, heads, span, persistent)
