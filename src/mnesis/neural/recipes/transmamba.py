"""Attention at first, then a state space, with one set of weights for both.

Source: Yixing Li, Ruobing Xie, Zhen Yang, Xingwu Sun, Shuaipeng Li, et al., TransMamba: Flexibly Switching between
    Transformer and Mamba, 2025. arXiv 2503.24067
Needs: torch
Cost: `segment` * W for each of the first `segment` steps, then linear in time
Shapes: x [B, T, W] -> y [B, T, W]; state S [B, H, D, D]; k and v [B, segment, H, D], decay [B, segment, H], n [B]
Differs: one switch at a step that is chosen beforehand and the same in every layer; the state space is the decayed
    rule; positions are told by the short convolution only.

The query of attention is the output map of a state space, the key its input map, the value its input. So the first
steps can be attended to exactly while they are few, and at the switch their keys, values and decays are turned into
the very state the state space would have had if it had read them itself: nothing is lost and nothing learned twice.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.layer import live_steps, named, part
from mnesis.neural.pieces import RMSNorm, ShortConv, SteppedDecay, activated, wide
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import Port, Size, State, where
from mnesis.neural.rule.decayed import decayed


def converted(k: Tensor, v: Tensor, decay: Tensor) -> Tensor:
    """The state [B,H,K,V] after reading k [B,T,H,K] and v [B,T,H,V] with decay [B,T,H], all at once."""
    later = torch.cat([decay[:, 1:], torch.zeros_like(decay[:, :1])], dim=1)
    left = later.flip(1).cumsum(1).flip(1).exp()
    return torch.einsum("bth,bthk,bthv->bhkv", left, k, v)


class TransMamba(Layer):
    """See `transmamba`."""

    def __init__(self, width: int, heads: int, segment: int) -> None:
        super().__init__()
        self.segment, self.each = segment, width // heads
        self.rule, self.size = decayed(), Size(heads, self.each, self.each)
        self.project = nn.Linear(width, 3 * width, bias=False)
        self.conv = ShortConv(3 * width, 4)
        self.decay = SteppedDecay(width, Port(), Size(heads, 1, 1))
        self.norm = RMSNorm(self.each)
        self.open = nn.Linear(width, width, bias=False)
        self.out = nn.Linear(width, width, bias=False)

    def begin(self, batch: int, like: Tensor) -> State:
        empty = wide(like).new_zeros(batch, self.segment, self.size.heads, self.each)
        count = torch.zeros(batch, dtype=torch.long, device=like.device)
        rule = self.rule.init(self.size, batch, {"like": wide(like)})
        early = {"k": empty, "v": empty, "decay": empty[..., 0], "n": count}
        return {**named("rule", rule), **named("conv", self.conv.begin(batch, like)), **early}

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        z, tail = self.conv(self.project(x), part(state, "conv"), mask)
        shape = (*x.shape[:2], self.size.heads, self.each)
        q, k, v = (wide(each).reshape(shape) for each in activated(z).chunk(3, dim=-1))
        q, decay = q * self.each**-0.5, self.decay(x)
        live = torch.ones(shape[:2], dtype=torch.bool, device=x.device) if mask is None else mask
        place = state["n"].unsqueeze(1) + live.long().cumsum(1) - 1
        first = live & (place < self.segment)
        cell = where(first, place, torch.full_like(place, self.segment))
        held = {name: _put(state[name], each, cell) for name, each in (("k", k), ("v", v), ("decay", decay))}
        near = self._attended(q, held["k"], held["v"], place)
        begun = where(state["n"] > self.segment, state["rule.S"], converted(held["k"], held["v"], held["decay"]))
        inputs = {"q": q, "k": k, "v": v, "decay": decay}
        far, after = self.rule.chunked({"S": begun}, inputs, live & ~first)
        y = self.norm(where(first, near, far).to(x.dtype)).flatten(2) * activated(self.open(x))
        count = {"n": state["n"] + live_steps(x, mask)}
        return self.out(y), {**named("rule", after), **named("conv", tail), **held, **count}

    def _attended(self, q: Tensor, k: Tensor, v: Tensor, place: Tensor) -> Tensor:
        """What each query sees of the first steps up to its own."""
        seen = torch.arange(self.segment, device=q.device) <= place.clamp_min(0).unsqueeze(-1)
        scores = torch.einsum("bthd,bshd->bhts", q, k).masked_fill(~seen.unsqueeze(1), -torch.inf)
        return torch.einsum("bhts,bshd->bthd", scores.softmax(-1), v)


def _put(held: Tensor, x: Tensor, cell: Tensor) -> Tensor:
    """`held` with each step of x at its cell; the cell after the last takes what is not kept."""
    index = cell.reshape(*cell.shape, *(1,) * (x.dim() - 2)).expand_as(x)
    whole = torch.cat([held, torch.zeros_like(held[:, :1])], dim=1)
    return whole.scatter(1, index, x.to(whole))[:, :-1]


def transmamba(width: int = 32, heads: int = 2, segment: int = 16) -> Layer:
    """Attention over the first `segment` steps, then the decayed rule from the state that stands for them."""
    if width % heads or segment < 1:
        raise BadInput(f"width={width} must be a multiple of heads={heads}, and segment={segment} at least 1.")
    return TransMamba(width, heads, segment)
