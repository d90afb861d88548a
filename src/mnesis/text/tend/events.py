"""Sum up what happened to each speaker in a session, as dated events linked.

Source: Adyasha Maharana, Dong-Ho Lee, Sergey Tulyakov, Mohit Bansal, Francesco Barbieri, Yuwei Fang, Evaluating Very
    Long-Term Conversational Memory of LLM Agents, 2024. arXiv 2402.17753
Needs: nothing
Cost: for each session in which something is new, one question ("memory_type") a turn that was not classified, one
    ("dates") an event and one ("relation") for each two events that share words
Differs: the paper scores summaries against the event graphs its conversations were grounded on; here such a graph is
    drawn from the conversation itself.

A conversation is talk about events, and most of the talk is not the events. Of each speaker's turns in a session those
that tell what happened are kept as lines of one memory, each with the day it happened on. Events are linked to the
earlier ones they follow from (cause, reason, change …), so that `text.find.timelines` and whoever walks links sees
how one thing led to another.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import numpy as np

from mnesis.drive import Asking
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.store.terms import terms
from mnesis.text.alike import tells
from mnesis.text.ask import dates, memory_type, relation
from mnesis.text.derived import made_of, put, read_from
from mnesis.text.tend import Tend
from mnesis.words import Change, Connect, Link, MemCube, Retire, digest

MADE_BY = "text.tend.events"


def events(most: int = 20) -> Tend:
    """One memory a session and speaker, of at most `most` events."""
    if most < 1:
        raise BadInput(f"most={most} leaves no event; give 1 or more.")

    def tend(view: View, now: datetime) -> Asking[list[Change]]:
        changes: list[Change] = []
        for session, speaker, turns in _told(view):
            id = digest("events", view.namespace, session, speaker)
            old = view.get(id)
            if not turns:
                changes += [Retire(id, "nothing of it stands")] if old is not None else []
                continue
            if old is not None and old.meta.get("read") == read_from(turns):
                continue
            happened: list[MemCube] = []
            for turn in turns:
                kind = turn.type if turn.type != "episodic" else (yield memory_type(turn.text))
                if kind == "episodic" and len(happened) < most:
                    happened.append(turn)
            if not happened:
                continue
            lines = []
            for turn in happened:
                days = yield dates(turn.text, turn.valid_from)
                lines.append(f"{_day(turn, days)}{turn.text.strip()}")
            meta = {"level": "events", "session": session, "read": read_from(turns)}
            cube = made_of(id, "\n".join(lines), happened, MADE_BY, "episodic", meta)
            changes += put(cube, view, f"told anew from {len(happened)} events")
            changes += yield from _followed(happened, view)
        return changes

    return tend


def _told(view: View) -> Iterator[tuple[str, str, list[MemCube]]]:
    """Each session and speaker with something new, and what that speaker stated in it, oldest first."""
    new = [*view.cubes(view.changed()), *view.cubes(view.retired())]
    wanted = dict.fromkeys((each.session, each.speaker) for each in new if each.session and not each.parents)
    rows = view.alive() if wanted else np.zeros(0, np.int64)
    sessions, speakers = view.column("session", rows), view.column("speaker", rows)
    for session, speaker in wanted:
        mine = rows[(sessions == view.code(session)) & (speakers == view.code(speaker))]
        yield session, speaker, [each for each in view.cubes(mine) if not each.parents and _states(each.text)]


def _states(text: str) -> bool:
    return tells(terms(text)) and not text.rstrip().endswith("?")


def _day(turn: MemCube, days: object) -> str:
    """The first day an event speaks of, or the one it was told on, before it."""
    first = next((each.get("start") for each in days if isinstance(each, dict)), "") if isinstance(days, list) else ""
    told = turn.valid_from.date().isoformat() if turn.valid_from is not None else ""
    return f"{first or told}: " if first or told else ""


def _followed(happened: list[MemCube], view: View) -> Asking[list[Change]]:
    """Links between events that share words, where one follows from the other."""
    known = {(link.head, link.tail) for link in view.linked([each.id for each in happened]) if link.made_by == MADE_BY}
    out: list[Change] = []
    for at, later in enumerate(happened):
        said = frozenset(terms(later.text))
        near = [each for each in happened[:at] if len(said & frozenset(terms(each.text))) > 1]
        for earlier in near[-2:]:
            if (earlier.id, later.id) in known:
                continue
            kind = yield relation(earlier.text, later.text)
            if isinstance(kind, str) and kind not in ("none", "same_topic"):
                link = Link(earlier.id, later.id, kind, 0.8, view.namespace, later.valid_from, made_by=MADE_BY)
                out.append(Connect(link))
    return out
