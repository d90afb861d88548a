"""LoCoMo conversations: two people over many sessions, as published or normalised.

Source: Maharana, Lee, Tulyakov, Bansal, Barbieri, Fang, Evaluating Very Long-Term Conversational Memory of LLM
    Agents, 2024. arXiv 2402.17753
Needs: nothing
Cost: one pass; holds one conversation
Differs: reads turns only; questions, answers, evidence and the search words behind images are left alone.

The published file is a list of samples whose conversation holds `session_1`, `session_1_date_time` and so on; the
normalised one has a conversation a line with a list of sessions (MemoryBank's histories are kept in the same
shape). Every conversation is a namespace, and a turn's dialogue id (D1:3) is its source.

>>> import json, pathlib, tempfile
>>> talk = {"session_1_date_time": "1:56 pm on 8 May, 2023",
...         "session_1": [{"speaker": "Ana", "dia_id": "D1:1", "text": "Look!", "blip_caption": "a lemon tree"}]}
>>> with tempfile.TemporaryDirectory() as folder:
...     path = pathlib.Path(folder, "locomo.json")
...     _ = path.write_text(json.dumps([{"sample_id": "conv-1", "conversation": talk}]))
...     [(r.namespace, r.event.source, r.event.at.isoformat(), r.event.meta) for r in locomo()(path)]
[('conv-1', 'D1:1', '2023-05-08T13:56:00+00:00', {'image_caption': 'a lemon tree'})]
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mnesis.text.read import Read, Record, Seen
from mnesis.text.read._conversation import conversation, is_normalised, turn
from mnesis.text.read._json import values
from mnesis.text.read._record import fault, in_conversation

_SESSION = re.compile(r"session_(\d+)")


def locomo() -> Read:
    """Read LoCoMo as published (a JSON list) or normalised (a conversation a line)."""

    def read(path: Path, seen: Seen | None = None) -> Iterator[Record]:
        for each in values(path, seen):
            place = in_conversation(path, each.number)
            if each.problem:
                yield fault(place, each.problem)
            elif is_normalised(each.value):
                yield from conversation(path, each.number, each.value)
            elif isinstance(each.value, Mapping) and isinstance(each.value.get("conversation"), Mapping):
                yield from _sample(path, each.number, each.value)
            else:
                yield fault(place, 'a sample has a "conversation" with its sessions; this one has none.')

    return read


def _sample(path: Path, number: int, value: Mapping[str, Any]) -> Iterator[Record]:
    name = str(value.get("sample_id") or f"conversation-{number}")
    talk: Mapping[str, Any] = value["conversation"]
    found = ((_SESSION.fullmatch(key), turns) for key, turns in talk.items())
    sessions = sorted((int(match[1]), turns) for match, turns in found if match and isinstance(turns, list))
    count = 0
    for nth, turns in sessions:
        key = f"session_{nth}"
        about = {"session_id": key, "datetime": talk.get(f"{key}_date_time")}
        for place, each in enumerate(turns, 1):
            count += 1
            yield turn(in_conversation(path, number, count), each, about, place, name)
