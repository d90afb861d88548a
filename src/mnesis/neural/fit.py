"""Trains a tiny decoder on sequences drawn as they are needed, and asks it.

Only positions that are asked count, and only they pass through the output layer: with thousands of tokens that layer
would cost more than everything before it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from mnesis.neural.lm import TinyLM, tiny_lm
from mnesis.neural.rule import state_bytes

Batch = Mapping[str, np.ndarray]
WARM = 0.1  # share of the steps over which the step size rises
DECAY = 0.1


def fit(
    model: TinyLM, draw: Callable[[np.random.Generator, int], Batch], steps: int, batch: int, lr: float, seed: int
) -> Iterator[float]:
    """Train for `steps` batches of `batch` sequences; gives the loss of each. AdamW, warm-up, cosine, clipped at 1."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=DECAY)
    model.train()
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = lr * _share(step, steps)
        drawn = draw(np.random.default_rng((seed, step)), batch)
        loss = loss_of(model, drawn)
        optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        yield float(loss.detach())


def loss_of(model: TinyLM, batch: Batch) -> Tensor:
    """The mean cross-entropy of the answers asked for."""
    tokens, answers = (torch.from_numpy(batch[name]) for name in ("tokens", "answers"))
    hidden, _ = model.hidden(tokens)
    asked = answers >= 0
    return torch.nn.functional.cross_entropy(model.head(hidden[asked]), answers[asked])


def said(model: TinyLM, tokens: np.ndarray, rows: int = 256) -> np.ndarray:
    """The likeliest token at every position."""
    model.eval()
    with torch.no_grad():
        parts = [model(torch.from_numpy(tokens[start : start + rows])) for start in range(0, len(tokens), rows)]
    return np.concatenate([each.argmax(-1).numpy() for each in parts])


def one_thread() -> None:
    """Compute with one thread from here on, where several trainings share a machine."""
    torch.set_num_threads(1)


def _share(step: int, steps: int) -> float:
    warm = max(1, round(WARM * steps))
    if step < warm:
        return (step + 1) / warm
    return 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))


@dataclass(frozen=True, slots=True)
class Trial:
    """What one training brought: the answers, the loss at its end, seconds, and the sizes of what was trained."""

    said: np.ndarray
    loss: float
    seconds: float
    state_bytes: int
    parameters: int


def trial(
    memory: str,
    draw: Callable[[np.random.Generator, int], Batch],
    asked: np.ndarray,
    form: Mapping[str, int],
    steps: int,
    batch: int,
    lr: float,
    seed: int = 0,
) -> Trial:
    """Train `memory` in a decoder of this form from a fixed beginning, and ask it the sequences `asked`."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = tiny_lm(memory, **form)
    start = time.perf_counter()
    losses = list(fit(model, draw, steps, batch, lr, seed))
    seconds = time.perf_counter() - start
    with torch.no_grad():  # counted at the end, so that a state that grows is counted as large as it has become
        _, state = model.hidden(torch.from_numpy(asked[:1]))
    many = sum(each.numel() for each in model.parameters())
    return Trial(said(model, asked), float(np.mean(losses[-10:])), seconds, state_bytes(state), many)
