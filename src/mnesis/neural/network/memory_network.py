"""Write every sentence down, find one that helps, then one that helps with it.

Source: Jason Weston, Sumit Chopra, Antoine Bordes, Memory Networks, 2014. arXiv 1410.3916
Needs: torch
Cost: one product a sentence and hop
Shapes: story [B, S, N], question [B, N] -> logits [B, answers]
Differs: trained with cross-entropies, on the supporting sentences too where `supported` is given them, in place of a
    margin; the answer is a word of a list; what it looks up it takes whole, as in the paper, and not by shares.

Four parts. Input: words become a vector. Generalisation: the vector is stored in the next slot. Output: the best slot
for the question is looked up, then the best for the question and that slot together, and so on. Response: an answer
from all that was found. Which sentence is best is a hard choice that no gradient passes; the scores learn from being
told which sentences support an answer, and without that from the share a choice had in the answer's success.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from mnesis.errors import BadInput
from mnesis.neural.network import Network, Told, attended


class Looking(Network):
    """See `memory_network`."""

    def __init__(self, vocab: int, answers: int, width: int, hops: int) -> None:
        super().__init__(vocab, answers, width)
        self.hops = hops
        self.stored = nn.Linear(width, width, bias=False)
        self.older = nn.Parameter(torch.tensor(0.1))  # what an age of one more sentence takes off
        self.ask = nn.ModuleList(nn.Linear(width * (1 + n), width, bias=False) for n in range(hops))
        self.respond = nn.Linear(width * (1 + hops), answers)

    def answer(self, told: Told) -> Tensor:
        return self.looked(told)[0]

    def looked(self, told: Told, support: Tensor | None = None) -> tuple[Tensor, list[Tensor]]:
        """Logits and the scores [B,S] of every hop; `support` [B,hops] is looked up in place of the best."""
        slots, found, scores = self.stored(told.sentences), [told.question], []
        for n, ask in enumerate(self.ask):
            query = ask(torch.cat(found, dim=-1))
            score = (slots * query.unsqueeze(1)).sum(-1) - self.older * told.age
            score = score.masked_fill(~told.live, torch.finfo(score.dtype).min)
            shares = attended(score, told.live)
            best = score.argmax(-1) if support is None else support[:, n]
            hard = torch.nn.functional.one_hot(best, score.shape[1]).to(shares) * told.live
            taken = hard + shares - shares.detach()  # the value of a hard choice, the gradient of a soft one
            found.append((taken.unsqueeze(-1) * slots).sum(1))
            scores.append(score)
        logits: Tensor = self.respond(torch.cat(found, dim=-1))
        return logits, scores

    def supported(self, story: Tensor, question: Tensor, answer: Tensor, support: Tensor) -> Tensor:
        """The loss when it is known which sentences [B,hops] support the answer, in the order they are needed."""
        logits, scores = self.looked(self.told(story, question), support)
        losses = [cross_entropy(score, support[:, n]) for n, score in enumerate(scores)]
        return cross_entropy(logits, answer) + torch.stack(losses).sum()


def memory_network(vocab: int = 32, answers: int = 8, width: int = 32, hops: int = 2) -> Network:
    """`hops` sentences are looked up, each with all found before."""
    if min(vocab - 1, answers, width, hops) < 1:
        raise BadInput(f"vocab={vocab} must be 2 up; answers={answers}, width={width} and hops={hops} 1 up.")
    return Looking(vocab, answers, width, hops)
