"""Attention heads and small networks as modules, few of them for each step.

Source: Yikang Shen, Zheyu Zhang, Tianyou Cao, Shawn Tan, Zhenfang Chen, Chuang Gan, ModuleFormer: Learning Modular
    Large Language Models From Uncurated Data, 2023. arXiv 2306.04640
Needs: torch
Cost: `chosen` heads and networks a step, and `modules` of each where all are computed, as here
Shapes: x [B, T, W] -> y [B, T, W]; k and v of every step, shared by the heads [B, T, 1, D]
Differs: all modules are computed and those not chosen left out; one router for both kinds; keys tell no positions, as
    stick-breaking prefers the latest match by itself.

A step looks at its past from the latest key back and breaks a part off a stick for every key that fits; what is left
goes on, so the newest fact wins. Which modules work on a step a router decides; `balance` teaches it to use all of them
but each step few, `concentration` to do with few for one domain. `grown` adds modules and freezes all that was there,
so that what is learned anew is learned beside the old.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import logsigmoid, silu

from mnesis.errors import BadInput
from mnesis.neural.pieces import RMSNorm, wide
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import State


class Modules(Layer):
    """See `moduleformer`."""

    def __init__(self, width: int, each: int, modules: int, chosen: int) -> None:
        super().__init__()
        self.each, self.chosen = each, chosen
        self.pairs, self.norm = nn.Linear(width, 2 * each, bias=False), RMSNorm(width)
        self.router = nn.ParameterList([_drawn(modules, width)])
        self.ask = nn.ParameterList([_drawn(modules, width, each)])
        self.answer = nn.ParameterList([_drawn(modules, each, width)])
        self.enter = nn.ParameterList([_drawn(modules, width, width)])
        self.leave = nn.ParameterList([_drawn(modules, width, width)])

    def begin(self, batch: int, like: Tensor) -> State:
        return {
            "k": like.new_zeros(batch, 0, self.each),
            "v": like.new_zeros(batch, 0, self.each),
            "live": like.new_zeros(batch, 0, dtype=torch.bool),
        }

    def shares(self, x: Tensor) -> Tensor:
        """What share of each step goes to each module [B,T,E]: nothing but to the chosen."""
        odds = torch.softmax(wide(x) @ wide(torch.cat(list(self.router))).mT, dim=-1)
        best, place = odds.topk(self.chosen, dim=-1)
        return torch.zeros_like(odds).scatter(-1, place, best).to(x.dtype)

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        k, v = self.pairs(x).chunk(2, dim=-1)
        here = torch.ones(x.shape[:2], dtype=torch.bool, device=x.device) if mask is None else mask
        after = {
            "k": torch.cat([state["k"].to(k), k], 1),
            "v": torch.cat([state["v"].to(v), v], 1),
            "live": torch.cat([state["live"], here], 1),
        }
        shares = self.shares(x)
        q = torch.einsum("btw,ewd->betd", x, torch.cat(list(self.ask)))
        read = stick_breaking(q, after["k"].unsqueeze(1), after["live"]) @ after["v"].unsqueeze(1)
        y = torch.einsum("betd,edw,bte->btw", read, torch.cat(list(self.answer)), shares)
        z = self.norm(x + y)
        inner = silu(torch.einsum("btw,ewv->betv", z, torch.cat(list(self.enter))))
        return y + torch.einsum("betv,evw,bte->btw", inner, torch.cat(list(self.leave)), shares), after

    def losses(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Balance: how little a step tells of its module. Concentration: how many modules are in use."""
        odds = torch.softmax(wide(x) @ wide(torch.cat(list(self.router))).mT, dim=-1).flatten(0, 1)
        used = _entropy(odds.mean(0))
        return _entropy(odds).mean() - used, used

    def grown(self, more: int) -> None:
        """Add `more` modules, and freeze everything else."""
        self.requires_grad_(False)
        for each in (self.router, self.ask, self.answer, self.enter, self.leave):
            each.append(_drawn(more, *each[0].shape[1:]).to(each[0]))


def stick_breaking(q: Tensor, k: Tensor, live: Tensor) -> Tensor:
    """Shares [B,E,T,N] of the keys k [B,1,N,D] for the last T queries: each takes its part of what later ones left."""
    score = wide(q @ k.mT) * q.shape[-1] ** -0.5
    steps, many = score.shape[-2:]
    place = torch.arange(many, device=q.device)
    allowed = (place <= place[many - steps :].unsqueeze(1)) & live[:, None, None]
    left = torch.where(allowed, logsigmoid(-score), torch.zeros_like(score))
    later = left.flip(-1).cumsum(-1).flip(-1) - left
    return torch.where(allowed, (logsigmoid(score) + later).exp(), torch.zeros_like(score)).to(q.dtype)


def _entropy(odds: Tensor) -> Tensor:
    return -(odds * (odds + 1e-9).log()).sum(-1)


def _drawn(*shape: int) -> nn.Parameter:
    return nn.Parameter(torch.randn(shape) * shape[1] ** -0.5)


def moduleformer(width: int = 32, heads: int = 2, modules: int = 4, chosen: int = 2) -> Layer:
    """`modules` heads of width / heads and as many networks, of which each step goes to `chosen`."""
    if width % heads or not 0 < chosen <= modules:
        raise BadInput(f"width={width} must be a multiple of heads={heads}, and chosen={chosen} 1 to {modules}.")
    return Modules(width, width // heads, modules, chosen)
