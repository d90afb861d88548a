"""What is left of a memory where nothing of it may be: in the files after an erasure, outside a vault, behind a wall.

Measured by `mnesis bench promises`, which says what the names mean.
"""

from __future__ import annotations

import inspect
import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mnesis.errors import MnesisError
from mnesis.memory import Space
from mnesis.models.scripted import scripted
from mnesis.store.terms import code
from mnesis.words import Event, MemCube, Receipt

Numbers = dict[str, float]
DIM = 16
MANY = 9_000  # enough for an index that is saved beside the file
SECRETS = 20
SMALL_WORD = 6  # bytes: anything shorter stands in large files by chance
OURS, THEIRS = "org/ana", ("org/tom", "org", "org/anabel")

# What a parameter of a verb is given by somebody who knows a memory's id, and who says it is in their own namespace.
KNOWN: dict[str, Callable[[MemCube], list[Any]]] = {
    "cube_id": lambda cube: [cube.id],
    "event_id": lambda cube: [cube.events[0]],
    "what": lambda cube: [cube.id, [cube.id]],
    "cited": lambda cube: [cube.id, [cube.id], cube],
    "events": lambda cube: [[Event("Guessed.", id=cube.events[0])]],
    "query": lambda cube: [cube.id, "Who keeps the bees?"],
    "text": lambda cube: ["Written over."],
    "to": lambda cube: [0],
    "file": lambda cube: [io.StringIO()],
}
FLAGS = ("erase", "within", "again")


# ------------------------------------------------------------------------------------------------------ erased


def by_erasure(path: Path, secrets: int = SECRETS, fillers: int = MANY) -> Numbers:
    """Memories that were told, found and revised are erased from a busy space; every byte of its files is searched."""
    told = [f"The zanzibar{n}qux code of safe{n}qux is {n}4711." for n in range(secrets)]
    needles: list[bytes] = []
    with Space(path, embedder=scripted(dim=DIM)) as space:
        space.remember([f"Filler {n} of kettles, pots and pans." for n in range(fillers // 2)])
        kept = [space.remember(text, **_witnesses(n))[0] for n, text in enumerate(told)]
        space.remember([f"Filler {n} of rivers and boats." for n in range(fillers // 2, fillers)])
        for n, cube in enumerate(kept):
            new = space.revise(cube.id, f"{cube.text} Or 0815, said witness{n}qux.", reason=f"reason{n}qux again")
            names = [str(value) for value in _witnesses(n).values() if isinstance(value, str)]
            needles += traces([cube.text, new.text, f"zanzibar{n}qux", f"safe{n}qux", *names, f"note{n}qux"])
        space.recall("zanzibar1qux", k=5)  # saves the index
        before, _ = search(path, needles)
        receipt = space.forget([cube.id for cube in kept], erase=True, reason="erase")
        if not isinstance(receipt, Receipt) or len(receipt.erased) != secrets:
            raise MnesisError(f"The erasure of {secrets} memories did not say it took them; run mnesis verify.")
        hits, size = search(path, needles)
    hits += search(path, needles)[0]  # and once the space is closed
    return {
        "erased": secrets,
        "erased_traces": len(needles),
        "erased_before": before,
        "erased_searched": size,
        "erased_hits": hits,
    }


def _witnesses(n: int) -> dict[str, Any]:
    """What comes with a memory and is known of nobody else."""
    return {
        "speaker": f"Doctor{n}qux", "session": f"session{n}qux", "source": f"source{n}qux:1", "place": f"place{n}qux",
        "meta": {"note": f"note{n}qux"}, "reason": f"reason{n}qux",
    }  # fmt: skip


# ------------------------------------------------------------------------------------------------------- sealed


def by_vault(path: Path, fillers: int = MANY // 3) -> Numbers:
    """What was sealed is searched for in every byte; told in clear to another space, the same search finds it."""
    said: dict[str, Any] = {
        "speaker": "DoctorQux",
        "session": "sessionqux",
        "source": "sourcequx",
        "place": "Hideoutqux",
    }
    text, key = "The quetzalcoatlus safe opens with 0815.", "correct horse battery"
    needles = [*traces([text, text + " Twice.", "quetzalcoatlus", "hiddenqux", *said.values()]), key.encode()]
    found = {}
    for type in ("vault", "episodic"):
        place = path.parent / type / path.name
        place.parent.mkdir()
        with Space(place, embedder=scripted(dim=DIM), key=key) as space:
            space.remember([f"Kettle {n}." for n in range(fillers)])
            (cube,) = space.remember(text, type=type, meta={"note": "hiddenqux"}, **said)
            space.revise(cube.id, text + " Twice.")
            for query in (text, "quetzalcoatlus"):
                space.recall(query, types=(type,))
            opened = search(place, needles)
        closed = search(place, needles)
        found[type] = (max(opened[0], closed[0]), opened[1] + closed[1])
    return {
        "vault_traces": len(needles),
        "vault_in_clear": found["episodic"][0],
        "vault_searched": found["vault"][1],
        "vault_hits": found["vault"][0],
    }


def traces(texts: Sequence[str]) -> list[bytes]:
    """What tells of texts in a file: themselves in two encodings and cases, codes of their words, and their vectors."""
    found = [text.encode(way) for text in texts for way in ("utf-8", "utf-16-le")]
    found += [text.lower().encode() for text in texts]
    found += [code(text.lower()).to_bytes(8, "little") for text in texts if text.isalnum()]
    vectors = scripted(dim=DIM).embed([text for text in texts if " " in text])
    found += [vector.astype(width).tobytes() for vector in vectors for width in (np.float16, np.float32)]
    return list(dict.fromkeys(each for each in found if len(each) >= SMALL_WORD))


def search(path: Path, needles: Sequence[bytes]) -> tuple[int, int]:
    """How many needles stand in the files of a space (log, free pages and saved index too), and bytes read."""
    files = [each.read_bytes() for each in path.parent.rglob("*") if each.is_file()]
    return sum(any(each in file for file in files) for each in needles), sum(map(len, files))


# ------------------------------------------------------------------------------------------------ behind a wall


def by_walls(path: str | Path) -> Numbers:
    """Every public verb that takes a namespace, tried from ours with the ids of memories beside and above it."""
    calls = leaks = 0
    for n, room in enumerate(THEIRS):
        place = path if str(path) == ":memory:" else Path(path).with_name(f"{n}.mnesis")
        with Space(place, embedder=scripted(dim=DIM)) as space:
            for name in (OURS, room):
                mark = "xylophonist" if name == room else "drummer"
                told = Event(f"The {mark} keeps the bees.", f"{mark} A", source=f"{mark}:1", session=f"{mark} s")
                space.remember(told, namespace=name, meta={"note": mark})
            (cube,) = space.cubes(namespace=room)
            before = _held(space, room)
            for verb in walled():
                for given in _given(verb, cube):
                    calls += 1
                    leaks += "xylophonist" in _said(space, verb, given)
            leaks += _held(space, room) != before
    return {"walled_verbs": len(walled()), "foreign_calls": calls, "foreign_leaks": leaks}


def walled() -> list[str]:
    """The public verbs that take a namespace, found by looking."""
    verbs = inspect.getmembers(Space, inspect.isfunction)
    return [name for name, it in verbs if name[0] != "_" and "namespace" in inspect.signature(it).parameters]


def _given(verb: str, cube: MemCube) -> Iterator[dict[str, Any]]:
    parameters = inspect.signature(getattr(Space, verb)).parameters
    asked = [
        name
        for name, it in parameters.items()
        if name not in ("self", "namespace") and (it.default is inspect.Parameter.empty or name == "what")
    ]
    tries: list[dict[str, Any]] = [{"namespace": OURS}]
    for name in asked:
        if name not in KNOWN:
            raise MnesisError(f"Nothing is known to try {verb}({name}=) with; say it in KNOWN of bench/traces.py.")
        tries = [{**given, name: value} for given in tries for value in KNOWN[name](cube)]
    flags = [{}, *({flag: True} for flag in FLAGS if flag in parameters)]
    yield from ({**given, **flag} for given in tries for flag in flags)


def _said(space: Space, verb: str, given: dict[str, Any]) -> str:
    """Everything a verb gives back or writes, or the sentence it refuses with."""
    try:
        value = getattr(space, verb)(**given)
        said = repr(list(value) if isinstance(value, Iterator) else value)
    except MnesisError as err:
        said = f"{err} {vars(err)}"
    return said + (given["file"].getvalue() if "file" in given else "")


def _held(space: Space, room: str) -> Any:
    cubes = list(space.cubes(namespace=room))
    return cubes, [space.history(cube.id, namespace=room) for cube in cubes], list(space.journal(namespace=room))
