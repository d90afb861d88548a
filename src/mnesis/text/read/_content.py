"""What a chat message says: its words, however its content is laid out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def content_text(content: Any) -> str | None:
    """The words of a message's content: a text, or the texts of its parts; None when it is neither.

    >>> content_text([{"type": "text", "text": "Look:"}, {"type": "image_url"}, "a cat"])
    'Look:\\na cat'
    """
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return None
    texts = (
        part if isinstance(part, str) else part.get("text") for part in content if isinstance(part, (str, Mapping))
    )
    return "\n".join(text for text in texts if isinstance(text, str) and text.strip())
