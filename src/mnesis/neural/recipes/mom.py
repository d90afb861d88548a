"""Gated delta memories with a router, so that unlike things are kept apart.

Source: Jusen Du, Weigao Sun, Disen Lan, Jiaxi Hu, Yu Cheng, MoM: Linear Sequence Modeling with Mixture-of-Memories,
    2025. arXiv 2502.13685
Needs: torch
Cost: linear in time; memories + 1 times the gated delta rule
Shapes: x [B, T, W] -> y [B, T, W]; state S [B, H * (memories + 1), D, D]
Differs: see `routed`; the gates of a memory are linear maps of x, not shared among memories.

One state superposes everything; four of the same size hold more than one four times as large would cost to update,
since each step changes two of them.
"""

from __future__ import annotations

from mnesis.neural.layer.routed import routed
from mnesis.neural.recipes import Layer
from mnesis.neural.rule.gated_delta import gated_delta


def mom(width: int = 32, heads: int = 2, memories: int = 4, chosen: int = 2) -> Layer:
    """The gated delta rule, routed."""
    return routed(gated_delta(), width, heads, memories, chosen)
