"""Slot: View, now -> changes. A tender consolidates, forgets or compresses; running it twice changes nothing more."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from mnesis.drive import Asking
from mnesis.store import View
from mnesis.words import Change


class Tend(Protocol):
    def __call__(self, view: View, now: datetime) -> list[Change] | Asking[list[Change]]: ...
