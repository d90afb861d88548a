"""What a gradient memory is made of: a matrix, or a small network of two.

A structure maps keys to values with weights that the memory itself writes. With `residual` it gives x + gain *
normalised(net(x)) + bias, which starts as the identity and needs keys and values of one length.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from mnesis.neural.rule import Port

EPS = 1e-6


@dataclass(frozen=True, slots=True)
class Structure:
    """Weights by name with their axes, first layer first."""

    axes: tuple[str, ...]
    residual: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """w0, w1 …, a name for the weights of every layer."""
        return tuple(f"w{n}" for n in range(len(self.axes)))

    @property
    def ports(self) -> Mapping[str, Port]:
        """The weights a memory begins with, and the gain and bias of the normalisation."""
        ports = {name: Port(axes, once=True) for name, axes in zip(self.names, self.axes, strict=True)}
        return {**ports, **({"gain": Port("v", once=True), "bias": Port("v", once=True)} if self.residual else {})}

    def apply(self, weights: Sequence[Tensor], x: Tensor, gain: Tensor | None, bias: Tensor | None) -> Tensor:
        """What is stored at x [..., K], under weights with the same leading axes."""
        z = x
        for n, weight in enumerate(weights):
            z = ((z if n == 0 else bent(z)).unsqueeze(-2) @ weight).squeeze(-2)
        return self.finish(z, x, gain, bias)

    def finish(self, z: Tensor, x: Tensor, gain: Tensor | None, bias: Tensor | None) -> Tensor:
        """The last layer's output to the value."""
        if gain is None or bias is None:
            return z
        return x + normalised(z) * gain + bias

    def back(self, z: Tensor, pull: Tensor, gain: Tensor | None) -> Tensor:
        """The gradient at the last layer's output, from that at the value."""
        if gain is None:
            return pull
        pull, scale = pull * gain, (z.var(-1, unbiased=False, keepdim=True) + EPS).rsqrt()
        whole = normalised(z)
        return scale * (pull - pull.mean(-1, keepdim=True) - whole * (pull * whole).mean(-1, keepdim=True))


def bent(z: Tensor) -> Tensor:
    """The activation between layers."""
    return torch.nn.functional.silu(z)


def bent_slope(z: Tensor) -> Tensor:
    """Its derivative."""
    s = z.sigmoid()
    return s * (1 + z * (1 - s))


def normalised(z: Tensor) -> Tensor:
    """Mean 0 and variance 1 over the last axis."""
    return (z - z.mean(-1, keepdim=True)) * (z.var(-1, unbiased=False, keepdim=True) + EPS).rsqrt()


def linear(residual: bool = False) -> Structure:
    """One matrix."""
    return Structure(("kv",), residual)


def mlp(residual: bool = False) -> Structure:
    """Two matrices with an activation between them."""
    return Structure(("kh", "hv"), residual)
