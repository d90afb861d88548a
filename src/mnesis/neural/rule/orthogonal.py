"""Write into each slot only what points away from what it already holds.

Source: Mahdi Karami, Razvan Pascanu, Vahab Mirrokni, Lattice: Learning to Efficiently Compress the Memory, 2025. arXiv
    2504.05646
Needs: torch
Cost: K * V numbers a head; linear in time, one step after the other
Shapes: q and k [B, T, H, K], v [B, T, H, V], rate and decay [B, T, H] (decay a logarithm) -> [B, T, H, V]; state S
    [B, H, K, V]
Differs: never approximated within a chunk, so chunks are plain steps; slots begin empty, their directions smoothed by
    a small constant; the step is not divided by the length of the slot.

K slots of V numbers, of which only the directions are read. A step goes down the squared error of making v of them in
the shares k, and because a direction does not change with its length, what lies along a slot's own direction falls out
of what is written: only what is new to it.

>>> import torch
>>> from mnesis.neural.rule import Size
>>> x = {"q": torch.ones(1, 3, 1, 1), "k": torch.ones(1, 3, 1, 1), "rate": torch.ones(1, 3, 1)}
>>> x |= {"v": torch.tensor([[[[2.0, 0.0]], [[2.0, 0.0]], [[0.0, 1.0]]]]), "decay": torch.zeros(1, 3, 1)}
>>> orthogonal().chunked(orthogonal().init(Size(1, 1, 2), 1, x), x)[1]["S"].flatten().round(decimals=2).tolist()
[2.0, 1.0]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

from mnesis.neural.rule import Inputs, Port, Rule, Size, State, sequential, zeros

SMALLEST = 1e-3  # the square of a length below which a slot has hardly a direction


@dataclass(frozen=True, slots=True)
class _Orthogonal:
    @property
    def ports(self) -> Mapping[str, Port]:
        ports = {"q": Port("k"), "k": Port("k"), "v": Port("v")}
        return {**ports, "rate": Port("", "unit"), "decay": Port("", "log")}

    def init(self, size: Size, batch: int, x: Inputs) -> State:
        return {"S": zeros(x, batch, size.heads, size.keys, size.values)}

    def step(self, state: State, x: Inputs) -> State:
        S = x["decay"].exp()[..., None, None] * state["S"]
        held = _directions(S)
        error = x["v"].unsqueeze(-2) - (x["k"].unsqueeze(-1) * held).sum(-2, keepdim=True)
        new = error - held * (held * error).sum(-1, keepdim=True)
        return {"S": S + (x["rate"].unsqueeze(-1) * x["k"]).unsqueeze(-1) * new}

    def read(self, state: State, x: Inputs) -> Tensor:
        return (x["q"].unsqueeze(-1) * _directions(state["S"])).sum(-2)

    def chunked(self, state: State, x: Inputs, mask: Tensor | None = None, chunk: int = 16) -> tuple[Tensor, State]:
        """What is written depends on what the slots hold, so there is nothing to join."""
        return sequential(self, state, x, mask)


def _directions(S: Tensor) -> Tensor:
    return S * (S.square().sum(-1, keepdim=True) + SMALLEST).rsqrt()


def orthogonal() -> Rule:
    """exp(decay) * S + rate * k (the error of recalling v, without its part along each slot)."""
    return _Orthogonal()
