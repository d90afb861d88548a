"""Slots compete for what is read, and everybody reads the slots.

Source: Jinyung Hong, Keun Hee Park, Theodore P. Pavlic, Concept-Centric Transformers: Enhancing Model Interpretability
    through Object-Centric Concept Learning within a Shared Global Workspace, 2023. arXiv 2305.15775
Needs: torch
Cost: slots * W numbers; one step after the other
Shapes: x [B, T, W] -> y [B, T, W]; slots [B, slots, W]
Differs: a step at a time instead of an image at once, one round of competition each, and no loss on explanations.

The workspace is a bottleneck: a few concept slots. For every step they compete by attention that sums to 1 over the
slots, so a slot wins what is like it and becomes more so. The answer is a mean of the slots as they are now, and its
weights are the explanation: how much of each concept there is in it.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.layer._segments import scaled
from mnesis.neural.pieces import wide
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import State, where


class Workspace(Layer):
    """See `concept_centric`."""

    def __init__(self, width: int, heads: int, slots: int) -> None:
        super().__init__()
        self.heads = heads
        self.begun = nn.Parameter(torch.randn(slots, width))
        self.bid, self.say = nn.Linear(width, width, bias=False), nn.Linear(width, width, bias=False)
        self.offer, self.accept = nn.Linear(width, width, bias=False), nn.Linear(width, width)
        self.ask, self.show = nn.Linear(width, width, bias=False), nn.Linear(width, width, bias=False)
        self.out = nn.Linear(width, width, bias=False)

    def begin(self, batch: int, like: Tensor) -> State:
        return {"slots": wide(self.begun).expand(batch, -1, -1).clone()}

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        slots, offer, said, out = state["slots"], self.offer(x), self.say(x), []
        for t in range(x.shape[1]):
            after = self.written(slots, offer[:, t], said[:, t])
            slots = after if mask is None else where(mask[:, t], after, slots)
            out.append(slots)
        held = torch.stack(out, dim=1)
        shares = self.explained(x, held)
        parts = held.to(x).unflatten(-1, (self.heads, -1))  # type: ignore[no-untyped-call]
        y = torch.einsum("bths,btshd->bthd", shares, parts)
        return self.out(y.flatten(2)), {"slots": slots}

    def won(self, slots: Tensor, offer: Tensor) -> Tensor:
        """How much of a step [B,W] each slot wins [B,slots]; they sum to 1."""
        bids = self.bid(scaled(slots).to(offer))
        return torch.softmax(wide((bids * offer.unsqueeze(1)).sum(-1)) * offer.shape[-1] ** -0.5, dim=-1)

    def written(self, slots: Tensor, offer: Tensor, said: Tensor) -> Tensor:
        """The slots after a step: each goes its share of the way to what was said, as far as it accepts."""
        accepted = wide(torch.sigmoid(self.accept(scaled(slots).to(said))))
        return slots + self.won(slots, offer).unsqueeze(-1) * accepted * (wide(said).unsqueeze(1) - slots)

    def explained(self, x: Tensor, slots: Tensor) -> Tensor:
        """How much of each concept is in the answer to each step [B,T,H,slots], for slots [B,T,slots,W]."""
        q = self.ask(x).unflatten(-1, (self.heads, -1))
        k = self.show(slots.to(x)).unflatten(-1, (self.heads, -1))
        return torch.softmax(torch.einsum("bthd,btshd->bths", q, k) * q.shape[-1] ** -0.5, dim=-1)


def concept_centric(width: int = 32, heads: int = 2, slots: int = 8) -> Layer:
    """A workspace of `slots` concepts."""
    if width % heads or slots < 2:
        raise BadInput(f"width={width} must be a multiple of heads={heads}, and slots={slots} at least 2.")
    return Workspace(width, heads, slots)
