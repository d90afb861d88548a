"""Attention as a direction and a bounded strength, whatever the length.

Source: Habibullah Akbar, ATMA: Length-Invariant Language Modeling via Polar Attention and Gated-Delta Compression
    Memory, 2026. arXiv 2606.25156
Needs: torch
Cost: a window, and the gated delta rule; linear in time
Shapes: x [B, T, W] -> y [B, T, W]; k and v of the window, state S [B, H, D, D], the tail of a convolution
Differs: read from the abstract; polar attention looks at the last `span` steps; strength is N / (1 + N) for N effective
    matches, of which one counts as nothing; the threshold is the best that so many random keys come to.

Softmax shares one unit of attention among all keys, so more keys make every answer paler, and by how much depends on
the length. Here values are only asked for their mean direction, a vector of length 1 however many agree. How strongly
it is said is told apart: keys count as matches by how far they are above what the best of so many random ones would
reach, and the number of matches that really take part gives a strength below 1. A gated delta memory holds the rest.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.layer import named, part
from mnesis.neural.layer.mixer import mixer
from mnesis.neural.layer.window import Window
from mnesis.neural.pieces import SteppedDecay, unit_length, wide
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import Port, Size, State
from mnesis.neural.rule.gated_delta import gated_delta

NULL = 1.0  # the weight of matching nothing


class Polar(Window):
    """A window that answers with a direction times a strength below 1."""

    def __init__(self, width: int, heads: int, span: int) -> None:
        super().__init__(width, heads, span, 0)
        self.sharp = nn.Parameter(torch.full((heads,), 2.0))
        self.null = nn.Parameter(torch.zeros(heads))

    def _attend(self, q: Tensor, k: Tensor, v: Tensor, live: Tensor, offset: int) -> Tensor:
        back = torch.arange(q.shape[1], device=q.device).unsqueeze(1) + offset
        back = back - torch.arange(k.shape[1], device=q.device)
        seen = (back >= 0) & (back < (self.span or k.shape[1]))
        allowed = ((seen & live.unsqueeze(1)) | (back == 0)).unsqueeze(1)  # [B,1,T,N]
        q, k, v = (each.transpose(1, 2) for each in (unit_length(q), unit_length(k), wide(v)))
        score = q @ k.mT * q.shape[-1] ** 0.5  # of random directions: a spread of 1
        low = torch.finfo(score.dtype).min
        weight = torch.softmax((score * wide(self.sharp).reshape(-1, 1, 1)).masked_fill(~allowed, low), dim=-1)
        answer = unit_length(weight @ v) * self.strength(score, allowed)
        return answer.transpose(1, 2).to(self.out.weight.dtype)

    def strength(self, score: Tensor, allowed: Tensor) -> Tensor:
        """How many of the keys really match, as a number below 1: [B,H,T,1].

        Of n random scores the best comes to a = sqrt(2 log n); exp(a (score - a)), summed over all n, then is 1.
        """
        best = (2 * (1 + allowed.sum(-1, keepdim=True).to(score)).log()).sqrt()
        match = torch.sigmoid(best * (score - best) + wide(self.null).reshape(-1, 1, 1)) * allowed
        taking_part = match.sum(-1, keepdim=True).square() / (match.square().sum(-1, keepdim=True) + NULL)
        return taking_part / (1 + taking_part)


class Atma(Layer):
    """See `atma`."""

    def __init__(self, width: int, heads: int, span: int) -> None:
        super().__init__()
        gates = {"decay": SteppedDecay(width, Port(), Size(heads, 1, 1))}
        self.near, self.far = Polar(width, heads, span), mixer(gated_delta(), width, heads, gates=gates)

    def begin(self, batch: int, like: Tensor) -> State:
        return {**named("near", self.near.begin(batch, like)), **named("far", self.far.begin(batch, like))}

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        near, seen = self.near.mix(x, part(state, "near"), mask)
        far, kept = self.far.mix(x, part(state, "far"), mask)
        return near + far, {**named("near", seen), **named("far", kept)}


def atma(width: int = 32, heads: int = 2, span: int = 32) -> Layer:
    """Polar attention over `span` steps beside a gated delta memory."""
    if width % heads or span < 2:
        raise BadInput(f"width={width} must be a multiple of heads={heads}, and span={span} at least 2.")
    return Atma(width, heads, span)
