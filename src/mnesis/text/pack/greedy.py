"""The best memories that fit, best first.

Source: mnesis, 2026.
Needs: nothing
Cost: one token count a hit and one of the whole
Differs: nothing.

Hits are taken in their order; one that does not fit is left out and the next is tried, so a long memory does not
keep shorter ones from being given. When the first alone is too long it is cut at the end of a sentence or word.

>>> from mnesis.text.lines import estimate
>>> from mnesis.words import Hit, MemCube
>>> context = greedy()([Hit(MemCube("1", "I moved to Lisbon.", speaker="Ana"), 1.0)], 100, estimate)
>>> context.text, context.lines[0].cubes
('Ana: I moved to Lisbon.', ('1',))
"""

from __future__ import annotations

from collections.abc import Sequence

from mnesis.text.lines import packed
from mnesis.text.pack import Count, Pack
from mnesis.words import Context, Hit


def greedy() -> Pack:
    """Best first."""

    def pack(hits: Sequence[Hit], budget: int, count: Count) -> Context:
        return packed(hits, budget, count, lambda placed: placed)

    return pack
