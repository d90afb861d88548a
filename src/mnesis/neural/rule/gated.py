"""Let every row of the memory fade by its own factor, chosen at each step.

Source: Songlin Yang, Bailin Wang, Yikang Shen, Rameswar Panda, Yoon Kim, Gated Linear Attention Transformers with
    Hardware-Efficient Training, 2023. arXiv 2312.06635
Needs: torch
Cost: K * V numbers a head; linear in time, C * C * K numbers a chunk
Shapes: q, k and decay [B, T, H, K], v [B, T, H, V] -> [B, T, H, V]; state S [B, H, K, V]
Differs: decays inside a chunk are taken pair by pair instead of in two levels: exact for any gate, more memory.

A row of S belongs to one coordinate of the keys; a gate that closes one row forgets what was stored along it and
nothing else.
"""

from __future__ import annotations

from mnesis.neural.rule import Rule
from mnesis.neural.rule.decayed import decayed


def gated() -> Rule:
    """exp(decay) * S + k v, with a decay for every row of S."""
    return decayed(each_key=True)
