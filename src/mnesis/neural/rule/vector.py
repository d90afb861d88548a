"""Keep one number a channel that fades by a factor chosen at each step.

Source: Soham De, Samuel L. Smith, Anushan Fernando, et al., Griffin: Mixing Gated Linear Recurrences with Local
    Attention for Efficient Language Models, 2024. arXiv 2402.19427
Needs: torch
Cost: V numbers a head; linear in time, log C rounds a chunk
Shapes: v and decay [B, T, H, V] (decay a logarithm) -> [B, T, H, V]; state h [B, H, V]
Differs: the recurrence alone; how v is scaled and where the decay comes from is the layer's.

h <- exp(decay) * h + v, and the state is what is read. The smallest memory there is: it holds on to a channel as long
as its gate stays open.

>>> import torch
>>> from mnesis.neural.rule import Size
>>> x = {"v": torch.ones(1, 3, 1, 1), "decay": torch.full((1, 3, 1, 1), 0.5).log()}
>>> [round(each, 4) for each in vector().chunked(vector().init(Size(1, 1, 1), 1, x), x)[0].flatten().tolist()]
[1.0, 1.5, 1.75]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from mnesis.neural.rule import Inputs, Port, Rule, Size, State, quiet, where, zeros
from mnesis.neural.rule._scan import scanned


@dataclass(frozen=True, slots=True)
class _Vector:
    @property
    def ports(self) -> Mapping[str, Port]:
        return {"v": Port("v"), "decay": Port("v", "log")}

    def init(self, size: Size, batch: int, x: Inputs) -> State:
        return {"h": zeros(x, batch, size.heads, size.values)}

    def step(self, state: State, x: Inputs) -> State:
        return {"h": x["decay"].exp() * state["h"] + x["v"]}

    def read(self, state: State, x: Inputs) -> Tensor:
        return state["h"]

    def chunked(self, state: State, x: Inputs, mask: Tensor | None = None, chunk: int = 16) -> tuple[Tensor, State]:
        x = quiet(self, x, mask)
        h, out = state["h"], []
        for start in range(0, x["v"].shape[1], chunk):
            v, decay = (x[name][:, start : start + chunk] for name in ("v", "decay"))
            out.append(scanned(h, decay.exp(), v))
            h = out[-1][:, -1]
        y = torch.cat(out, dim=1)
        return (y if mask is None else where(mask, y, torch.zeros_like(y))), {"h": h}


def vector() -> Rule:
    """exp(decay) * h + v."""
    return _Vector()
