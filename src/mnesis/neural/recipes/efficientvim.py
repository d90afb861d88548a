"""Channels are mixed within a few hidden states instead of in every token.

Source: Sanghyeok Lee, Joonmyung Choi, Hyunwoo J. Kim, EfficientViM: Efficient Vision Mamba with Hidden State Mixer
    based State Space Duality, 2024. arXiv 2411.15241
Needs: torch
Cost: three short maps a step; products of W by W for heads * states rows once a segment
Shapes: x [B, T, W] -> y [B, T, W]; hidden states [B, heads * states, W], the steps of the current segment
Differs: causal, by segments, where an image is read at once; `heads` only says how many times `states` there are.

A state space sums all tokens up in a few hidden states and reads them for every token. What a block does to channels,
projections and gates, costs most where there are many tokens; here it is done to the hidden states, before they are
read, and tokens are not projected at all. In a stream the states are mixed whenever a segment begins; what the segment
itself has brought so far is read as it is.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import logsigmoid, silu

from mnesis.errors import BadInput
from mnesis.neural.layer._segments import Segments
from mnesis.neural.pieces import wide
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import State
from mnesis.neural.rule.gated import gated


class HiddenMixer(Segments):
    """See `efficientvim`."""

    def __init__(self, width: int, segment: int, states: int) -> None:
        super().__init__(width, segment)
        self.rule, self.states = gated(), states
        self.choose = nn.Linear(width, 3 * states)
        with torch.no_grad():
            self.choose.bias[2 * states :] = torch.linspace(1.0, 5.0, states)  # fast to slow
        self.enter, self.leave = nn.Linear(width, 2 * width, bias=False), nn.Linear(width, width, bias=False)
        self.skip = nn.Parameter(torch.ones(width))

    def empty(self, batch: int, like: Tensor) -> State:
        return {"S": wide(like.new_zeros(batch, self.states, self.width))}

    def mixed(self, hidden: Tensor) -> Tensor:
        """Hidden states [B,N,W], their channels mixed and gated."""
        value, gate = self.enter(hidden).chunk(2, dim=-1)
        out: Tensor = self.leave(value * silu(gate))
        return out

    def through(self, x: Tensor, memory: State) -> tuple[Tensor, State]:
        q, k, slow = (wide(each).unsqueeze(2) for each in self.choose(x).chunk(3, dim=-1))
        inputs = {"q": q, "k": k * self.states**-0.5, "v": wide(x).unsqueeze(2), "decay": logsigmoid(slow)}
        before = memory["S"].to(q)
        fresh, after = self.rule.chunked({"S": torch.zeros_like(before).unsqueeze(1)}, inputs)
        kept = inputs["decay"].squeeze(2).cumsum(1).exp()  # what is left of the hidden states at each step
        old = (q.squeeze(2) * kept) @ wide(self.mixed(before.to(x.dtype)))
        y = (fresh.squeeze(2) + old).to(x.dtype) + self.skip * x
        return y, {"S": kept[:, -1].unsqueeze(-1) * before + after["S"].squeeze(1)}


def efficientvim(width: int = 32, heads: int = 2, segment: int = 16, states: int = 8) -> Layer:
    """`heads` times `states` hidden states, mixed every `segment` steps."""
    if heads < 1 or segment < 1 or states < 1:
        raise BadInput(f"heads={heads}, segment={segment} and states={states} must be at least 1.")
    return HiddenMixer(width, segment, heads * states)
