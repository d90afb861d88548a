"""Carrying a space elsewhere: out of the lines that `mnesis.exporting` wrote, or from store to store.

    again = mnesis.restore("backup.jsonl.gz", "agent.mnesis")
    other = mnesis.restore(space, "copy.mnesis")        # without a file between

What is restored is the same space: the same commits under the same hashes, the same head. Nothing is at its place
before all of it was read, laid down and verified: it is made beside it, as ``<path>.part``, and a restore that was
interrupted goes on with what lies there.
"""

from __future__ import annotations

import gzip
import io
import os
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from mnesis import catalog
from mnesis.errors import BadInput, Malformed, MnesisError, NotFound, SpaceError
from mnesis.exporting import Progress, opened
from mnesis.memory import Space
from mnesis.minds import embedder_of
from mnesis.models import Embedder
from mnesis.reembedding import reembed
from mnesis.store.archive import Header, Reading
from mnesis.store.replay import Brought
from mnesis.text.recipes import Recipe
from mnesis.words import Head

BATCH = 200  # commits laid down in one transaction
LINES = 5_000  # or so many lines
OTHER = "was begun with another export; take it away, or restore to another place."


def restore(
    source: str | Path | Space,
    path: str | Path = ":memory:",
    *,
    embedder: str | Embedder | None = None,
    recipe: str | Recipe | None = None,
    progress: Progress | None = None,
    **options: Any,
) -> Space:
    """Make a space of an export, of the file of another space or of an open one, and open it.

    It is the same space: same commits, same hashes. Where the vectors were left out, or another `embedder` is asked
    for, every memory is embedded anew. `options` go to `mnesis.memory.Space`. An altered or torn line raises
    `Malformed` with its number, and nothing is left of it; what was interrupted goes on where it stood.
    """
    with _source(source) as (header, journal):
        facts = dict(header.facts)
        wanted = embedder if embedder is not None else facts.get("mind") or facts.get("embedder", "none")
        made = _made(wanted, facts)
        anew = not header.vectors or made.name != facts.get("embedder")
        chosen = recipe if recipe is not None else facts.get("recipe", "default")
        space = _Target(path, facts.get("language", "english"), made, chosen, options)
        try:
            space.fill(header, journal, anew, progress)
            if anew:
                space.embed(wanted, progress)
            return space.finish()
        except (Malformed, Altered):
            space.drop()
            raise
        except BaseException:
            space.close()
            raise


class Altered(SpaceError):
    """What was restored is not what its journal says."""


def _made(wanted: str | Embedder, facts: dict[str, str]) -> Embedder:
    try:
        return embedder_of(wanted)
    except MnesisError as err:
        raise BadInput(
            f"The vectors of this space were made with {facts.get('embedder')!r}, which cannot be made here ({err}) "
            "Give it as embedder, or give another one to have every memory embedded anew."
        ) from err


class _Target:
    """The space being filled: in memory, or in a file beside its place."""

    def __init__(
        self, path: str | Path, language: str, embedder: Embedder, recipe: str | Recipe, options: dict[str, Any]
    ) -> None:
        self._path = None if str(path) == ":memory:" else Path(path)
        self._embedder, self._options = embedder, {"recipe": recipe, "language": language, **options}
        if self._path is None:
            self.space = Space(embedder=embedder, **self._options)
            self.store = self.space._store
            return
        if self._path.exists():
            raise SpaceError(f"{self._path} is there already; a space is restored to a place where there is none.")
        self._part = self._path.with_name(self._path.name + ".part")
        from mnesis.store.sqlite import SqliteStore

        self.store = SqliteStore(self._part, language)

    def fill(self, header: Header, journal: Iterator[Brought], bare: bool, progress: Progress | None) -> None:
        """Lay down what is not there yet; what is there must be the beginning of it."""
        have, last = self.store.head(), Head()
        batch: list[Brought] = []
        held = 0
        for brought in journal:
            seq = brought.entry.seq
            last = Head(seq, brought.entry.hash.hex())
            if seq == have.seq and last != have:
                raise SpaceError(f"{self._part} {OTHER}")
            if seq > have.seq:
                batch.append(_bared(brought) if bare else brought)
                held += len(brought.cubes)
            if batch and (len(batch) >= BATCH or held >= LINES):
                self.store.lay(batch)
                batch, held = [], 0
            if progress is not None and (seq % BATCH == 0 or seq == header.commits):
                progress(seq, header.commits)
        if batch:
            self.store.lay(batch)
        if self.store.head() != last:
            raise SpaceError(f"{self._part} {OTHER}")
        said = dict(header.facts) | ({"embedder": "none", "dim": "0", "mind": "none"} if bare else {})
        if not (bare and self.store.generations().under_way()) and "generation" not in self.store.facts():
            self.store.record(**said)
        wrong = self.store.verify()
        if wrong:
            raise Altered(f"What was restored is not what its journal says, so nothing was kept: {wrong[0]}")

    def embed(self, wanted: str | Embedder, progress: Progress | None) -> None:
        """Make the vectors that did not come along."""
        recipe = self._options["recipe"]
        made: Recipe = catalog.make(catalog.find(recipe, "text.recipes")) if isinstance(recipe, str) else recipe
        mind = wanted if isinstance(wanted, str) else ""
        reembed(self.store, made, self._embedder, mind, progress=progress)

    def finish(self) -> Space:
        """Put it in its place and open it."""
        if self._path is None:
            return self.space
        self.store.close()
        os.replace(self._part, self._path)
        return Space(self._path, embedder=self._embedder, **self._options)

    def close(self) -> None:
        """Let go of it, as far as it is."""
        self.store.close()

    def drop(self) -> None:
        """Take away what was made."""
        self.store.close()
        if self._path is not None:
            for end in ("", "-wal", "-shm"):
                Path(f"{self._part}{end}").unlink(missing_ok=True)
            shutil.rmtree(f"{self._part}-index", ignore_errors=True)


def _bared(brought: Brought) -> Brought:
    """A commit without the vectors it brought."""
    brought.cubes = [
        each._replace(vectors=(), resealed=None if each.cube.vectors is None else b"") for each in brought.cubes
    ]
    return brought


@contextmanager
def _source(source: str | Path | Space) -> Iterator[tuple[Header, Iterator[Brought]]]:
    if not isinstance(source, str | Path):
        with opened(source._store, None, True) as found:
            yield found
        return
    path = Path(source)
    if not path.is_file():
        raise NotFound(f"There is no export and no space at {path}.")
    with path.open("rb") as raw:
        is_space = raw.read(16) == b"SQLite format 3\0"
    if is_space:
        from mnesis.store.sqlite import SqliteStore

        store = SqliteStore(path)
        try:
            with opened(store, None, True) as found:
                yield found
        finally:
            store.close()
        return
    with _read(path) as lines_of:
        reading = Reading(lines_of, path.name)
        yield reading.header, reading.commits()


@contextmanager
def _read(path: Path) -> Iterator[IO[str]]:
    with path.open("rb") as raw:
        packed: Any = gzip.GzipFile(fileobj=raw) if raw.peek(2)[:2] == b"\x1f\x8b" else raw
        with io.TextIOWrapper(packed, "ascii", newline="\n") as text:
            yield text


def is_export(path: str | Path) -> bool:
    """Whether a file is an export or a space, by its beginning."""
    path = Path(path)
    if not path.is_file():
        return False
    try:
        with path.open("rb") as raw:
            head = raw.peek(16)[:16]
            packed: Any = gzip.GzipFile(fileobj=raw) if head[:2] == b"\x1f\x8b" else raw
            return head == b"SQLite format 3\0" or packed.read(18) == b'{"mnesis":"export"'
    except (OSError, EOFError, zlib.error):
        return False


__all__ = ["Altered", "is_export", "restore"]
