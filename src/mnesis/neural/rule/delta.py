"""Read what is stored at the key and write only the difference to the new value.

Source: Songlin Yang, Bailin Wang, Yu Zhang, Yikang Shen, Yoon Kim, Parallelizing Linear Transformers with the Delta
    Rule over Sequence Length, 2024. arXiv 2406.06484
Needs: torch
Cost: K * V numbers a head; linear in time, one triangular system of C unknowns a chunk
Shapes: q and k [B, T, H, K], v [B, T, H, V], rate [B, T, H] -> [B, T, H, V]; state S [B, H, K, V]
Differs: nothing.

S <- S + rate * k (v - k S): one step of gradient descent on the squared error of recalling v from k. With a rate of 1
and a key of length 1 the old value is gone; rates above 1 reflect, up to 2 with stable results.

>>> import torch
>>> from mnesis.neural.rule import Size
>>> key, value = torch.ones(1, 2, 1, 1), torch.tensor([[[[3.0]], [[5.0]]]])
>>> x = {"q": key, "k": key, "v": value, "rate": torch.ones(1, 2, 1)}
>>> delta().chunked(delta().init(Size(1, 1, 1), 1, x), x)[0].flatten().tolist()
[3.0, 5.0]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

from mnesis.neural.rule import Inputs, Port, Rule, Size, State, quiet, zeros
from mnesis.neural.rule._matrix import woven


@dataclass(frozen=True, slots=True)
class _Delta:
    @property
    def ports(self) -> Mapping[str, Port]:
        return {"q": Port("k", "sphere"), "k": Port("k", "sphere"), "v": Port("v"), "rate": Port("", "unit")}

    def init(self, size: Size, batch: int, x: Inputs) -> State:
        return {"S": zeros(x, batch, size.heads, size.keys, size.values)}

    def step(self, state: State, x: Inputs) -> State:
        S, k = state["S"], x["k"].unsqueeze(-1)
        stored = (k * S).sum(-2)
        return {"S": S + k * (x["rate"].unsqueeze(-1) * (x["v"] - stored)).unsqueeze(-2)}

    def read(self, state: State, x: Inputs) -> Tensor:
        return (x["q"].unsqueeze(-1) * state["S"]).sum(-2)

    def chunked(self, state: State, x: Inputs, mask: Tensor | None = None, chunk: int = 16) -> tuple[Tensor, State]:
        x = quiet(self, x, mask)
        rate = x["rate"].unsqueeze(-1)
        y, S = woven(state["S"], x["q"], x["k"], rate * x["v"], a=-rate * x["k"], b=x["k"], chunk=chunk)
        return y, {"S": S}


def delta() -> Rule:
    """S + rate * k (v - k S)."""
    return _Delta()
