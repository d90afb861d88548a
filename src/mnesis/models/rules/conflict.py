"""Whether a newer statement makes an older one untrue.

Source: mnesis, 2026.
Needs: nothing
Cost: a few patterns
Differs: nothing.

Two statements are compared as `text.decide.supersede` does it: one relation that holds a single value with two values,
or a sentence that "no longer" or "not any more" ends. Besides, one that says the other with a negation more or less
conflicts with it. It would rather miss than harm.

>>> rule = conflict()
>>> rule({"old": "I live in Porto.", "new": "I moved to Lisbon."}), rule({"old": "I eat meat.", "new": "I like tea."})
(True, False)
>>> rule({"old": "Tom likes tea.", "new": "Tom does not like tea."})
True
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mnesis.models.rules import Rule
from mnesis.models.rules._plain import content, text_of
from mnesis.store.terms import terms
from mnesis.text.decide.supersede import contradicts

DENIED = re.compile(r"\b(?:not|never|no longer|cannot|\w+n['’]t)\b", re.I)
LONGEST = 30  # words; longer texts say too much to be denied as a whole


def conflict() -> Rule:
    """The rule."""

    def answer(parts: Mapping[str, Any]) -> bool:
        old, new = text_of(parts, "old"), text_of(parts, "new")
        return contradicts(new, old) or _denies(new, old)

    return answer


def _denies(new: str, old: str) -> bool:
    """Whether the two say the same but for a negation."""
    if max(len(new.split()), len(old.split())) > LONGEST or old.rstrip().endswith("?") or new.rstrip().endswith("?"):
        return False
    if bool(DENIED.search(new)) == bool(DENIED.search(old)):
        return False
    bare = [[each for each in terms(DENIED.sub(" ", text)) if each != "anymore"] for text in (old, new)]
    return bool(content(old)) and bare[0] == bare[1]
