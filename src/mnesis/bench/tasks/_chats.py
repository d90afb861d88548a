"""Conversations as cases: sessions of turns become events, questions keep their gold turns and sessions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from mnesis.bench.tasks import Case, Question
from mnesis.bench.tasks._files import when
from mnesis.words import Event

Record = Mapping[str, Any]


def events_of(conversation: Record, roles: bool = False) -> list[Event]:
    """Every turn as an event, in order; with `roles` the speakers are ``user`` and ``assistant``.

    Only what a user of a memory would have is read: who, when, which session, the text and an image's caption.
    """
    return [
        Event(
            turn["text"],
            speaker=turn["speaker"],
            at=moment_of(session),
            source=turn["turn_id"],
            session=session["session_id"],
            role=turn["speaker"] if roles else "",
            meta={"image_caption": turn["image_caption"]} if turn.get("image_caption") else {},
        )
        for session in conversation["sessions"]
        for turn in session["turns"]
    ]


def moment_of(session: Record) -> datetime | None:
    """When a session took place."""
    return when(session.get("datetime_iso") or session.get("datetime") or "")


def ended(conversation: Record) -> datetime | None:
    """When the last session took place: questions without a date of their own are asked then."""
    return max((at for session in conversation["sessions"] if (at := moment_of(session))), default=None)


def case_of(conversation: Record, question: Callable[[Record, datetime | None], Question], roles: bool = False) -> Case:
    """One conversation with its questions."""
    end = ended(conversation)
    return Case(
        conversation["conversation_id"],
        events_of(conversation, roles),
        [question(each, end) for each in conversation["questions"]],
    )
