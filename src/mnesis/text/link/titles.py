"""Link every memory to what it is about, by its title.

Source: mnesis, 2026.
Needs: nothing
Cost: one look at the title, or at the first words of the text; one link a memory
Differs: nothing.

A title is what the event says it is, the heading a passage stands under, or the name a text opens with. The link is
called ``titled`` and leads to the node where all that name it meet ("Ida Brandt" at ``entity:ida brandt``), so a memory
that mentions her leads to the one about her, whichever of them came first: who reads a text looks up the names in it.
What is said in a conversation has no title.

>>> from mnesis.words import MemCube
>>> [(each.kind, each.tail) for each in titles()([MemCube("a", "Ida Brandt (1880-1950) was an engineer.")], None)]
[('titled', 'entity:ida brandt')]
"""

from __future__ import annotations

from collections.abc import Sequence

from mnesis.store import View
from mnesis.text.link import Linker
from mnesis.text.titles import key, title
from mnesis.words import Link, MemCube

MADE_BY = "text.link.titles"
KIND = "titled"


def titles() -> Linker:
    """A linker to what memories are about."""

    def link(cubes: Sequence[MemCube], view: View) -> list[Link]:
        found = ((cube, key(title(cube))) for cube in cubes)
        return [Link(cube.id, node, KIND, 1.0, cube.namespace, made_by=MADE_BY) for cube, node in found if node]

    return link
