"""Slot: a story and a question -> which answer. Networks that reason over a memory of sentences.

``network(story, question)`` takes words by number, story [B, S, N] of S sentences and question [B, N], and gives logits
[B, answers]. Word 0 is padding, and a sentence of zeros is none: neither shorter words, nor fewer sentences, nor the
rows beside it change what is answered. `Network` puts words into vectors and sentences into sums; a network implements
`answer`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch
from torch import Tensor, nn

PAD = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What a network is handed: sentences and question as vectors, and which sentences there are.

    sentences [B, S, W], live [B, S], question [B, W], age [B, S]: how many sentences came after this one.
    """

    sentences: Tensor
    live: Tensor
    question: Tensor
    age: Tensor


class Network(nn.Module, ABC):
    """A network that answers questions on stories."""

    def __init__(self, vocab: int, answers: int, width: int) -> None:
        super().__init__()
        self.vocab, self.answers, self.width = vocab, answers, width
        self.words = nn.Embedding(vocab, width, padding_idx=PAD)
        nn.init.normal_(self.words.weight, std=0.5)
        with torch.no_grad():
            self.words.weight[PAD] = 0.0

    @abstractmethod
    def answer(self, told: Told) -> Tensor:
        """Logits [B, answers]."""

    def forward(self, story: Tensor, question: Tensor) -> Tensor:
        """Logits [B, answers] of stories [B, S, N] and questions [B, N]; see the slot."""
        return self.answer(self.told(story, question))

    def told(self, story: Tensor, question: Tensor) -> Told:
        """Words as vectors, sentences and the question as sums that know the order of their words."""
        live = (story != PAD).any(-1)
        order = torch.argsort((~live).to(torch.int8), dim=1, stable=True)  # the sentences there are, first
        story, live = story.gather(1, order.unsqueeze(-1).expand_as(story)), live.gather(1, order)
        age = (live.sum(1, keepdim=True) - 1 - torch.arange(story.shape[1], device=story.device)).clamp_min(0)
        return Told(placed(self.words(story), story != PAD), live, placed(self.words(question), question != PAD), age)


def placed(words: Tensor, live: Tensor) -> Tensor:
    """A sum of words [..., N, W] in which the k-th number of the j-th word counts by where both stand."""
    size, width = live.sum(-1, keepdim=True).clamp_min(1).to(words), words.shape[-1]
    j = live.cumsum(-1).to(words) / size
    k = torch.arange(1, width + 1, device=words.device, dtype=words.dtype) / width
    weight = (1 - j).unsqueeze(-1) - k * (1 - 2 * j).unsqueeze(-1)
    return (words * (1 + weight) * live.unsqueeze(-1)).sum(-2)


def attended(score: Tensor, live: Tensor) -> Tensor:
    """Shares over what is live; zeros where nothing is."""
    low = torch.finfo(score.dtype).min
    return torch.softmax(score.masked_fill(~live, low), dim=-1) * live
