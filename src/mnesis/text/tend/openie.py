"""Let a language model read the facts of a memory, in place of those rules read.

Source: Gutiérrez, Shu, Gu, Yasunaga and Su, HippoRAG: Neurobiologically Inspired Long-Term Memory for Large Language
    Models, 2024. arXiv 2405.14831
Needs: nothing
Cost: one question a memory that has not been read yet; without a budget, none and nothing changes
Differs: names and facts are asked for together, in one question where the paper asks two.

The graph that rules drew is there from the first moment; this upgrades it where a budget allows. A memory's ``states``
links are replaced by those of the model, which hold for the same time, and its subjects and objects are linked as
``mentions``. What was read is marked and is not asked about again; what nobody answered is left as it is, and comes
up again when everything is tended again.
"""

from __future__ import annotations

from datetime import datetime

from mnesis.drive import Asking
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text import ask
from mnesis.text.graph import ENTITY
from mnesis.text.link.facts import stated
from mnesis.text.tend import Tend
from mnesis.text.triples import Triple, plain
from mnesis.words import Change, Connect, Disconnect, Link, MemCube

MADE_BY = "text.tend.openie"
READ = "read:openie"


def openie(shortest: int = 12) -> Tend:
    """Read the facts of memories of at least `shortest` characters."""
    if shortest < 1:
        raise BadInput(f"shortest={shortest} counts characters; give 1 or more.")

    def tend(view: View, now: datetime) -> Asking[list[Change]]:
        cubes = [cube for cube in view.cubes(view.changed()) if cube.kind == "text" and len(cube.text) >= shortest]
        links = view.linked([cube.id for cube in cubes], ["states", "read"]) if cubes else []
        done = {link.head for link in links if link.tail == READ}
        changes: list[Change] = []
        for cube in cubes:
            if cube.id in done:
                continue
            reply = yield ask.openie(cube.text, cube.speaker)
            if reply is None or reply.get("by") == "rules":
                continue
            found = [
                Triple(plain(each["subject"]), each["relation"].casefold(), plain(each["object"]))
                for each in reply["facts"]
            ]
            old = [link for link in links if link.head == cube.id and link.kind == "states"]
            changes += map(Disconnect, old)
            changes += map(Connect, _links(cube, [each for each in found if each.subject and each.object]))
        return changes

    return tend


def _links(cube: MemCube, found: list[Triple]) -> list[Link]:
    named = dict.fromkeys(name.replace("|", "/") for each in found for name in (each.subject, each.object))
    mentions = [Link(cube.id, ENTITY + name, "mentions", 1.0, cube.namespace, made_by=MADE_BY) for name in named]
    mark = Link(cube.id, READ, "read", 1.0, cube.namespace, made_by=MADE_BY)
    return [*stated(cube, dict.fromkeys(found), MADE_BY), *mentions, mark]
