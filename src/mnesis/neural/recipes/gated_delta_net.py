"""The delta rule on a memory that can also be emptied at once.

Source: Songlin Yang, Jan Kautz, Ali Hatamizadeh, Gated Delta Networks: Improving Mamba2 with Delta Rule, 2024. arXiv
    2412.06464
Needs: torch
Cost: linear in time
Shapes: x [B, T, W] -> y [B, T, W]; state S [B, H, D, D]
Differs: speeds begin between 1 and 4, so that a head keeps what it learns long enough to be taught to keep it.

The decay is the one of Mamba-2: a speed a head times a step length chosen from the input. Where heads begin ten times
faster, as is usual in large models, a small one forgets a key before it is asked for and learns recall far later.
"""

from __future__ import annotations

from mnesis.neural.layer.mixer import mixer
from mnesis.neural.pieces import SteppedDecay
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import Port, Size
from mnesis.neural.rule.gated_delta import gated_delta


def gated_delta_net(width: int = 32, heads: int = 2) -> Layer:
    """The gated delta rule."""
    return mixer(gated_delta(), width, heads, gates={"decay": SteppedDecay(width, Port(), Size(heads, 1, 1))})
