"""Fade first, then write what the new value differs by from what is left.

Source: Songlin Yang, Jan Kautz, Ali Hatamizadeh, Gated Delta Networks: Improving Mamba2 with Delta Rule, 2024. arXiv
    2412.06464
Needs: torch
Cost: K * V numbers a head; linear in time, one triangular system of C unknowns a chunk
Shapes: q and k [B, T, H, K], v [B, T, H, V], rate and decay [B, T, H] (decay a logarithm) -> [B, T, H, V];
    state S [B, H, K, V]; with `each_key`, decay [B, T, H, K]
Differs: with `each_key` every row of S fades by its own factor, as later work does.

The gate empties the memory when the context changes, the delta rule edits one key without touching the others;
neither does the other's work well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

from mnesis.neural.rule import Inputs, Port, Rule, Size, State, quiet, zeros
from mnesis.neural.rule._matrix import woven


@dataclass(frozen=True, slots=True)
class _GatedDelta:
    axes: str

    @property
    def ports(self) -> Mapping[str, Port]:
        return {
            "q": Port("k", "sphere"),
            "k": Port("k", "sphere"),
            "v": Port("v"),
            "rate": Port("", "unit"),
            "decay": Port(self.axes, "log"),
        }

    def init(self, size: Size, batch: int, x: Inputs) -> State:
        return {"S": zeros(x, batch, size.heads, size.keys, size.values)}

    def step(self, state: State, x: Inputs) -> State:
        factor = x["decay"].exp()
        S, k = state["S"] * (factor[..., None] if self.axes else factor[..., None, None]), x["k"].unsqueeze(-1)
        left = (k * S).sum(-2)
        return {"S": S + k * (x["rate"].unsqueeze(-1) * (x["v"] - left)).unsqueeze(-2)}

    def read(self, state: State, x: Inputs) -> Tensor:
        return (x["q"].unsqueeze(-1) * state["S"]).sum(-2)

    def chunked(self, state: State, x: Inputs, mask: Tensor | None = None, chunk: int = 16) -> tuple[Tensor, State]:
        x = quiet(self, x, mask)
        rate = x["rate"].unsqueeze(-1)
        factor = x["decay"].exp() if self.axes else x["decay"].exp().unsqueeze(-1)
        a, b = -rate * x["k"], factor * x["k"]
        y, S = woven(state["S"], x["q"], x["k"], rate * x["v"], decay=x["decay"], a=a, b=b, chunk=chunk)
        return y, {"S": S}


def gated_delta(each_key: bool = False) -> Rule:
    """The delta rule on a memory that fades by one factor a head, or with `each_key` by one for every row."""
    return _GatedDelta("k" if each_key else "")
