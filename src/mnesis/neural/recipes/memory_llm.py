"""A pool of latent tokens that every segment is read with, and renewed by.

Source: Yu Wang, Yifan Gao, Xiusi Chen, Haoming Jiang, Shiyang Li, Jingfeng Yang, Qingyu Yin, Zheng Li, Xian Li, Bing
    Yin, Jingbo Shang, Julian McAuley, MEMORYLLM: Towards Self-Updatable Large Language Models, 2024. arXiv 2402.04624
Needs: torch
Cost: attention within a segment and over the pool; linear in time
Shapes: x [B, T, W] -> y [B, T, W]; the pool [B, pool, W], the steps of the current segment
Differs: new tokens are read out by learned ones; who gives way is chosen by a hash of the count, so runs repeat.

After a segment a quarter of the pool is written anew, and as many old tokens give way, whichever they are. So what a
segment has left fades by a constant share with every further one, and never is the pool full.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.layer._segments import Attention, Segments, scaled, upto
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import State

GOLDEN = 2654435761  # 2**32 divided by the golden ratio: multiples of it lie evenly


class Pool(Segments):
    """See `memory_llm`; `m_plus` keeps what gives way."""

    def __init__(self, width: int, heads: int, segment: int, pool: int) -> None:
        super().__init__(width, segment)
        self.pool, self.fresh = pool, max(pool // 4, 1)
        self.tokens = nn.Parameter(torch.randn(self.fresh, width))
        self.read, self.condense = Attention(width, heads), Attention(width, heads)

    def empty(self, batch: int, like: Tensor) -> State:
        live = torch.zeros(batch, self.pool, dtype=torch.bool, device=like.device)
        count = torch.zeros(batch, dtype=torch.long, device=like.device)
        return {"pool": like.new_zeros(batch, self.pool, self.width), "live": live, "count": count}

    def through(self, x: Tensor, memory: State) -> tuple[Tensor, State]:
        pool = memory["pool"].to(x)
        y = self.read(torch.cat([pool, x], dim=1), self.segment, upto(memory["live"], self.segment))
        y = y + self.remote(x, memory)
        seen = torch.cat([pool, x + y, self.tokens.expand(len(x), -1, -1).to(x)], dim=1)
        rest = torch.ones(len(x), self.segment, dtype=torch.bool, device=x.device)
        made = scaled(self.condense(seen, self.fresh, upto(torch.cat([memory["live"], rest], dim=1), self.fresh)))
        gone, stays = self._parted(memory)
        after = {
            "pool": torch.cat([_at(pool, stays), made], dim=1),
            "live": torch.cat([memory["live"].gather(1, stays), rest.new_ones(len(x), self.fresh)], dim=1),
            "count": memory["count"] + 1,
        }
        return y, after | self.moved(_at(pool, gone), memory["live"].gather(1, gone), memory)

    def remote(self, x: Tensor, memory: State) -> Tensor:
        """What is read from beyond the pool: nothing."""
        return torch.zeros_like(x)

    def moved(self, gone: Tensor, live: Tensor, memory: State) -> State:
        """Where the tokens go that give way: nowhere."""
        return {}

    def _parted(self, memory: State) -> tuple[Tensor, Tensor]:
        """Places of the tokens that give way, empty ones first, and of those that stay, in their order."""
        place = torch.arange(1, self.pool + 1, device=memory["count"].device)
        chance = (place * (memory["count"].unsqueeze(1) + 1) * GOLDEN) % 2**32
        order = torch.where(memory["live"], chance, -1).argsort(dim=1, stable=True)
        return order[:, : self.fresh], order[:, self.fresh :].sort(dim=1).values


def _at(x: Tensor, place: Tensor) -> Tensor:
    return x.gather(1, place.unsqueeze(-1).expand(-1, -1, x.shape[-1]))


def memory_llm(width: int = 32, heads: int = 2, segment: int = 16, pool: int = 16) -> Layer:
    """Segments of `segment` steps, and a pool of `pool` tokens."""
    if width % heads or segment < 1 or pool < 2:
        raise BadInput(
            f"width={width} must be a multiple of heads={heads}, segment={segment} 1 up and pool={pool} 2 up."
        )
    return Pool(width, heads, segment, pool)
