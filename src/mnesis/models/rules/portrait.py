"""Who somebody is: the statements that tell most, within so many words.

Source: mnesis, 2026.
Needs: nothing
Cost: the statements given, each compared with those before it
Differs: nothing.

Statements of who somebody is (home, work, family, likes) come before what happened, newer before older; one that a
newer one makes untrue is left out. They are put together in the order they were said.

>>> portrait()({"name": "Ana", "facts": ["I live in Porto.", "I ate soup.", "I moved to Lisbon."], "words": 7})
'I ate soup. I moved to Lisbon.'
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mnesis.models.rules import Rule
from mnesis.models.rules._plain import sentences, text_of
from mnesis.models.rules.conflict import conflict
from mnesis.models.rules.memory_type import memory_type
from mnesis.text.alike import normal

WORDS = 80
COMPARED = 60  # the newest statements each older one is compared with
RANK = {"core": 0, "semantic": 1}


def portrait() -> Rule:
    """The rule."""
    conflicts, typed = conflict(), memory_type()

    def answer(parts: Mapping[str, Any]) -> str | None:
        told = [*sentences(text_of(parts, "current")), *(str(each) for each in (parts.get("facts") or ()))]
        said = list({normal(each): each for each in told if each.strip()}.values())
        held: list[tuple[int, str]] = []  # newest first
        for at in range(len(said) - 1, -1, -1):
            if not any(conflicts({"old": said[at], "new": newer}) for _, newer in held[:COMPARED]):
                held.append((at, said[at]))
        held.sort(key=lambda each: (RANK.get(typed({"text": each[1]}), 2), -each[0]))
        room, taken = int(parts.get("words") or WORDS), []
        for at, each in held:
            if len(each.split()) <= room:
                room -= len(each.split())
                taken.append((at, each))
        return " ".join(each for _, each in sorted(taken)) or None

    return answer
