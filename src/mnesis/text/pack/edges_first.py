"""The best memories at both ends of the context, the weakest in its middle.

Source: Nelson F. Liu, Kevin Lin, John Hewitt, Ashwin Paranjape, Michele Bevilacqua, Fabio Petroni, Percy Liang,
    Lost in the Middle: How Language Models Use Long Contexts, 2023. arXiv 2307.03172
Needs: nothing
Cost: one token count a hit and one of the whole
Differs: the paper measures how answers depend on the place of the evidence; the order drawn from it is ours.

Models read the beginning and the end of a long context better than its middle. The hits that fit are dealt out
alternately: the best comes first, the second best last, the third second, and so on towards the middle.

>>> from mnesis.text.lines import estimate
>>> from mnesis.words import Hit, MemCube
>>> hits = [Hit(MemCube(name, name), 0.0) for name in ("best", "second", "third", "fourth")]
>>> edges_first()(hits, 100, estimate).text.split()
['best', 'third', 'fourth', 'second']
"""

from __future__ import annotations

from collections.abc import Sequence

from mnesis.text.lines import packed
from mnesis.text.pack import Count, Pack
from mnesis.words import Context, Hit


def edges_first() -> Pack:
    """Best first and last."""

    def pack(hits: Sequence[Hit], budget: int, count: Count) -> Context:
        return packed(hits, budget, count, lambda placed: [*placed[0::2], *reversed(placed[1::2])])

    return pack
