"""Refuse what cannot be kept word for word: empty, oversized or broken text.

Source: mnesis, 2026.
Needs: nothing
Cost: one scan of the text
Differs: nothing.

Events are never rewritten, so what is wrong with one is said before it is stored: no words, more than `max_bytes`
bytes (of text or of meta), names of more than 4,000 characters, halves of surrogate pairs (bytes that were no
Unicode), control characters other than tab and line ends, a trust nobody knows, or meta that could not be read back
as it was written. It alters nothing; the event comes back as it was, or `Rejected` says what to do.

>>> from mnesis.words import Event
>>> wellformed()(Event("I moved to Lisbon.")).text
'I moved to Lisbon.'
>>> wellformed()(Event("   "))
Traceback (most recent call last):
mnesis.errors.Rejected: The event has no text; give it at least one word.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from mnesis.errors import BadInput, Rejected, near
from mnesis.text.guard import Guard
from mnesis.words import TRUSTS, Event

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
FIELD = 4_000  # characters of a speaker, source, session …
DEPTH = 50  # levels of lists and mappings in meta; deeper ones are mistakes, and break other readers of JSON


def wellformed(max_bytes: int = 1_000_000) -> Guard:
    """A guard against broken events; `max_bytes` is how long a text may be, in bytes of UTF-8."""
    if max_bytes < 1:
        raise BadInput(f"max_bytes={max_bytes} would refuse every text; give 1 or more.")

    def guard(event: Event) -> Event:
        try:
            _check(event, max_bytes)
        except Rejected as err:
            err.event = event
            raise
        return event

    return guard


def _check(event: Event, max_bytes: int) -> None:
    _check_text(event.text, max_bytes)
    for name in ("speaker", "source", "session", "role", "place", "id"):
        value = getattr(event, name)
        if value != "":
            _check_field(name, value)
    if event.trust not in TRUSTS:
        close = near(str(event.trust), TRUSTS)
        hint = f"did you mean {close[0]!r}?" if close else f"there are: {', '.join(TRUSTS)}."
        raise Rejected(f"trust={event.trust!r} is unknown; {hint}")
    if event.meta:
        _check_meta(event.meta, max_bytes)


def _check_text(text: Any, max_bytes: int) -> None:
    if not isinstance(text, str):
        raise Rejected(f"The text of an event is of type {type(text).__name__}; decode or convert it to str first.")
    if not text or text.isspace():
        raise Rejected("The event has no text; give it at least one word.")
    if 4 * len(text) > max_bytes:
        size = len(text) if text.isascii() or len(text) > max_bytes else len(text.encode("utf-8", "surrogatepass"))
        if size > max_bytes:
            raise Rejected(
                f"The text has {size:,} bytes or more and the limit is {max_bytes:,}; import it as a document, "
                "which is cut into passages, or split it into several events."
            )
    _check_letters("The text", text)


def _check_field(name: str, value: Any) -> None:
    if not isinstance(value, str):
        raise Rejected(f"{name} is of type {type(value).__name__}; give it as str.")
    if len(value) > FIELD:
        raise Rejected(
            f"{name} has {len(value):,} characters and the limit is {FIELD:,}; it names something, and what it says "
            "at length belongs into the text or meta."
        )
    _check_letters(name, value)


def _check_letters(what: str, text: str) -> None:
    control = _CONTROL.search(text)
    if control is not None:
        raise Rejected(
            f"{what} holds the control character U+{ord(control[0]):04X} at position {control.start()}; "
            "take it out or put a space in its place."
        )
    if text.isascii():
        return
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as err:
        raise Rejected(
            f"{what} holds half a surrogate pair, U+{ord(text[err.start]):04X}, at position {err.start}: it was not "
            'decoded from valid Unicode. Decode its bytes with the right encoding, or with errors="replace".'
        ) from err


def _check_meta(meta: Mapping[str, Any], max_bytes: int) -> None:
    where = _odd(meta, "meta", 0)
    if where:
        raise Rejected(
            f"{where}, which cannot be kept as JSON and read back; meta holds text, finite numbers, true, false, null, "
            "and lists and mappings of these under text keys."
        )
    try:
        size = len(json.dumps(dict(meta), ensure_ascii=False).encode("utf-8"))
    except UnicodeEncodeError as err:
        raise Rejected("meta holds half a surrogate pair: it was not decoded from valid Unicode; decode it.") from err
    if size > max_bytes:
        raise Rejected(f"meta takes {size:,} bytes as JSON and the limit is {max_bytes:,}; keep large things as files.")


def _odd(value: Any, where: str, depth: int) -> str:
    """Where a value of meta is something JSON does not know, or an empty text."""
    if value is None or isinstance(value, str | bool):
        return ""
    if isinstance(value, int | float):
        return "" if abs(value) < float("inf") else f"{where} is {value}"
    if depth > DEPTH:
        return f"{where} lies more than {DEPTH} levels deep"
    if isinstance(value, Mapping):
        for name, each in value.items():
            if not isinstance(name, str):
                return f"{where} has the key {name!r}"
            if fault := _odd(each, f"{where}[{name!r}]", depth + 1):
                return fault
        return ""
    if isinstance(value, list | tuple):
        for at, each in enumerate(value):
            if fault := _odd(each, f"{where}[{at}]", depth + 1):
                return fault
        return ""
    return f"{where} is of type {type(value).__name__}"
