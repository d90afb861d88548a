"""Locality-sensitive hashing of texts: which buckets a text falls into, so that texts like it fall into the same.

Each of `TABLES` tables multiplies the text (a bag of analysed terms) with random directions and takes the one it points
along most, or against most, as the number of the bucket (Andoni et al., Practical and Optimal LSH for Angular Distance,
2015; TiM hashes this way). The directions of a term come from a digest of it, so nothing has to be kept or drawn.

>>> one, other = buckets("Ana moved to Lisbon"), buckets("Has Ana moved to Lisbon?")
>>> len(one), one == other
(6, True)
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np

from mnesis.store.terms import terms
from mnesis.words import Floats

TABLES = 6
SIDES = 64  # directions a table; twice as many buckets


def buckets(text: str) -> tuple[str, ...]:
    """The bucket of a text in each table, as nodes of links; none for a text without a term."""
    held = list(dict.fromkeys(terms(text)))
    if not held:
        return ()
    total = np.sum([_directions(each) for each in held], axis=0)
    along = total.argmax(axis=1)
    against = total.argmin(axis=1)
    table = np.arange(TABLES)
    turned = -total[table, against] > total[table, along]
    places = np.where(turned, SIDES + against, along)
    return tuple(f"bucket:{number}:{place}" for number, place in enumerate(places.tolist()))


@lru_cache(maxsize=50_000)
def _directions(term: str) -> Floats:
    """How a term points along each direction of each table, float32 [TABLES, SIDES], the same everywhere."""
    raw = b"".join(
        hashlib.blake2b(term.encode(), digest_size=64, salt=bytes([n])).digest() for n in range(TABLES * SIDES // 16)
    )
    pairs = np.frombuffer(raw, np.uint16)[: 2 * TABLES * SIDES].astype(np.float64) / 65536 + 1 / 131072
    u, v = pairs.reshape(2, TABLES, SIDES)
    return np.asarray(np.sqrt(-2 * np.log(u)) * np.cos(2 * np.pi * v), np.float32)  # normal (Box and Muller)
