"""Insert, replace or delete: what each new text does to what stands.

Source: Wang, Li, Jiang, Tu and Shi, Crafting Personalized Agents through Retrieval-Augmented Generation on Editable
    Memory Graphs, 2024. arXiv 2409.19401
Needs: nothing
Cost: one word search and one question a new memory
Differs: a replaced memory is retired, not overwritten, and what it said stands in its history; who decides is a rule
    or a language model, where the paper's is trained.

Each new memory is held against the few that share most words with it (of the same speaker) and one of three things
follows. Insert: it is kept beside them. Replace: the one it brings up to date is retired and the facts it stated end
with it. Delete: the one that is no longer true is retired; what was said stays as an event. Nothing else is touched,
and every edit names the memory that made it.
"""

from __future__ import annotations

from collections.abc import Sequence

from mnesis.drive import Asking
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.store.terms import terms
from mnesis.text.alike import unseen
from mnesis.text.ask import operation
from mnesis.text.decide import Decide
from mnesis.text.decide.supersede import statements
from mnesis.words import Add, Change, Disconnect, MemCube, Retire, replace


def edits(near: int = 5) -> Decide:
    """Decide for each new memory against its `near` nearest."""
    if near < 1:
        raise BadInput(f"near={near} counts memories; give 1 or more.")

    def decide(cubes: Sequence[MemCube], view: View) -> Asking[list[Change]]:
        changes: list[Change] = []
        standing: dict[str, MemCube] = {}  # kept by this very batch
        retired: set[str] = set()
        for cube in unseen(cubes, view):
            before = [*_near(cube, view, near), *reversed([*standing.values()][-near:])]
            before = [each for each in before if each.id not in retired and each.speaker == cube.speaker]
            target, verb = (yield from _target(cube, before)) if before else (None, "")
            if target is not None:  # what it takes the place of is what it was made from, too
                retired.add(target.id)
                events = dict.fromkeys((*target.events, *cube.events))
                cube = replace(cube, events=tuple(events), parents=(*cube.parents, target.id))
                changes += map(Disconnect, view.linked([target.id], ["states"]))
                changes += [Add(cube), Retire(target.id, f"{verb} {cube.id}")]
            else:
                changes.append(Add(cube))
            standing[cube.id] = cube
        return changes

    return decide


def _target(cube: MemCube, before: Sequence[MemCube]) -> Asking[tuple[MemCube | None, str]]:
    """The memory that a new one replaces or ends, and which of the two."""
    if cube.text.rstrip().endswith("?"):
        return None, ""
    reply = yield operation(cube.text, [{"id": each.id, "text": each.text} for each in before])
    verb = {"UPDATE": "replaced by", "DELETE": "ended by"}.get(reply["operation"] if reply else "", "")
    return next((each for each in before if verb and reply and each.id == reply["target"]), None), verb


def _near(cube: MemCube, view: View, most: int) -> list[MemCube]:
    """The memories that share most words with one, or with what else its statements are said by ("live", "moved")."""
    looks = " ".join(each.look for each in statements(cube.text))
    rows = view.words(tuple(dict.fromkeys(terms(f"{cube.text} {looks}")))).top(most)[0]
    return view.cubes(rows)
