"""Capture what every layer made of rare steps, and weave it into later ones.

Source: Frederick Dillon, Gregor Halvorsen, Simon Tattershall, Magnus Rowntree, Gareth Vanderpool, Contextual Memory
    Reweaving in Large Language Models Using Layered Latent State Reconstruction, 2025. arXiv 2502.02046
Needs: torch
Cost: `layers` attentions within a segment, and `slots` products a step; linear in time
Shapes: x [B, T, W] -> y [B, T, W]; latents [B, slots, layers + 1, W], the steps of the current segment
Differs: read from the abstract; layers attend within a segment; which quarter of a segment is captured a learned score
    of its latents says, and the oldest give way.

A token's meaning is made layer by layer, and what an early layer knew of it is gone in the last. At a segment's end
the steps that stand out are captured with their states of all layers. Later steps ask for them; what they find is put
together from all layers with learned weights and added by a gate. So a rare word is still there as it was read, and
nothing outside the model holds it.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.layer._segments import Attention, Segments
from mnesis.neural.pieces import RMSNorm
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import State


class Reweaving(Segments):
    """See `memory_reweaving`."""

    def __init__(self, width: int, heads: int, segment: int, slots: int, layers: int) -> None:
        super().__init__(width, segment)
        self.slots, self.captured = slots, max(segment // 4, 1)
        self.layers = nn.ModuleList(Attention(width, heads) for _ in range(layers))
        self.norms = nn.ModuleList(RMSNorm(width) for _ in range(layers))
        self.score = nn.Linear((layers + 1) * width, 1)
        self.weights = nn.Parameter(torch.zeros(2, layers + 1))  # of the layers in a key and in what is rebuilt
        self.ask, self.key, self.value = (nn.Linear(width, width, bias=False) for _ in range(3))
        self.gate = nn.Linear(width, 1)

    def empty(self, batch: int, like: Tensor) -> State:
        return {
            "latents": like.new_zeros(batch, self.slots, len(self.layers) + 1, self.width),
            "live": torch.zeros(batch, self.slots, dtype=torch.bool, device=like.device),
        }

    def through(self, x: Tensor, memory: State) -> tuple[Tensor, State]:
        states = [x]
        for layer, norm in zip(self.layers, self.norms, strict=True):
            allowed = x.new_ones(self.segment, self.segment, dtype=torch.bool).tril().expand(len(x), -1, -1)
            states.append(states[-1] + layer(norm(states[-1]), self.segment, allowed))
        said = states[-1] - x
        latents = torch.stack(states, dim=2)
        y = said + torch.sigmoid(self.gate(states[-1])) * self.rewoven(states[-1], memory)
        chance = self.score(latents.flatten(2)).squeeze(-1)
        best, place = chance.topk(self.captured, dim=1)
        place, order = place.sort(dim=1)
        chosen = latents.gather(1, place[:, :, None, None].expand(-1, -1, *latents.shape[2:]))
        chosen = chosen * torch.sigmoid(best.gather(1, order))[:, :, None, None]
        live = torch.ones(chosen.shape[:2], dtype=torch.bool, device=x.device)
        return y, {
            "latents": torch.cat([memory["latents"].to(x), chosen], dim=1)[:, -self.slots :],
            "live": torch.cat([memory["live"], live], dim=1)[:, -self.slots :],
        }

    def rewoven(self, x: Tensor, memory: State) -> Tensor:
        """What steps [B,T,W] find among the captured, rebuilt from all layers; zeros where nothing was captured."""
        shares = torch.softmax(self.weights, dim=-1)
        latents, live = memory["latents"].to(x), memory["live"].unsqueeze(1)
        keys, values = (torch.einsum("l,bnlw->bnw", each, latents) for each in shares.to(x))
        score = self.ask(x) @ self.key(keys).mT * self.width**-0.5
        read = torch.softmax(score.masked_fill(~live, torch.finfo(score.dtype).min), dim=-1) * live
        out: Tensor = read @ self.value(values)
        return out


def memory_reweaving(width: int = 32, heads: int = 2, segment: int = 16, slots: int = 32, layers: int = 2) -> Layer:
    """`layers` attentions in segments of `segment` steps, and `slots` captured steps."""
    if width % heads or min(segment, layers) < 1 or slots < max(segment // 4, 1):
        raise BadInput(
            f"width={width} must be a multiple of heads={heads}, segment={segment} and layers={layers} 1 up, and "
            f"slots={slots} at least a quarter of a segment."
        )
    return Reweaving(width, heads, segment, slots, layers)
