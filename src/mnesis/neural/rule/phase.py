"""Add outer products of complex numbers; what a phase turns away cancels.

Source: Gowrav Vishwakarma, Christopher J. Agostino, Phase-Associative Memory: Sequence Modeling in Complex Hilbert
    Space, 2026. arXiv 2604.05030
Needs: torch
Cost: K * V / 2 numbers a head; linear in time
Shapes: q and k [B, T, H, K], v [B, T, H, V], decay [B, T, H] (a logarithm) -> [B, T, H, V]; state S [B, H, 2, K/2, V/2]
Differs: complex vectors are handed over and given back as two real halves, the real one first.

A key is met by the conjugate inner product: a query in the key's phase reads the value, one a quarter turn ahead reads
it turned by a quarter, and a value written again half a turn away takes the first one back.

>>> import torch
>>> from mnesis.neural.rule import Size
>>> key, turned = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])  # 1 and i
>>> x = {"k": key.reshape(1, 1, 1, 2), "q": turned.reshape(1, 1, 1, 2), "v": 3 * key.reshape(1, 1, 1, 2)}
>>> x["decay"] = torch.zeros(1, 1, 1)
>>> phase().chunked(phase().init(Size(1, 2, 2), 1, x), x)[0].flatten().tolist()
[0.0, 3.0]
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from mnesis.errors import BadInput
from mnesis.neural.rule import Inputs, Port, Rule, Size, State, quiet, zeros
from mnesis.neural.rule._matrix import woven


@dataclass(frozen=True, slots=True)
class _Phase:
    @property
    def ports(self) -> Mapping[str, Port]:
        return {"q": Port("k"), "k": Port("k"), "v": Port("v"), "decay": Port("", "log")}

    def init(self, size: Size, batch: int, x: Inputs) -> State:
        if size.keys % 2 or size.values % 2:
            raise BadInput(f"Keys of {size.keys} and values of {size.values} numbers have no halves; choose even ones.")
        return {"S": zeros(x, batch, size.heads, 2, size.keys // 2, size.values // 2)}

    def step(self, state: State, x: Inputs) -> State:
        S = _joined(state["S"])
        k, v = _complex(x["k"]).conj(), _complex(x["v"])
        return {"S": _parted(x["decay"].exp()[..., None, None] * S + k.unsqueeze(-1) * v.unsqueeze(-2))}

    def read(self, state: State, x: Inputs) -> Tensor:
        q = _complex(x["q"])
        y: Tensor = _real((q.unsqueeze(-1) * _joined(state["S"])).sum(-2)) / math.sqrt(q.shape[-1])
        return y

    def chunked(self, state: State, x: Inputs, mask: Tensor | None = None, chunk: int = 16) -> tuple[Tensor, State]:
        x = quiet(self, x, mask)
        q, k, v = _complex(x["q"]), _complex(x["k"]).conj(), _complex(x["v"])
        y, S = woven(_joined(state["S"]), q, k, v, decay=x["decay"], chunk=chunk)
        return _real(y) / math.sqrt(q.shape[-1]), {"S": _parted(S)}


def _complex(x: Tensor) -> Tensor:
    real, imaginary = x.chunk(2, dim=-1)
    return torch.complex(real.contiguous(), imaginary.contiguous())


def _real(z: Tensor) -> Tensor:
    return torch.cat([z.real, z.imag], dim=-1)


def _joined(S: Tensor) -> Tensor:
    return torch.complex(S[:, :, 0], S[:, :, 1])


def _parted(S: Tensor) -> Tensor:
    return torch.stack([S.real, S.imag], dim=2)


def phase() -> Rule:
    """exp(decay) * S + conj(k) v, in complex numbers."""
    return _Phase()
