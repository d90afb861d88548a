"""Cut sessions into topics and keep an extract of each.

Source: Marti A. Hearst, TextTiling: Segmenting Text into Multi-paragraph Subtopic Passages, 1997. Computational
    Linguistics 23(1); Sylvain Arlot, Alain Celisse, Zaid Harchaoui, A Kernel Multiple Change-point Algorithm via Model
    Selection, 2019. arXiv 1202.3878; for surprise, Zafeirios Fountas and others, Human-like Episodic Memory for
    Infinite Context LLMs, 2024. arXiv 2407.09450
Needs: nothing
Cost: the sessions in which something is new, quadratic in their turns (up to 400); two questions a topic that is new
Differs: from Hearst the idea, that cohesion drops where the topic changes; from Arlot and others how cuts are found.

Where the turns of a session go over to something else (see `text.topics`) a topic ends, or with ``by="surprise"``
where a turn could not be expected from those before it (see `text.surprise`): then what comes later moves no boundary.
Each topic of at least `least`
turns gets one memory: a summary of about `words` words, under ``topic`` in its meta what it is about. It names its
turns as parents, and each turn is linked to it by ``part_of``. When a session goes on, only its topics that changed are
made anew; what is no topic any more is retired.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

import numpy as np

from mnesis.drive import Asking
from mnesis.errors import BadInput, UnknownName
from mnesis.store import View
from mnesis.store.terms import terms
from mnesis.text.ask import summary, topic
from mnesis.text.derived import made_of, put, read_from
from mnesis.text.surprise import episodes
from mnesis.text.tend import Tend
from mnesis.text.topics import cuts
from mnesis.words import Change, Connect, Disconnect, Link, MemCube, Retire, Rows, digest

MADE_BY = "text.tend.topics"


BOUNDARIES = {"likeness": cuts, "surprise": episodes}


def topics(words: int = 40, least: int = 3, by: str = "likeness") -> Tend:
    """One extract a topic of `least` turns or more, cut `by` likeness or surprise."""
    if by not in BOUNDARIES:
        raise UnknownName("way to cut", by, BOUNDARIES)
    if words < 1 or least < 1:
        raise BadInput(f"words={words} and least={least} must both be at least 1.")

    def tend(view: View, now: datetime) -> Asking[list[Change]]:
        changes: list[Change] = []
        left = [each.id for each in view.cubes(view.retired())]
        before = {link.tail for link in view.linked(left, ("part_of",)) if _ours(link)}
        standing: set[str] = set()
        for rows in _sessions(view):
            turns = [each for each in view.cubes(rows) if not each.parents]
            before |= {link.tail for link in view.linked([each.id for each in turns], ("part_of",)) if _ours(link)}
            for part in _parts(turns, view, by):
                if len(part) < least:
                    continue
                id = digest("topic", view.namespace, part[0].id)
                standing.add(id)
                changes += yield from _told(id, part, words, view)
        for id in sorted(before - standing):
            changes += _gone(id, view)
        return changes

    return tend


def _sessions(view: View) -> Iterator[Rows]:
    """The rows of each session in which something is new, oldest first."""
    fresh = np.unique(np.concatenate([view.column("session", each) for each in (view.changed(), view.retired())]))
    if not (fresh != 0).any():
        return
    rows = view.alive()
    codes = view.column("session", rows)
    for code in fresh[fresh != 0].tolist():
        yield rows[codes == code]


def _parts(turns: list[MemCube], view: View, by: str) -> Iterator[list[MemCube]]:
    vectors = view.vectors(view.rows([each.id for each in turns]))
    at = BOUNDARIES[by]([terms(each.text) for each in turns], vectors)
    for start, end in pairwise([0, *at, len(turns)]):
        yield turns[start:end]


def _told(id: str, part: list[MemCube], words: int, view: View) -> Asking[list[Change]]:
    """What makes the memory of a topic say what its turns say."""
    old, read = view.get(id), read_from(part)
    if old is not None and old.meta.get("read") == read:
        return []
    said = [f"{each.speaker}: {each.text}" if each.speaker else each.text for each in part]
    text = yield summary(said, words)
    if not isinstance(text, str) or not text.strip():
        return []
    name = yield topic("\n".join(each.text for each in part))
    cube = made_of(id, text, part, MADE_BY, "episodic", {"topic": name or "", "read": read})
    out = put(cube, view, f"told anew from {len(part)} turns")
    linked = {link.head for link in view.linked([id], ("part_of",))}
    out += [Connect(_link(each.id, id, view)) for each in part if each.id not in linked]
    kept = {each.id for each in part}
    return [*out, *(Disconnect(link) for link in view.linked([id], ("part_of",)) if link.head not in kept)]


def _gone(id: str, view: View) -> list[Change]:
    cut = [Disconnect(link) for link in view.linked([id], ("part_of",)) if _ours(link)]
    return [*cut, *([Retire(id, "its turns belong to other topics now")] if view.get(id) is not None else [])]


def _ours(link: Link) -> bool:
    return link.made_by == MADE_BY


def _link(head: str, tail: str, view: View) -> Link:
    return Link(head, tail, "part_of", namespace=view.namespace, made_by=MADE_BY)
