"""Places steps on a grid of blocks, so that every row begins a block where its own count says.

Rows may have come to different places in their blocks, and masked steps do not count; on the grid a live step lies
at the number of live steps before it, and blocks are columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from mnesis.neural.rule import where


@dataclass(frozen=True, slots=True)
class Grid:
    """Cell of each step [B,T] (the last cell takes what is masked), live cells [B,L], live steps so far [B]."""

    cell: Tensor
    live: Tensor
    count: Tensor
    mask: Tensor

    def put(self, x: Tensor) -> Tensor:
        """[B,T,…] to [B,L,…], zeros where no step lies."""
        size = self.live.shape[1]
        index = self.cell.reshape(*self.cell.shape, *(1,) * (x.dim() - 2)).expand_as(x)
        return x.new_zeros(x.shape[0], size + 1, *x.shape[2:]).scatter(1, index, x)[:, :size]

    def take(self, x: Tensor) -> Tensor:
        """[B,L,…] to [B,T,…], zeros where the step is masked."""
        index = self.cell.clamp_max(x.shape[1] - 1).reshape(*self.cell.shape, *(1,) * (x.dim() - 2))
        taken = x.gather(1, index.expand(*self.cell.shape, *x.shape[2:]))
        return where(self.mask, taken, torch.zeros_like(taken))


def grid(count: Tensor, steps: int, mask: Tensor | None, block: int) -> Grid:
    """The grid for `steps` more steps of rows that stand at `count` [B] within their block."""
    if mask is None:
        mask = torch.ones(len(count), steps, dtype=torch.bool, device=count.device)
    after = count.unsqueeze(1) + mask.long().cumsum(1)
    last = after[:, -1]
    size = max(block, -(-int(last.max()) // block) * block)
    cell = torch.where(mask, after - 1, size)
    places = torch.arange(size, device=count.device)
    live = (places >= count.unsqueeze(1)) & (places < last.unsqueeze(1))
    return Grid(cell, live, last, mask)
