"""Every channel remembers its last stretch; a learned reader picks the delays.

Source: Narsimha Chilkuri, Chris Eliasmith, Parallelizing Legendre Memory Unit Training, 2021. arXiv 2102.11417
Needs: torch
Cost: linear in time; `order` numbers a channel
Shapes: x [B, T, W] -> y [B, T, W]; state m [B, H, order, D]
Differs: one curve for every channel and a reader a channel, in place of one wide curve and a dense reader.

The memory is linear and does not depend on what is read, so it never fades within its window and is gone beyond it.
The readers begin spread over the window: channel by channel the signal as it was a little longer ago.
"""

from __future__ import annotations

import torch

from mnesis.neural.layer.mixer import mixer
from mnesis.neural.pieces import FixedGate
from mnesis.neural.recipes import Layer
from mnesis.neural.rule.legendre import delayed, legendre


def lmu(width: int = 32, heads: int = 2, order: int = 8, window: float = 32.0) -> Layer:
    """The Legendre rule with learned readers."""
    channels = width // heads
    readers = torch.stack([delayed(order, share) for share in torch.linspace(0, 1, channels).tolist()], dim=-1)
    gates = {"q": FixedGate(readers.expand(heads, order, channels).clone(), learned=True)}
    return mixer(legendre(window), width, heads, keys=order, gates=gates)
