"""A change of model, online: every memory embedded anew with another embedder, beside the vectors in use.

    report = space.reembed("local", progress=lambda done, total: print(done, total))

Batch by batch the next generation of vectors is made and written down while the space goes on being read and written,
here and in other processes; what is remembered meanwhile is caught up with before the switch, which is one short
transaction. Whatever ends the work, the next call goes on where it stood.

The texts a memory is found by are not kept: they are taken from its event again, as the recipe's parser cuts it, with
the names of the people who had spoken by then. Each vector in use names the model and the text it was made of, so
where the texts found again are those of that day, that shows; where they are not (another recipe, or a third party's
texts) the texts of today are embedded, and the report counts them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from mnesis import catalog
from mnesis.asking import ruled
from mnesis.drive import settled
from mnesis.errors import BadInput, NotFound, SpaceError
from mnesis.minds import embedder_of, named, vectors_of
from mnesis.models import Embedder
from mnesis.store import Store
from mnesis.store.generations import FEW, Bare, Generations, Made
from mnesis.text.recipes import Recipe
from mnesis.words import Event, MemCube

Progress = Callable[[int, int], object]  # memories done so far, memories in all
RECOUNT = 50  # batches between two counts of what there is
PATIENCE = 20  # batches of what came meanwhile before more of it is embedded in the switch itself
EVENTS_KEPT = 256


@dataclass(frozen=True, slots=True)
class Reembedded:
    """What a change of model did: the embedder now in use and its dimension, the versions of memories embedded anew
    by this call, how many of them by other texts than before (`differing`), and the seconds it took."""

    embedder: str
    dim: int
    memories: int
    differing: int
    seconds: float


def reembed(
    store: Store,
    recipe: Recipe,
    embedder: Embedder,
    mind: str = "",
    *,
    keep: bool = False,
    batch: int = 256,
    progress: Progress | None = None,
) -> Reembedded:
    """Embed everything in a store anew with an embedder, which can be found again by the name `mind`."""
    if isinstance(batch, bool) or not isinstance(batch, int) or batch < 1:
        raise BadInput(f"batch={batch!r} makes no sense; it must be a whole number of at least 1.")
    started = time.perf_counter()
    generations = store.generations()
    if not generations.under_way() and store.facts().get("embedder") == embedder.name:
        return Reembedded(embedder.name, embedder.dim, 0, 0, 0.0)
    generations.begin(embedder.name, embedder.dim, mind)
    work = _Work(store, recipe, embedder, generations)
    for done, total in work.steps(batch, keep):
        if progress is not None:
            progress(done, total)
    seconds = time.perf_counter() - started
    return Reembedded(embedder.name, embedder.dim, work.made, work.differing, seconds)


def chosen(store: Store, wanted: str | Embedder | None) -> tuple[Embedder, str]:
    """The embedder to change to and the name it can be found by again; without one, that of the change under way."""
    under_way = store.generations().under_way()
    if wanted is None:
        if not under_way:
            raise BadInput("No change of model is under way here; name the embedder to change to.")
        if not under_way["mind"]:
            raise BadInput(
                f"The change to {under_way['embedder']!r} was begun with an embedder given as an object; give it again."
            )
        wanted = under_way["mind"]
    return embedder_of(wanted), wanted if isinstance(wanted, str) else ""


class _Work:
    """One call: takes waiting memories, finds their texts, embeds them."""

    def __init__(self, store: Store, recipe: Recipe, embedder: Embedder, generations: Generations) -> None:
        self._embedder, self._generations = embedder, generations
        self._former = store.facts().get("embedder", "")
        self._had_vectors = store.facts().get("dim", "0") != "0"
        self._parse = recipe.parse
        self._event = lru_cache(EVENTS_KEPT)(generations.event)
        self._cut = lru_cache(EVENTS_KEPT)(self._cut_anew)
        self._speakers: dict[str, frozenset[str]] | None = None
        self.made = self.differing = 0

    def steps(self, batch: int, keep: bool) -> Iterator[tuple[int, int]]:
        """Embed a batch a step until the switch is made; gives (done, total) after each."""
        done, total = self._generations.count()
        yield done, total
        step, few, first = 0, min(FEW, batch - 1), total
        while under_way := self._generations.under_way():  # else somebody else, who did the same, was faster
            waiting = self._generations.waiting(max(batch, few + 1))
            if len(waiting) <= few:
                before = self.made
                if self._generations.switch(keep, self._make, few):
                    break
                self.made = before
                continue
            at, before, waiting = int(under_way["row"]), self.made, waiting[:batch]
            made = self._make(waiting)
            if waiting[0].row <= at or not self._generations.fill(at, waiting[-1].row, made):
                self.made = before
                done, total = self._generations.count()
                continue
            done += len(waiting)
            step += 1
            if done > total or step % RECOUNT == 0:
                done, total = self._generations.count()
            if done > first and step % PATIENCE == 0:
                few *= 2  # others write faster than this embeds: let them wait a little longer for the switch
            yield done, total
        yield max(total, done), max(total, done)

    def _make(self, waiting: Sequence[Bare]) -> list[Made]:
        found = [(each, self._texts(each, then)) for each, then in self._dated(waiting)]
        self.made += len(waiting)
        if not self._embedder.dim:
            return []
        texts = [text for _, keys in found for text in keys]
        names = [named(self._embedder.name, text) for text in texts]
        known = self._generations.known(list(dict.fromkeys(names)))
        vectors = vectors_of(self._embedder, texts, names, known)
        out, at = [], 0
        for each, keys in found:
            if keys:
                out.append(Made(each.row, tuple(names[at : at + len(keys)]), vectors[at : at + len(keys)]))
                at += len(keys)
        return out

    def _dated(self, waiting: Sequence[Bare]) -> Iterator[tuple[Bare, tuple[frozenset[str], ...]]]:
        """Each memory with the names known when it was made: with those of its own commit, and before it."""
        if self._speakers is None and waiting:
            self._speakers = {name: frozenset(who) for name, who in self._generations.speakers(waiting[0].row).items()}
        speakers = self._speakers or {}
        groups: dict[tuple[int, str], list[Bare]] = {}
        for each in waiting:
            groups.setdefault((each.born, each.cube.namespace), []).append(each)
        for (_, namespace), group in groups.items():
            before = speakers.get(namespace, frozenset())
            then = before | {each.cube.speaker for each in group if each.cube.speaker}
            speakers[namespace] = then
            for each in group:
                yield each, (then, before)

    def _texts(self, bare: Bare, names: tuple[frozenset[str], ...]) -> tuple[str, ...]:
        """The texts a memory is found by; none for one that was kept without vectors."""
        if not self._embedder.dim or bare.cube.type == "vault" or (self._had_vectors and not bare.names):
            return ()
        first: tuple[str, ...] = ()
        for keys in self._candidates(bare.cube, names):
            if not any(bare.names) or tuple(named(self._former, text) for text in keys) == bare.names:
                return keys
            first = first or keys
        self.differing += 1
        return first

    def _candidates(self, cube: MemCube, names: tuple[frozenset[str], ...]) -> Iterator[tuple[str, ...]]:
        for known in dict.fromkeys(names):
            for id in reversed(cube.events):  # a new version was made of the newest
                cut = self._cut(cube.namespace, id, known)
                for each in sorted(cut, key=lambda each: each.id != cube.id):
                    if each.text == cube.text:
                        yield each.keys or (cube.text,)
        yield (cube.text,)

    def _cut_anew(self, namespace: str, id: str, names: frozenset[str]) -> list[MemCube]:
        event: Event | None = self._event(namespace, id)
        return [] if event is None else settled(self._parse(event, namespace, names), ruled())


def reembed_file(
    path: str | Path, wanted: str | Embedder | None, recipe: str | None = None, **options: Any
) -> Reembedded:
    """Embed a space in a file anew. Unlike opening it, this does not need the embedder its vectors are of now."""
    with _store_at(path) as store:
        name = recipe or store.facts().get("recipe", "default")
        made: Recipe = catalog.make(catalog.find(name, "text.recipes"))
        return reembed(store, made, *chosen(store, wanted), **options)


def abandon_file(path: str | Path) -> str:
    """Give up a change of model of a space in a file; returns the embedder it was to."""
    with _store_at(path) as store:
        return abandon(store)


@contextmanager
def _store_at(path: str | Path) -> Iterator[Store]:
    if not Path(path).is_file():
        raise NotFound(f"There is no memory space at {path}; name one that is there.")
    from mnesis.store.sqlite import SqliteStore

    store = SqliteStore(Path(path))
    try:
        yield store
    finally:
        store.close()


def abandon(store: Store) -> str:
    """Give up a change of model that is under way; returns the embedder it was to. Nothing in use is touched."""
    under_way = store.generations().under_way()
    if not under_way or not store.generations().abandon():
        raise SpaceError("No change of model is under way here, so there is none to give up.")
    return under_way["embedder"]


__all__ = ["Progress", "Reembedded", "abandon", "abandon_file", "chosen", "reembed", "reembed_file"]
