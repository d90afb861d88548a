"""Think over what was said: keep what is worth it, filed under tags.

Source: Rebecca Westhäußer, Frederik Berenz, Wolfgang Minker, Sebastian Zepf, CAIM: Development and Evaluation of a
    Cognitive AI Memory Framework for Long-Term Interaction with Intelligent Agents, 2025. arXiv 2505.13044
Needs: nothing
Cost: two questions ("thoughts" and "tags") for each stretch of new turns, one more a thought
Differs: the conversation itself is kept as well; a thought that only repeats a turn is not kept beside it, the turn is
    filed instead.

New turns are read in stretches of `turns` of one session. Each gives thoughts of one sentence, which name the turns
they come from and are filed under tags (links ``tagged`` to nodes such as ``tag:food``). A thought that says what a
standing one of the same person says becomes one more witness of that. Turns are filed themselves, so that a filter by
tags finds both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from mnesis.drive import Asking
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.store.terms import terms
from mnesis.text.alike import joined, normal, tells
from mnesis.text.ask import tags
from mnesis.text.ask import thoughts as asked_thoughts
from mnesis.text.calibration import support
from mnesis.text.derived import made_of
from mnesis.text.rank.tagged import KIND, NODE
from mnesis.text.tend import Tend
from mnesis.words import Add, Change, Connect, Link, MemCube, Revise, digest, replace

MADE_BY = "text.tend.thoughts"
SAME = 0.7  # of the terms of both together: then two thoughts say the same


def thoughts(turns: int = 12) -> Tend:
    """Thoughts and tags of what was said, `turns` turns at a time."""
    if turns < 1:
        raise BadInput(f"turns={turns} leaves nothing to think over; give 1 or more.")

    def tend(view: View, now: datetime) -> Asking[list[Change]]:
        changes: list[Change] = []
        made: dict[str, MemCube] = {}
        for part in _stretches(view, turns):
            filed = {link.head for link in view.linked([each.id for each in part], (KIND,))}
            for each in part:
                if each.id not in filed:
                    names = yield tags(each.text)
                    changes += _filed(each.id, names, view)
            said = "\n".join(f"{each.speaker}: {each.text}" if each.speaker else each.text for each in part)
            reply = yield asked_thoughts(said)
            for text in reply or ():
                changes += yield from _kept(_without(text, part), part, made, view)
        return changes

    return tend


def _stretches(view: View, turns: int) -> Iterator[list[MemCube]]:
    """New turns, session by session, in the order they were said."""
    rows = view.changed()
    codes = view.column("session", rows)
    for code in dict.fromkeys(codes.tolist()):
        told = [each for each in view.cubes(rows[codes == code]) if not each.parents and tells(terms(each.text))]
        for start in range(0, len(told), turns):
            yield told[start : start + turns]


def _without(text: str, part: Sequence[MemCube]) -> str:
    """A thought without the name of who said it in front."""
    head, colon, rest = text.partition(": ")
    return rest.strip() if colon and head in {each.speaker for each in part} else text.strip()


def _kept(text: str, part: Sequence[MemCube], made: dict[str, MemCube], view: View) -> Asking[list[Change]]:
    behind = support(text, part)
    if not tells(terms(text)) or not behind or any(normal(text) == normal(each.text) for each in part):
        return []
    cube = made_of("", text, behind[:5], MADE_BY)
    cube = replace(cube, id=digest("thought", view.namespace, cube.speaker, normal(text)))
    held = frozenset(terms(text))
    standing = [*made.values(), *_thoughts(held, view)]
    same = next((each for each in standing if each.speaker == cube.speaker and _same(held, each)), None)
    if same is not None:
        grown = joined(same, cube)
        made[same.id] = grown
        return [] if grown is same else [Revise(grown, reason=f"said again in {behind[0].id}")]
    if cube.id in made or view.history(cube.id):
        return []  # it stands, or somebody let it go
    made[cube.id] = cube
    names = yield tags(text)
    return [Add(cube), *_filed(cube.id, names, view)]


def _thoughts(held: frozenset[str], view: View) -> list[MemCube]:
    rows = view.words(tuple(sorted(held))).top(20)[0]
    return [each for each in view.cubes(rows) if each.made_by == MADE_BY]


def _same(held: frozenset[str], other: MemCube) -> bool:
    theirs = frozenset(terms(other.text))
    return len(held & theirs) >= SAME * len(held | theirs)


def _filed(id: str, names: Sequence[str] | None, view: View) -> list[Change]:
    kept = dict.fromkeys(names or ())
    return [Connect(Link(id, f"{NODE}{name}", KIND, 1.0, view.namespace, made_by=MADE_BY)) for name in kept]
