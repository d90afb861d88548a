"""Link memories to the facts they state, read off by rules.

Source: Etzioni, Fader, Christensen, Soderland and Mausam, Open Information Extraction: The Second Generation, 2011.
    doi 10.5591/978-1-57735-516-8/IJCAI11-012
Needs: nothing
Cost: one scan of the text; at most `most` links a memory
Differs: clauses are cut by short lists of words, not by a tagger; tables and ``key: value`` lines count as text.

"I moved to Lisbon", said by Ana on 2 March, is linked to ``fact:ana|moved to|lisbon`` by a link called ``states``
that holds from that day (or for as long as the memory does). A fact stands in the graph between its subject and its
object for as long as a memory states it, so it is superseded, erased and walked with the memory it came from. Texts
that stand alone ("Harbour Lights. It is a novel …") speak of what they begin with.

>>> from mnesis.words import MemCube
>>> [each.tail for each in facts()([MemCube("a", "I moved to Lisbon.", speaker="Ana")], None)]
['fact:ana|moved to|lisbon']
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.graph import fact
from mnesis.text.link import Linker
from mnesis.text.triples import Triple, triples
from mnesis.words import Link, MemCube

MADE_BY = "text.link.facts"
TITLE = re.compile(r"^([^\W\d][^.!?\n]{0,60})\.\s+\S")


def facts(most: int = 16) -> Linker:
    """A linker to facts; at most `most` of each memory."""
    if most < 1:
        raise BadInput(f"most={most} must be at least 1.")

    def link(cubes: Sequence[MemCube], view: View) -> list[Link]:
        links = (each for cube in cubes for each in stated(cube, read(cube)[:most], MADE_BY))
        return list(dict.fromkeys(links))

    return link


def read(cube: MemCube) -> list[Triple]:
    """The triples of a memory, by rules."""
    title = TITLE.match(cube.text) if not cube.speaker else None
    about = title[1] if title and len(title[1].split()) <= 6 else ""
    return triples(cube.text, cube.speaker, about)


def stated(cube: MemCube, found: Iterable[Triple], made_by: str) -> list[Link]:
    """The links from a memory to what it states; they hold as the memory does."""
    return [
        Link(cube.id, fact(*each), "states", 1.0, cube.namespace, cube.valid_from, cube.valid_to, made_by)
        for each in found
    ]
