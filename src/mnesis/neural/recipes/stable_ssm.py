"""A state space whose speeds stay stable however its weights are moved.

Source: Shida Wang, Qianxiao Li, StableSSM: Alleviating the Curse of Memory in State-space Models through Stable
    Reparameterization, 2023. arXiv 2311.14495
Needs: torch
Cost: linear in time; `states` numbers a channel
Shapes: x [B, T, W] -> y [B, T, W]; state S [B, H, states, D], the tail of the convolution
Differs: real speeds in continuous time; a short convolution before and a gate after, as the other recipes here have.

Slow memory means a factor near 1, and there a plain weight stands beside a cliff: a small step of training too far and
the state explodes. Here the logarithm of the factor is -1 / (w² + 1/2). It is below zero for every w, and a slow
memory is a large w, where the same step of w moves the factor the less the slower it is.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.neural.layer.mixer import mixer
from mnesis.neural.pieces import FixedGate, wide
from mnesis.neural.recipes import Layer
from mnesis.neural.rule.elementwise import elementwise

FASTEST = 0.5  # what is added to w²: with w = 0 a state keeps exp(-2) of itself


def kept(w: Tensor) -> Tensor:
    """The logarithm of the factor that the weight w stands for."""
    return -1.0 / (wide(w).square() + FASTEST)


class StableDecay(nn.Module):
    """The same decays at every step, as weights that no value makes unstable."""

    def __init__(self, heads: int, states: int, channels: int) -> None:
        super().__init__()
        slow = torch.logspace(0.0, 1.0, states).reshape(1, states, 1)  # from one step to a hundred
        self.weight = nn.Parameter(slow.expand(heads, states, channels).clone())

    def forward(self, x: Tensor) -> Tensor:
        """[B,T,W] to [B,T,H,K,V]; logarithms of factors."""
        return kept(self.weight).expand(*x.shape[:2], *self.weight.shape)


def stable_ssm(width: int = 32, heads: int = 2, states: int = 8) -> Layer:
    """A linear state space with `states` speeds a channel."""
    maps = {name: FixedGate(torch.randn(heads, states) * states**-0.5, learned=True) for name in ("q", "k")}
    return mixer(
        elementwise(),
        width,
        heads,
        keys=states,
        gates={**maps, "decay": StableDecay(heads, states, width // heads)},
    )
