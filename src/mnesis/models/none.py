"""No vectors at all: the tier that finds by words and by time.

Source: mnesis, 2026.
Needs: nothing
Cost: nothing
Shapes: texts [N] -> [N, 0]
Differs: nothing.

A full citizen, not a stand-in: with a dimension of 0 a store keeps no vectors, finders by vector find nothing, and
everything else works as it does with an embedder.

>>> none().embed(["one", "two"]).shape
(2, 0)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mnesis.models import Embedder
from mnesis.words import Floats


def none() -> Embedder:
    """The embedder without a dimension."""
    return Nothing()


class Nothing:
    """What `none` returns."""

    name = "none"
    dim = 0
    reliance = 0.0

    def embed(self, texts: Sequence[str], kind: str = "document") -> Floats:
        """As many empty vectors as texts."""
        return np.zeros((len(texts), 0), np.float32)
