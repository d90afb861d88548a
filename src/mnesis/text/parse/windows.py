"""Cut an event into its sentences, each together with its neighbours.

Source: mnesis, 2026.
Needs: nothing
Cost: one cube a sentence, each `before` + 1 + `after` sentences long
Differs: nothing.

"She said yes." is found by nothing; with the sentence before it, it is. A window stands around every sentence of a
longer event and moves on by one, so neighbours overlap and no pair of sentences is torn apart. An event that fits one
window is kept whole, under its own id.

>>> from mnesis.words import Event
>>> [cube.text for cube in windows(after=0)(Event("I asked her. She said yes. We danced.", id="e1"), "ana")]
['I asked her.', 'I asked her. She said yes.', 'She said yes. We danced.']
"""

from __future__ import annotations

from mnesis.errors import BadInput
from mnesis.text.parse import Parse
from mnesis.text.parse._cut import keys, part, spans, whole
from mnesis.text.parse.dates import annotated
from mnesis.words import Event, MemCube

MADE_BY = "text.parse.windows"


def windows(before: int = 1, after: int = 1) -> Parse:
    """A parser that makes one cube of every sentence with `before` sentences before it and `after` after it."""
    if before < 0 or after < 0:
        raise BadInput(f"before={before} and after={after} count sentences; give 0 or more.")

    def parse(event: Event, namespace: str, names: frozenset[str] = frozenset()) -> list[MemCube]:
        found = spans(event.text)
        if len(found) <= max(1, min(before, after) + 1):
            meta = annotated(event.meta, event.text, event.at)
            return [whole(event, namespace, MADE_BY, keys(event.text, names), meta)] if found else []
        last = len(found) - 1
        pieces = [event.text[found[max(0, i - before)][0] : found[min(last, i + after)][1]] for i in range(len(found))]
        return [
            part(event, namespace, MADE_BY, n, piece, keys(piece, names), annotated(event.meta, piece, event.at))
            for n, piece in enumerate(pieces, start=1)
        ]

    return parse
