"""What a text is about: its most telling words.

Source: mnesis, 2026.
Needs: nothing
Cost: one pass over the text
Differs: nothing.

The words that come up most often, names before others, up to three; a text without any has no topic.

>>> topic()({"text": "The boat needs paint. I painted the boat red in Porto."})
'Porto boat paint'
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mnesis.models.rules import Rule
from mnesis.models.rules._plain import keywords, text_of

WORDS = 3


def topic() -> Rule:
    """The rule."""

    def answer(parts: Mapping[str, Any]) -> str | None:
        return " ".join(keywords(text_of(parts), WORDS)) or None

    return answer
