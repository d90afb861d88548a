"""Read every prompt a second time, knowing how it ends, before it is remembered.

Source: Simran Arora, Aman Timalsina, Aaryan Singhal, Benjamin Spector, Sabri Eyuboglu, Xinyi Zhao, Ashish Rao, Atri
    Rudra, Christopher Ré, Just read twice: closing the recall gap for recurrent language models, 2024.
    arXiv 2407.05483
Needs: torch
Cost: linear in time; every whole segment is read twice
Shapes: x [B, T, W] -> y [B, T, W]; state S [B, H, D, D] and z [B, H, D], the steps of the current segment
Differs: a prompt is a segment of `segment` steps, and a stream may hold many; what a prompt itself is answered with
    stays causal; features are elu + 1, and one layer makes both its readings.

What a small memory should keep depends on what will be asked, and that often stands at the end. Prefix linear attention
lets a prompt be read without order first, so that every step knows the whole of it, and adds keys and values of this
second reading to the causal ones. `repeated` is the other form, for any model as it is: the prompt stands there twice.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.layer._segments import Segments
from mnesis.neural.pieces import Positive, wide
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import State


def repeated(tokens: Tensor, prompt: int, times: int = 2) -> Tensor:
    """Tokens [B,T] with their first `prompt` steps standing there `times` times."""
    if not 0 < prompt <= tokens.shape[1] or times < 1:
        raise BadInput(f"prompt={prompt} must be 1 to {tokens.shape[1]} steps, and times={times} at least 1.")
    return torch.cat([tokens[:, :prompt]] * times + [tokens[:, prompt:]], dim=1)


class TwiceRead(Segments):
    """See `jrt`."""

    def __init__(self, width: int, heads: int, segment: int) -> None:
        super().__init__(width, segment)
        self.heads, self.features = heads, Positive(width // heads)
        self.ask = nn.Linear(width, width, bias=False)
        self.first, self.second = (nn.Linear(width, 2 * width, bias=False) for _ in range(2))
        self.out = nn.Linear(width, width, bias=False)

    def empty(self, batch: int, like: Tensor) -> State:
        each = self.width // self.heads
        zeros = wide(like).new_zeros(batch, self.heads, each, each)
        return {"S": zeros, "z": zeros[..., 0]}

    def through(self, x: Tensor, memory: State) -> tuple[Tensor, State]:
        q = self.features(self._heads(self.ask(x)))
        k, v = self._pairs(self.first, x)
        seen = (q @ k.mT).tril()
        y = self._read(seen @ v + q @ memory["S"], seen.sum(-1) + (q @ memory["z"].unsqueeze(-1)).squeeze(-1))
        S, z = memory["S"] + k.mT @ v, memory["z"] + k.sum(2)
        knowing = x + self._read(q @ S, (q @ z.unsqueeze(-1)).squeeze(-1)).to(x.dtype)
        k, v = self._pairs(self.second, knowing)
        return self.out(y.to(x.dtype)), {"S": S + k.mT @ v, "z": z + k.sum(2)}

    def _pairs(self, maps: nn.Module, x: Tensor) -> tuple[Tensor, Tensor]:
        k, v = maps(x).chunk(2, dim=-1)
        k = self.features(self._heads(k))
        return k, self._heads(v)

    def _heads(self, x: Tensor) -> Tensor:
        return wide(x).reshape(*x.shape[:2], self.heads, -1).transpose(1, 2)

    def _read(self, sums: Tensor, weight: Tensor) -> Tensor:
        return (sums / (weight.unsqueeze(-1) + 1e-6)).transpose(1, 2).flatten(2)


def jrt(width: int = 32, heads: int = 2, segment: int = 16) -> Layer:
    """Prefix linear attention over prompts of `segment` steps."""
    if width % heads or segment < 1:
        raise BadInput(f"width={width} must be a multiple of heads={heads}, and segment={segment} at least 1.")
    return TwiceRead(width, heads, segment)
