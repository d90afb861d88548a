"""Schemas are numbered, and a space of an earlier one is brought up to date when it is opened.

The steps lie in ``sql/<engine>/migrations`` as ``0002_what_it_does.sql``: the number is that of the schema they lead
to. They only lead forward. All that a space needs are run in one transaction: it is brought up to date whole, or
left as it was.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import resources

from mnesis.errors import SpaceError

FIRST = 1  # the schema `sql/<engine>/schema.sql` made when it was first released
NAME = re.compile(r"(\d{4})_\w+\.sql")


@cache
def steps(engine: str) -> Mapping[int, str]:
    """The statements that lead to each schema after the first, by its number."""
    folder = resources.files("mnesis.store.sql") / engine / "migrations"
    found = {
        int(match[1]): each.read_text("utf-8") for each in folder.iterdir() if (match := NAME.fullmatch(each.name))
    }
    if sorted(found) != list(range(FIRST + 1, FIRST + 1 + len(found))):
        raise SpaceError(f"The steps between schemas of {engine} are not numbered without a gap: {sorted(found)}.")
    return found


def newest(engine: str) -> int:
    """The number of the schema that new spaces are made with."""
    return FIRST + len(steps(engine))


def check_schema(path: object, made_by: str, engine: str) -> None:
    """Refuse a space whose schema is not known here."""
    latest = newest(engine)
    if not made_by.isdecimal() or not FIRST <= int(made_by) <= latest:
        raise SpaceError(
            f"{path} was made by a newer mnesis (schema {made_by}; this one reads up to {latest}); "
            "install that version or a later one."
        )


def migrate(
    connection: sqlite3.Connection,
    path: object,
    engine: str,
    note: Callable[[sqlite3.Connection, dict[str, str]], None],
) -> None:
    """Bring the space of a connection up to date; `note` writes facts down."""
    if _schema(connection) == newest(engine):
        return
    try:
        connection.execute("BEGIN IMMEDIATE")
        for number in range(_schema(connection) + 1, newest(engine) + 1):  # read again: nobody else migrates now
            for statement in statements(steps(engine)[number]):
                connection.execute(statement)
            note(connection, {"schema": str(number)})
        connection.execute("COMMIT")
    except sqlite3.Error as err:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise SpaceError(
            f"{path} was made by an earlier mnesis and could not be brought up to date: {err}. It was left as it was; "
            "check that you may write it and that the disk has room, or open it with the version it was made by."
        ) from err


def _schema(connection: sqlite3.Connection) -> int:
    (value,) = connection.execute("SELECT value FROM facts WHERE name = 'schema'").fetchone()
    return int(value)


def statements(script: str) -> Iterator[str]:
    """The single statements of a script."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement
