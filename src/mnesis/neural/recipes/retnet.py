"""Linear attention in which every head forgets at a fixed speed of its own.

Source: Yutao Sun, Li Dong, Shaohan Huang, Shuming Ma, Yuqing Xia, Jilong Xue, Jianyong Wang, Furu Wei, Retentive
    Network: A Successor to Transformer for Large Language Models, 2023. arXiv 2307.08621
Needs: torch
Cost: linear in time
Shapes: x [B, T, W] -> y [B, T, W]; state S [B, H, D, D]
Differs: a short convolution in place of turning queries and keys by position.

Head h keeps 1 - 2 ** (-5 - h) of its memory at each step: the first looks back some thirty steps, each further head
twice as far. The speed does not depend on what is read.
"""

from __future__ import annotations

import torch

from mnesis.neural.layer.mixer import mixer
from mnesis.neural.pieces import FixedGate
from mnesis.neural.recipes import Layer
from mnesis.neural.rule.decayed import decayed


def retnet(width: int = 32, heads: int = 2) -> Layer:
    """The decayed rule with fixed decays."""
    kept = 1 - 2.0 ** (-5.0 - torch.arange(heads))
    return mixer(decayed(), width, heads, gates={"decay": FixedGate(kept.log())})
