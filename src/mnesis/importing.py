"""Importing: a file of any known format into a space, batch by batch, through the front door's own verbs.

    report = import_file(space, "conversations.json", namespace="ana")

An import can be repeated and goes on where it was cut off: every event names its source, and the space knows the
ones it has taken in. Each batch is one commit, so whatever ends an import leaves whole batches behind it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from mnesis import catalog
from mnesis.errors import BadInput, Malformed, Rejected, UnknownName
from mnesis.text.read import Read, Record
from mnesis.text.read._detect import detect
from mnesis.text.read._files import is_folder, text_files
from mnesis.words import DEFAULT_NAMESPACE, Event, MemCube, replace

SHOWN = 100  # faults a report holds; it counts them all
OnError = Literal["skip", "stop"]
Progress = Callable[[int, int], object]  # bytes read so far, bytes in all


class Remembers(Protocol):
    """What an import needs of a space."""

    def remember(self, what: Sequence[Event], *, namespace: str) -> list[MemCube]: ...
    def erased_before(self, events: Sequence[Event], *, namespace: str) -> list[Event]: ...


@dataclass(frozen=True, slots=True)
class Fault:
    """A record that did not become an event: where it stands and what is wrong with it."""

    where: str
    problem: str


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did: `events` read, of which `known` had been taken in before; `added` cubes; `faulty` records
    in all, of which the first hundred are in `faults`; `erased` events were erased once and were left out."""

    format: str
    events: int
    added: int
    known: int
    faults: tuple[Fault, ...]
    faulty: int
    seconds: float
    erased: int = 0


def import_file(
    space: Remembers,
    path: str | Path,
    format: str = "auto",
    namespace: str | None = None,
    on_error: OnError = "skip",
    batch: int = 1000,
    progress: Progress | None = None,
    **options: Any,
) -> Report:
    """Read a file (or folder of texts) into a space, `batch` events to a commit, and report on it.

    `format` is a reader of the catalog (``text.read``) or ``auto``; `options` go to that reader, for example the
    columns of a table. Without a `namespace` each event goes where its file puts it (a conversation of LoCoMo, a
    namespace column), else to the default one; with one, all go there, and what the file kept apart stays apart by
    the name in front of session and source. A faulty record is skipped and reported, or with ``on_error="stop"``
    ends the import with `Malformed`; the batches before it stay.
    """
    if on_error not in ("skip", "stop"):
        raise UnknownName("way to treat a faulty record", str(on_error), ("skip", "stop"))
    if isinstance(batch, bool) or not isinstance(batch, int) or batch < 1:
        raise BadInput(f"batch={batch!r} makes no sense; it must be a whole number of at least 1.")
    started = time.perf_counter()
    path = Path(path)
    name, read = _reader(path, format, options)
    run = _Run(space, namespace, on_error == "stop")
    waiting: list[Record] = []
    for record in _records(read, path, progress, run):
        if record.event is None:
            run.fault(record.where, record.problem)
            continue
        waiting.append(record)
        if len(waiting) >= batch:
            run.store(waiting)
            waiting = []
    run.store(waiting)
    seconds = time.perf_counter() - started
    return Report(name, run.events, run.added, run.known, tuple(run.faults), run.faulty, seconds, run.erased)


def _reader(path: Path, format: str, options: dict[str, Any]) -> tuple[str, Read]:
    known = [each.rsplit(".", 1)[-1] for each in catalog.names("text.read")]
    if format != "auto" and format not in known and "." not in format and ":" not in format:
        raise UnknownName("format", format, ("auto", *known))
    address = catalog.find(detect(path) if format == "auto" else format, "text.read")
    read: Read = catalog.make(address, **options)
    return address.rsplit(".", 1)[-1], read


def _records(read: Read, path: Path, progress: Progress | None, run: _Run) -> Iterator[Record]:
    """The records of a file; damage that ends the reading comes as a last faulty record."""
    total = _size(path)
    done = 0

    def seen(count: int) -> None:
        nonlocal done
        done += count
        if progress is not None:
            progress(done, total)

    try:
        yield from read(path, seen)
    except Malformed as err:
        run.fault(err.where, err.problem)


def _size(path: Path) -> int:
    return sum(each.stat().st_size for each in (text_files(path, []) if is_folder(path) else (path,)))


@dataclass(slots=True)
class _Run:
    """One import under way: where it writes to, and what it has counted."""

    space: Remembers
    namespace: str | None
    stop: bool
    events: int = 0
    added: int = 0
    known: int = 0
    erased: int = 0
    faulty: int = 0
    faults: list[Fault] = field(default_factory=list)

    def fault(self, where: str, problem: str) -> None:
        """Note a faulty record, or end the import at it."""
        if self.stop:
            kept = f"{self.events} events before it are kept" if self.events else "nothing was kept"
            raise Malformed(where, f"{problem} The import stopped here; {kept}. Mend the record and import again.")
        self.faulty += 1
        if len(self.faults) < SHOWN:
            self.faults.append(Fault(where, problem))

    def store(self, records: Sequence[Record]) -> None:
        """Remember a batch, each namespace of it in one commit."""
        groups: dict[str, list[Record]] = {}
        for record in records:
            groups.setdefault(self.namespace or record.namespace or DEFAULT_NAMESPACE, []).append(record)
        for namespace, group in groups.items():
            self._store(group, namespace)

    def _store(self, records: Sequence[Record], namespace: str) -> None:
        events = [_placed(record, self.namespace) for record in records]
        try:
            cubes = self.space.remember(events, namespace=namespace)
        except Rejected as err:
            self._refused(records, namespace, err)
            return
        self.events += len(events)
        self.added += len(cubes)
        fresh = {source for cube in cubes for source in cube.sources}
        out = len(self.space.erased_before(events, namespace=namespace)) if len(cubes) < len(events) else 0
        self.erased += out
        self.known += sum(event.source not in fresh for event in events) - out

    def _refused(self, records: Sequence[Record], namespace: str, err: Rejected) -> None:
        """A guard refused one event of these: find it by halves, so that the others are kept."""
        if self.stop or len(records) == 1:
            told = [each for each in records if each.event and err.event and each.event.text == err.event.text]
            first, *others = [each.where for each in told or records]
            self.fault(f"{first} to {others[-1]}" if others else first, str(err))
            return
        middle = len(records) // 2
        self._store(records[:middle], namespace)
        self._store(records[middle:], namespace)


def _placed(record: Record, namespace: str | None) -> Event:
    """The event under the one namespace asked for: what the file kept apart is told apart by its name."""
    event = record.event
    if event is None:
        raise BadInput(f"{record.where}: {record.problem}")
    if not namespace or not record.namespace or namespace == record.namespace:
        return event
    apart = record.namespace
    return replace(event, session=f"{apart}/{event.session}", source=f"{apart}/{event.source}")
