"""Slot: Event -> Event, or a Rejected error. A guard says what may come in, before anything is stored."""

from __future__ import annotations

from typing import Protocol

from mnesis.words import Event


class Guard(Protocol):
    def __call__(self, event: Event) -> Event: ...
