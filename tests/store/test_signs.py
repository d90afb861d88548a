"""The quick look for traces of a time must never hide one."""

from __future__ import annotations

import random

from mnesis.store.signs import TIMED, timed

PIECES = """a few last next this past day days Monday week weekends the other May june just got began since
1999 2020 sept October fall night Ago months 19 7 birthday Anniversary two couple of tomorrow tonight morning lately an
elephant""".split()


def test_every_time_leaves_a_trace() -> None:
    rng = random.Random(4)
    found = 0
    for _ in range(20_000):
        text = rng.choice([" ", ", ", ""]).join(rng.choice(PIECES) for _ in range(rng.randint(1, 5)))
        assert timed(text) == (TIMED.search(text) is not None), text
        found += timed(text)
    assert 5_000 < found < 19_000


def test_letters_outside_ascii_are_looked_at_too() -> None:
    assert timed("laſt week")  # a long s is an s to a pattern that ignores case
    assert not timed("плохая погода")
