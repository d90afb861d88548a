"""How many tokens a second a memory takes, and how its cost grows with the length of what it reads.

`pace` measures a recipe: forward, forward with gradients, and one token at a time with the state carried along, which
is the plain recurrence every memory must equal. `growth` reads longer and longer sequences. `peers` are the plain
PyTorch forms other libraries publish of rules we have too, measured on the same vectors as ours; where a library is
not installed its rows are left out.
"""

from __future__ import annotations

import importlib
import importlib.util
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid, normalize

from mnesis import catalog
from mnesis.errors import Unavailable
from mnesis.neural.layer import Layer
from mnesis.neural.rule import Inputs, Rule, Size, sequential

REPEATS = 3
PATIENCE = 20.0  # seconds one sequence may take; longer ones are not tried


@dataclass(frozen=True, slots=True)
class Pace:
    """Tokens a second: `forward`, `both` ways (with gradients of every parameter), and `stepwise`, token by token."""

    forward: float
    both: float
    stepwise: float


@dataclass(frozen=True, slots=True)
class Growth:
    """Seconds to read sequences of these lengths, and the exponent between the first and the last."""

    lengths: tuple[int, ...]
    seconds: tuple[float, ...]

    @property
    def exponent(self) -> float:
        """1 for a cost linear in the length, 2 for one with its square."""
        if len(self.lengths) < 2:
            return math.nan
        return math.log(self.seconds[-1] / self.seconds[0]) / math.log(self.lengths[-1] / self.lengths[0])


def pace(address: str, width: int, heads: int, batch: int, length: int, steps: int) -> Pace:
    """The pace of a recipe on x [batch, length, width]; `steps` tokens of it are read one at a time."""
    layer, x = _begun(address, width, heads, batch, length)

    def ahead() -> None:
        with torch.no_grad():
            layer(x)

    def both() -> None:
        layer.zero_grad(set_to_none=True)
        y, _ = layer(x)
        torch.autograd.backward(y.square().mean())

    def stepwise() -> None:
        with torch.no_grad():
            state = None
            for t in range(steps):
                _, state = layer(x[:, t : t + 1], state)

    many = batch * length
    return Pace(many / _best(ahead), many / _best(both), batch * steps / _best(stepwise))


def growth(address: str, width: int, heads: int, lengths: Sequence[int]) -> Growth:
    """Seconds a recipe takes to read one sequence, without gradients; stops before one that would take too long."""
    layer, x = _begun(address, width, heads, 1, max(lengths))
    taken: list[float] = []
    with torch.no_grad():
        for length in lengths:
            if taken and taken[-1] * 4 > PATIENCE:
                break
            taken.append(_best(lambda length=length: layer(x[:, :length])))  # type: ignore[misc]
    return Growth(tuple(lengths[: len(taken)]), tuple(taken))


def threads() -> int:
    """How many threads torch computes with."""
    return torch.get_num_threads()


def _begun(address: str, width: int, heads: int, batch: int, length: int) -> tuple[Layer, Tensor]:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        layer: Layer = catalog.make(address, width=width, heads=heads)
        return layer.eval(), torch.randn(batch, length, width)


def _best(run: Callable[[], object]) -> float:
    """Seconds of the quickest of a few runs, after one that warms up; a slow one is run once more only."""
    taken = []
    for _ in range(REPEATS + 1):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
        if sum(taken) > 2.0 and len(taken) > 1:
            break
    return min(taken[1:])


# ------------------------------------------------------------------------------------------------------- peers

Form = Callable[[Inputs], Tensor]


@dataclass(frozen=True, slots=True)
class Peer:
    """A plain form of somebody else beside ours on the same vectors: the pace of both, and the largest difference of
    their outputs as a share of the largest number (NaN where the two compute different things)."""

    name: str
    ours: str
    theirs: Pace
    mine: Pace
    apart: float


def peers(heads: int, size: int, batch: int, length: int, steps: int) -> Iterator[Peer]:
    """Every peer that is installed, on vectors [batch, length, heads, size]; `length` is a multiple of 64."""
    x = _vectors(batch, length, heads, size)
    root = _root("fla")
    if root is not None:
        for name, rule, chunked, stepwise in _forms(root):
            ours: Rule = catalog.make(f"neural.rule.{rule}")
            used = {"decay": x["wide_decay"]} if rule == "gated" else {}
            used |= {port: x[port] for port in ours.ports if port not in used}
            yield _beside(f"fla {name}", ours, rule, used, chunked, stepwise, steps)
    if _root("titans_pytorch") is not None:
        yield _titans(x["q"].flatten(2), heads, steps)


def _vectors(batch: int, length: int, heads: int, size: int) -> dict[str, Tensor]:
    """What rules are handed: queries and keys of length 1, values, rates, logarithms of what is kept."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        q, k, v, wide = (torch.randn(batch, length, heads, size) for _ in range(4))
        rate, narrow = torch.rand(batch, length, heads), torch.randn(batch, length, heads)
    unit = {"q": normalize(q, dim=-1), "k": normalize(k, dim=-1)}
    return {**unit, "v": v, "rate": rate, "decay": logsigmoid(narrow + 3), "wide_decay": logsigmoid(wide + 3)}


def _forms(root: Path) -> Iterator[tuple[str, str, Form, Form]]:
    """Rules that flash-linear-attention has in plain PyTorch, with the rule of ours that says the same: in chunks and
    step by step. They are read from their files, since the package itself asks for a compiler of kernels."""
    plain = _plain(root, "linear_attn")
    yield (
        "linear_attn",
        "additive",
        lambda x: plain.naive_chunk_linear_attn(x["q"], x["k"], x["v"], scale=1.0),
        lambda x: plain.naive_recurrent_linear_attn(x["q"], x["k"], x["v"], scale=1.0),
    )
    simple = _plain(root, "simple_gla")
    yield (
        "simple_gla",
        "decayed",
        lambda x: simple.naive_chunk_simple_gla(x["q"], x["k"], x["v"], x["decay"], scale=1.0)[0],
        lambda x: simple.naive_recurrent_simple_gla(x["q"], x["k"], x["v"], x["decay"], scale=1.0)[0],
    )
    gla = _plain(root, "gla")  # only step by step; it divides by the root of the size

    def gated(x: Inputs) -> Tensor:
        y: Tensor = gla.naive_recurrent_gla(x["q"] * x["q"].shape[-1] ** 0.5, x["k"], x["v"], x["decay"])[0]
        return y

    yield "gla", "gated", gated, gated
    delta = _plain(root, "delta_rule")  # heads come before time

    def turned(form: Callable[..., tuple[Tensor, Tensor]], x: Inputs) -> Tensor:
        q, k, v, rate = (x[name].transpose(1, 2) for name in ("q", "k", "v", "rate"))
        return form(q * q.shape[-1] ** 0.5, k, v, rate)[0].transpose(1, 2)

    yield (
        "delta_rule",
        "delta",
        lambda x: turned(delta.delta_rule_chunkwise, x),
        lambda x: turned(delta.delta_rule_recurrence, x),
    )
    both = _plain(root, "gated_delta_rule")

    def gates(x: Inputs) -> dict[str, Tensor]:
        return {"q": x["q"], "k": x["k"], "v": x["v"], "g": x["decay"], "beta": x["rate"]}

    yield (
        "gated_delta_rule",
        "gated_delta",
        lambda x: both.naive_chunk_gated_delta_rule(**gates(x), scale=1.0)[0],
        lambda x: both.naive_recurrent_gated_delta_rule(**gates(x), scale=1.0)[0],
    )


def _beside(name: str, rule: Rule, address: str, x: Inputs, chunked: Form, stepwise: Form, steps: int) -> Peer:
    batch, _, heads, size = x["v"].shape
    empty = rule.init(Size(heads, x["k"].shape[-1], size), batch, x)
    with torch.no_grad():
        mine, theirs = rule.chunked(empty, x)[0], chunked(x)
    far = float((mine - theirs).abs().max() / theirs.abs().max())
    ours = _pace(lambda y: rule.chunked(empty, y)[0], lambda y: sequential(rule, empty, y)[0], x, steps)
    return Peer(name, f"neural.rule.{address}", _pace(chunked, stepwise, x, steps), ours, far)


def _pace(chunked: Form, stepwise: Form, x: Inputs, steps: int) -> Pace:
    """The pace of two forms of one rule, with gradients of everything they are handed."""
    open_ended = {name: value.clone().requires_grad_() for name, value in x.items()}
    few = {name: value[:, :steps] for name, value in x.items()}
    batch, length = x["v"].shape[:2]

    def quietly(form: Form, given: Inputs) -> None:
        with torch.no_grad():
            form(given)

    both = _best(lambda: torch.autograd.grad(chunked(open_ended).square().mean(), list(open_ended.values())))
    ahead = _best(lambda: quietly(chunked, x))
    return Pace(batch * length / ahead, batch * length / both, batch * steps / _best(lambda: quietly(stepwise, few)))


def _titans(x: Tensor, heads: int, steps: int) -> Peer:
    """The neural memory of titans-pytorch beside ours: the same idea, but layers of their own around it, so their
    outputs are not compared."""
    titans: Any = importlib.import_module("titans_pytorch")
    batch, length, width = x.shape
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        memory = titans.NeuralMemory(dim=width, chunk_size=16, heads=heads, dim_head=width // heads)

    def both() -> None:
        memory.zero_grad(set_to_none=True)
        torch.autograd.backward(memory(x)[0].square().mean())

    def ahead() -> None:
        with torch.no_grad():
            memory(x)

    def stepwise() -> None:
        with torch.no_grad():
            state = None
            for t in range(steps):
                _, state = memory(x[:, t : t + 1], state=state)

    many = batch * length
    theirs = Pace(many / _best(ahead), many / _best(both), batch * steps / _best(stepwise))
    mine = pace("neural.recipes.titans_memory", width, heads, batch, length, steps)
    return Peer("titans-pytorch NeuralMemory", "neural.recipes.titans_memory", theirs, mine, math.nan)


def _root(package: str) -> Path | None:
    """The folder a package is installed in, without importing it."""
    found = importlib.util.find_spec(package)
    return None if found is None or not found.submodule_search_locations else Path(found.submodule_search_locations[0])


def _plain(root: Path, name: str) -> ModuleType:
    """One file of plain PyTorch of the package that lies in `root`."""
    spec = importlib.util.spec_from_file_location(f"plain_{name}", root / "ops" / name / "naive.py")
    if spec is None or spec.loader is None:
        raise Unavailable(f"This release of flash-linear-attention has no plain form of {name}; leave it uninstalled.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
