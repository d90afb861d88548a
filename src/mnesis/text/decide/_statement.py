"""Statements lifted out of a turn as memories of their own."""

from __future__ import annotations

from collections.abc import Sequence

from mnesis.store import View
from mnesis.store.marks import QUARANTINE, rank
from mnesis.store.terms import terms
from mnesis.text.alike import normal
from mnesis.text.decide.supersede import statements
from mnesis.text.derived import made_of
from mnesis.text.names import without
from mnesis.text.parse._cut import keys, spans
from mnesis.words import MemCube, digest, replace

MEMORY = "semantic"


def lifted(turn: MemCube, texts: Sequence[str], view: View, made_by: str) -> list[MemCube]:
    """A memory for each statement of a turn; a turn of one sentence that states that in the same words is the memory
    itself."""
    distinct = list({normal(text): " ".join(text.split()) for text in texts if text.strip()}.values())
    if len(distinct) == 1 and single(turn) and set(terms(distinct[0])) <= set(terms(f"{turn.text} {turn.speaker}")):
        found_by = without(distinct[0], frozenset(view.speakers()))
        return [replace(turn, type=MEMORY, keys=tuple(dict.fromkeys((*turn.keys, found_by))))]
    return [derived(turn, text, view, made_by) for text in distinct]


def single(turn: MemCube) -> bool:
    """Whether a turn is one sentence that does not ask: it says nothing but what it states."""
    return len(spans(turn.text)) == 1 and not turn.text.rstrip().endswith(("?", "？", "؟"))


def says_only(turn: MemCube, text: str) -> bool:
    """Whether a turn is one sentence, all words of which are in a text made of it."""
    return single(turn) and set(terms(turn.text)) <= set(terms(f"{text} {turn.speaker}"))


def derived(turn: MemCube, text: str, view: View, made_by: str, *also: MemCube) -> MemCube:
    """A memory made of a turn (and of others, `also`), standing beside it. It belongs to no session: what stands beside
    a turn is what was said before and after it."""
    names = frozenset(view.speakers()) | ({turn.speaker} if turn.speaker else frozenset())
    id = digest(made_by, *dict.fromkeys(each.id for each in (turn, *also)), text)
    made = made_of(id, text, list({each.id: each for each in (turn, *also)}.values()), made_by, MEMORY)
    return replace(
        made,
        speaker=turn.speaker,
        role=turn.role,
        valid_from=turn.valid_from,
        known_from=turn.known_from,
        place=turn.place,
        trust=turn.trust,
        keys=keys(text, names),
    )


def comparable(new: MemCube, old: MemCube) -> bool:
    """Whether a memory may judge another: one of the same speaker that is not newer, no more trusted and not in
    quarantine."""
    return (
        old.id != new.id
        and old.type == MEMORY
        and old.speaker == new.speaker
        and rank(old.trust) <= rank(new.trust)
        and QUARANTINE not in old.meta
        and (old.valid_from is None or new.valid_from is None or old.valid_from <= new.valid_from)
    )


def looks(text: str) -> list[str]:
    """Words an older statement of the same relation would hold, where it is a relation known to rules."""
    return sorted({each.look for each in statements(text)} - {""})
