"""Add the outer product of key and value; nothing is ever forgotten.

Source: Angelos Katharopoulos, Apoorv Vyas, Nikolaos Pappas, François Fleuret, Transformers are RNNs: Fast
    Autoregressive Transformers with Linear Attention, 2020. arXiv 2006.16236
Needs: torch
Cost: K * V numbers a head; linear in time
Shapes: q and k [B, T, H, K], v [B, T, H, V] -> [B, T, H, V]; state S [B, H, K, V]
Differs: no division by the summed keys; a layer normalises the output instead, or asks for the sum as one value more.

A value is found again by its key as long as keys are orthogonal; as many keys as K has room for, the rest blurs.

>>> import torch
>>> from mnesis.neural.rule import Size
>>> key, value = torch.eye(2)[None, :, None], torch.tensor([[[[3.0]], [[5.0]]]])
>>> x = {"q": key, "k": key, "v": value}
>>> additive().chunked(additive().init(Size(1, 2, 1), 1, x), x)[0].flatten().tolist()
[3.0, 5.0]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

from mnesis.neural.rule import Inputs, Port, Rule, Size, State, quiet, zeros
from mnesis.neural.rule._matrix import woven


@dataclass(frozen=True, slots=True)
class _Additive:
    @property
    def ports(self) -> Mapping[str, Port]:
        return {"q": Port("k"), "k": Port("k"), "v": Port("v")}

    def init(self, size: Size, batch: int, x: Inputs) -> State:
        return {"S": zeros(x, batch, size.heads, size.keys, size.values)}

    def step(self, state: State, x: Inputs) -> State:
        return {"S": state["S"] + x["k"].unsqueeze(-1) * x["v"].unsqueeze(-2)}

    def read(self, state: State, x: Inputs) -> Tensor:
        return (x["q"].unsqueeze(-1) * state["S"]).sum(-2)

    def chunked(self, state: State, x: Inputs, mask: Tensor | None = None, chunk: int = 16) -> tuple[Tensor, State]:
        x = quiet(self, x, mask)
        y, S = woven(state["S"], x["q"], x["k"], x["v"], chunk=chunk)
        return y, {"S": S}


def additive() -> Rule:
    """S + k v."""
    return _Additive()
