"""Write a card for every new memory, and let it link and rewrite older cards.

Source: Wujiang Xu, Zujie Liang, Kai Mei, Hang Gao, Juntao Tan, Yongfeng Zhang, A-MEM: Agentic Memory for LLM Agents,
    2025. arXiv 2502.12110
Needs: nothing
Cost: two questions a memory; one word search; at most `n` older cards get a new version
Differs: neighbours are found by words and tags instead of one embedding, so that it works without an embedder; the text
    of a memory is never rewritten, only its card is.

A card holds keywords, tags and the context of a memory (``meta["note"]``), and the memory can be found by them too
(``meta["found_by"]``). When a memory comes in, the `n` cards that share most with its own are shown beside it, and the
reply says which of them it belongs to, which become links called ``related``, and how their tags and context should
read in the light of it: an old note is understood better after a new one. Old versions stay in the history.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mnesis.drive import Asking
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.store.marks import QUARANTINE
from mnesis.text import ask
from mnesis.text.alike import unseen
from mnesis.text.decide import Decide
from mnesis.text.decide._draft import Draft
from mnesis.words import Change, Link, MemCube, replace

MADE_BY = "text.decide.evolve"
NOTE = "note"


def evolve(n: int = 5) -> Decide:
    """Cards for new memories, and new cards for the `n` memories most like each."""
    if n < 1:
        raise BadInput(f"n={n} makes no sense; a memory is compared with at least 1 other.")

    def decide(cubes: Sequence[MemCube], view: View) -> Asking[list[Change]]:
        draft = Draft(view, by=_card)
        for cube in unseen(cubes, view):
            reply = yield ask.note(cube.text, cube.speaker)
            new = draft.add(_noted(cube, reply) if reply else cube)
            near = draft.alike(_card(new), n, lambda old, new=new: _fits(new, old))  # type: ignore[misc]
            if not reply or not near:
                continue
            change = yield ask.evolution(_shown(new), [_shown(each) for each in near])
            for old in near if change else ():
                if old.id in change["links"]:
                    made = (new.namespace, new.valid_from, None, MADE_BY)
                    draft.connect(Link(new.id, old.id, "related", 1.0, *made))
            for each in change["updates"] if change else ():
                changed = next((one for one in near if one.id == each["id"]), None)
                if changed is not None:
                    card = {**changed.meta[NOTE], "tags": each["tags"], "context": each["context"]}
                    draft.put(_noted(changed, card))
        return draft.changes()

    return decide


def _noted(cube: MemCube, note: Mapping[str, Any]) -> MemCube:
    """A cube with a card, to be found by what is on it."""
    keywords, tags = ([str(each) for each in note.get(name) or ()] for name in ("keywords", "tags"))
    context = str(note.get("context") or "")
    card = {"keywords": keywords, "tags": tags, "context": context}
    more = [each for each in (context, " ".join(dict.fromkeys([*keywords, *tags]))) if each and each != cube.text]
    keys = tuple(dict.fromkeys((*(cube.keys or (cube.text,)), *more)))
    return replace(cube, meta={**cube.meta, NOTE: card, "found_by": more}, keys=keys)


def _card(cube: MemCube) -> str:
    """What a card is compared by."""
    note = cube.meta.get(NOTE)
    if not isinstance(note, Mapping):
        return cube.text
    return " ".join([cube.text, *map(str, note.get("keywords", ())), *map(str, note.get("tags", ()))])


def _shown(cube: MemCube) -> dict[str, Any]:
    note = cube.meta.get(NOTE)
    card = note if isinstance(note, Mapping) else {}
    return {
        "id": cube.id,
        "text": cube.text,
        "keywords": list(card.get("keywords", ())),
        "tags": list(card.get("tags", ())),
        "context": str(card.get("context", "")),
    }


def _fits(new: MemCube, old: MemCube) -> bool:
    return old.id != new.id and isinstance(old.meta.get(NOTE), Mapping) and QUARANTINE not in old.meta
