"""Write leaky memories of many timescales with a small network: one neuron.

Source: Aaron Spieler, Nasim Rahaman, Georg Martius, Bernhard Schölkopf, Anna Levina, The Expressive Leaky Memory
    Neuron: an Efficient and Expressive Phenomenological Neuron Model Can Solve Long-Horizon Tasks, 2023.
    arXiv 2306.16922
Needs: torch
Cost: one step after the other; 2 M * (W + 2 M) multiplications a neuron and step for M memories
Shapes: x [B, T, W] -> y [B, T, W]; state s [B, H, W] and m [B, H, M]
Differs: no pattern store but a layer: `heads` neurons side by side; the dendrite reads every synapse, without branches.

Every synapse keeps a short trace of its input. A network with one hidden layer reads all traces and the leaky
memories, and its answer, between -1 and 1, is what the memories move towards: m <- k m + (1 - k ** 5) * answer, with
k = exp(-1 / timescale). Timescales lie between 1 and `slowest` steps, spread evenly in their logarithm, and are learned
within these bounds. Slow memories hold on to something for as long as a task takes, and gradients with it.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import relu

from mnesis.errors import BadInput
from mnesis.neural.pieces import wide
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import State, where

BOOST = 5.0  # the paper's lambda: how fully even a slow memory takes an answer


class Elm(Layer):
    """See `elm`."""

    def __init__(self, width: int, heads: int, memories: int, slowest: float, trace: float) -> None:
        super().__init__()
        self.heads, self.memories, self.slowest, self.kept = heads, memories, slowest, math.exp(-1 / trace)
        self.synapse = nn.Parameter(torch.full((heads, width), 1 - self.kept))
        seen, hidden = width + memories, 2 * memories
        self.dendrite = nn.Parameter(torch.randn(heads, seen, hidden) * (2 / seen) ** 0.5)
        self.bias = nn.Parameter(torch.zeros(heads, hidden))
        self.answer = nn.Parameter(torch.randn(heads, hidden, memories) * hidden**-0.5)
        places = (torch.arange(memories) + 0.5) / memories  # of the timescales between 1 and the slowest
        self.place = nn.Parameter(torch.logit(places).expand(heads, memories).clone())
        self.out = nn.Parameter(torch.randn(heads, memories, width // heads) * memories**-0.5)

    def begin(self, batch: int, like: Tensor) -> State:
        x = wide(like)
        return {
            "s": x.new_zeros(batch, self.heads, self.synapse.shape[1]),
            "m": x.new_zeros(batch, self.heads, self.memories),
        }

    def timescales(self) -> Tensor:
        """How many steps each memory lasts: [H, M]."""
        return torch.exp(torch.sigmoid(wide(self.place)) * math.log(self.slowest))

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        s, m, said = state["s"], state["m"], []
        k = torch.exp(-1 / self.timescales())
        take = 1 - k**BOOST
        synapse, dendrite, answer = wide(self.synapse), wide(self.dendrite), wide(self.answer)
        for t in range(x.shape[1]):
            trace = self.kept * s + synapse * wide(x[:, t]).unsqueeze(1)
            faded = k * m
            inner = torch.einsum("bhi,hij->bhj", torch.cat([trace, faded], dim=-1), dendrite) + wide(self.bias)
            after = faded + take * torch.tanh(torch.einsum("bhj,hjm->bhm", relu(inner), answer))
            if mask is not None:
                trace, after = where(mask[:, t], trace, s), where(mask[:, t], after, m)
            s, m = trace, after
            said.append(m)
        y = torch.einsum("bthm,hmd->bthd", torch.stack(said, dim=1), wide(self.out)).flatten(2)
        return y.to(x.dtype), {"s": s, "m": m}


def elm(width: int = 32, heads: int = 2, memories: int = 32, slowest: float = 150.0, trace: float = 1.0) -> Layer:
    """`heads` neurons with `memories` leaky memories that last up to `slowest` steps, synapses that last `trace`."""
    if width % heads:
        raise BadInput(f"width={width} cannot be shared among heads={heads}; choose a multiple.")
    if memories < 1 or not slowest > 1 or not trace > 0:
        raise BadInput(f"memories={memories} and trace={trace} must be above 0, slowest={slowest} above 1 step.")
    return Elm(width, heads, memories, slowest, trace)
