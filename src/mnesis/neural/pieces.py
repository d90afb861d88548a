"""Small modules that many layers are made of: short convolution, norms, gates, features, turning by position."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import logsigmoid, normalize, silu, softplus

from mnesis.errors import BadInput
from mnesis.neural.layer import live_steps
from mnesis.neural.rule import Port, Size, State

Form = Callable[[Tensor], Tensor]


def wide(x: Tensor) -> Tensor:
    """In float32, or float64 where it is that: what a memory computes in whatever the model does."""
    return x.to(torch.promote_types(x.dtype, torch.float32))


class ShortConv(nn.Module):
    """Every channel mixed with its own last steps: a causal convolution that carries its tail along."""

    def __init__(self, channels: int, steps: int) -> None:
        super().__init__()
        if steps < 2:
            raise BadInput(f"A short convolution over {steps} steps does nothing; give at least 2, or leave it out.")
        self.weight = nn.Parameter(torch.randn(channels, steps) / math.sqrt(steps))

    def begin(self, batch: int, like: Tensor) -> State:
        """No steps yet: zeros."""
        return {"tail": like.new_zeros(batch, self.weight.shape[1] - 1, len(self.weight))}

    def forward(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        """x [B,T,channels], convolved; the state keeps the last steps that count."""
        whole = torch.cat([state["tail"].to(x), x], dim=1)
        y = torch.nn.functional.conv1d(whole.mT, self.weight.unsqueeze(1), groups=len(self.weight)).mT
        size = state["tail"].shape[1]
        index = live_steps(x, mask).unsqueeze(1) + torch.arange(size, device=x.device)
        return y, {"tail": whole.gather(1, index.unsqueeze(-1).expand(-1, -1, x.shape[-1]))}


class RMSNorm(nn.Module):
    """Scaled to length sqrt(size), then by a weight a channel."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))

    def forward(self, x: Tensor) -> Tensor:
        """x [..., size], each vector normalised in float32."""
        z = wide(x)
        return (z * (z.square().mean(-1, keepdim=True) + 1e-6).rsqrt()).to(x.dtype) * self.weight


class Gate(nn.Module):
    """A linear map of x to one port of a rule, brought into its range by `form`."""

    def __init__(self, width: int, port: Port, size: Size, form: Form, bias: float = 0.0) -> None:
        super().__init__()
        self.shape = port.shape(size)
        self.form = form
        self.linear = nn.Linear(width, math.prod(self.shape))
        nn.init.constant_(self.linear.bias, bias)

    def forward(self, x: Tensor) -> Tensor:
        """[B,T,W] to [B,T,H,axes]."""
        y: Tensor = self.form(wide(self.linear(x)))
        return y.reshape(*x.shape[:2], *self.shape)


class FixedGate(nn.Module):
    """The same numbers [H, axes] at every step, whatever x is; learned where `learned`."""

    def __init__(self, values: Tensor, learned: bool = False) -> None:
        super().__init__()
        self.values = nn.Parameter(values, requires_grad=learned)

    def forward(self, x: Tensor) -> Tensor:
        """[B,T,W] to [B,T,H,axes]."""
        return wide(self.values).expand(*x.shape[:2], *self.values.shape)


class SteppedDecay(nn.Module):
    """A decay as a step length chosen from x times a speed a head: -exp(speed) * softplus(linear(x))."""

    def __init__(self, width: int, port: Port, size: Size) -> None:
        super().__init__()
        self.speed = nn.Parameter(torch.linspace(0.0, math.log(4.0), size.heads))
        self.step = Gate(width, port, size, softplus, bias=math.log(math.expm1(0.01)))

    def forward(self, x: Tensor) -> Tensor:
        """[B,T,W] to [B,T,H,axes]; logarithms of factors."""
        step: Tensor = self.step(x)
        return -wide(self.speed).exp().reshape(-1, *(1,) * (step.dim() - 3)) * step


class Taylor(nn.Module):
    """1, x and all products of two coordinates: queries and keys then meet as exp(q · k) to second order."""

    def __init__(self, raw: int) -> None:
        super().__init__()
        self.raw = raw
        self.keys = 1 + raw + raw * raw

    def forward(self, x: Tensor) -> Tensor:
        """[..., raw] to [..., 1 + raw + raw²]."""
        x = x / self.raw**0.25
        square = (x.unsqueeze(-1) * x.unsqueeze(-2)).flatten(-2) / math.sqrt(2.0)
        return torch.cat([torch.ones_like(x[..., :1]), x, square], dim=-1)


class Polynomial(nn.Module):
    """1, x and all products of two coordinates, each degree with a learned weight."""

    def __init__(self, raw: int) -> None:
        super().__init__()
        self.raw = raw
        self.keys = 1 + raw + raw * raw
        self.weight = nn.Parameter(torch.tensor([1.0, 1.0, 1.0 / math.sqrt(2.0)]))

    def forward(self, x: Tensor) -> Tensor:
        """[..., raw] to [..., 1 + raw + raw²]."""
        square = (x.unsqueeze(-1) * x.unsqueeze(-2)).flatten(-2)
        one, first, second = self.weight.to(x)
        return torch.cat([one.expand_as(x[..., :1]), first * x, second * square], dim=-1)


class Positive(nn.Module):
    """elu(x) + 1: every coordinate above zero."""

    def __init__(self, raw: int) -> None:
        super().__init__()
        self.raw = self.keys = raw

    def forward(self, x: Tensor) -> Tensor:
        """[..., raw] to [..., raw]."""
        return torch.nn.functional.elu(x) + 1


def slow(temperature: float = 16.0) -> Form:
    """A logarithm of a factor near 1: logsigmoid divided by `temperature`."""
    return lambda z: logsigmoid(z) / temperature


def default_gate(width: int, port: Port, size: Size) -> nn.Module:
    """What a port is fed with where nobody says otherwise."""
    forms: dict[str, tuple[Form, float]] = {
        "free": (lambda z: z, 0.0),
        "sphere": (lambda z: z, 0.0),
        "unit": (torch.sigmoid, 0.0),
        "positive": (softplus, math.log(math.expm1(0.5))),
        "log": (slow(), 0.0),
    }
    form, bias = forms[port.range]
    return Gate(width, port, size, form, bias)


def unit_length(x: Tensor) -> Tensor:
    """Each vector brought to length 1."""
    return normalize(wide(x), dim=-1, eps=1e-6)


def turned(x: Tensor, position: Tensor) -> Tensor:
    """x [B,T,H,D] turned pair by pair by its position [B,T], so that products tell distances."""
    half = x.shape[-1] // 2
    speed = 10000.0 ** (-torch.arange(half, device=x.device, dtype=torch.float64) / max(half, 1))
    angle = (position.double().unsqueeze(-1) * speed).unsqueeze(2)
    sine, cosine = angle.sin().to(wide(x).dtype), angle.cos().to(wide(x).dtype)
    z = wide(x)
    one, two, rest = z[..., :half], z[..., half : 2 * half], z[..., 2 * half :]
    return torch.cat([one * cosine - two * sine, one * sine + two * cosine, rest], dim=-1).to(x.dtype)


def activated(x: Tensor) -> Tensor:
    """The activation after a short convolution."""
    return silu(x)


def scalar_gate(width: int, heads: int, form: Form, bias: float = 0.0) -> Gate:
    """One number a head, chosen from x."""
    return Gate(width, Port(), Size(heads, 1, 1), form, bias)
