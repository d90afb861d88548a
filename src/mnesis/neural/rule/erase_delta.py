"""Erase along one address, then write by the delta rule at another.

Source: Xiao Li, Chengruidong Zhang, Hao Luo, Xi Lin, Zekun Wang, Zihan Qiu, Yunfei Mao, et al., Erase-then-Delta
    Attention: Decoupling Erase and Write Addresses in Delta-Rule Linear Attention, 2026. arXiv 2606.26560
Needs: torch
Cost: K * V numbers a head; linear in time, twice the steps of the gated delta rule
Shapes: q, k and e [B, T, H, K], v [B, T, H, V], rate, erase and decay [B, T, H] (decay a logarithm) -> [B, T, H, V];
    state S [B, H, K, V]
Differs: read from the abstract: fade, erase along e, then the corrective write at k; e has length 1 like k.

The delta rule can correct only what lies at the address it writes to. Here a step first takes a share `erase` of what
is stored along e away, whatever k is, so that a value that has become stale elsewhere can go. Chunks count a step as
two: one that only erases and one that only writes.

>>> import torch
>>> from mnesis.neural.rule import Size
>>> x = {"q": torch.tensor([[[[1.0, 0.0]], [[1.0, 0.0]]]]), "k": torch.eye(2)[None, :, None]}
>>> x |= {"v": torch.ones(1, 2, 1, 1), "e": x["q"], "rate": torch.ones(1, 2, 1), "decay": torch.zeros(1, 2, 1)}
>>> x["erase"] = torch.tensor([[[0.0], [1.0]]])
>>> erase_delta().chunked(erase_delta().init(Size(1, 2, 1), 1, x), x)[0].flatten().tolist()
[1.0, 0.0]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from mnesis.neural.rule import Inputs, Port, Rule, Size, State, quiet, zeros
from mnesis.neural.rule._matrix import woven


@dataclass(frozen=True, slots=True)
class _EraseDelta:
    @property
    def ports(self) -> Mapping[str, Port]:
        return {
            "q": Port("k", "sphere"),
            "k": Port("k", "sphere"),
            "v": Port("v"),
            "e": Port("k", "sphere"),
            "rate": Port("", "unit"),
            "erase": Port("", "unit"),
            "decay": Port("", "log"),
        }

    def init(self, size: Size, batch: int, x: Inputs) -> State:
        return {"S": zeros(x, batch, size.heads, size.keys, size.values)}

    def step(self, state: State, x: Inputs) -> State:
        S = state["S"] * x["decay"].exp()[..., None, None]
        e, k = x["e"].unsqueeze(-1), x["k"].unsqueeze(-1)
        S = S - e * (x["erase"].unsqueeze(-1) * (e * S).sum(-2)).unsqueeze(-2)
        return {"S": S + k * (x["rate"].unsqueeze(-1) * (x["v"] - (k * S).sum(-2))).unsqueeze(-2)}

    def read(self, state: State, x: Inputs) -> Tensor:
        return (x["q"].unsqueeze(-1) * state["S"]).sum(-2)

    def chunked(self, state: State, x: Inputs, mask: Tensor | None = None, chunk: int = 16) -> tuple[Tensor, State]:
        x = quiet(self, x, mask)
        e, k, rate, erase = x["e"], x["k"], x["rate"].unsqueeze(-1), x["erase"].unsqueeze(-1)
        nothing, no_value = torch.zeros_like(k), torch.zeros_like(x["v"])
        y, S = woven(
            state["S"],
            _two(nothing, x["q"]),
            _two(nothing, k),
            _two(no_value, rate * x["v"]),
            decay=_two(x["decay"], torch.zeros_like(x["decay"])),
            a=_two(-erase * e, -rate * k),
            b=_two(x["decay"].exp().unsqueeze(-1) * e, k),
            chunk=2 * chunk,
        )
        return y[:, 1::2], {"S": S}


def _two(first: Tensor, second: Tensor) -> Tensor:
    """[B,T,…] twice to [B,2T,…]: the erasing and the writing half of every step."""
    return torch.stack([first, second], dim=2).flatten(1, 2)


def erase_delta() -> Rule:
    """Fade, erase along e, write v - k S at k."""
    return _EraseDelta()
