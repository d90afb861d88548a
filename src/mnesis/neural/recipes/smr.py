"""Correct what enters a state space by what its last inputs say together.

Source: Biqing Qi, Junqi Gao, Kaiyan Zhang, Dong Li, Jianxing Liu, Ligang Wu, Bowen Zhou, SMR: State Memory Replay for
    Long Sequence Modeling, 2024. arXiv 2405.17534
Needs: torch
Cost: linear in time; `replay` products a channel beside the state space
Shapes: x [B, T, W] -> y [B, T, W]; state h [B, H, D], the tail of two convolutions
Differs: read from the abstract; the state space has one real factor a channel and is computed as a scan.

A state space with fixed factors expects its samples at fixed distances; from others its state drifts off. The factors
cannot follow without giving up the convolution, but the inputs can: learned memories of the last `replay` inputs say
how strongly a sample should enter and what should be added to it. Both see how fast the signal moves from sample to
sample, which tells how far the samples lie apart.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.layer import named, part
from mnesis.neural.pieces import ShortConv, wide
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import Size, State
from mnesis.neural.rule.vector import vector


class Replayed(Layer):
    """See `smr`."""

    def __init__(self, width: int, heads: int, replay: int) -> None:
        super().__init__()
        self.rule, self.size = vector(), Size(heads, 1, width // heads)
        self.enter = nn.Linear(width, 2 * width, bias=False)
        self.memories = nn.ModuleList(ShortConv(width, replay) for _ in range(2)) if replay else None
        self.mixed = nn.ModuleList(nn.Linear(width, width) for _ in range(2)) if replay else None
        self.slow = nn.Parameter(torch.linspace(0.0, 5.0, width))  # factors of 1/2 to 0.993
        self.out = nn.Linear(width, width, bias=False)

    def begin(self, batch: int, like: Tensor) -> State:
        state = named("rule", self.rule.init(self.size, batch, {"like": wide(like)}))
        for n, memory in enumerate(self._all()):
            state |= named(f"memory{n}", memory.begin(batch, like))
        return state

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        value, gate = self.enter(x).chunk(2, dim=-1)
        value, tails = self.replayed(value, state, mask)
        decay = wide(torch.nn.functional.logsigmoid(self.slow))
        v = wide(value) * (-torch.expm1(decay))
        shape = (*x.shape[:2], self.size.heads, self.size.values)
        inputs = {"v": v.reshape(shape), "decay": decay.expand_as(v).reshape(shape)}
        h, after = self.rule.chunked(part(state, "rule"), inputs, mask)
        y = self.out(h.flatten(2).to(x.dtype) * torch.nn.functional.silu(gate))
        return y, {**named("rule", after), **tails}

    def replayed(self, value: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        """Inputs, made stronger or weaker and moved by what the last of them say."""
        if self.mixed is None:
            return value, {}
        seen, tails = [], State()
        for n, memory in enumerate(self._all()):
            y, kept = memory(value, part(state, f"memory{n}"), mask)
            seen.append(self.mixed[n](torch.nn.functional.silu(y)))
            tails |= named(f"memory{n}", kept)
        return value * 2 * torch.sigmoid(seen[0]) + seen[1], tails

    def _all(self) -> list[ShortConv]:
        return [each for each in self.memories or () if isinstance(each, ShortConv)]


def smr(width: int = 32, heads: int = 2, replay: int = 4) -> Layer:
    """A state space whose inputs are corrected by the last `replay`; with 0 by none."""
    if width % heads or replay < 0 or replay == 1:
        raise BadInput(f"width={width} must be a multiple of heads={heads}, and replay={replay} 0, or 2 and more.")
    return Replayed(width, heads, replay)
