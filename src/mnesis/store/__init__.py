"""Where memories rest: stores that commit changes, and the views that read them.

A Store has few verbs; questions are parts (see `text.find`). A View is the read half at one commit and over one
namespace, so a mechanism that is given a View can neither write nor look over the wall. Rows are a view's own
numbering of its cube versions (dense, in the order they were committed): arrays of rows go in, arrays come out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from mnesis.store.drawn import Drawn
from mnesis.store.generations import Generations
from mnesis.store.ledger import Ledger
from mnesis.store.replay import Brought
from mnesis.words import Change, Commit, Event, Floats, Head, Link, MemCube, Rows


class Match(Protocol):
    """One bag of query terms matched against every row (BM25)."""

    attainable: float  # the score of a row that holds every query term as often as one likes
    idf: Floats  # [T] of each query term; largest for terms nobody wrote

    def top(self, limit: int) -> tuple[Rows, Floats]:
        """The best rows and their BM25 scores, best first."""

    def at(self, rows: Rows) -> Floats:
        """BM25 scores of these rows; 0 for row -1."""

    def bits(self, rows: Rows) -> NDArray[Any]:
        """uint64 [N]: bit t is set where the row holds query term t (of the first 64); 0 for row -1."""

    def saturation(self, rows: Rows) -> Floats:
        """[N, T] in 0..1: how fully each row speaks of each query term; 0 for row -1."""


class Near(Protocol):
    """One query vector compared with every row (cosine; the best of a row's vectors counts)."""

    def top(self, limit: int) -> tuple[Rows, Floats]:
        """The nearest rows and their cosines, nearest first."""

    def at(self, rows: Rows) -> Floats:
        """Cosines of these rows, exact; NaN where a row has no vector and for row -1."""

    def mixed(self, rows: Rows, weights: Floats) -> Floats:
        """Cosines [N] of weighted sums of vectors: rows [N, J] and their weights [N, J]; each row counts with its
        first vector, a row -1 or one without a vector with none; NaN where nothing is left."""


class View(Protocol):
    """The read half of a store: one namespace, at one commit, true at one moment."""

    namespace: str
    commit: int
    model: str  # what its vectors were made with (see `generations.model_of`)
    valid_at: datetime | None  # the moment it is true at; None while nothing is left out for its time

    def __len__(self) -> int:
        """How many cubes are alive."""

    def alive(self) -> Rows:
        """The rows of all living cubes, oldest first."""

    def cubes(self, rows: Rows) -> list[MemCube]:
        """The cubes of these rows, in this order."""

    def get(self, id: str) -> MemCube | None:
        """The cube that stands under this id, or None."""

    def rows(self, ids: Sequence[str]) -> Rows:
        """The rows of these ids; -1 where there is none alive."""

    def words(self, terms: Sequence[str]) -> Match:
        """Match analysed terms (see `store.terms`) against the word index."""

    def frequency(self, codes: NDArray[Any]) -> Rows:
        """How many rows, living or not, hold each of these term codes (see `terms`)."""

    def holding(self, codes: NDArray[Any]) -> list[Rows]:
        """The living rows that hold each of these term codes, oldest first."""

    def near(self, vector: Floats) -> Near:
        """Compare a query vector [D] with the stored vectors."""

    def during(self, start: float, end: float, limit: int) -> Rows:
        """Rows whose event time lies in [start, end) (seconds since 1970, UTC), newest first."""

    def column(self, name: str, rows: Rows) -> NDArray[Any]:
        """One column of these rows: `at` (seconds, NaN unknown), `length` (terms), `session`, `speaker`, `role`
        (int64 codes, see `code`; 0 where empty), `novel` (share of terms not met lately, in 0..1), `asks`,
        `timed` and `detailed` (signs of the text, in 0..1, see `store.signs`), `opening` (uint64, see there),
        `importance`, `strength`, `until` (seconds, inf while it holds), `type` (its place in `words.MEMORY_TYPES`),
        `told_at` (when its first version was committed), `uses` (how often it was used) and `used_at` (seconds, NaN if
        it never was)."""

    def uses(self, rows: Rows) -> tuple[NDArray[Any], NDArray[np.float64]]:
        """Every noted use of these rows' cubes, whatever their version then: (owner index into `rows`, seconds); the
        uses of one row stand in order."""

    def state(self, id: str) -> MemCube | None:
        """The cube that stands under this id even where it is no text: what a mechanism keeps for itself."""

    since: int  # the commit up to which whoever reads this view has seen everything; 0 at first

    def resumed(self, since: int, key: int = 0, most: int | None = None) -> View:
        """The same view for somebody who has seen everything up to the commit `since`, and of what came later the
        versions up to `key`; `changed` then gives at most `most` new rows."""

    def changed(self) -> Rows:
        """The living rows that are new since then (told, revised, moved, restored) or were touched, oldest first."""

    def retired(self) -> Rows:
        """The rows that stood and do not stand any more since then, with no later version in their place."""

    def reached(self) -> tuple[int, int]:
        """How far one has seen after `changed`, as `resumed` takes it: (commit, key)."""

    def code(self, text: str) -> int:
        """The code a session, speaker or role has in its column."""

    def known(self, column: str, text: str) -> bool:
        """Whether any row has this speaker or role."""

    def beside(self, rows: Rows, step: int) -> Rows:
        """The row `step` turns later (earlier when negative) in the same session; -1 where there is none."""

    def dates(self, rows: Rows) -> tuple[NDArray[Any], Floats, Floats]:
        """Date mentions of these rows: (owner index into `rows`, first day, last day), days since 1970."""

    def speaking_of(self, start: float, end: float) -> Rows:
        """The rows that mention one of the days [start, end), oldest first."""

    def terms(self, rows: Rows) -> list[NDArray[Any]]:
        """The sorted distinct term codes (uint64) of each row."""

    def rarity(self, codes: NDArray[Any]) -> Floats:
        """The idf of each of these term codes."""

    def speakers(self) -> tuple[str, ...]:
        """Names of everybody who spoke in this namespace."""

    def vector(self, id: str) -> Floats | None:
        """The first stored vector [D] of a cube, or None."""

    def vectors(self, rows: Rows) -> list[Floats | None]:
        """The first stored vector [D] of each row, None where there is none."""

    def links(self, id: str, kind: str = "") -> list[Link]:
        """Links that touch this cube or entity, of one kind or of all; with a moment only those true at it."""

    def linked(self, ids: Sequence[str], kinds: Sequence[str] = ()) -> list[Link]:
        """Links that touch any of these cubes or entities, each once, in the order they were drawn; of these kinds or
        of all."""

    def drawn(self) -> Drawn:
        """Every link of this view as columns: read from the store when it is first asked for, then kept up to date."""

    def history(self, id: str) -> list[MemCube]:
        """Every version of a cube, oldest first, with known_from and known_to filled in; with a moment only those true
        at it."""

    def event(self, id: str) -> Event | None:
        """The event under this id, word for word, or None where we were not told it yet."""

    def sieved(self, min_trust: str = "unknown", types: Sequence[str] = (), held: bool = False) -> View:
        """The same view without what is no text, trusted less, of another type, or (unless `held`) in quarantine."""

    def quarantined(self) -> Rows:
        """The rows of the living cubes that are in quarantine."""

    def ever(self) -> list[MemCube]:
        """The last version of every cube that stands or stood, oldest first; `known_to` tells those that do not."""

    def made_from(self, source: str) -> list[MemCube]:
        """Every version of every other cube that names this cube or event as what it was made from."""


class Kept(NamedTuple):
    """What was committed under a key: the commit, the digest of what was told, and the cubes it brought, as they were
    then (without those erased since)."""

    commit: int
    said: str
    cubes: list[MemCube]


class Store(Protocol):
    """Commits changes and gives views; the only thing that writes."""

    def commit(self, changes: Sequence[Change], *, author: str, reason: str, at: datetime, namespace: str) -> Commit:
        """Apply all changes or none, in one transaction, and return the journal entry.

        Commits are never dated before the one in front of them: while a clock stands behind, they get its time.
        """

    def together(
        self,
        plan: Callable[[], Iterable[tuple[str, Sequence[Change]]]],
        *,
        author: str,
        reason: str,
        at: datetime,
    ) -> list[Commit]:
        """Several commits in one transaction, visible together: `plan` gives the changes of each namespace. It is
        called while nobody else can write, so what it reads is what they are applied to."""

    def kept(self, namespace: str, key: str) -> Kept | None:
        """What was committed under a key (see `words.Once`), or None."""

    def view(self, namespace: str, as_of: int | datetime | None = None, valid_at: datetime | None = None) -> View:
        """What stands now, or what we knew at a commit or moment, or what was true at a moment."""

    def glance(self, namespace: str) -> View:
        """What stands now, for whoever may ask for little: nothing is brought up to date before it is needed."""

    def journal(self, since: int = 0) -> Iterator[Commit]:
        """The commits after `since`, oldest first."""

    def head(self) -> Head:
        """The newest commit and its hash."""

    def namespaces(self) -> dict[str, int]:
        """Every namespace and how many living cubes it holds."""

    def read_trusts(self, namespace: str, ids: Iterable[str]) -> dict[str, str]:
        """How far these cubes (their last version) and events are trusted; those that are not there are left out."""

    def inhabited(self) -> list[str]:
        """Every namespace that holds or held a cube which was not erased, in order of their names."""

    def namespaces_of(self, id: str) -> list[str]:
        """The namespaces a cube of this id is or was in."""

    def events_known(self, namespace: str, ids: Sequence[str]) -> set[str]:
        """Which of these event ids were taken in before."""

    def tombs(self, wanted: Sequence[bytes]) -> set[bytes]:
        """Which of these tombs (see `store.redact`) stand for something erased."""

    def purge(self) -> bool:
        """Empty the files of what was erased; False while somebody still reads the pages as they were."""

    def embeddings(self, digests: Sequence[int]) -> dict[int, bytes]:
        """Vectors (half precision) that were made before, by digest of model and text."""

    def reply(self, namespace: str, key: bytes) -> str | None:
        """What a language model said to this question (a digest of it) about this namespace before, or None."""

    def keep_replies(self, namespace: str, replies: Mapping[bytes, str], since: int) -> None:
        """Keep such replies, unless something was erased after commit `since`, by when the questions were made: an
        erasure in a namespace takes its replies along."""

    def facts(self) -> dict[str, str]:
        """What the space records of itself: schema, embedder, recipe, language …"""

    def record(self, **facts: str) -> None:
        """Write such facts down."""

    def claim(self, **facts: str) -> dict[str, str]:
        """Write down those facts that nobody has written yet; returns all that stand."""

    def generations(self) -> Generations:
        """The vectors in use and those of the next model, see `store.generations`."""

    def ledgers(self) -> AbstractContextManager[tuple[Head, Callable[[], Ledger]]]:
        """The head and what makes a ledger, as often as wanted, of the store as it stands at this moment."""

    def lay(self, journal: Sequence[Brought]) -> None:
        """Take in commits of another store that come next here, as they were kept there, in one transaction."""

    def verify(self) -> list[str]:
        """Everything that is wrong, as sentences; empty when all is well."""

    def close(self) -> None:
        """Let go of files and threads."""
