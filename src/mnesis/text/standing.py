"""Standing wishes: what somebody asks to be done from now on, worth keeping in mind whatever the question is."""

from __future__ import annotations

import re

WISH = re.compile(
    r"\bfrom now on\b|\bin (?:the )?future,? (?:please|always|never)\b"
    r"|\bi(?: would|'d|’d)? (?:always |much |really )?prefer\b|\b(?:when|whenever|if) i ask\b"
    r"|\b(?:please )?(?:always|never) (?:include|use|give|show|mention|remind|answer|call|add)\b"
    r"|\bmake sure (?:to|you) always\b|^(?:please )?(?:always|never)\b",
    re.IGNORECASE,
)
SHORT = 60.0  # words from which on a wish is only a part of what was said


def weight(text: str, role: str) -> float:
    """How much a text is a standing wish of a user, in 0..1.

    >>> weight("Always use metric units when I ask about recipes.", "user")
    1.0
    >>> weight("I like recipes.", "user")
    0.0
    """
    if role != "user" or WISH.search(text) is None:
        return 0.0
    return min(1.0, SHORT / max(1, len(text.split())))
