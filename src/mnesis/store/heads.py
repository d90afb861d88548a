"""Exported heads: a commit's number and hash, kept outside a space and held against it later."""

from __future__ import annotations

from mnesis.errors import BadInput
from mnesis.store import Store
from mnesis.words import Head


def read_head(text: str | Head) -> Head:
    """A head as it was exported.

    >>> read_head("12:0123456789abcdef0123456789abcdef").seq
    12
    """
    if isinstance(text, Head):
        return text
    number, colon, hash = str(text).strip().partition(":")
    if (
        not colon
        or not number.isdecimal()
        or not set(hash) <= set("0123456789abcdef")
        or (hash == "") != (number == "0")
    ):
        raise BadInput(f"{text!r} is no head; give one as verify --head or space.head() printed it, SEQ:HASH.")
    return Head(int(number), hash)


def rewritten(store: Store, text: str | Head) -> list[str]:
    """What speaks against a journal having grown from an exported head; nothing when it did."""
    head, newest = read_head(text), store.head()
    if not head.seq:
        return []
    if newest.seq < head.seq:
        return [f"The journal ends at commit {newest.seq}; commit {head.seq}, whose hash was exported, is gone."]
    entry = next(iter(store.journal(head.seq - 1)), None)
    if entry is None or (entry.seq, entry.hash) != (head.seq, head.hash):
        return [f"Commit {head.seq} has not the hash that was exported: it or a commit before it was rewritten."]
    return []
