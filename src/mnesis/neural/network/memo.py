"""Keep the items of a fact apart, and hop as often as the question needs.

Source: Andrea Banino, Adrià Puigdomènech Badia, Raphael Köster, Martin J. Chadwick, Vinicius Zambaldi, Demis Hassabis,
    Caswell Barry, Matthew Botvinick, Dharshan Kumaran, Charles Blundell, MEMO: A Deep Network for Flexible Combination
    of Episodic Memories, 2020. arXiv 2001.10913
Needs: torch
Cost: `heads` products an item and hop, up to `hops` hops
Shapes: story [B, S, N], question [B, N] -> logits [B, answers]
Differs: how often to hop is learned by weighing the answers of all hops by their chance to be the last (no
    reinforcement learning); `thought` says how many hops that are, to be kept small by a loss.

Memory networks store a fact as one vector, and what two facts share is lost in the sum. Here every item of a fact has a
place of its own, next to those of the same fact: a query finds an item, and what it reads are the items that stood
beside it. So facts that were never seen together can be combined, as often as it takes; a small network watches how far
the query still moves and says when to stop.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.network import PAD, Network, Told


class Items(Network):
    """See `memo`."""

    def __init__(self, vocab: int, answers: int, width: int, hops: int, heads: int) -> None:
        super().__init__(vocab, answers, width)
        self.hops, self.heads = hops, heads
        self.item = nn.Linear(width, width, bias=False)
        self.key, self.value = (nn.Linear(width, width * heads, bias=False) for _ in range(2))
        self.join, self.norm = nn.Linear(width * heads, width), nn.LayerNorm(width)
        self.stop = nn.Sequential(nn.Linear(2 * width + 1, width), nn.ReLU(), nn.Linear(width, 1))
        self.respond = nn.Linear(width, answers)
        self.sharp = nn.Parameter(torch.full((heads,), 1.0))

    def forward(self, story: Tensor, question: Tensor) -> Tensor:
        logits, _ = self.thought(story, question)
        return logits

    def answer(self, told: Told) -> Tensor:
        """Logits where a sentence is only known as a whole: it is then its own single item."""
        return self._hopped(told.sentences.unsqueeze(2), told.live.unsqueeze(2), told.question)[0]

    def thought(self, story: Tensor, question: Tensor) -> tuple[Tensor, Tensor]:
        """Logits [B,answers], and how many hops were taken on average [B]."""
        words = self.words(question) * (question != PAD).unsqueeze(-1)
        return self._hopped(self.words(story), story != PAD, words.sum(1))

    def _hopped(self, items: Tensor, live: Tensor, query: Tensor) -> tuple[Tensor, Tensor]:
        """items [B,S,N,W], live [B,S,N], query [B,W]."""
        items = self.item(items) * live.unsqueeze(-1)
        beside = items.sum(2, keepdim=True) - items  # what stands in the same fact
        flat, places = items.flatten(1, 2), live.flatten(1)
        k = self.key(flat).unflatten(-1, (self.heads, -1))
        v = self.value(beside.flatten(1, 2)).unflatten(-1, (self.heads, -1))
        q, left = self.item(query), torch.ones(len(query), device=query.device, dtype=query.dtype)
        logits, count = torch.zeros(len(query), self.answers, device=q.device, dtype=q.dtype), torch.zeros_like(left)
        for n in range(self.hops):
            score = torch.einsum("bnhw,bw->bhn", k, q) * self.sharp.unsqueeze(-1)
            score = score.masked_fill(~places.unsqueeze(1), torch.finfo(score.dtype).min)
            shares = torch.softmax(score, dim=-1) * places.unsqueeze(1)
            read = self.join(torch.einsum("bhn,bnhw->bhw", shares, v).flatten(1))
            after = self.norm(q + read)
            moved = (after - q).square().mean(-1, keepdim=True)
            halt = torch.sigmoid(self.stop(torch.cat([after, read, moved], dim=-1))).squeeze(-1)
            last = left if n == self.hops - 1 else left * halt
            logits, count = logits + last.unsqueeze(-1) * self.respond(after), count + (n + 1) * last
            left, q = left - last, after
        return logits, count


def memo(vocab: int = 32, answers: int = 8, width: int = 32, hops: int = 4, heads: int = 2) -> Network:
    """Up to `hops` hops over the words of all sentences, with `heads` heads."""
    if min(vocab - 1, answers, width, hops, heads) < 1:
        raise BadInput(
            f"vocab={vocab} must be 2 up; answers={answers}, width={width}, hops={hops}, heads={heads} 1 up."
        )
    return Items(vocab, answers, width, hops, heads)
