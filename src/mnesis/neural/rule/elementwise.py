"""Let every number of the memory fade by its own factor; add the outer product.

Source: Albert Gu, Tri Dao, Mamba: Linear-Time Sequence Modeling with Selective State Spaces, 2023. arXiv 2312.00752
Needs: torch
Cost: K * V numbers a head; linear in time, C * K * V numbers a chunk
Shapes: q and k [B, T, H, K], v [B, T, H, V], decay [B, T, H, K, V] (a logarithm) -> [B, T, H, V]; state S [B, H, K, V]
Differs: names only: k is the input map B, q the output map C, v the input times its step, decay is step times A.

A channel of the input has K numbers of its own, each with its own speed of forgetting; the selective state space is
this rule with the speeds made from the input. A chunk is joined pair by pair, so no factor is ever divided by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from mnesis.neural.rule import Inputs, Port, Rule, Size, State, quiet, zeros
from mnesis.neural.rule._scan import scanned


@dataclass(frozen=True, slots=True)
class _Elementwise:
    @property
    def ports(self) -> Mapping[str, Port]:
        return {"q": Port("k"), "k": Port("k"), "v": Port("v"), "decay": Port("kv", "log")}

    def init(self, size: Size, batch: int, x: Inputs) -> State:
        return {"S": zeros(x, batch, size.heads, size.keys, size.values)}

    def step(self, state: State, x: Inputs) -> State:
        return {"S": x["decay"].exp() * state["S"] + x["k"].unsqueeze(-1) * x["v"].unsqueeze(-2)}

    def read(self, state: State, x: Inputs) -> Tensor:
        return (x["q"].unsqueeze(-1) * state["S"]).sum(-2)

    def chunked(self, state: State, x: Inputs, mask: Tensor | None = None, chunk: int = 16) -> tuple[Tensor, State]:
        x = quiet(self, x, mask)
        S, out = state["S"], []
        for start in range(0, x["v"].shape[1], chunk):
            q, k, v, decay = (x[name][:, start : start + chunk] for name in ("q", "k", "v", "decay"))
            all_S = scanned(S, decay.exp(), k.unsqueeze(-1) * v.unsqueeze(-2))
            out.append(torch.einsum("bthk,bthkv->bthv", q, all_S))
            S = all_S[:, -1]
        return torch.cat(out, dim=1), {"S": S}


def elementwise() -> Rule:
    """exp(decay) * S + k v, with a decay for every number of S."""
    return _Elementwise()
