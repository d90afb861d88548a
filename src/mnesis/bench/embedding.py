"""An embedder that keeps what it made: across recipes and runs, and with a clock on the time embedding takes.

Rankings and latencies are measured with embedding left out, and the references embed the same texts as the space
does; both need one place that all texts of a run pass through.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from mnesis.models import Embedder
from mnesis.words import Floats

CHUNK = 256  # texts embedded between two writes, so an interrupted run loses little
AT_ONCE = 500  # names looked up in one query


class Kept:
    """Wraps an embedder; `seconds` is the time spent embedding since the last `reset` (`busy` the processor's), `made`
    how many texts.

    Everything else asked of it is answered by the embedder within. `path` is an SQLite file of vectors by the hash of
    embedder, kind and text; None keeps nothing.
    """

    def __init__(self, inner: Embedder, path: Path | None) -> None:
        self.inner = inner
        self.name = inner.name
        self.dim = inner.dim
        self.reliance = float(getattr(inner, "reliance", 1.0))  # as the space reads it
        self.seconds = self.busy = 0.0
        self.made = 0
        self._rows = None if path is None or not inner.dim else _rows(path)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def __enter__(self) -> Kept:
        return self

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None, at: TracebackType | None) -> None:
        if self._rows is not None:
            self._rows.close()

    def reset(self) -> None:
        """Set the clock back to zero."""
        self.seconds, self.busy, self.made = 0.0, 0.0, 0

    def embed(self, texts: Sequence[str], kind: str = "document") -> Floats:
        """Unit vectors float32 [N, dim]; see `models.Embedder`."""
        start, busy = time.perf_counter(), time.process_time()
        try:
            return self._embed(list(texts), kind)
        finally:
            self.seconds += time.perf_counter() - start
            self.busy += time.process_time() - busy

    def _embed(self, texts: list[str], kind: str) -> Floats:
        if self._rows is None:
            self.made += len(texts)
            return self.inner.embed(texts, kind)
        names = [_name(self.name, kind, text) for text in texts]
        found = self._found(list(dict.fromkeys(names)))
        missing = {name: text for name, text in zip(names, texts, strict=True) if name not in found}
        todo = list(missing.items())
        for first in range(0, len(todo), CHUNK):
            part = todo[first : first + CHUNK]
            vectors = self.inner.embed([text for _, text in part], kind)
            rows = [
                (name, vector.astype(np.float32).tobytes()) for (name, _), vector in zip(part, vectors, strict=True)
            ]
            with self._rows:
                self._rows.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
            found.update(rows)
        self.made += len(todo)
        if not texts:
            return np.zeros((0, self.dim), np.float32)
        return np.stack([np.frombuffer(found[name], np.float32) for name in names])

    def _found(self, names: list[bytes]) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        if self._rows is not None:
            for first in range(0, len(names), AT_ONCE):
                part = names[first : first + AT_ONCE]
                marks = ",".join("?" * len(part))
                found.update(self._rows.execute(f"SELECT name, vector FROM vectors WHERE name IN ({marks})", part))
        return found


def _rows(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = sqlite3.connect(path, timeout=60.0, check_same_thread=False)
    rows.execute("PRAGMA journal_mode=WAL")
    rows.execute("CREATE TABLE IF NOT EXISTS vectors (name BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")
    return rows


def _name(embedder: str, kind: str, text: str) -> bytes:
    raw = "\x1f".join((embedder, kind, text)).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(raw, digest_size=16).digest()
