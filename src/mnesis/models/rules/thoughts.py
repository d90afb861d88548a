"""What is to be remembered of an exchange: its statements, lasting ones first.

Source: mnesis, 2026.
Needs: nothing
Cost: one pass over the text
Differs: nothing.

A thought relates one thing to another. Here it is a statement that names at least two things worth finding it by;
the ones that tell who somebody is come before what happened and what is merely said.

>>> thoughts()({"text": "Hello! The weather was fine in Porto. I am a nurse at the children's hospital."})
["I am a nurse at the children's hospital.", 'The weather was fine in Porto.']
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mnesis.models.rules import Rule
from mnesis.models.rules._plain import content, statements, text_of
from mnesis.models.rules.memory_type import memory_type

MOST = 6
FIRST = {"core": 0, "procedural": 1, "episodic": 2}


def thoughts() -> Rule:
    """The rule."""
    typed = memory_type()

    def answer(parts: Mapping[str, Any]) -> list[str]:
        said = [each for each in dict.fromkeys(statements(text_of(parts))) if len(set(content(each))) >= 2]
        return sorted(said, key=lambda each: FIRST.get(typed({"text": each}), 3))[:MOST]

    return answer
