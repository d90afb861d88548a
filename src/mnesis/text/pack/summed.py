"""The best memories whole, the weaker ones by their summaries, where it is tight.

Source: Bing Wang, Xinnian Liang, Jian Yang, Hui Huang, Shuangzhi Wu, Peihao Wu, Lu Lu, Zejun Ma, Zhoujun Li,
    Unleashing Infinite-Length Input Capacity for Large-scale Language Models with Self-Controlled Memory System, 2023.
    arXiv 2304.13343
Needs: nothing
Cost: two token counts a hit and one of the whole
Differs: whether a summary is enough is told from the budget and not asked of a model.

Where all hits fit, they are given word for word. Where they do not, the weakest that has a summary (``summary`` in its
meta) is given by it, then the next, until everything fits or nothing is left to shorten; then the best that fit are
taken, best first.

>>> from mnesis.text.lines import estimate
>>> from mnesis.words import Hit, MemCube
>>> long = MemCube("1", "It rained and rained and rained all day in Porto.", meta={"summary": "It rained in Porto."})
>>> summed()([Hit(MemCube("2", "I stayed at home."), 2.0), Hit(long, 1.0)], 12, estimate).text.splitlines()
['I stayed at home.', 'It rained in Porto.']
"""

from __future__ import annotations

from collections.abc import Sequence

from mnesis.text.lines import packed, written
from mnesis.text.pack import Count, Pack
from mnesis.words import Context, Hit, replace


def summed() -> Pack:
    """Best first, the weaker ones by their summaries where it is tight."""

    def pack(hits: Sequence[Hit], budget: int, count: Count) -> Context:
        given = list(hits)
        costs = [count(written(hit.cube)) + max(0, count("\n")) for hit in given]
        for at in reversed(range(len(given))):
            if sum(costs) <= budget:
                break
            brief = given[at].cube.meta.get("summary")
            if isinstance(brief, str) and brief.strip() and len(brief) < len(given[at].cube.text):
                given[at] = replace(given[at], cube=replace(given[at].cube, text=brief))
                costs[at] = count(written(given[at].cube)) + max(0, count("\n"))
        return packed(given, budget, count, lambda placed: placed)

    return pack
