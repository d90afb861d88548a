"""What parsers share: where sentences end, pieces of so many words, and the cube of an event or of a part of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from mnesis.errors import BadInput
from mnesis.text.names import SHORT, without
from mnesis.text.standing import weight
from mnesis.words import Event, MemCube

LETTERS = 10  # a run of letters without a space counts as one word for every so many: texts in Chinese, long addresses
FEW = 24  # so many names are sought one by one, more of them word by word
KEY_WORDS = 160  # what an embedder reads in one go

# A full stop ends a sentence before a space; the full stops of scripts that write without spaces end it at once;
# an empty line and the next item of a list end it as well.
_END = re.compile(
    r"(?<![.!?…])[.!?…]+[\"'”’»)\]]*(?=\s)|[。！？｡]+[”’」』）]*|(?<![؟।۔])[؟।۔]+(?=\s|$)"
    r"|\n[ \t]*(?=\n)|\n(?=[ \t]*(?:[-*•–]|\d{1,3}[.)])[ \t])"
)
_WORD = re.compile(r"\w+")
_ABBREVIATED = re.compile(
    r"(?:^|[\s(\"'“])(?:[a-hj-zA-HJ-Z]|(?:[a-zA-Z]\.)+[a-zA-Z]|mr|mrs|ms|dr|prof|st|sr|jr|rev|gen|col|lt|sgt|hon|vs|etc|cf|fig"
    r"|figs|nos|vol|pp|ca|approx|inc|ltd|co|corp|dept|est|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|mt|ft)$",
    re.IGNORECASE,
)


def spans(text: str) -> list[tuple[int, int]]:
    """Where the sentences of a text begin and end; everything but the space between them is in one of them.

    >>> text = "Dr. Grey came at 5 p.m. today. 你好。再见！"
    >>> [text[a:b] for a, b in spans(text)]
    ['Dr. Grey came at 5 p.m. today.', '你好。', '再见！']
    """
    out: list[tuple[int, int]] = []
    begin = 0
    for match in _END.finditer(text):
        if match[0][0] in ".…" and _goes_on(text, match.start(), match.end()):
            continue
        _keep(out, text, begin, match.end())
        begin = match.end()
    _keep(out, text, begin, len(text))
    return out


def _goes_on(text: str, stop: int, after: int) -> bool:
    """Is this full stop the end of an abbreviation, or followed by a small letter?"""
    following = text[after : after + 8].lstrip()
    return following[:1].islower() or _ABBREVIATED.search(text, max(0, stop - 12), stop) is not None


def _keep(out: list[tuple[int, int]], text: str, begin: int, end: int) -> None:
    piece = text[begin:end]
    stripped = piece.strip()
    if stripped:
        begin += len(piece) - len(piece.lstrip())
        out.append((begin, begin + len(stripped)))


def size(text: str) -> int:
    """How many words a text counts as."""
    return max(len(text.split()), len(text) // LETTERS)


def chunks(text: str, words: int) -> list[str]:
    """A text in consecutive pieces of at most so many words, cut where sentences end when that is possible.

    >>> chunks("One two three. Four five. Six seven eight nine ten.", 5)
    ['One two three. Four five.', 'Six seven eight nine ten.']
    """
    if words < 1:
        raise BadInput(f"words={words} leaves no room for a word; give 1 or more.")
    if len(text) <= 2 * words or size(text) <= words:
        return [text]
    out: list[str] = []
    begin = end = held = 0
    for first, last in _short(text, words):
        more = size(text[first:last])
        if held and held + more > words:
            out.append(text[begin:end])
            begin, held = first, 0
        elif not held:
            begin = first
        end, held = last, held + more
    out.append(text[begin:end])
    return out


def _short(text: str, words: int) -> Iterator[tuple[int, int]]:
    """The sentences of a text, those longer than `words` cut at spaces, or anywhere if there is none."""
    for begin, end in spans(text):
        if size(text[begin:end]) <= words:
            yield begin, end
            continue
        held = start = stop = -1
        for word in re.finditer(rf"\S{{1,{words * LETTERS}}}", text[begin:end]):
            more = max(1, len(word[0]) // LETTERS)
            if held > 0 and held + more > words:
                yield start, stop
                held = -1
            if held < 0:
                start, held = begin + word.start(), 0
            stop, held = begin + word.end(), held + more
        yield start, stop


def keys(text: str, names: frozenset[str], words: int = KEY_WORDS) -> tuple[str, ...]:
    """The texts to embed for a text: without the names of people, in pieces an embedder can read."""
    if not text or text.isspace():
        return ()
    pieces = [text] if len(text) <= 2 * words else chunks(text, words)
    if names and _may_name(text.casefold(), names):
        pieces = [without(piece, names) for piece in pieces]
    return (pieces[0],) if len(pieces) == 1 else tuple(dict.fromkeys(pieces))


def _may_name(folded: str, names: frozenset[str]) -> bool:
    """Could any of these names stand in a text? Most turns name nobody, and this is ten times faster than looking."""
    starts = _starts(names)
    if len(starts) > FEW:
        return not starts.isdisjoint({word[:SHORT] for word in _WORD.findall(folded)})
    for start in starts:  # noqa: SIM110 - a generator would cost more than the search
        if start in folded:
            return True
    return False


@lru_cache(maxsize=256)
def _starts(names: frozenset[str]) -> frozenset[str]:
    return frozenset(part[:SHORT] for name in names for part in _WORD.findall(name.casefold()))


def whole(event: Event, namespace: str, made_by: str, found_by: tuple[str, ...], meta: Mapping[str, Any]) -> MemCube:
    """The cube of an event kept whole, under the event's own id."""
    return part(event, namespace, made_by, 0, event.text, found_by, meta)


def part(
    event: Event, namespace: str, made_by: str, n: int, text: str, found_by: tuple[str, ...], meta: Mapping[str, Any]
) -> MemCube:
    """The cube of the n-th part of an event, counted from 1; part 0 is the event itself."""
    return MemCube(
        id=f"{event.id}-{n}" if n else event.id,
        text=text,
        namespace=namespace,
        speaker=event.speaker,
        role=event.role,
        session=event.session,
        order=n,
        sources=(event.source,) if event.source else (),
        events=(event.id,),
        made_by=made_by,
        valid_from=event.at,
        known_from=event.told_at,
        place=event.place,
        trust=event.trust,
        importance=weight(text, event.role),
        meta=meta,
        keys=found_by,
    )


def spoken(event: Event) -> str:
    """What an event says, and what its image shows."""
    caption = event.meta.get("image_caption") if event.meta else None
    if not isinstance(caption, str) or not caption:
        return event.text
    return f"{event.text}\n{caption}" if event.text else caption
