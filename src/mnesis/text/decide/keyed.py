"""Add every new memory with the facts it states as further keys to find it by.

Source: Di Wu, Hongwei Wang, Wenhao Yu, Yuwei Zhang, Kai-Wei Chang, Dong Yu, LongMemEval: Benchmarking Chat Assistants
    on Long-Term Interactive Memory, 2024. arXiv 2410.10813
Needs: nothing
Cost: one question and one embedding more a memory
Differs: nothing.

The value stays the text as it was said; the key is that text and the facts extracted from it. A fact says with names
and dates what a turn says with "he" and "yesterday", so a question meets it where it would miss the turn. All facts of
a memory are embedded together, and its words can be found by as well (``meta["found_by"]``). A fact that says no more
than the text itself adds nothing.

>>> from mnesis.words import MemCube
>>> from mnesis.drive import replay
>>> class Empty:
...     def rows(self, ids): return __import__("numpy").full(len(ids), -1)
...     def history(self, id): return []
>>> turn = MemCube("a", "He moved there yesterday.", keys=("He moved there yesterday.",))
>>> (change,), _ = replay(keyed()([turn], Empty()), [["Tom moved to Lisbon on 2 March 2026."]])
>>> change.cube.keys[1]
'Tom moved to Lisbon on 2 March 2026.'
"""

from __future__ import annotations

from collections.abc import Sequence

from mnesis.drive import Asking
from mnesis.store import View
from mnesis.store.terms import terms
from mnesis.text import ask
from mnesis.text.alike import unseen
from mnesis.text.decide import Decide
from mnesis.words import Add, Change, MemCube, replace


def keyed() -> Decide:
    """One Add for each new memory, its facts among its keys."""

    def decide(cubes: Sequence[MemCube], view: View) -> Asking[list[Change]]:
        changes: list[Change] = []
        for cube in unseen(cubes, view):
            facts = yield ask.facts(cube.text, cube.speaker, cube.valid_from)
            said = set(terms(cube.text))
            more = [fact for fact in facts or () if not said >= set(terms(fact))]
            changes.append(Add(_expanded(cube, more) if more else cube))
        return changes

    return decide


def _expanded(cube: MemCube, facts: Sequence[str]) -> MemCube:
    keys = tuple(dict.fromkeys((*(cube.keys or (cube.text,)), " ".join(facts))))
    return replace(cube, keys=keys, meta={**cube.meta, "found_by": list(facts)})
