"""Retention: how long a namespace keeps what it was told, and legal holds that keep it from being erased.

A rule stands on a namespace and on everything beneath it, until a rule of a narrower one takes its place. Rules are
cubes of a room of the space's own (``~rules``), so that setting one is a commit like any other: journaled, chained,
with a history. `tend` applies them; a hold is also checked by the store, inside the transaction that would erase.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from mnesis.errors import BadInput, UnknownName
from mnesis.store import Store, View
from mnesis.store.checks import RULES, rule_id
from mnesis.walls import above
from mnesis.words import Add, Change, MemCube, Revise, replace

UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 7 * 86_400, "y": 365 * 86_400}
SPAN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(seconds?|minutes?|hours?|days?|weeks?|years?|[smhdwy])\s*")
THEN = ("erase", "retire")
Span = timedelta | str | None


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds in a namespace: `ttl` is how long a memory stays after it was told (or last revised), `max_age` how
    long after it happened, `then` what becomes of it; `hold` is the reason nothing may be erased, if there is one."""

    namespace: str
    ttl: timedelta | None = None
    max_age: timedelta | None = None
    then: str = "erase"
    hold: str = ""


def span(value: Span, what: str) -> timedelta | None:
    """A length of time from a timedelta or a text.

    >>> span("30 days", "ttl") == span("30d", "ttl") == timedelta(days=30)
    True
    """
    if value is None:
        return None
    if isinstance(value, str):
        found = SPAN.fullmatch(value)
        if found is None:
            raise BadInput(f"{what}={value!r} is no length of time; write for example 30d, 12h, 2 weeks or 1y.")
        value = timedelta(seconds=float(found[1]) * UNITS[found[2][0]])
    if not isinstance(value, timedelta) or value <= timedelta(0):
        raise BadInput(f"{what}={value!r} is no length of time; give a timedelta above 0 or a text such as 30d.")
    return value


def rules(store: Store) -> dict[str, Rule]:
    """Every rule there is, by its namespace."""
    view = store.view(RULES)
    return {rule.namespace: rule for cube in view.cubes(view.alive()) if (rule := _read(cube)) != Rule(rule.namespace)}


def rule_of(namespace: str, known: dict[str, Rule]) -> Rule:
    """What holds in a namespace: the rule of the narrowest one around it, and a hold of any of them."""
    around = [known[name] for name in above(namespace) if name in known]
    kept = next((each for each in around if each.ttl or each.max_age), Rule(namespace))
    return replace(kept, namespace=namespace, hold=next((each.hold for each in around if each.hold), ""))


def setting(store: Store, rule: Rule) -> Change:
    """The change that makes this the rule of its namespace."""
    if rule.then not in THEN:
        raise UnknownName("way to let memories go", rule.then, THEN)
    meta: dict[str, Any] = {"namespace": rule.namespace, "then": rule.then, "hold": rule.hold}
    meta |= {name: each.total_seconds() for name in ("ttl", "max_age") if (each := getattr(rule, name)) is not None}
    id, view = rule_id(rule.namespace), store.view(RULES)
    standing = view.get(id)
    if standing is None:
        version = 1 + max((each.version for each in view.history(id)), default=0)
        return Add(MemCube(id, "", RULES, type="core", meta=meta, version=version, made_by="retention"))
    return Revise(replace(standing, meta=meta, version=standing.version + 1, known_from=None))


def due(rule: Rule, view: View, store: Store, now: datetime) -> list[str]:
    """Ids of the memories whose time is over."""
    rows = view.alive()
    born = view.column("born", rows)
    over = np.zeros(len(rows), bool)
    if rule.ttl is not None:
        over |= born <= store.view(view.namespace, now - rule.ttl).commit
    if rule.max_age is not None:
        at = view.column("at", rows)
        told = born <= store.view(view.namespace, now - rule.max_age).commit
        over |= np.where(np.isnan(at), told, at < (now - rule.max_age).timestamp())
    return [cube.id for cube in view.cubes(rows[over])]


def _read(cube: MemCube) -> Rule:
    spans = {name: timedelta(seconds=cube.meta[name]) for name in ("ttl", "max_age") if name in cube.meta}
    return Rule(cube.meta["namespace"], then=cube.meta["then"], hold=cube.meta["hold"], **spans)
