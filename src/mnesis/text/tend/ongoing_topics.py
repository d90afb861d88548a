"""Sum up what was spoken of topic by topic, and go on with topics known before.

Source: Zhen Tan, Jun Yan, I-Hung Hsu, Rujun Han, Zifeng Wang, Long T. Le, Yiwen Song, Yanfei Chen, Hamid Palangi,
    George Lee, Anand Iyer, Tianlong Chen, Huan Liu, Chen-Yu Lee, Tomas Pfister, In Prospect and Retrospect: Reflective
    Memory Management for Long-term Personalized Dialogue Agents, 2025. arXiv 2503.08026
Needs: nothing
Cost: the turns of every session that changed; for each topic that grew one question ("summary"), for each that is new
    up to two ("relation", "summary")
Differs: a session is cut where its turns change their subject (`text.topics`), not by a language model; a summary is
    always written anew from the turns themselves, so that it does not drift.

Prospective reflection: when a conversation is over it is put away so that it can be found by what it was about. Each
stretch of a session on one subject becomes a summary that rests on its turns; a later stretch on a subject that is
known, by its words or its vector and what `ask.relation` says of the two, joins the summary there is, which then tells
of both. Turns stay as they are, and a turn belongs to the summary it was first put under.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import numpy as np

from mnesis.drive import Asking
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.store.terms import terms
from mnesis.text.ask import relation, summary
from mnesis.text.derived import made_of, read_from, renewed
from mnesis.text.tend import Tend
from mnesis.text.topics import cuts
from mnesis.words import Add, Change, MemCube, Retire, Revise, Rows, digest, distinct

MADE_BY = "text.tend.ongoing_topics"
MOST = 60  # turns a summary is written from, the newest ones
NEAR = 3  # known topics a new one is held against


def ongoing_topics(words: int = 50, least: int = 2) -> Tend:
    """A summary of about `words` words for every topic of at least `least` turns."""
    if words < 1 or least < 1:
        raise BadInput(f"words={words} and least={least} must both be at least 1.")

    def tend(view: View, now: datetime) -> Asking[list[Change]]:
        known = _Known(view, words)
        for rows in sessions(view):
            begin = 0
            for end in [
                *cuts([each.tolist() for each in view.terms(rows)], view.vectors(rows), least=least),
                len(rows),
            ]:
                if end - begin >= least:
                    yield from known.take(view.cubes(rows[begin:end]))
                begin = end
        yield from known.mend(view.cubes(view.retired()))
        return known.changes()

    return tend


def sessions(view: View) -> Iterator[Rows]:
    """The standing turns of each session something changed in, in the order they were told."""
    seen = distinct(np.concatenate([view.changed(), view.retired()]))
    touched = np.unique(view.column("session", seen))
    alive = view.alive()
    codes = view.column("session", alive)
    for code in touched[touched != 0].tolist():
        yield alive[codes == code]


class _Known:
    """The topics that stand, with what this tending makes of them."""

    def __init__(self, view: View, words: int) -> None:
        self._view = view
        self._words = words
        self._summaries = view.sieved(types=("semantic",))
        self._before: dict[str, MemCube] = {}
        self._now: dict[str, MemCube | None] = {}

    def changes(self) -> list[Change]:
        out: list[Change] = []
        for id, cube in self._now.items():
            before = self._before.get(id)
            if cube is None:
                out.append(Retire(id, "none of its turns stands any more"))
            elif before is None:
                out.append(Add(cube))
            elif grown := renewed(before, cube):
                out.append(Revise(grown, reason=f"written anew from {len(cube.parents)} turns"))
        return out

    def take(self, turns: Sequence[MemCube]) -> Asking[None]:
        """Put a stretch of turns under the topic most of them belong to, one like it, or a new one."""
        owners = [self._owner(each) for each in turns]
        mine = {id for id in owners if id}
        loose = [turn for turn, owner in zip(turns, owners, strict=True) if not owner]
        for id in sorted(mine):
            yield from self._write(id, self._parents(id))
        if not loose:
            return
        if mine:
            id = max(sorted(mine), key=owners.count)
            yield from self._write(id, [*self._parents(id), *loose])
            return
        text = yield summary([each.text for each in loose], self._words)
        if not isinstance(text, str) or not text.strip():
            return
        for like in self._like(loose):
            said = yield relation(like.text, text)
            if said is not None and said != "none":
                yield from self._write(like.id, [*self._parents(like.id), *loose])
                return
        id = digest(MADE_BY, self._view.namespace, loose[0].id)
        self._now[id] = made_of(id, text, loose, MADE_BY, meta={"read": read_from(loose)})

    def mend(self, gone: Sequence[MemCube]) -> Asking[None]:
        """Write summaries anew without the turns that do not stand any more."""
        for id in sorted({owner for turn in gone if (owner := self._owner(turn))}):
            yield from self._write(id, self._parents(id))

    def _owner(self, turn: MemCube) -> str:
        for id, cube in self._now.items():
            if cube is not None and turn.id in cube.parents:
                return id
        for made in self._view.made_from(turn.id):
            if made.made_by == MADE_BY and made.id not in self._now:
                standing = self._standing(made.id)
                if standing is not None and turn.id in standing.parents:
                    return standing.id
        return ""

    def _standing(self, id: str) -> MemCube | None:
        if id in self._now:
            return self._now[id]
        cube = self._view.get(id)
        if cube is not None:
            self._before[id] = cube
        return cube

    def _parents(self, id: str) -> list[MemCube]:
        cube = self._standing(id)
        rows = self._view.rows(list(cube.parents) if cube is not None else [])
        return self._view.cubes(rows[rows >= 0])

    def _write(self, id: str, parents: Sequence[MemCube]) -> Asking[None]:
        standing = self._standing(id)
        if not parents:
            self._now[id] = None
            return
        read = read_from(parents)
        if standing is None or standing.meta.get("read") == read:
            return
        text = yield summary([each.text for each in parents[-MOST:]], self._words)
        if isinstance(text, str) and text.strip():
            self._now[id] = made_of(id, text, parents, MADE_BY, meta={"read": read})

    def _like(self, turns: Sequence[MemCube]) -> list[MemCube]:
        """Known topics these turns may go on with, likeliest first."""
        said = [term for turn in turns for term in terms(turn.text)]
        rows, _ = self._summaries.words(said).top(NEAR)
        held = [each for each in self._view.vectors(self._view.rows([turn.id for turn in turns])) if each is not None]
        if held:
            near, _ = self._summaries.near(np.mean(held, axis=0)).top(NEAR)
            rows = np.concatenate([rows, near])
        found = self._view.cubes(rows[np.sort(np.unique(rows, return_index=True)[1])])
        kept = [self._standing(each.id) for each in found if each.made_by == MADE_BY]
        return [each for each in kept if each is not None][:NEAR]
