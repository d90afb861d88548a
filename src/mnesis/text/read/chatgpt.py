"""The conversations.json of a ChatGPT data export.

Source: mnesis, 2026.
Needs: nothing
Cost: one pass; holds one conversation
Differs: nothing.

A conversation is a tree of messages, because prompts are edited and answers drawn again. What the person saw is one
path: from `current_node` up to the root. Hidden and system messages, a model's inner thoughts and empty ones are
left out; a message without a time takes that of the one before.

>>> import json, pathlib, tempfile
>>> said = {"id": "m1", "author": {"role": "user"}, "content": {"content_type": "text", "parts": ["Hello"]}}
>>> tree = {"root": {"parent": None}, "m1": {"parent": "root", "message": said}}
>>> with tempfile.TemporaryDirectory() as folder:
...     path = pathlib.Path(folder, "conversations.json")
...     _ = path.write_text(json.dumps([{"id": "c1", "current_node": "m1", "mapping": tree}]))
...     [(record.where, record.event.text) for record in chatgpt()(path)]
[('conversations.json, conversation 1, message 1', 'Hello')]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mnesis.text.read import Read, Record, Seen
from mnesis.text.read._content import content_text
from mnesis.text.read._json import values
from mnesis.text.read._record import fault, heard, in_conversation

ROLES = ("user", "assistant", "tool")
SAID = ("text", "multimodal_text", "code", "execution_output")


def chatgpt(tools: bool = True) -> Read:
    """Read a ChatGPT export; without `tools`, what tools answered is left out."""
    roles = ROLES if tools else ROLES[:2]

    def read(path: Path, seen: Seen | None = None) -> Iterator[Record]:
        for each in values(path, seen):
            place = in_conversation(path, each.number)
            if each.problem:
                yield fault(place, each.problem)
            elif not isinstance(each.value, Mapping) or not isinstance(each.value.get("mapping"), Mapping):
                yield fault(place, 'a conversation has a "mapping" of messages; this one has none.')
            else:
                yield from _conversation(path, each.number, each.value, roles)

    return read


def _conversation(path: Path, number: int, value: Mapping[str, Any], roles: tuple[str, ...]) -> Iterator[Record]:
    session = str(value.get("conversation_id") or value.get("id") or f"conversation {number}")
    meta = {"title": value["title"]} if value.get("title") else {}
    at, count = value.get("create_time"), 0
    for node in _branch(value["mapping"], value.get("current_node")):
        message = value["mapping"][node].get("message")
        if message is None:
            continue
        count += 1
        where = in_conversation(path, number, count)
        parts = _parts(message)
        if parts is None:
            yield fault(where, "the message has no author or content.")
            continue
        role, text = parts
        at = message.get("create_time") or at
        if role in roles and text.strip() and not _hidden(message):
            source = str(message.get("id") or node)
            yield heard(where, text, at=at, speaker=role, role=role, source=source, session=session, meta=meta)


def _branch(mapping: Mapping[str, Any], current: Any) -> list[str]:
    """The path of nodes from the root to `current` (or to the last leaf when it is not named).

    >>> _branch({"a": {}, "b": {"parent": "a"}, "c": {"parent": "a"}}, "b")
    ['a', 'b']
    """
    if current not in mapping:
        parents = {node.get("parent") for node in mapping.values() if isinstance(node, Mapping)}
        current = next((name for name in reversed(list(mapping)) if name not in parents), None)
    path: dict[str, None] = {}
    while current in mapping and current not in path and isinstance(mapping[current], Mapping):
        path[current] = None
        current = mapping[current].get("parent")
    return list(reversed(path))


def _parts(message: Any) -> tuple[str, str] | None:
    author = message.get("author") if isinstance(message, Mapping) else None
    content = message.get("content") if isinstance(message, Mapping) else None
    if not isinstance(author, Mapping) or not isinstance(content, Mapping):
        return None
    if content.get("content_type", "text") not in SAID:
        return str(author.get("role")), ""
    return str(author.get("role")), content_text(content.get("parts") or content.get("text")) or ""


def _hidden(message: Mapping[str, Any]) -> bool:
    metadata = message.get("metadata")
    flagged = isinstance(metadata, Mapping) and bool(metadata.get("is_visually_hidden_from_conversation"))
    return flagged or message.get("weight") == 0
