"""Keep every turn of a conversation whole, word for word, as one memory.

Source: mnesis, 2026.
Needs: nothing
Cost: one cube an event; a scan for names and one for dates
Differs: nothing.

What was said is the best memory of it: nothing is summed up and nothing is lost. For the embedder the text is made
comparable: the names of the people known in the namespace are taken out (who spoke is matched apart), what an image
shows is added, and a turn longer than `words` words is read in pieces that end where its sentences do, so that one
sentence of a long answer can be found. The days it speaks of are noted, see `text.parse.dates`.

>>> from mnesis.words import Event
>>> cube, = turns()(Event("Wow, Ana, a kayak!", id="e1"), "ana", frozenset({"Ana"}))
>>> cube.text, cube.keys
('Wow, Ana, a kayak!', ('Wow, , a kayak!',))
"""

from __future__ import annotations

from mnesis.errors import BadInput
from mnesis.text.parse import Parse
from mnesis.text.parse._cut import KEY_WORDS, keys, spoken, whole
from mnesis.text.parse.dates import annotated
from mnesis.words import Event, MemCube


def turns(words: int = KEY_WORDS) -> Parse:
    """A parser that keeps every event whole; `words` is how many words one vector is made of at most."""
    if words < 1:
        raise BadInput(f"words={words} leaves no room for a word; give 1 or more.")

    def parse(event: Event, namespace: str, names: frozenset[str] = frozenset()) -> list[MemCube]:
        text = spoken(event)
        if not text or text.isspace():
            return []
        meta = annotated(event.meta, event.text, event.at)
        return [whole(event, namespace, "text.parse.turns", keys(text, names, words), meta)]

    return parse
