"""What is remembered looks ahead at what came after it.

Source: Haozhe Ji, Rongsheng Zhang, Zhenyu Yang, Zhipeng Hu, Minlie Huang, LaMemo: Language Modeling with Look-Ahead
    Memory, 2022. arXiv 2204.07341
Needs: torch
Cost: attention of a segment to itself and `memory` states, and of the memory to the segment; linear in time
Shapes: x [B, T, W] -> y [B, T, W]; memory [B, memory, W], the steps of the current segment
Differs: positions are turned (rotary); looking ahead has one head; a state is renewed once, when the segment after its
    own has been read, by what it pays attention to within the two.

A memory that keeps hidden states of earlier segments keeps them as they were: a word knows what stood before it, not
what came of it. Here each time a segment has been read, the states before it attend to it, and what they find is mixed
into them by how much attention they have paid to the right and how much to the left. Without `ahead` it is the memory
of Transformer-XL.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.layer._segments import Attention, Segments, upto
from mnesis.neural.pieces import RMSNorm, turned, wide
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import State


class LookAhead(Segments):
    """See `lamemo`."""

    def __init__(self, width: int, heads: int, segment: int, memory: int, ahead: bool) -> None:
        super().__init__(width, segment)
        self.memory = memory
        self.read = Attention(width, heads)
        self.norm = RMSNorm(width)
        self.look = nn.ModuleList(nn.Linear(width, width, bias=False) for _ in range(3)) if ahead else None

    def empty(self, batch: int, like: Tensor) -> State:
        return {
            "states": like.new_zeros(batch, self.memory, self.width),
            "live": torch.zeros(batch, self.memory, dtype=torch.bool, device=like.device),
        }

    def through(self, x: Tensor, memory: State) -> tuple[Tensor, State]:
        states, live = memory["states"].to(x), memory["live"]
        y = self.read(torch.cat([self.norm(states), x], dim=1), self.segment, upto(live, self.segment))
        states = self.looked(states, x)
        fresh = torch.ones_like(live[:, :1]).expand(-1, self.segment)
        return y, {
            "states": torch.cat([states, x], dim=1)[:, -self.memory :],
            "live": torch.cat([live, fresh], dim=1)[:, -self.memory :],
        }

    def looked(self, states: Tensor, x: Tensor) -> Tensor:
        """The states, of which those read last have attended to what is right of them, up to the end of x."""
        if self.look is None:
            return states
        ask, key, value = self.look
        last = states[:, -self.segment :]
        seen, size = torch.cat([last, x], dim=1), self.segment
        place = torch.arange(2 * size, device=x.device).expand(len(x), -1)
        q = turned(ask(last).unsqueeze(2), place[:, :size]).squeeze(2)
        k = turned(key(seen).unsqueeze(2), place).squeeze(2)
        score = wide(q @ k.mT) * self.width**-0.5
        right = place[0] > place[0, :size].unsqueeze(1)
        low = torch.finfo(score.dtype).min
        found = torch.softmax(score.masked_fill(~right, low), dim=-1).to(x.dtype) @ value(seen)
        mass = [score.masked_fill(~side, low).logsumexp(-1, keepdim=True) for side in (right, ~right)]
        share = torch.sigmoid(mass[0] - mass[1]).detach().to(x.dtype)
        return torch.cat([states[:, :-size], last + share * found], dim=1)


def lamemo(width: int = 32, heads: int = 2, segment: int = 16, memory: int = 32, ahead: bool = True) -> Layer:
    """Segments of `segment` steps and `memory` states of earlier ones, which look ahead."""
    if width % heads or not 0 < segment <= memory:
        raise BadInput(
            f"width={width} must be a multiple of heads={heads}, and segment={segment} 1 to memory={memory}."
        )
    return LookAhead(width, heads, segment, memory, ahead)
