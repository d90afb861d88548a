"""Cut an event into its sentences, one memory each.

Source: mnesis, 2026.
Needs: nothing
Cost: one cube a sentence
Differs: nothing.

A memory that holds one statement can be found, revised and forgotten by itself. Sentences end at full stops, question
and exclamation marks of several scripts, at empty lines and before the next item of a list; abbreviations, initials
and numbers do not end them. An event of one sentence is kept whole, under its own id.

>>> from mnesis.words import Event
>>> [cube.text for cube in sentences()(Event("I met Dr. Grey. She sails!", id="e1"), "ana")]
['I met Dr. Grey.', 'She sails!']
"""

from __future__ import annotations

from mnesis.text.parse import Parse
from mnesis.text.parse._cut import keys, part, spans, whole
from mnesis.text.parse.dates import annotated
from mnesis.words import Event, MemCube

MADE_BY = "text.parse.sentences"


def sentences() -> Parse:
    """A parser that makes one cube of every sentence."""

    def parse(event: Event, namespace: str, names: frozenset[str] = frozenset()) -> list[MemCube]:
        found = spans(event.text)
        if len(found) < 2:
            meta = annotated(event.meta, event.text, event.at)
            return [whole(event, namespace, MADE_BY, keys(event.text, names), meta)] if found else []
        pieces = [event.text[begin:end] for begin, end in found]
        return [
            part(event, namespace, MADE_BY, n, piece, keys(piece, names), annotated(event.meta, piece, event.at))
            for n, piece in enumerate(pieces, start=1)
        ]

    return parse
