"""Slot: the minds outside. Texts become vectors, questions become replies; most work without a network.

A mind answers questions (`answer`, see `mnesis.drive.Mind`). An embedder says its `name` (written into the space
beside the vectors it made), its dimension `dim` and turns texts into unit vectors float32 [N, dim]; it may treat
documents and queries differently.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from mnesis.drive import Mind
from mnesis.words import Floats


class Embedder(Protocol):
    name: str
    dim: int
    reliance: float  # what its cosines are worth beside those of a sentence encoder, 1.0

    def embed(self, texts: Sequence[str], kind: str = "document") -> Floats:
        """Unit vectors float32 [N, dim] of `texts`; `kind` is ``document`` or ``query``."""


__all__ = ["Embedder", "Mind"]
