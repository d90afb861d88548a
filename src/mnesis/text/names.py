"""Names of people, taken out of texts that are to be compared by meaning.

In a conversation the name in a question ("When did Caroline …") matches the turns in which somebody else says
"Wow, Caroline!". Who spoke is matched apart (`text.find.who`), so vectors are made of texts without the names.
"""

from __future__ import annotations

import re
from functools import lru_cache

WORD = re.compile(r"\w+")
SHORT = 3  # letters a name may be shortened to
ROLES = frozenset({"user", "assistant", "system", "tool", "human"})


def without(text: str, names: frozenset[str]) -> str:
    """`text` without these names: whole words in any case, their possessives, and what they are called for short (a
    capitalised beginning of three letters or more); unchanged if nothing would be left.

    >>> without("When did Caroline's sister visit Mel?", frozenset({"Caroline", "Melanie"}))
    'When did sister visit ?'
    """
    if not names:
        return text
    pattern = _pattern(names)
    if pattern is None:
        return text
    left = " ".join(pattern.sub(" ", text).split())
    return left if any(c.isalnum() for c in left) else text


def named(text: str, names: frozenset[str]) -> set[str]:
    """Which of these people a text names: by their whole name, its first part, or that part for short.

    >>> sorted(named("Did Mel tell Tom Grey?", frozenset({"Melanie", "Tom Grey", "Ana"})))
    ['Melanie', 'Tom Grey']
    """
    words = WORD.findall(text)
    folded = {word.casefold() for word in words}
    nicks = tuple({word.casefold() for word in words if len(word.casefold()) >= SHORT and word[0].isupper()})
    return {name for name, part in _called(names) if part in folded or part.startswith(nicks)}


def short(part: str) -> list[str]:
    """What somebody of this name may be called for short: its beginnings of three letters or more.

    >>> short("Jonah")
    ['Jon', 'Jona']
    """
    return [part[:size] for size in range(SHORT, len(part))]


@lru_cache(maxsize=256)
def _called(names: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Each name with its first part, folded."""
    parts = ((name, WORD.search(name)) for name in names)
    return tuple((name, part.group().casefold()) for name, part in parts if part is not None)


@lru_cache(maxsize=256)
def _pattern(names: frozenset[str]) -> re.Pattern[str] | None:
    words = {part for name in names for part in WORD.findall(name) if len(part) > 1}
    words = {word for word in words if word.casefold() not in ROLES}
    if not words:
        return None
    nicks = {nick[0].upper() + nick[1:] for word in words for nick in short(word)}
    whole = "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))
    nick = "|".join(map(re.escape, sorted(nicks, key=lambda word: (-len(word), word)))) or "(?!)"
    return re.compile(rf"\b(?:{whole}|(?-i:{nick}))(?:['’]s)?\b", re.IGNORECASE)
