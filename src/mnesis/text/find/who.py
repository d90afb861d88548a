"""Mark the candidates said by somebody the question names.

Source: mnesis, 2026.
Needs: nothing
Cost: linear in speakers and candidates; in all memories only when nothing else was found
Differs: nothing.

"What did Ana say about the boat?" names a speaker, and her turns are likelier to hold the answer. Where several
people are named the first is whom the question is about, unless it joins them ("Ana and Tom"). Names are matched
whole or by their first part, in any case; one that is also a common word ("Will") has to be written as a name. Who
is named says little about which of many turns is meant, so candidates are marked and none are added, except that a
question which finds nothing else ("And Ana?") brings the latest `few` things that person said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnesis.store import View
from mnesis.store.terms import STOP
from mnesis.text.find import Find
from mnesis.text.names import SHORT, named
from mnesis.words import NOTHING, Found, Query, Rows

# "both", "Ana and Tom", "Ana or Tom"
JOINED = re.compile(r"\bboth\b|\b[A-Z]\w+(?:,? (?:and|or|&) )[A-Z]\w+")


def who(few: int = 5) -> Find:
    """A finder by speaker; it stands behind the finders whose candidates it marks."""

    def find(query: Query, view: View, found: Found) -> Found:
        people = [name for name in sorted(named(query.text, frozenset(view.speakers()))) if _meant(name, query.text)]
        people = _subject(people, query.text)
        if not people:
            return NOTHING
        codes = [view.code(name) for name in people]
        if len(found):
            rows = found.rows[_any_of(view.column("speaker", found.rows), codes)]
        else:
            rows = _latest(view, codes, min(few, query.limit))
        column = np.ones(len(rows), np.float32)
        return Found(rows, column, {"who": column}) if len(rows) else NOTHING

    return find


def _subject(people: list[str], text: str) -> list[str]:
    """Of several people the first named, whom the question is about; all of them where it joins them."""
    if len(people) < 2 or JOINED.search(text):
        return people
    folded = text.casefold()
    return [min(people, key=lambda name: folded.find(re.findall(r"\w+", name)[0].casefold()[:SHORT]))]


def _meant(name: str, text: str) -> bool:
    """Whether the text uses the name as a name: 'Will' inside a sentence, not 'will' and not its first word."""
    first = re.match(r"\w+", name)
    if first is None:
        return False
    if first.group().casefold() not in STOP:
        return True
    return re.search(rf"[\w,;:]['’\w]*[,;:]?\s+{re.escape(first.group())}\b", text) is not None


def _any_of(column: NDArray[Any], codes: Sequence[int]) -> NDArray[np.bool_]:
    """bool [N]: which of a column are one of a few codes."""
    out = np.zeros(len(column), bool)
    for code in codes:
        out |= column == code
    return out


def _latest(view: View, codes: Sequence[int], few: int) -> Rows:
    rows = view.alive()
    rows = rows[_any_of(view.column("speaker", rows), codes)]
    at = np.nan_to_num(view.column("at", rows).astype(np.float64), nan=-np.inf)
    return rows[np.lexsort((-rows, -at))][:few]
