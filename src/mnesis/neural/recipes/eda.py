"""The gated delta rule with an address of its own for what shall go.

Source: Xiao Li, Chengruidong Zhang, Hao Luo, Xi Lin, Zekun Wang, Zihan Qiu, Yunfei Mao, et al., Erase-then-Delta
    Attention: Decoupling Erase and Write Addresses in Delta-Rule Linear Attention, 2026. arXiv 2606.26560
Needs: torch
Cost: linear in time; twice the steps of the gated delta rule
Shapes: x [B, T, W] -> y [B, T, W]; state S [B, H, D, D]
Differs: read from the abstract; the erase address is projected, convolved and normalised like a key.

A token may write one fact and wipe out another that it makes stale, at another key.
"""

from __future__ import annotations

from mnesis.neural.layer.mixer import mixer
from mnesis.neural.pieces import SteppedDecay
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import Port, Size
from mnesis.neural.rule.erase_delta import erase_delta


def eda(width: int = 32, heads: int = 2) -> Layer:
    """The erase-then-delta rule."""
    return mixer(erase_delta(), width, heads, gates={"decay": SteppedDecay(width, Port(), Size(heads, 1, 1))})
