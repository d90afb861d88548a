"""A controller that learns sentence by sentence, from guesses of its gradient.

Source: Tharindu Fernando, Simon Denman, Sridha Sridharan, Clinton Fookes, Fast & Slow Learning: Incorporating
    Synthetic Gradients in Neural Memory Controllers, 2020. arXiv 2011.05438
Needs: torch
Cost: that of `ntm`; in learning one sentence's graph at a time, and a small network beside it
Shapes: story [B, S, N], question [B, N] -> logits [B, answers]
Differs: the memory is that of `ntm`; one guesser for its whole state, told how old the sentence is; no meta-learning.

Ordinarily a controller learns what it should have written once the answer is known, back through everything read since.
Here a second network guesses that gradient from the state alone. The controller learns at once from the guess, and the
guesser from what comes one sentence later: the true gradient at the end, its own next guess before. So no more than one
sentence has to be kept, and controller and feedback learn at speeds of their own; `feedback` may be shared by several
memories.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from mnesis.errors import BadInput
from mnesis.neural.network import Network
from mnesis.neural.network._recurrent import Held
from mnesis.neural.network.ntm import Turing
from mnesis.neural.rule import where


class Feedback(nn.Module):
    """Guesses the gradient of a state from the state and from how many sentences are still to come."""

    def __init__(self, size: int, hidden: int) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Linear(size + 1, hidden), nn.ReLU(), nn.Linear(hidden, size))
        nn.init.zeros_(self.net[2].weight)  # type: ignore[arg-type]
        nn.init.zeros_(self.net[2].bias)  # type: ignore[arg-type]

    def forward(self, state: Tensor, left: float) -> Tensor:
        """A gradient [B,size]."""
        out: Tensor = self.net(torch.cat([state, torch.full_like(state[:, :1], left)], dim=-1))
        return out


class Decoupled(Turing):
    """See `synthetic_gradient`."""

    def __init__(self, vocab: int, answers: int, width: int, rows: int, cell: int) -> None:
        super().__init__(vocab, answers, width, rows, cell)
        names = self.begin(torch.zeros(1, width))
        self.shapes = {name: value.shape[1:] for name, value in names.items()}
        self.feedback: nn.Module = Feedback(sum(shape.numel() for shape in self.shapes.values()), 2 * width)

    def learn(self, story: Tensor, question: Tensor, answer: Tensor) -> tuple[float, float]:
        """Put gradients where an optimiser finds them; the loss of the answer, and that of the guesses."""
        held = self._flat(self.begin(self.words(question[:, 0]).detach()))
        steps, guessed = story.shape[1], 0.0
        for n in range(steps + 1):
            told = self.told(story, question)  # of this sentence alone a graph is kept
            before = held.detach().requires_grad_()
            state = self._named(before)
            if n < steps:
                _, after = self.step(told.sentences[:, n] + self.kind[0], state)
                after = {name: where(told.live[:, n], after[name], value) for name, value in state.items()}
                held = self._flat(after)
                pull = self.feedback(held.detach(), (steps - n - 1) / steps).detach()
                loss = (held * pull).sum()
            else:
                said, _ = self.step(told.question + self.kind[1], state)
                loss = cross_entropy(self.respond(torch.cat([said, told.question], dim=-1)), answer)
            torch.autograd.backward(loss)
            if n and before.grad is not None:
                off = (self.feedback(before.detach(), (steps - n) / steps) - before.grad) * len(story)
                miss = off.square().sum(-1).mean()
                torch.autograd.backward(miss)
                guessed += float(miss.detach()) / steps
        return float(loss.detach()), guessed

    def _flat(self, held: Held) -> Tensor:
        return torch.cat([held[name].flatten(1) for name in self.shapes], dim=-1)

    def _named(self, flat: Tensor) -> Mapping[str, Tensor]:
        parts = torch.split(flat, [shape.numel() for shape in self.shapes.values()], dim=-1)
        return {name: each.reshape(-1, *shape) for (name, shape), each in zip(self.shapes.items(), parts, strict=True)}


def synthetic_gradient(vocab: int = 32, answers: int = 8, width: int = 32, rows: int = 8, cell: int = 8) -> Network:
    """A memory of `rows` rows of `cell` numbers, and a guesser of gradients."""
    if min(vocab - 1, answers, width, cell) < 1 or rows < 3:
        raise BadInput(
            f"vocab={vocab} must be 2 up, rows={rows} 3 up; answers={answers}, width={width}, cell={cell} 1 up."
        )
    return Decoupled(vocab, answers, width, rows, cell)
