"""Trains a network on questions about stories, and asks it others."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import torch

from mnesis import catalog

RATE, BATCH, ROWS = 5e-3, 32, 256
Numbers = tuple[np.ndarray, np.ndarray, np.ndarray]  # stories [N,S,L], questions [N,L], answers [N]


@dataclass(frozen=True, slots=True)
class Answered:
    """What one training brought: which answer the network gives to each question, seconds and parameters."""

    said: np.ndarray
    seconds: float
    parameters: int


def answered(address: str, learned: Numbers, asked: Numbers, steps: int, seed: int = 0, **form: int) -> Answered:
    """Train the network of this address and form on `learned`, and ask it `asked`."""
    start = time.perf_counter()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = catalog.make(address, **form)
    optimizer = torch.optim.Adam(network.parameters(), lr=RATE)
    story, question, answer = (torch.from_numpy(each) for each in learned)
    drawn = np.random.default_rng(seed)
    for _ in range(steps):
        rows = torch.from_numpy(drawn.integers(0, len(story), BATCH))
        loss = torch.nn.functional.cross_entropy(network(story[rows], question[rows]), answer[rows])
        optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
    story, question, _ = (torch.from_numpy(each) for each in asked)
    with torch.no_grad():
        pieces = zip(torch.split(story, ROWS), torch.split(question, ROWS), strict=True)
        said = torch.cat([network(one, other).argmax(-1) for one, other in pieces]).numpy()
    return Answered(said, time.perf_counter() - start, sum(each.numel() for each in network.parameters()))
