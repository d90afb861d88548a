"""Link memories to the things they speak of: noun phrases without a name.

Source: Rose, Engel, Cramer and Cowley, Automatic Keyword Extraction from Individual Documents, 2010.
    doi 10.1002/9780470689646.ch1
Needs: nothing
Cost: one scan of the text; at most `most` links a memory
Differs: small words, verbs and punctuation delimit as in the paper, but phrases are not scored: what many memories
    share becomes a hub by itself, and hubs count little when the graph is walked.

Names (`text.link.entities`) join memories about people and places; most things have none. "I painted the red boat"
and "the red boat leaks" meet at the node ``entity:red boat``, and both at ``entity:boat`` too. Links are called
``speaks_of``; those to names, ``mentions``, weigh more.

>>> from mnesis.words import MemCube
>>> [each.tail for each in phrases()([MemCube("a", "We keep the red boat in the harbour.")], None)]
['entity:red boat', 'entity:boat', 'entity:harbour']
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.graph import ENTITY
from mnesis.text.link import Linker
from mnesis.text.triples import phrases as found_in
from mnesis.words import Link, MemCube

MADE_BY = "text.link.phrases"


def phrases(most: int = 24, weight: float = 0.5) -> Linker:
    """A linker to noun phrases; `most` links a memory, each of this `weight`."""
    if most < 1 or weight <= 0:
        raise BadInput(f"most={most} and weight={weight} must both be above 0.")

    def link(cubes: Sequence[MemCube], view: View) -> list[Link]:
        return list(dict.fromkeys(each for cube in cubes for each in _links(cube, most, weight)))

    return link


def _links(cube: MemCube, most: int, weight: float) -> Iterator[Link]:
    names: dict[str, None] = {}
    for phrase in found_in(cube.text):
        names[phrase] = None
        head = phrase.rpartition(" ")[2]
        if len(head) > 2 and not head.isdigit():
            names[head] = None
    for name in list(names)[:most]:
        yield Link(cube.id, ENTITY + name, "speaks_of", weight, cube.namespace, made_by=MADE_BY)
