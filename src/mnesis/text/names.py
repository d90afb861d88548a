"""Names of people, taken out of texts that are to be compared by meaning.

In a conversation the name in a question ("When did Caroline …") matches the turns in which somebody else says
"Wow, Caroline!". Who spoke is matched apart (`text.find.who`), so vectors are made of texts without the names.
"""

from __future__ import annotations

import re
from functools import lru_cache


def without(text: str, names: frozenset[str]) -> str:
    """`text` without these names (whole words, any case, also their possessives); unchanged if nothing would be left.

    >>> without("When did Caroline's sister visit Tom?", frozenset({"Caroline", "Tom"}))
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
    """Which of these people a text names, by their whole name or its first part."""
    words = {word.casefold() for word in re.findall(r"\w+", text)}
    return {name for name in names if words & set(_parts(name)[:1]) or set(_parts(name)) <= words}


def _parts(name: str) -> list[str]:
    return [part.casefold() for part in re.findall(r"\w+", name)]


@lru_cache(maxsize=256)
def _pattern(names: frozenset[str]) -> re.Pattern[str] | None:
    words = {part for name in names for part in re.findall(r"\w+", name) if len(part) > 1}
    words -= {"user", "assistant", "system", "tool", "human"}
    if not words:
        return None
    longest = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(r"\b(?:" + "|".join(map(re.escape, longest)) + r")(?:['’]s)?\b", re.IGNORECASE)
