"""What every store refuses before it writes, in the same words."""

from __future__ import annotations

from collections.abc import Mapping

from mnesis.errors import MnesisError
from mnesis.words import Floats, Link, MemCube

TWICE = "A cube of the same id stands already, or stood in this version; revise it instead of adding it again."


def check_namespace(what: MemCube | Link, namespace: str) -> None:
    """A commit writes to one namespace."""
    if what.namespace != namespace:
        raise MnesisError(
            f"A commit to namespace {namespace!r} cannot carry a {'link' if isinstance(what, Link) else 'cube'} of "
            f"{what.namespace!r}; commit each namespace by itself."
        )


def check_vectors(vectors: Floats | None, facts: Mapping[str, str]) -> None:
    """Vectors are rows of the dimension the space was made with."""
    dim = int(facts.get("dim", 0))
    if vectors is not None and vectors.shape[1:] != (dim,):
        raise MnesisError(f"The vectors of this space have {dim} numbers; an array {vectors.shape} does not fit in.")
