"""Keep every question together with its answer.

Source: mnesis, 2026.
Needs: nothing
Cost: one scan for speaker lines; one cube a question with its answer
Differs: nothing.

"Seven." answers nothing without "How many?". An event that holds several lines of a conversation (``Q:`` and ``A:``,
``User:`` and ``Assistant:``, the names of known people) or several questions each followed by its answer becomes one
memory for each question with what was answered. What stands before the first question goes with it, and a question
left open at the end stays with what came before. The question alone is a second key to find the answer by.
Everything else is kept whole, under the event's own id.

>>> from mnesis.words import Event
>>> cubes = exchanges()(Event("Q: How many?\\nA: Seven.\\nQ: When?\\nA: In May.", id="e1"), "ana")
>>> [cube.text for cube in cubes]
['Q: How many?\\nA: Seven.', 'Q: When?\\nA: In May.']
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from mnesis.text.parse import Parse
from mnesis.text.parse._cut import keys, part, spans, spoken, whole
from mnesis.text.parse.dates import annotated
from mnesis.words import Event, MemCube

MADE_BY = "text.parse.exchanges"
ASKERS = frozenset(["q", "question", "user", "human", "me", "interviewer", "customer", "client", "student", "prompt"])
ANSWERERS = frozenset(["a", "answer", "assistant", "ai", "bot", "agent", "model", "system", "support", "teacher"])

_LABEL = re.compile(r"^[ \t>*_]*([^\W\d_][\w.'’ -]{0,30}?)[ \t*_]*[:：][ \t*_]*(?=\S|$)", re.MULTILINE)
_ASKING = re.compile(r"[?？؟][\"'”’»)\]]*\s*$")


class _Said(NamedTuple):
    """One speaker's lines, or one sentence, within a text."""

    label: str
    begin: int
    end: int
    asks: bool


def exchanges() -> Parse:
    """A parser that makes one cube of every question with its answer."""

    def parse(event: Event, namespace: str, names: frozenset[str] = frozenset()) -> list[MemCube]:
        text = event.text
        found = _spoken(text, names) or _answered(text)
        if len(found) < 2:
            everything = spoken(event)
            if not everything.strip():
                return []
            return [whole(event, namespace, MADE_BY, keys(everything, names), annotated(event.meta, text, event.at))]
        cubes = []
        for n, group in enumerate(found, start=1):
            piece = text[group[0].begin : group[-1].end].strip()
            asked = " ".join(text[each.begin : each.end].strip() for each in group if each.asks)
            found_by = tuple(dict.fromkeys((*keys(piece, names), *keys(asked, names))))
            cubes.append(part(event, namespace, MADE_BY, n, piece, found_by, annotated(event.meta, piece, event.at)))
        return cubes

    return parse


def _spoken(text: str, names: frozenset[str]) -> list[list[_Said]]:
    """Groups of speaker lines, one for each question with its answers; empty without such lines."""
    if ":" not in text and "：" not in text:
        return []
    labelled = [(re.sub(r"[\d. ]+$", "", match[1]).casefold(), match.start()) for match in _LABEL.finditer(text)]
    known = _speakers(labelled, names)
    starts = [each for each in labelled if each[0] in known]
    if len(starts) < 2:
        return []
    ends = [begin for _, begin in starts[1:]] + [len(text)]
    lines = []
    for i, ((label, begin), end) in enumerate(zip(starts, ends, strict=True)):
        asks = label in ASKERS or (label not in ANSWERERS and _ASKING.search(text[begin:end]) is not None)
        lines.append(_Said(label, begin if i else 0, end, asks))
    return _grouped(lines)


def _speakers(labelled: list[tuple[str, int]], names: frozenset[str]) -> set[str]:
    """Which labels are people: roles, known names, and where two labels come back, those."""
    known = ASKERS | ANSWERERS | {name.casefold() for name in names}
    again = {label for label, count in Counter(label for label, _ in labelled).items() if count > 1}
    return {label for label, _ in labelled if label in known} | (again if len(again) > 1 else set())


def _answered(text: str) -> list[list[_Said]]:
    """Groups of sentences, one for each question with its answer; a question without one joins what came before."""
    if "?" not in text and "？" not in text and "؟" not in text:
        return []
    found = spans(text)
    said = [_Said("", begin, end, _ASKING.search(text[begin:end]) is not None) for begin, end in found]
    return _grouped(said)


def _grouped(said: list[_Said]) -> list[list[_Said]]:
    """A new group begins with a question, once the group before it holds a question and an answer."""
    groups: list[list[_Said]] = [[]]
    asked = answered = False
    for each in said:
        if each.asks and answered:
            groups.append([])
            answered = False
        groups[-1].append(each)
        asked = asked or each.asks
        answered = answered or (asked and not each.asks)
    if len(groups) > 1 and not answered:
        last = groups.pop()
        groups[-1].extend(last)
    return groups
