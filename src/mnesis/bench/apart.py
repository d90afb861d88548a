"""Tasks that are not questions put to a space: rates, crashes, promises, capacity. Each is a module of its own.

Most make up what they measure on and need no data. A name may bring options after a colon
(``speed:n=10000+100000,dim=256``); every option is a whole number unless its default is not, and several numbers are
joined by ``+``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from mnesis.bench.folder import data_folder
from mnesis.bench.record import Progress, Record, embedder_of
from mnesis.errors import BadInput, UnknownName


@dataclass(frozen=True, slots=True)
class Around:
    """What a run was asked to measure with and where its lines go."""

    data: str | Path | None
    recipes: tuple[str, ...]
    embedder: str
    results: Path
    progress: Progress | None


Options = Mapping[str, str]


def measured_apart(wanted: str, around: Around) -> list[Record]:
    """The lines of one such task, written as ``name:option=value``."""
    name, _, rest = wanted.partition(":")
    measure, defaults = APART[name]
    options = dict(defaults)
    for part in filter(None, rest.split(",")):
        option, _, value = part.partition("=")
        if option not in defaults:
            raise UnknownName(f"option of {name}", option, defaults)
        numbers = value.replace("_", "").split("+")
        if defaults[option].replace("+", "").isdecimal() and not all(each.isdecimal() for each in numbers):
            like = ",".join(f"{key}={default}" for key, default in defaults.items() if default)
            raise BadInput(f"{wanted!r} is not understood; write numbers as {name}:{like}.")
        options[option] = value
    return list(measure(options, around))


def _whole(text: str) -> list[int]:
    return [int(each.replace("_", "")) for each in text.split("+")]


def _speed(options: Options, around: Around) -> Iterable[Record]:
    from mnesis.bench.speed import speed

    folder = data_folder(around.data) if options["texts"] == "beam" else None
    mind = "none" if around.embedder == "none" else options["embedder"]
    sizes, dim, to, told = _whole(options["n"]), int(options["dim"]), around.results, around.progress
    for recipe in around.recipes:
        yield speed(sizes, dim, data=folder, recipe=recipe, embedder=mind, results=to, progress=told)


def _crash(options: Options, around: Around) -> Iterable[Record]:
    from mnesis.bench.crash import crash

    yield crash(int(options["rounds"]), int(options["seed"]), results=around.results, progress=around.progress)


def _promises(_: Options, around: Around) -> Iterable[Record]:
    from mnesis.bench.promises import promises

    yield promises(results=around.results, progress=around.progress)


def _capacity(options: Options, around: Around) -> Iterable[Record]:
    from mnesis.bench.capacity import capacity

    sizes = int(options["features"]), int(options["seeds"])
    return capacity(*sizes, results=around.results, progress=around.progress)


def _pace(options: Options, around: Around) -> Iterable[Record]:
    from mnesis.bench.pace import pace

    width, length, longest = (int(options[name]) for name in ("width", "length", "longest"))
    wanted = () if around.recipes == ("default",) else around.recipes
    return pace(width, length, longest, wanted, results=around.results, progress=around.progress)


def _forgetting(options: Options, around: Around) -> Iterable[Record]:
    from mnesis.bench.forgetting import forgetting

    folder = data_folder(around.data)
    given = (folder, embedder_of(around.embedder), around.embedder, int(options["cases"]))
    return forgetting(*given, results=around.results, progress=around.progress)


def _tending(options: Options, around: Around) -> Iterable[Record]:
    from mnesis.bench.tending import tending

    for recipe in around.recipes:
        yield tending(_whole(options["n"]), recipe, results=around.results, progress=around.progress)


def _stories(options: Options, around: Around) -> Iterable[Record]:
    from mnesis.bench.stories import stories

    folder = data_folder(around.data)
    wanted = () if around.recipes == ("default",) else around.recipes
    steps, width = int(options["steps"]), int(options["width"])
    return stories(folder, wanted, steps, width, results=around.results, progress=around.progress)


def _graphcost(options: Options, around: Around) -> Iterable[Record]:
    from mnesis.bench.graphcost import graphcost

    for recipe in around.recipes:
        wanted = "hipporag" if recipe == "default" else recipe
        yield graphcost(_whole(options["n"]), wanted, results=around.results, progress=around.progress)


APART: Mapping[str, tuple[Callable[[Options, Around], Iterable[Record]], Options]] = {
    "speed": (_speed, {"n": "10000+100000", "dim": "256", "embedder": "", "texts": ""}),
    "crash": (_crash, {"rounds": "1000", "seed": "0"}),
    "promises": (_promises, {}),
    "capacity": (_capacity, {"features": "64", "seeds": "5"}),
    "forgetting": (_forgetting, {"cases": "0"}),
    "tending": (_tending, {"n": "1000+4000+16000"}),
    "stories": (_stories, {"steps": "1000", "width": "32"}),
    "graphcost": (_graphcost, {"n": "1000+10000"}),
    "pace": (_pace, {"width": "64", "length": "1024", "longest": "32768"}),
}
