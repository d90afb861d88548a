"""What goes through a sequence in segments, each with the memory the one before has left.

A layer says what a segment is answered with, and what memory there is after a whole one; the steps of a segment that is
not yet whole are kept, so that a sequence may be given in any pieces and every row stands where its own count says.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn

from mnesis.neural.layer import Layer, named, part
from mnesis.neural.pieces import turned
from mnesis.neural.rule import State, where
from mnesis.neural.rule._grid import grid


class Segments(Layer, ABC):
    """A layer in segments of `segment` steps."""

    def __init__(self, width: int, segment: int) -> None:
        super().__init__()
        self.width, self.segment = width, segment

    @abstractmethod
    def empty(self, batch: int, like: Tensor) -> State:
        """The memory before the first segment."""

    @abstractmethod
    def through(self, x: Tensor, memory: State) -> tuple[Tensor, State]:
        """y of one segment x [B,segment,W], no step of which reads a later one, and the memory after all of it."""

    def begin(self, batch: int, like: Tensor) -> State:
        count = torch.zeros(batch, dtype=torch.long, device=like.device)
        held = like.new_zeros(batch, self.segment, self.width)
        return {"n": count, "held": held, **named("memory", self.empty(batch, like))}

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        lie, size = grid(state["n"], x.shape[1], mask, self.segment), self.segment
        cells = lie.put(x)
        cells = torch.cat([cells[:, :size] + state["held"].to(x), cells[:, size:]], dim=1)
        memory, out = part(state, "memory"), []
        for start in range(0, cells.shape[1], size):
            y, after = self.through(cells[:, start : start + size], memory)
            whole = lie.count >= start + size
            memory = {name: where(whole, after[name].to(value), value) for name, value in memory.items()}
            out.append(y)
        rows, block = torch.arange(len(x), device=x.device), (lie.count // size).clamp_max(len(out) - 1)
        begun = torch.arange(size, device=x.device) < (lie.count % size).unsqueeze(1)
        held = cells.unflatten(1, (-1, size))[rows, block]  # type: ignore[no-untyped-call]
        held = where(begun, held, torch.zeros_like(held))
        return lie.take(torch.cat(out, dim=1)), {"n": lie.count % size, "held": held, **named("memory", memory)}


class Attention(nn.Module):
    """The last of some vectors ask all of them; positions are their places."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.ask, self.out = (nn.Linear(width, width, bias=False) for _ in range(2))
        self.pairs = nn.Linear(width, 2 * width, bias=False)

    def forward(self, seen: Tensor, asking: int, allowed: Tensor | None = None) -> Tensor:
        """What the last `asking` of seen [B,N,W] read [B,asking,W]; allowed [B,asking,N]."""
        place = torch.arange(seen.shape[1], device=seen.device).expand(seen.shape[:2])
        q = self.ask(seen[:, -asking:]).unflatten(-1, (self.heads, -1))
        k, v = self.pairs(seen).unflatten(-1, (2 * self.heads, -1)).chunk(2, dim=2)
        q, k = turned(q, place[:, -asking:]), turned(k, place)
        q, k, v = (each.transpose(1, 2) for each in (q, k, v))
        mask = None if allowed is None else allowed.unsqueeze(1)
        y = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        out: Tensor = self.out(y.transpose(1, 2).flatten(2))
        return out


def upto(live: Tensor, size: int) -> Tensor:
    """A step may see what lives of a memory [B,M] and the steps up to its own: [B,size,M+size]."""
    own = torch.ones(size, size, dtype=torch.bool, device=live.device).tril()
    return torch.cat([live.unsqueeze(1).expand(-1, size, -1), own.expand(len(live), -1, -1)], dim=2)


def scaled(x: Tensor) -> Tensor:
    """Every vector brought to length sqrt(W), so that what goes from segment to segment does not swell."""
    return torch.nn.functional.rms_norm(x, x.shape[-1:])
