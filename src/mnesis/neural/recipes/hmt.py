"""Last steps, an embedding of each segment, and a store it recalls these from.

Source: Zifan He, Yingqi Cao, Zongyue Qin, Neha Prakriya, Yizhou Sun, Jason Cong, HMT: Hierarchical Memory Transformer
    for Long Context Language Processing, 2024. arXiv 2405.06067
Needs: torch
Cost: attention within a segment and half of the one before, and `slots` products for each segment; linear in time
Shapes: x [B, T, W] -> y [B, T, W]; memory embeddings [B, slots, W], the last half segment, the current segment
Differs: the topic is summed up from the last half segment, not from the first half of the one that is answered with it.

Sensory memory: the last steps of the segment before, as they were. Short-term: an embedding of every segment, made by a
learned token that reads the segment once it is over. Long-term: the last embeddings, of which those that are like the
present topic are recalled and set before the segment. The paper sums up the topic from half of the very segment the
recalled is given to; its first steps would then know of later ones, so here the topic is what went just before.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.layer._segments import Attention, Segments, scaled, upto
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import State


class Hierarchy(Segments):
    """See `hmt`."""

    def __init__(self, width: int, heads: int, segment: int, slots: int) -> None:
        super().__init__(width, segment)
        self.slots, self.sense = slots, (segment + 1) // 2
        self.tokens = nn.Parameter(torch.randn(2, 1, width))  # one asks for the topic, one for the embedding
        self.topic, self.condense, self.read = (Attention(width, heads) for _ in range(3))
        self.ask, self.key = (nn.Linear(width, width, bias=False) for _ in range(2))

    def empty(self, batch: int, like: Tensor) -> State:
        return {
            "long": like.new_zeros(batch, self.slots, self.width),
            "live": torch.zeros(batch, self.slots, dtype=torch.bool, device=like.device),
            "sensory": like.new_zeros(batch, self.sense, self.width),
        }

    def recalled(self, topic: Tensor, memory: State) -> Tensor:
        """What the store says to a topic [B,1,W]: a mean of its embeddings by likeness, zeros where it is empty."""
        long, live = memory["long"].to(topic), memory["live"].unsqueeze(1)
        like = self.ask(topic) @ self.key(long).mT * self.width**-0.5
        shares = torch.softmax(like.masked_fill(~live, torch.finfo(like.dtype).min), dim=-1) * live
        return shares @ long

    def through(self, x: Tensor, memory: State) -> tuple[Tensor, State]:
        ask, sum_up = (each.expand(len(x), -1, -1).to(x) for each in self.tokens)
        sensory, begun = memory["sensory"].to(x), memory["live"][:, -1:]
        topic = scaled(self.topic(torch.cat([sensory, ask], dim=1), 1))
        prompt = self.recalled(topic, memory)
        live = begun.expand(-1, 1 + self.sense)
        y = self.read(torch.cat([prompt, sensory, x], dim=1), self.segment, upto(live, self.segment))
        made = scaled(self.condense(torch.cat([prompt, x + y, sum_up], dim=1), 1))
        return y, {
            "long": torch.cat([memory["long"][:, 1:].to(x), made], dim=1),
            "live": torch.cat([memory["live"][:, 1:], torch.ones_like(begun)], dim=1),
            "sensory": x[:, self.segment - self.sense :],
        }


def hmt(width: int = 32, heads: int = 2, segment: int = 16, slots: int = 32) -> Layer:
    """Segments of `segment` steps, and a store of the last `slots` embeddings."""
    if width % heads or segment < 2 or slots < 1:
        raise BadInput(
            f"width={width} must be a multiple of heads={heads}, segment={segment} 2 up and slots={slots} 1 up."
        )
    return Hierarchy(width, heads, segment, slots)
