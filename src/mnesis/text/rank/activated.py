"""A controller says whether a question needs what lies in the archive at all.

Source: Bing Wang, Xinnian Liang, Jian Yang, Hui Huang, Shuangzhi Wu, Peihao Wu, Lu Lu, Zejun Ma, Zhoujun Li,
    Unleashing Infinite-Length Input Capacity for Large-scale Language Models with Self-Controlled Memory System, 2023.
    arXiv 2304.13343
Needs: nothing
Cost: one question ("activate"); a rule answers it without a model
Differs: without a model only greetings, thanks and the like are held to need no memory.

"Thanks, good night!" is no question to the past, and memories that share a word with it would only distract. Where the
controller says so, nothing but the short-term memory (candidates with a value in `kept`) is left, in the order of that
value; otherwise the candidates are ranked by `inner`.
"""

from __future__ import annotations

from mnesis.drive import Asking, through
from mnesis.store import View
from mnesis.text.ask import activate
from mnesis.text.rank import Rank
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.words import Found, Query


def activated(inner: Rank | None = None, kept: str = "latest") -> Rank:
    """Rank by `inner` (by default by reciprocal rank) what is needed; drop what need not be recalled."""
    ordered = inner or reciprocal_rank()

    def rank(query: Query, found: Found, view: View) -> Asking[Found]:
        if not len(found):
            return found
        needed = yield activate(query.text)
        if needed is False:
            short = found.take(found.column(kept) > 0)
            return short.scored(short.column(kept)).best()
        return (yield from through(ordered(query, found, view)))

    return rank
