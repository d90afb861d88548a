"""A change of model, on every store: two generations of vectors side by side, one switch, nothing mixed."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnesis.errors import BadInput, SpaceError
from mnesis.memory import Space
from mnesis.minds import named
from mnesis.models.scripted import scripted
from mnesis.models.static import static
from mnesis.text.names import without
from mnesis.words import Event, Hit

START = datetime(2026, 1, 1, tzinfo=UTC)
THINGS = "kettle lamp boat river window garden pencil violin stone bread cloud ladder button candle".split()
PLACES: dict[str, Callable[[Path], str | Path]] = {
    "ram": lambda folder: ":memory:",
    "sqlite": lambda folder: folder / "space.mnesis",
}


def clock() -> Callable[[], datetime]:
    ticks = itertools.count()
    return lambda: START + timedelta(minutes=next(ticks))


@pytest.fixture(params=sorted(PLACES))
def space(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Space]:
    with Space(PLACES[request.param](tmp_path), embedder=scripted(dim=16), clock=clock()) as made:
        yield made


def told(n: int, namespace: str = "a") -> Event:
    text = f"Number {n}: the {THINGS[n % 14]} beside the {THINGS[n * 5 % 14]}, Ana, was there."
    return Event(text, speaker=("Ana", "Tom")[n % 2], source=f"{namespace}:{n}", session=f"s{n % 3}")


def fill(space: Space, count: int, first: int = 0, namespace: str = "a") -> None:
    for n in range(first, first + count):
        space.remember(told(n, namespace), namespace=namespace)


def answers(hits: Sequence[Hit]) -> list[tuple[str, float]]:
    return [(hit.text, round(hit.score, 6)) for hit in hits]


QUESTION = "Where is the violin of Tom?"


def afresh(space: Space, embedder: Any, namespace: str = "a") -> list[tuple[str, float]]:
    """What a space that was made with `embedder` from the start answers, told the same in the same order."""
    with Space(embedder=embedder, clock=clock()) as other:
        for cube in space.cubes(namespace=namespace):
            other.remember(space.event(cube.events[0], namespace=namespace), namespace=namespace)
        return answers(other.recall(QUESTION, namespace=namespace, now=START))


def test_after_a_change_of_model_recall_is_that_of_a_space_made_with_it(space: Space) -> None:
    fill(space, 60)
    fill(space, 7, namespace="b")
    seen: list[tuple[int, int]] = []
    report = space.reembed("static", batch=16, progress=lambda done, total: seen.append((done, total)))
    assert (report.memories, report.differing, report.dim) == (67, 0, 256)
    assert report.embedder == static().name
    assert seen[0] == (0, 67)
    assert seen[-1] == (67, 67)
    assert answers(space.recall(QUESTION, namespace="a", now=START)) == afresh(space, "static")
    assert answers(space.recall(QUESTION, namespace="b", now=START)) == afresh(space, "static", "b")
    for cube in space.cubes(namespace="a"):
        assert cube.vector is not None
        assert cube.vector.shape == (256,)
    assert space.verify().ok


def test_the_texts_embedded_are_those_of_the_day(space: Space) -> None:
    """Names are taken out of what is embedded: those that were known then, not those of today."""
    space.remember("Ines brought the lamp.", namespace="a", speaker="Tom")
    space.remember("Is Tom there?", namespace="a", speaker="Ines")
    space.remember("Ines is.", namespace="a", speaker="Tom")
    report = space.reembed(scripted(dim=32))
    assert report.differing == 0
    store: Any = space._store
    both = frozenset({"Tom", "Ines"})
    texts = ("Ines brought the lamp.", without("Is Tom there?", both), without("Ines is.", both))
    assert len(set(texts) - {"Is Tom there?", "Ines is."}) == 3
    assert len(store.embeddings([named("scripted/32", text) for text in texts])) == 3


def test_what_was_revised_moved_and_retired_has_vectors_too(space: Space) -> None:
    fill(space, 10)
    first, second, *_ = space.cubes(namespace="a")
    space.revise(first.id, "The kettle is blue now.")
    before = space.recall("kettle", namespace="a", now=START, k=3)
    space.revise(second.id, second.text, at="2026-02-02")
    space.forget(second.id)
    commit = [each.seq for each in space.journal()][9]
    report = space.reembed(scripted(dim=32))
    assert (report.memories, report.differing) == (12, 0)
    assert space.recall("kettle", namespace="a", now=START, k=3)[0].cube == before[0].cube
    for id, then in ((second.id, commit), (first.id, 10)):  # versions of the past have vectors of today
        vector = space.get(id, as_of=then).vector
        assert vector is not None
        assert vector.shape == (32,)
    assert any(hit.why["vectors"] for hit in space.recall("lamp", namespace="a", as_of=commit, now=START))


def test_to_no_embedder_and_back(space: Space) -> None:
    fill(space, 40)
    before = answers(space.recall(QUESTION, namespace="a", now=START))
    assert space.reembed("none").dim == 0
    assert all(cube.vector is None for cube in space.cubes(namespace="a"))
    assert answers(space.recall(QUESTION, namespace="a", now=START)) == afresh(space, "none")
    fill(space, 1, first=40)
    assert space.reembed(scripted(dim=16)).memories == 41
    space.forget(list(space.cubes(namespace="a"))[-1], erase=True)
    assert answers(space.recall(QUESTION, namespace="a", now=START)) == before


class Slow:
    """An embedder that does something else between its batches."""

    def __init__(self, dim: int = 24) -> None:
        mind = scripted(dim=dim)
        self.name, self.dim, self.reliance, self._embed = f"slow/{dim}", dim, 0.5, mind.embed
        self.calls = 0
        self.texts = 0
        self.meanwhile: Callable[[int], object] = lambda call: None

    def embed(self, texts: Sequence[str], kind: str = "document") -> Any:
        vectors = self._embed(texts, kind)
        if kind == "document" and len(texts) > 3:  # not what is remembered, nor the questions set apart
            self.texts += len(texts)
        if kind == "document" and len(texts) == 10:  # a whole batch: the last few are made with the space locked
            self.calls += 1
            self.meanwhile(self.calls)
        return vectors


def test_the_space_works_throughout(space: Space) -> None:
    fill(space, 100)
    mind = Slow()
    said: list[bool] = []

    def meanwhile(call: int) -> None:
        hits = space.recall(told(3).text, namespace="a", now=START)
        said.append(told(3).text in [hit.text for hit in hits])
        fill(space, 1, first=1000 + call)
        space.revise(hits[-1].cube.id, f"The {THINGS[call % 14]} was thrown away.")

    mind.meanwhile = meanwhile
    report = space.reembed(mind, batch=10)
    mind.meanwhile = lambda call: None
    assert mind.calls >= 10
    assert said
    assert all(said)
    assert 100 + 2 * (mind.calls - 1) <= report.memories <= 100 + 2 * mind.calls
    for cube in space.cubes(namespace="a"):
        assert cube.vector is not None
        assert cube.vector.shape == (24,)
    assert told(1001).text in [hit.text for hit in space.recall(told(1001).text, namespace="a", now=START)]
    assert space.verify().ok


def test_threads_that_write_through_the_switch_lose_nothing_and_mix_nothing(space: Space) -> None:
    fill(space, 80)
    stop = threading.Event()
    wrong: list[BaseException] = []

    def write(who: int) -> None:
        try:
            for n in itertools.count():
                if stop.is_set() and n >= 20:
                    break
                space.remember(Event(f"Thread {who} saw {THINGS[n % 14]} {n}.", source=f"{who}:{n}"), namespace="a")
                space.recall(f"Which {THINGS[n % 14]}?", namespace="a", now=START)
        except BaseException as err:  # kept for the main thread, which shows it
            wrong.append(err)
            raise

    threads = [threading.Thread(target=write, args=(who,)) for who in range(3)]
    for thread in threads:
        thread.start()
    for dim in (32, 8, 64):
        space.reembed(Slow(dim), batch=20)
    stop.set()
    for thread in threads:
        thread.join()
    assert not wrong
    cubes = list(space.cubes(namespace="a"))
    assert {cube.vector.shape for cube in cubes if cube.vector is not None} == {(64,)}
    assert all(cube.vector is not None for cube in cubes)
    for who in range(3):
        held = sorted(int(cube.sources[0].split(":")[1]) for cube in cubes if cube.sources[0].startswith(f"{who}:"))
        assert held == list(range(len(held)))
        assert len(held) >= 20
    assert space.verify().ok


def test_what_is_erased_meanwhile_comes_back_in_no_generation(space: Space) -> None:
    fill(space, 60)
    victim = next(space.cubes(namespace="a"))
    text = " " + victim.text.replace("Ana", "")
    mind = Slow()
    mind.meanwhile = lambda call: space.forget(victim.id, erase=True) if call == 3 else None
    space.reembed(mind, batch=10, keep=True)
    store: Any = space._store
    for model in ("slow/24", "scripted/16"):
        assert not store.embeddings([named(model, text.strip()), named(model, victim.text)])
    assert all(cube.id != victim.id for cube in space.cubes(namespace="a"))
    again = Slow(16)
    space.reembed(again)
    assert space.verify().ok


def test_kept_vectors_make_the_way_back_quick(space: Space) -> None:
    fill(space, 50)
    first, second = Slow(12), Slow(20)
    space.reembed(first)
    space.reembed(second, keep=True)
    back = Slow(12)
    space.remember("Something that came since, and another word.", namespace="a")
    space.remember("And one more of these.", namespace="a")
    assert space.reembed(back).memories == 52
    assert back.texts <= 3  # all others were there
    again = Slow(20)
    space.reembed(again)
    assert again.texts >= 50  # they were not kept this time


class Breaks(Exception):
    """What ends an embedder of the tests."""


def test_it_goes_on_where_it_stood(space: Space) -> None:
    fill(space, 90)
    before = answers(space.recall(QUESTION, namespace="a", now=START))
    mind = Slow()

    def breaks(call: int) -> None:
        if call == 4:
            raise Breaks

    mind.meanwhile = breaks
    with pytest.raises(Breaks):
        space.reembed(mind, batch=10)
    assert answers(space.recall(QUESTION, namespace="a", now=START)) == before
    with pytest.raises(SpaceError, match="slow/24"):
        space.reembed(scripted(dim=8))
    with pytest.raises(BadInput, match="as an object"):
        space.reembed()
    after = Slow()
    assert space.reembed(after, batch=10).memories == 60
    assert answers(space.recall(QUESTION, namespace="a", now=START)) == afresh(space, Slow())


def test_a_change_can_be_given_up(space: Space) -> None:
    from mnesis.reembedding import abandon

    fill(space, 30)
    before = answers(space.recall(QUESTION, namespace="a", now=START))
    mind = Slow()

    def breaks(call: int) -> None:
        raise Breaks

    mind.meanwhile = breaks
    with pytest.raises(Breaks):
        space.reembed(mind, batch=10)
    assert abandon(space._store) == "slow/24"
    with pytest.raises(SpaceError, match="none to give up"):
        abandon(space._store)
    assert answers(space.recall(QUESTION, namespace="a", now=START)) == before
    assert space.reembed(scripted(dim=8)).memories == 30


def test_the_embedder_in_use_already_is_nothing_to_do(space: Space) -> None:
    fill(space, 5)
    assert space.reembed(scripted(dim=16)).memories == 0
    with pytest.raises(BadInput, match="name the embedder"):
        space.reembed()
    with pytest.raises(BadInput, match="batch"):
        space.reembed("static", batch=0)


def test_an_empty_space_changes_its_model_too(space: Space) -> None:
    assert space.reembed("static").memories == 0
    fill(space, 3)
    assert len(space.recall(told(1).text, namespace="a", now=START)) == 3
    assert all(cube.vector is not None and cube.vector.shape == (256,) for cube in space.cubes(namespace="a"))


def test_an_embedder_that_gives_nonsense_changes_nothing(space: Space) -> None:
    fill(space, 20)
    before = answers(space.recall(QUESTION, namespace="a", now=START))

    class Odd(Slow):
        def embed(self, texts: Sequence[str], kind: str = "document") -> Any:
            return np.full((len(texts), self.dim), np.nan, np.float32)

    with pytest.raises(BadInput, match="finite numbers"):
        space.reembed(Odd())
    assert answers(space.recall(QUESTION, namespace="a", now=START)) == before


def test_an_erasure_leaves_no_vector_of_any_generation_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "space.mnesis"
    with Space(path, embedder="static", clock=clock()) as space:
        fill(space, 120)
        victim = list(space.cubes(namespace="a"))[60]
        space.reembed(scripted(dim=16), keep=True)
        mind = Slow()

        def breaks(call: int) -> None:
            if call == 10:
                raise Breaks

        mind.meanwhile = breaks
        with pytest.raises(Breaks):
            space.reembed(mind, batch=10)
        store: Any = space._store
        raw = []
        for table in ("vectors", "vectors_0", "vectors_next"):
            query = f"SELECT vector FROM {table} WHERE pk >= 61 * 4096 AND pk < 62 * 4096"
            raw += [vector for (vector,) in store._reader().execute(query)]
        assert len(raw) == 3
        held = b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
        assert all(each in held for each in raw)
        space.forget(victim.id, namespace="a", erase=True)
        held = b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
        assert not any(each in held for each in raw)
        assert space.verify().ok
