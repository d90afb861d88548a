"""Reinforce what fits the context, and write faintly what does not.

Source: George Applegarth, Christian Weatherstone, Maximilian Hollingsworth, Henry Middlebrook, Marcus Irvin, Exploring
    Synaptic Resonance in Large Language Models: A Novel Approach to Contextual Memory Integration, 2025.
    arXiv 2502.10699
Needs: torch
Cost: linear in time; two more maps of x
Shapes: x [B, T, W] -> y [B, T, W]; state S [B, H, D, D], context c [B, H, D], the steps of the current segment
Differs: read from the abstract: synaptic weights are a fading associative state, contextual relevance is the cosine
    between a step and the context as it was when its segment began, and the context a fading mean of what was relevant.

A memory that writes everything is full of noise when the text is. Here the context that has built up says how relevant
a step is, and its pathway is reinforced up to `gain` times or left nearly as it was. What was relevant becomes context
itself, so a theme strengthens what belongs to it, while a text is read and without training for it.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import cosine_similarity

from mnesis.errors import BadInput
from mnesis.neural.layer._segments import Segments
from mnesis.neural.pieces import RMSNorm, slow, unit_length, wide
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import State
from mnesis.neural.rule.decayed import decayed

KEPT = 0.8  # of the context with every further segment


class Resonant(Segments):
    """See `synaptic_resonance`."""

    def __init__(self, width: int, heads: int, segment: int, gain: float) -> None:
        super().__init__(width, segment)
        self.heads, self.gain, self.rule, self.fade = heads, gain, decayed(), slow()
        self.project, self.mark = nn.Linear(width, 3 * width, bias=False), nn.Linear(width, width, bias=False)
        self.route = nn.Parameter(torch.eye(width // heads).expand(heads, -1, -1).clone())
        self.decay = nn.Linear(width, heads)
        self.sharp, self.level = nn.Parameter(torch.full((heads,), 4.0)), nn.Parameter(torch.zeros(heads))
        self.norm, self.out = RMSNorm(width // heads), nn.Linear(width, width, bias=False)
        nn.init.constant_(self.decay.bias, 3.0)

    def empty(self, batch: int, like: Tensor) -> State:
        each = self.width // self.heads
        S = wide(like).new_zeros(batch, self.heads, each, each)
        return {"S": S, "c": S[..., 0]}

    def through(self, x: Tensor, memory: State) -> tuple[Tensor, State]:
        made = wide(self.project(x)).reshape(*x.shape[:2], 3, self.heads, -1)
        q, k, v = unit_length(made[:, :, 0]), unit_length(made[:, :, 1]), made[:, :, 2]
        mark = unit_length(self.mark(x).reshape(k.shape))
        relevant = self.resonance(mark, memory["c"])
        decay = self.fade(wide(self.decay(x)))
        inputs = {"q": q, "k": k, "v": v * relevant.unsqueeze(-1), "decay": decay}
        y, after = self.rule.chunked({"S": memory["S"]}, inputs)
        said: Tensor = self.out(self.norm(y.to(x.dtype)).flatten(2))
        return said, after | {"c": KEPT * memory["c"] + (1 - KEPT) * (relevant.unsqueeze(-1) * mark).mean(1)}

    def resonance(self, mark: Tensor, context: Tensor) -> Tensor:
        """How strongly steps with these marks [B,T,H,D] are written in this context [B,H,D]: 0 to `gain`."""
        fits = torch.einsum("bhd,hde->bhe", context, wide(self.route)).unsqueeze(1)
        like = cosine_similarity(fits, mark, dim=-1, eps=1e-4)
        return self.gain * torch.sigmoid(wide(self.sharp) * like + wide(self.level))


def synaptic_resonance(width: int = 32, heads: int = 2, segment: int = 8, gain: float = 2.0) -> Layer:
    """A fading memory that reinforces what fits its context, told anew every `segment` steps."""
    if width % heads or segment < 1 or not gain > 0:
        raise BadInput(
            f"width={width} must be a multiple of heads={heads}, segment={segment} 1 up and gain={gain} above 0."
        )
    return Resonant(width, heads, segment, gain)
