"""The conversations.json of a Claude data export.

Source: mnesis, 2026.
Needs: nothing
Cost: one pass; holds one conversation
Differs: nothing.

A conversation lists its `chat_messages` in order; each has a sender (`human` or `assistant`), a time, and its words
as `text` or as `content` blocks, of which the texts are taken. Messages without words (an upload, a tool at work)
are left out.

>>> import json, pathlib, tempfile
>>> said = {"uuid": "m1", "sender": "human", "text": "Hello", "created_at": "2026-03-02T09:00:00Z"}
>>> with tempfile.TemporaryDirectory() as folder:
...     path = pathlib.Path(folder, "conversations.json")
...     _ = path.write_text(json.dumps([{"uuid": "c1", "name": "Greeting", "chat_messages": [said]}]))
...     [(record.event.role, record.event.text, record.event.source) for record in claude()(path)]
[('user', 'Hello', 'm1')]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mnesis.text.read import Read, Record, Seen
from mnesis.text.read._json import values
from mnesis.text.read._record import fault, heard, in_conversation

ROLES = {"human": "user", "assistant": "assistant"}


def claude() -> Read:
    """Read a Claude export."""

    def read(path: Path, seen: Seen | None = None) -> Iterator[Record]:
        for each in values(path, seen):
            place = in_conversation(path, each.number)
            if each.problem:
                yield fault(place, each.problem)
            elif not isinstance(each.value, Mapping) or not isinstance(each.value.get("chat_messages"), list):
                yield fault(place, 'a conversation has a list of "chat_messages"; this one has none.')
            else:
                yield from _conversation(path, each.number, each.value)

    return read


def _conversation(path: Path, number: int, value: Mapping[str, Any]) -> Iterator[Record]:
    session = str(value.get("uuid") or f"conversation {number}")
    meta = {"title": value["name"]} if value.get("name") else {}
    for count, message in enumerate(value["chat_messages"], 1):
        where = in_conversation(path, number, count)
        if not isinstance(message, Mapping) or message.get("sender") not in ROLES:
            yield fault(where, 'a message has a "sender", human or assistant; this one has neither.')
            continue
        text = _text(message)
        if text.strip():
            role = ROLES[message["sender"]]
            source = str(message.get("uuid") or f"{session}:{count}")
            at = message.get("created_at") or value.get("created_at")
            yield heard(where, text, at=at, speaker=role, role=role, source=source, session=session, meta=meta)


def _text(message: Mapping[str, Any]) -> str:
    blocks = message.get("content")
    texts = [
        block["text"]
        for block in (blocks if isinstance(blocks, list) else [])
        if isinstance(block, Mapping) and block.get("type", "text") == "text" and isinstance(block.get("text"), str)
    ]
    whole = message.get("text")
    return "\n".join(texts) if any(text.strip() for text in texts) else whole if isinstance(whole, str) else ""
