"""Emptying an SQLite file of what was deleted from it: the write-ahead log, free pages, and the gaps inside pages.

SQLite overwrites what it deletes (``secure_delete``), but cells that were moved between pages leave copies behind in
the unused middle of the page they came from, and the log holds pages as they were. Only rewriting the file is sure,
and so it is rewritten after every erasure, whatever its size: erase many memories in one call where it is large.
"""

from __future__ import annotations

import sqlite3


def purge(connection: sqlite3.Connection, patience: float = 2.0) -> bool:
    """Leave nothing in the files of what was deleted; False while that cannot be done, because a reader still holds
    pages as they were or there is no room to write the file anew. What was erased stays noted until it is."""
    try:
        if not emptied(connection, patience):
            return False
        connection.execute("VACUUM")
        connection.execute("DELETE FROM unpurged")
        return emptied(connection, patience)
    except sqlite3.OperationalError:
        return False


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
