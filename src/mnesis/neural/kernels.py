"""Kernels of flash-linear-attention for the rules it has too, where they run and say the same numbers.

On a GPU with that library installed, `chunked` hands a rule's inputs to its kernel; everywhere else, and for every
other rule, it is the rule's own. Before a kernel is used on a device in a precision, it is asked once for a short
sequence: where its outputs, its final state or its gradients are further from the plain rule than `NEAR` of the largest
number, it is not used and a warning says so. `without_kernels` leaves them out.
"""

from __future__ import annotations

import importlib
import importlib.util
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid, normalize

from mnesis.neural.rule import Inputs, Rule, Size, State, quiet, where
from mnesis.neural.rule.additive import additive
from mnesis.neural.rule.decayed import decayed
from mnesis.neural.rule.delta import delta
from mnesis.neural.rule.gated import gated
from mnesis.neural.rule.gated_delta import gated_delta

NEAR = 1e-2  # kernels multiply with fewer bits than the plain rule
DEVICES = ("cuda",)
ASKED = Size(heads=2, keys=32, values=32)
STEPS = 80  # not a multiple of a chunk

Kernel = Callable[..., tuple[Tensor, Tensor]]
_wanted: ContextVar[bool] = ContextVar("kernels", default=True)


@dataclass(frozen=True, slots=True)
class Twin:
    """Where a rule's kernel is, and what it calls the inputs beside q, k and v."""

    module: str
    name: str
    inputs: Mapping[str, str]
    fixed: Mapping[str, Any]


TWINS: Mapping[Rule, Twin] = {
    additive(): Twin("fla.ops.linear_attn", "chunk_linear_attn", {}, {"normalize": False}),
    decayed(): Twin("fla.ops.simple_gla", "chunk_simple_gla", {"g": "decay"}, {}),
    gated(): Twin("fla.ops.gla", "chunk_gla", {"g": "decay"}, {}),
    delta(): Twin("fla.ops.delta_rule", "chunk_delta_rule", {"beta": "rate"}, {}),
    gated_delta(): Twin("fla.ops.gated_delta_rule", "chunk_gated_delta_rule", {"g": "decay", "beta": "rate"}, {}),
}
_trusted: dict[tuple[Rule, str, torch.dtype], Kernel | None] = {}


def chunked(rule: Rule, state: State, x: Inputs, mask: Tensor | None = None, chunk: int = 16) -> tuple[Tensor, State]:
    """What `rule.chunked` gives, from a kernel where there is one that can be trusted."""
    kernel = kernel_of(rule, x["v"]) if _wanted.get() and "v" in x else None
    if kernel is None:
        return rule.chunked(state, x, mask, chunk)
    y, S = _called(kernel, TWINS[rule], state["S"], quiet(rule, x, mask))
    return (y if mask is None else where(mask, y, torch.zeros_like(y))), {"S": S}


@contextmanager
def without_kernels() -> Iterator[None]:
    """Within it, every rule is computed by its own plain form."""
    token = _wanted.set(False)
    try:
        yield
    finally:
        _wanted.reset(token)


def kernel_of(rule: Rule, like: Tensor) -> Kernel | None:
    """The kernel of a rule for the device and precision of `like`, once it has said the same numbers; or None."""
    if like.device.type not in DEVICES or like.dtype == torch.float64 or rule not in TWINS:
        return None
    key = rule, str(like.device), like.dtype
    if key not in _trusted:
        _trusted[key] = _tried(rule, like)
    return _trusted[key]


def _tried(rule: Rule, like: Tensor) -> Kernel | None:
    twin = TWINS[rule]
    if importlib.util.find_spec(twin.module.partition(".")[0]) is None:
        return None
    kernel: Kernel = getattr(importlib.import_module(twin.module), twin.name)
    with torch.enable_grad():
        far = _apart(rule, twin, kernel, like)
    if far <= NEAR:
        return kernel
    warnings.warn(
        f"The kernel {twin.module}.{twin.name} is {far:.0e} of the largest number away from the plain rule on "
        f"{like.device} in {like.dtype}, so the plain rule is used; another release of that library may help.",
        RuntimeWarning,
        stacklevel=4,
    )
    return None


def _apart(rule: Rule, twin: Twin, kernel: Kernel, like: Tensor) -> float:
    """How far a kernel is from the plain rule: output, final state and every gradient, as a share of the largest."""
    inputs = {name: value.requires_grad_() for name, value in _sample(rule, like).items()}
    begun = 0.1 * torch.ones_like(rule.init(ASKED, 2, inputs)["S"])
    found = []
    for made in (
        rule.chunked({"S": begun}, inputs),
        _called(kernel, twin, begun, inputs),
    ):
        y, after = made[0], made[1]["S"] if isinstance(made[1], dict) else made[1]
        pulls = torch.autograd.grad(y.float().sin().sum() + after.float().sin().sum(), list(inputs.values()))
        found.append([each.detach().float() for each in (y, after, *pulls)])
    return max(
        float((one - other).abs().max() / one.abs().max().clamp(min=1e-6)) for one, other in zip(*found, strict=True)
    )


def _sample(rule: Rule, like: Tensor) -> dict[str, Tensor]:
    """A short sequence of inputs in the ranges of the rule's ports, the same every time."""
    dice = torch.Generator().manual_seed(0)
    made = {}
    for name, port in rule.ports.items():
        raw = torch.randn(*port.shape(ASKED, 2, STEPS), generator=dice)
        if name in ("q", "k"):
            raw = normalize(raw, dim=-1)
        elif port.range == "log":
            raw = logsigmoid(raw + 3)
        elif port.range == "unit":
            raw = raw.sigmoid()
        made[name] = raw.to(like.device, like.dtype)
    return made


def _called(kernel: Kernel, twin: Twin, S: Tensor, x: Inputs) -> tuple[Tensor, Tensor]:
    named = {theirs: x[ours] for theirs, ours in twin.inputs.items()}
    vectors = {name: x[name] for name in ("q", "k", "v")}
    return kernel(**vectors, **named, scale=1.0, initial_state=S, output_final_state=True, **twin.fixed)
