"""Conversations in the shape the benchmark data is kept in, one a line: sessions of turns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mnesis.text.read import Record
from mnesis.text.read._record import fault, heard, in_conversation

ROLES = ("user", "assistant", "tool")


def is_normalised(value: Any) -> bool:
    """Whether a record is a conversation in this shape."""
    return isinstance(value, Mapping) and isinstance(value.get("sessions"), list) and "conversation_id" in value


def conversation(path: Path, number: int, value: Mapping[str, Any]) -> Iterator[Record]:
    """The turns of one conversation; what belongs to the questions (answers, evidence) is never read."""
    name = str(value["conversation_id"])
    count = 0
    for session in value["sessions"]:
        turns = session.get("turns") if isinstance(session, Mapping) else None
        if not isinstance(turns, list):
            yield fault(in_conversation(path, number), "a session has no list of turns.", name)
            continue
        for place, each in enumerate(turns, 1):
            count += 1
            where = in_conversation(path, number, count)
            yield turn(where, each, session, place, name)


def turn(where: str, value: Any, session: Mapping[str, Any], place: int, namespace: str) -> Record:
    """One turn: its text, or the caption of the image that was sent without words."""
    if not isinstance(value, Mapping):
        return fault(where, "the turn is not an object.", namespace)
    caption = value.get("image_caption") or value.get("blip_caption") or ""
    speaker = str(value.get("speaker") or "")
    name = str(session.get("session_id") or "")
    return heard(
        where,
        value.get("text") or caption,
        at=session.get("datetime_iso") or session.get("datetime"),
        namespace=namespace,
        speaker=speaker,
        role=speaker if speaker in ROLES else "",
        source=str(value.get("turn_id") or value.get("dia_id") or f"{name}:{place}"),
        session=name,
        meta={"image_caption": caption} if caption else {},
    )
