"""Linear attention that corrects what it has stored instead of adding to it.

Source: Songlin Yang, Bailin Wang, Yu Zhang, Yikang Shen, Yoon Kim, Parallelizing Linear Transformers with the Delta
    Rule over Sequence Length, 2024. arXiv 2406.06484
Needs: torch
Cost: linear in time
Shapes: x [B, T, W] -> y [B, T, W]; state S [B, H, D, D]
Differs: nothing.

A key that is written again replaces its old value. With `reflect`, rates reach 2 and a step can turn the memory around
a direction: eigenvalues from -1 to 1 let it follow parity.
"""

from __future__ import annotations

import torch

from mnesis.neural.layer.mixer import mixer
from mnesis.neural.pieces import Gate
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import Port, Size
from mnesis.neural.rule.delta import delta


def delta_net(width: int = 32, heads: int = 2, reflect: bool = False) -> Layer:
    """The delta rule."""
    gate = Gate(width, Port(), Size(heads, 1, 1), lambda z: 2 * torch.sigmoid(z))
    return mixer(delta(), width, heads, gates={"rate": gate} if reflect else {})
