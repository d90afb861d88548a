"""Close facts that a later one replaced: they end at that date and stay readable.

Source: Rasmussen, Paliychuk, Beauvais, Ryan and Chalef, Zep: A Temporal Knowledge Graph Architecture for Agent Memory,
    2025. arXiv 2501.13956
Needs: nothing
Cost: one pass over the names of facts; links are read only of those with more than one value
Differs: which relations hold one value at a time is a list, not a question to a model.

"Ana lives in Porto", told in March, and "Ana moved to Lisbon", told in May: from May on the first no longer holds. Its
link gets an end and stays, so a walk at a moment (``valid_at``) goes by what was true then. Relations that may hold of
several things at once (likes, owns, knows) are left alone, and so are facts without a date.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from mnesis.store import View
from mnesis.text.graph import parts
from mnesis.text.tend import Tend
from mnesis.words import Change, Connect, Disconnect, Link, replace

# Relations of which one holds at a time, by what they say; one that says two things ends both.
SAYS: dict[str, tuple[str, ...]] = {
    "moved to": ("home", "place"),
    **dict.fromkeys(("lives in", "live in", "lived in", "relocated to", "settled in", "is living in"), ("home",)),
    **dict.fromkeys(
        ("is in", "is at", "am in", "am at", "went to", "travelled to", "traveled to", "journeyed to", "returned to"),
        ("place",),
    ),
    **dict.fromkeys(("works at", "works for", "work at", "work for", "joined", "is working at"), ("work",)),
    **dict.fromkeys(("is married to", "married"), ("spouse",)),
    **dict.fromkeys(("is called", "is named", "was renamed"), ("name",)),
}
KEYS = frozenset(
    """status owner price colour color address phone email age version capital home job employer boss manager director
    president ceo mayor doctor dentist name title password code location place city country size weight height number
    deadline wife husband partner""".split()
)


def timelines() -> Tend:
    """End what was replaced."""

    def tend(view: View, now: datetime) -> list[Change]:
        drawn = view.drawn()
        lines: dict[tuple[str, str], set[str]] = {}
        for at in dict.fromkeys(drawn.tail[drawn.of_kind("states")].tolist()):
            for line in _lines(drawn.names[at]):
                lines.setdefault(line, set()).add(drawn.names[at])
        several = {name for names in lines.values() if len(names) > 1 for name in names}
        links: dict[str, list[Link]] = {}
        for link in view.linked(sorted(several), ["states"]) if several else ():
            links.setdefault(link.tail, []).append(link)
        ends: dict[Link, datetime] = {}
        for _, names in sorted(lines.items()):
            if len(names) > 1:
                for link, end in _ended([each for name in sorted(names) for each in links.get(name, ())]):
                    ends[link] = min(end, ends.get(link, end))
        fresh = ((link, end) for link, end in ends.items() if link.valid_to is None or link.valid_to > end)
        return [change for link, end in fresh for change in (Disconnect(link), Connect(replace(link, valid_to=end)))]

    return tend


def _lines(name: str) -> Iterator[tuple[str, str]]:
    """What a fact gives one value to: (whose, what)."""
    told = parts(name)
    if told is None:
        return
    subject, relation, _ = told
    for what in SAYS.get(relation, (relation,) if relation in KEYS else ()):
        yield subject, what


def _ended(links: Sequence[Link]) -> Iterator[tuple[Link, datetime]]:
    """Each link that a later one about something else replaced, and when."""
    dated = [(link.valid_from, link) for link in links if link.valid_from is not None]
    dated.sort(key=lambda each: (each[0], each[1].head))
    for at, (begun, link) in enumerate(dated):
        object = (parts(link.tail) or ("", "", ""))[2]
        later = (
            when for when, other in dated[at + 1 :] if when > begun and (parts(other.tail) or ("", "", ""))[2] != object
        )
        end = next(later, None)
        if end is not None:
            yield link, end
