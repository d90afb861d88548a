"""Emptying an SQLite file of what was deleted from it: the write-ahead log, free pages, and the gaps inside pages.

SQLite overwrites what it deletes (``secure_delete``), but cells that were moved between pages leave copies behind in
the unused middle of the page they came from, and the log holds pages as they were. Only rewriting the file is sure.
"""

from __future__ import annotations

import mmap
import sqlite3
from collections.abc import Sequence
from pathlib import Path

REWRITE = 64 << 20  # bytes: a file up to this size is rewritten after every erasure
SOUGHT = 12  # pieces looked for in a larger one


def purge(connection: sqlite3.Connection, path: Path, said: Sequence[bytes], patience: float = 2.0) -> bool:
    """Leave nothing of `said` (of whatever was deleted, when it is empty) in the files; False while another reader
    still holds pages as they were."""
    if not emptied(connection, patience):
        return False
    if not said or path.stat().st_size <= REWRITE or holds(path, pieces(said)):
        connection.execute("VACUUM")
    connection.execute("DELETE FROM unpurged")
    return emptied(connection, patience)


def interrupted(connection: sqlite3.Connection) -> bool:
    """Whether something was erased and the files were not emptied of it."""
    return connection.execute("SELECT 1 FROM unpurged LIMIT 1").fetchone() is not None


def emptied(connection: sqlite3.Connection, patience: float) -> bool:
    """Write the log back into the file and cut it to nothing; False when a reader is in the way."""
    before = connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.execute(f"PRAGMA busy_timeout={int(1000 * patience)}")
    busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    connection.execute(f"PRAGMA busy_timeout={before}")
    return not busy


def pieces(said: Sequence[bytes], size: int = 24) -> list[bytes]:
    """Short pieces spread over what was said: each is enough to know a leftover by."""
    cut = [each[at : at + size] for each in said for at in range(0, max(1, len(each) - size // 2), size)]
    cut = [each for each in cut if len(each) >= 4]
    return cut[:: max(1, -(-len(cut) // SOUGHT))]


def holds(path: Path, needles: Sequence[bytes]) -> bool:
    """Whether a file holds any of these bytes."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as raw:
        return any(raw.find(each) >= 0 for each in needles)
