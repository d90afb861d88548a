"""Let the whole memory fade by one factor a step and add the outer product.

Source: Yutao Sun, Li Dong, Shaohan Huang, Shuming Ma, Yuqing Xia, Jilong Xue, Jianyong Wang, Furu Wei, Retentive
    Network: A Successor to Transformer for Large Language Models, 2023. arXiv 2307.08621
Needs: torch
Cost: K * V numbers a head; linear in time
Shapes: q and k [B, T, H, K], v [B, T, H, V], decay [B, T, H] (a logarithm) -> [B, T, H, V]; state S [B, H, K, V]
Differs: the factor may change from step to step, so that retention (one factor a head) and gates are one rule.

What was written n steps ago is read with the product of the factors since then; a factor of 1 is `additive`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

from mnesis.neural.rule import Inputs, Port, Rule, Size, State, quiet, zeros
from mnesis.neural.rule._matrix import woven


@dataclass(frozen=True, slots=True)
class _Decayed:
    axes: str

    @property
    def ports(self) -> Mapping[str, Port]:
        return {"q": Port("k"), "k": Port("k"), "v": Port("v"), "decay": Port(self.axes, "log")}

    def init(self, size: Size, batch: int, x: Inputs) -> State:
        return {"S": zeros(x, batch, size.heads, size.keys, size.values)}

    def step(self, state: State, x: Inputs) -> State:
        factor = x["decay"].exp()
        factor = factor[..., None] if self.axes else factor[..., None, None]
        return {"S": factor * state["S"] + x["k"].unsqueeze(-1) * x["v"].unsqueeze(-2)}

    def read(self, state: State, x: Inputs) -> Tensor:
        return (x["q"].unsqueeze(-1) * state["S"]).sum(-2)

    def chunked(self, state: State, x: Inputs, mask: Tensor | None = None, chunk: int = 16) -> tuple[Tensor, State]:
        x = quiet(self, x, mask)
        y, S = woven(state["S"], x["q"], x["k"], x["v"], decay=x["decay"], chunk=chunk)
        return y, {"S": S}


def decayed(each_key: bool = False) -> Rule:
    """exp(decay) * S + k v, with one decay a head, or with `each_key` one for every row of S."""
    return _Decayed("k" if each_key else "")
