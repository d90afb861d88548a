"""Phase-associative memory: keys meet by the conjugate inner product."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from mnesis import catalog
from mnesis.neural.rule import Size, sequential
from mnesis.neural.rule.phase import phase

STEPS, HALF = 6, 4


def complex_numbers(seed: int) -> Tensor:
    source = torch.Generator().manual_seed(seed)
    return torch.complex(
        torch.randn(STEPS, HALF, generator=source, dtype=torch.float64),
        torch.randn(STEPS, HALF, generator=source, dtype=torch.float64),
    )


def read(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """What the rule gives for complex q, k, v [T, D] where nothing fades."""
    x = {n: torch.cat([z.real, z.imag], dim=-1)[None, :, None] for n, z in (("q", q), ("k", k), ("v", v))}
    x["decay"] = torch.zeros(1, len(q), 1, dtype=torch.float64)
    y, _ = sequential(phase(), phase().init(Size(1, 2 * HALF, 2 * HALF), 1, x), x)
    real, imaginary = y[0, :, 0].chunk(2, dim=-1)
    return torch.complex(real, imaginary)


def test_it_is_the_conjugate_inner_product_with_every_key() -> None:
    q, k, v = complex_numbers(0), complex_numbers(1), complex_numbers(2)
    weights = (q @ k.conj().T / math.sqrt(HALF)).tril()
    assert torch.allclose(read(q, k, v), weights @ v)


def test_only_the_phase_between_query_and_key_counts() -> None:
    q, k, v = complex_numbers(0), complex_numbers(1), complex_numbers(2)
    turn = torch.polar(torch.tensor(1.0, dtype=torch.float64), torch.tensor(0.7, dtype=torch.float64))
    y = read(q, k, v)
    assert torch.allclose(read(turn * q, turn * k, v), y), "a phase that both have is not seen"
    assert torch.allclose(read(turn * q, k, v), turn * y), "a phase that one has turns what is read"


def test_half_a_turn_takes_a_value_back() -> None:
    k, v = complex_numbers(1)[:1], complex_numbers(2)[:1]
    y = read(k.expand(2, -1), torch.cat([k, -k]), v.expand(2, -1))
    assert float(y[0].abs().min()) > 0.01
    assert float(y[1].abs().max()) < 1e-12


def test_the_matrix_takes_half_the_bytes_of_a_real_one() -> None:
    sizes = []
    for name, key in (("pam", "rule.S"), ("linear_attention", "rule.S")):
        sizes.append(catalog.make(f"neural.recipes.{name}").begin(1, torch.zeros(1, 32))[key].numel())
    assert 2 * sizes[0] == sizes[1]
