"""Every token is a matrix, and the state is what their product makes of it.

Source: M. Reza Ebrahimi, Roland Memisevic, Revisiting Bi-Linear State Transitions in Recurrent Neural Networks, 2025.
    arXiv 2505.21749
Needs: torch
Cost: linear in time, `states`³ multiplications a head and step; `states` numbers a head
Shapes: x [B, T, W] -> y [B, T, W]; state h [B, H, states]
Differs: the state is brought to length 1, which the product does not notice; an output gate.

h <- M(x) h, where every number of M is linear in x, and nothing is added: input and state meet only by multiplication.
So the state can be turned, swapped and reflected by what is read, and a finite machine of up to `states` states runs
inside it exactly. Recurrences whose factors only fade cannot even count modulo two.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.pieces import activated, unit_length, wide
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import State, where

CHUNK = 16


def turned_by(h: Tensor, moves: Tensor) -> Tensor:
    """Every state [B,C,H,K] of one chunk: products of the matrices [B,C,H,K,K] joined two by two, then applied to h."""
    reach = 1
    while reach < moves.shape[1]:
        moves = torch.cat([moves[:, :reach], moves[:, reach:] @ moves[:, :-reach]], dim=1)
        reach *= 2
    return unit_length((moves @ h[:, None, :, :, None]).squeeze(-1))


class Bilinear(Layer):
    """See `bilinear_rnn`."""

    def __init__(self, width: int, heads: int, states: int) -> None:
        super().__init__()
        self.heads, self.states = heads, states
        self.first = nn.Parameter(unit_length(torch.randn(heads, states)))
        self.move = nn.Linear(width, heads * states * states, bias=False)
        self.open = nn.Linear(width, heads * states, bias=False)
        self.out = nn.Linear(heads * states, width, bias=False)

    def begin(self, batch: int, like: Tensor) -> State:
        return {"h": unit_length(self.first).expand(batch, -1, -1).clone()}

    def moves(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """What each step does to the state: [B,T,H,K,K], scaled to move a vector by about its length."""
        made = wide(self.move(x)).reshape(*x.shape[:2], self.heads, self.states, self.states)
        made = made * (made.square().sum((-2, -1), keepdim=True) / self.states + 1e-12).rsqrt()
        return made if mask is None else where(mask, made, torch.eye(self.states).to(made).expand_as(made))

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        h, out = state["h"], []
        for moves in torch.split(self.moves(x, mask), CHUNK, dim=1):
            out.append(turned_by(h, moves))
            h = out[-1][:, -1]
        y = torch.cat(out, dim=1).flatten(2).to(x.dtype) * self.states**0.5
        return self.out(y * activated(self.open(x))), {"h": h}


def bilinear_rnn(width: int = 32, heads: int = 2, states: int = 8) -> Layer:
    """A product of matrices that the tokens choose, applied to `states` numbers a head."""
    if width % heads or states < 2:
        raise BadInput(f"width={width} must be a multiple of heads={heads}, and states={states} at least 2.")
    return Bilinear(width, heads, states)
