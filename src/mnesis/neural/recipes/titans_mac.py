"""Titans, memory as context: attention reads what the memory recalls.

Source: Ali Behrouz, Peilin Zhong, Vahab Mirrokni, Titans: Learning to Memorize at Test Time, 2025. arXiv 2501.00663
Needs: torch
Cost: linear in time; the memory's state and one segment of keys and values
Shapes: x [B, T, W] -> y [B, T, W]; the memory's state, k and v of one segment
Differs: a step sees what was recalled for the steps up to it; see also `memory_as_context` and `titans_memory`.

Attention decides from the segment and from what was recalled which of it to write down; so the memory keeps answers
rather than raw tokens.
"""

from __future__ import annotations

from mnesis.neural.layer.memory_as_context import memory_as_context
from mnesis.neural.recipes import Layer
from mnesis.neural.recipes.titans_memory import surprise_gates, surprise_rule


def titans_mac(width: int = 32, heads: int = 2, segment: int = 16, persistent: int = 4) -> Layer:
    """Segments of attention over recalled, learned and current tokens."""
    gates = surprise_gates(width, heads)
    return memory_as_context(surprise_rule(segment), width, heads, segment, persistent, gates)
