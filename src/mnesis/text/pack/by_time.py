"""The best memories that fit, told in the order they happened.

Source: mnesis, 2026.
Needs: nothing
Cost: one token count a hit and one of the whole; a sort
Differs: nothing.

What fits is chosen best first and then put in order of time, so that a reader sees what came before what. Turns of
the same moment keep their order in the session; memories without a time follow at the end, best first.

>>> from mnesis.text.lines import estimate
>>> from mnesis.words import Hit, MemCube, moment
>>> late = MemCube("2", "I live in Lisbon.", valid_from=moment("2026-03-02"))
>>> early = MemCube("1", "I live in Porto.", valid_from=moment("2025-01-09"))
>>> print(by_time()([Hit(late, 2.0), Hit(early, 1.0)], 100, estimate))
[2025-01-09] I live in Porto.
[2026-03-02] I live in Lisbon.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from mnesis.text.lines import Placed, packed
from mnesis.text.pack import Count, Pack
from mnesis.words import Context, Hit


def by_time() -> Pack:
    """Oldest first."""

    def moment(each: Placed) -> tuple[float, str, int, int]:
        cube = each.hit.cube
        if cube.at is None:
            return (math.inf, "", 0, each.place)
        return (cube.at.timestamp(), cube.session, cube.order, each.place)

    def pack(hits: Sequence[Hit], budget: int, count: Count) -> Context:
        return packed(hits, budget, count, lambda placed: sorted(placed, key=moment))

    return pack
