"""The last segment's final states go through all layers again, with the present.

Source: Won-Gi Paeng, Daesuk Kwon, Kyungwon Jeong, Honggyo Suh, Folded Context Condensation in Path Integral Formalism
    for Infinite Context Transformers, 2024. arXiv 2405.04620
Needs: torch
Cost: attention over two segments in each of its layers; linear in time
Shapes: x [B, T, W] -> y [B, T, W]; the last segment's final states [B, segment, W], the steps of the current one
Differs: read from the abstract; the folded states are as many as a segment has steps, and normalised.

Layers are steps of time by which token states move on. A state of the past that has moved through all of them is set
before the present segment and moves on beside it, so past and present meet at every depth as they are by then. What is
kept of a segment has itself met the one before it: the whole past, folded into the room of one segment.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import silu

from mnesis.errors import BadInput
from mnesis.neural.layer._segments import Attention, Segments, scaled, upto
from mnesis.neural.pieces import RMSNorm
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import State


class Evolution(nn.Module):
    """One step of time: token states meet, then each moves on by itself."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.before, self.between = RMSNorm(width), RMSNorm(width)
        self.meet = Attention(width, heads)
        self.enter, self.leave = nn.Linear(width, 2 * width, bias=False), nn.Linear(2 * width, width, bias=False)

    def forward(self, h: Tensor, allowed: Tensor) -> Tensor:
        """h [B,N,W], moved on."""
        h = h + self.meet(self.before(h), h.shape[1], allowed)
        moved: Tensor = h + self.leave(silu(self.enter(self.between(h))))
        return moved


class Folded(Segments):
    """See `folded_context`."""

    def __init__(self, width: int, heads: int, segment: int, layers: int) -> None:
        super().__init__(width, segment)
        self.layers = nn.ModuleList(Evolution(width, heads) for _ in range(layers))
        self.out = nn.Linear(width, width, bias=False)

    def empty(self, batch: int, like: Tensor) -> State:
        live = torch.zeros(batch, self.segment, dtype=torch.bool, device=like.device)
        return {"past": like.new_zeros(batch, self.segment, self.width), "live": live}

    def through(self, x: Tensor, memory: State) -> tuple[Tensor, State]:
        h = torch.cat([memory["past"].to(x), x], dim=1)
        own = torch.eye(h.shape[1], dtype=torch.bool, device=x.device)
        alive = torch.cat([memory["live"], torch.ones_like(memory["live"])], dim=1)
        allowed = (upto(alive[:, :0], h.shape[1]) & alive.unsqueeze(1)) | own
        for layer in self.layers:
            h = layer(h, allowed)
        present = scaled(h[:, self.segment :])
        return self.out(present), {"past": present, "live": torch.ones_like(memory["live"])}


def folded_context(width: int = 32, heads: int = 2, segment: int = 16, layers: int = 2) -> Layer:
    """Segments of `segment` steps, moved through `layers` layers beside the states of the one before."""
    if width % heads or segment < 1 or layers < 1:
        raise BadInput(
            f"width={width} must be a multiple of heads={heads}, segment={segment} and layers={layers} 1 up."
        )
    return Folded(width, heads, segment, layers)
