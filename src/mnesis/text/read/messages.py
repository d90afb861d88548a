"""Chat messages as most model APIs write them, one JSON object a line.

Source: mnesis, 2026.
Needs: nothing
Cost: one pass; holds one line
Differs: nothing.

A line is one message (`role`, `content`, and where known `name`, `id`, a time and a session) or a whole exchange
under `messages`. Content may be a text or a list of parts, of which the texts are joined. Tool calls become text;
system and developer messages are instructions rather than something that happened, so they are left out unless
`system` is set. A session is named by the line (`session`, `session_id`, `conversation_id`, `thread_id`), else
by the exchange, else by the file.

>>> import pathlib, tempfile
>>> with tempfile.TemporaryDirectory() as folder:
...     path = pathlib.Path(folder, "chat.jsonl")
...     _ = path.write_text('{"role": "user", "content": "I moved to Lisbon.", "timestamp": "2026-03-02"}')
...     for record in messages()(path):
...         print(record.where, record.event.speaker, record.event.at.date(), record.event.text)
chat.jsonl:1 user 2026-03-02 I moved to Lisbon.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mnesis.text.read import Read, Record, Seen
from mnesis.text.read._content import content_text
from mnesis.text.read._files import kind, named
from mnesis.text.read._json import LINED, values
from mnesis.text.read._record import at_line, fault, heard

TIMES = ("timestamp", "created_at", "create_time", "created", "at", "time", "date", "ts")
SESSIONS = ("session", "session_id", "conversation_id", "thread_id")
SYSTEM = ("system", "developer")


def messages(system: bool = False, day_first: bool = True) -> Read:
    """Read OpenAI-style messages; `system` keeps the instructions too, `day_first` reads 08/05/2023 as 8 May."""

    def read(path: Path, seen: Seen | None = None) -> Iterator[Record]:
        for line in values(path, seen):
            where = at_line(path, line.line) if kind(path) in LINED else f"{named(path)}, message {line.number}"
            if line.problem:
                yield fault(where, line.problem)
            elif isinstance(line.value, Mapping) and isinstance(line.value.get("messages"), list):
                yield from exchange(where, line.value)
            else:
                yield from one(where, line.value, {"session": named(path)})

    def exchange(where: str, value: Mapping[str, Any]) -> Iterator[Record]:
        shared = {"session": str(value.get("id") or where), **_only(value, (*TIMES, *SESSIONS))}
        for number, each in enumerate(value["messages"], 1):
            yield from one(f"{where}, message {number}", each, shared)

    def one(where: str, value: Any, shared: Mapping[str, Any]) -> Iterator[Record]:
        if not isinstance(value, Mapping) or not isinstance(value.get("role"), str):
            yield fault(where, 'a message is an object with "role" and "content"; this is not one.')
        elif system or value["role"] not in SYSTEM:
            yield _message(where, {**shared, **value}, day_first)

    return read


def _message(where: str, value: Mapping[str, Any], day_first: bool) -> Record:
    role = value["role"]
    caption = value.get("image_caption")
    text = content_text(value.get("content"))
    if text is None:
        return fault(where, f'"content" is {type(value["content"]).__name__}; it must be a text or a list of parts.')
    meta = value.get("meta") if isinstance(value.get("meta"), Mapping) else {}
    return heard(
        where,
        text or _calls(value.get("tool_calls")) or caption or "",
        at=_first(value, TIMES),
        speaker=str(value.get("name") or value.get("speaker") or role),
        role=role,
        source=str(value.get("id") or where),
        session=str(_first(value, SESSIONS) or ""),
        meta={**(meta or {}), **({"image_caption": str(caption)} if caption else {})},
        day_first=day_first,
    )


def _calls(calls: Any) -> str:
    functions = [call.get("function") for call in calls if isinstance(call, Mapping)] if isinstance(calls, list) else []
    return "\n".join(
        f"{each.get('name')}({each.get('arguments', '')})" for each in functions if isinstance(each, Mapping)
    )


def _first(value: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((value[name] for name in names if value.get(name) not in (None, "")), None)


def _only(value: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value[name] for name in names if name in value}
