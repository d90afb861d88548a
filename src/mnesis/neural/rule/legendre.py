"""Hold the last stretch of a signal as a few Legendre coefficients.

Source: Aaron Voelker, Ivana Kajić, Chris Eliasmith, Legendre Memory Units: Continuous-Time Representation in Recurrent
    Neural Networks, 2019. NeurIPS 32
Needs: torch
Cost: K numbers a channel; linear in time, C * C * K * K multiplications a chunk
Shapes: v [B, T, H, V], q [B, T, H, K, V] -> [B, T, H, V]; state m [B, H, K, V]
Differs: reads with a query a channel, so that one delay or a learned mixture of delays are the same call.

The state follows the differential equation whose output is the input `window` steps ago, in its best rational form of
order K, held constant between steps (zero-order hold). `delayed(keys, share)` is the query that reads the signal as it
was that share of the window ago (half a step less, since a value is held while it enters).

>>> import torch
>>> from mnesis.neural.rule import Size
>>> rule, v = legendre(window=20), torch.sin(torch.arange(60) / 8.0).reshape(1, 60, 1, 1)
>>> q = delayed(8, 1.0).reshape(1, 1, 1, 8, 1).expand(1, 60, 1, 8, 1)
>>> y, _ = rule.chunked(rule.init(Size(1, 8, 1), 1, {"v": v}), {"q": q, "v": v})
>>> bool((y[0, 30:, 0, 0] - v[0, 10:40, 0, 0]).abs().max() < 0.08)
True
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from mnesis.errors import BadInput
from mnesis.neural.rule import Inputs, Port, Rule, Size, State, quiet, where, zeros


@dataclass(frozen=True, slots=True)
class _Legendre:
    window: float

    @property
    def ports(self) -> Mapping[str, Port]:
        return {"q": Port("kv"), "v": Port("v")}

    def init(self, size: Size, batch: int, x: Inputs) -> State:
        return {"m": zeros(x, batch, size.heads, size.keys, size.values)}

    def step(self, state: State, x: Inputs) -> State:
        turn, enter = self._held(state["m"])
        return {"m": turn @ state["m"] + enter.unsqueeze(-1) * x["v"].unsqueeze(-2)}

    def read(self, state: State, x: Inputs) -> Tensor:
        return (x["q"] * state["m"]).sum(-2)

    def chunked(self, state: State, x: Inputs, mask: Tensor | None = None, chunk: int = 16) -> tuple[Tensor, State]:
        """Live steps are counted, so that a power of the transition carries each to where it is read."""
        m, out = state["m"], []
        x = quiet(self, x, mask)
        turn, enter = self._held(m)
        powers = [torch.eye(len(enter), dtype=m.dtype, device=m.device)]
        for _ in range(chunk):
            powers.append(turn @ powers[-1])
        power, response = torch.stack(powers), torch.stack([each @ enter for each in powers])
        live = torch.ones(x["v"].shape[:2], dtype=torch.bool, device=m.device) if mask is None else mask
        for start in range(0, live.shape[1], chunk):
            q, v, on = (
                x["q"][:, start : start + chunk],
                x["v"][:, start : start + chunk],
                live[:, start : start + chunk],
            )
            count = on.long().cumsum(1)
            steps = (count.unsqueeze(2) - count.unsqueeze(1)).clamp_min(0)  # [B, C(t), C(s)]
            causal = torch.ones(on.shape[1], on.shape[1], dtype=torch.bool, device=m.device).tril()
            weight = response[steps] * (causal & on.unsqueeze(1)).unsqueeze(-1)  # [B, C, C, K]
            held = torch.einsum("btsk,bshv->bthkv", weight, v) + torch.einsum("btij,bhjv->bthiv", power[count], m)
            out.append((q * held).sum(-2))
            m = held[:, -1]
        y = torch.cat(out, dim=1)
        return where(live, y, torch.zeros_like(y)), {"m": m}

    def _held(self, like: Tensor) -> tuple[Tensor, Tensor]:
        """The transition and the input vector of one step."""
        order = like.shape[-2]
        n = torch.arange(order, dtype=torch.float64)
        row, column = n.unsqueeze(1), n.unsqueeze(0)
        sign = torch.where(row < column, -1.0, (-1.0) ** (row - column + 1))
        drift = (2 * row + 1) / self.window * sign
        push = (2 * n + 1) * (-1.0) ** n / self.window
        both = torch.zeros(order + 1, order + 1, dtype=torch.float64)
        both[:order, :order], both[:order, order] = drift, push
        held = torch.matrix_exp(both).to(like)
        return held[:order, :order], held[:order, order]


def delayed(keys: int, share: float) -> Tensor:
    """The query [K] that reads the signal `share` of the window ago: shifted Legendre polynomials at that point."""
    values = [1.0, 2 * share - 1]
    for n in range(1, keys - 1):
        values.append(((2 * n + 1) * (2 * share - 1) * values[n] - n * values[n - 1]) / (n + 1))
    return torch.tensor(values[:keys])


def legendre(window: float = 64.0) -> Rule:
    """Coefficients of the last `window` steps."""
    if not window > 0:
        raise BadInput(f"window={window} must be a number of steps above 0.")
    return _Legendre(window)
