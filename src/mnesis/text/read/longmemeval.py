"""LongMemEval histories: every question with its haystack of sessions.

Source: Wu, Wang, Yu, Zhang, Chang, Yu, LongMemEval: Benchmarking Chat Assistants on Long-Term Interactive Memory,
    2024. arXiv 2410.10813
Needs: nothing
Cost: one pass; holds one question's haystack
Differs: reads the haystack only; answers and the marks of the answering turns are left alone.

The published file is a list of questions with `haystack_sessions`, `haystack_dates` and `haystack_session_ids`; each
question's haystack is a namespace of its own. The normalised form has a history a line.

>>> import json, pathlib, tempfile
>>> question = {"question_id": "q1", "haystack_session_ids": ["s1"], "haystack_dates": ["2023/05/20 (Sat) 02:21"],
...             "haystack_sessions": [[{"role": "user", "content": "I like tea."}]]}
>>> with tempfile.TemporaryDirectory() as folder:
...     path = pathlib.Path(folder, "longmemeval.json")
...     _ = path.write_text(json.dumps([question]))
...     [(r.namespace, r.event.session, r.event.source, r.event.text) for r in longmemeval()(path)]
[('q1', 's1', 's1_t0', 'I like tea.')]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mnesis.text.read import Read, Record, Seen
from mnesis.text.read._conversation import conversation, is_normalised
from mnesis.text.read._json import values
from mnesis.text.read._record import fault, heard, in_conversation

PARTS = ("haystack_session_ids", "haystack_dates", "haystack_sessions")


def longmemeval() -> Read:
    """Read LongMemEval as published (a JSON list) or normalised (a history a line)."""

    def read(path: Path, seen: Seen | None = None) -> Iterator[Record]:
        for each in values(path, seen):
            place = in_conversation(path, each.number)
            if each.problem:
                yield fault(place, each.problem)
            elif is_normalised(each.value):
                yield from conversation(path, each.number, each.value)
            else:
                yield from _haystack(path, each.number, each.value)

    return read


def _haystack(path: Path, number: int, value: Any) -> Iterator[Record]:
    place = in_conversation(path, number)
    parts = [value.get(part) for part in PARTS] if isinstance(value, Mapping) else []
    lists = [part for part in parts if isinstance(part, list)]
    if len(lists) != len(PARTS) or len({len(each) for each in lists}) != 1:
        yield fault(place, f"a question has the lists {', '.join(PARTS)}, of one length; this one has not.")
        return
    name, count = str(value.get("question_id") or f"question-{number}"), 0
    for session, date, turns in zip(*lists, strict=True):
        if not isinstance(turns, list):
            yield fault(place, f"session {session!r} is not a list of turns.", name)
            continue
        for nth, each in enumerate(turns):
            count += 1
            yield _turn(in_conversation(path, number, count), each, str(session), date, nth, name)


def _turn(where: str, value: Any, session: str, date: Any, nth: int, namespace: str) -> Record:
    if not isinstance(value, Mapping):
        return fault(where, "the turn is not an object.", namespace)
    role = str(value.get("role") or "")
    source = f"{session}_t{nth}"
    text = value.get("content")
    return heard(where, text, at=date, namespace=namespace, speaker=role, role=role, source=source, session=session)
