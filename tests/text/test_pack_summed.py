"""Summaries stand for what does not fit, from the weakest on, and only then."""

from __future__ import annotations

from mnesis.text.lines import estimate
from mnesis.text.pack.summed import summed
from mnesis.words import Hit, MemCube

LONG = "The ferry was late because of the storm, so we waited at the pier for hours and drank tea. "


def hits(n: int) -> list[Hit]:
    return [
        Hit(MemCube(str(at), f"{at}: {LONG}", meta={"summary": f"{at}: The ferry was late."}), -at) for at in range(n)
    ]


def test_everything_is_whole_where_it_fits() -> None:
    assert all(LONG.strip() in line.text for line in summed()(hits(4), 400, estimate))


def test_the_weaker_ones_are_summed_up_where_it_is_tight() -> None:
    lines = summed()(hits(4), 70, estimate).lines
    whole = [LONG.strip() in line.text for line in lines]
    assert len(lines) == 4
    assert whole == sorted(whole, reverse=True)
    assert whole[0]
    assert not whole[-1]
    assert lines[-1].text == "3: The ferry was late."
    assert lines[-1].cubes == ("3",)


def test_more_memories_fit_than_without_summaries() -> None:
    bare = [Hit(MemCube(hit.cube.id, hit.cube.text), hit.score) for hit in hits(8)]
    assert len(summed()(hits(8), 70, estimate).lines) > len(summed()(bare, 70, estimate).lines)
