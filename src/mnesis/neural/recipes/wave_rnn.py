"""Rings of cells along which what was read travels on as a wave.

Source: T. Anderson Keller, Lyle Muller, Terrence Sejnowski, Max Welling, Traveling Waves Encode the Recent Past and
    Enhance Sequence Learning, 2023. arXiv 2309.08045
Needs: torch
Cost: linear in time, one step after the other; `cells` numbers a head
Shapes: x [B, T, W] -> y [B, T, W]; state h [B, H, cells]
Differs: a gate of x at the output; every ring has one cell where inputs begin to enter.

h <- relu(u * h + V x + b), where u is a convolution of three cells around the ring that begins as a plain shift. What
enters at one cell stands n cells further after n steps: the place on the ring is the time since, and nothing runs into
anything else before the wave has gone round. With an identity in place of the shift all inputs pile up in one cell.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import relu

from mnesis.errors import BadInput
from mnesis.neural.pieces import activated, wide
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import State, where


class Waves(Layer):
    """See `wave_rnn`."""

    def __init__(self, width: int, heads: int, cells: int) -> None:
        super().__init__()
        self.heads, self.cells = heads, cells
        self.travel = nn.Parameter(torch.tensor([1.0, 0.0, 0.0]).expand(heads, 3).clone())  # from behind, here, ahead
        source = torch.zeros(heads, cells, width)
        source[:, 0] = torch.randn(heads, width) * width**-0.5
        self.enter = nn.Parameter(source.flatten(0, 1))
        self.bias = nn.Parameter(torch.zeros(heads * cells))
        self.open = nn.Linear(width, heads * cells, bias=False)
        self.out = nn.Linear(heads * cells, width, bias=False)

    def begin(self, batch: int, like: Tensor) -> State:
        return {"h": wide(like).new_zeros(batch, self.heads, self.cells)}

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        h, out = state["h"], []
        entering = (wide(x) @ wide(self.enter).mT + wide(self.bias)).reshape(*x.shape[:2], self.heads, self.cells)
        behind, here, ahead = wide(self.travel).unsqueeze(-1).unbind(1)
        for t in range(x.shape[1]):
            moved = behind * h.roll(1, -1) + here * h + ahead * h.roll(-1, -1)
            after = relu(moved + entering[:, t])
            h = after if mask is None else where(mask[:, t], after, h)
            out.append(h)
        y = torch.stack(out, dim=1).flatten(2).to(x.dtype)
        return self.out(y * activated(self.open(x))), {"h": h}


def wave_rnn(width: int = 32, heads: int = 8, cells: int = 16) -> Layer:
    """A ring of `cells` cells a head."""
    if width % heads or cells < 3:
        raise BadInput(f"width={width} must be a multiple of heads={heads}, and cells={cells} at least 3.")
    return Waves(width, heads, cells)
