"""How a later statement follows from an earlier one: change, cause, wish, topic.

Source: mnesis, 2026.
Needs: nothing
Cost: a few patterns
Differs: nothing.

It changes what it makes untrue. Where the two share content, words of the later one tell: "because" and "thanks to" a
cause, "so that" and "in order to" a reason, "could not" and "instead" a hindrance, "want", "hope" and "plan" a wish, a
feeling a reaction. Without such a word they are of the same topic, and without shared content there is no relation.

>>> rule = relation()
>>> rule({"earlier": "I live in Porto.", "later": "I moved to Lisbon."})
'changes'
>>> rule({"earlier": "My knee hurts after the race.", "later": "I skipped training because my knee hurts."})
'cause'
>>> rule({"earlier": "I like tea.", "later": "The boat is red."})
'none'
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mnesis.models.rules import Rule
from mnesis.models.rules._plain import content, share, text_of
from mnesis.models.rules.conflict import conflict
from mnesis.models.rules.emotion import emotion
from mnesis.text.ask import mood

SIGNS = (
    (
        "hindered_by",
        re.compile(r"\b(?:couldn['’]t|could not|can['’]t|cannot|unable|instead|cancel\w*|postpon\w*)\b", re.I),
    ),
    ("cause", re.compile(r"\b(?:because|thanks to|due to|led to|caused|as a result|therefore|that['’]s why)\b", re.I)),
    ("reason", re.compile(r"\b(?:so that|in order to|so i (?:can|could)|that way)\b", re.I)),
    ("want", re.compile(r"\b(?:want|wish|hope|hoping|plan|planning|would like|['’]d like|dream of)\b", re.I)),
)
ENOUGH = 0.34  # of the terms of the shorter one
FELT = 0.5


def relation() -> Rule:
    """The rule."""
    conflicts, felt = conflict(), emotion()

    def answer(parts: Mapping[str, Any]) -> str:
        earlier, later = text_of(parts, "earlier"), text_of(parts, "later")
        if conflicts({"old": earlier, "new": later}):
            return "changes"
        if share(content(earlier), content(later)) < ENOUGH:
            return "none"
        for name, sign in SIGNS:
            if sign.search(later):
                return name
        return "react" if mood(felt({"text": later}), FELT) else "same_topic"

    return answer
