"""Members of one timeline stand together, oldest first, where the best of them stood."""

from __future__ import annotations

from mnesis.text.lines import estimate
from mnesis.text.pack.timelines import timelines
from mnesis.words import Hit, MemCube, moment


def hit(id: str, day: str, score: float, line: float | None = None) -> Hit:
    return Hit(MemCube(id, id, valid_from=moment(day)), score, {} if line is None else {"timeline": line})


def test_timelines_stand_side_by_side() -> None:
    hits = [
        hit("sold the car", "2026-05-01", 5, 1),
        hit("ran a race", "2026-01-01", 4, 2),
        hit("rain", "2026-02-02", 3),
        hit("bought the car", "2024-05-01", 2, 1),
        hit("won a race", "2026-03-01", 1, 2),
    ]
    context = timelines()(hits, 200, estimate)
    assert [line.cubes[0] for line in context] == [
        "bought the car",
        "sold the car",
        "ran a race",
        "won a race",
        "rain",
    ]


def test_what_does_not_fit_is_chosen_by_score_and_not_by_time() -> None:
    hits = [hit("now here", "2026-05-01", 5, 1), hit("long ago there", "2020-05-01", 1, 1)]
    assert [line.cubes[0] for line in timelines()(hits, 10, estimate)] == ["now here"]
