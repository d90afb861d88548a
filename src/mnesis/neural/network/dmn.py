"""Go through all facts again and again, each time with what the last time taught.

Source: Ankit Kumar, Ozan Irsoy, Peter Ondruska, Mohit Iyyer, James Bradbury, Ishaan Gulrajani, Victor Zhong, Romain
    Paulus, Richard Socher, Ask Me Anything: Dynamic Memory Networks for Natural Language Processing, 2015.
    arXiv 1506.07285
Needs: torch
Cost: `episodes` recurrences over the sentences
Shapes: story [B, S, N], question [B, N] -> logits [B, answers]
Differs: a sentence is a sum of its words that knows their order, where the paper has a recurrence over words; the
    number of episodes is fixed, and the answer is one word.

Sentences are read by a recurrence, so each knows what came before. An episode asks of every fact how much it matters,
given the question and the memory so far, and a second recurrence steps through the facts, moved only as far as each
matters. Its end is the episode, and the memory takes it in. Then the facts are gone through again: what did not seem to
matter before may do so now.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.network import Network, Told
from mnesis.neural.rule import where


class Episodes(Network):
    """See `dmn`."""

    def __init__(self, vocab: int, answers: int, width: int, episodes: int) -> None:
        super().__init__(vocab, answers, width)
        self.episodes = episodes
        self.read, self.step, self.take = nn.GRUCell(width, width), nn.GRUCell(width, width), nn.GRUCell(width, width)
        self.asked = nn.Linear(width, width)
        self.inner, self.gate = nn.Linear(4 * width, width), nn.Linear(width, 1)
        self.respond = nn.Linear(2 * width, answers)

    def answer(self, told: Told) -> Tensor:
        question = torch.tanh(self.asked(told.question))
        facts, h = [], torch.zeros_like(question)
        for n in range(told.live.shape[1]):
            h = where(told.live[:, n], self.read(told.sentences[:, n], h), h)
            facts.append(h)
        memory = question
        for _ in range(self.episodes):
            episode, gates = torch.zeros_like(question), self.gates(torch.stack(facts, dim=1), question, memory)
            for n, fact in enumerate(facts):
                moved = gates[:, n, None] * self.step(fact, episode) + (1 - gates[:, n, None]) * episode
                episode = where(told.live[:, n], moved, episode)
            memory = self.take(episode, memory)
        logits: Tensor = self.respond(torch.cat([memory, question], dim=-1))
        return logits

    def gates(self, facts: Tensor, question: Tensor, memory: Tensor) -> Tensor:
        """How much each fact [B,S,W] matters: [B,S]."""
        q, m = question.unsqueeze(1), memory.unsqueeze(1)
        seen = torch.cat([facts * q, facts * m, (facts - q).abs(), (facts - m).abs()], dim=-1)
        return torch.sigmoid(self.gate(torch.tanh(self.inner(seen)))).squeeze(-1)


def dmn(vocab: int = 32, answers: int = 8, width: int = 32, episodes: int = 3) -> Network:
    """`episodes` passes over the facts."""
    if min(vocab - 1, answers, width, episodes) < 1:
        raise BadInput(f"vocab={vocab} must be 2 up; answers={answers}, width={width} and episodes={episodes} 1 up.")
    return Episodes(vocab, answers, width, episodes)
