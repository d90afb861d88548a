"""A space, or one namespace of it, as a file of lines: the journal commit by commit, with what each commit brought.

    space.export("backup.jsonl.gz")

`mnesis.moving` makes a space of it again.
"""

from __future__ import annotations

import gzip
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from mnesis.errors import NotFound
from mnesis.store import Store
from mnesis.store.archive import Header, lines
from mnesis.store.replay import Brought, commits, only
from mnesis.words import Head

SHARED = ("embedder", "dim", "mind", "recipe", "language")  # facts that say nothing of any one namespace
LOCAL = ("schema", "seals", "generation", "kept", "kept_number", "purged")  # facts that are of this file alone
PASSING = ("next_", "tended:")  # begin the names of others
Progress = Callable[[int, int], object]  # commits done so far, commits in all


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote: the head it ends at, how many commits and lines, and bytes of text before compression."""

    head: str
    commits: int
    lines: int
    bytes: int


def export(
    store: Store,
    file: str | Path | IO[str],
    namespace: str | None = None,
    vectors: bool = True,
    progress: Progress | None = None,
) -> Exported:
    """Write a store, or one namespace of it, as lines of JSON; a name that ends in ``.gz`` is compressed."""
    if namespace is not None and namespace not in {each.namespace for each in store.journal()}:
        raise NotFound(f"Nothing was ever remembered in namespace {namespace!r}, so there is nothing to export.")
    head, count, size = Head(), 0, 0
    with _written(file) as out, opened(store, namespace, vectors) as (header, journal):
        for line in lines(header, _counted(journal, header.commits, progress)):
            out.write(line)
            count += 1
            size += len(line)
            last = line
    head = json.loads(last)["end"]
    return Exported(head, header.commits, count, size)


@contextmanager
def opened(store: Store, namespace: str | None, vectors: bool) -> Iterator[tuple[Header, Iterator[Brought]]]:
    """The header and the commits of a store as it stands at this moment, whatever is written meanwhile."""
    with store.ledgers() as (head, make):
        facts = {
            name: said for name, said in make().facts.items() if name not in LOCAL and not name.startswith(PASSING)
        }
        if namespace is None:
            yield Header(facts, head.seq, str(head), vectors), commits(make())
            return
        facts = {name: facts[name] for name in SHARED if name in facts}
        count, journal = only(make, namespace)
        yield Header(facts, count, None, vectors, namespace), journal


def _counted(journal: Iterable[Brought], total: int, progress: Progress | None) -> Iterator[Brought]:
    for done, brought in enumerate(journal, 1):
        yield brought
        if progress is not None and (done % 50 == 0 or done == total):
            progress(done, total)


@contextmanager
def _written(file: str | Path | IO[str]) -> Iterator[IO[str]]:
    """Where to write: a stream, or a file that is there once all of it is written."""
    if not isinstance(file, str | Path):
        yield file
        return
    path = Path(file)
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as raw:
            packed: Any = gzip.GzipFile("", "wb", 6, raw, 0) if path.suffix == ".gz" else raw
            with io.TextIOWrapper(packed, "ascii", newline="\n") as out:
                yield out
                out.flush()
                if packed is not raw:
                    packed.close()
                raw.flush()
                os.fsync(raw.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
