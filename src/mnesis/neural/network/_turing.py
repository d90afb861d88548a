"""A memory of rows that is addressed by likeness and by place, written by erasing and adding."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import cosine_similarity, softplus


class Head(nn.Module):
    """Where to look in a memory [B,N,M], from what a controller says and where it looked before."""

    def __init__(self, width: int, cell: int) -> None:
        super().__init__()
        self.cell = cell
        self.says = nn.Linear(width, cell + 6)

    def forward(self, said: Tensor, memory: Tensor, before: Tensor) -> Tensor:
        """Shares over the rows [B,N]: by likeness or as before, then shifted, then sharpened."""
        key, strength, gate, shift, sharp = torch.split(self.says(said), [self.cell, 1, 1, 3, 1], dim=-1)
        like = torch.softmax(likeness(memory, torch.tanh(key)) * (1 + softplus(strength)), dim=-1)
        gate = torch.sigmoid(gate)
        shares = gate * like + (1 - gate) * before
        back, stay, on = torch.softmax(shift, dim=-1).chunk(3, dim=-1)
        shares = back * shares.roll(-1, dims=1) + stay * shares + on * shares.roll(1, dims=1)
        shares = (shares + 1e-9) ** (1 + softplus(sharp))
        sharp_shares: Tensor = shares / shares.sum(-1, keepdim=True)
        return sharp_shares


def likeness(memory: Tensor, key: Tensor) -> Tensor:
    """The cosine of every row with the key: [B,N]."""
    return cosine_similarity(memory, key.unsqueeze(1), dim=-1, eps=1e-6)


def written(memory: Tensor, shares: Tensor, erase: Tensor, add: Tensor) -> Tensor:
    """The memory after erasing and adding [B,M] by shares [B,N]."""
    by = shares.unsqueeze(-1)
    return memory * (1 - by * erase.unsqueeze(1)) + by * add.unsqueeze(1)


def read(memory: Tensor, shares: Tensor) -> Tensor:
    """The rows by their shares: [B,M]."""
    return (shares.unsqueeze(-1) * memory).sum(1)
