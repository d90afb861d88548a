"""Slot: Event -> Event, or a Rejected error. A guard says what may come in, before anything is stored.

It never alters an event, but for one thing: with ``quarantine`` in its meta, and a reason, an event is kept and held
out of recall until somebody releases it.
"""

from __future__ import annotations

from typing import Protocol

from mnesis.words import Event


class Guard(Protocol):
    def __call__(self, event: Event) -> Event: ...
