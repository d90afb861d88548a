"""Facts into scenes, scenes into who somebody is, and both held against the facts.

Source: Wenyu Mao, Haosong Tan, Shuchang Liu, Haoyang Liu, Yifan Xu, Huaxiang Ji, Xiang Wang, Bi-Mem: Bidirectional
    Construction of Hierarchical Memory for Personalized LLMs via Inductive-Reflective Agents, 2026. arXiv 2601.06490
Needs: nothing
Cost: one word search and one vector search for each new memory; a few questions for each scene and each person touched
Differs: scenes grow with each new fact instead of being clustered anew; what was said is the fact, word for word.

Upwards: a new fact joins the scene that most of what is near it belongs to, or begins one with its nearest; each
scene tells what its facts say, and each person is told from the facts of the scenes. Downwards: every claim of a scene
or a person must be borne out by a fact and not denied by a newer one, and a claim of a scene gives way to one about
the whole person that cannot be true beside it and rests on more (`text.calibration`). Only what new facts touch is
made anew. Facts are linked to their scene by ``part_of``, scenes to people by ``shapes``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from mnesis.drive import Asking
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.alike import tells
from mnesis.text.ask import portrait, summary, topic
from mnesis.text.calibration import calibrated, claims, held, support
from mnesis.text.derived import made_of, put, read_from
from mnesis.text.tend import Tend
from mnesis.words import Change, Connect, Link, MemCube, Retire, digest

MADE_BY = "text.tend.scenes"
MOST = 40  # facts of one scene; then another one is begun
FACTS = 60  # a person is told from, the newest ones of the scenes that changed
MEANT = 0.5  # cosine from which on two facts are near by meaning


def scenes(near: float = 0.3, nearest: int = 5, words: int = 45) -> Tend:
    """Scenes of about `words` words; two facts are `near` from this likeness on, in 0..1."""
    if not 0 < near <= 1 or nearest < 1 or words < 1:
        raise BadInput(f"near={near} must lie in (0, 1], nearest={nearest} and words={words} be at least 1.")

    def tend(view: View, now: datetime) -> Asking[list[Change]]:
        fresh = [each for each in view.cubes(view.changed()) if _is_fact(each)]
        left = [each for each in view.cubes(view.retired()) if _is_fact(each)]
        gone = [link.tail for link in view.linked([each.id for each in left], ("part_of",)) if _ours(link)]
        joined, links = _placed(fresh, view, near, nearest)
        touched = dict.fromkeys([*gone, *joined])
        facts = {id: _facts(id, joined.get(id, []), view) for id in touched}
        told: dict[str, str] = {}
        for id, members in facts.items():
            if len(members) > 1 and not _same(view.get(id), members):
                text = yield summary([each.text for each in members], words)
                told[id] = text if isinstance(text, str) else ""
        heard = {each.speaker for id in told for each in facts[id]} | {each.speaker for each in left}
        people = sorted(heard - {""})
        known: dict[str, list[MemCube]] = {
            name: [each for id in told for each in facts[id] if each.speaker == name] for name in people
        }
        changes: list[Change] = list(map(Connect, links))
        whole: dict[str, list[tuple[str, int]]] = {}
        for name, said in known.items():
            made, whole[name] = yield from _person(name, said, view, words)
            changes += made
        for id, text in told.items():
            rests = [claim for name in {each.speaker for each in facts[id]} for claim in whole.get(name, ())]
            right = yield from calibrated(text, facts[id], rests)
            changes += yield from _scene(id, right.text, right.why, facts[id], view)
            heard = {each.speaker for each in facts[id]} if right.text else set()
            drawn = {link.tail for link in view.linked([id], ("shapes",))}
            shaped = {_persona(name, view) for name in heard if whole.get(name)}
            changes += [Connect(_link(id, each, "shapes", view)) for each in sorted(shaped - drawn)]
        empty = [id for id, members in facts.items() if len(members) < 2 and view.get(id) is not None]
        return [*changes, *(Retire(id, "fewer than two of its facts stand") for id in empty)]

    return tend


def _is_fact(cube: MemCube) -> bool:
    """Whether a memory was told (or made of what was told) and states enough to belong somewhere."""
    return cube.made_by != MADE_BY and tells(tuple(held(cube.text))) and not cube.text.rstrip().endswith("?")


def _ours(link: Link) -> bool:
    return link.made_by == MADE_BY


def _persona(name: str, view: View) -> str:
    return digest("persona", view.namespace, name)


def _link(head: str, tail: str, kind: str, view: View) -> Link:
    return Link(head, tail, kind, namespace=view.namespace, made_by=MADE_BY)


def _placed(
    fresh: Sequence[MemCube], view: View, near: float, nearest: int
) -> tuple[dict[str, list[MemCube]], list[Link]]:
    """The scenes that new facts belong to (id -> those of them that were not there), and the links this draws."""
    links = [link for link in view.linked([each.id for each in fresh], ("part_of",)) if _ours(link)]
    home = {link.head: link.tail for link in links}
    size: dict[str, int] = {}
    joined: dict[str, list[MemCube]] = {home[each.id]: [] for each in fresh if each.id in home}
    waiting = {each.id: each for each in fresh if each.id not in home}
    drawn: list[Link] = []

    def put(cube: MemCube, scene: str) -> None:
        home[cube.id] = scene
        size[scene] = _size(scene, size, view) + 1
        joined.setdefault(scene, []).append(cube)
        drawn.append(_link(cube.id, scene, "part_of", view))

    for cube in list(waiting.values()):
        if cube.id in home:
            continue
        beside = _beside(cube, view, near, nearest)
        unknown = [each.id for each, _ in beside if each.id not in home and each.id not in waiting]
        home |= {link.head: link.tail for link in view.linked(unknown, ("part_of",)) if _ours(link)}
        votes: dict[str, float] = {}
        for other, weight in beside:
            if other.id in home:
                votes[home[other.id]] = votes.get(home[other.id], 0.0) + weight
        room = [scene for scene in votes if _size(scene, size, view) < MOST]
        if room:
            put(cube, max(room, key=lambda scene: (votes[scene], scene)))
            continue
        partner = next((each for each, _ in beside if each.id not in home), None)
        if partner is not None:
            scene = digest("scene", view.namespace, partner.id)
            put(partner, scene)
            put(cube, scene)
    return joined, drawn


def _size(scene: str, size: dict[str, int], view: View) -> int:
    if scene not in size:
        size[scene] = len(view.linked([scene], ("part_of",)))
    return size[scene]


def _beside(cube: MemCube, view: View, near: float, nearest: int) -> list[tuple[MemCube, float]]:
    """The facts nearest to one, and how near in 0..1: by the words they share, or by meaning."""
    mine = held(cube.text)
    found: dict[int, float] = dict.fromkeys(view.words(tuple(sorted(mine))).top(3 * nearest)[0].tolist(), 0.0)
    vector = view.vector(cube.id)
    if vector is not None:
        rows, cosine = view.near(vector).top(3 * nearest)
        found |= {row: (float(c) - MEANT) / (1 - MEANT) for row, c in zip(rows.tolist(), cosine.tolist(), strict=True)}
    others = view.cubes(np.array(list(found), np.int64))
    out = []
    for other, meant in zip(others, found.values(), strict=True):
        if other.id != cube.id and _is_fact(other):
            theirs = held(other.text)
            weight = max(
                meant, len(mine & theirs) / min(len(mine), len(theirs)) * 0.75 if len(mine & theirs) > 1 else 0
            )
            if weight >= near:
                out.append((other, weight))
    return sorted(out, key=lambda each: (-each[1], each[0].id))[:nearest]


def _facts(scene: str, joined: Sequence[MemCube], view: View) -> list[MemCube]:
    """The facts of a scene that stand, oldest first."""
    ids = dict.fromkeys(link.head for link in view.linked([scene], ("part_of",)))
    rows = view.rows(list(ids))
    members = {each.id: each for each in [*view.cubes(rows[rows >= 0]), *joined]}
    return sorted(
        members.values(), key=lambda each: (each.valid_from.timestamp() if each.valid_from else 0.0, each.order)
    )


def _same(old: MemCube | None, members: Sequence[MemCube]) -> bool:
    return old is not None and old.meta.get("read") == read_from(members)


def _scene(id: str, text: str, why: tuple[str, ...], facts: Sequence[MemCube], view: View) -> Asking[list[Change]]:
    old = view.get(id)
    if not text:
        return [] if old is None else [Retire(id, "; ".join(why) or "it says nothing")]
    name = yield topic("\n".join(each.text for each in facts))
    meta = {
        "level": "scene",
        "topic": name or "",
        "read": read_from(facts),
        **({"calibrated": list(why)} if why else {}),
    }
    best = list(dict.fromkeys(fact.id for claim in claims(text) for fact in support(claim, facts)))
    order = sorted(facts, key=lambda each: best.index(each.id) if each.id in best else len(best))
    cube = made_of(id, text, order, MADE_BY, "semantic", meta)
    return put(cube, view, "; ".join([f"told anew from {len(facts)} facts", *why]))


def _person(
    name: str, said: Sequence[MemCube], view: View, words: int
) -> Asking[tuple[list[Change], list[tuple[str, int]]]]:
    """Who somebody is, told from facts and held against them; and each claim with how many facts it rests on."""
    id = _persona(name, view)
    old = view.get(id)
    rows = view.rows(old.parents) if old is not None else view.rows([])
    facts = list({each.id: each for each in [*view.cubes(rows[rows >= 0]), *said]}.values())
    facts = sorted(facts, key=lambda each: (each.valid_from.timestamp() if each.valid_from else 0.0, each.order))[
        -FACTS:
    ]
    text = yield portrait(name, [each.text for each in facts], old.text if old is not None else "", words)
    right = yield from calibrated(text if isinstance(text, str) else "", facts)
    rests = {claim: support(claim, facts) for claim in claims(right.text)}
    parents = list({fact.id: fact for behind in rests.values() for fact in behind}.values())
    whole = [(claim, len(behind)) for claim, behind in rests.items()]
    if not parents:
        return ([] if old is None else [Retire(id, "no fact bears it out any more")]), whole
    meta = {"level": "persona", **({"calibrated": list(right.why)} if right.why else {})}
    cube = made_of(id, right.text, parents, MADE_BY, "core", meta)
    return put(cube, view, "; ".join([f"told anew from {len(facts)} facts", *right.why])), whole
