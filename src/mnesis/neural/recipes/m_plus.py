"""Tokens that give way in a pool go where a retriever finds them again.

Source: Yu Wang, Dmitry Krotov, Yuanzhe Hu, Yifan Gao, Wangchunshu Zhou, Julian McAuley, Dan Gutfreund, Rogerio Feris,
    Zexue He, M+: Extending MemoryLLM with Scalable Long-Term Memory, 2025. arXiv 2502.00592
Needs: torch
Cost: as `memory_llm`, and `long` short products a step
Shapes: x [B, T, W] -> y [B, T, W]; as `memory_llm`, and long [B, long, W]
Differs: as `memory_llm`; the retriever's scores weigh what is read, which trains it, and the oldest of `long` go.

The pool forgets by chance; here nothing it drops is lost as long as the long-term memory has room. A step finds the
`chosen` tokens there that two small maps, one for steps and one for tokens, bring nearest to each other, and reads them
beside the pool.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.recipes import Layer
from mnesis.neural.recipes.memory_llm import Pool
from mnesis.neural.rule import State


class Plus(Pool):
    """See `m_plus`."""

    def __init__(self, width: int, heads: int, segment: int, pool: int, long: int, chosen: int) -> None:
        super().__init__(width, heads, segment, pool)
        self.long, self.chosen = long, chosen
        self.ask, self.key = (nn.Linear(width, max(width // 2, 1), bias=False) for _ in range(2))
        self.value = nn.Linear(width, width, bias=False)

    def empty(self, batch: int, like: Tensor) -> State:
        live = torch.zeros(batch, self.long, dtype=torch.bool, device=like.device)
        begun = super().empty(batch, like)
        return begun | {"long": like.new_zeros(batch, self.long, self.width), "kept": live}

    def shares(self, x: Tensor, memory: State) -> Tensor:
        """How much each step reads of each long-term token [B,T,long]: nothing but of the chosen."""
        score = self.ask(x) @ self.key(memory["long"].to(x)).mT * self.key.out_features**-0.5
        low, kept = torch.finfo(score.dtype).min, memory["kept"].unsqueeze(1)
        best, place = score.masked_fill(~kept, low).topk(self.chosen, dim=-1)
        return torch.zeros_like(score).scatter(-1, place, torch.softmax(best, dim=-1)) * kept

    def remote(self, x: Tensor, memory: State) -> Tensor:
        read: Tensor = self.shares(x, memory) @ self.value(memory["long"].to(x))
        return read

    def moved(self, gone: Tensor, live: Tensor, memory: State) -> State:
        long = torch.cat([memory["long"].to(gone), gone], dim=1)[:, self.fresh :]
        return {"long": long, "kept": torch.cat([memory["kept"], live], dim=1)[:, self.fresh :]}


def m_plus(
    width: int = 32, heads: int = 2, segment: int = 16, pool: int = 16, long: int = 128, chosen: int = 8
) -> Layer:
    """The pool, and a long-term memory of `long` tokens of which each step reads `chosen`."""
    if width % heads or segment < 1 or pool < 2 or not 0 < chosen <= long:
        raise BadInput(
            f"width={width} must be a multiple of heads={heads}, segment={segment} 1 up, pool={pool} 2 up, and "
            f"chosen={chosen} 1 to long={long}."
        )
    return Plus(width, heads, segment, pool, long, chosen)
