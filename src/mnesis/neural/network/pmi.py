"""A working memory that sentences compete for, and a long-term memory of products.

Source: Xiangyu Zeng, Jie Lin, Piao Hu, Ruizheng Huang, Zhicheng Zhang, Understanding AI Cognition: A Neural Module for
    Inference Inspired by Human Memory Mechanisms, 2023. arXiv 2310.09297
Needs: torch
Cost: one step a sentence; `slots` products, and `deep` * `slots` * W numbers of long-term memory
Shapes: story [B, S, N], question [B, N] -> logits [B, answers]
Differs: read from the abstract; a sentence is written into the `won` slots that want it most; the long-term memory is
    faded by a learned factor.

Perception brings sentences. The slots of the working memory bid for each, and only the best get it, so slots become
about different things and little is written over. After each sentence the working memory is laid down in the long-term
memory: its outer product with a code of the moment is added, so moments do not mix. Inference asks the working memory,
then asks the long-term memory with what it found, and joins both.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from mnesis.errors import BadInput
from mnesis.neural.network import Network
from mnesis.neural.network._recurrent import Held, Reader


class Inference(Reader):
    """See `pmi`."""

    def __init__(self, vocab: int, answers: int, width: int, slots: int, won: int, deep: int) -> None:
        super().__init__(vocab, answers, width, 2 * width)
        self.slots, self.won, self.deep = slots, won, deep
        self.fresh = nn.Parameter(torch.randn(slots, width))
        self.bid, self.offer, self.value = (nn.Linear(width, width, bias=False) for _ in range(3))
        self.gate, self.norm = nn.Linear(2 * width, width), nn.LayerNorm(width)
        self.moment = nn.Linear(width, deep)
        self.fade = nn.Parameter(torch.tensor(3.0))
        self.asks = nn.ModuleList(nn.Linear(width, width, bias=False) for _ in range(2))
        self.when = nn.Linear(width, deep)
        self.share = nn.Linear(2 * width, width)

    def begin(self, like: Tensor) -> dict[str, Tensor]:
        rows = len(like)
        long = like.new_zeros(rows, self.deep, self.slots, self.width)
        return {"working": self.norm(self.fresh).expand(rows, -1, -1).to(like), "long": long}

    def won_by(self, x: Tensor, working: Tensor) -> Tensor:
        """What share of x [B,W] every slot gets: [B,slots], nothing but the best bidders."""
        bids = torch.einsum("bnw,bw->bn", self.bid(working), self.offer(x)) * self.width**-0.5
        best, place = bids.topk(self.won, dim=-1)
        return torch.zeros_like(bids).scatter(-1, place, torch.softmax(best, dim=-1))

    def step(self, x: Tensor, held: Held) -> tuple[Tensor, dict[str, Tensor]]:
        working, got = held["working"], self.won_by(x, held["working"]).unsqueeze(-1)
        value = self.value(x).unsqueeze(1).expand_as(working)
        gate = torch.sigmoid(self.gate(torch.cat([working, value], dim=-1)))
        working = self.norm(working + got * gate * value)
        code = torch.softmax(self.moment(x), dim=-1)
        laid = torch.einsum("bc,bnw->bcnw", code, got * working)
        long = torch.sigmoid(self.fade) * held["long"] + laid
        return self.understood(x, working, long), {"working": working, "long": long}

    def understood(self, x: Tensor, working: Tensor, long: Tensor) -> Tensor:
        """What x finds in the working memory, and by that in the long-term memory: [B,2 W]."""
        near = self._found(self.asks[0](x), working)
        when = torch.softmax(self.when(x + near), dim=-1)
        past = torch.einsum("bc,bcnw->bnw", when, long)
        past = normalize(past, dim=-1, eps=1e-3) * self.width**0.5
        far = self._found(self.asks[1](x + near), past)
        share = torch.sigmoid(self.share(torch.cat([near, far], dim=-1)))
        return torch.cat([share * near + (1 - share) * far, near], dim=-1)

    def _found(self, query: Tensor, rows: Tensor) -> Tensor:
        shares = torch.softmax(torch.einsum("bnw,bw->bn", rows, query) * self.width**-0.5, dim=-1)
        return torch.einsum("bn,bnw->bw", shares, rows)


def pmi(vocab: int = 32, answers: int = 8, width: int = 32, slots: int = 6, won: int = 2, deep: int = 4) -> Network:
    """`slots` slots of which `won` get a sentence, and `deep` layers of long-term memory."""
    if min(vocab - 1, answers, width, deep) < 1 or not 0 < won <= slots:
        raise BadInput(
            f"vocab={vocab} must be 2 up; answers={answers}, width={width}, deep={deep} 1 up; won={won} 1 to {slots}."
        )
    return Inference(vocab, answers, width, slots, won, deep)
