"""A shelf: the columns and indexes of one namespace, derived from the store and rebuilt from it at any time.

Everything a recall reads before the last few hits stands here as arrays with one entry a row. A shelf never holds the
truth: it carries the last key it has seen, reads what came after from the store, and may be thrown away. What it
saves beside the space (`save`, `load`) is only there to open quickly.
"""

from __future__ import annotations

import copy
import hashlib
import json
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from mnesis.store.marks import HELD, SHUT
from mnesis.store.signs import asking, calling, detailed, opening, timed
from mnesis.store.terms import Analyser, code
from mnesis.store.vectorindex import VectorIndex
from mnesis.store.wordindex import Segment, WordIndex
from mnesis.words import Floats, Rows

FORMAT = 6
LATELY = 200
PAGE, PAGES = 4_096, 64  # read of every saved file before it is trusted
FOREVER = np.iinfo(np.int64).max
COLUMNS: dict[str, Any] = {
    "key": np.int64,  # the store's number of this cube version
    "born": np.int64,  # commit that brought it
    "died": np.int64,  # commit that ended it, FOREVER while it stands
    "at": np.float64,  # start of validity, seconds since 1970, NaN unknown
    "until": np.float64,  # end of validity, inf while it holds
    "session": np.int64,  # codes of texts, 0 where empty
    "speaker": np.int64,
    "role": np.int64,
    "length": np.int32,  # terms
    "novel": np.float32,  # n / (n + 2) for n terms not met in the `LATELY` rows before
    "asks": np.float32,  # signs of the text, see `store.signs`
    "timed": np.float32,
    "detailed": np.float32,
    "opening": np.uint64,
    "importance": np.float32,
    "strength": np.float32,
    "told_at": np.float64,  # when the commit that brought it was made, seconds since 1970
    "uses": np.int64,  # of this version, see `words.Touch`
    "used_at": np.float64,  # the last of them, seconds since 1970, NaN without any
    "marks": np.int16,  # trust, type and quarantine, see `store.marks`
    "before": np.int64,  # neighbours in the session, -1 where there is none
    "behind": np.int64,
    "former": np.int64,  # the version before this one, -1 for the first
    "dated": np.int64,  # how many date mentions stand before this row's own in `days`
}
LATER = ("died", "uses", "used_at")  # columns read from the store whenever a shelf is taken up
Weight = tuple[int, float, float]  # the key of a version, its importance and its strength


class Entry(NamedTuple):
    """What a shelf needs to know of one cube version; `replaces` is the key of the version before it, or 0.

    `text` is what it can be found by: the cube's text and what an image with it shows.
    """

    key: int
    born: int
    died: int | None
    text: str
    at: float | None
    until: float | None
    speaker: str
    role: str
    session: str
    dates: Sequence[Sequence[float]]
    replaces: int
    importance: float = 0.0
    marks: int = 0
    strength: float = 1.0
    told_at: float = 0.0


def findable(text: str, meta: Mapping[str, Any]) -> str:
    """What a cube can be found by: its text, what an image with it shows, and further texts under ``found_by``."""
    caption, more = meta.get("image_caption"), meta.get("found_by")
    text = f"{text} {caption}" if caption else text
    return "\n".join([text, *map(str, more)]) if isinstance(more, list) else text


def fingerprint(path: Path) -> str:
    """The size of a file and a digest of pages spread over it: what was cut or overwritten shows."""
    size = path.stat().st_size
    found = hashlib.blake2b(str(size).encode(), digest_size=16)
    with path.open("rb") as file:
        for at in (*range(0, size, max(PAGE, size // PAGES)), max(0, size - PAGE)):
            file.seek(at)
            found.update(file.read(PAGE))
    return found.hexdigest()


class Shelf:
    """Columns, words and vectors of one namespace."""

    def __init__(self, namespace: str, dim: int, analyser: Analyser, model: str = "") -> None:
        self.namespace = namespace
        self.model = model  # what its vectors were made with, see `generations.model_of`
        self.lock = threading.RLock()
        self.size = 0
        self.columns: dict[str, NDArray[Any]] = {name: np.zeros(256, kind) for name, kind in COLUMNS.items()}
        self.days = np.zeros((64, 2), np.float64)
        self.mentions = 0
        self.words = WordIndex()
        self.vectors = VectorIndex(dim)
        self.speakers: dict[str, int] = {}  # name -> the first row they speak in, ascending
        self.heard: dict[str, None] = {}  # who spoke in versions up to the key `heard_to`, taken in or not
        self.heard_to = 0
        self.roles: dict[int, int] = {}  # code -> its first row
        self._called: set[str] = set()  # what the speakers are called
        self._met: dict[int, int] = {}  # term code -> the last row that held it
        self.commit = 0  # deaths up to this commit are known
        self.whole = 0  # nothing it holds was erased up to this commit
        self.deaths = 0
        self.withheld = 0  # rows that are, or were, in quarantine or no text
        self.weighed = 0  # the last commit that may have touched what stands here
        self.saved = 0
        self._last: dict[int, int] = {}  # session code -> its last row
        self._codes: dict[str, int] = {"": 0}
        self._analyser = analyser

    # ------------------------------------------------------------------------------------------------- growing

    @property
    def last_key(self) -> int:
        return int(self.columns["key"][self.size - 1]) if self.size else 0

    def add(self, entries: Sequence[Entry], keys: Rows, vectors: Floats) -> None:
        """Take in the next cube versions; `vectors` [V, dim] belong to the versions `keys` [V]."""
        if not entries:
            return
        n, low = len(entries), self.size
        self._grow(low + n)
        column = self.columns
        codes = [self._analyser.codes(each.text) for each in entries]
        for name in ("key", "born"):
            column[name][low : low + n] = [getattr(each, name) for each in entries]
        column["died"][low : low + n] = [FOREVER if each.died is None else each.died for each in entries]
        column["at"][low : low + n] = [np.nan if each.at is None else each.at for each in entries]
        column["until"][low : low + n] = [np.inf if each.until is None else each.until for each in entries]
        for name in ("session", "speaker", "role"):
            column[name][low : low + n] = [self.code(getattr(each, name)) for each in entries]
        column["importance"][low : low + n] = [each.importance for each in entries]
        column["strength"][low : low + n] = [each.strength for each in entries]
        column["told_at"][low : low + n] = [each.told_at for each in entries]
        column["uses"][low : low + n], column["used_at"][low : low + n] = 0, np.nan
        column["marks"][low : low + n] = [each.marks for each in entries]
        self.withheld += sum(each.marks & (HELD | SHUT) > 0 for each in entries)
        column["length"][low : low + n] = [len(each) for each in codes]
        column["opening"][low : low + n] = np.fromiter(map(opening, codes), np.uint64, n)
        self.deaths += sum(each.died is not None for each in entries)
        for role, first in zip(*np.unique(column["role"][low : low + n], return_index=True), strict=True):
            self.roles.setdefault(int(role), low + int(first))
        for row, entry in enumerate(entries, low):
            self._seat(row, entry)
            if entry.speaker and entry.speaker not in self.speakers:
                self.speakers[entry.speaker] = row
                self._called |= calling(entry.speaker)
            column["dated"][row] = self.mentions
            column["novel"][row] = self._novelty(row, codes[row - low])
            column["asks"][row] = asking(entry.text)
            column["timed"][row] = timed(entry.text)
            column["detailed"][row] = detailed(entry.text, self._called)
            if entry.dates:
                self._date(entry.dates)
        self.words.add(codes)
        if len(keys):
            self.vectors.add(np.searchsorted(column["key"][: low + n], keys), vectors)
        self.size = low + n

    def end(self, deaths: Iterable[tuple[int, int]]) -> None:
        """Note that versions (by key) ended at a commit."""
        for key, commit in deaths:
            row = int(np.searchsorted(self.columns["key"][: self.size], key))
            if row < self.size and self.columns["key"][row] == key and self.columns["died"][row] == FOREVER:
                self.columns["died"][row] = commit
                self.deaths += 1

    def weigh(self, touches: Sequence[Weight], uses: Sequence[tuple[int, float]], commit: int) -> None:
        """Note how important and strong versions (by key) have become up to a commit, and when they were used."""
        if touches:
            self.columns.update(self.weighted(self.columns, touches))  # views keep the old ones
            self.weighed = commit
        if uses:
            self.columns.update(self.counted(self.columns, uses))

    def weighted(self, columns: Mapping[str, NDArray[Any]], touches: Iterable[Weight]) -> dict[str, NDArray[Any]]:
        """Copies of the columns of importance and strength in which these versions (by key) have others."""
        importance, strength = columns["importance"].copy(), columns["strength"].copy()
        for key, *held in touches:
            if (row := self._row_of(key)) >= 0:
                importance[row], strength[row] = held
        return {"importance": importance, "strength": strength}

    def counted(
        self, columns: Mapping[str, NDArray[Any]], uses: Iterable[tuple[int, float]], anew: bool = False
    ) -> dict[str, NDArray[Any]]:
        """Copies of the columns of uses to which these (key of a version, moment) are added."""
        times, last = columns["uses"].copy(), columns["used_at"].copy()
        if anew:
            times[:], last[:] = 0, np.nan
        for key, at in uses:
            if (row := self._row_of(key)) >= 0:
                times[row], last[row] = times[row] + 1, np.fmax(last[row], at)
        return {"uses": times, "used_at": last}

    def _row_of(self, key: int) -> int:
        row = int(np.searchsorted(self.columns["key"][: self.size], key))
        return row if row < self.size and self.columns["key"][row] == key else -1

    def revectored(self, dim: int, model: str) -> Shelf:
        """The same rows without their vectors, for those of another model; views of this one keep theirs."""
        fresh = copy.copy(self)
        fresh.lock = threading.RLock()
        fresh.columns = dict(self.columns)
        fresh.vectors = VectorIndex(dim)
        fresh.model, fresh.saved = model, 0
        return fresh

    def _novelty(self, row: int, codes: Sequence[int]) -> float:
        met, since = self._met, row - LATELY
        new = sum(1 for each in set(codes) if met.get(each, -LATELY - 1) < since)
        met.update(dict.fromkeys(codes, row))
        return new / (new + 2)

    def code(self, text: str) -> int:
        """The code of a session, speaker or role; 0 for the empty one."""
        known = self._codes.get(text)
        if known is None:
            known = self._codes[text] = code(text)
        return known

    def _grow(self, size: int) -> None:
        have = len(self.columns["key"])
        if size <= have:
            return
        for name, array in self.columns.items():
            grown = np.zeros(max(size, 2 * have), array.dtype)
            grown[: self.size] = array[: self.size]
            self.columns[name] = grown

    def _seat(self, row: int, entry: Entry) -> None:
        before, behind, former = (self.columns[name] for name in ("before", "behind", "former"))
        before[row] = behind[row] = former[row] = -1
        session = int(self.columns["session"][row])
        if entry.replaces:
            old = int(np.searchsorted(self.columns["key"][:row], entry.replaces))
            if old < row and self.columns["key"][old] == entry.replaces:
                before[row], behind[row], former[row] = before[old], behind[old], old
                if before[row] >= 0:
                    behind[before[row]] = row
                if behind[row] >= 0:
                    before[behind[row]] = row
                if self._last.get(session) == old:
                    self._last[session] = row
                return
        if session:
            last = self._last.get(session, -1)
            before[row] = last
            if last >= 0:
                behind[last] = row
            self._last[session] = row

    def _date(self, dates: Sequence[Sequence[float]]) -> None:
        if self.mentions + len(dates) > len(self.days):
            grown = np.zeros((max(self.mentions + len(dates), 2 * len(self.days)), 2), np.float64)
            grown[: self.mentions] = self.days[: self.mentions]
            self.days = grown
        for each in dates:
            self.days[self.mentions] = each[0], each[1]
            self.mentions += 1

    # -------------------------------------------------------------------------------------------------- saving

    def save(self, folder: Path, mark: str) -> None:
        """Write what is derived beside the space, so that opening it again is quick; `mark` is the hash of the commit
        it reflects."""
        folder.mkdir(parents=True, exist_ok=True)
        listing = []
        for each in self.words.segments:
            name = f"words-{each.low}-{each.high}.seg"
            if not (folder / name).exists():
                each.save(folder / name)
            listing.append(name)
        parts = self.vectors.save(folder)
        name = f"columns-{self.size}.npz"
        kept: dict[str, Any] = {key: array[: self.size] for key, array in self.columns.items() if key not in LATER}
        kept["days"] = self.days[: self.mentions]
        kept["owner"] = self.vectors.owner[: self.vectors.size]
        np.savez(folder / name, **kept)
        files = [name, *listing, *parts]
        index = {
            "format": FORMAT,
            "namespace": self.namespace,
            "model": self.model,
            "language": self._analyser.language,
            "dim": self.vectors.dim,
            "size": self.size,
            "last_key": self.last_key,
            "commit": self.commit,
            "mark": mark,
            "columns": name,
            "words": listing,
            "vectors": parts,
            "speakers": list(self.speakers),
            "prints": {each: fingerprint(folder / each) for each in files},
        }
        fresh = folder / "index.json.new"
        fresh.write_text(json.dumps(index), encoding="utf-8")
        fresh.replace(folder / "index.json")
        self.saved = self.size
        for path in folder.iterdir():
            if path.name not in ("index.json", *files):
                path.unlink(missing_ok=True)

    def load(self, folder: Path, mark_of: Callable[[int], str]) -> bool:
        """Take up what `save` wrote, if it fits this space; False when there is nothing that can be used.

        `mark_of` gives the hash of a commit of the space: what reflects a commit that the space does not have comes
        from another one, or from a later day of this one.
        """
        try:
            index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
            wanted = (FORMAT, self.namespace, self.model, self._analyser.language, self.vectors.dim)
            if tuple(index.get(key) for key in ("format", "namespace", "model", "language", "dim")) != wanted:
                return False
            if index["mark"] != mark_of(index["commit"]):
                return False
            if any(fingerprint(folder / name) != kept for name, kept in index["prints"].items()):
                return False
            segments = [Segment.load(folder / name) for name in index["words"]]
            vectors = VectorIndex(self.vectors.dim)
            with np.load(folder / index["columns"], allow_pickle=False) as held:
                size = index["size"]
                columns = {name: held[name] for name in COLUMNS if name not in LATER}
                days, owner = held["days"], held["owner"]
            vectors.load(folder, index["vectors"], owner)
            if (segments[-1].high if segments else 0) != size or any(len(each) != size for each in columns.values()):
                return False
        except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, BadZipFile):
            return False  # derived: whatever is wrong with it, it is built anew from the space
        usual = {"died": np.full(size, FOREVER), "uses": np.zeros(size), "used_at": np.full(size, np.nan)}
        self.columns = {**columns, **usual}
        self.columns = {name: self.columns[name].astype(kind) for name, kind in COLUMNS.items()}
        self.size, self.saved, self.commit, self.deaths = size, size, 0, 0
        self.whole = index["commit"]
        self.withheld = int(np.count_nonzero(columns["marks"] & (HELD | SHUT)))
        self.words, self.vectors = WordIndex(segments), vectors
        self.days, self.mentions = days, len(days)
        first = _firsts(self.columns["speaker"])
        self.speakers = {name: first[self.code(name)] for name in index["speakers"]}
        self.roles = _firsts(self.columns["role"])
        self._called = {each for name in self.speakers for each in calling(name)}
        session = self.columns["session"]
        ends = np.flatnonzero((self.columns["behind"] < 0) & (session != 0))
        self._last = dict(zip(session[ends].tolist(), ends.tolist(), strict=True))
        for row in range(max(0, size - LATELY), size):
            self._met.update(dict.fromkeys(self.words.forms(row).tolist(), row))
        return True


def _firsts(column: NDArray[Any]) -> dict[int, int]:
    """The first row of every code in a column."""
    codes, rows = np.unique(column, return_index=True)
    return dict(zip(codes.tolist(), rows.tolist(), strict=True))
