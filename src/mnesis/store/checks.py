"""What every store refuses before it writes, in the same words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from mnesis.errors import Conflict, Held, MnesisError
from mnesis.store.marks import ceiling, rank
from mnesis.walls import above
from mnesis.words import TRUSTS, Add, Change, Floats, Link, MemCube, Revise, digest

VAULT = "~vault/"  # what the rooms of the vault begin with, see `mnesis.vault`
RULES = "~rules"  # the room the rules of retention stand in, see `mnesis.retention`
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
    if vectors is not None and not np.isfinite(vectors).all():
        raise MnesisError("A vector holds NaN or infinity, which nothing can be compared with; give finite numbers.")


def check_trust(changes: Sequence[Change], sources: Mapping[str, str]) -> None:
    """A cube is never more trusted than the least trusted thing it was made from."""
    for each in changes:
        if isinstance(each, Add | Revise) and each.cube.trust != TRUSTS[0]:
            least = ceiling(each.cube, each.event, sources)
            if rank(each.cube.trust) > rank(least):
                raise MnesisError(
                    f"Cube {each.cube.id!r} says trust={each.cube.trust!r}, and something it was made from is trusted "
                    f"as {least!r}; a memory is never trusted more than what it was made from."
                )


def rule_id(namespace: str) -> str:
    """The id under which the rule of a namespace stands in the room of rules."""
    return digest("rule", namespace)


def held_by(namespace: str) -> list[str]:
    """Ids of the rules that may hold a namespace, or the vault of one."""
    return [rule_id(name) for name in above(namespace.removeprefix("~vault/"))]


def check_hold(namespace: str, rules: Iterable[MemCube]) -> None:
    """Nothing is erased where a legal hold stands."""
    for rule in rules:
        if rule.meta.get("hold"):
            raise Held(
                f"Nothing was erased: a hold stands on {rule.meta['namespace']!r} ({rule.meta['hold']}). Lift it with "
                "hold(namespace), or forget without erasing."
            )


def lost(cube_id: str, expected: int, standing: MemCube, known: MemCube | None) -> Conflict:
    """The error of who revises a version that no longer stands; it carries both versions."""
    return Conflict(
        f"Cube {cube_id!r} stands at version {standing.version}, not {expected}; somebody revised it first. "
        "Read it again and decide anew.",
        expected=expected,
        found=standing.version,
        known=known,
        standing=standing,
    )


def used(commit: int) -> Conflict:
    """The error of who commits under a key that was used."""
    return Conflict(f"Commit {commit} was made under this key already.", expected=0, found=commit)
