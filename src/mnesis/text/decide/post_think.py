"""Think about every exchange once, and insert, forget and merge the thoughts.

Source: Lei Liu, Xiaoyan Yang, Yue Shen, Binbin Hu, Zhiqiang Zhang, Jinjie Gu, Guannan Zhang, Think-in-Memory: Recalling
    and Post-thinking Enable LLMs with Long-Term Memory, 2023. arXiv 2311.08719
Needs: nothing
Cost: one question an exchange, and one for each thought already in its buckets that shares words, at most `n`
Differs: order is kept with each exchange instead of now and then; what is forgotten or merged ends from that date on
    and stays in its time; the turns stay word for word beside the thoughts.

What is worth remembering is thought once, after the response, instead of anew at every recall. What a user says waits
for the answer, and both are thought about together; without roles every turn is thought about alone. A thought is put
into buckets by hashing (`text.buckets`), where later ones meet it. Those a new thought makes untrue are forgotten, one
that says the same is merged with it, and two of the same subject that belong together become one thought.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from mnesis.drive import Asking
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.store.marks import QUARANTINE, rank
from mnesis.text import ask
from mnesis.text.alike import unseen
from mnesis.text.buckets import buckets
from mnesis.text.decide import Decide
from mnesis.text.decide._draft import Draft
from mnesis.text.decide._statement import derived, says_only
from mnesis.words import Change, Link, MemCube

MADE_BY = "text.decide.post_think"
NEWEST = 32  # thoughts of a bucket that are looked at, and of all of them those in the same bucket most often
LEAST = 0.2  # terms in common over terms in either below which two thoughts are not compared
LATEST = 64  # the newest memories among which the question before an answer is sought


def post_think(n: int = 4) -> Decide:
    """Thoughts of every exchange, each held against the `n` thoughts of its buckets most like it."""
    if n < 1:
        raise BadInput(f"n={n} makes no sense; a thought is compared with at least 1 other.")

    def decide(cubes: Sequence[MemCube], view: View) -> Asking[list[Change]]:
        draft = Draft(view)
        held: dict[str, list[str]] = {}
        said: dict[str, MemCube] = {}  # what a user said last in each session, of this batch
        for turn in unseen(cubes, view):
            draft.add(turn)
            if turn.role == "user" and turn.session:
                said[turn.session] = turn
                continue
            asked = (said.pop(turn.session, None) or _asked(turn, view)) if turn.role == "assistant" else None
            text = f"{asked.speaker or 'User'}: {asked.text}\n{turn.speaker or 'Answer'}: {turn.text}" if asked else ""
            told = yield ask.thoughts(text or turn.text, (asked or turn).speaker)
            also = (turn,) if asked else ()
            for thought in dict.fromkeys(each.strip() for each in told or ()):
                made = derived(asked or turn, thought, view, MADE_BY, *also)
                kept = yield from _placed(made, turn, draft, view, held, n)
                if kept is not None and says_only(turn, thought):
                    draft.repeat(turn, kept)
        return draft.changes()

    return decide


def _placed(
    new: MemCube, turn: MemCube, draft: Draft, view: View, held: dict[str, list[str]], n: int
) -> Asking[MemCube | None]:
    """Insert a thought among those of its buckets, forgetting and merging; the thought that holds it now."""
    if draft.get(new.id) is not None:
        return None
    beside = _beside(new, draft, view, held, n)
    for old in beside:
        reply = yield ask.update(old.text, new.text)
        if reply == "PASS":
            return draft.witness(old, new)
        if reply in ("REPLACE", "DELETE"):
            draft.end(old, new, "supersedes")
        elif reply == "APPEND" and _subject(old) == _subject(new):
            text = yield ask.merged(old.text, new.text)
            if text:
                both = derived(turn, str(text), view, MADE_BY, old, new)
                draft.end(old, both, "merges")
                new = both
    draft.add(new)
    for node in buckets(new.text):
        held.setdefault(node, []).append(new.id)
        draft.connect(Link(new.id, node, "bucket", 1.0, new.namespace, made_by=MADE_BY))
    return new


def _beside(new: MemCube, draft: Draft, view: View, held: dict[str, list[str]], n: int) -> list[MemCube]:
    """The thoughts of the same buckets that hold and share most terms with a new one."""
    nodes = buckets(new.text)
    tables = Counter(id for node in nodes for id in held.get(node, ())[-NEWEST:])
    if len(view):
        tables.update([each.head for each in view.linked(nodes, ("bucket",))][-NEWEST * len(nodes) :])
    often = [id for id, _ in sorted(tables.items(), key=lambda each: (-each[1], each[0]))[:NEWEST]]
    found = [each for each in map(draft.get, often) if each is not None and _fits(new, each) and draft.holds(each)]
    mine = draft.terms_of(new)
    shared = [(_share(mine, draft.terms_of(each)), each) for each in found]
    return [each for share, each in sorted(shared, key=lambda pair: (-pair[0], pair[1].id)) if share >= LEAST][:n]


def _share(mine: frozenset[str], theirs: frozenset[str]) -> float:
    return len(mine & theirs) / max(1, len(mine | theirs))


def _subject(cube: MemCube) -> str:
    """What a thought begins with: whom or what it is about."""
    return cube.text.split(maxsplit=1)[0].casefold() if cube.text.split() else ""


def _fits(new: MemCube, old: MemCube) -> bool:
    early = old.valid_from is None or new.valid_from is None or old.valid_from <= new.valid_from
    return early and old.id != new.id and rank(old.trust) <= rank(new.trust) and QUARANTINE not in old.meta


def _asked(turn: MemCube, view: View) -> MemCube | None:
    """What the user said last in the session of an answer."""
    if not turn.session or not len(view):
        return None
    rows = view.alive()[-LATEST:]
    same = (view.column("session", rows) == view.code(turn.session)) & (view.column("role", rows) == view.code("user"))
    return view.cubes(rows[same][-1:])[0] if same.any() else None
