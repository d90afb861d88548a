"""What is wrong with a space's file, from the outside in, each with what to do about it.

Nothing is changed, apart from what opening a space does anyway: the log of a process that was killed is taken up.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import struct
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from mnesis.errors import SpaceError
from mnesis.store.pages import HEAD, SIZES
from mnesis.store.sqlite import SqliteStore

ROOM = 16_000_000  # bytes that should be free beside a space
AHEAD = timedelta(days=1)
PATIENCE = 10.0  # seconds in which another process should be done writing
SALVAGE = "restore a backup copy, or rescue what can be read: mnesis doctor {path} --salvage NEW"


class Finding(NamedTuple):
    """One thing that is wrong, and what to do."""

    wrong: str
    do: str


def examine(path: Path, now: datetime) -> list[Finding]:
    """Everything found wrong with the space at a path."""
    outside = list(_outside(path))
    if outside:
        return outside
    return [*_file(path), *_beside(path), *_inside(path, now)]


def _outside(path: Path) -> Iterator[Finding]:
    """What keeps a space from being looked at at all."""
    if not path.parent.is_dir():
        yield Finding(f"The folder {path.parent} does not exist.", "make it, or name another path")
    elif path.is_dir():
        yield Finding(f"{path} is a folder.", f"name the file, for example {path / 'memory.mnesis'}")
    elif not path.exists():
        yield Finding(f"There is no file {path}.", f"make a space with: mnesis remember TEXT --space {path}")
    elif not os.access(path, os.R_OK):
        yield Finding(f"{path} may not be read.", "give yourself the right to read and write it (chmod u+rw)")


def _file(path: Path) -> Iterator[Finding]:
    """What the file shows without being opened."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(100)
    if not size:
        return
    if head[:16] != HEAD or len(head) < 100:
        yield Finding(
            f"{path} does not begin as an SQLite file does: its first page is damaged, or it is no space.",
            "name another file, or " + SALVAGE.format(path=path),
        )
        return
    page = struct.unpack(">H", head[16:18])[0]
    page = 65536 if page == 1 else page
    (pages,) = struct.unpack(">I", head[28:32])
    if page in SIZES and head[24:28] == head[92:96] and size < page * pages:
        yield Finding(f"{path} is cut short: {page * pages - size:,} bytes are missing.", SALVAGE.format(path=path))


def _beside(path: Path) -> Iterator[Finding]:
    """What is wrong around the file."""
    if not os.access(path, os.W_OK):
        yield Finding(f"{path} may not be written.", "give yourself the right to write it (chmod u+w)")
    if not os.access(path.parent, os.W_OK):
        yield Finding(
            f"Nothing may be written in the folder {path.parent}, where SQLite keeps the log of what is committed.",
            "give yourself the right to write there, or copy the space to a folder of your own",
        )
    free = shutil.disk_usage(path.parent).free
    if free < ROOM:
        yield Finding(f"Only {free:,} bytes are free beside {path}.", "make room; nothing is written to a full disk")


def _inside(path: Path, now: datetime) -> Iterator[Finding]:
    """What shows once the space is opened."""
    try:
        store = SqliteStore(path)
    except SpaceError as err:
        damaged = "damaged" in str(err)
        yield Finding(str(err), SALVAGE.format(path=path) if damaged else "see what it says")
        return
    try:
        if _busy(path):
            yield Finding("Another process has been writing for a while.", "wait for it, or end it: nothing is lost")
        problems = store.verify()
        for problem in problems:
            remedy = "keep a copy of the file; " if problem.startswith("SQLite") else TAMPERED
            yield Finding(problem, remedy + SALVAGE.format(path=path))
        if not problems:
            yield from _clock(store, now)
    except SpaceError as err:
        yield Finding(str(err), SALVAGE.format(path=path))
    finally:
        store.close()


TAMPERED = (
    "find out who wrote to the file past mnesis; recall goes on, but what is named is not as it was committed; "
    "to go on without it, "
)


def _clock(store: SqliteStore, now: datetime) -> Iterator[Finding]:
    newest = next(iter(store.journal(max(0, store.head().seq - 1))), None)
    if newest is not None and newest.at > now + AHEAD:
        yield Finding(
            f"The newest commit is dated {newest.at:%Y-%m-%d %H:%M}, later than now: a clock was or is wrong.",
            "set the clock right; until it has caught up, commits are dated like the newest, so their order holds",
        )


def _busy(path: Path) -> bool:
    """Whether somebody holds the right to write for longer than a commit takes."""
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError as err:
        return "locked" in str(err) or "busy" in str(err)
    finally:
        connection.close()
    return False
