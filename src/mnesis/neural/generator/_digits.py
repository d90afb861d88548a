"""Digits of 8 by 8 points, drawn as they are needed: a generator can be tried without any data."""

from __future__ import annotations

import torch
from torch import Tensor

SIDE = 8
GLYPHS = (
    ("0110", "1001", "1001", "1001", "0110"),
    ("0010", "0110", "0010", "0010", "0111"),
    ("1110", "0001", "0110", "1000", "1111"),
    ("1110", "0001", "0110", "0001", "1110"),
    ("1001", "1001", "1111", "0001", "0001"),
    ("1111", "1000", "1110", "0001", "1110"),
    ("0111", "1000", "1110", "1001", "0110"),
    ("1111", "0001", "0010", "0100", "0100"),
    ("0110", "1001", "0110", "1001", "0110"),
    ("0110", "1001", "0111", "0001", "1110"),
)


def digits(count: int, seed: int) -> tuple[Tensor, Tensor]:
    """`count` images [count, 64] between -1 and 1, each digit somewhere and of some strength, and which they are."""
    source = torch.Generator().manual_seed(seed)
    which = torch.randint(10, (count,), generator=source)
    ink = torch.tensor([[[float(point) for point in row] for row in glyph] for glyph in GLYPHS])
    images = torch.zeros(count, SIDE, SIDE)
    places = torch.stack([torch.randint(room, (count,), generator=source) for room in (4, 5)], dim=1)
    for n, (down, right) in enumerate(places.tolist()):
        images[n, down : down + 5, right : right + 4] = ink[which[n]]
    images = images * (0.6 + 0.4 * torch.rand(count, 1, 1, generator=source))
    images = images + 0.05 * torch.randn(images.shape, generator=source)
    return (2 * images - 1).clamp(-1, 1).flatten(1), which
