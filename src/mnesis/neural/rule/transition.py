"""Change the memory by any matrix that is a diagonal plus rank one, then add.

Source: Bo Peng, Ruichong Zhang, Daniel Goldstein, et al., RWKV-7 "Goose" with Expressive Dynamic State Evolution,
    2025. arXiv 2503.14456
Needs: torch
Cost: K * V numbers a head; linear in time, one triangular system of C unknowns a chunk, C * C * K numbers
Shapes: q, k, decay, a and b [B, T, H, K], v [B, T, H, V] -> [B, T, H, V]; state S [B, H, K, V]
Differs: the state is kept transposed, keys along the rows; decay is a logarithm.

S <- diag(exp(decay)) S + a (b S) + k v. With b a direction of length 1 and a its negative, scaled coordinate by
coordinate, the memory forgets along b at a rate of its own for every row: the generalised delta rule. Every rule of
this folder with one transition a step is a special case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

from mnesis.neural.rule import Inputs, Port, Rule, Size, State, quiet, zeros
from mnesis.neural.rule._matrix import woven


@dataclass(frozen=True, slots=True)
class _Transition:
    @property
    def ports(self) -> Mapping[str, Port]:
        ports = {"q": Port("k"), "k": Port("k"), "v": Port("v"), "decay": Port("k", "log")}
        return {**ports, "a": Port("k", "sphere"), "b": Port("k", "sphere")}

    def init(self, size: Size, batch: int, x: Inputs) -> State:
        return {"S": zeros(x, batch, size.heads, size.keys, size.values)}

    def step(self, state: State, x: Inputs) -> State:
        S = state["S"]
        turned = x["a"].unsqueeze(-1) * (x["b"].unsqueeze(-1) * S).sum(-2, keepdim=True)
        return {"S": x["decay"].exp().unsqueeze(-1) * S + turned + x["k"].unsqueeze(-1) * x["v"].unsqueeze(-2)}

    def read(self, state: State, x: Inputs) -> Tensor:
        return (x["q"].unsqueeze(-1) * state["S"]).sum(-2)

    def chunked(self, state: State, x: Inputs, mask: Tensor | None = None, chunk: int = 16) -> tuple[Tensor, State]:
        x = quiet(self, x, mask)
        y, S = woven(state["S"], x["q"], x["k"], x["v"], decay=x["decay"], a=x["a"], b=x["b"], chunk=chunk)
        return y, {"S": S}


def transition() -> Rule:
    """exp(decay) * S + a (b S) + k v."""
    return _Transition()
