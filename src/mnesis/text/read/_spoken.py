"""The grammar of transcript lines: an optional date and time, a name, a colon, and what was said."""

from __future__ import annotations

import re
from collections.abc import Iterable

_DATE = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}"
_TIME = r"\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]\.?m\.?)?(?:Z|[+-]\d{2}:?\d{2})?"
_STAMP = re.compile(
    rf"(?P<open>\[)?(?:(?P<date>{_DATE})(?:(?:,\s*|\s+|T)(?P<time>{_TIME}))?|(?P<only>{_TIME}))"
    r"(?(open)\])(?P<dash>\s+[-–—])?(?:\s+|$)",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?P<name>[^\W\d_](?:[\w.'’&+-]|\s(?=\S)){0,39}):(?:\s+|$)(?P<text>.*)", re.DOTALL)
_WORDS_IN_NAME = 4
_UNSEEN = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202c\ufeff")) | {0x202F: " ", 0xA0: " "}


def plain(text: str) -> str:
    """A line without the marks of writing direction, and with plain spaces, that chat apps put in."""
    return text.translate(_UNSEEN)


def spoken(text: str) -> tuple[re.Match[str] | None, re.Match[str] | None]:
    """The stamp (`date`, `time` or `only` a time, `dash`) and the `name` and `text` of a line, where it has them.

    >>> stamp, name = spoken("08/05/2023, 13:56 - Ana: hello")
    >>> stamp["date"], stamp["time"], name["name"], name["text"]
    ('08/05/2023', '13:56', 'Ana', 'hello')
    """
    stamp = _STAMP.match(text)
    name = _NAME.fullmatch(text, stamp.end() if stamp else 0)
    return stamp, name if name and len(name["name"].split()) <= _WORDS_IN_NAME else None


def share_spoken(texts: Iterable[str]) -> float:
    """The share of lines with words that begin a turn, for telling a transcript from prose.

    >>> share_spoken(["Ana: hello", "", "Tom: hi", "and so on", "until late."])
    0.5
    """
    filled = [plain(text) for text in texts if text.strip()]
    return sum(spoken(text)[1] is not None for text in filled) / len(filled) if filled else 0.0
