"""BEAM conversations: batches of turns between a user and an assistant.

Source: Tavakoli, Salemi, Ye, Abdalla, Zamani, Mitchell, Beyond a Million Tokens: Benchmarking and Enhancing
    Long-Term Memory in LLMs, 2025. arXiv 2510.27246
Needs: nothing
Cost: one pass; holds one batch (published) or one conversation (normalised)
Differs: reads messages only; the generator's closing mark (an arrow and the number of a probe) is cut off.

The published file, `chat.json` in a folder `chats/<size>/<number>`, is a list of batches whose turns are short
exchanges. A session begins with each batch and each change of the time anchor; a message's number is its source and
the folder names the namespace (beam-100K-1). The normalised form has a conversation a line.

>>> import json, pathlib, tempfile
>>> said = {"role": "user", "id": 0, "time_anchor": "March-15-2024", "content": "Help me plan. ->-> 1,1"}
>>> with tempfile.TemporaryDirectory() as folder:
...     path = pathlib.Path(folder, "chat.json")
...     _ = path.write_text(json.dumps([{"batch_number": 1, "turns": [[said]]}]))
...     [(r.event.session, r.event.at.date().isoformat(), r.event.text) for r in beam()(path)]
[('batch1.1', '2024-03-15', 'Help me plan.')]
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mnesis.text.read import Read, Record, Seen
from mnesis.text.read._conversation import conversation, is_normalised
from mnesis.text.read._files import named
from mnesis.text.read._json import values
from mnesis.text.read._record import fault, heard, in_conversation

_MARK = re.compile(r"\s*->->\s*[\d,.\s]*$")
_SIZE = re.compile(r"\d+[KM]")


def beam() -> Read:
    """Read BEAM as published (a list of batches) or normalised (a conversation a line)."""

    def read(path: Path, seen: Seen | None = None) -> Iterator[Record]:
        anchor, count = "", 0
        for each in values(path, seen):
            place = in_conversation(path, each.number)
            if each.problem:
                yield fault(place, each.problem)
            elif is_normalised(each.value):
                yield from conversation(path, each.number, each.value)
            elif not isinstance(each.value, Mapping) or not isinstance(each.value.get("turns"), list):
                yield fault(place, 'a batch has "turns"; this one has none.')
            else:
                batch = each.value.get("batch_number", each.number)
                for message, session, at in _batch(each.value["turns"], batch, anchor):
                    anchor, count = at, count + 1
                    yield _message(f"{named(path)}, batch {batch}, message {count}", message, session, at, path)

    return read


def _batch(turns: list[Any], batch: Any, anchor: str) -> Iterator[tuple[Any, str, str]]:
    """Every message of a batch with the session and the time anchor it stands under."""
    nth, spoken = 1, False
    for message in (message for turn in turns for message in (turn if isinstance(turn, list) else [turn])):
        named = message.get("time_anchor") if isinstance(message, Mapping) else None
        if named and named != anchor:
            nth, anchor = nth + spoken, str(named)
        spoken = True
        yield message, f"batch{batch}.{nth}", anchor


def _message(where: str, value: Any, session: str, anchor: str, path: Path) -> Record:
    namespace = _namespace(path)
    if not isinstance(value, Mapping) or not isinstance(value.get("content"), str):
        return fault(where, 'a message has "role", "id" and "content"; this one has not.', namespace)
    role = str(value.get("role") or "")
    text = _MARK.sub("", value["content"])
    source = str(value.get("id", where))
    return heard(where, text, at=anchor, namespace=namespace, speaker=role, role=role, source=source, session=session)


def _namespace(path: Path) -> str:
    size, number = path.absolute().parent.parent.name, path.absolute().parent.name
    return f"beam-{size}-{number}" if _SIZE.fullmatch(size) and number.isdigit() else ""
