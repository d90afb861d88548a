"""Slot: examples -> more like them. Models that draw what they have seen, with a memory beside the network.

``maker(size=…)`` gives a `Generator` for examples [N, size]. `fit` trains it and gives the losses, `sample` draws. All
chance comes from the seeds that are handed over.
"""

from __future__ import annotations

from typing import Protocol

from torch import Tensor


class Generator(Protocol):
    def fit(self, examples: Tensor, steps: int = 200, seed: int = 0) -> list[float]: ...

    def sample(self, count: int, seed: int = 0) -> Tensor: ...
