"""After each session, how the speaker is, going on from how they were.

Source: Ming Wang, Peidong Wang, Lin Wu, Xiaocui Yang, Daling Wang, Shi Feng, Yuxin Chen, Bixuan Wang, Yifei Zhang,
    AnnaAgent: Dynamic Evolution Agent System with Multi-Session Memory for Realistic Seeker Simulation, 2025.
    arXiv 2506.00551
Needs: nothing
Cost: the turns of every session that changed; two questions ("summary", "emotion") for each
Differs: the emotion is read off what was said and blended with that of the session before; the paper's modulator and
    elicitor are models trained on counselling and steer a simulated speaker instead.

Short-term memory between what is being said and what was ever said: one note a session, saying what the speaker was
troubled by and what they felt, with the feeling of the session before (`inert` of it stays). Notes follow each other in
time, so the last one says how it is now and the chain of them how it came about. Of what a session says only the turns
of people count, where there are roles.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import numpy as np

from mnesis.drive import Asking
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.ask import emotion, mood, summary
from mnesis.text.derived import made_of, read_from, renewed
from mnesis.text.feelings import named, strengths
from mnesis.text.tend import Tend
from mnesis.text.tend.ongoing_topics import sessions
from mnesis.words import Add, Change, Floats, MemCube, Revise, digest, replace

MADE_BY = "text.tend.status"
LATEST = 400  # memories made of others among which earlier notes are looked for


def status(words: int = 30, inert: float = 0.4) -> Tend:
    """A note of about `words` words for each session; `inert` of a feeling goes over into the next."""
    if words < 1 or not 0 <= inert < 1:
        raise BadInput(f"words={words} must be at least 1 and inert={inert} lie between 0 and 1.")

    def tend(view: View, now: datetime) -> Asking[list[Change]]:
        changed = [view.cubes(rows) for rows in sessions(view) if len(rows)]
        if not changed:
            return []
        before = {each.id: each for each in notes(view)}
        after = dict(before)
        for turns in changed:
            id = _note_id(view.namespace, turns[0].session)
            said = [each for each in turns if each.role in ("", "user")] or turns
            old = before.get(id)
            if old is None or old.meta["read"] != read_from(said):
                made = yield from _note(id, said, words)
                if made is not None:
                    after[id] = made
        changes: list[Change] = []
        felt: Floats | None = None
        for each in _in_order(after.values()):  # a feeling goes on through every note that comes later
            own = strengths(each.meta["own"])
            felt = own if felt is None else np.float32(1 - inert) * own + np.float32(inert) * felt
            cube = _written(each, felt)
            old = before.get(cube.id) or view.get(cube.id)
            if old is None:
                changes.append(Add(cube))
            elif grown := renewed(old, cube):
                changes.append(Revise(grown, reason=f"goes on from {len(cube.parents)} turns"))
        return changes

    return tend


def _note_id(namespace: str, session: str) -> str:
    """The id of the note of a session."""
    return digest(MADE_BY, namespace, session)


def notes(view: View) -> list[MemCube]:
    """The notes that stand, the newest ones; without those an erasure made anew, which are written when their session
    goes on."""
    rows = view.sieved(types=("semantic",)).alive()[-LATEST:]
    return _in_order(each for each in view.cubes(rows) if each.made_by == MADE_BY and "own" in each.meta)


def _in_order(cubes: Iterable[MemCube]) -> list[MemCube]:
    """Notes in the order of their sessions."""
    return sorted(cubes, key=_moment)


def _moment(note: MemCube) -> tuple[float, str]:
    return (note.valid_from.timestamp() if note.valid_from is not None else 0.0, str(note.meta["first"]))


def _note(id: str, said: Sequence[MemCube], words: int) -> Asking[MemCube | None]:
    """The note of a session by itself."""
    texts = [each.text for each in said]
    trouble = yield summary(texts, words, "what troubles the speaker")
    if not isinstance(trouble, str) or not trouble.strip():
        return None
    own = named(strengths((yield emotion("\n".join(texts)))))
    meta = {"trouble": trouble, "own": own, "session": said[0].session, "first": said[0].id, "read": read_from(said)}
    return made_of(id, trouble, said, MADE_BY, meta=meta)


def _written(note: MemCube, felt: Floats) -> MemCube:
    """A note with the feeling that has come to it."""
    shown = named(felt)
    feels = mood(shown, least=0.1)
    lead = f"Feels {feels} above all. " if feels else ""
    meta = {**note.meta, "emotion": shown}
    return replace(note, text=f"{lead}{note.meta['trouble']}", mood=feels, meta=meta)
