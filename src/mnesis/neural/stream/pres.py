"""Say where a memory will be, correct it by what came: large batches lose less.

Source: Su, Zou and Wu, PRES: Toward Scalable Memory-Based Dynamic Graph Neural Networks, 2024. arXiv 2402.04284
Needs: torch
Cost: one gated update a node that something happened to in the batch, and a running mean of how it changes
Shapes: state memory, rate [N, W], last, seen [N]; scores [E], above 0 where the event is to be expected
Differs: the change of a memory is expected to go on as its running mean says, one component where the paper fits a
    mixture of them; a gated mean in place of a recurrent cell, so that a memory is not bent while it is extrapolated.

A batch is read at once, so a node that something happens to ten times in it is known as it was before the first: the
larger the batch, the older the memory that predictions are made from. Here the rate at which each memory changes is
estimated; a prediction is made from the memory as it will have become by the time of the event, and after the batch
the memory is set between what was expected and what was measured. `incoherence` is the paper's second part, a loss
that keeps successive memories alike so that there is something to expect. With `predicts=False` it is a plain memory.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.stream import Events, State, Stream, mean_into


class Pres(nn.Module):
    """See `pres`."""

    def __init__(self, features: int, width: int, predicts: bool) -> None:
        super().__init__()
        self.width, self.predicts = width, predicts
        self.reads = nn.Linear(features, width)
        self.gate = nn.Linear(2 * width, width)
        self.expects = nn.Linear(width, features)
        self.trust = nn.Parameter(torch.tensor(-2.0))  # of the expected against the measured
        self.sharp = nn.Parameter(torch.tensor(2.5))
        self.bias = nn.Parameter(torch.ones(()))

    def start(self, nodes: int) -> State:
        """Nothing is known, and nothing changes."""
        none = torch.zeros(nodes, self.width).to(self.bias)
        return {"memory": none, "rate": none.clone(), "last": none[:, 0].clone(), "seen": none[:, 0].clone()}

    def ahead(self, state: State, nodes: Tensor, at: Tensor) -> Tensor:
        """The memories of these nodes as they will be at these times."""
        memory = state["memory"][nodes]
        if not self.predicts:
            return memory
        return memory + state["rate"][nodes] * (at - state["last"][nodes]).clamp(min=0.0)[:, None]

    def forward(self, state: State, events: Events) -> tuple[Tensor, State]:
        """Expect what happens to the sources, then write it; the score says how near it is to what was expected."""
        at = events.at.to(state["last"])
        expected = self.expects(self.ahead(state, events.source, at))
        scores = self.bias - self.sharp.exp() * (expected - events.features).square().sum(1)
        return scores, self._written(state, events, at)

    def _written(self, state: State, events: Events, at: Tensor) -> State:
        memory, last, source = state["memory"], state["last"], events.source
        true = events.sign > 0
        now = last.scatter_reduce(0, source[true], at[true], "amax")
        newest = true & (at >= now[source])  # the last thing that happened to each node in the batch
        message, met = mean_into(memory, source[newest], self.reads(events.features[newest]))
        known = (state["seen"] > 0).to(memory)[:, None]
        kept = known * torch.sigmoid(self.gate(torch.cat([message, memory], 1)) - 3.0)  # the first thing is taken whole
        measured = message + kept * (memory - message)
        gone = torch.where(met, now - last, torch.zeros_like(now)).clamp(min=1e-6)[:, None]
        if self.predicts:
            share = torch.sigmoid(self.trust) * (state["seen"] > 1).to(memory)[:, None]
            measured = share * (memory + state["rate"] * gone) + (1 - share) * measured
        seen = state["seen"] + met.to(memory)
        change = ((measured - memory) / gone).detach()
        pace = torch.where(seen > 2, 0.5, 1.0) * (seen > 1)  # the first step is from nothing and says nothing
        rate = state["rate"] + pace[:, None] * (change - state["rate"])
        rows = met[:, None]
        return {
            "memory": torch.where(rows, measured, memory),
            "rate": torch.where(rows, rate, state["rate"]),
            "last": torch.where(met, now, last),
            "seen": seen,
        }


def incoherence(before: State, after: State) -> Tensor:
    """How unlike successive memories are, 0 to 2: a loss that keeps what changes going one way."""
    met = after["seen"] > before["seen"]
    if not bool(met.any()):
        return torch.zeros(()).to(after["memory"])
    return (1 - nn.functional.cosine_similarity(before["memory"][met], after["memory"][met], dim=1)).mean()


def pres(features: int = 2, width: int = 32, predicts: bool = True) -> Stream:
    """Memories of `width` numbers for events of so many features."""
    if features < 1 or width < 1:
        raise BadInput(f"features={features} and width={width} must both be at least 1.")
    return Pres(features, width, predicts)
