"""A frozen network fills a bank of pairs; a side network learns to read it.

Source: Weizhi Wang, Li Dong, Hao Cheng, Xiaodong Liu, Xifeng Yan, Jianfeng Gao, Furu Wei, Augmenting Language Models
    with Long-Term Memory, 2023. arXiv 2306.07174
Needs: torch
Cost: two windows, and `bank` products a step of which `chosen` are read
Shapes: x [B, T, W] -> y [B, T, W]; k and v of two windows, and of the bank [B, bank, H, D]
Differs: the frozen network is one window of attention as it was begun; tokens are retrieved one by one, not in chunks.

What writes the memory never learns, so what it wrote long ago is what it would write today: nothing in the bank goes
stale while the reader is trained. The side network starts from what the frozen one says, attends to its own last steps
and to the `chosen` nearest of the bank, beyond the window, and mixes the two by a gate a head.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.layer import live_steps, named, part
from mnesis.neural.layer.window import Window
from mnesis.neural.pieces import RMSNorm
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import State


class LongMem(Layer):
    """See `longmem`."""

    def __init__(self, width: int, heads: int, span: int, bank: int, chosen: int) -> None:
        super().__init__()
        self.heads, self.span, self.bank, self.chosen = heads, span, bank, chosen
        self.frozen = Window(width, heads, span, 0).requires_grad_(False)
        self.side, self.norm = Window(width, heads, span, 0), RMSNorm(width)
        self.gate = nn.Parameter(torch.zeros(heads, 1))

    def begin(self, batch: int, like: Tensor) -> State:
        empty = like.new_zeros(batch, self.bank, self.heads, self.side.out.in_features // self.heads)
        live = torch.zeros(batch, self.bank, dtype=torch.bool, device=like.device)
        state = {**named("frozen", self.frozen.begin(batch, like)), **named("side", self.side.begin(batch, like))}
        return {**state, "bank.k": empty, "bank.v": empty.clone(), "bank.live": live}

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        said, frozen = self._within(self.frozen, x, part(state, "frozen"), mask)
        said = self.frozen.out(said)
        bank = self._with(x, part(state, "bank"), mask)
        asking = self.norm(x + said)
        near, side = self._within(self.side, asking, part(state, "side"), mask)
        far = self.recalled(asking, bank)
        share = torch.sigmoid(self.gate)
        y = share * near.reshape(far.shape) + (1 - share) * far
        index = live_steps(x, mask).unsqueeze(1) + torch.arange(self.bank, device=x.device)
        spread = index.reshape(*index.shape, 1, 1).expand(-1, -1, *far.shape[2:])
        kept = {
            "k": bank["k"].gather(1, spread),
            "v": bank["v"].gather(1, spread),
            "live": bank["live"].gather(1, index),
        }
        after = {**named("frozen", frozen), **named("side", side), **named("bank", kept)}
        return said + self.side.out(y.flatten(2)), after

    def recalled(self, x: Tensor, bank: State) -> Tensor:
        """What the last steps x find in a bank that ends with their own keys [B,T,H,D]."""
        steps = x.shape[1]
        q = self.side.project(x)[..., : x.shape[-1]].reshape(*x.shape[:2], self.heads, -1)
        score = torch.einsum("bthd,bnhd->bthn", q, bank["k"]) * q.shape[-1] ** -0.5
        back = torch.arange(steps, device=x.device).unsqueeze(1) + self.bank
        back = back - torch.arange(self.bank + steps, device=x.device)
        allowed = ((back >= self.span) & (back <= self.bank) & bank["live"].unsqueeze(1)).unsqueeze(2)
        best, place = score.masked_fill(~allowed, torch.finfo(score.dtype).min).topk(self.chosen, dim=-1)
        shares = torch.zeros_like(score).scatter(-1, place, torch.softmax(best, dim=-1)) * allowed
        return torch.einsum("bthn,bnhd->bthd", shares, bank["v"])

    def _within(self, window: Window, x: Tensor, held: State, mask: Tensor | None) -> tuple[Tensor, State]:
        return window.attended(*window.asked(x, held), held, mask)

    def _with(self, x: Tensor, bank: State, mask: Tensor | None) -> State:
        """The bank, and behind it what the frozen network writes for x, without positions."""
        pairs = self.frozen.project(x)[..., x.shape[-1] :]
        k, v = pairs.reshape(*x.shape[:2], 2, self.heads, -1).unbind(2)
        here = torch.ones(x.shape[:2], dtype=torch.bool, device=x.device) if mask is None else mask
        fresh = {"k": k, "v": v, "live": here}
        return {name: torch.cat([bank[name].to(value), value], dim=1) for name, value in fresh.items()}


def longmem(width: int = 32, heads: int = 2, span: int = 16, bank: int = 128, chosen: int = 16) -> Layer:
    """Windows of `span` steps, and `chosen` of the `bank` steps before."""
    if width % heads or not 2 <= span <= bank or not 0 < chosen <= bank:
        raise BadInput(
            f"width={width} must be a multiple of heads={heads}, span={span} and chosen={chosen} within {bank}."
        )
    return LongMem(width, heads, span, bank, chosen)
