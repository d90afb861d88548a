"""Link a memory to the earlier ones that it follows from, and say how.

Source: Kai Tzu-iunn Ong, Namyoung Kim, Minju Gwak, Hyungjoo Chae, Taeyoon Kwon, Yohan Jo, Seung-won Hwang, Dongha Lee,
    Jinyoung Yeo, Towards Lifelong Dialogue Agents via Timeline-based Memory Management, 2024. arXiv 2406.10996
Needs: nothing
Cost: one word search and at most `most` questions ("relation") a new memory; rules answer them without a model
Differs: earlier memories are looked for by words and by what the same person said last, since a new memory has no
    vector yet; links run only between memories of one speaker.

Somebody loses a job, moves because of it, is sad about it, wants another one. Each such step is a link from the earlier
memory to the later one, whose kind says how one follows from the other (`text.ask.RELATIONS`). Of the memories that
one could follow from and that are already linked to each other only the newest is asked about, so a development
becomes a line and not a tangle. Nothing is removed: a memory that was overtaken is the beginning of its timeline.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mnesis.drive import Asking
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.store.terms import terms
from mnesis.text.alike import tells
from mnesis.text.ask import RELATIONS, relation
from mnesis.text.decide.supersede import statements
from mnesis.text.link import Linker
from mnesis.words import Link, MemCube, distinct

MADE_BY = "text.link.causes"
WEIGHTS = {"changes": 1.0, "same_topic": 0.4}  # of all other kinds: 0.8
READ = 30  # earlier memories that share words, of whom those of the same speaker are looked at
BATCH = 200  # memories of the same batch that are looked back at


def causes(most: int = 3) -> Linker:
    """A linker along causes; `most` is how many earlier memories one is compared with."""
    if most < 1:
        raise BadInput(f"most={most} counts the earlier memories a new one is compared with; give 1 or more.")

    def link(cubes: Sequence[MemCube], view: View) -> Asking[list[Link]]:
        held = [frozenset() if _asks(each.text) else frozenset(terms(each.text)) for each in cubes]
        out: list[Link] = []
        after: dict[str, set[str]] = {}  # what follows from what, of the links drawn here
        for at, cube in enumerate(cubes):
            if not tells(tuple(held[at])):
                continue
            start = max(0, at - BATCH)
            before = zip(cubes[start:at], held[start:at], strict=True)
            batch = [(each, said) for each, said in before if tells(tuple(said))]
            for old in _newest(_earlier(cube, held[at], batch, view, 2 * most), view, after)[:most]:
                kind = yield relation(old.text, cube.text)
                if kind in RELATIONS and kind != "none":
                    weight = WEIGHTS.get(kind, 0.8)
                    out.append(Link(old.id, cube.id, kind, weight, cube.namespace, cube.valid_from, made_by=MADE_BY))
                    after.setdefault(old.id, set()).add(cube.id)
        return list(dict.fromkeys(out))

    return link


def _asks(text: str) -> bool:
    return text.rstrip().endswith("?")


def _earlier(
    cube: MemCube, wanted: frozenset[str], batch: Sequence[tuple[MemCube, frozenset[str]]], view: View, most: int
) -> list[MemCube]:
    """What the same speaker said before that shares words with the text, and what they said last; likeliest first."""
    looks = {each.look for each in statements(cube.text)}  # "moved to Lisbon" is about where somebody lives
    asked = [tuple(sorted(wanted)), *(tuple(terms(look)) for look in sorted(looks))]
    every = np.concatenate([view.words(each).top(READ)[0] for each in asked]) if len(view) else np.zeros(0, np.int64)
    rows = every[view.column("speaker", every) == view.code(cube.speaker)][: 2 * most] if len(every) else every
    old = [(each, frozenset(terms(each.text))) for each in view.cubes(distinct(rows)) if not _asks(each.text)]
    about = frozenset(term for look in looks for term in terms(look)) | wanted
    mine = [(each, said) for each, said in batch if each.speaker == cube.speaker]
    if cube.session and not any(each.session == cube.session for each, _ in mine):
        old += [(each, frozenset(terms(each.text))) for each in _said_last(cube, view) if not _asks(each.text)]
    last = {each.id for each, _ in [*old, *mine][-1:] if each.session and each.session == cube.session}
    shared = {each.id: len(about & said) / len(wanted | said) for each, said in [*old, *mine]}
    near = [each for each, said in [*old, *mine] if tells(tuple(said)) and (shared[each.id] or each.id in last)]
    known = [each for each in {each.id: each for each in near}.values() if each.id != cube.id and _before(each, cube)]
    return sorted(known, key=lambda each: (-shared[each.id], each.id))[:most]


def _said_last(cube: MemCube, view: View) -> list[MemCube]:
    """What the same person said last in the same session, if it is among the newest memories."""
    rows = view.alive()[-READ:] if len(view) else np.zeros(0, np.int64)
    same = (view.column("speaker", rows) == view.code(cube.speaker)) & (
        view.column("session", rows) == view.code(cube.session)
    )
    return view.cubes(rows[same][-1:])


def _before(old: MemCube, new: MemCube) -> bool:
    return old.valid_from is None or new.valid_from is None or old.valid_from <= new.valid_from


def _newest(earlier: Sequence[MemCube], view: View, after: dict[str, set[str]]) -> list[MemCube]:
    """The memories from which none of the others follows."""
    ids = {each.id for each in earlier}
    out = []
    for each in earlier:
        later = {link.tail for link in view.links(each.id) if link.head == each.id and link.made_by == MADE_BY}
        if not (later | after.get(each.id, set())) & ids:
            out.append(each)
    return out
