"""A recurrence decides, step by step, whether attention is worth its cost.

Source: Liliang Ren, Yang Liu, Shuohang Wang, Yichong Xu, Chenguang Zhu, ChengXiang Zhai, Sparse Modular Activation for
    Efficient Sequence Modeling, 2023. arXiv 2306.11197
Needs: torch
Cost: linear in time; one number a channel and the window
Shapes: x [B, T, W] -> y [B, T, W]; state h of the recurrence, the k and v of the last `span` activated steps
Differs: the recurrence is the real-gated one and the attention module a plain window; the choice is the larger of two
    shares; steps that skip the module are left out of its memory, not of the products computed here.

Steps that were not activated do not exist for the attention: its window counts activated steps only. What was worth
attending to stays within reach however much lies between, so a window of fixed size has no fixed length of time.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.neural.layer import named, part
from mnesis.neural.layer.window import window
from mnesis.neural.pieces import RMSNorm, wide
from mnesis.neural.recipes import Layer
from mnesis.neural.recipes.rg_lru import rg_lru
from mnesis.neural.rule import State


class SeqBoat(Layer):
    """See `seqboat`."""

    def __init__(self, width: int, heads: int, span: int) -> None:
        super().__init__()
        self.states, self.attention = rg_lru(width, heads), window(width, heads, span)
        self.norm = RMSNorm(width)
        self.router = nn.Linear(width, 1)

    def begin(self, batch: int, like: Tensor) -> State:
        states = named("states", self.states.begin(batch, like))
        return {**states, **named("attention", self.attention.begin(batch, like))}

    def share(self, h: Tensor) -> Tensor:
        """How much each step [B,T,W] is for attention: [B,T,1]; activated where it is more than a half."""
        return torch.sigmoid(wide(self.router(h)))

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        said, states = self.states.mix(x, part(state, "states"), mask)
        h = self.norm(x + said)
        share = self.share(h)
        active = share.squeeze(-1) > 0.5
        seen, attention = self.attention(h, part(state, "attention"), active if mask is None else active & mask)
        y = said + share.to(seen.dtype) * seen
        return y, {**named("states", states), **named("attention", attention)}


def seqboat(width: int = 32, heads: int = 2, span: int = 16) -> Layer:
    """A gated recurrence that sends some steps to a window over the last `span` of them."""
    return SeqBoat(width, heads, span)
