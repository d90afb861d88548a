"""Slot: View, now -> changes. A tender consolidates, forgets, compresses, reflects or promotes.

Tending is incremental: a tender is shown what changed since it was here last, and its cost is to grow with that, not
with all there is. What it is handed is the whole present, with a mark in it:

    view.changed()   rows that are new since then (told, revised, moved, restored) or were touched; all at first
    view.retired()   rows that stood then and do not stand any more, with nothing in their place
    view.since       the commit of that time; 0 at first

A tender that minds only time (forgetting) may look at every row through `view.column` ("uses", "used_at",
"strength", "at", "type"), which is one pass of arithmetic, and reads cubes of those that are due alone.

The front door keeps the marks (see `mnesis.tending`): for every recipe, tender with its options, and namespace, the
commit it had seen when its changes were committed. A tender is called once for every batch of new rows, each batch is
a commit of its own, and the mark follows it; so tending can be stopped anywhere and goes on from there. A mark that
does not belong to the journal (a restored, salvaged or other space) is worth nothing, and everything is looked at
again. It follows that a tender

- is pure: the same view and the same `now` give the same changes;
- changes nothing more when it is run again: it meets its own changes, and may meet anything a second time;
- looks beyond its batch: a day, session or topic is finished by the batch that touches it, from all that stands;
- says why: a `Retire`, `Move` or `Revise` carries a reason that names ids and numbers, never the words of a memory
  (an erasure would not find them there); what it adds names `made_by`, `parents` and `events`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from mnesis.drive import Asking
from mnesis.store import View
from mnesis.words import Change


class Tend(Protocol):
    def __call__(self, view: View, now: datetime) -> list[Change] | Asking[list[Change]]: ...
