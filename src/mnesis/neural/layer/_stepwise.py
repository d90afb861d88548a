"""What can only go through a sequence one step after the other, each made from the step before: gated cells.

A layer says what the four gates are handed for a step; cell and hidden state, masks and pieces of a sequence are
kept here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn

from mnesis.neural.layer import Layer
from mnesis.neural.pieces import wide
from mnesis.neural.rule import State, where


class Cell(Layer, ABC):
    """A long short-term memory whose gates are made by `gates`."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.hidden = hidden
        self.out = nn.Linear(hidden, width, bias=False)

    @abstractmethod
    def gates(self, x: Tensor, h: Tensor) -> Tensor:
        """What the gates are, before they are squashed [B,4,hidden]: forget, enter, value, show; from x [B,W]."""

    def begin(self, batch: int, like: Tensor) -> State:
        empty = wide(like).new_zeros(batch, self.hidden)
        return {"h": empty, "c": empty.clone()}

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        h, c, said = state["h"], state["c"], []
        for t in range(x.shape[1]):
            forget, enter, value, show = self.gates(wide(x[:, t]), h).unbind(1)
            cell = torch.sigmoid(forget) * c + torch.sigmoid(enter) * torch.tanh(value)
            after = torch.sigmoid(show) * torch.tanh(cell)
            if mask is not None:
                after, cell = where(mask[:, t], after, h), where(mask[:, t], cell, c)
            h, c = after, cell
            said.append(h)
        y: Tensor = self.out(torch.stack(said, dim=1).to(x.dtype))
        return y, {"h": h, "c": c}
