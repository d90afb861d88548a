"""store.signs: what is read of a text when it is indexed; the quick look for traces of a time must never hide one."""

from __future__ import annotations

import random

import numpy as np

from mnesis.store.ram import RamStore
from mnesis.store.signs import OPENING, TIMED, calling, detailed, opening, opens, timed
from mnesis.store.terms import analyser, code
from mnesis.words import Add, MemCube, moment

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


def test_names_of_the_people_here_count_less_than_others() -> None:
    called = calling("Melanie Ek")
    assert detailed("we met in Porto", called) == 1.0
    assert 0 < detailed("thanks, Mel", called) == detailed("thanks, Melanie", called) < 1
    assert detailed('thanks, Mel, for "Dune"', called) == 1.0
    assert detailed("thanks, friend", called) == 0.0


def test_only_the_first_terms_open_a_text() -> None:
    text = "The Winter Ferry is a film about a winter without a ferry, and a film about ice"
    codes = analyser().codes(text)
    first = list(dict.fromkeys(codes))[:OPENING]
    packed = np.array([opening(codes), opening([]), opening(codes[:1])], np.uint64)
    assert opens(packed, first).tolist() == [[True] * 4, [False] * 4, [True, False, False, False]]
    assert not opens(packed, [code("ice")]).any()


def test_a_shelf_reads_the_signs_alike_in_one_commit_and_in_many() -> None:
    texts = [("Ana", "Well, hello there"), ("Tom", "Ah, good day, Ana"), ("Ana", "And to you, Tom")]
    cubes = [MemCube(f"c{at}", text, "n", speaker=who, session="s") for at, (who, text) in enumerate(texts)]
    now = moment("2026-01-01")
    assert now is not None
    seen = []
    for parts in ([cubes], [[each] for each in cubes]):
        store = RamStore()
        for part in parts:
            store.commit([Add(each) for each in part], author="t", reason="", at=now, namespace="n")
            view = store.view("n")
        rows = view.alive()
        seen.append([view.column(name, rows).tolist() for name in ("detailed", "opening")])
    assert seen[0] == seen[1]
    assert seen[0][0] == np.array([0.0, 0.7, 0.7], np.float32).tolist()
