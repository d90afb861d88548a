"""Write down what each community of the graph is about.

Source: Traag, Waltman and van Eck, From Louvain to Leiden: Guaranteeing Well-connected Communities, 2019.
    doi 10.1038/s41598-019-41695-z
Needs: graph
Cost: one run of Leiden over the graph when something has changed; a summary a community
Differs: the communities are those of memories and what they name, and each is summed up in sentences of its own
    memories, or by a language model within a budget.

Questions about a matter as a whole are answered by no memory alone. For every community of at least `least` memories
a summary is kept as a memory made of them; when its members change, the old summary is retired and a new one written.
"""

from __future__ import annotations

from datetime import datetime

from mnesis.drive import Ask, Asking
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.communities import communities as found_in
from mnesis.text.communities import summary
from mnesis.text.derived import made_of
from mnesis.text.graph import graph
from mnesis.text.tend import Tend
from mnesis.words import Add, Change, MemCube, Retire, digest

MADE_BY = "text.tend.communities"
SAID = {"type": "string", "minLength": 1}
INSTRUCTION = "Sum up in at most three sentences what these memories are about. Keep names; add nothing of your own."


def communities(least: int = 4, sentences: int = 3, resolution: float = 1.0) -> Tend:
    """Keep a summary of each community of at least `least` memories."""
    if least < 2 or sentences < 1 or resolution <= 0:
        raise BadInput(
            f"least={least} must be at least 2, sentences={sentences} at least 1, and the resolution above 0."
        )

    def tend(view: View, now: datetime) -> Asking[list[Change]]:
        standing = {each.id: each for each in _summaries(view)}
        wanted: dict[str, list[MemCube]] = {}
        for group in _members(view, least, resolution):
            wanted[digest(MADE_BY, view.namespace, *sorted(each.id for each in group))] = group
        changes: list[Change] = [
            Retire(id, f"the community of {len(each.parents)} memories has changed")
            for id, each in standing.items()
            if id not in wanted
        ]
        for id, group in wanted.items():
            if id in standing or view.history(id):
                continue
            texts = [each.text for each in group]
            reply = yield Ask("community", {"memories": texts[:30]}, SAID, INSTRUCTION, 200)
            text = reply if reply is not None else summary(texts, sentences)
            changes.append(Add(made_of(id, text, group, MADE_BY)))
        return changes

    return tend


def _summaries(view: View) -> list[MemCube]:
    rows = view.alive()
    rows = rows[view.column("session", rows) == 0]
    return [each for each in view.cubes(rows) if each.made_by == MADE_BY]


def _members(view: View, least: int, resolution: float) -> list[list[MemCube]]:
    """The living memories of each community, oldest first; summaries are no members."""
    web = graph(view)
    if not (web.degree > 0).any():
        return []
    groups = []
    for nodes in found_in(web, resolution):
        rows = view.rows([web.names[node] for node in nodes.tolist() if ":" not in web.names[node]])
        cubes = [each for each in view.cubes(rows[rows >= 0]) if each.made_by != MADE_BY]
        if len(cubes) >= least:
            groups.append(cubes)
    return groups
