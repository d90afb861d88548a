"""The chunk-parallel form of h_t = a_t * h_{t-1} + b_t, number by number, for states of any shape.

Inside a chunk, steps are joined two by two, then four by four: after log2(C) rounds every step holds the product of
its factors and the sum of its inputs since the chunk began. Nothing is divided and nothing is kept as a logarithm, so
factors may be zero, negative or complex.
"""

from __future__ import annotations

import torch
from torch import Tensor


def scanned(h: Tensor, a: Tensor, b: Tensor) -> Tensor:
    """Every state of one chunk. h [B, …]; a and b of one shape [B, C, …]."""
    reach, size = 1, a.shape[1]
    while reach < size:
        joined = torch.cat([b[:, :reach], b[:, reach:] + a[:, reach:] * b[:, :-reach]], dim=1)
        a = torch.cat([a[:, :reach], a[:, reach:] * a[:, :-reach]], dim=1)
        b, reach = joined, 2 * reach
    return b + a * h.unsqueeze(1)
