"""The one view both stores give: a shelf at a commit, and the store's rows behind it for what is read out."""

from __future__ import annotations

import copy
from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mnesis.store.drawn import Drawing, Drawn
from mnesis.store.marks import HELD, left_out, rank, type_codes
from mnesis.store.shelf import FOREVER, Shelf, Weight
from mnesis.store.terms import code
from mnesis.store.wordindex import BM25
from mnesis.words import Event, Floats, Link, MemCube, Rows, distinct, replace

EVER = datetime.max.replace(tzinfo=UTC)  # of a cube that ended at some time
ALONG = {"uses": np.add, "used_at": np.fmax, "told_at": np.fmin}  # columns of a cube, not of one version of it
MATCHES = 8  # word matches a view keeps


class Backing(Protocol):
    """What a store reads out for a view, by key or id; `commit` bounds what it may show."""

    def read_cubes(self, keys: Sequence[int], commit: int | None = None) -> list[MemCube]: ...
    def read_weights(self, namespace: str, commit: int) -> list[Weight]: ...
    def read_touched(self, namespace: str, since: int, upto: int) -> list[int]: ...
    def read_used(self, namespace: str, since: int, upto: int) -> list[tuple[int, float]]: ...
    def read_keys(self, namespace: str, ids: Sequence[str]) -> dict[str, list[int]]: ...
    def read_uses(self, keys: Sequence[int], commit: int) -> list[tuple[int, float]]: ...
    def read_links(self, namespace: str, id: str, kind: str, commit: int) -> list[Link]: ...
    def read_linked(self, namespace: str, ids: Sequence[str], kinds: Sequence[str], commit: int) -> list[Link]: ...
    def drawing(self, namespace: str) -> Drawing: ...
    def read_history(self, namespace: str, id: str, commit: int) -> list[MemCube]: ...
    def read_event(self, namespace: str, id: str, commit: int) -> Event | None: ...
    def read_made_from(self, namespace: str, source: str) -> list[int]: ...


class ShelfView:
    """One namespace at one commit; see `store.View`. Row numbers are positions on the shelf."""

    since = 0  # see `resumed`
    _after = 0
    _most: int | None = None

    def __init__(self, backing: Backing, shelf: Shelf, commit: int, valid_at: datetime | None) -> None:
        self.namespace = shelf.namespace
        self.model = shelf.model
        self.commit = commit
        self._backing = backing
        self._shelf = shelf
        with shelf.lock:
            self._columns = dict(shelf.columns)
            self._words = shelf.words.segments
            self._index = shelf.words
            self._days = shelf.days
            self._mentions = shelf.mentions
            self._held = shelf.size
            born = self._columns["born"][: shelf.size]
            self._size = int(np.searchsorted(born, commit, side="right"))
            self._dead = self._gone(valid_at) if shelf.deaths or valid_at else np.zeros(0, np.int64)
            self._heard = len(shelf.speakers)
            if self._size < shelf.size:  # speakers stand in the order they were first heard
                self._heard = bisect_left(list(shelf.speakers.values()), self._size)
            if commit < shelf.weighed:  # what was touched later is put back as it was then
                weights = backing.read_weights(shelf.namespace, commit)
                self._columns |= shelf.weighted(self._columns, weights)
                uses = backing.read_used(shelf.namespace, 0, commit)
                self._columns |= shelf.counted(self._columns, uses, anew=True)
        self.valid_at = valid_at
        self._matches: dict[tuple[str, ...], BM25] = {}
        self._besides: dict[int, tuple[Rows, Rows]] = {}

    def _gone(self, valid_at: datetime | None) -> Rows:
        gone = self._columns["died"][: self._size] <= self.commit
        if valid_at is not None:
            moment = valid_at.timestamp()
            gone |= (self._columns["at"][: self._size] > moment) | (self._columns["until"][: self._size] <= moment)
        return np.flatnonzero(gone)

    @property
    def below(self) -> int | None:
        """The first row that came after this view; None while it is the latest."""
        return self._size if self._size < self._held else None

    def __len__(self) -> int:
        return self._size - len(self._dead)

    def alive(self) -> Rows:
        standing = np.ones(self._size, bool)
        standing[self._dead] = False
        return np.flatnonzero(standing)

    def living(self, rows: Rows) -> NDArray[Any]:
        """bool [N]: which of these rows stand in this view."""
        inside = (rows >= 0) & (rows < self._size)
        if len(self._dead):
            at = np.searchsorted(self._dead, rows)
            inside &= ~((at < len(self._dead)) & (self._dead[at.clip(max=len(self._dead) - 1)] == rows))
        return inside

    def cubes(self, rows: Rows) -> list[MemCube]:
        return self._backing.read_cubes(self._columns["key"][rows].tolist(), self.commit)

    def get(self, id: str) -> MemCube | None:
        rows = self.rows([id])
        return self.cubes(rows)[0] if rows[0] >= 0 else None

    def rows(self, ids: Sequence[str]) -> Rows:
        keys = self._backing.read_keys(self.namespace, ids)
        out = np.full(len(ids), -1, np.int64)
        column = self._columns["key"][: self._size]
        for at, id in enumerate(ids):
            for key in keys.get(id, ()):
                row = int(np.searchsorted(column, key))
                if row < self._size and column[row] == key and self.living(np.array([row]))[0]:
                    out[at] = row
        return out

    def words(self, terms: Sequence[str]) -> BM25:
        wanted = tuple(terms)
        match = self._matches.pop(wanted, None)
        if match is None:
            codes = [code(term) for term in wanted]
            match = BM25(self._index, self._columns["length"], self._size, codes, self._dead)
        self._matches[wanted] = match
        for oldest in list(self._matches)[:-MATCHES]:  # each is as long as the shelf
            self._matches.pop(oldest, None)
        return match

    def frequency(self, codes: NDArray[Any]) -> Rows:
        return np.array([len(each) for each in self._index.rows_of(codes, self._size)], np.int64)

    def holding(self, codes: NDArray[Any]) -> list[Rows]:
        return [each[self.living(each)] for each in self._index.rows_of(codes, self._size)]

    def near(self, vector: Floats) -> ShelfNear:
        return ShelfNear(self, self._shelf, vector)

    def during(self, start: float, end: float, limit: int) -> Rows:
        at = self._columns["at"][: self._size]
        rows: Rows = np.flatnonzero((at >= start) & (at < end))
        rows = rows[self.living(rows)]
        latest: Rows = rows[np.lexsort((-rows, -at[rows]))][:limit]
        return latest

    def column(self, name: str, rows: Rows) -> NDArray[Any]:
        if name == "type":
            return type_codes(self._columns["marks"][rows])
        values: NDArray[Any] = self._columns[name][rows]
        return self._all_along(name, rows, values) if name in ALONG else values

    def _all_along(self, name: str, rows: Rows, values: NDArray[Any]) -> NDArray[Any]:
        """Uses of a cube are those of its earlier versions too, and it was told with the first of them."""
        before = self._columns["former"][rows]
        while (before >= 0).any():
            there = before >= 0
            earlier = self._columns[name][before[there]]
            values[there] = ALONG[name](values[there], earlier)
            before = np.where(there, self._columns["former"][before], -1)
        return values

    def uses(self, rows: Rows) -> tuple[NDArray[Any], NDArray[np.float64]]:
        keys = self._columns["key"][rows]
        order = np.argsort(keys, kind="stable")
        found = np.array(self._backing.read_uses(keys[order].tolist(), self.commit), np.float64).reshape(-1, 2)
        owner = order[np.searchsorted(keys[order], found[:, 0].astype(np.int64))]
        return owner, found[:, 1]

    def state(self, id: str) -> MemCube | None:
        for key in self._backing.read_keys(self.namespace, [id]).get(id, ()):
            row = int(np.searchsorted(self._columns["key"][: self._size], key))
            if row < self._size and self._columns["key"][row] == key and self._columns["died"][row] > self.commit:
                return self.cubes(np.array([row]))[0]
        return None

    def resumed(self, since: int, key: int = 0, most: int | None = None) -> ShelfView:
        other = copy.copy(self)
        other.since, other._after, other._most = since, key, most
        other._matches, other._besides = {}, {}
        return other

    def _fresh(self) -> Rows:
        """The living rows that came since, whatever the bound on their number."""
        first = int(np.searchsorted(self._columns["born"][: self._size], self.since, side="right"))
        first = max(first, int(np.searchsorted(self._columns["key"][: self._size], self._after, side="right")))
        rows = np.arange(first, self._size)
        living: Rows = rows[self.living(rows)]
        return living

    def changed(self) -> Rows:
        rows = self._fresh()[: self._most]
        if not self.since:
            return rows
        keys = np.array(self._backing.read_touched(self.namespace, self.since, self.commit), np.int64)
        column = self._columns["key"][: self._size]
        at = np.searchsorted(column, keys)
        touched = at[at < self._size]
        touched = touched[column[touched] == keys[at < self._size]]
        return distinct(np.concatenate([rows, touched[self.living(touched)]]))

    def retired(self) -> Rows:
        died = self._columns["died"][: self._size]
        rows = np.flatnonzero((died > self.since) & (died <= self.commit))
        first = int(np.searchsorted(self._columns["born"][: self._size], self.since))
        gone: Rows = np.setdiff1d(rows, self._columns["former"][first : self._size])
        return gone

    def reached(self) -> tuple[int, int]:
        rows = self._fresh()
        if self._most is None or len(rows) <= self._most:
            return self.commit, 0
        return self.since, int(self._columns["key"][rows[self._most - 1]])

    def code(self, text: str) -> int:
        """The code a session, speaker or role has in its column."""
        return code(text) if text else 0

    def known(self, column: str, text: str) -> bool:
        """Whether any row has this speaker or role."""
        shelf = self._shelf
        first = shelf.speakers.get(text) if column == "speaker" else shelf.roles.get(self.code(text))
        return first is not None and first < self._size

    def beside(self, rows: Rows, step: int) -> Rows:
        kept = self._besides.get(step)
        if kept is None or kept[0] is not rows:  # several rankers ask the same of the same candidates
            kept = self._besides[step] = rows, self._beside(rows, step)
        return kept[1]

    def _beside(self, rows: Rows, step: int) -> Rows:
        column = self._columns["behind" if step > 0 else "before"]
        out = rows
        for _ in range(abs(step)):
            out = self._then(np.where(out >= 0, column[out], -1))
            if not len(self._dead):
                continue
            gone = (out >= 0) & ~self.living(out)
            while gone.any():  # retired turns are stepped over
                out = self._then(np.where(gone, column[out], out))
                gone = (out >= 0) & ~self.living(out)
        return out

    def _then(self, rows: Rows) -> Rows:
        """These rows, each that came after this view as the version of it that stood then, or -1."""
        late = rows >= self._size
        while late.any():
            rows = np.where(late, self._columns["former"][rows], rows)
            late = rows >= self._size
        return rows

    def dates(self, rows: Rows) -> tuple[NDArray[Any], Floats, Floats]:
        dated = self._columns["dated"]
        first = dated[rows]
        after = np.where(rows + 1 < self._held, dated[np.minimum(rows + 1, self._held - 1)], self._mentions)
        count = after - first
        owner = np.repeat(np.arange(len(rows)), count)
        offset = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
        at = np.repeat(first, count) + offset
        return owner, self._days[at, 0], self._days[at, 1]

    def speaking_of(self, start: float, end: float) -> Rows:
        days = self._days[: self._mentions]
        said = np.flatnonzero((days[:, 0] < end) & (days[:, 1] > start))
        # A mention belongs to the last row that has no more mentions than this before it.
        rows: Rows = distinct(np.searchsorted(self._columns["dated"][: self._held], said, side="right") - 1)
        standing: Rows = rows[self.living(rows)]
        return standing

    def terms(self, rows: Rows) -> list[NDArray[Any]]:
        return self._index.every_form(rows)

    def rarity(self, codes: NDArray[Any]) -> Floats:
        return self._index.rarity(codes, self._size)

    def speakers(self) -> tuple[str, ...]:
        return tuple(self._shelf.speakers)[: self._heard]

    def vector(self, id: str) -> Floats | None:
        return self.vectors(self.rows([id]))[0]

    def vectors(self, rows: Rows) -> list[Floats | None]:
        with self._shelf.lock:
            vectors = self._shelf.vectors
            owner = vectors.owner[: vectors.size]
            first = np.searchsorted(owner, rows)
            have = (rows >= 0) & (first < vectors.size)
            have[have] = owner[first[have]] == rows[have]
            taken = iter(vectors.take(first[have]))
        return [next(taken) if each else None for each in have.tolist()]

    def links(self, id: str, kind: str = "") -> list[Link]:
        links = self._backing.read_links(self.namespace, id, kind, self.commit)
        return [each for each in links if _true(each, self.valid_at)]

    def linked(self, ids: Sequence[str], kinds: Sequence[str] = ()) -> list[Link]:
        links = self._backing.read_linked(self.namespace, ids, kinds, self.commit)
        return [each for each in links if _true(each, self.valid_at)]

    def drawn(self) -> Drawn:
        drawing = self._backing.drawing(self.namespace)
        with drawing.lock:
            return drawing.at(self.commit, self.valid_at)

    def history(self, id: str) -> list[MemCube]:
        history = self._backing.read_history(self.namespace, id, self.commit)
        return [each for each in history if _true(each, self.valid_at)]

    def sieved(self, min_trust: str = "unknown", types: Sequence[str] = (), held: bool = False) -> ShelfView:
        if rank(min_trust) == 0 and not types and not self._shelf.withheld:
            return self
        out = np.flatnonzero(left_out(self._columns["marks"][: self._size], min_trust, types, held))
        other = copy.copy(self)
        other._dead = np.union1d(self._dead, out)
        other._matches, other._besides = {}, {}
        return other

    def quarantined(self) -> Rows:
        rows: Rows = np.flatnonzero(self._columns["marks"][: self._size] & HELD)
        living: Rows = rows[self.living(rows)]
        return living

    def ever(self) -> list[MemCube]:
        out: dict[str, MemCube] = {}
        for start in range(0, self._size, 500):
            rows = np.arange(start, min(start + 500, self._size))
            ended = self._columns["died"][rows] <= self.commit
            cubes = self.cubes(rows)
            alone = len(cubes) < len(rows)  # some were erased since this view was taken
            parts = [self.cubes(rows[at : at + 1]) for at in range(len(rows))] if alone else [[each] for each in cubes]
            for part, over in zip(parts, ended.tolist(), strict=True):
                for cube in part:
                    out[cube.id] = replace(cube, known_to=EVER) if over else cube
        return list(out.values())

    def made_from(self, source: str) -> list[MemCube]:
        return self._backing.read_cubes(self._backing.read_made_from(self.namespace, source))

    def event(self, id: str) -> Event | None:
        return self._backing.read_event(self.namespace, id, self.commit)


def _true(what: MemCube | Link, moment: datetime | None) -> bool:
    """Whether something was true at a moment; without one, always."""
    begun = moment is None or what.valid_from is None or what.valid_from <= moment
    return begun and (moment is None or what.valid_to is None or what.valid_to > moment)


class ShelfNear:
    """A query vector compared with the vectors of a shelf; see `store.Near`."""

    def __init__(self, view: ShelfView, shelf: Shelf, vector: Floats) -> None:
        self._view = view
        self._shelf = shelf
        self._vector = np.ascontiguousarray(vector, np.float32)

    def top(self, limit: int) -> tuple[Rows, Floats]:
        vectors = self._shelf.vectors
        wanted = limit
        while True:
            with self._shelf.lock:
                rows, score = vectors.nearest(self._vector, wanted, self._view.below)
                everything = wanted >= vectors.size
            keep = self._view.living(rows)
            if everything or int(keep.sum()) >= min(limit, len(self._view)):
                return rows[keep][:limit], score[keep][:limit]
            wanted *= 4  # some of the nearest do not stand in this view: look further

    def at(self, rows: Rows) -> Floats:
        out = np.full(len(rows), np.nan, np.float32)
        with self._shelf.lock:
            vectors = self._shelf.vectors
            owner = vectors.owner[: vectors.size]
            first = np.searchsorted(owner, rows, side="left")
            count = np.where(rows >= 0, np.searchsorted(owner, rows, side="right") - first, 0)
            have = np.flatnonzero(count)
            if not len(have):
                return out
            count, first = count[have], first[have]
            starts = np.cumsum(count) - count
            which = np.repeat(first, count) + np.arange(int(count.sum())) - np.repeat(starts, count)
            cosine = vectors.take(which) @ self._vector
        out[have] = np.maximum.reduceat(cosine, starts)
        return out

    def mixed(self, rows: Rows, weights: Floats) -> Floats:
        with self._shelf.lock:
            mix = self._shelf.vectors.blend(rows, weights)
        length = np.sqrt(np.einsum("nd,nd->n", mix, mix))
        out: Floats = np.full(len(rows), np.nan, np.float32)
        np.divide(mix @ self._vector, length, out=out, where=length > 0)
        return out


__all__ = ["FOREVER", "Backing", "ShelfNear", "ShelfView"]
