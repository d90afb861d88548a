"""Link names that a memory says are one: "Dr Ruth Grey, also known as Rue".

Source: Hearst, Automatic Acquisition of Hyponyms from Large Text Corpora, 1992. doi 10.3115/992133.992154
Needs: nothing
Cost: one scan of the text
Differs: patterns for other names of one thing, where the paper's are for kinds of things.

The patterns are few and say it outright: "also known as", "alias", "better known as", "nicknamed", "short for",
"formerly", a name in brackets behind its initials, and what speakers say of themselves ("my name is", "call me"). A
merge is a link that can be cut again (see `text.same`).

>>> from mnesis.words import MemCube
>>> cube = MemCube("a", "Robert Grey, also known as Bobby, sails.")
>>> [each.tail for each in aliases()([cube], None) if each.kind == "same"]
['same:bobby|robert grey|alias']
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mnesis.store import View
from mnesis.text.graph import ENTITY
from mnesis.text.link import Linker
from mnesis.text.same import merge
from mnesis.text.triples import plain
from mnesis.words import Link, MemCube

MADE_BY = "text.link.aliases"
NAME = r"[A-Z][\w'’.-]*(?:[ ](?:of |de |van |von )?[A-Z][\w'’.-]*){0,4}"
SAID = re.compile(
    rf"({NAME}),? (?:\()?(?:was |is |were |are )?(?:also|better|commonly|formerly|previously|now|otherwise)? ?"
    rf"(?:known as|called|nicknamed|alias|a\.?k\.?a\.?|short for)[ ]“?\"?({NAME})"
)
BRACKETS = re.compile(rf"({NAME}) \(([A-Z]{{2,6}})\)")
MYSELF = re.compile(rf"\b(?:[Mm]y name is|[Cc]all me|[Ee]verybody calls me|[Ff]riends call me|I am called) ({NAME})")


def aliases() -> Linker:
    """A linker between the names of one thing."""

    def link(cubes: Sequence[MemCube], view: View) -> list[Link]:
        return list(dict.fromkeys(each for cube in cubes for each in _links(cube)))

    return link


def _links(cube: MemCube) -> Iterator[Link]:
    for one, other, why in _pairs(cube):
        if one and other and one != other:
            for name in (one, other):
                yield Link(cube.id, ENTITY + name.replace("|", "/"), "mentions", 1.0, cube.namespace, made_by=MADE_BY)
            yield merge(cube.id, one, other, why, cube.namespace, MADE_BY)


def _pairs(cube: MemCube) -> Iterator[tuple[str, str, str]]:
    for match in SAID.finditer(cube.text):
        yield plain(match[1]), plain(match[2]), "alias"
    for match in BRACKETS.finditer(cube.text):
        name = match[1].removeprefix("The ")
        if "".join(word[0] for word in name.split() if word[0].isupper()) == match[2]:
            yield plain(name), plain(match[2]), "alias"
    for match in MYSELF.finditer(cube.text) if cube.speaker else ():
        yield plain(cube.speaker), plain(match[1]), "speaker"
