"""How readers make a Record: a text, its date and where it stands, or the problem with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mnesis.errors import BadInput
from mnesis.text.read import Record
from mnesis.text.read._dates import when
from mnesis.text.read._files import named
from mnesis.words import Event

TRUST = {"user": "user", "assistant": "agent", "tool": "tool"}


def heard(
    where: str, text: Any, *, at: Any = None, namespace: str = "", day_first: bool = True, **fields: Any
) -> Record:
    """The Record of one utterance; empty or broken text and a date that cannot be read are its problem."""
    if not isinstance(text, str):
        return fault(where, f"the text is not text but {type(text).__name__}.", namespace)
    if not text.strip():
        return fault(where, "the text is empty.", namespace)
    try:
        text.encode("utf-8")
        moment = when(at, day_first)
    except UnicodeEncodeError as err:
        return fault(where, f"character {err.start + 1} of the text is half a character (a lone surrogate).", namespace)
    except BadInput as err:
        return fault(where, str(err), namespace)
    trust = TRUST.get(fields.get("role", ""), "unknown")
    return Record(where, Event(text, at=moment, **{"trust": trust, **fields}), namespace=namespace)


def fault(where: str, problem: str, namespace: str = "") -> Record:
    """The Record of something that is not as it should be."""
    return Record(where, None, problem, namespace)


def at_line(path: Path, line: int) -> str:
    """A place for people, and the source of what stands there.

    >>> at_line(Path("chats/may.txt"), 12)
    'may.txt:12'
    """
    return f"{named(path)}:{line}"


def in_conversation(path: Path, number: int, message: int | None = None) -> str:
    """A place in a file of conversations, counted from 1."""
    place = f"{named(path)}, conversation {number}"
    return place if message is None else f"{place}, message {message}"
