"""Telling a file's format from its suffix and its first kilobytes."""

from __future__ import annotations

import re
from pathlib import Path

from mnesis.errors import BadInput
from mnesis.text.read._files import head, is_folder, kind, refuse_wide
from mnesis.text.read._json import LINED
from mnesis.text.read._spoken import share_spoken

FORMATS = ("beam", "chatgpt", "claude", "locomo", "longmemeval", "markdown", "messages", "table", "transcript")
_SIGNS = (  # the first that is found decides; what is more telling stands higher
    ("longmemeval", r'"haystack_(?:sessions|dates|session_ids)"|"source":\s*"LongMemEval'),
    ("beam", r'"batch_number"|"time_anchor"|"source":\s*"BEAM"'),
    ("locomo", r'"dia_id"|"session_1_date_time"|"speaker_a"|"qa":\s*\[\s*\{\s*"question"'),
    ("locomo", r'"conversation_id".*"sessions":\s*\['),
    ("chatgpt", r'"mapping":\s*\{'),
    ("claude", r'"chat_messages":\s*\[|"sender":\s*"(?:human|assistant)"'),
    ("messages", r'"messages":\s*\[|"role":\s*"'),
)


def detect(path: Path) -> str:
    """The format of a file or folder; an error that lists the formats when it cannot be told."""
    if is_folder(path):
        return "markdown"
    suffix = kind(path)
    if suffix in (".csv", ".tsv", ".tab"):
        return "table"
    if suffix in (".md", ".markdown"):
        return "markdown"
    start = head(path)
    refuse_wide(path, start)
    text = start.decode("utf-8", "replace")
    lined = suffix in (".json", *LINED)  # the suffix says JSON even where the first record is broken
    found = _of_json(text) if lined or text.lstrip()[:1] in ("{", "[") else ""
    if not found and not lined:
        found = _of_words(text, suffix)
    if not found:
        raise BadInput(
            f"The format of {path} cannot be told from its name and beginning; "
            f"name it with format=…, one of: {', '.join(FORMATS)}."
        )
    return found


def _of_json(text: str) -> str:
    return next((name for name, sign in _SIGNS if re.search(sign, text, re.DOTALL)), "")


def _of_words(text: str, suffix: str) -> str:
    if "\0" in text:
        return ""
    if share_spoken(text.splitlines()[:200]) >= 0.3:
        return "transcript"
    return "markdown" if suffix in (".txt", ".text") else ""
